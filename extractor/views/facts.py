"""A report turned into lines to show: one fact a value, with its words; the same for the table and the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from extractor.records import (
    Action,
    Cause,
    Component,
    Duration,
    Evidence,
    Impact,
    Incident,
    Judged,
    Location,
    Moment,
    Organization,
    Report,
    Service,
    TimelineEntry,
)
from extractor.views.wording import (
    duration_short,
    duration_words,
    is_open_date,
    moment_short,
    moment_words,
    one_line,
    quantity_words,
)

Kind = Literal["event", "time", "cause", "part", "impact", "action", "who"]
#: Every kind of evidence with its word for the legend, in the order of the legend.
KINDS: dict[Kind, str] = {
    "event": "what happened",
    "time": "time",
    "cause": "cause",
    "part": "part",
    "impact": "impact",
    "action": "action",
    "who": "who and where",
}
NOTHING = "-"
_CAUSE_LABELS = {"root": "root cause", "trigger": "trigger", "contributing": "contributed"}
_CAUSE_ORDER = ("root", "trigger", "contributing")
_PART_LABELS = {"failed": ("✗", "failed"), "degraded": ("~", "degraded"), "unaffected": ("✓", "spared")}
_PART_ORDER = ("failed", "degraded", "unaffected", "mentioned")
_NO_IMPACT = {
    "unavailable": "not unavailable",
    "degraded": "not degraded",
    "delayed": "not delayed",
    "wrong_result": "no wrong result",
    "data_loss": "no data loss",
    "data_exposure": "no data exposure",
    "financial": "no financial loss",
    "safety": "safety not touched",
    "operations": "operations not hit",
    "other": "",
}
_FINER_THAN_A_DAY = ("part_of_day", "minute", "second")


@dataclass(frozen=True)
class Piece:
    """Some interface words and then, mostly, words of the text."""

    lead: str
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Fact:
    """One value of an incident.

    Attributes:
        key: Where it stands, "2.5" for the fifth value of the second incident.
        kind: The kind of evidence.
        mark: ✗ failed, ~ degraded, ✓ spared, ? suspected, else blank.
        label: The field.
        value: The value as a person says it.
        pieces: The words it rests on.
        judged: The record, for its confidence and rule.
    """

    key: str
    kind: Kind
    mark: str
    label: str
    value: str
    pieces: tuple[Piece, ...]
    judged: Judged

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words of the text among the pieces."""
        return tuple(piece.evidence for piece in self.pieces if piece.evidence is not None)


@dataclass(frozen=True)
class Overview:
    """One incident on one line."""

    number: str
    who: str
    started: str
    resolved: str
    lasted: str
    cause: str
    broke: str


@dataclass(frozen=True)
class _Draft:
    kind: Kind
    label: str
    value: str
    pieces: tuple[Piece, ...]
    judged: Judged
    mark: str = " "


def incident_facts(incident: Incident, number: int) -> tuple[Fact, ...]:
    """List every value of an incident in the order in which a person asks: when, why, what, to whom, what then, who.

    Args:
        incident: An incident of the report.
        number: Its number in the report, from 1.

    Returns:
        The facts, each with a key that is the same for the same report.

    Example:
        >>> words = (Evidence(start=0, end=4, text="fire"),)
        >>> cause = Cause(text="fire", category="facility", detail="fire", evidence=words)
        >>> incident = Incident(id="a#1", role="primary", kind="outage", status="unknown", causes=(cause,))
        >>> [(fact.key, fact.label, fact.value) for fact in incident_facts(incident, 1)]
        [('1.1', 'root cause', 'facility, fire')]
    """
    return tuple(
        Fact(f"{number}.{place}", draft.kind, draft.mark, draft.label, draft.value, draft.pieces, draft.judged)
        for place, draft in enumerate(_drafts(incident), start=1)
    )


def overview(incident: Incident, number: int) -> Overview:
    """Put an incident on one line.

    Example:
        >>> overview(Incident(id="a#1", role="background", kind="outage", status="ongoing"), 1)
        Overview(number='(1)', who='not named', started='-', resolved='ongoing', lasted='-', cause='-', broke='-')
    """
    started, resolved = incident.started_at, incident.resolved_at
    unresolved = "ongoing" if incident.status == "ongoing" else NOTHING
    return Overview(
        number=f"({number})" if incident.role == "background" else str(number),
        who=who(incident),
        started=moment_words(started) if started else NOTHING,
        resolved=moment_short(resolved, started) if resolved else unresolved,
        lasted=duration_short(incident.duration) if incident.duration else NOTHING,
        cause=_main_cause(incident),
        broke=_broke(incident),
    )


