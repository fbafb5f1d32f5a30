import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from extractor.records import Evidence, Incident, Report
from extractor.views.facts import incident_facts
from extractor.views.spans import Span, segments, sentences
from extractor.views.table import render_table
from tests.views.reports import ATTACKS, TEXT, document, harbour, hostile

SHARED = Path(__file__).parents[3] / "shared"


def shown(report: Report, text: str = TEXT, *, width: int = 100, explain: bool = False, terminal: bool = False) -> str:
    out = StringIO()
    system = "truecolor" if terminal else None
    console = Console(file=out, width=width, force_terminal=terminal, color_system=system, legacy_windows=False)
    render_table(report, text, console, explain=explain)
    return out.getvalue()


def squeezed(line: str) -> str:
    return re.sub(r"\s+", " ", line).strip()


def lines(shown_text: str) -> list[str]:
    return [squeezed(line) for line in shown_text.splitlines()]


def quote_column(output: str) -> str:
    """The words column of every incident, all blanks left out."""
    kept: list[str] = []
    offset = 0
    for line in output.splitlines():
        if re.match(r"\d  \S", line):
            offset = 0
        elif offset == 0 and re.match(r"\s+(in short|started)\s.*«", line):
            offset = line.index("«")
        if offset:
            kept.append(line[offset:])
    return re.sub(r"\s", "", "".join(kept))


def test_the_golden_facts_of_the_table() -> None:
    said = lines(shown(harbour(), width=140))
    assert said[0] == f"harbour.txt English published 2021-03-10 (given) {len(TEXT)} characters"
    assert said[1] == "Incident report 97 % 1 incident, 1 more mentioned in passing ! 1 thing to check, at the end"
    for line in (
        "started 2021-03-09 09:40 Europe/Oslo « 9:40 » 54; day from « Tuesday » 40",
        "resolved ~2021-03-09 14:00 Europe/Oslo « about 14:00 » 139; day from « Tuesday » 40",
        "lasted 3 h 50 min to 4 h 50 min (computed) « 9:40 » 54, « about 14:00 » 139",
        "timeline 2021-03-08 night « A certificate had expired » 180, « overnight » 206",
        "root cause config, certificate_expiry « certificate had expired overnight » 182, says Mira Holm",
        "✗ failed payment « card gateway » 63, « was down » 87",
        "✗ certificate « certificate » 182",
        "~ degraded application « mobile application » 105",
        "✓ spared payment « Cash machines » 152",
        "✓ no impact no data loss « No data was lost » 321",
        "action fix « Engineers renewed the certificate » 339",
        "operator Harbour Bank « Harbour Bank » 0",
        "service HarbourPay « HarbourPay » 76",
        "place Bergen « Bergen » 299",
        "2 Nordlink outage, end not told (background)",
        "! timezone_unknown incident 1: No zone is told. « 9:40 » 54",
    ):
        assert line in said
    assert said[-1].startswith("! timezone_unknown")


def test_the_overview_is_one_line_an_incident() -> None:
    said = lines(shown(harbour(), width=140))
    assert "1 Harbour Bank: HarbourPay 2021-03-09 09:40 Europe/Oslo ~14:00 ~4 h 20 min* config payment +2" in said
    assert "(2) Nordlink 2019 - - natural_disaster -" in said
    assert "~ about * computed from two times (n) background - the text does not say" in said


def test_the_overview_is_stacked_where_the_columns_have_no_room() -> None:
    said = squeezed(shown(harbour(), width=60))
    assert (
        "started 2021-03-09 09:40 Europe/Oslo; resolved ~14:00; lasted ~4 h 20 min*; cause config; broke payment +2"
        in said
    )


def test_suspected_and_quantities_are_said() -> None:
    said = squeezed(shown(harbour(), width=200))
    assert "? contributed load, retry_storm (suspected) « a retry storm made it worse »" in said
    assert "✗ impact unavailable, about 40,000 people « Some 40,000 customers in Bergen could not pay »" in said


@pytest.mark.parametrize("width", range(60, 201))
def test_no_quote_is_ever_cut(width: int) -> None:
    report = harbour()
    output = shown(report, width=width)
    assert max(len(line) for line in output.splitlines()) <= width
    assert "…" not in output
    column = quote_column(output)
    for number, incident in enumerate(report.incidents, start=1):
        for fact in incident_facts(incident, number):
            for words in fact.evidence:
                assert re.sub(r"\s", "", f"«{words.text}»{words.start}") in column


