"""Turn threads and mentions into incident records: every value with its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from extractor.incidents import moments
from extractor.incidents.ends import Chooser
from extractor.incidents.moments import Length, PlacedTime
from extractor.incidents.threads import Thread, party
from extractor.languages import Language
from extractor.mentions import Mentions
from extractor.mentions.actors import NameMention
from extractor.mentions.causes import FAILING_PART, CauseMention
from extractor.mentions.clauses import NOMINAL, trim
from extractor.mentions.components import ComponentMention
from extractor.mentions.spans import LEARNED
from extractor.mentions.speakers import Quotation
from extractor.records import (
    Action,
    Cause,
    Component,
    Duration,
    Evidence,
    Impact,
    Incident,
    Location,
    Moment,
    Organization,
    Quantity,
    Seconds,
    Service,
    TimelineEntry,
    Warning,
)
from extractor.tokens import Words, fold

_CERTAINTY = {3: 0.9, 2: 0.8, 1: 0.6, 0: 0.4}
_PARTS = frozenset({"network", "server", "storage"})
_STATUS_RANK = {"failed": 3, "degraded": 2, "unaffected": 1, "mentioned": 0}


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that one document's incidents are made of."""

    words: Words
    mentions: Mentions
    placed: tuple[PlacedTime, ...]
    quotations: tuple[Quotation, ...]
    language: Language
    operator: str | None
    aside: frozenset[str]
    chooser: Chooser | None = None

    def evidence(self, first: int, last: int) -> Evidence:
        """The words of the tokens ``first`` to ``last`` (excluded)."""
        return self.at(*self.words.span(first, last))

    def at(self, start: int, end: int) -> Evidence:
        """The words between two offsets, with their speaker when they stand in a quotation."""
        speaker = next((q.speaker for q in self.quotations if q.start <= start and end <= q.end), None)
        return Evidence(start=start, end=end, text=self.words.text[start:end], speaker=speaker)


def incident(context: Context, thread: Thread, identity: str) -> tuple[Incident, tuple[Warning, ...]]:
    """One incident record and what a reader should check about it."""
    inside = set(thread.clauses)
    started, resolved = _ends(context, thread)
    length, contradicted = moments.length(
        inside,
        thread.events,
        thread.series and bool(thread.ordinal),
        context.placed,
        context.mentions,
        started,
        resolved,
    )
    chosen = {phase: moments.first(phase, inside, context.placed) for phase in ("detected", "mitigated")}
    told = inside.union(thread.shared)
    causes = _causes(context, told)
    components = _components(context, told)
    organizations, services = _parties(context, thread)
    record = Incident(
        id=identity,
        role="background" if thread.background else "primary",
        kind=_kind(context, thread, components),  # type: ignore[arg-type]
        status=_status(context, thread, resolved, length),  # type: ignore[arg-type]
        summary=_summary(context, thread),
        evidence=tuple(_unique(context.evidence(*_event_span(context, e.first, e.last)) for e in thread.events)),
        organizations=organizations,
        services=services,
        locations=_locations(context, inside),
        started_at=_moment(context, started),
        detected_at=_moment(context, chosen["detected"]),
        mitigated_at=_moment(context, chosen["mitigated"]),
        resolved_at=_moment(context, resolved) or _open_end(context, moments.still(inside, context.placed)),
        duration=_duration(context, length),
        timeline=_timeline(context, thread, started, resolved),
        components=components,
        causes=causes,
        impacts=_impacts(context, inside),
        actions=_actions(context, inside),
        confidence=_confidence(thread, started, causes, components),
        rule="; ".join(dict.fromkeys(e.rule for e in thread.events)) or "failing-predicate",
    )
    warnings = tuple(_warnings(context, record, started, resolved, contradicted))
    return record, warnings


def _ends(context: Context, thread: Thread) -> tuple[PlacedTime | None, PlacedTime | None]:
    inside = set(thread.clauses)
    started = moments.start(inside, context.placed, thread.background)
    resolved = moments.end(inside, context.placed, started)
    if context.chooser is None:
        return started, resolved
    return context.chooser.ends(inside, thread.background, started, resolved)


