"""The notation of patterns, and a matcher whose work at each token is bounded.

A pattern is a sequence of parts with blanks between them:

=================  ==================================================================================
``word``           this word (folded: case and accents make no difference), or this sign
``<name>``         a word class or another rule; its slots join the slots of the pattern
``<slot=name>``    the same, kept apart: the slots of a rule under one name, the value of a word there
``<slot=1..31>``   a number in digits, of any width; ``<slot=00..59>``: of exactly this width
``(a | b)  x?``    one of; may be missing
``~``              no blank may stand here
``^``              a line starts here
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
from typing import Any, Protocol

from extractor import limits
from extractor.times.tokens import BREAK, Token, tokenize

#: A value that a slot holds; a mapping for a part that is kept apart.
Value = Any
Slots = tuple[tuple[str, Value], ...]
Parse = tuple[int, Slots]
#: A name to the words that may start it.
Firsts = Callable[[str], frozenset[str]]
Native = Callable[["Reader", int], list[tuple[int, Value]]]

#: Furthest that one rule looks ahead, in tokens.
REACH = 40
#: Slot names that mark the expression inside its surroundings.
OPEN, CLOSE = "[", "]"
#: In the index of a rule: patterns that may start with any number.
NUMBER = "\x00number"

_NOTATION = re.compile(r"->.*|<[^<>\s]*>|\\.|[()|?~^!#\[\]]|[^\s()|?~^!#\[\]<>\\]+")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")


class PatternError(ValueError):
    """A pattern that does not follow the notation."""


class Node(Protocol):
    """A part of a pattern."""

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """Every end that the part reaches from a token, with the slots it fills; it looks no further than ``limit``."""

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """The words that may start the part, and whether it may match nothing."""

    def references(self) -> Iterator[str]:
        """The names that the part asks for."""


class Leaf:
    """A part that names nothing."""

    __slots__ = ()

    def references(self) -> Iterator[str]:
        """None."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Word(Leaf):
    """A literal word or sign."""

    fold: str

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """The token, if it is this word."""
        return [(at + 1, ())] if at < limit and reader.folds[at] == self.fold else []

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """The word."""
        return frozenset({NUMBER if self.fold.isdigit() else self.fold}), False


@dataclass(frozen=True, slots=True)
class Digits(Leaf):
    """A number in digits; ``width`` 0 is any."""

    slot: str
    low: int
    high: int
    width: int

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """The token, if it is such a number."""
        if at >= limit:
            return []
        token = reader.tokens[at]
        if token.number is None or not self.low <= token.number <= self.high:
            return []
        if token.width != self.width if self.width else token.width > len(str(self.high)):
            return []
        return [(at + 1, ((self.slot, token.number),) if self.slot else ())]

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """Any number."""
        return frozenset({NUMBER}), False


@dataclass(frozen=True, slots=True)
class Ref:
    """A word class or a rule; with a ``slot``, kept apart under that name."""

    name: str
    slot: str | None

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """What the class or rule matches."""
        if at >= limit:
            return []
        found = reader.named(self.name, at, limit)
        if self.slot is None or not found:
            return found
        return [(end, ((self.slot, _kept_apart(slots, self.name)),)) for end, slots in found]

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """What starts the class or rule."""
        return firsts(self.name), False

    def references(self) -> Iterator[str]:
        """The name."""
        yield self.name


@dataclass(frozen=True, slots=True)
class Glue(Leaf):
    """No blank here."""

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """Nothing, where the next token follows without a blank."""
        return [(at, ())] if at < limit and reader.tokens[at].glued else []

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """Nothing."""
        return frozenset(), True


@dataclass(frozen=True, slots=True)
class LineStart(Leaf):
    """A line starts here."""

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """Nothing, where the next token is the first of its line."""
        return [(at, ())] if at < limit and reader.tokens[at].newline else []

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """Nothing."""
        return frozenset(), True


@dataclass(frozen=True, slots=True)
class Mark(Leaf):
    """The expression starts or ends here."""

    name: str

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """Nothing; puts down the place."""
        return [(at, ((self.name, at),))]

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """Nothing."""
        return frozenset(), True


