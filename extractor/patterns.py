"""The little language in which data files say which words a rule looks for, and one pass that finds all of them.

A pattern is a run of words, compared without case and accents, cut as :mod:`extractor.tokens` cuts a text:

==============  =======================================================
``word``        this word
``stem*``       a word that begins so; ``*stem`` one that ends so, ``*stem*`` one that holds it
``=dès``        this word with exactly these accents (in any case)
``(a|b c)``     either of these runs; ``(a|b)?`` the same or nothing
``word?``       this word or nothing
``...``         up to six words of the same clause; ``<...>`` the same, but none of the list ``not``
``<NUM>``       a number in figures; ``<NOUN>``, ``<VERB>`` ...: a part of speech
``<list>``      a word of one of the language's word lists
==============  =======================================================

All patterns of a language live in one automaton over words; a text is read once, and each place costs a few dictionary
look-ups whatever the number of patterns. A gap is bounded, so the work is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from extractor import limits
from extractor.tokens import Token, cut, fold

Payload = TypeVar("Payload")

GAP, UNDENIED_GAP = "...", "<...>"
_GAPS = frozenset({GAP, UNDENIED_GAP})
_DENIALS = "<not>"
GAP_LENGTH = 6
_CLAUSE_ENDS = frozenset(".;:!?…()\n")
_MANY = 3
_CLOCK_SIGNS = frozenset(".:")
_PIECE = re.compile(r"\.\.\.|<\.\.\.>|<\w+>\??|\(|\)\??|\||[^\s()|]+")

Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Payload]):
    """A pattern found at the tokens ``first`` (included) to ``last`` (excluded)."""

    payload: Payload
    first: int
    last: int


class PatternError(ValueError):
    """A pattern that cannot be read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern: a run of keys, or alternatives of which each is a sequence of parts."""

    keys: Run = ()
    alternatives: tuple[tuple[Piece, ...], ...] = ()
    optional: bool = False


def parse(pattern: str, lists: Iterable[str] | None = None) -> tuple[Piece, ...]:
    """Read a pattern; with ``lists``, the names of word lists it may refer to are checked.

    Raises:
        PatternError: Unbalanced parentheses, or a pattern that matches nothing or begins or ends with a gap.

    Example:
        >>> [piece.keys for piece in parse("panne* de courant?")]
        [('panne*',), ('de',), ('courant',)]
    """
    pieces = _PIECE.findall(pattern)
    alternatives, rest = _alternatives(pieces, 0)
    if rest != len(pieces):
        raise PatternError(f"unbalanced parentheses in {pattern!r}")
    sequence = alternatives[0] if len(alternatives) == 1 else (Piece(alternatives=alternatives),)
    if _can_be_empty(sequence) or not _GAPS.isdisjoint((*sequence[0].keys[:1], *sequence[-1].keys)):
        raise PatternError(f"{pattern!r} can match nothing, or begins or ends with a gap")
    known = {"<NUM>", UNDENIED_GAP, *(f"<{name}>" for name in lists or ())}
    for piece in pieces:
        name = piece.rstrip("?")
        if lists is not None and name.startswith("<") and name not in known and not name.isupper():
            raise PatternError(f"{pattern!r} names the unknown list {name}")
    return sequence


def _can_be_empty(sequence: Sequence[Piece]) -> bool:
    return all(
        piece.optional or (not piece.keys and any(_can_be_empty(other) for other in piece.alternatives))
        for piece in sequence
    )


def _alternatives(pieces: Sequence[str], at: int) -> tuple[tuple[tuple[Piece, ...], ...], int]:
    """Read ``a b|c`` up to the closing parenthesis or the end."""
    result: list[tuple[Piece, ...]] = []
    sequence: list[Piece] = []
    while at < len(pieces) and pieces[at] not in (")", ")?"):
        piece = pieces[at]
        at += 1
        if piece == "|":
            result.append(tuple(sequence))
            sequence = []
        elif piece == "(":
            inner, at = _alternatives(pieces, at)
            if at == len(pieces):
                raise PatternError("a parenthesis is not closed")
            sequence.append(Piece(alternatives=inner, optional=pieces[at] == ")?"))
            at += 1
        else:
            sequence.append(_word(piece))
    return (*result, tuple(sequence)), at


@lru_cache(maxsize=limits.MATCHER_CACHE)
def _word(piece: str) -> Piece:
    if piece in _GAPS:
        return Piece((piece,))
    optional = piece.endswith("?") and len(piece) > 1
    piece = piece[:-1] if optional else piece
    if piece.startswith("<"):
        return Piece((piece,), optional=optional)
    if piece.startswith("="):
        return Piece(("=" + piece[1:].lower(),), optional=optional)
    return Piece(_keys(piece), optional=optional)


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


@dataclass(slots=True, eq=False)
class _Node:
    """A place in the patterns: what is found there by number, and the gaps that begin there.

    A gap is a node, too; ``before`` are the places at which it begins, and ``undenied`` says that no denial stands in
    it. ``joins`` are reached without a word.
    """

    children: dict[str, list[_Node]] = field(default_factory=dict)
    found: list[int] = field(default_factory=list)
    gaps: list[_Node] = field(default_factory=list)
    before: list[_Node] = field(default_factory=list)
    joins: list[_Node] = field(default_factory=list)
    undenied: bool = False


#: Nodes that are reached at once, each with the words that may still be skipped before it goes on; None at no gap.
_Places = frozenset[tuple[_Node, int | None]]


@dataclass(slots=True, eq=False)
class _State:
    """All places that are reached at once, what is found there, and where each class of words leads."""

    places: _Places
    found: tuple[int, ...]
    moves: dict[int, _State | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _WordClass:
    """Words that no pattern tells apart."""

    keys: tuple[str, ...]
    ends_clause: bool
    denies: bool


class Matcher(Generic[Payload]):
    """Finds every pattern of a set in one pass.

    The patterns make a nondeterministic automaton; the deterministic one over classes of words is made from it step by
    step while texts are read, and remembered.

    Args:
        patterns: Pairs of a pattern and what to give back when it is found.
        lists: Named word lists that ``<name>`` in a pattern refers to.

    Raises:
        PatternError: A pattern that cannot be read.

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
        root: _Node = _Node()
        self._used: set[str] = set()
        self._prefixes: dict[int, set[str]] = {}
        self._suffixes: dict[int, set[str]] = {}
        self._infixes: set[str] = set()
        self._exact: set[str] = set()
        self._payloads: list[Payload] = []
        numbers: dict[int, int] = {}
        for pattern, payload in patterns:
            number = numbers.setdefault(id(payload), len(self._payloads))
            if number == len(self._payloads):
                self._payloads.append(payload)
            for node in self._add(parse(pattern), [root]):
                # A gap with nothing but optional words behind it: the match may end before it.
                for end in node.before or [node]:
                    end.found.append(number)
        self._start = _state(frozenset(_reached([root])))
        self._states: dict[_Places, _State] = {}
        self._classes: list[_WordClass] = []
        self._numbers: dict[_WordClass, int] = {}
        self._known: dict[tuple[str, str, bool], int] = {}

    def _add(self, sequence: Sequence[Piece], begin: list[_Node]) -> list[_Node]:
        """Lay a sequence behind every node of ``begin``; returns the nodes at which it ends."""
        for piece in sequence:
            ends: list[_Node] = [*begin] if piece.optional else []
            for alternative in piece.alternatives:
                ends += self._add(alternative, begin)
            if piece.keys:
                reached = begin
                for key in piece.keys:
                    self._note(key)
                    node: _Node = _Node()
                    for before in reached:
                        if key in _GAPS:
                            node.undenied = key == UNDENIED_GAP
                            before.gaps.append(node)
                            node.before.append(before)
                        else:
                            before.children.setdefault(key, []).append(node)
                    reached = [node]
                ends += reached
            begin = _joined(ends)
        return begin

    def _note(self, key: str) -> None:
        self._used.add(key)
        if key in _GAPS or len(key) == 1 or key.startswith("<"):
            return
        if key.startswith("="):
            self._exact.add(key[1:])
        elif key.startswith("*") and key.endswith("*"):
            self._infixes.add(key[1:-1])
        elif key.endswith("*"):
            self._prefixes.setdefault(len(key) - 1, set()).add(key[:-1])
        elif key.startswith("*"):
            self._suffixes.setdefault(len(key) - 1, set()).add(key[1:])

    def _class_of(self, token: Token, joined: bool) -> int:
        number = self._known.get((token.text, token.pos, joined))
        if number is None:
            told = _WordClass(
                self._keys_of(token),
                ends_clause=token.text in _CLAUSE_ENDS and not joined,
                denies=_DENIALS in self._lists.get(token.norm, ()),
            )
            number = self._numbers.get(told)
            if number is None:
                self._classes.append(told)
                number = self._numbers.setdefault(told, len(self._classes) - 1)
            if len(self._known) >= limits.MATCHER_CACHE:
                self._known.clear()
            self._known[token.text, token.pos, joined] = number
        return number

    def _keys_of(self, token: Token) -> tuple[str, ...]:
        """What patterns may call a word; names that no pattern uses are left out."""
        norm = token.norm
        keys = [norm, *self._lists.get(norm, ()), f"<{token.pos}>"]
        keys += [norm[:size] + "*" for size, stems in self._prefixes.items() if norm[:size] in stems]
        keys += ["*" + norm[-size:] for size, stems in self._suffixes.items() if norm[-size:] in stems]
        keys += [f"*{infix}*" for infix in sorted(self._infixes) if infix in norm]
        if token.text.lower() in self._exact:
            keys.append("=" + token.text.lower())
        if norm[:1].isdecimal():
            keys.append("<NUM>")
        return tuple(dict.fromkeys(key for key in keys if key in self._used))

    def find(self, tokens: Sequence[Token]) -> list[Hit[Payload]]:
        """Every payload's longest match at every place, in order of the text.

        A match that lies inside a longer one of the same payload is left out.
        """
        found: list[tuple[int, int, int]] = []
        classes = [
            self._class_of(token, token.text in _CLOCK_SIGNS and _between_digits(tokens, index))
            for index, token in enumerate(tokens)
        ]
        end = 0
        for first in range(len(tokens)):
            if first == end:
                end = _sentence_end(tokens, first)
            state = self._follow(self._start, classes[first])
            if state is not None:
                found += ((first, -last, number) for number, last in self._longest(state, classes, first, end).items())
        return [Hit(self._payloads[number], first, -last) for first, last, number in _without_nested(sorted(found))]

    def _longest(self, state: _State, classes: Sequence[int], first: int, end: int) -> dict[int, int]:
        """Where each payload that is found from a first word on ends; that word led to ``state``."""
        best: dict[int, int] = {}
        at = first + 1
        following: _State | None = state
        while following is not None:
            best.update(dict.fromkeys(following.found, at))
            if at == end:
                break
            following = self._follow(following, classes[at])
            at += 1
        return best

    def _follow(self, state: _State, number: int) -> _State | None:
        """Where a word of a class leads; None when no pattern goes on."""
        try:
            return state.moves[number]
        except KeyError:
            places = frozenset(_moved(state.places, self._classes[number]))
            following = self._states.get(places) if places else None
            if places and following is None:
                if len(self._states) >= limits.MATCHER_CACHE:
                    self._states.clear()
                    self._start.moves.clear()
                following = self._states.setdefault(places, _state(places))
            state.moves[number] = following
            return following


