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
_SHOWN = ("incident", "started", "resolved", "cause_category", "times_value", "relevance")


def render_languages() -> Table:
    """Every language with its pipeline, what it can do, and the F1 that models/scores.toml holds for it.

    Raises:
        KnowledgeInvalid: A damaged folder.
    """
    scores = _scores()
    table = Table(box=None, header_style="bold")
    for column in ("code", "language", "support", "pipeline"):
        table.add_column(column, no_wrap=True)
    for field in _SHOWN:
        table.add_column(field.replace("_", " "), justify="right")
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