@dataclass(frozen=True, slots=True)
class Optional:
    """A part that may be missing."""

    part: Node

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """What the part matches, and nothing."""
        return [*self.part.match(reader, at, limit), (at, ())]

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """What starts the part."""
        return self.part.first(firsts)[0], True

    def references(self) -> Iterator[str]:
        """Those of the part."""
        return self.part.references()


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that must not follow."""

    part: Node

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """Nothing, where the part does not match."""
        return [] if self.part.match(reader, at, limit) else [(at, ())]

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """Nothing."""
        return frozenset(), True

    def references(self) -> Iterator[str]:
        """Those of the part."""
        return self.part.references()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts."""

    parts: tuple[Node, ...]

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """What any of them matches."""
        return [found for part in self.parts for found in part.match(reader, at, limit)]

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """What starts any of them."""
        options = [part.first(firsts) for part in self.parts]
        return frozenset().union(*(words for words, _ in options)), any(empty for _, empty in options)

    def references(self) -> Iterator[str]:
        """Those of all."""
        return (name for part in self.parts for name in part.references())


@dataclass(frozen=True, slots=True)
class Series:
    """Parts one after the other."""

    parts: tuple[Node, ...]

    def match(self, reader: Reader, at: int, limit: int) -> list[Parse]:
        """The ways through all of them; two ways with one end and one reading are one."""
        found: list[Parse] = [(at, ())]
        for part in self.parts:
            if len(found) == 1:
                end, slots = found[0]
                found = part.match(reader, end, limit)
                if not found:
                    return []
                if slots:
                    found = [(further, slots + more) for further, more in found]
                continue
            longer: dict[Parse, None] = {}
            for end, slots in found:
                for further, more in part.match(reader, end, limit):
                    longer[further, slots + more if more else slots] = None
            if not longer:
                return []
            found = list(longer)
        return found

    def first(self, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """What starts the first, and the next ones while those before may be missing."""
        words: frozenset[str] = frozenset()
        for part in self.parts:
            more, empty = part.first(firsts)
            words |= more
            if not empty:
                return words, False
        return words, True

    def references(self) -> Iterator[str]:
        """Those of all."""
        return (name for part in self.parts for name in part.references())


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
    if node == Series(()):
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
    return (parts[0] if len(parts) == 1 else Series(tuple(parts))), at


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
    if piece == "^":
        return LineStart()
    if piece == "#":
        return Word(BREAK)
    if piece in (OPEN, CLOSE):
        return Mark(piece)
    if piece.startswith("<"):
        return _reference(piece[1:-1])
    words = [Word(token.fold) for token in tokenize("." + piece.removeprefix("\\"))[1:]]
    return words[0] if len(words) == 1 else Series(tuple(words))


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
        return frozenset(NUMBER if word.isdigit() else word for word in self._by_first)

    def after(self, word: str) -> tuple[frozenset[str], bool]:
        """What follows a word in the phrases that it starts (or any number does), and whether it is one by itself."""
        starts = [first for first in self._by_first if first == word or (word == NUMBER and first.isdigit())]
        phrases = [words for first in starts for words, _, _ in self._by_first[first]]
        seconds = {NUMBER if words[1].isdigit() else words[1] for words in phrases if len(words) > 1}
        return frozenset(seconds), any(len(words) == 1 for words in phrases)

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
        natives: Rules in Python: the place to all (end, value), what may start them, and what stands inside.
    """

    rules: dict[str, list[Pattern]]
    classes: dict[str, WordClass]
    natives: Mapping[str, tuple[Native, frozenset[str], frozenset[str]]]
    _index: dict[str, dict[str, list[Pattern]]] = field(default_factory=dict)
    _seconds: dict[tuple[int, str], frozenset[str] | None] = field(default_factory=dict)
    _firsts: Firsts = field(init=False)
    _afters: dict[tuple[str, str], tuple[frozenset[str], bool]] = field(default_factory=dict)
    _pairs: dict[tuple[str, str, str], Sequence[Pattern]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the references and index the patterns of each rule by the words that may start them.

        Raises:
            PatternError: A pattern names a rule or class that does not exist, or starts with itself.
        """
        for pattern in (pattern for patterns in self.rules.values() for pattern in patterns):
            for name in pattern.node.references():
                if not any(name in known for known in (self.rules, self.classes, self.natives)):
                    raise PatternError(f"there is no word class or rule {name!r}, which {pattern.source!r} asks for")
        known: dict[str, frozenset[str] | None] = {}

        def firsts(name: str) -> frozenset[str]:
            if name in self.classes:
                return self.classes[name].first
            if name in self.natives:
                return self.natives[name][1] | {NUMBER}
            if name not in known:
                known[name] = None
                known[name] = frozenset().union(*(pattern.node.first(firsts)[0] for pattern in self.rules[name]))
            words = known[name]
            if words is None:
                raise PatternError(f"the rule {name!r} starts with itself")
            return words

        for name, patterns in self.rules.items():
            index: dict[str, list[Pattern]] = {}
            for pattern in patterns:
                for word in pattern.node.first(firsts)[0]:
                    index.setdefault(word, []).append(pattern)
            self._index[name] = index
        self._firsts = firsts

    def starting(self, rule: str, token: Token, following: Token | None) -> Sequence[Pattern]:
        """The patterns of a rule that may start at a token, by that token and the next one."""
        first = _key(token)
        patterns = self._index[rule].get(first)
        if patterns is None:
            return ()
        key = (rule, first, _key(following) if following is not None else "")
        found = self._pairs.get(key)
        if found is None:
            if len(self._pairs) >= limits.MATCHER_CACHE:
                self._pairs.clear()
            found = self._pairs[key] = [pattern for pattern in patterns if self._goes_on(pattern, first, key[2])]
        return found

    def _goes_on(self, pattern: Pattern, first: str, second: str) -> bool:
        """Whether a pattern can go on with a second word; what may follow is told for words that texts hold."""
        place = (id(pattern), first)
        if place not in self._seconds:
            self._seconds[place] = self._following(pattern.node, first, self._firsts)
        seconds = self._seconds[place]
        return seconds is None or second in seconds

    def _following(self, node: Node, word: str, firsts: Firsts) -> frozenset[str] | None:
        """What may stand after a first word; None when nothing need stand there, or when it cannot be told."""
        seconds, may_end = self._after(node, word, firsts)
        return None if may_end else seconds

    def _after(self, node: Node, word: str, firsts: Firsts) -> tuple[frozenset[str], bool]:
        """What may follow a first word inside a part, and whether the part may end there (or go on anyhow)."""
        if isinstance(node, Optional):
            return self._after(node.part, word, firsts)
        if isinstance(node, Ref):
            return self._after_name(node.name, word, firsts)
        if isinstance(node, Choice):
            options = [self._after(part, word, firsts) for part in node.parts if word in part.first(firsts)[0]]
            return frozenset().union(*(words for words, _ in options)), any(may_end for _, may_end in options)
        if not isinstance(node, Series):
            return frozenset(), True
        seconds: frozenset[str] = frozenset()
        for number, part in enumerate(node.parts):
            words, empty = part.first(firsts)
            if word in words:
                inside, ends = self._after(part, word, firsts)
                more, may_end = Series(node.parts[number + 1 :]).first(firsts)
                seconds |= inside | more if ends else inside
                if ends and may_end:
                    return seconds, True
            if not empty:
                break
        return seconds, False

    def _after_name(self, name: str, word: str, firsts: Firsts) -> tuple[frozenset[str], bool]:
        if name in self.natives:
            return self.natives[name][2], True
        if name in self.classes:
            return self.classes[name].after(word)
        known = self._afters.get((name, word))
        if known is None:
            nodes = [pattern.node for pattern in self.rules[name] if word in pattern.node.first(firsts)[0]]
            options = [self._after(node, word, firsts) for node in nodes]
            seconds = frozenset().union(*(words for words, _ in options))
            known = self._afters[name, word] = seconds, any(may_end for _, may_end in options)
        return known


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
        self.folds = [token.fold for token in tokens]
        self._known: dict[tuple[str, int], list[Parse]] = {}

    def named(self, name: str, at: int, limit: int) -> list[Parse]:
        """What a class or rule matches at a token; of a rule, for each end the first pattern that reaches it."""
        key = (name, at)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._look_up(name, at, limit)
        return known

    def _look_up(self, name: str, at: int, limit: int) -> list[Parse]:
        grammar = self.grammar
        if name in grammar.rules:
            ends: dict[int, Slots] = {}
            following = self.tokens[at + 1] if at + 1 < limit else None
            for pattern in grammar.starting(name, self.tokens[at], following):
                for end, slots in pattern.node.match(self, at, limit):
                    ends.setdefault(end, slots + pattern.sets)
            return list(ends.items())
        if name in grammar.classes:
            return [(end, slots) for end, slots in grammar.classes[name].match(self.tokens, at) if end <= limit]
        return [(end, ((name, value),)) for end, value in grammar.natives[name][0](self, at) if end <= limit]

    def matches(self, pattern: Pattern, at: int) -> Iterator[Parse]:
        """Every way that a pattern matches at a token."""
        for end, slots in pattern.node.match(self, at, min(len(self.tokens), at + REACH)):
            yield end, slots + pattern.sets

    def forget(self, limit: int) -> None:
        """Drop what was remembered once it is more than ``limit`` places, so that memory stays flat."""
        if len(self._known) > limit:
            self._known.clear()


def _key(token: Token) -> str:
    return NUMBER if token.width else token.fold


def _kept_apart(slots: Slots, name: str) -> Value:
    if len(slots) == 1 and slots[0][0] == name:
        return slots[0][1]
    return slots