def _event_span(context: Context, first: int, last: int) -> tuple[int, int]:
    """An event with its article and adjectives."""
    tokens = context.words.tokens
    begin = context.words.sentence_of(first).first
    start = first
    while start > begin and (
        tokens[start - 1].pos in ("DET", "ADJ", "NUM")
        or tokens[start - 1].norm in context.language.articles
        or (
            tokens[start - 1].text in "'’" and start - 1 > begin and tokens[start - 2].norm in context.language.articles
        )
    ):
        start -= 1
    return start, last


def _moment(context: Context, placed: PlacedTime | None) -> Moment | None:
    if placed is None:
        return None
    time = placed.time
    return Moment(
        value=placed.value,
        earliest=time.earliest,
        latest=time.latest,
        precision=time.precision,
        timezone=time.timezone,
        approximate=time.approximate,
        basis=time.basis,
        evidence=tuple(_unique([context.at(time.start, time.end), *(context.at(*anchor) for anchor in time.anchors)])),
        confidence=_CERTAINTY[placed.weight],
        rule=f"{placed.rule}; {time.rule}",
    )


def _open_end(context: Context, still: PlacedTime | None) -> Moment | None:
    """The end of an incident of which only is told that it was not yet over."""
    if still is None:
        return None
    return Moment(
        value=None,
        earliest=still.time.earliest,
        timezone=still.time.timezone,
        basis=still.time.basis,
        evidence=(context.at(still.time.start, still.time.end),),
        confidence=0.5,
        rule=f"{still.rule}; {still.time.rule}",
    )


def _duration(context: Context, length: Length | None) -> Duration | None:
    if length is None:
        return None
    value, low, high = length.seconds
    return Duration(
        value=length.value,
        seconds=Seconds(value=value, min=low, max=high),
        approximate=length.approximate,
        basis=length.basis,  # type: ignore[arg-type]
        evidence=tuple(context.at(p.time.start, p.time.end) for p in length.times),
        confidence=_CERTAINTY[min(p.weight for p in length.times)] if length.basis == "derived" else 0.85,
        rule=length.rule,
    )


def _timeline(
    context: Context, thread: Thread, started: PlacedTime | None, resolved: PlacedTime | None
) -> tuple[TimelineEntry, ...]:
    inside = set(thread.clauses)
    entries: list[tuple[str, int, TimelineEntry]] = []
    for p in context.placed:
        if p.clause not in inside or p.time.precision is None or p.time.type not in ("date", "time"):
            continue
        kind = p.phase if p.phase in ("started", "detected", "mitigated", "resolved", "planned") else "other"
        if kind in ("started", "resolved"):
            kind = "other"
        for phase, end in (("resolved", resolved), ("started", started)):
            if end is not None and end.first == p.first:
                kind, p = phase, end
        moment = _moment(context, p)
        if moment is None:
            continue
        clause = context.mentions.clauses.all[p.clause]
        words = context.evidence(*_trimmed(context, clause.first, clause.last))
        entry = TimelineEntry(
            kind=kind,  # type: ignore[arg-type]
            moment=moment,
            text=words.text,
            evidence=(words,),
            confidence=moment.confidence,
            rule=p.rule,
        )
        entries.append((p.time.earliest or "9999", p.first, entry))
    return tuple(entry for _, _, entry in sorted(entries, key=lambda item: item[:2]))


def _trimmed(context: Context, first: int, last: int) -> tuple[int, int]:
    start, end = trim(context.words, first, last, context.language)
    return (start, end) if start < end else (first, last)


def _causes(context: Context, inside: set[int]) -> tuple[Cause, ...]:
    found = [c for c in context.mentions.causes if c.clause in inside]
    tied = [c for c in found if c.category != "unknown" and c.certainty != "denied"]
    deeper = any(not _shallow(c) and c.certainty == "stated" and c.role == "root" for c in found)
    kept = [c for c in found if not (c.category == "unknown" and tied) and not (_shallow(c) and deeper)]
    # A model tells no role: the root that a rule knows stands before the one that it only may be.
    ranked = sorted(_first_of_each(context, kept), key=_guessed)
    return tuple(_cause(context, c) for c in ranked)


