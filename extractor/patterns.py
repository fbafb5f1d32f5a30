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

All patterns of a language live in one automaton over words; a text is read once, and each place costs a few dictionary
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
    if _can_be_empty(sequence) or GAP in (*sequence[0].keys[:1], *sequence[-1].keys):
        raise PatternError(f"{pattern!r} can match nothing, or begins or ends with a gap")
    known = {"<NUM>", *(f"<{name}>" for name in lists or ())}
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


def _word(piece: str) -> Piece:
    if piece == GAP:
        return Piece((GAP,))
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


@dataclass(slots=True)
class _Node(Generic[Payload]):
    children: dict[str, list[_Node[Payload]]] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)


class Matcher(Generic[Payload]):
    """Finds every pattern of a set in one pass.

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
        self._root: _Node[Payload] = _Node()
        self._prefixes: dict[int, set[str]] = {}
        self._suffixes: dict[int, set[str]] = {}
        self._infixes: set[str] = set()
        self._exact: set[str] = set()
        self._keys: dict[str, tuple[str, ...]] = {}
        for pattern, payload in patterns:
            for node in self._add(parse(pattern), [self._root]):
                node.payloads.append(payload)

    def _add(self, sequence: Sequence[Piece], begin: list[_Node[Payload]]) -> list[_Node[Payload]]:
        """Lay a sequence behind every node of ``begin``; returns the nodes at which it ends."""
        for piece in sequence:
            ends: list[_Node[Payload]] = [*begin] if piece.optional else []
            for alternative in piece.alternatives:
                ends += self._add(alternative, begin)
            if piece.keys:
                reached = begin
                for key in piece.keys:
                    self._note(key)
                    node: _Node[Payload] = _Node()
                    for before in reached:
                        before.children.setdefault(key, []).append(node)
                    reached = [node]
                ends += reached
            begin = ends
        return begin

    def _note(self, key: str) -> None:
        if key == GAP or len(key) == 1 or key.startswith("<"):
            return
        if key.startswith("="):
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
        if norm[:1].isdecimal():
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
            for child in children.get(key, ()):
                self._walk(child, tokens, start, at + 1, best)
        if tokens[at].pos:
            for child in children.get(f"<{tokens[at].pos}>", ()):
                self._walk(child, tokens, start, at + 1, best)
        for gap in children.get(GAP, ()):
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
