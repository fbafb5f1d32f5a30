"""Find what looks like a time: at each token the longest match of the grammar that its surroundings allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractor import limits
from extractor.times.durations import fit_together
from extractor.times.grammar import CLOSE, OPEN, Reader
from extractor.times.knowledge import ROOT, TimeKnowledge
from extractor.times.tokens import Token

#: How many tokens an expression may run on before its first number or telling word.
_NEAR = 7
#: Slots that alone are too little beside a hyphen.
_WEAK = frozenset({"season", "part"})
#: Signs that make one number of the digits on both sides.
_INSIDE_NUMBERS = frozenset(".,:/-'+")
#: Signs that make an amount, a name or an address of what follows them without a blank.
_BEFORE_NAMES = frozenset("#$€£¥@=_\\&")
#: Signs that make an amount of the number before them.
_AFTER_AMOUNTS = frozenset("%$€£¥°‰²³")
#: Signs that join words to addresses and file names.
_INSIDE_ADDRESSES = frozenset("./@_\\")


@dataclass(frozen=True, slots=True)
class Found:
    """An expression that was found.

    Attributes:
        first: Its first token.
        last: One past its last token.
        begin: First token of its pattern, surroundings included.
        reach: One past the last token of its pattern, surroundings included.
        slots: What its patterns read.
        rule: The group of the pattern.
    """

    first: int
    last: int
    begin: int
    reach: int
    slots: dict[str, Any]
    rule: str


def find(tokens: Sequence[Token], knowledge: TimeKnowledge) -> list[Found]:
    """Every expression of a text, unresolved, in order and without overlaps.

    Args:
        tokens: The text.
        knowledge: The language.
    """
    reader = Reader(knowledge.grammar, tokens)
    found: list[Found] = []
    waiting: dict[int, list[Found]] = {}
    promising = _promising(tokens, knowledge.telling)
    at = 0
    while at < len(tokens):
        best = _best([*waiting.pop(at, ()), *(_candidates(reader, at, waiting) if promising[at] else ())])
        if best is None:
            at += 1
            continue
        at = best.last
        if "nothing" not in best.slots:
            found.append(best)
    return found


def _promising(tokens: Sequence[Token], telling: frozenset[str]) -> list[bool]:
    """For each token, whether a number or a word that tells something of time stands near enough behind it."""
    near, promising = 0, [False] * len(tokens)
    for at in range(len(tokens) - 1, -1, -1):
        near = _NEAR if tokens[at].width or tokens[at].fold in telling else near - 1
        promising[at] = near > 0
    return promising


def _candidates(reader: Reader, at: int, waiting: dict[int, list[Found]]) -> list[Found]:
    """The matches whose expression starts here; those that start further on are put down to wait."""
    here: list[Found] = []
    following = reader.tokens[at + 1] if at + 1 < len(reader.tokens) else None
    for pattern in reader.grammar.starting(ROOT, reader.tokens[at], following):
        for end, slots in reader.matches(pattern, at):
            values = dict(slots)
            first, last = values.pop(OPEN, at), values.pop(CLOSE, end)
            match = Found(first, last, at, end, values, pattern.rule)
            if last > first and ("nothing" in values or stands_free(reader.tokens, first, last, values)):
                (here if first == at else waiting.setdefault(first, [])).append(match)
    reader.forget(limits.MATCHER_CACHE)
    return here


def _best(candidates: list[Found]) -> Found | None:
    """The one whose pattern reaches furthest, of equal ones the one that starts first, then the longest."""
    return max(candidates, key=lambda match: (match.reach, -match.begin, match.last), default=None)


def stands_free(tokens: Sequence[Token], first: int, last: int, slots: dict[str, Any]) -> bool:
    """Whether the expression is no part of a longer number, name, amount or address."""
    if not fit_together(slots):
        return False
    if slots.keys() <= _WEAK and last + 1 < len(tokens) and tokens[last].fold == "-" and tokens[last + 1].glued:
        return False
    if slots.keys() == {"y"} and last < len(tokens) and tokens[last].text.istitle() and not tokens[last].newline:
        return False
    inside = _INSIDE_NUMBERS - {"-"} if "min" in slots else _INSIDE_NUMBERS
    return _free_before(tokens, first, inside) and _free_after(tokens, last, inside)


def _free_before(tokens: Sequence[Token], first: int, inside: frozenset[str]) -> bool:
    token = tokens[first]
    if first == 0 or not token.glued:
        return True
    before = tokens[first - 1]
    if before.text in _BEFORE_NAMES:
        return False
    further = tokens[first - 2] if first > 1 and before.glued else None
    if token.width:
        if before.text.isalnum():
            return False
        if before.fold == "'" and further is not None and not further.width:
            return True
        return not (before.fold in inside and further is not None and further.text.isalnum())
    return not (before.fold in _INSIDE_ADDRESSES and further is not None and further.text.isalnum())


def _free_after(tokens: Sequence[Token], last: int, inside: frozenset[str]) -> bool:
    if last >= len(tokens):
        return True
    token, after = tokens[last - 1], tokens[last]
    if token.width and after.text in _AFTER_AMOUNTS:
        return False
    if not after.glued:
        return True
    if after.text.isalnum() and (token.width or after.width):
        return False
    further = tokens[last + 1] if last + 1 < len(tokens) and tokens[last + 1].glued else None
    if further is None:
        return True
    if token.width:
        return not (after.fold in inside and further.width)
    address = after.text in (".", "/") and token.text.islower() and further.text.islower()
    return not (address or after.text in ("@", "_"))