def _first_of_each(context: Context, causes: Sequence[CauseMention]) -> list[CauseMention]:
    """The same words said twice, or a class told again without a cue or with a shorter name, are one cause.

    Of a bare word and a phrase that a cue ties, as in a headline and the body, the phrase is kept.
    """
    kept: list[tuple[CauseMention, set[str]]] = []
    for cause in causes:
        tokens = context.words.tokens[cause.first : cause.last]
        said = {t.norm for t in tokens if t.pos in NOMINAL or t.pos == "ADJ"} or {t.norm for t in tokens}
        fuller = next(
            (
                at
                for at, (k, other) in enumerate(kept)
                if k.category == cause.category and _bare(k) and not _bare(cause) and len(other) < len(said)
            ),
            None,
        )
        again = any(
            said == other
            or (k.category == cause.category and (_bare(cause) or (said & other and len(said) <= len(other))))
            for k, other in kept
        )
        if fuller is not None:
            kept[fuller] = (cause, said)
        elif not again:
            kept.append((cause, said))
    return [cause for cause, _ in kept]


def _shallow(cause: CauseMention) -> bool:
    """Whether only a broken part is named, which is a cause where nothing deeper is told."""
    return cause.rule == FAILING_PART or (_guessed(cause) and cause.category in _PARTS)


def _guessed(cause: CauseMention) -> bool:
    """Whether no rule of the language says that it is a cause."""
    return cause.rule.startswith(LEARNED)


def _bare(cause: CauseMention) -> bool:
    """Whether words of a class stand without a cue, and no model took them for a cause."""
    return cause.cue is None and not _guessed(cause)


def _cause(context: Context, cause: CauseMention) -> Cause:
    evidence = [context.evidence(cause.first, cause.last)]
    if cause.cue is not None:
        evidence.append(context.evidence(*cause.cue))
    return Cause(
        text=evidence[0].text,
        category=cause.category,  # type: ignore[arg-type]
        detail=cause.detail,  # type: ignore[arg-type]
        role=cause.role,  # type: ignore[arg-type]
        certainty=cause.certainty,  # type: ignore[arg-type]
        evidence=tuple(evidence),
        confidence=cause.confidence,
        rule=cause.rule,
    )


def _components(context: Context, inside: set[int]) -> tuple[Component, ...]:
    """One entry a name; the worst status told counts."""
    groups: dict[str, list[ComponentMention]] = {}
    for mention in context.mentions.components:
        if mention.clause in inside and mention.status != "mentioned":
            name = fold(context.words.text[slice(*context.words.span(mention.first, mention.last))])
            groups.setdefault(name, []).append(mention)
    result = []
    for group in groups.values():
        worst = max(group, key=lambda m: _STATUS_RANK[m.status])
        words = context.evidence(worst.first, worst.last)
        evidence = [words]
        if worst.cue is not None:
            evidence.append(context.evidence(*worst.cue))
        result.append(
            Component(
                name=words.text,
                category=worst.category,  # type: ignore[arg-type]
                status=worst.status,  # type: ignore[arg-type]
                evidence=tuple(evidence),
                confidence=worst.confidence,
                rule=worst.rule,
            )
        )
    return tuple(result)


def _impacts(context: Context, inside: set[int]) -> tuple[Impact, ...]:
    result = []
    told = [m for m in context.mentions.impacts if m.clause in inside]
    head = _heading(context.words)
    body = {(m.kind, m.affected) for m in told if m.first >= head}
    for mention in told:
        if mention.last <= head and (mention.kind, mention.affected) in body:
            continue  # the headline says it first, the body in full
        words = context.evidence(mention.first, mention.last)
        number = mention.quantity
        result.append(
            Impact(
                text=words.text,
                kind=mention.kind,  # type: ignore[arg-type]
                affected=mention.affected,
                certainty=mention.certainty,  # type: ignore[arg-type]
                quantity=Quantity(value=number[0], unit=number[1]) if number else None,
                evidence=(words,),
                confidence=mention.confidence,
                rule=mention.rule,
            )
        )
    return tuple(result)


def _heading(words: Words) -> int:
    """One past the last token of the headline; 0 when the text has none."""
    first = words.sentences[0]
    closed = words.tokens[first.last - 1].text in ".!?…"
    return 0 if closed or len(words.sentences) == 1 else first.last


