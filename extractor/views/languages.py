"""The table of `incidents languages`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from extractor import languages
from extractor.datafiles import models_folder
from extractor.languages import PipelineChoice

SCORES = "scores.toml"
#: Fields that are scored, and what their columns are called.
_SHOWN = {
    "incident": "incident",
    "started": "started",
    "resolved": "resolved",
    "cause_category": "cause",
    "times_value": "times",
    "relevance": "relevant",
}


def render_languages() -> Table:
    """Every language with its pipeline, what it can do, and the F1 that models/scores.toml holds for it.

    Raises:
        KnowledgeInvalid: A damaged folder.
    """
    scores = _scores()
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("code", "language", "support", "pipeline"):
        table.add_column(column, no_wrap=True)
    for name in _SHOWN.values():
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for code in languages.supported():
        about = languages.get(code).about
        measured = scores.get(code, {})
        table.add_row(
            code,
            about.name,
            about.support,
            _pipeline(about.pipeline),
            *(f"{measured[field]['f1']:.2f}" if field in measured else "-" for field in _SHOWN),
        )
    return table


def _pipeline(choice: PipelineChoice | None) -> str:
    if choice is None:
        return "-"
    return "own tagger" if choice.weights else choice.packages[0]


def _scores() -> Mapping[str, Mapping[str, Any]]:
    path = models_folder() / SCORES
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get("scores", {})
    return found
