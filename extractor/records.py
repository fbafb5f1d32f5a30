"""The records: plain data that says what a document reports, and with which words.

This module imports neither spaCy nor a database, so that a light client can use it alone. JSON names are the field
names. Every record is frozen; offsets are code points into the document's text.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

SCHEMA_VERSION = "1"

LanguageBasis = Literal["detected", "given"]
PublishedBasis = Literal["given", "metadata", "url", "dateline"]
IncidentRole = Literal["primary", "background"]
IncidentKind = Literal["outage", "degradation", "malfunction", "data_loss", "data_breach", "other"]
IncidentStatus = Literal["ongoing", "resolved", "unknown"]
OrganizationRole = Literal["operator", "affected", "supplier"]
Precision = Literal["year", "month", "week", "day", "part_of_day", "minute", "second"]
MomentBasis = Literal["explicit", "publication", "context", "derived"]
DurationBasis = Literal["stated", "derived"]
TimelineKind = Literal["started", "detected", "mitigated", "resolved", "planned", "other"]
ComponentCategory = Literal[
    "application", "api", "authentication", "backup", "broadcast", "cache", "cdn", "certificate", "client_software",
    "compute", "container", "control_plane", "cooling", "data_center", "database", "dns", "email", "firewall",
    "hardware", "industrial", "load_balancer", "message_queue", "messaging", "monitoring", "network",
    "operating_system", "payment", "power", "router", "storage", "telephony", "cable", "website", "other",
]  # fmt: skip
ComponentStatus = Literal["failed", "degraded", "unaffected", "mentioned"]
CauseCategory = Literal[
    "bug", "config", "upgrade", "human", "load", "network", "power", "facility", "hardware", "storage", "server",
    "security", "dependency", "natural_disaster", "unknown",
]  # fmt: skip
CauseDetail = Literal[
    "certificate_expiry", "domain_expiry", "wrong_value",
    "bgp", "dns", "routing", "cable_cut", "congestion",
    "grid", "ups", "generator", "supply_unit",
    "fire", "cooling", "water",
    "wrong_command", "wrong_procedure", "excavation", "anchor",
    "deployment", "migration", "maintenance", "test", "rollback",
    "demand_peak", "retry_storm", "quota",
    "race_condition", "memory_leak", "leap_second", "date_handling",
    "disk_full", "corruption",
    "ddos", "ransomware", "intrusion", "sabotage", "theft",
    "lightning", "storm", "flood", "earthquake", "heat",
]  # fmt: skip
CauseRole = Literal["root", "trigger", "contributing"]
CauseCertainty = Literal["stated", "suspected", "denied"]
ImpactKind = Literal[
    "unavailable", "degraded", "delayed", "wrong_result", "data_loss", "data_exposure", "financial", "safety",
    "operations", "other",
]  # fmt: skip
ImpactCertainty = Literal["stated", "suspected"]
ActionKind = Literal["mitigation", "fix", "prevention"]
TimeType = Literal["date", "time", "duration", "set", "interval"]


class Record(BaseModel):
    """A frozen record; fields named in ``omitted_when_none`` are left out of the JSON while they are empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    omitted_when_none: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _leave_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        for name in self.omitted_when_none:
            if data.get(name) is None:
                data.pop(name, None)
        return data


class Evidence(Record):
    """The words of the text that a value rests on.

    Attributes:
        start: First code point of the words in the document's text.
        end: One past the last code point; ``text[start:end]`` equals ``Evidence.text``.
        text: The words.
        speaker: The name in the text whose words these are; left out when they are the narrator's.

    Example:
        >>> Evidence(start=0, end=5, text="10h15").model_dump()
        {'start': 0, 'end': 5, 'text': '10h15'}
    """

    omitted_when_none = frozenset({"speaker"})

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    speaker: str | None = None


class Judged(Record):
    """Anything that was decided: how sure the decision is and, when asked for, the rule that made it."""

    omitted_when_none = frozenset({"rule"})

    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    rule: str | None = Field(default=None, description="what decided it; only with --explain")


class Moment(Judged):
    """A point of the calendar, as exact as the text is.

    Attributes:
        value: ISO 8601 (2011-04-25, 2011-04-26T10:15, 2011-04, 2011-W17, 2011; XXXX-04-25 when no year can be
            known), or null when only a bound is told.
        earliest: Lower bound, included: ISO date-time in the text's wall clock, never with an offset; null is open.
        latest: Upper bound, excluded.
        precision: How fine the text is; null when only a bound is told.
        timezone: IANA name or offset, null if the text gives none.
        approximate: The text hedges the value.
        basis: Where day and year come from.
        evidence: The words, and the anchor that gave day or year.
    """

    value: str | None
    earliest: str | None = None
    latest: str | None = None
    precision: Precision | None = None
    timezone: str | None = None
    approximate: bool = False
    basis: MomentBasis
    evidence: tuple[Evidence, ...] = ()


class Seconds(Record):
    """A length in seconds with its bounds; null is open."""

    value: int | None = None
    min: int | None = None
    max: int | None = None


class Duration(Judged):
    """How long it lasted: ISO 8601 value (null when vague), bounds in seconds, and whether it was told or computed."""

    value: str | None
    seconds: Seconds
    approximate: bool = False
    basis: DurationBasis
    evidence: tuple[Evidence, ...] = ()


