"""Whose words a quotation is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.languages import ActorRule, Hits
from extractor.mentions.actors import NameMention
from extractor.tokens import Words

_PAIRS = {"«": "»", "“": "”", "„": "“", '"': '"'}
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Quotation:
    """Offsets of quoted words and the name of who said them."""

    start: int
    end: int
    speaker: str


def find(words: Words, hits: Hits, names: Sequence[NameMention]) -> tuple[Quotation, ...]:
    """Quotations whose speaker stands beside a word of saying, in the sentences around; a later one inherits.

    A quotation that opens right after another one's word of saying ("..., and adds: ...") has the same speaker.
    """
    speeches = [hit.first for rule, hit in hits.of(ActorRule) if rule.type == "speech"]
    told = [name for name in names if name.type in ("person", "organization") and _speaks(words, name, speeches)]
    found: list[Quotation] = []
    for start, end in _quoted(words.text):
        first, last = words.between(start, end)
        if last - first < 5:
            continue
        outside = [n for n in told if n.last <= first or n.first >= last]
        near = min(outside, key=lambda n: _distance(words, n, first, last), default=None)
        if near is not None and _distance(words, near, first, last) <= 1:
            found.append(Quotation(start, end, near.name))
    return tuple(found)


def _speaks(words: Words, name: NameMention, speeches: Sequence[int]) -> bool:
    sentence = words.tokens[name.first].sentence
    return any(words.tokens[at].sentence == sentence for at in speeches)


def _distance(words: Words, name: NameMention, first: int, last: int) -> int:
    at = words.tokens[name.first].sentence
    begin, end = words.tokens[first].sentence, words.tokens[last - 1].sentence
    return 0 if begin <= at <= end else min(abs(at - begin), abs(at - end))


def _quoted(text: str) -> list[tuple[int, int]]:
    """Offsets of what stands inside quotation marks, the outermost ones."""
    found = []
    at = 0
    while at < len(text):
        closing = _PAIRS.get(text[at])
        if closing is None:
            at += 1
            continue
        end = text.find(closing, at + 1, at + _LONGEST)
        if end < 0:
            at += 1
            continue
        found.append((at + 1, end))
        at = end + 1
    return found