def who(incident: Incident) -> str:
    """Name an incident by its party and service, else by the words that tell it.

    Example:
        >>> evidence = (Evidence(start=0, end=4, text="Acme"),)
        >>> who(Incident(id="a#1", role="primary", kind="outage", status="unknown",
        ...     organizations=(Organization(name="Acme", role="operator", evidence=evidence),)))
        'Acme'
    """
    ranked = sorted(incident.organizations, key=lambda party: ("operator", "affected", "supplier").index(party.role))
    parties = [party.name for party in ranked if party.role == ranked[0].role]
    names = [_few(parties), _few([service.name for service in incident.services])]
    named = ": ".join(name for name in names if name)
    return named or (one_line(incident.evidence[0].text) if incident.evidence else "not named")


def headline(incident: Incident) -> str:
    """Say what kind of incident it is and whether it is over.

    Example:
        >>> headline(Incident(id="a#1", role="background", kind="data_loss", status="unknown"))
        'data_loss, end not told (background)'
    """
    status = "end not told" if incident.status == "unknown" else incident.status
    return f"{incident.kind}, {status}{' (background)' if incident.role == 'background' else ''}"


def report_line(report: Report) -> str:
    """Say how surely this is an incident report, and how much it holds.

    Example:
        >>> from extractor.records import DetectedLanguage, DocumentInfo, Provenance
        >>> document = DocumentInfo(id="a", language=DetectedLanguage(code="en", confidence=1, basis="given"),
        ...     sha256="", length=0)
        >>> versions = Provenance(extractor="1", pipeline="1", knowledge="1")
        >>> report_line(Report(document=document, relevance=0.031, provenance=versions))
        'Probably no incident report (3 %)   no incidents'
    """
    percent = f"{round(report.relevance * 100)} %"
    judged = f"Incident report {percent}" if report.relevance >= 0.5 else f"Probably no incident report ({percent})"
    return f"{judged}   {_incident_count(report)}"


def open_dates(report: Report) -> int:
    """Count the dates that stay open for want of a publication date.

    Args:
        report: A report.

    Returns:
        Nought when the publication date is known.
    """
    if report.document.published is not None:
        return 0
    return sum(is_open_date(mention) for mention in report.times)


def incident_number(report: Report, incident_id: str | None) -> str:
    """Give the number under which an incident is shown, or nothing."""
    numbers = {incident.id: str(number) for number, incident in enumerate(report.incidents, start=1)}
    return numbers.get(incident_id or "", "")


def rule_words(judged: Judged) -> str:
    """Say which rule decided, and how sure it is; nothing without a rule.

    Example:
        >>> rule_words(Judged(confidence=0.9, rule="cause.noun_of"))
        'rule cause.noun_of, 90 % sure'
    """
    return f"rule {one_line(judged.rule)}, {round(judged.confidence * 100)} % sure" if judged.rule else ""


def listed(evidence: Iterable[Evidence]) -> tuple[Piece, ...]:
    """Make pieces of several words of the text, one after the other.

    Example:
        >>> [piece.lead for piece in listed([Evidence(start=0, end=1, text="a"), Evidence(start=2, end=3, text="b")])]
        ['', ', ']
    """
    return tuple(Piece(", " if place else "", words) for place, words in enumerate(evidence))


def _incident_count(report: Report) -> str:
    background = sum(incident.role == "background" for incident in report.incidents)
    primary = len(report.incidents) - background
    if not report.incidents:
        return "no incidents"
    said = f"{primary or 'no'} incident{'' if primary == 1 else 's'}"
    return f"{said}, {background} more mentioned in passing" if background else said


def _few(names: list[str]) -> str:
    shown = ", ".join(one_line(name) for name in names[:2])
    return f"{shown} +{len(names) - 2}" if len(names) > 2 else shown


def _main_cause(incident: Incident) -> str:
    causes = [cause for cause in _causes(incident) if cause.certainty != "denied"]
    causes.sort(key=lambda cause: (_CAUSE_ORDER.index(cause.role), -cause.confidence))
    if not causes:
        return NOTHING
    return f"{causes[0].category}{'?' if causes[0].certainty == 'suspected' else ''}"


def _broke(incident: Incident) -> str:
    parts = sorted(_parts(incident), key=lambda part: -part.confidence)
    broken = [part.category for part in parts if part.status in ("failed", "degraded")]
    categories = list(dict.fromkeys(broken))
    if not categories:
        return NOTHING
    return f"{categories[0]} +{len(categories) - 1}" if len(categories) > 1 else categories[0]


def _causes(incident: Incident) -> list[Cause]:
    return sorted(incident.causes, key=lambda cause: _CAUSE_ORDER.index(cause.role))


def _parts(incident: Incident) -> list[Component]:
    return sorted(incident.components, key=lambda part: _PART_ORDER.index(part.status))


