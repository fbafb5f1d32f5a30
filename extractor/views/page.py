"""The HTML page: the text with its evidence marked, beside the records that it supports; one file, no network."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from string import Template

from extractor.records import Evidence, Incident, Report, TimeMention, Warning
from extractor.views.axis import time_axis
from extractor.views.facts import (
    KINDS,
    Fact,
    headline,
    incident_facts,
    incident_number,
    open_dates,
    overview,
    report_line,
    rule_words,
    who,
)
from extractor.views.markup import Html, join, tag, text_of, void
from extractor.views.spans import Segment, Span, fact_spans, segments, time_spans
from extractor.views.wording import counted, language_name, one_line, published_words, time_words

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MARK_CLASSES = {"✗": "failed", "✓": "spared", "~": "unsure", "?": "unsure"}
_OVERVIEW_HEADS = ("#", "who: what", "started", "resolved", "lasted", "cause", "broke")
_TIME_HEADS = ("at", "words", "value", "meaning", "dated from")


def render_page(report: Report, text: str) -> str:
    """Show a report as one HTML page that needs nothing else.

    Whatever the text holds is shown as text: it is escaped, its control characters are replaced by pictures of them,
    and the page's policy lets only its own style and script act. The same report gives the same bytes.

    Args:
        report: What the document says.
        text: The text that it was read from.

    Returns:
        A complete HTML document.

    Example:
        >>> from extractor.records import DetectedLanguage, DocumentInfo, Provenance
        >>> document = DocumentInfo(id="a.txt", sha256="", length=9,
        ...     language=DetectedLanguage(code="en", confidence=1, basis="detected"))
        >>> versions = Provenance(extractor="1", pipeline="1", knowledge="1")
        >>> page = render_page(Report(document=document, relevance=0, provenance=versions), "</script>")
        >>> "&lt;/script&gt;" in page, page.count("</script>")
        (True, 1)
    """
    facts = [incident_facts(incident, number) for number, incident in enumerate(report.incidents, start=1)]
    style, script = _resource("page.css"), _resource("page.js")
    return Template(_resource("page.html")).substitute(
        policy=text_of(_policy(style, script)),
        title=text_of(f"Incidents in {one_line(report.document.id)}"),
        style=style,
        script=script,
        body=_body(report, text, facts),
    )


@cache
def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    sources = f"style-src {_hash(style)}; script-src {_hash(script)}"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode('ascii')}'"


def _body(report: Report, text: str, facts: list[tuple[Fact, ...]]) -> Html:
    return join(
        tag("a", "Skip to the records", href="#records", class_="skip"),
        _head(report),
        tag(
            "main",
            _overview(report),
            tag("div", _reading(report, text, facts), _records(report, len(text), facts), class_="columns"),
            _times(report, len(text)),
        ),
        _foot(report),
    )


def _head(report: Report) -> Html:
    document = report.document
    known = (
        language_name(document.language.code),
        published_words(document.published, document.published_basis, open_dates(report)),
        counted(document.length, "character"),
    )
    things = counted(len(report.warnings), "thing")
    check = tag("a", f"{things} to check", href="#warnings", class_="check") if report.warnings else Html()
    title = tag("p", tag("bdi", one_line(document.title))) if document.title else Html()
    return tag(
        "header",
        tag("h1", tag("bdi", one_line(document.id))),
        title,
        tag("p", " · ".join(known), class_="soft"),
        tag("p", " · ".join(report_line(report).split("   ")), " " if report.warnings else "", check),
        class_="head",
    )


def _overview(report: Report) -> Html:
    if not report.incidents:
        said = "No incident was found: the text tells of nothing that broke."
        return tag("section", tag("p", said), class_="overview card")
    rows = (_overview_row(incident, number) for number, incident in enumerate(report.incidents, start=1))
    legend = "~ about · * computed from two times · ? suspected · (n) background · - the text does not say"
    return tag(
        "section",
        tag("h2", "Overview"),
        tag("div", _table(_OVERVIEW_HEADS, join(*rows)), class_="scroll"),
        tag("p", legend, class_="at"),
        class_="overview card",
    )


def _overview_row(incident: Incident, number: int) -> Html:
    row = overview(incident, number)
    name = tag("a", tag("bdi", row.who), href=f"#i{number}")
    cells = (row.number, name, row.started, row.resolved, row.lasted, row.cause, row.broke)
    return tag("tr", *(tag("td", cell, data_label=head) for head, cell in zip(_OVERVIEW_HEADS, cells, strict=True)))


def _table(heads: tuple[str, ...], rows: Html) -> Html:
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))
    return tag("table", head, tag("tbody", rows))


def _reading(report: Report, text: str, facts: list[tuple[Fact, ...]]) -> Html:
    spans = sorted([*fact_spans(chain.from_iterable(facts), len(text)), *time_spans(report, len(text))])
    starts = {span.start for span in spans}
    words = join(*(_segment(segment, text, starts) for segment in segments(0, len(text), spans)))
    code = _language_tag(report.document.language.code)
    return tag(
        "section",
        tag("h2", "The text"),
        _legend(spans),
        tag("div", words, class_="text", lang=code, dir=_direction(text)),
        class_="reading card",
        tabindex="0",
        aria_label="The text with its evidence",
    )


def _legend(spans: list[Span]) -> Html:
    used = {span.kind for span in spans}
    labels = (
        tag("label", void("input", type="checkbox", id=f"show-{kind}", checked=""), word, class_=kind)
        for kind, word in KINDS.items()
        if kind in used
    )
    return tag("fieldset", *labels, class_="legend", aria_label="Kinds of evidence")


def _segment(segment: Segment, text: str, starts: set[int]) -> Html:
    words = text_of(text[segment.start : segment.end])
    if not segment.spans:
        return words
    inner = segment.spans[0]
    outer = next((span.kind for span in segment.spans if span.kind != inner.kind), None)
    keys = list(dict.fromkeys(_anchor(span.target) for span in segment.spans))
    link = tag("a", words, href=f"#{keys[0]}", title="; ".join(_labels(segment)))
    return tag(
        "mark",
        link,
        class_=f"{inner.kind} over-{outer}" if outer else inner.kind,
        id=f"s{segment.start}" if segment.start in starts else None,
        data_facts=" ".join(keys),
    )


def _labels(segment: Segment) -> list[str]:
    numbered = (
        f"{span.target.partition('.')[0]} {span.label}" if "." in span.target else span.label for span in segment.spans
    )
    return list(dict.fromkeys(one_line(label) for label in numbered))


def _anchor(target: str) -> str:
    """The id of the element that shows a fact ("f2-5") or a temporal expression ("t3")."""
    return f"f{target.replace('.', '-')}" if "." in target else target


def _records(report: Report, length: int, facts: list[tuple[Fact, ...]]) -> Html:
    code = _language_tag(report.document.language.code)
    cards = (
        _incident(incident, number, lines, length, code)
        for number, (incident, lines) in enumerate(zip(report.incidents, facts, strict=True), start=1)
    )
    return tag("div", *cards, _warnings(report, length, code), class_="records", id="records")


def _incident(incident: Incident, number: int, facts: tuple[Fact, ...], length: int, code: str) -> Html:
    header = tag(
        "header",
        tag("h3", f"{number}  ", tag("bdi", who(incident))),
        tag("p", headline(incident), class_="soft"),
        _rule(rule_words(incident)),
    )
    rows = (_fact(fact, length, code) for fact in facts)
    empty = (_looked_for(field, said) for field, said in (incident.looked_for or {}).items())
    body = tag("div", *rows, *empty, class_="facts")
    return tag("article", header, time_axis(incident) or Html(), body, class_="incident card", id=f"i{number}")


def _fact(fact: Fact, length: int, code: str) -> Html:
    key = _anchor(fact.key)
    rule = rule_words(fact.judged) if fact.kind != "event" else ""
    return tag(
        "div",
        tag("span", fact.mark.strip(), class_=_MARK_CLASSES.get(fact.mark)),
        tag("span", fact.label, class_="field"),
        tag("span", tag("bdi", fact.value), class_="value"),
        tag("p", *_pieces(fact, length, code), class_="words"),
        _rule(rule),
        class_=f"fact {fact.kind}",
        id=key,
        data_facts=key,
    )


def _pieces(fact: Fact, length: int, code: str) -> Iterator[Html]:
    for piece in fact.pieces:
        yield text_of(piece.lead)
        if piece.evidence is not None:
            yield _quote(piece.evidence, length, code)


def _quote(evidence: Evidence, length: int, code: str) -> Html:
    words = one_line(evidence.text)
    inside = evidence.start < evidence.end <= length
    linked = tag("a", words, href=f"#s{evidence.start}") if inside else text_of(words)
    voice = f", says {one_line(evidence.speaker)}" if evidence.speaker else ""
    position = tag("span", f" {evidence.start}{voice}", class_="at")
    return join(tag("q", linked, lang=code, dir="auto"), position)


def _rule(words: str) -> Html:
    return tag("p", words, class_="rule") if words else Html()


def _looked_for(field: str, said: str) -> Html:
    return tag(
        "div",
        tag("span"),
        tag("span", one_line(field), class_="soft"),
        tag("span", "not told", class_="soft"),
        tag("p", one_line(said), class_="words soft"),
        class_="fact",
    )


def _warnings(report: Report, length: int, code: str) -> Html:
    if not report.warnings:
        return Html()
    items = (_warning(warning, incident_number(report, warning.incident), length, code) for warning in report.warnings)
    heading = tag("h2", "! To check")
    return tag("section", heading, tag("ul", *items), class_="warnings card", id="warnings")


def _warning(warning: Warning, number: str, length: int, code: str) -> Html:
    about = join(" ", tag("a", f"incident {number}", href=f"#i{number}"), ":") if number else Html()
    quotes = [join(", " if place else " ", _quote(words, length, code)) for place, words in enumerate(warning.evidence)]
    return tag("li", tag("code", one_line(warning.code)), about, " ", one_line(warning.message), *quotes)


def _times(report: Report, length: int) -> Html:
    if not report.times:
        return Html()
    code = _language_tag(report.document.language.code)
    rows = (_time_row(mention, place, length, code) for place, mention in enumerate(report.times, start=1))
    heading = tag("h2", "Times")
    return tag("section", heading, tag("div", _table(_TIME_HEADS, join(*rows)), class_="scroll"), class_="times card")


def _time_row(mention: TimeMention, place: int, length: int, code: str) -> Html:
    words = one_line(mention.text)
    inside = mention.start < mention.end <= length
    linked = tag("a", words, href=f"#s{mention.start}") if inside else text_of(words)
    rule = f", rule {one_line(mention.rule)}" if mention.rule else ""
    cells = (
        tag("td", str(mention.start), class_="at"),
        tag("td", tag("q", linked, lang=code, dir="auto")),
        tag("td", tag("code", one_line(mention.value))),
        tag("td", time_words(mention)),
        tag("td", f"{mention.basis}{rule}", class_="soft"),
    )
    return tag("tr", *cells, id=f"t{place}", data_facts=f"t{place}", class_="time")


def _foot(report: Report) -> Html:
    made = report.provenance
    versions = f"extractor {made.extractor} · pipeline {made.pipeline} · knowledge {made.knowledge}"
    return tag("footer", one_line(f"{versions} · sha256 of the text {report.document.sha256}"))


def _language_tag(code: str) -> str:
    return code if _LANGUAGE_TAG.fullmatch(code) else "und"


def _direction(text: str) -> str:
    """The direction of the first letter that has one."""
    directions = (unicodedata.bidirectional(character) for character in text)
    first = next((direction for direction in directions if direction in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"