@pytest.mark.parametrize("width", [60, 80, 200])
def test_words_without_blanks_and_wide_letters_wrap_too(width: int) -> None:
    text = "停電が発生し決済サービスが利用できなくなった" * 8 + "x" * 300
    evidence = Evidence(start=0, end=len(text), text=text)
    incident = Incident(id="a#1", role="primary", kind="outage", status="unknown", summary=evidence)
    report = Report(document=document(text), relevance=1, incidents=(incident,), provenance=harbour().provenance)
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", shown(report, text, width=width))


def test_without_a_publication_date_the_first_line_counts_the_open_dates() -> None:
    first = lines(shown(harbour(published=None)))[0]
    assert "no publication date: 3 dates stay open for want of it" in first


def test_a_text_without_incidents_still_shows_its_times() -> None:
    said = lines(shown(harbour().model_copy(update={"incidents": (), "relevance": 0.1, "warnings": ()})))
    assert said[1] == "Probably no incident report (10 %) no incidents"
    assert "No incident was found: the text tells of nothing that broke." in said
    assert "139 « about 14:00 » 2021-03-09T14:00 ~2021-03-09 14:00 context" in said
    assert any(line.endswith("PTXH several hours context") for line in said)


def test_explain_gives_the_rule_after_the_value_and_what_was_looked_for() -> None:
    report = harbour(rule="clock.after_from")
    said = lines(shown(report, explain=True))
    place = said.index("started 2021-03-09 09:40 « 9:40 » 54; day from « Tuesday » 40")
    assert said[place + 1] == "Europe/Oslo rule clock.after_from, 100 % sure"
    assert "- detected_at not told words of noticing beside a time" in said
    assert "clock.after_from" not in shown(report)
    assert "looked" not in shown(report)


def test_the_words_are_underlined_in_their_sentence_on_a_terminal_only() -> None:
    assert "The words" not in shown(harbour())
    output = shown(harbour(), terminal=True, width=120)
    assert re.search(r"\x1b\[[\d;]*4;?[\d;]*mCash machines\x1b\[0m kept working", output)
    assert "says Mira Holm" in output.partition("The words")[2]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("terminal", [False, True])
def test_hostile_words_are_only_shown(attack: str, terminal: bool) -> None:
    text = hostile(attack)
    report = harbour(text, name=attack, rule=attack)
    report = report.model_copy(update={"document": document(text, id=attack, title=attack)})
    output = shown(report, text, terminal=terminal, explain=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", output) if terminal else output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", plain)
    assert "\x1b]8" not in output
    if attack.startswith("[bold"):
        assert "[bold red]loud[/bold red]" in plain.replace("\n", " ")


def test_sentences_never_cut_a_span_and_cover_their_words() -> None:
    text = "One. Two and\nthree! Four? 五。六。"
    spans = [Span(5, 19, "cause", "1.1"), Span(26, 27, "part", "1.2")]
    found = [[(part.start, part.end) for part in sentence.segments] for sentence in sentences(text, spans, [])]
    assert found == [[(5, 19)], [(26, 27), (27, 28)]]


def test_overlapping_spans_are_split_and_nothing_is_lost() -> None:
    spans = [
        Span(0, 5, "cause", "1.1"),
        Span(3, 8, "part", "1.2"),
        Span(3, 5, "time", "t1"),
        Span(20, 30, "who", "1.3"),
    ]
    parts = list(segments(0, 10, spans))
    assert [(part.start, part.end, len(part.spans)) for part in parts] == [(0, 3, 1), (3, 5, 3), (5, 8, 1), (8, 10, 0)]
    assert parts[1].spans[0].kind == "time"


def test_long_runs_of_stops_take_linear_time() -> None:
    text = "." * 200_000 + "x"
    assert len(list(sentences(text, [Span(0, 1, "cause", "1.1")], []))) == 1


def test_the_seed_article_as_it_was_made_by_hand() -> None:
    record = SHARED / "seed-article.report.json"
    if not record.is_file():
        pytest.skip("not run: ../shared is absent")
    report = Report.model_validate_json(
        record.read_text("utf-8").replace('"precision": "hour"', '"precision": "minute"')
    )
    output = shown(report, (SHARED / "seed-article.fr.txt").read_text("utf-8"), width=110)
    said = [re.sub(r"[«»]", "", line) for line in lines(output)]
    wanted = (SHARED / "seed-article.view.txt").read_text("utf-8")
    assert lines(output)[:2] == lines(wanted)[:2]
    text = squeezed(re.sub(r"[«»]", "", output))
    for line in re.findall(r"« ([^«»]+) » (\d+)", wanted.replace("\n", " ")):
        assert squeezed(f"{line[0]} {line[1]}") in text
    assert "lasted 9 to 10 h (stated) près de 10 heures 555" in [squeezed(line) for line in said]