def _drafts(incident: Incident) -> Iterator[_Draft]:
    if incident.summary is not None:
        yield _Draft("event", "in short", "", (Piece("", incident.summary),), incident)
    yield from _time_drafts(incident)
    yield from (_cause_draft(cause) for cause in _causes(incident))
    yield from (_part_draft(part) for part in _parts(incident))
    yield from (_impact_draft(impact) for impact in incident.impacts)
    yield from (_action_draft(action) for action in incident.actions)
    yield from (_who_draft(party, party.role) for party in incident.organizations)
    yield from (_who_draft(service, "service") for service in incident.services)
    yield from (_who_draft(place, "place") for place in incident.locations)
    if incident.evidence:
        yield _Draft("event", "told as", "", listed(incident.evidence), incident)


def _time_drafts(incident: Incident) -> Iterator[_Draft]:
    moments = {
        "started": incident.started_at,
        "detected": incident.detected_at,
        "mitigated": incident.mitigated_at,
        "resolved": incident.resolved_at,
    }
    for label, moment in moments.items():
        if moment is not None:
            yield _Draft("time", label, moment_words(moment), _moment_pieces(moment), moment)
    if incident.duration is not None:
        yield _duration_draft(incident.duration)
    for entry in incident.timeline:
        main = moments.get(entry.kind)
        if main is None or main.value != entry.moment.value:
            yield _timeline_draft(entry)


def _duration_draft(duration: Duration) -> _Draft:
    return _Draft("time", "lasted", duration_words(duration), listed(duration.evidence), duration)


def _timeline_draft(entry: TimelineEntry) -> _Draft:
    label = "timeline" if entry.kind == "other" else entry.kind
    dated = tuple(Piece(", " if place == 0 else piece.lead, piece.evidence)
                  for place, piece in enumerate(_moment_pieces(entry.moment)))  # fmt: skip
    return _Draft("time", label, moment_words(entry.moment), listed(entry.evidence) + dated, entry)


def _moment_pieces(moment: Moment) -> tuple[Piece, ...]:
    if not moment.evidence:
        return ()
    words, *anchors = moment.evidence
    lead = f"; {_open_part(moment, words)} from "
    if moment.basis == "publication":
        dated = Piece(f"{lead}the publication date")
        return (Piece("", words), *(Piece(", ", anchor) for anchor in anchors), dated)
    return (Piece("", words), *(Piece(", " if place else lead, anchor) for place, anchor in enumerate(anchors)))


def _open_part(moment: Moment, words: Evidence) -> str:
    """Which part of the date the words leave to something else: the year when they tell the day, else the day."""
    numbers = [int(number) for number in re.findall(r"\d+", words.text)]
    found = re.match(r"[\dX]{4}-\d\d-(\d\d)(?:T(\d\d)(?::(\d\d))?)?", moment.value or "")
    if found:
        day, *told_clock = (int(number) for number in found.groups() if number)
        for number in told_clock:
            if number in numbers:
                numbers.remove(number)
        if day in numbers:
            return "year"
    if moment.precision in _FINER_THAN_A_DAY:
        return "day"
    return "year" if moment.precision == "month" else "counted"


def _cause_draft(cause: Cause) -> _Draft:
    value = ", ".join(part for part in (cause.category, cause.detail) if part)
    pieces = listed(cause.evidence)
    if cause.certainty == "denied":
        return _Draft("cause", "no cause", f"{value} (denied)", pieces, cause, "✓")
    suspected = cause.certainty == "suspected"
    said = f"{value} (suspected)" if suspected else value
    return _Draft("cause", _CAUSE_LABELS[cause.role], said, pieces, cause, "?" if suspected else " ")


def _part_draft(part: Component) -> _Draft:
    mark, label = _PART_LABELS.get(part.status, (" ", part.status))
    return _Draft("part", label, part.category, listed(part.evidence), part, mark)


def _impact_draft(impact: Impact) -> _Draft:
    if not impact.affected:
        return _Draft("impact", "no impact", _NO_IMPACT[impact.kind], listed(impact.evidence), impact, "✓")
    quantity = quantity_words(impact.quantity) if impact.quantity else ""
    value = ", ".join(part for part in (impact.kind, quantity) if part)
    suspected = impact.certainty == "suspected"
    said = f"{value} (suspected)" if suspected else value
    return _Draft("impact", "impact", said, listed(impact.evidence), impact, "?" if suspected else "✗")


def _action_draft(action: Action) -> _Draft:
    return _Draft("action", "action", action.kind, listed(action.evidence), action)


def _who_draft(party: Organization | Service | Location, label: str) -> _Draft:
    return _Draft("who", label, one_line(party.name), listed(party.evidence), party)