def _joined(ends: list[_Node]) -> list[_Node]:
    """One node behind many, so that what follows is laid once and not behind each of them."""
    if len(ends) < _MANY or any(end.before for end in ends):
        return ends
    hub = _Node()
    for end in ends:
        end.joins.append(hub)
    return [hub]


def _state(places: _Places) -> _State:
    return _State(places, tuple(sorted({number for node, skips in places if skips is None for number in node.found})))


def _reached(nodes: Iterable[_Node]) -> Iterator[tuple[_Node, int | None]]:
    """Nodes, and the gaps that begin at them."""
    for node in nodes:
        yield node, None
        for gap in node.gaps:
            yield gap, GAP_LENGTH
        yield from _reached(node.joins)


def _moved(places: _Places, told: _WordClass) -> Iterator[tuple[_Node, int | None]]:
    """Where one word leads from several places; a gap may also pass over it."""
    for node, skips in places:
        for key in told.keys:
            yield from _reached(node.children.get(key, ()))
        if skips and not told.ends_clause and not (told.denies and node.undenied):
            yield node, skips - 1


def _between_digits(tokens: Sequence[Token], index: int) -> bool:
    """Whether a sign stands inside a number, such as a clock's."""
    if index == 0 or index + 1 == len(tokens):
        return False
    before, after = tokens[index - 1], tokens[index + 1]
    closed = before.end == tokens[index].start and tokens[index].end == after.start
    return closed and before.text[-1].isdecimal() and after.text[0].isdecimal()


def _sentence_end(tokens: Sequence[Token], first: int) -> int:
    last = first
    while last < len(tokens) and tokens[last].sentence == tokens[first].sentence:
        last += 1
    return last


def _without_nested(found: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Leave out what lies inside another match of the same payload; in and out: first word, minus last, number."""
    covered: dict[int, int] = {}
    for first, last, number in found:
        if covered.get(number, 0) > last:
            covered[number] = last
            yield first, last, number
