"""What the text says was the reason: phrases that a cue ties to an effect, and words that name a fault themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extractor.languages import CauseRule, ComponentRule, CueRule, EventRule, Hits, Language, Term
from extractor.mentions.assertion import Assertions
from extractor.mentions.clauses import (
    Clause,
    Clauses,
    cause_phrase,
    component_phrase,
    phrase_before,
    skip_articles,
    trim,
)
from extractor.mentions.predicates import Predicate
from extractor.patterns import Hit
from extractor.tokens import Words

# A failing part is its own class where nothing deeper is told (ANNOTATION: "server/storage/network only when nothing
# deeper is told").
_BY_COMPONENT = {
    "network": "network",
    "router": "network",
    "dns": "network",
    "cable": "network",
    "load_balancer": "network",
    "firewall": "network",
    "power": "power",
    "cooling": "facility",
    "data_center": "facility",
    "storage": "storage",
    "database": "storage",
    "compute": "server",
    "hardware": "hardware",
    "certificate": "config",
}
_PHYSICAL = frozenset({"power", "hardware", "storage", "router", "cable", "cooling", "certificate", "compute"})
_REACH = 10
FAILING_PART = "failing-part"
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
    predicates: Sequence[Predicate],
    assertions: Assertions,
    language: Language,
) -> tuple[CauseMention, ...]:
    """Every cause of the text, in order; of overlapping ones the one that a cue tied.

    Args:
        words: The text.
        clauses: Its clauses.
        hits: What the lexicon found.
        times: Token spans of time expressions: a phrase ends before one.
        predicates: What became of things.
        assertions: Scopes of negation, doubt, plans.
        language: The language's small words.
    """
    near = _by_sentence(words, hits, times)
    found: list[CauseMention] = []
    for cue, hit in _longest_cues(hits):
        timed = any(start <= hit.first and hit.last <= end for start, end in near[_sentence(words, hit.first)].times)
        if timed or not assertions.real(hit.first, hit.last):
            continue
        clause = clauses.of(hit.first if hit.payload.slot == "left" else hit.last - 1)
        around = near[clause.sentence]
        first, last = _slot(
            words, hit.first, hit.last, hit.payload.slot, clause, clauses, around.times, language, cue.nominal
        )
        if first == last:
            continue
        mention = _classify(words, clauses, language, first, last, clause, cue, (hit.first, hit.last), around)
        if mention is not None:
            found.append(judge(mention, assertions))
    nested = [
        trigger
        for mention in found
        for trigger in _occasion(words, mention, near[words.tokens[mention.first].sentence].terms, clauses, language)
    ]
    taken = {at for mention in found for at in range(mention.first, mention.last)}
    for rule, hit in hits.of(CauseRule):
        if rule.alone and hit.first not in taken:
            mention = _alone(words, rule, hit.first, hit.last, clauses.of(hit.first), language, assertions)
            if mention is not None:
                found.append(mention)
    found += _failing_parts(words, clauses, near, predicates, language)
    kept = _distinct(found, words, language)
    spans = {(m.first, m.last) for m in kept}
    return tuple(
        sorted([*kept, *(t for t in nested if (t.first, t.last) not in spans)], key=lambda m: (m.first, -m.last))
    )


@dataclass(slots=True)
class _Near:
    """What one sentence holds, by token spans."""

    terms: list[tuple[CauseRule, int, int]] = field(default_factory=list)
    parts: list[tuple[ComponentRule, int, int]] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)


def _longest_cues(hits: Hits) -> Iterator[tuple[CueRule, Hit[Term]]]:
    """The cues that are no beginning of a longer one on the same side: "because of", and not its "because"."""
    reach: dict[tuple[int, str], int] = {}
    for _, hit in hits.of(CueRule):
        place = (hit.first, hit.payload.slot)
        reach[place] = max(reach.get(place, 0), hit.last)
    return ((cue, hit) for cue, hit in hits.of(CueRule) if hit.last == reach[hit.first, hit.payload.slot])


def _sentence(words: Words, token: int) -> int:
    return words.tokens[token].sentence


def _by_sentence(words: Words, hits: Hits, times: Sequence[tuple[int, int]]) -> dict[int, _Near]:
    near: dict[int, _Near] = defaultdict(_Near)
    tokens = words.tokens
    for rule, hit in hits.of(CauseRule):
        near[tokens[hit.first].sentence].terms.append((rule, hit.first, hit.last))
    for part, hit in hits.of(ComponentRule):
        near[tokens[hit.first].sentence].parts.append((part, hit.first, hit.last))
    for _, hit in hits.of(EventRule):
        near[tokens[hit.first].sentence].events.append(hit.first)
    for start, end in times:
        near[tokens[start].sentence].times.append((start, end))
    return near


def _failing_parts(
    words: Words, clauses: Clauses, near: Mapping[int, _Near], predicates: Sequence[Predicate], language: Language
) -> list[CauseMention]:
    """A thing of metal and wire that breaks is a cause where the text tells nothing deeper: "a fibre link snapped"."""
    found = []
    for predicate in predicates:
        if not predicate.real or predicate.effect != "failed" or predicate.phase != "started":
            continue
        clause = clauses.all[predicate.clause]
        before = [
            (part, start, end)
            for part, start, end in near[clause.sentence].parts
            if part.category in _PHYSICAL and clause.first <= start and end <= predicate.first
        ]
        if not before or predicate.first - before[-1][2] > _REACH:
            continue
        part, start, end = before[-1]
        first, _ = phrase_span(words, start, end, clause, language)
        found.append(
            CauseMention(
                first,
                predicate.last,
                clause.index,
                _BY_COMPONENT[part.category],
                _DETAIL_BY_COMPONENT.get(part.category),
                "root",
                "stated",
                None,
                FAILING_PART,
                0.45,
            )
        )
    return found


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
                replace(
                    mention,
                    first=first,
                    last=min(last, mention.last),
                    category="upgrade",
                    detail=rule.detail,
                    role="trigger",
                    rule=f"{mention.rule}+occasion",
                )
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
    nominal: bool,
) -> tuple[int, int]:
    if side == "right":
        at, stop = last, words.sentence_of(last - 1).last
        if at < stop and words.tokens[at].text == ":":
            at += 1
        inside = [start for start, end in times if at <= start < stop and end > at]
        return cause_phrase(words, at, min([stop, *inside]), language, nominal=nominal)
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
    around: _Near,
) -> CauseMention | None:
    told = next((t for t in around.terms if t[0].span == "clause" and t[1] < last and first < t[2]), None)
    if told is not None:
        first, last = _core(words, told, clauses.of(told[1]), language)
    inside = [(rule, start) for rule, start, end in around.terms if first <= start and end <= last]
    rule_id, role = cue.id, cue.role
    category: str
    detail: str | None
    if inside:
        rule = min(inside, key=lambda item: (item[0].category == "unknown", item[1]))[0]
        category, detail = rule.category, rule.detail
        rule_id, confidence = f"{cue.id}+{rule.id}", 0.9
        role = rule.role if cue.role == "root" else cue.role
    elif cue.known_only:
        return None
    else:
        part = next((rule for rule, start, end in around.parts if first <= start and end <= last), None)
        broken = any(first <= start < last for start in around.events)
        if part is None and broken:
            return None
        category = _BY_COMPONENT.get(part.category, "unknown") if part else "unknown"
        detail = _DETAIL_BY_COMPONENT.get(part.category) if part else None
        confidence = 0.7 if part else 0.5
    return CauseMention(first, last, clause.index, category, detail, role, cue.certainty, cue_span, rule_id, confidence)


def judge(mention: CauseMention, assertions: Assertions) -> CauseMention:
    """A cause with the certainty that its words, and those that tie it, tell."""
    kinds = assertions.kinds(mention.first, mention.last)
    if mention.cue is not None:
        kinds |= assertions.kinds(*mention.cue)
    certainty = (
        "denied" if kinds & {"denied", "negated"} else "suspected" if "suspected" in kinds else mention.certainty
    )
    return replace(mention, certainty=certainty)


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
    return judge(mention, assertions)


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
    first, last = component_phrase(words, start, end, language)
    return max(first, clause.first), min(last, clause.last)


def _distinct(mentions: list[CauseMention], words: Words, language: Language) -> tuple[CauseMention, ...]:
    """Of causes that share a word the surest; where a clause around it is a cause by itself, with all its words."""
    kept: list[CauseMention] = []
    for mention in sorted(mentions, key=lambda m: (-m.confidence, m.first, m.last)):
        shared = [at for at, other in enumerate(kept) if mention.first < other.last and other.first < mention.last]
        if not shared:
            kept.append(mention)
        elif len(shared) == 1:
            inner = kept[shared[0]]
            around = mention.first <= inner.first and inner.last <= mention.last
            itself = mention.cue is None and mention.rule != FAILING_PART
            if around and itself and (mention.category, mention.certainty) == (inner.category, inner.certainty):
                first = skip_articles(words.tokens, mention.first, mention.last, language)
                kept[shared[0]] = replace(inner, first=min(first, inner.first), last=mention.last)
    return tuple(sorted(kept, key=lambda m: m.first))
