"""The terminal table: an overview, every value with its words, the times, the words in their sentences, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractor.records import Evidence, Incident, Report, TimeMention, Warning
from extractor.views.facts import (
    KINDS,
    NOTHING,
    Fact,
    Kind,
    Overview,
    headline,
    incident_facts,
    incident_number,
    open_dates,
    overview,
    report_line,
    rule_words,
    who,
)
from extractor.views.spans import Sentence, fact_spans, sentences
from extractor.views.wording import counted, language_name, one_line, published_words, time_words

_STYLES: dict[Kind, str] = {
    "event": "default",
    "time": "cyan",
    "cause": "red",
    "part": "yellow",
    "impact": "magenta",
    "action": "green",
    "who": "blue",
}
_MARK_STYLES = {"✗": "bold red", "~": "yellow", "✓": "bold green", "?": "bold yellow"}
_HEADS = ("#", "who: what", "started", "resolved", "lasted", "cause", "broke")
_GAP = 2
_OVERVIEW_GAP = 2
_LABEL_WIDTH = 11
_MIN_WHO_WIDTH = 16
_NARROWEST_VALUE = 12
_WIDEST_WORD = 20
_QUOTE_SHARE = 0.58
_MARK_WIDTH = 2
#: Stands for a blank at which a line may not break; no visible text holds it.
_GLUE = "\ufdd0"


def render_table(report: Report, text: str, console: Console, *, explain: bool = False) -> None:
    """Print a report for a person to read; no quote is ever cut, and nothing in the text can act on the terminal.

    Args:
        report: What the document says.
        text: The text that it was read from, for the sentences around the evidence.
        console: Where to print; sentences with underlined evidence are printed only where underlining shows.
        explain: Add the rule behind every value, and what was looked for where a field stayed empty.

    Example:
        >>> from extractor.records import DetectedLanguage, DocumentInfo, Provenance
        >>> document = DocumentInfo(id="a.txt", published="2011-05-02", published_basis="given", sha256="", length=5,
        ...     language=DetectedLanguage(code="en", confidence=1, basis="detected"))
        >>> versions = Provenance(extractor="1", pipeline="1", knowledge="1")
        >>> render_table(Report(document=document, relevance=0, provenance=versions), "Hello", Console(width=80))
        a.txt   English   published 2011-05-02 (given)   5 characters
        Probably no incident report (0 %)   no incidents
        <BLANKLINE>
        No incident was found: the text tells of nothing that broke.
    """
    facts = [incident_facts(incident, number) for number, incident in enumerate(report.incidents, start=1)]
    _print_head(report, console)
    if report.incidents:
        _print_overview(report, console)
        for incident, incident_lines in zip(report.incidents, facts, strict=True):
            _print_incident(incident, incident_lines, facts, console, explain)
    else:
        console.print()
        _say(console, Text("No incident was found: the text tells of nothing that broke."))
    _print_times(report.times, console, explain)
    if console.is_terminal and report.incidents:
        _print_words(text, list(chain.from_iterable(facts)), console)
    _print_warnings(report, console)


def _say(console: Console, line: Text | Table) -> None:
    console.print(line, overflow="fold", highlight=False, markup=False, emoji=False)


def _print_head(report: Report, console: Console) -> None:
    document = report.document
    parts = [
        Text(one_line(document.id), style="bold"),
        Text(language_name(document.language.code)),
        Text(published_words(document.published, document.published_basis, open_dates(report))),
        Text(counted(document.length, "character")),
    ]
    if document.title:
        parts.insert(1, Text(f"« {one_line(document.title)} »", style="italic"))
    _say(console, Text("   ").join(parts))
    second = Text(report_line(report))
    if report.warnings:
        things = counted(len(report.warnings), "thing")
        second.append("   ").append(f"! {things} to check, at the end", style="bold yellow")
    _say(console, second)


def _print_overview(report: Report, console: Console) -> None:
    rows = [overview(incident, number) for number, incident in enumerate(report.incidents, start=1)]
    console.print()
    fixed = sum(max(cell_len(cell) for cell in column) for column in _columns(rows)) + _OVERVIEW_GAP * len(_HEADS)
    if fixed + _MIN_WHO_WIDTH <= console.width:
        _say(console, _overview_table(rows))
    else:
        for row in rows:
            _say(console, _overview_lines(row))
    _say(console, Text(_legend(rows), style="dim"))


def _columns(rows: list[Overview]) -> list[list[str]]:
    """The columns of the overview but for who, heads included."""
    cells = [(row.number, row.started, row.resolved, row.lasted, row.cause, row.broke) for row in rows]
    heads = tuple(head for head in _HEADS if head != "who: what")
    return [list(column) for column in zip(heads, *cells, strict=True)]


def _overview_table(rows: list[Overview]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    for head in _HEADS:
        table.add_column(head, overflow="fold", no_wrap=head != "who: what")
    for row in rows:
        cells = (row.number, row.who, row.started, row.resolved, row.lasted, row.cause, row.broke)
        table.add_row(*(Text(cell, style=_cell_style(cell, row)) for cell in cells))
    return table


def _cell_style(cell: str, row: Overview) -> str:
    if cell == NOTHING or row.number.startswith("("):
        return "dim"
    return "bold" if cell in (row.number, row.who) else ""


def _overview_lines(row: Overview) -> Table:
    """One incident of the overview where the columns have no room: its name, and what is known below it."""
    told = {"started": row.started, "resolved": row.resolved, "lasted": row.lasted, "cause": row.cause}
    known = [f"{label} {value}" for label, value in told.items() if value != NOTHING]
    broke = [f"broke {row.broke}"] if row.broke != NOTHING else []
    body = Text(row.who, style="bold").append("\n").append("; ".join(known + broke), style="not bold")
    return _grid((Text(row.number, style="bold"), 3), (body, None))


def _legend(rows: list[Overview]) -> str:
    cells = list(chain.from_iterable((row.started, row.resolved, row.lasted, row.cause, row.broke) for row in rows))
    legend = {
        "~ about": any(cell.startswith("~") for cell in cells),
        "* computed from two times": any(cell.endswith("*") for cell in cells),
        "? suspected": any(cell.endswith("?") for cell in cells),
        "(n) background": any(row.number.startswith("(") for row in rows),
        "- the text does not say": NOTHING in cells,
    }
    return " " + "   ".join(words for words, used in legend.items() if used)


def _grid(*cells: tuple[Text, int | None]) -> Table:
    """A line of cells with fixed widths; the one without takes the rest and wraps under itself."""
    table = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    for _, width in cells:
        table.add_column(width=width, overflow="fold")
    table.add_row(*(cell for cell, _ in cells))
    return table


def _print_incident(
    incident: Incident, facts: tuple[Fact, ...], all_facts: list[tuple[Fact, ...]], console: Console, explain: bool
) -> None:
    number = all_facts.index(facts) + 1
    title = Text(f"{number}  {who(incident)}", style="bold").append(f"   {headline(incident)}", style="not bold")
    if number == 1:
        title.append("   « words of the text » position", style="not bold dim")
    if explain and rule_words(incident):
        title.append(f"   {rule_words(incident)}", style="not bold dim italic")
    console.print()
    _say(console, title)
    value_width = _value_width(tuple(chain.from_iterable(all_facts)), console.width)
    quote_width = max(1, console.width - _MARK_WIDTH - _LABEL_WIDTH - value_width - 3 * _GAP)
    table = _fact_grid(value_width)
    for before, fact in zip((None, *facts), facts, strict=False):
        words = _wrapped(_fact_words(fact, explain), quote_width, console)
        table.add_row(*_fact_cells(fact, before), words)
    if explain:
        for field, looked_for in (incident.looked_for or {}).items():
            label = Text(one_line(field), style="dim")
            table.add_row(
                Text("-", style="dim"), label, Text("not told", style="dim"), Text(one_line(looked_for), style="dim")
            )
    _say(console, table)


def _fact_grid(value_width: int) -> Table:
    table = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    table.add_column(width=_MARK_WIDTH, justify="right")
    table.add_column(width=_LABEL_WIDTH, overflow="fold")
    table.add_column(width=value_width, overflow="fold")
    table.add_column(overflow="fold")
    return table


def _value_width(facts: tuple[Fact, ...], width: int) -> int:
    """Room for the longest value, as long as the quotes keep the greater part of the line."""
    longest = max((cell_len(fact.value) for fact in facts), default=0)
    word = max((cell_len(word) for fact in facts for word in fact.value.split()), default=0)
    room = int(width * (1 - _QUOTE_SHARE)) - _LABEL_WIDTH - 3 * _GAP
    return max(_NARROWEST_VALUE, min(word, _WIDEST_WORD), min(longest, room))


def _fact_cells(fact: Fact, before: Fact | None) -> Iterator[Text]:
    again = before is not None and before.label == fact.label and fact.kind == "part"
    yield Text(fact.mark, style=_MARK_STYLES.get(fact.mark, ""))
    yield Text("" if again else fact.label, style=_STYLES[fact.kind])
    yield Text(fact.value, style="dim" if fact.mark == "✓" else "bold")


def _fact_words(fact: Fact, explain: bool) -> Text:
    words = _quotes(fact)
    if explain and rule_words(fact.judged) and fact.kind != "event":
        words.append("\n" if words else "").append(rule_words(fact.judged), style="dim italic")
    return words


def _wrapped(words: Text, width: int, console: Console) -> Text:
    """Break lines at blanks but not at glue: a quote keeps its marks and its position."""
    lines = words.wrap(console, width, overflow="fold")
    for line in lines:
        line.plain = line.plain.replace(_GLUE, " ")
    return Text("\n").join(lines)


def _quotes(fact: Fact) -> Text:
    said = Text()
    for place, piece in enumerate(fact.pieces):
        said.append(piece.lead, style="dim")
        if piece.evidence is not None:
            said.append_text(_quote(piece.evidence, "" if place == 0 else "dim"))
            if fact.kind == "cause" and piece.evidence.speaker:
                said.append(f", says {one_line(piece.evidence.speaker)}", style="dim")
    return said


def _quote(evidence: Evidence, style: str) -> Text:
    quoted = f"«{_GLUE}{one_line(evidence.text)}{_GLUE}»"
    return Text(quoted, style=style).append(f"{_GLUE}{evidence.start}", style="dim")


def _print_times(times: tuple[TimeMention, ...], console: Console, explain: bool) -> None:
    if not times:
        return
    console.print()
    _say(console, Text("Times", style="bold").append(f"   {counted(len(times), 'expression')}", style="not bold dim"))
    table = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    table.add_column(justify="right", min_width=6)
    for _ in range(4):
        table.add_column(overflow="fold")
    for mention in times:
        table.add_row(*_time_cells(mention, explain))
    _say(console, table)


def _time_cells(mention: TimeMention, explain: bool) -> Iterator[Text]:
    meaning = time_words(mention)
    said = meaning.replace(" to ", "/").replace(" ", "T") == mention.value
    yield Text(str(mention.start), style="dim")
    yield Text(f"« {one_line(mention.text)} »")
    yield Text(one_line(mention.value), style=_STYLES["time"])
    yield Text("" if said else meaning)
    rule = f", rule {one_line(mention.rule)}" if explain and mention.rule else ""
    basis = "" if mention.basis == "explicit" else mention.basis
    yield Text(f"{basis}{rule}".removeprefix(", "), style="dim")


def _print_words(text: str, facts: list[Fact], console: Console) -> None:
    spans = fact_spans((fact for fact in facts if fact.label != "in short"), len(text))
    if not spans:
        return
    used = {span.kind for span in spans}
    head = Text("The words", style="bold")
    for kind in KINDS:
        if kind in used:
            head.append("   ").append(KINDS[kind], style=f"not bold underline {_STYLES[kind]}")
    console.print()
    _say(console, head)
    for sentence in sentences(text, spans, facts):
        _say(
            console,
            _grid((Text(str(sentence.start), style="dim", justify="right"), 6), (_sentence(sentence, text), None)),
        )


def _sentence(sentence: Sentence, text: str) -> Text:
    said = Text()
    for segment in sentence.segments:
        words = _spaced(text[segment.start : segment.end])
        said.append(words, style=f"underline {_STYLES[segment.spans[0].kind]}" if segment.spans else "")
    if sentence.speakers:
        said.append(f"   says {', '.join(one_line(name) for name in sentence.speakers)}", style="dim")
    return said


def _spaced(words: str) -> str:
    """One line of words that keeps the blanks at its ends: it is a part of a sentence."""
    before = " " if words[:1].isspace() else ""
    after = " " if words[-1:].isspace() and words.strip() else ""
    return f"{before}{one_line(words)}{after}"


def _print_warnings(report: Report, console: Console) -> None:
    if not report.warnings:
        return
    console.print()
    width = min(max(len(warning.code) for warning in report.warnings), console.width // 3)
    for warning in report.warnings:
        cells = (Text("!", style="bold yellow"), 1), (Text(one_line(warning.code), style="yellow"), width)
        words = _wrapped(_warning_words(warning, report), console.width - width - 1 - 2 * _GAP, console)
        _say(console, _grid(*cells, (words, None)))


def _warning_words(warning: Warning, report: Report) -> Text:
    number = incident_number(report, warning.incident)
    told = not number or warning.message.startswith(f"Incident {number}")
    said = Text("" if told else f"incident {number}: ").append(one_line(warning.message))
    for place, evidence in enumerate(warning.evidence):
        said.append(", " if place else "  ", style="dim").append_text(_quote(evidence, "dim"))
    return said
