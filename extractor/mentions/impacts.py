"""What it did, and to whom: clauses that say so, with their numbers and their negations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.languages import Hits, ImpactRule, Language
from extractor.mentions.assertion import Assertions
from extractor.mentions.causes import CauseMention
from extractor.mentions.clauses import Clauses, component_phrase, trim
from extractor.mentions.predicates import Predicate
from extractor.patterns import Matcher
from extractor.tokens import Token, Words

_LOOK_AHEAD = 4
_FACTORS = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class ImpactMention:
    """An impact at tokens ``first`` to ``last`` (excluded)."""

    first: int
    last: int
    clause: int
    kind: str
    affected: bool
    certainty: str
    quantity: tuple[float, str] | None
    rule: str
    confidence: float


def find(
    words: Words,
    clauses: Clauses,
    hits: Hits,
    predicates: Sequence[Predicate],
    causes: Sequence[CauseMention],
    times: Sequence[tuple[int, int]],
    assertions: Assertions,
    language: Language,
) -> tuple[ImpactMention, ...]:
    """Every impact of the text: what impact rules name, and clauses whose predicate is an effect on users.

    A predicate that stands in the words of a cause tells why, and no effect.
    """
    why = {at for cause in causes for at in range(cause.first, cause.last)}
    timed = {at for first, last in times for at in range(first, last)}
    found: list[ImpactMention] = []
    for rule, hit in hits.of(ImpactRule):
        if not assertions.real(hit.first, hit.last):
            continue
        clause = clauses.of(hit.first)
        if rule.span == "clause":
            first, last = trim(words, clause.first, max(clause.last, hit.last), language)
        else:
            first, last = component_phrase(words, hit.first, hit.last, language)
        kinds = assertions.kinds(hit.first, hit.last)
        found.append(
            ImpactMention(
                first,
                last,
                clause.index,
                rule.kind,
                not (assertions.negates(hit.first, hit.last) or "negated" in assertions.kinds(hit.last - 1, hit.last)),
                "suspected" if "suspected" in kinds else "stated",
                quantity([t for t in words.tokens[first:last] if t.index not in timed], language.quantity_units),
                rule.id,
                0.7,
            )
        )
    found = _once(found)
    taken = {mention.clause for mention in found}
    for predicate in predicates:
        if predicate.rule.impact is None or not predicate.real or predicate.clause in taken or predicate.first in why:
            continue
        clause = clauses.all[predicate.clause]
        first, last = trim(words, clause.first, max(clause.last, predicate.last), language)
        kinds = assertions.kinds(predicate.first, predicate.last)
        found.append(
            ImpactMention(
                first,
                last,
                clause.index,
                predicate.rule.impact,
                predicate.effect != "unaffected",
                "suspected" if "suspected" in kinds else "stated",
                quantity([t for t in words.tokens[first:last] if t.index not in timed], language.quantity_units),
                predicate.rule.id,
                0.6,
            )
        )
        taken.add(predicate.clause)
    return tuple(sorted(found, key=lambda m: m.first))


def _once(mentions: list[ImpactMention]) -> list[ImpactMention]:
    """One impact for the same words, however many rules found it; one that negates decides."""
    found: dict[tuple[int, int], ImpactMention] = {}
    for mention in mentions:
        known = found.get((mention.first, mention.last))
        if known is None or (known.affected and not mention.affected and known.kind == mention.kind):
            found[mention.first, mention.last] = mention
    return list(found.values())


def quantity(tokens: Sequence[Token], units: Matcher[str]) -> tuple[float, str] | None:
    """The first number in figures that counts a known unit, as value and unit.

    Args:
        tokens: The words of an impact, those of times left out.
        units: Finds counted nouns and gives their unit.

    Returns:
        Value and unit, or None.
    """
    found = {hit.first: hit.payload for hit in units.find(tokens)}
    for index, token in enumerate(tokens):
        if not token.text[0].isdecimal():
            continue
        number, after = _number(tokens, index)
        for at in range(after, min(after + _LOOK_AHEAD, len(tokens))):
            unit = found.get(at)
            if unit in _FACTORS:
                number *= _FACTORS[unit]
            elif unit is not None:
                return number, unit
    return None


def _number(tokens: Sequence[Token], index: int) -> tuple[float, int]:
    """A number written in figures over several tokens ("17.500", "1,5"), and where it ends."""
    end = index + 1
    while end + 1 < len(tokens) and tokens[end].text in ".,'" and tokens[end + 1].text[0].isdecimal():
        if tokens[end].start != tokens[end - 1].end or tokens[end + 1].start != tokens[end].end:
            break
        end += 2
    while end < len(tokens) and tokens[end].text.isdecimal() and len(tokens[end].text) == 3:
        end += 1
    written = "".join(token.text for token in tokens[index:end])
    groups = re.split(r"[.,']", written)
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        return float("".join(groups)), end
    try:
        return float(".".join(groups[:2])), end
    except ValueError:
        return float(re.match(r"\d+", written).group()), end  # type: ignore[union-attr]
