"""What the text says was the reason: phrases that a cue ties to an effect, and words that name a fault by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.languages import CauseRule, ComponentRule, CueRule, EventRule, Hits, Language
from extractor.mentions.assertion import Assertions
from extractor.mentions.clauses import Clause, Clauses, cause_phrase, phrase_before, trim
from extractor.tokens import Words

# A failing part is its own class where nothing deeper is told (ANNOTATION: "server/storage/network only when nothing
# deeper is told").
_BY_COMPONENT = {
    "network": "network", "router": "network", "dns": "network", "cable": "network", "load_balancer": "network",
    "firewall": "network", "power": "power", "cooling": "facility", "data_center": "facility", "storage": "storage",
    "database": "storage", "compute": "server", "hardware": "hardware", "certificate": "config",
}  # fmt: skip
_SLIPS = frozenset({"human", "bug", "config"})
_DETAIL_BY_COMPONENT = {"dns": "dns", "cooling": "cooling", "certificate": None, "cable": None}


@dataclass(frozen=True, slots=True)
class CauseMention:
    """A cause at tokens ``first`` to ``last`` (excluded); ``cue`` is where the words stand that tie it."""

    first: int
    last: int
    clause: int
    category: str
    detail: str | None
    role: str
    certainty: str
    cue: tuple[int, int] | None
    rule: str
    confidence: float


def find(
    words: Words,
    clauses: Clauses,
    hits: Hits,
    times: Sequence[tuple[int, int]],
    assertions: Assertions,
    language: Language,
) -> tuple[CauseMention, ...]:
    """Every cause of the text, in order; of overlapping ones the one that a cue tied.

    Args:
        words: The text.
        clauses: Its clauses.
        hits: What the lexicon found.
        times: Token spans of time expressions: a phrase ends before one.
        assertions: Scopes of negation, doubt, plans.
        language: The language's small words.
    """
    terms = [(rule, hit.first, hit.last) for rule, hit in hits.of(CauseRule)]
    parts = [(rule, hit.first, hit.last) for rule, hit in hits.of(ComponentRule)]
    events = [(hit.first, hit.last) for _, hit in hits.of(EventRule)]
    found: list[CauseMention] = []
    for cue, hit in hits.of(CueRule):
        if not assertions.real(hit.first, hit.last):
            continue
        clause = clauses.of(hit.first if hit.payload.slot == "left" else hit.last - 1)
        first, last = _slot(words, hit.first, hit.last, hit.payload.slot, clause, clauses, times, language)
        if first == last:
            continue
        mention = _classify(words, clauses, language, first, last, clause, cue, (hit.first, hit.last), terms, parts, events)
        if mention is not None:
            found.append(_judge(mention, assertions))
    nested = [trigger for mention in found for trigger in _occasion(words, mention, terms, clauses, language)]
    for rule, start, end in terms:
        if rule.alone and not any(m.first <= start < m.last for m in found):
            mention = _alone(words, rule, start, end, clauses.of(start), language, assertions)
            if mention is not None:
                found.append(mention)
    kept = _distinct(found)
    spans = {(m.first, m.last) for m in kept}
    return tuple(sorted([*kept, *(t for t in nested if (t.first, t.last) not in spans)], key=lambda m: (m.first, -m.last)))


def _occasion(
    words: Words,
    mention: CauseMention,
    terms: Sequence[tuple[CauseRule, int, int]],
    clauses: Clauses,
    language: Language,
) -> list[CauseMention]:
    """The work during which a fault was made is its trigger: "a mistake made (during a system upgrade)"."""
    if mention.category not in _SLIPS or mention.certainty == "denied":
        return []
    found = []
    for rule, start, end in terms:
        if rule.category != "upgrade" or not mention.first < start or end > mention.last:
            continue
        first, last = phrase_span(words, start, end, clauses.of(start), language)
        if first > mention.first and words.tokens[first - 1].pos in ("ADP", "DET"):
            found.append(
                _replace(
                    mention, first=first, last=min(last, mention.last), category="upgrade", detail=rule.detail,
                    role="trigger", rule=f"{mention.rule}+occasion",
                )  # fmt: skip
            )
    return found[:1]


def _slot(
    words: Words,
    first: int,
    last: int,
    side: str,
    clause: Clause,
    clauses: Clauses,
    times: Sequence[tuple[int, int]],
    language: Language,
) -> tuple[int, int]:
    if side == "right":
        at, stop = last, words.sentence_of(last - 1).last
        if at < stop and words.tokens[at].text == ":":
            at += 1
        inside = [start for start, end in times if at <= start < stop and end > at]
        return cause_phrase(words, at, min([stop, *inside]), language)
    if side == "left":
        start = clause.first
        if first == clause.first and clause.index and clauses.all[clause.index - 1].sentence == clause.sentence:
            start = clauses.all[clause.index - 1].first
        past = [end for begin, end in times if start <= begin and end <= first]
        end = first
        while end > start and words.tokens[end - 1].text in ",'-–":
            end -= 1
        return phrase_before(words, end, max([start, *(p for p in past if p < end)]), language)
    return trim(words, clause.first, clause.last, language)


def _classify(
    words: Words,
    clauses: Clauses,
    language: Language,
    first: int,
    last: int,
    clause: Clause,
    cue: CueRule,
    cue_span: tuple[int, int],
    terms: Sequence[tuple[CauseRule, int, int]],
    parts: Sequence[tuple[ComponentRule, int, int]],
    events: Sequence[tuple[int, int]],
) -> CauseMention | None:
    told = next((t for t in terms if t[0].span == "clause" and t[1] < last and first < t[2]), None)
    if told is not None:
        first, last = _core(words, told, clauses.of(told[1]), language)
    inside = [(rule, start) for rule, start, end in terms if first <= start and end <= last]
    rule_id, role = cue.id, cue.role
    detail: str | None
    if inside:
        rule = min(inside, key=lambda item: (item[0].category == "unknown", item[1]))[0]
        category, detail = rule.category, rule.detail
        rule_id, confidence = f"{cue.id}+{rule.id}", 0.9
        role = rule.role if cue.role == "root" else cue.role
    elif cue.known_only:
        return None
    else:
        part = next((rule for rule, start, end in parts if first <= start and end <= last), None)
        broken = any(first <= start < last for start, _ in events)
        if part is None and broken:
            return None
        category = _BY_COMPONENT.get(part.category, "unknown") if part else "unknown"
        detail = _DETAIL_BY_COMPONENT.get(part.category) if part else None
        confidence = 0.7 if part else 0.5
    return CauseMention(first, last, clause.index, category, detail, role, cue.certainty, cue_span, rule_id, confidence)


def _judge(mention: CauseMention, assertions: Assertions) -> CauseMention:
    kinds = assertions.kinds(mention.first, mention.last)
    if mention.cue is not None:
        kinds |= assertions.kinds(*mention.cue)
    certainty = "denied" if kinds & {"denied", "negated"} else "suspected" if "suspected" in kinds else mention.certainty
    return _replace(mention, certainty=certainty)


def _replace(mention: CauseMention, **changes: object) -> CauseMention:
    import dataclasses

    return dataclasses.replace(mention, **changes)  # type: ignore[arg-type]


def _alone(
    words: Words, rule: CauseRule, start: int, end: int, clause: Clause, language: Language, assertions: Assertions
) -> CauseMention | None:
    if not assertions.real(start, end):
        return None
    if rule.span == "clause":
        first, last = _core(words, (rule, start, end), clause, language)
    else:
        first, last = phrase_span(words, start, end, clause, language)
    mention = CauseMention(
        first, last, clause.index, rule.category, rule.detail, rule.role, "stated", None, rule.id, 0.6
    )
    return _judge(mention, assertions)


def _core(words: Words, term: tuple[CauseRule, int, int], clause: Clause, language: Language) -> tuple[int, int]:
    """The clause of a term without what stands before its last comma: "at 10:15, an engineer pulled the plug"."""
    first = clause.first
    for at in range(clause.first, term[1]):
        if words.tokens[at].text == ",":
            first = at + 1
    last = next((at for at in range(term[2], clause.last) if words.tokens[at].text == ","), clause.last)
    return trim(words, first, max(last, term[2]), language)


def phrase_span(words: Words, start: int, end: int, clause: Clause, language: Language) -> tuple[int, int]:
    """Widen a term to the complete phrase around it, inside its clause."""
    from extractor.mentions.clauses import component_phrase

    first, last = component_phrase(words, start, end, language)
    return max(first, clause.first), min(last, clause.last)


def _distinct(mentions: list[CauseMention]) -> tuple[CauseMention, ...]:
    kept: list[CauseMention] = []
    for mention in sorted(mentions, key=lambda m: (-m.confidence, m.first, m.last)):
        if not any(m.first < mention.last and mention.first < m.last for m in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda m: m.first))