def _actions(context: Context, inside: set[int]) -> tuple[Action, ...]:
    result = []
    for mention in context.mentions.actions:
        if mention.clause in inside:
            words = context.evidence(mention.first, mention.last)
            result.append(
                Action(
                    text=words.text,
                    kind=mention.kind,  # type: ignore[arg-type]
                    evidence=(words,),
                    confidence=mention.confidence,
                    rule=mention.rule,
                )
            )
    return tuple(result)


def _parties(context: Context, thread: Thread) -> tuple[tuple[Organization, ...], tuple[Service, ...]]:
    """Organisations and services of an incident: those of its own clauses, else the text's operator."""
    inside = set(thread.clauses).union(thread.shared)
    clauses = context.mentions.clauses
    names = [n for n in context.mentions.names if clauses.of(n.first).index in inside]
    near = thread.parties or {party(n) for n in names if n.type == "organization"}
    names = [n for n in names if (party(n) in near if thread.background else party(n) not in context.aside)]
    organizations = _named(n for n in names if n.type == "organization")
    if not organizations and context.operator is not None:
        organizations = _named(
            n for n in context.mentions.names if n.type == "organization" and n.name == context.operator
        )
    known = {party(n) for group in organizations.values() for n in group}
    services = _named(n for n in names if n.type == "service" and _own(n, known))
    known |= {fold(name) for name in organizations}
    for owner in sorted({n.owner for group in services.values() for n in group if n.owner}):
        if fold(owner) not in known:
            every = [n for n in context.mentions.names if fold(n.name) == fold(owner) and n.type == "organization"]
            organizations.update(_named(every[:1]))
    return (
        tuple(
            Organization(
                name=name,
                role=_role(group),  # type: ignore[arg-type]
                evidence=tuple(context.evidence(n.first, n.last) for n in group),
                confidence=0.8 if group[0].entry or len(group) > 1 else 0.6,
                rule=group[0].rule,
            )
            for name, group in organizations.items()
        ),
        tuple(
            Service(
                name=name,
                evidence=tuple(context.evidence(n.first, n.last) for n in group),
                confidence=0.7,
                rule=group[0].rule,
            )
            for name, group in services.items()
        ),
    )


def _own(service: NameMention, organizations: Collection[str]) -> bool:
    """Whether a service is one of the parties' own, as far as its owner is known: a rented one is a component."""
    if service.entry is None:
        return True
    owner = service.entry.operator
    if owner is None or not organizations:
        return owner is not None or service.entry.category is None
    own = f" {fold(owner)} "
    return any(f" {name} " in own or own in f" {name} " for name in organizations)


def _named(names: Iterable[NameMention]) -> dict[str, list[NameMention]]:
    """Mentions by name; a name that holds another one ("Rogers Communications", "Rogers") is the same party."""
    groups: dict[str, list[NameMention]] = {}
    for mention in names:
        key = fold(mention.entry.name) if mention.entry else fold(mention.name)
        for name in groups:
            other = fold(groups[name][0].entry.name) if groups[name][0].entry else fold(name)  # type: ignore[union-attr]
            if other == key or f" {key} " in f" {fold(name)} " or f" {fold(name)} " in f" {key} ":
                groups[name].append(mention)
                break
        else:
            groups[mention.name] = [mention]
    return groups


def _role(group: Sequence[NameMention]) -> str:
    parties = [n.party for n in group if n.party]
    return Counter(parties).most_common(1)[0][0] if parties and len(parties) * 2 >= len(group) else "operator"


def _locations(context: Context, inside: set[int]) -> tuple[Location, ...]:
    clauses = context.mentions.clauses
    groups = _named(n for n in context.mentions.names if n.type == "place" and clauses.of(n.first).index in inside)
    return tuple(
        Location(
            name=name,
            evidence=tuple(context.evidence(n.first, n.last) for n in group),
            confidence=0.7,
            rule=group[0].rule,
        )
        for name, group in groups.items()
    )


