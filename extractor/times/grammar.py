"""The notation of patterns, and a matcher whose work at each token is bounded.

A pattern is a sequence of parts with blanks between them:

=================  ==================================================================================
``word``           this word (folded: case and accents make no difference), or this sign
``<name>``         a word class or another rule; its slots join the slots of the pattern
``<slot=name>``    the same, kept apart: the slots of a rule under one name, the value of a word there
``<slot=1..31>``   a number in digits, of any width; ``<slot=00..59>``: of exactly this width
``(a | b)  x?``    one of; may be missing
``~``              no blank may stand here
``! x``            x does not stand here
``#``              a break stands here: a blank line, a bullet, the edge of a table cell
``[ ... ]``        only this part is the expression, the rest is its surroundings
``-> k=v``         slots that the pattern sets by itself
=================  ==================================================================================

Rules are tried together at each token, remembered for each place (so that no work is done twice) and never look further
than ``REACH`` tokens: the work on a text grows with its length alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.times.tokens import BREAK, Token, tokenize

#: A value that a slot holds; a mapping for a part that is kept apart.
Value = Any
Slots = tuple[tuple[str, Value], ...]
Parse = tuple[int, Slots]
Firsts = dict[str, frozenset[str]]
Native = Callable[["Reader", int], list[tuple[int, Value]]]

#: Furthest that one rule looks ahead, in tokens.
REACH = 40
#: Slot names that mark the expression inside its surroundings.
OPEN, CLOSE = "[", "]"
#: In the index of a rule: patterns that may start with any number.
_NUMBER = "\x00number"

_NOTATION = re.compile(r"->.*|<[^<>\s]*>|\\.|[()|?~!#\[\]]|[^\s()|?~!#\[\]<>\\]+")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")


class PatternError(ValueError):
    """A pattern that does not follow the notation."""


@dataclass(frozen=True, slots=True)
class Word:
    """A literal word or sign."""

    fold: str


@dataclass(frozen=True, slots=True)
class Digits:
    """A number in digits; ``width`` 0 is any."""

    slot: str
    low: int
    high: int
    width: int


@dataclass(frozen=True, slots=True)
class Ref:
    """A word class or a rule; with a ``slot``, kept apart under that name."""

    name: str
    slot: str | None


@dataclass(frozen=True, slots=True)
class Glue:
    """No blank here."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The expression starts or ends here."""

    name: str


@dataclass(frozen=True, slots=True)
class Optional:
    """A part that may be missing."""

    part: Node


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that must not follow."""

    part: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sequence_:
    """Parts one after the other."""

    parts: tuple[Node, ...]


Node = Word | Digits | Ref | Glue | Mark | Optional | Absent | Choice | Sequence_


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: what it matches, the slots it sets by itself, the group it stands in, and its notation."""

    node: Node
    sets: Slots
    rule: str
    source: str


def parse(source: str, rule: str = "") -> Pattern:
    """Compile a pattern.

    Args:
        source: The pattern in the notation of this module.
        rule: The name of the group it stands in.

    Raises:
        PatternError: The notation is not followed.

    Example:
        >>> parse("<d=1..31> <month>? -> phase=end").sets
        (('phase', 'end'),)
    """
    pieces = _NOTATION.findall(source)
    sets: Slots = ()
    if pieces and pieces[-1].startswith("->"):
        sets = tuple(_setting(part) for part in pieces.pop()[2:].split())
    node, rest = _choice(pieces, 0)
    if rest != len(pieces):
        raise PatternError(f"{pieces[rest]!r} stands in the wrong place in {source!r}")
    if node == Sequence_(()):
        raise PatternError("the pattern is empty")
    return Pattern(node, sets, rule, source)


def _setting(part: str) -> tuple[str, Value]:
    name, equals, value = part.partition("=")
    if not equals:
        raise PatternError(f"{part!r} is no setting (name=value)")
    if re.fullmatch(r"-?\d+", value):
        return name, int(value)
    return name, float(value) if re.fullmatch(r"\d+\.\d+", value) else value


def _choice(pieces: list[str], at: int) -> tuple[Node, int]:
    options: list[Node] = []
    while True:
        node, at = _sequence(pieces, at)
        options.append(node)
        if at < len(pieces) and pieces[at] == "|":
            at += 1
            continue
        return (options[0] if len(options) == 1 else Choice(tuple(options))), at


def _sequence(pieces: list[str], at: int) -> tuple[Node, int]:
    parts: list[Node] = []
    while at < len(pieces) and pieces[at] not in (")", "|"):
        if pieces[at] == "?":
            if not parts:
                raise PatternError("'?' follows nothing")
            parts.append(Optional(parts.pop()))
            at += 1
            continue
        node, at = _part(pieces, at)
        parts.append(node)
    return (parts[0] if len(parts) == 1 else Sequence_(tuple(parts))), at


