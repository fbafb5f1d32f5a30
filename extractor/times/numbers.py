"""Numbers in digits and in words, wherever a pattern asks for ``<number>``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from extractor.times.tokens import tokenize

if TYPE_CHECKING:
    from extractor.times.grammar import Reader

#: Words of more than this many tokens are no numbers.
_LONGEST = 6


class NumberReader:
    """Reads a number at a token."""

    def __init__(self, words: Mapping[str, float], joints: Iterable[str], fused: Iterable[str]) -> None:
        """Prepare the words.

        Args:
            words: Number words with their values.
            joints: Words and signs that may stand between tens and ones.
            fused: What joins ones and tens inside one word (ones first).
        """
        self._words: dict[tuple[str, ...], float] = {}
        for phrase, value in words.items():
            self._words[_key(phrase)] = value
        self._joints = {_key(joint)[0] for joint in joints}
        plain = {key[0]: value for key, value in self._words.items() if len(key) == 1}
        for joint in fused:
            for one, low in plain.items():
                for ten, high in plain.items():
                    if 1 <= low <= 9 and high in range(20, 100, 10):
                        self._words.setdefault((one + _key(joint)[0] + ten,), low + high)
        self._starts: dict[str, int] = {}
        for key in self._words:
            self._starts[key[0]] = max(len(key), self._starts.get(key[0], 0))

    @property
    def first(self) -> frozenset[str]:
        """The words that number words start with."""
        return frozenset(self._starts)

    @property
    def inside(self) -> frozenset[str]:
        """What may stand behind the first token of a number that has several."""
        words = {word for key in self._words for word in key}
        return frozenset(words | self._joints | {".", ","})

    def read(self, reader: Reader, at: int) -> list[tuple[int, float | int]]:
        """Every number that stands at a token, with its end."""
        tokens = reader.tokens
        if at >= len(tokens):
            return []
        token = tokens[at]
        if token.width:
            return self._digits(reader, at) if token.number is not None and token.width <= 6 else []
        return self._words_at(reader, at)

    def spoken_hour(self, reader: Reader, at: int) -> list[tuple[int, float | int]]:
        """Every whole number in words up to 24."""
        return [(end, value) for end, value in self._words_at(reader, at) if value in range(25)]

    def spoken_day(self, reader: Reader, at: int) -> list[tuple[int, float | int]]:
        """Every whole number in words from 1 to 31."""
        return [(end, value) for end, value in self._words_at(reader, at) if value in range(1, 32)]

    def spoken_minute(self, reader: Reader, at: int) -> list[tuple[int, float | int]]:
        """Every whole number in words from 1 to 59."""
        return [(end, value) for end, value in self._words_at(reader, at) if value in range(1, 60)]

    def _words_at(self, reader: Reader, at: int) -> list[tuple[int, float | int]]:
        found: list[tuple[int, float | int]] = []
        for end, value in self._simple(reader, at):
            found.append((end, value))
            if value in range(20, 1000, 10):
                found.extend(self._compound(reader, end, value))
        return [(end, int(value) if value == int(value) else value) for end, value in found]

    def _compound(self, reader: Reader, end: int, value: float) -> list[tuple[int, float | int]]:
        tokens = reader.tokens
        if end < len(tokens) and tokens[end].fold in self._joints:
            end += 1
        limit = 10 if value % 100 else 100
        ones = self._simple(reader, end)
        return [(further, value + one) for further, one in ones if 1 <= one < limit and one == int(one)]

    def _simple(self, reader: Reader, at: int) -> list[tuple[int, float]]:
        tokens = reader.tokens
        longest = self._starts.get(tokens[at].fold, 0) if at < len(tokens) else 0
        folds = tuple(token.fold for token in tokens[at : at + min(longest, _LONGEST)])
        return [(at + n, self._words[folds[:n]]) for n in range(1, len(folds) + 1) if folds[:n] in self._words]

    def _digits(self, reader: Reader, at: int) -> list[tuple[int, float | int]]:
        tokens, whole = reader.tokens, reader.tokens[at].number or 0
        found: list[tuple[int, float | int]] = [(at + 1, whole)]
        if at + 2 < len(tokens) and tokens[at + 1].fold in (".", ",") and tokens[at + 1].glued and tokens[at + 2].glued:
            part = tokens[at + 2]
            if part.number is not None and 1 <= part.width <= 2:
                return [(at + 3, whole + part.number / 10**part.width)]
            if part.width == 3:
                return [(at + 3, whole * 1000 + (part.number or 0))]
        return found


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(token.fold for token in tokenize("." + phrase)[1:])
