"""Reports built by hand for the views: the text is cut into evidence by its own words."""

from hashlib import sha256

from extractor.records import (
    Action,
    Cause,
    Component,
    DetectedLanguage,
    DocumentInfo,
    Duration,
    Evidence,
    Impact,
    Incident,
    Location,
    Moment,
    Organization,
    Provenance,
    Quantity,
    Report,
    Seconds,
    Service,
    TimelineEntry,
    TimeMention,
    Warning,
)

TEXT = (
    "Harbour Bank could not take payments on Tuesday. From 9:40 the card gateway HarbourPay was down, "
    "and the mobile application was slow until about 14:00. Cash machines kept working. "
    "A certificate had expired overnight, said Mira Holm, and perhaps a retry storm made it worse. "
    "Some 40,000 customers in Bergen could not pay. No data was lost. Engineers renewed the certificate. "
    "In 2019 a flood had silenced Nordlink for hours."
)
#: What a hostile text puts in place of words of the same length.
ATTACKS = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "${policy} $body {{ 7*7 }} %(x)s",
    "]]><!-- <style>*{display:none}",
    "[bold red]loud[/bold red][link=http://evil.example]x[/link] :smile:",
    "\x1b[31mred\x1b[0m\x1b]8;;http://evil.example\x07x",
    "a\u2028b\u2029c\u202egnp\u2066x\u2069\u200f",
    "\x00\x01\x7f\x9b31m\ud800\ufdd0\ufeff\r\n\t",
)


def document(text: str, **changes: object) -> DocumentInfo:
    fields: dict[str, object] = {
        "id": "harbour.txt",
        "published": "2021-03-10",
        "published_basis": "given",
        "language": DetectedLanguage(code="en", confidence=0.99, basis="detected"),
        "sha256": sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "length": len(text),
    }
    return DocumentInfo.model_validate(fields | changes)


def said(words: str, speaker: str | None = None, text: str = TEXT) -> Evidence:
    start = TEXT.index(words)
    return Evidence(start=start, end=start + len(words), text=text[start : start + len(words)], speaker=speaker)


def harbour(
    text: str = TEXT, name: str = "Harbour Bank", rule: str | None = None, published: str | None = "2021-03-10"
) -> Report:
    """The report on TEXT, or on another text of the same length; ``name`` and ``rule`` may be hostile too."""

    def words(*parts: str, speaker: str | None = None) -> tuple[Evidence, ...]:
        return tuple(said(part, speaker, text) for part in parts)

    started = Moment(
        value="2021-03-09T09:40",
        earliest="2021-03-09T09:40:00",
        latest="2021-03-09T09:41:00",
        precision="minute",
        timezone="Europe/Oslo",
        basis="context",
        evidence=words("9:40", "Tuesday"),
        rule=rule,
    )
    resolved = Moment(
        value="2021-03-09T14:00",
        earliest="2021-03-09T13:30:00",
        latest="2021-03-09T14:30:00",
        precision="minute",
        timezone="Europe/Oslo",
        approximate=True,
        basis="context",
        evidence=words("about 14:00", "Tuesday"),
        rule=rule,
    )
    night = Moment(
        value="2021-03-08",
        earliest="2021-03-08T21:00:00",
        latest="2021-03-09T06:00:00",
        precision="part_of_day",
        basis="context",
        evidence=words("overnight"),
    )
    gateway = Incident(
        id="harbour.txt#1",
        role="primary",
        kind="outage",
        status="resolved",
        summary=words("Harbour Bank could not take payments on Tuesday.")[0],
        evidence=words("could not take payments"),
        organizations=(Organization(name=name, role="operator", evidence=words("Harbour Bank")),),
        services=(Service(name="HarbourPay", evidence=words("HarbourPay")),),
        locations=(Location(name="Bergen", evidence=words("Bergen")),),
        started_at=started,
        resolved_at=resolved,
        duration=Duration(
            value="PT4H20M",
            seconds=Seconds(value=15_600, min=13_800, max=17_400),
            approximate=True,
            basis="derived",
            evidence=words("9:40", "about 14:00"),
        ),
        timeline=(
            TimelineEntry(kind="other", moment=night, text="expired", evidence=words("A certificate had expired")),
            TimelineEntry(kind="started", moment=started, text="down", evidence=words("was down")),
        ),
        components=(
            Component(name="Cash machines", category="payment", status="unaffected", evidence=words("Cash machines")),
            Component(
                name="card gateway", category="payment", status="failed", evidence=words("card gateway", "was down")
            ),
            Component(
                name="mobile application",
                category="application",
                status="degraded",
                evidence=words("mobile application"),
            ),
            Component(name="certificate", category="certificate", status="failed", evidence=words("certificate")),
        ),
        causes=(
            Cause(
                text="retry storm",
                category="load",
                detail="retry_storm",
                role="contributing",
                certainty="suspected",
                evidence=words("a retry storm made it worse", speaker="Mira Holm"),
            ),
            Cause(
                text="certificate",
                category="config",
                detail="certificate_expiry",
                evidence=words("certificate had expired overnight", speaker="Mira Holm"),
                rule=rule,
            ),
        ),
        impacts=(
            Impact(
                text="customers",
                kind="unavailable",
                quantity=Quantity(value=40_000, unit="people", approximate=True),
                evidence=words("Some 40,000 customers in Bergen could not pay"),
            ),
            Impact(text="No data was lost", kind="data_loss", affected=False, evidence=words("No data was lost")),
        ),
        actions=(Action(text="renewed", kind="fix", evidence=words("Engineers renewed the certificate")),),
        rule=rule,
        looked_for={"detected_at": "words of noticing beside a time"} if rule else None,
    )
    flood = Incident(
        id="harbour.txt#2",
        role="background",
        kind="outage",
        status="unknown",
        evidence=words("had silenced"),
        organizations=(Organization(name="Nordlink", role="operator", evidence=words("Nordlink")),),
        started_at=Moment(value="2019", earliest="2019-01-01T00:00:00", latest="2020-01-01T00:00:00", precision="year",
                          basis="explicit", evidence=words("2019")),
        causes=(Cause(text="a flood", category="natural_disaster", detail="flood", evidence=words("flood")),),
    )  # fmt: skip
    return Report(
        document=document(text, published=published, published_basis="given" if published else None),
        relevance=0.974,
        incidents=(gateway, flood),
        times=times(text, open_year=published is None),
        warnings=(
            Warning(
                code="timezone_unknown", message="No zone is told.", incident="harbour.txt#1", evidence=words("9:40")
            ),
        ),
        provenance=Provenance(extractor="1", pipeline="2", knowledge="3"),
    )


def times(text: str, *, open_year: bool) -> tuple[TimeMention, ...]:
    day = "XXXX-XX-XX" if open_year else "2021-03-09"
    values = (
        ("Tuesday", "date", day, False),
        ("9:40", "time", f"{day}T09:40", False),
        ("about 14:00", "time", f"{day}T14:00", True),
        ("2019", "date", "2019", False),
        ("for hours", "duration", "PTXH", True),
    )
    return tuple(
        TimeMention.model_validate(
            said(words, None, text).model_dump()
            | {"type": kind, "value": value, "approximate": hedged, "basis": "context"}
        )
        for words, kind, value, hedged in values
    )


def hostile(attack: str) -> str:
    """TEXT with every stretch of letters overwritten by an attack, as long as before."""
    return (attack * (len(TEXT) // len(attack) + 1))[: len(TEXT)]