def _part(pieces: list[str], at: int) -> tuple[Node, int]:
    if at >= len(pieces):
        raise PatternError("'!' precedes nothing")
    if pieces[at] == "!":
        node, at = _part(pieces, at + 1)
        return Absent(node), at
    if pieces[at] != "(":
        return _atom(pieces[at]), at + 1
    node, at = _choice(pieces, at + 1)
    if at >= len(pieces):
        raise PatternError("a bracket is not closed")
    return node, at + 1


def _atom(piece: str) -> Node:
    if piece == "~":
        return Glue()
    if piece == "#":
        return Word(BREAK)
    if piece in (OPEN, CLOSE):
        return Mark(piece)
    if piece.startswith("<"):
        return _reference(piece[1:-1])
    words = [Word(token.fold) for token in tokenize("." + piece.removeprefix("\\"))[1:]]
    return words[0] if len(words) == 1 else Sequence_(tuple(words))


def _reference(inner: str) -> Node:
    slot, equals, name = inner.rpartition("=")
    found = _RANGE.fullmatch(name)
    if found:
        low, high = found.groups()
        padded = len(low) == len(high) and low.startswith("0")
        return Digits(slot, int(low), int(high), len(high) if padded else 0)
    if not name:
        raise PatternError(f"<{inner}> names nothing")
    return Ref(name, slot if equals else None)


class WordClass:
    """Words and phrases with their values; a phrase may ask for its exact writing."""

    def __init__(self, name: str, entries: Mapping[str, Value]) -> None:
        """Build the class.

        Args:
            name: Name of the class, and of the slot that a plain value goes to.
            entries: Phrase to value; a mapping as value sets several slots. A phrase that starts with ``=`` counts only
                as it is written.
        """
        self.name = name
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...] | None, Slots]]] = {}
        for phrase, value in entries.items():
            exact = phrase.startswith("=")
            tokens = tokenize("." + phrase.removeprefix("="))[1:]
            words = tuple(token.fold for token in tokens)
            if not words:
                raise PatternError(f"{phrase!r} has no word")
            slots = tuple(value.items()) if isinstance(value, Mapping) else ((name, value),)
            written = tuple(token.text for token in tokens) if exact else None
            self._by_first.setdefault(words[0], []).append((words, written, slots))

    @property
    def first(self) -> frozenset[str]:
        """The words that its phrases start with."""
        return frozenset(self._by_first)

    def match(self, tokens: Sequence[Token], at: int) -> list[Parse]:
        """Every phrase of the class that stands at a token."""
        found: list[Parse] = []
        for words, written, slots in self._by_first.get(tokens[at].fold, ()):
            end = at + len(words)
            if len(words) > 1 and (
                end > len(tokens) or any(tokens[at + i].fold != word for i, word in enumerate(words))
            ):
                continue
            if written and any(tokens[at + i].text != form for i, form in enumerate(written)):
                continue
            found.append((end, slots))
        return found


