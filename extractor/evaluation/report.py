"""What a person reads of an evaluation: the table, what was not scored, the commonest mistakes. And the JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from extractor.evaluation.aggregate import FieldScores, Score, Scores
from extractor.evaluation.calibration import Class
from extractor.evaluation.scoring import FIELDS, Field, Mistake

MEAN = "all"
_FIELD_WIDTH = 21
_CELL_WIDTH = 22
_WEAK, _GOOD = 0.5, 0.8


def show_scores(scores: Scores, console: Console, title: str) -> None:
    """Print the table: a row a field, a column a language and their mean, in as many tables as the width asks for.

    Args:
        scores: What was measured.
        console: Where to print.
        title: What was measured, in words.
    """
    columns = [(code, of.articles, of.fields) for code, of in scores.languages.items()]
    if len(columns) > 1:
        columns.append((MEAN, scores.mean.articles, scores.mean.fields))
    room = max(1, (console.width - _FIELD_WIDTH - 4) // (_CELL_WIDTH + 3))
    for at in range(0, len(columns), room):
        console.print(_table(columns[at : at + room], title if at == 0 else None))
    console.print(
        "F1 with precision and recall; below, the 95 % interval of F1 (articles resampled) and n, the gold values.\n"
        "primary_count: share of articles with the right number of primary incidents."
        + (f" {MEAN}: mean over languages." if len(columns) > 1 else ""),
        style="dim",
    )


def _table(columns: Sequence[tuple[str, int, FieldScores]], title: str | None) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    table.add_column("field", min_width=_FIELD_WIDTH - 3, no_wrap=True)
    for code, articles, _ in columns:
        table.add_column(f"{code} ({articles} articles)", min_width=_CELL_WIDTH, no_wrap=True)
    for name in FIELDS:
        table.add_row(name, *(_cell(fields.get(name)) for _, _, fields in columns))
    return table


def _cell(score: Score | None) -> Text:
    if score is None:
        return Text("-", style="dim")
    style = "red" if score.f1 < _WEAK else "green" if score.f1 >= _GOOD else ""
    return Text.assemble(
        (f"{score.f1:.2f}", f"bold {style}".strip()),
        f"  P {score.precision:.2f} R {score.recall:.2f}\n",
        (f"{score.low:.2f}-{score.high:.2f}  n {score.n}", "dim"),
    )


def show_experimental(codes: Iterable[str], console: Console) -> None:
    """Say which languages are outside the mean and the floors."""
    for code in codes:
        told = f"{code}: experimental, too few articles to count; outside the mean and the floors."
        console.print(told, soft_wrap=True, highlight=False)


def show_calibration(classes: Mapping[Field, Sequence[Class]], console: Console) -> None:
    """Print how often values said with so much confidence are right."""
    table = Table(title="Confidence: said, and how often right", title_justify="left")
    table.add_column("field", no_wrap=True)
    for name in ("said", "mean", "right", "values"):
        table.add_column(name, justify="right")
    for field in FIELDS:
        for at, found in enumerate(classes.get(field, ())):
            name = field if at == 0 else ""
            table.add_row(name, f">= {found.low:.1f}", f"{found.said:.2f}", f"{found.right:.2f}", str(found.number))
    console.print(table)


def show_partial(codes: Iterable[str], console: Console) -> None:
    """Say of which languages only the times are read; their other fields are not scored."""
    for code in codes:
        told = f"{code}: only the times are scored, the extractor does not read the rest of this language yet."
        console.print(told, soft_wrap=True, highlight=False)


def show_unread(unread: Mapping[str, int], console: Console) -> None:
    """Say which languages of the corpus the extractor does not read yet; they are not scored."""
    for code, articles in unread.items():
        waiting = f"{articles} article{'s' if articles > 1 else ''} waiting"
        told = f"{code}: not scored, the extractor does not read this language yet ({waiting})."
        console.print(told, soft_wrap=True, highlight=False)


def show_ordinary(called: Mapping[str, bool], console: Console) -> None:
    """Say how many articles of ordinary news were taken for incident reports."""
    if called:
        told = f"Ordinary news: {sum(called.values())} of {len(called)} articles taken for incident reports."
        console.print(told, soft_wrap=True, highlight=False)


def show_mistakes(mistakes: Iterable[Mistake], console: Console, examples: int) -> None:
    """Print the mistakes by field and kind, the commonest first, with sentences.

    Args:
        mistakes: The mistakes of the dev split.
        console: Where to print.
        examples: How many mistakes of each field and kind to print.
    """
    for (name, kind), listed in ranked(mistakes):
        console.print(f"\n[bold]{name} {kind}[/bold]: {len(listed)}")
        often = Counter((mistake.gold, mistake.predicted, mistake.article) for mistake in listed)
        distinct = {(mistake.gold, mistake.predicted, mistake.article): mistake for mistake in listed}
        for values, mistake in list(distinct.items())[:examples]:
            notes = [mistake.article]
            notes += [f"{often[values]} times"] if often[values] > 1 else []
            notes += [f"incident {kind}"] if mistake.alone else []
            console.print(f"  {_values(mistake)}  [dim]({escape(', '.join(notes))})[/dim]", soft_wrap=True)
            if mistake.sentence:
                console.print(f"      [dim]{escape(mistake.sentence)}[/dim]", soft_wrap=True)


def _values(mistake: Mistake) -> str:
    told = [("gold", mistake.gold), ("predicted", mistake.predicted)]
    return "; ".join(f"{side} [cyan]{escape(' '.join(value.split()))}[/cyan]" for side, value in told if value)


def ranked(mistakes: Iterable[Mistake]) -> list[tuple[tuple[str, str], list[Mistake]]]:
    """Group mistakes by field and kind, the commonest first.

    Within a group the pairs of values that most articles share come first, and mistakes that stand for themselves
    before those of an incident that is missed or false as a whole.
    """
    groups: dict[tuple[str, str], list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        groups[mistake.field, mistake.kind].append(mistake)
    for listed in groups.values():
        told = {(mistake.gold, mistake.predicted, mistake.article) for mistake in listed}
        often = Counter(values[:2] for values in told)
        listed.sort(key=lambda mistake: (mistake.alone, -often[mistake.gold, mistake.predicted]))
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def as_json(
    scores: Scores,
    unread: Mapping[str, int],
    mistakes: Iterable[Mistake],
    ordinary: Mapping[str, bool],
    about: Mapping[str, Any],
) -> str:
    """The whole evaluation as JSON.

    Args:
        scores: What was measured.
        unread: Languages that were not scored, with their articles.
        mistakes: The mistakes of the dev split.
        ordinary: Articles of ordinary news, and whether they were taken for incident reports.
        about: What was measured (split, corpus hashes).
    """
    data = {
        **about,
        "languages": {
            code: {"articles": of.articles, "fields": _plain(of.fields)} for code, of in scores.languages.items()
        },
        "mean": _plain(scores.mean.fields),
        "not_read": dict(unread),
        "ordinary": {"articles": len(ordinary), "taken_for_reports": sum(ordinary.values())},
        "mistakes": [asdict(mistake) for mistake in mistakes],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _plain(fields: FieldScores) -> dict[str, dict[str, float]]:
    return {name: dict(_rounded(score)) for name, score in fields.items()}


def _rounded(score: Score) -> Iterator[tuple[str, float]]:
    for name, value in asdict(score).items():
        yield name, round(value, 4) if isinstance(value, float) else value
