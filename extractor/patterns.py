"""The little language in which data files say which words a rule looks for, and one pass that finds all of them.

A pattern is a run of words, compared without case and accents, cut as :mod:`extractor.tokens` cuts a text:

==============  =======================================================
``word``        this word
``stem*``       a word that begins so; ``*stem`` one that ends so, ``*stem*`` one that holds it
``=dès``        this word with exactly these accents (in any case)
``(a|b c)``     either of these runs; ``(a|b)?`` the same or nothing
``word?``       this word or nothing
``...``         up to six words of the same clause
``<NUM>``       a number in figures; ``<NOUN>``, ``<VERB>`` ...: a part of speech
``<list>``      a word of one of the language's word lists
==============  =======================================================

All patterns of a language live in one trie over words; a text is read once, and each place costs a few dictionary
look-ups whatever the number of patterns. A gap is bounded, so the work is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from extractor import limits
from extractor.tokens import Token, cut, fold

Payload = TypeVar("Payload")

GAP = "..."
GAP_LENGTH = 6
_CLAUSE_ENDS = frozenset(".;:!?…()\n")
_PIECE = re.compile(r"\.\.\.|<\w+>\??|\(|\)\??|\||[^\s()|]+")

Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Payload]):
    """A pattern found at the tokens ``first`` (included) to ``last`` (excluded)."""

    payload: Payload
    first: int
    last: int


class PatternError(ValueError):
    """A pattern that cannot be read."""


def expand(pattern: str) -> list[Run]:
    """All runs of keys that a pattern stands for.

    Raises:
        PatternError: Unbalanced parentheses or an empty pattern.

    Example:
        >>> expand("(panne*|coupure de) courant?")
        [('panne*', 'courant'), ('panne*',), ('coupure', 'de', 'courant'), ('coupure', 'de')]
    """
    pieces = _PIECE.findall(pattern)
    runs, rest = _alternatives(pieces, 0)
    if rest != len(pieces):
        raise PatternError(f"unbalanced parentheses in {pattern!r}")
    runs = list(dict.fromkeys(runs))
    if not runs or any(not run or run[0] == GAP or run[-1] == GAP for run in runs):
        raise PatternError(f"{pattern!r} can match nothing, or begins or ends with a gap")
    return runs


def _alternatives(pieces: Sequence[str], at: int) -> tuple[list[Run], int]:
    """Read ``a b|c`` up to the closing parenthesis or the end."""
    result: list[Run] = []
    runs: list[Run] = [()]
    while at < len(pieces) and pieces[at] not in (")", ")?"):
        piece = pieces[at]
        at += 1
        if piece == "|":
            result += runs
            runs = [()]
            continue
        if piece == "(":
            inner, at = _alternatives(pieces, at)
            if at == len(pieces):
                raise PatternError("a parenthesis is not closed")
            options = [*inner, ()] if pieces[at] == ")?" else inner
            at += 1
        else:
            options = _word(piece)
        runs = [head + tail for head in runs for tail in options]
    return result + runs, at


def _word(piece: str) -> list[Run]:
    if piece == GAP:
        return [(GAP,)]
    optional = piece.endswith("?") and len(piece) > 1
    piece = piece[:-1] if optional else piece
    if piece.startswith("<"):
        run: Run = (piece,)
    elif piece.startswith("="):
        run = ("=" + piece[1:].lower(),)
    else:
        run = _keys(piece)
    return [run, ()] if optional else [run]


def _keys(piece: str) -> Run:
    """Cut a piece as a text is cut, keeping the stars on the words that carry them."""
    head, tail = piece.startswith("*"), piece.endswith("*") and len(piece) > 1
    core = piece[head : len(piece) - tail]
    words = [fold(core[start:end]) for start, end in cut(core)]
    if not words:
        raise PatternError(f"no word in {piece!r}")
    if head:
        words[0] = "*" + words[0]
    if tail:
        words[-1] += "*"
    return tuple(words)


@dataclass(slots=True)
class _Node(Generic[Payload]):
    children: dict[str, _Node[Payload]] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)


class Matcher(Generic[Payload]):
    """Finds every pattern of a set in one pass.

    Args:
        patterns: Pairs of a pattern and what to give back when it is found.
        lists: Named word lists that ``<name>`` in a pattern refers to.

    Raises:
        PatternError: A pattern that cannot be read, or that names an unknown list.

    Example:
        >>> from extractor.tokens import read
        >>> matcher = Matcher([("panne* de courant", "power")])
        >>> [(hit.payload, hit.first, hit.last) for hit in matcher.find(read("Deux pannes de courant", None).tokens)]
        [('power', 1, 4)]
    """

    def __init__(self, patterns: Iterable[tuple[str, Payload]], lists: Mapping[str, Iterable[str]] | None = None):
        self._lists: dict[str, list[str]] = {}
        for name, listed in (lists or {}).items():
            for word in listed:
                self._lists.setdefault(fold(word), []).append(f"<{name}>")
        names = {f"<{name}>" for name in lists or {}}
        self._root: _Node[Payload] = _Node()
        self._prefixes: dict[int, set[str]] = {}
        self._suffixes: dict[int, set[str]] = {}
        self._infixes: set[str] = set()
        self._exact: set[str] = set()
        self._keys: dict[str, tuple[str, ...]] = {}
        for pattern, payload in patterns:
            for run in expand(pattern):
                self._add(run, payload, names, pattern)

    def _add(self, run: Run, payload: Payload, names: set[str], pattern: str) -> None:
        node = self._root
        for key in run:
            self._note(key, names, pattern)
            node = node.children.setdefault(key, _Node())
        if payload not in node.payloads:
            node.payloads.append(payload)

    def _note(self, key: str, names: set[str], pattern: str) -> None:
        if key == GAP or len(key) == 1:
            return
        if key.startswith("<"):
            if key != "<NUM>" and key not in names and not key[1:-1].isupper():
                raise PatternError(f"{pattern!r} names the unknown list {key}")
        elif key.startswith("="):
            self._exact.add(key[1:])
        elif key.startswith("*") and key.endswith("*"):
            self._infixes.add(key[1:-1])
        elif key.endswith("*"):
            self._prefixes.setdefault(len(key) - 1, set()).add(key[:-1])
        elif key.startswith("*"):
            self._suffixes.setdefault(len(key) - 1, set()).add(key[1:])

    def _keys_of(self, token: Token) -> tuple[str, ...]:
        keys = self._keys.get(token.text)
        if keys is None:
            if len(self._keys) >= limits.MATCHER_CACHE:
                self._keys.clear()
            keys = self._keys[token.text] = self._read(token)
        return keys

    def _read(self, token: Token) -> tuple[str, ...]:
        norm = token.norm
        keys = [norm, *self._lists.get(norm, ())]
        keys += [norm[:size] + "*" for size, stems in self._prefixes.items() if norm[:size] in stems]
        keys += ["*" + norm[-size:] for size, stems in self._suffixes.items() if norm[-size:] in stems]
        keys += [f"*{infix}*" for infix in sorted(self._infixes) if infix in norm]
        if token.text.lower() in self._exact:
            keys.append("=" + token.text.lower())
        if norm[:1].isdigit():
            keys.append("<NUM>")
        return tuple(keys)

    def find(self, tokens: Sequence[Token]) -> list[Hit[Payload]]:
        """Every payload's longest match at every place, in order of the text.

        A match that lies inside a longer one of the same payload is left out.
        """
        found: dict[tuple[int, int], Hit[Payload]] = {}
        for start in range(len(tokens)):
            best: dict[int, Hit[Payload]] = {}
            self._walk(self._root, tokens, start, start, best)
            for hit in best.values():
                found[(id(hit.payload), hit.first)] = hit
        return _without_nested(found.values())

    def _walk(
        self, node: _Node[Payload], tokens: Sequence[Token], start: int, at: int, best: dict[int, Hit[Payload]]
    ) -> None:
        for payload in node.payloads:
            known = best.get(id(payload))
            if known is None or known.last < at:
                best[id(payload)] = Hit(payload, start, at)
        if at == len(tokens) or not node.children or tokens[at].sentence != tokens[start].sentence:
            return
        children = node.children
        for key in self._keys_of(tokens[at]):
            child = children.get(key)
            if child is not None:
                self._walk(child, tokens, start, at + 1, best)
        if tokens[at].pos:
            child = children.get(f"<{tokens[at].pos}>")
            if child is not None:
                self._walk(child, tokens, start, at + 1, best)
        gap = children.get(GAP)
        if gap is not None:
            for skipped in range(GAP_LENGTH + 1):
                place = at + skipped
                if place >= len(tokens) or tokens[place].sentence != tokens[start].sentence:
                    break
                if skipped and tokens[place - 1].text in _CLAUSE_ENDS:
                    break
                self._walk(gap, tokens, start, place, best)


def _without_nested(hits: Iterable[Hit[Payload]]) -> list[Hit[Payload]]:
    result: list[Hit[Payload]] = []
    covered: dict[int, int] = {}
    for hit in sorted(hits, key=lambda h: (h.first, -h.last)):
        if covered.get(id(hit.payload), -1) >= hit.last:
            continue
        covered[id(hit.payload)] = hit.last
        result.append(hit)
    return result