@dataclass(slots=True)
class Grammar:
    """Rules and word classes.

    Attributes:
        rules: Rule name to its patterns.
        classes: Class name to its words.
        natives: Rules that are written in Python: the place to all (end, value).
    """

    rules: dict[str, list[Pattern]]
    classes: dict[str, WordClass]
    natives: Mapping[str, tuple[Native, frozenset[str]]]
    _index: dict[str, dict[str, list[Pattern]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the references and index the patterns of each rule by the words that may start them.

        Raises:
            PatternError: A pattern names a rule or class that does not exist, or starts with itself.
        """
        for pattern in (pattern for patterns in self.rules.values() for pattern in patterns):
            self._check(pattern.node, pattern.source)
        firsts: Firsts = {}
        for name in self.rules:
            self._first_of_rule(name, firsts, ())
        for name, patterns in self.rules.items():
            index: dict[str, list[Pattern]] = {}
            for pattern in patterns:
                for word in self._first(pattern.node, firsts, (name,))[0]:
                    index.setdefault(word, []).append(pattern)
            self._index[name] = index

    def starting(self, rule: str, token: Token) -> Sequence[Pattern]:
        """The patterns of a rule that may start at a token."""
        index = self._index[rule]
        return index.get(_NUMBER, ()) if token.width else index.get(token.fold, ())

    def _check(self, node: Node, source: str) -> None:
        if isinstance(node, Ref) and not any(node.name in known for known in (self.rules, self.classes, self.natives)):
            raise PatternError(f"there is no word class or rule {node.name!r}, which {source!r} asks for")
        if isinstance(node, Choice | Sequence_):
            for part in node.parts:
                self._check(part, source)
        elif isinstance(node, Optional | Absent):
            self._check(node.part, source)

    def _first_of_rule(self, name: str, known: Firsts, path: tuple[str, ...]) -> frozenset[str]:
        if name not in known:
            if name in path:
                raise PatternError(f"the rule {name!r} starts with itself")
            words: frozenset[str] = frozenset()
            for pattern in self.rules[name]:
                words |= self._first(pattern.node, known, (*path, name))[0]
            known[name] = words
        return known[name]

    def _first(self, node: Node, known: Firsts, path: tuple[str, ...]) -> tuple[frozenset[str], bool]:
        """The words that may start a node, and whether it may match nothing."""
        if isinstance(node, Word):
            return frozenset({node.fold}), False
        if isinstance(node, Digits):
            return frozenset({_NUMBER}), False
        if isinstance(node, Ref):
            return self._first_of_ref(node.name, known, path), False
        if isinstance(node, Optional):
            return self._first(node.part, known, path)[0], True
        if isinstance(node, Absent):
            return frozenset(), True
        if isinstance(node, Choice):
            options = [self._first(part, known, path) for part in node.parts]
            return frozenset().union(*(words for words, _ in options)), any(empty for _, empty in options)
        words: frozenset[str] = frozenset()
        for part in node.parts if isinstance(node, Sequence_) else ():
            more, empty = self._first(part, known, path)
            words |= more
            if not empty:
                return words, False
        return words, True

    def _first_of_ref(self, name: str, known: Firsts, path: tuple[str, ...]) -> frozenset[str]:
        if name in self.rules:
            return self._first_of_rule(name, known, path)
        if name in self.classes:
            return self.classes[name].first
        return self.natives[name][1] | {_NUMBER}


class Reader:
    """Matches a grammar on the tokens of one text."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token]) -> None:
        """Start reading.

        Args:
            grammar: The rules.
            tokens: The text.
        """
        self.grammar = grammar
        self.tokens = tokens
        self._known: dict[tuple[str, int], list[Parse]] = {}

    def rule(self, name: str, at: int, limit: int) -> list[Parse]:
        """Every end that a rule reaches from a token, each with the slots of the first pattern that reaches it."""
        key = (name, at)
        known = self._known.get(key)
        if known is None:
            ends: dict[int, Slots] = {}
            for pattern in self.grammar.starting(name, self.tokens[at]):
                for end, slots in self._node(pattern.node, at, limit):
                    ends.setdefault(end, slots + pattern.sets)
            known = self._known[key] = list(ends.items())
        return known

    def matches(self, pattern: Pattern, at: int) -> Iterator[Parse]:
        """Every way that a pattern matches at a token."""
        for end, slots in self._node(pattern.node, at, min(len(self.tokens), at + REACH)):
            yield end, slots + pattern.sets

    def forget(self, limit: int) -> None:
        """Drop what was remembered once it is more than ``limit`` places, so that memory stays flat."""
        if len(self._known) > limit:
            self._known.clear()

    def _node(self, node: Node, at: int, limit: int) -> list[Parse]:
        kind = type(node)
        if kind is Sequence_:
            return self._sequence(node.parts, at, limit)  # type: ignore[union-attr]
        if kind is Optional:
            return [*self._node(node.part, at, limit), (at, ())]  # type: ignore[union-attr]
        if kind is Choice:
            return [found for part in node.parts for found in self._node(part, at, limit)]  # type: ignore[union-attr]
        if kind is Mark:
            return [(at, ((node.name, at),))]  # type: ignore[union-attr]
        if kind is Absent:
            return [] if self._node(node.part, at, limit) else [(at, ())]  # type: ignore[union-attr]
        if at >= limit:
            return []
        if isinstance(node, Word):
            return [(at + 1, ())] if self.tokens[at].fold == node.fold else []
        if self.tokens[at].fold == BREAK:
            return []
        if isinstance(node, Digits):
            return self._digits(node, at)
        if isinstance(node, Ref):
            return self._ref(node, at, limit)
        return [(at, ())] if self.tokens[at].glued else []

    def _sequence(self, parts: tuple[Node, ...], at: int, limit: int) -> list[Parse]:
        found: list[Parse] = [(at, ())]
        for part in parts:
            longer: dict[tuple[int, Slots], None] = {}
            for end, slots in found:
                for further, more in self._node(part, end, limit):
                    longer[further, slots + more] = None
            if not longer:
                return []
            found = list(longer)
        return found

    def _digits(self, node: Digits, at: int) -> list[Parse]:
        token = self.tokens[at]
        if token.number is None or not node.low <= token.number <= node.high:
            return []
        if token.width != node.width if node.width else token.width > len(str(node.high)):
            return []
        return [(at + 1, ((node.slot, token.number),) if node.slot else ())]

    def _ref(self, node: Ref, at: int, limit: int) -> list[Parse]:
        if node.name in self.grammar.classes:
            found = self.grammar.classes[node.name].match(self.tokens, at)
        elif node.name in self.grammar.rules:
            found = self.rule(node.name, at, limit)
        else:
            native = self.grammar.natives[node.name][0]
            found = [(end, ((node.name, value),)) for end, value in native(self, at)]
        if node.slot is None:
            return found
        return [(end, ((node.slot, _kept_apart(slots, node.name)),)) for end, slots in found if end <= limit]


def _kept_apart(slots: Slots, name: str) -> Value:
    if len(slots) == 1 and slots[0][0] == name:
        return slots[0][1]
    return slots
