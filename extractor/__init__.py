"""Reads incidents out of articles and post-mortems: what broke, when, why, and what it did to whom.

Example:
    >>> report = extract("The website went down on Monday because of a power failure.", published="2024-05-08")
    >>> report.incidents[0].causes[0].text
    'power failure'
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from extractor import records
from extractor.records import Incident, Report

if TYPE_CHECKING:
    from extractor.pipeline import Document, Extractor

__all__ = ["Document", "Extractor", "Incident", "Report", "extract", "records"]


def extract(
    text: str, published: str | date | None = None, *, language: str | None = None, explain: bool = False
) -> Report:
    """Extract the incidents of one text.

    Args:
        text: The article.
        published: Date or date-time on which it was published, ISO 8601 or a date object; years and "yesterday"
            hang on it.
        language: ISO 639-1 code; detected when left out.
        explain: Keep the rule behind every value.

    Returns:
        The report.

    Raises:
        ExtractorError: Refused, with a code (see :mod:`extractor.errors`).
    """
    from extractor.pipeline import Document, Extractor

    return Extractor(explain=explain)(Document(text=text, published=published, language=language))


def __getattr__(name: str) -> Any:
    """Load the pipeline only when it is asked for: the records alone are light."""
    if name in ("Document", "Extractor"):
        from extractor import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
