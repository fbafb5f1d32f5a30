"""What the words around an expression say about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from extractor.times.knowledge import TimeKnowledge
from extractor.times.tokens import BREAK, Token

_SENTENCE_ENDS = frozenset({".", "!", "?", BREAK})
#: How far a verb of speech or a look ahead reaches, in tokens.
_BEFORE, _AFTER = 5, 3
#: The same for words that look ahead.
_FORWARD_AFTER = 5
_FORWARD_BEFORE = 6
_UNTIL_BEFORE = 6
_GENERIC_BEFORE = 16
#: Longest bridge between a time of day and its date.
_BRIDGE = 3
_OPENING, _CLOSING = frozenset("[("), frozenset("])")
_LONGEST_LABEL = 8
_SHORTEST_VERB = 5
_AFTER_HEADINGS = frozenset({":", "-", "(", "=", BREAK})

ListName = Literal["joint", "reporting", "forward", "until", "generic", "and", "to", "at", "article", "of", "between"]
#: Whether a text looks ahead.
Ahead = Literal["no", "maybe", "surely"]


class Surroundings:
    """Answers questions on the tokens around an expression."""

    def __init__(self, tokens: Sequence[Token], knowledge: TimeKnowledge) -> None:
        """Look at a text.

        Args:
            tokens: The text.
            knowledge: The language.
        """
        self._tokens = tokens
        self._classes = knowledge.grammar.classes
        self._future_endings = tuple(knowledge.words.forward_ending)

    def reported(self, first: int, last: int | None = None) -> bool:
        """Whether the expression only says when somebody spoke."""
        return self._near("reporting", first, first + 1 if last is None else last, _BEFORE, _AFTER)

    def ahead(self, first: int, last: int) -> Ahead:
        """Whether the words before or after the expression look ahead."""
        if self._near("forward", first, last, _FORWARD_BEFORE, _FORWARD_AFTER):
            return "surely"
        return "maybe" if self._near("until", first, last, _UNTIL_BEFORE, 0) else "no"

    def generic(self, first: int, last: int) -> bool:
        """Whether the words speak of every day, not of one."""
        return self._near("generic", first, last, _GENERIC_BEFORE, _FORWARD_BEFORE)

    def joined(self, end: int, start: int, names: Sequence[ListName] = ("joint",)) -> bool:
        """Whether only a preposition or article (or words of other lists) stands between two expressions."""
        if end < start and self._tokens[end - 1].fold == "." and self._tokens[end].text.istitle():
            return False
        at = end
        while at < start and start - end <= _BRIDGE:
            further = self._after_word(at, names)
            if further is None:
                return False
            at = further
        return at == start

    def holds(self, end: int, start: int, name: ListName) -> bool:
        """Whether a word of a list stands between two expressions."""
        return any(self._after_word(at, (name,)) is not None for at in range(end, start))

    def _after_word(self, at: int, names: Sequence[ListName]) -> int | None:
        """Where the longest word of some lists ends; a dash leads from one thing to another."""
        if "to" in names and self._tokens[at].fold == "-":
            return at + 1
        return max((end for name in names for end, _ in self._classes[name].match(self._tokens, at)), default=None)

    def same_sentence(self, end: int, start: int) -> bool:
        """Whether no sentence ends between two expressions."""
        return not any(self._ends_sentence(at) for at in range(end, start))

    def starts_a_line(self, first: int) -> bool:
        """Whether the expression is the first of its line, after at most a bullet or words in brackets."""
        at, inside = first, False
        while at > 0 and first - at < _LONGEST_LABEL and not self._tokens[at].newline:
            before = self._tokens[at - 1]
            if before.text.isalnum() and not inside:
                return False
            inside = before.fold in _CLOSING or (inside and before.fold not in _OPENING)
            at -= 1
        return self._tokens[at].newline

    def heads_a_line(self, first: int, last: int) -> bool:
        """Whether the expression heads a section: it starts a line, and the line ends or a colon or dash follows."""
        if not self.starts_a_line(first):
            return False
        after = self._tokens[last] if last < len(self._tokens) else None
        return after is None or after.newline or after.fold in _AFTER_HEADINGS

    def _ends_sentence(self, at: int) -> bool:
        if self._tokens[at].fold not in _SENTENCE_ENDS:
            return False
        return at + 1 >= len(self._tokens) or not self._tokens[at + 1].glued

    def _near(self, name: ListName, first: int, last: int, before: int, after: int) -> bool:
        words = self._classes[name]
        for at in range(first - 1, max(-1, first - before - 1), -1):
            if self._ends_sentence(at) or self._classes["that"].match(self._tokens, at):
                break
            if words.match(self._tokens, at) or (name == "forward" and self._is_future(at)):
                return True
        for at in range(last, min(len(self._tokens), last + after)):
            if self._ends_sentence(at) or self._tokens[at].fold == "," or self._classes["that"].match(self._tokens, at):
                break
            if words.match(self._tokens, at) or (name == "forward" and self._is_future(at)):
                return True
        return False

    def _is_future(self, at: int) -> bool:
        word = self._tokens[at].text
        return len(word) >= _SHORTEST_VERB and word.endswith(self._future_endings)