def _kind(context: Context, thread: Thread, components: Sequence[Component]) -> str:
    """The gravest kind that the events name; a degradation when all that is said is partial."""
    kinds = Counter(event.kind for event in thread.events)
    for kind in ("data_breach", "data_loss"):
        if kinds[kind] and kinds[kind] * 2 >= sum(kinds.values()):
            return kind
    statuses = {c.status for c in components}
    if kinds and kinds.most_common(1)[0][0] == "degradation":
        return "degradation"
    if statuses and not statuses & {"failed"} and "degraded" in statuses:
        return "degradation"
    return kinds.most_common(1)[0][0] if kinds else "outage"


def _status(context: Context, thread: Thread, resolved: PlacedTime | None, length: Length | None) -> str:
    inside = set(thread.clauses)
    told = [p for p in context.mentions.predicates if p.clause in inside and p.real]
    ongoing = [p for p in told if p.phase == "ongoing"]
    recovered = [p for p in told if p.phase == "resolved" or p.rule.effect == "recovered"]
    if resolved is not None or (recovered and (not ongoing or ongoing[-1].first < recovered[-1].first)):
        return "resolved"
    if ongoing:
        return "ongoing"
    return "resolved" if length is not None and length.value is not None else "unknown"


def _summary(context: Context, thread: Thread) -> Evidence | None:
    """The sentence that tells most of the incident: its causes, failures and times."""
    inside = set(thread.clauses)
    mentions = context.mentions
    score: Counter[int] = Counter()
    told = (
        (mentions.causes, 2),
        (mentions.components, 1),
        (mentions.impacts, 1),
        (thread.events, 2),
    )
    for items, weight in told:
        for item in items:
            if item.clause in inside:
                score[mentions.clauses.all[item.clause].sentence] += weight
    if not score:
        return None
    best = min(score, key=lambda index: (-score[index], index))
    sentence = context.words.sentences[best]
    return context.evidence(sentence.first, sentence.last)


def _confidence(
    thread: Thread, started: PlacedTime | None, causes: Sequence[Cause], components: Sequence[Component]
) -> float:
    told = [any(e.strong for e in thread.events), started is not None, bool(causes), bool(components)]
    return round(0.5 + 0.11 * sum(told), 2)


def _warnings(
    context: Context,
    record: Incident,
    started: PlacedTime | None,
    resolved: PlacedTime | None,
    contradicted: Length | None,
) -> Iterable[Warning]:
    number = record.id.rpartition("#")[2]
    clocks = [p for p in (started, resolved) if p is not None and p.time.precision in ("minute", "second")]
    if clocks and not any(p.time.timezone for p in clocks):
        told = tuple(context.at(p.time.start, p.time.end) for p in clocks)
        listed = " and ".join(e.text for e in told)
        yield Warning(
            code="timezone_unknown",
            message=f"The text names no time zone: {listed} are local times of an unnamed place.",
            incident=record.id,
            evidence=told,
        )
    if contradicted is not None:
        told = tuple(context.at(p.time.start, p.time.end) for p in contradicted.times)
        derived = record.duration.value if record.duration else None
        yield Warning(
            code="duration_contradicts",
            message=(
                f"Incident {number}: the text says {told[0].text!r}, its clock times give {derived}; "
                "the clock was kept."
            ),
            incident=record.id,
            evidence=told,
        )
    yield from _conflict(record, number)
    if record.started_at is None and record.resolved_at is None:
        yield Warning(
            code="incident_undated",
            message=f"Incident {number}: the text gives no date for it; start and end stay open.",
            incident=record.id,
            evidence=record.evidence[:1],
        )


def _conflict(record: Incident, number: str) -> Iterable[Warning]:
    """The narrator and a quoted speaker, or two speakers, name roots of different classes."""
    roots = [c for c in record.causes if c.role == "root" and c.certainty == "stated" and c.category != "unknown"]
    voices = {(c.category, c.evidence[0].speaker) for c in roots}
    if len({category for category, _ in voices}) > 1 and len({speaker for _, speaker in voices}) > 1:
        told = tuple(c.evidence[0] for c in roots)
        listed = " and ".join(repr(e.text) for e in told)
        yield Warning(
            code="cause_conflict",
            message=f"Incident {number}: different voices name different causes: {listed}; all were kept.",
            incident=record.id,
            evidence=told,
        )


def _unique(evidence: Iterable[Evidence]) -> list[Evidence]:
    return list({(e.start, e.end): e for e in evidence}.values())