class Organization(Judged):
    """A party to the incident; its aliases in the text are further evidence."""

    name: str
    role: OrganizationRole
    evidence: tuple[Evidence, ...]


class Service(Judged):
    """A named service of the operator."""

    name: str
    evidence: tuple[Evidence, ...]


class Location(Judged):
    """A place that the text ties to the incident."""

    name: str
    evidence: tuple[Evidence, ...]


class TimelineEntry(Judged):
    """A dated step of the incident."""

    kind: TimelineKind
    moment: Moment
    text: str
    evidence: tuple[Evidence, ...]


class Component(Judged):
    """What failed, degraded or was spared, under the text's own name."""

    name: str
    category: ComponentCategory
    status: ComponentStatus
    evidence: tuple[Evidence, ...]


class Cause(Judged):
    """Why it happened: the shortest complete phrase, its class (Gunawi et al., SoCC 2016, plus facility) and part."""

    text: str
    category: CauseCategory
    detail: CauseDetail | None = None
    role: CauseRole = "root"
    certainty: CauseCertainty = "stated"
    evidence: tuple[Evidence, ...]


class Quantity(Record):
    """A number of the impact: people, devices, sites, flights ... or an ISO 4217 currency."""

    value: float
    unit: str = Field(
        pattern="^(people|devices|sites|flights|transactions|requests|reports|records|percent|bytes|[A-Z]{3})$"
    )
    approximate: bool = False


class Impact(Judged):
    """What it did, and to whom; ``affected`` is false for what did not happen ("no data was lost")."""

    text: str
    kind: ImpactKind
    affected: bool = True
    certainty: ImpactCertainty = "stated"
    quantity: Quantity | None = None
    evidence: tuple[Evidence, ...]


class Action(Judged):
    """What people did about it."""

    text: str
    kind: ActionKind
    evidence: tuple[Evidence, ...]


class Incident(Judged):
    """One thing that broke."""

    omitted_when_none = frozenset({"rule", "looked_for"})

    id: str
    role: IncidentRole
    kind: IncidentKind
    status: IncidentStatus
    summary: Evidence | None = None
    evidence: tuple[Evidence, ...] = ()
    organizations: tuple[Organization, ...] = ()
    services: tuple[Service, ...] = ()
    locations: tuple[Location, ...] = ()
    started_at: Moment | None = None
    detected_at: Moment | None = None
    mitigated_at: Moment | None = None
    resolved_at: Moment | None = None
    duration: Duration | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    components: tuple[Component, ...] = ()
    causes: tuple[Cause, ...] = ()
    impacts: tuple[Impact, ...] = ()
    actions: tuple[Action, ...] = ()
    looked_for: dict[str, str] | None = Field(
        default=None, description="for each field that stayed empty, what was looked for; only with --explain"
    )


class TimeMention(Record):
    """A temporal expression of the text, in TIMEX3's terms.

    Attributes:
        start: First code point of the expression.
        end: One past the last code point.
        text: The expression.
        type: date, time (finer than a day), duration, set or interval.
        value: TIMEX3 value: 2011-04-25, 2011-04-26T10:15, PT10H, PXD, 2011-W17, 2017-02-28TAF, a/b, XXXX-04-25,
            PRESENT_REF.
        earliest: Lower bound, included, in the text's wall clock; null for durations, sets and open dates.
        latest: Upper bound, excluded.
        precision: How fine a date or time is.
        timezone: IANA name or offset, when the text gives one.
        approximate: The text hedges the value.
        basis: Where day and year come from.
        rule: What read it; only with --explain.
    """

    omitted_when_none = frozenset({"rule"})

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    type: TimeType
    value: str
    earliest: str | None = None
    latest: str | None = None
    precision: Precision | None = None
    timezone: str | None = None
    approximate: bool = False
    basis: MomentBasis = "explicit"
    rule: str | None = Field(default=None, description="what read it; only with --explain")


class Warning(Record):
    """Something a reader should check: a stable code, a sentence, the incident it is about and the words."""

    code: str
    message: str
    incident: str | None = None
    evidence: tuple[Evidence, ...] = ()


class DetectedLanguage(Record):
    """ISO 639-1 code (``und`` when nothing tells), how sure, and whether it was given."""

    code: str
    confidence: float = Field(ge=0.0, le=1.0)
    basis: LanguageBasis


class DocumentInfo(Record):
    """The document that was read; the text itself travels only on request."""

    omitted_when_none = frozenset({"text"})

    id: str
    uri: str | None = None
    title: str | None = None
    published: str | None = None
    published_basis: PublishedBasis | None = None
    language: DetectedLanguage
    sha256: str
    length: int
    text: str | None = Field(default=None, description="the text; only with --include-text")


class Provenance(Record):
    """The versions that produced the report."""

    extractor: str
    pipeline: str
    knowledge: str


class Report(Record):
    """What one document says: its incidents, every temporal expression, and what to check."""

    schema_version: str = SCHEMA_VERSION
    document: DocumentInfo
    relevance: float = Field(ge=0.0, le=1.0)
    incidents: tuple[Incident, ...] = ()
    times: tuple[TimeMention, ...] = ()
    warnings: tuple[Warning, ...] = ()
    provenance: Provenance
