"""What each word of the closed vocabularies means (models/taxonomy/vocabulary.yaml).

``python -m extractor.vocabulary`` prints all of it in Markdown, which is docs/vocabulary.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Generic, TypeVar

from pydantic import StringConstraints

from extractor import records
from extractor.datafiles import DataRecord, load, models_folder

FILE = "vocabulary.yaml"

Word = TypeVar("Word", bound=str)
#: One sentence: a capital, a full stop at the end and none before it; no bar, which would end a cell of the table.
Definition = Annotated[str, StringConstraints(pattern=r"^[A-Z][^.|\n]*\.$")]


class Vocabulary(DataRecord, Generic[Word]):
    """A closed vocabulary: which question it answers, and its words with their definitions."""

    about: str
    words: dict[Word, Definition]


class Details(DataRecord):
    """The details of causes, under the category that each belongs to."""

    about: str
    words: dict[records.CauseCategory, dict[records.CauseDetail, Definition]]

    def flat(self) -> dict[str, str]:
        """The definitions without their categories."""
        return {word: meaning for details in self.words.values() for word, meaning in details.items()}


class Vocabularies(DataRecord):
    """models/taxonomy/vocabulary.yaml; a word that the records do not know is an error."""

    incident_kind: Vocabulary[records.IncidentKind]
    incident_role: Vocabulary[records.IncidentRole]
    incident_status: Vocabulary[records.IncidentStatus]
    organization_role: Vocabulary[records.OrganizationRole]
    component_category: Vocabulary[records.ComponentCategory]
    component_status: Vocabulary[records.ComponentStatus]
    cause_category: Vocabulary[records.CauseCategory]
    cause_detail: Details
    cause_role: Vocabulary[records.CauseRole]
    cause_certainty: Vocabulary[records.CauseCertainty]
    impact_kind: Vocabulary[records.ImpactKind]
    impact_certainty: Vocabulary[records.ImpactCertainty]
    quantity_unit: Vocabulary[str]
    action_kind: Vocabulary[records.ActionKind]
    timeline_kind: Vocabulary[records.TimelineKind]
    precision: Vocabulary[records.Precision]
    moment_basis: Vocabulary[records.MomentBasis]
    duration_basis: Vocabulary[records.DurationBasis]
    time_type: Vocabulary[records.TimeType]
    language_basis: Vocabulary[records.LanguageBasis]
    published_basis: Vocabulary[records.PublishedBasis]


@lru_cache(maxsize=1)
def vocabularies() -> Vocabularies:
    """The file, read once.

    Raises:
        KnowledgeInvalid: The file is damaged; with its line.
    """
    return load(models_folder() / "taxonomy" / FILE, Vocabularies)


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Mapping[str, str]]:
    """The definition of every word, by vocabulary; read-only.

    A vocabulary has the name of its type in ``extractor.records``, in small letters: ``IncidentKind`` is
    ``incident_kind``.
    """
    found: dict[str, Mapping[str, str]] = {}
    for name, vocabulary in vocabularies():
        found[name] = MappingProxyType(vocabulary.flat() if isinstance(vocabulary, Details) else vocabulary.words)
    return MappingProxyType(found)


def define(vocabulary: str, word: str) -> str:
    """What a word means.

    Args:
        vocabulary: Name of the vocabulary, e.g. ``cause_category``.
        word: A word of it.

    Returns:
        One sentence.

    Raises:
        KeyError: No such vocabulary, or no such word in it.

    Example:
        >>> define("timeline_kind", "detected")
        'Somebody or something noticed it.'
    """
    return definitions()[vocabulary][word]


def markdown() -> str:
    """All vocabularies as a page with one table each; the details of causes have their category beside them."""
    parts = [
        "# Vocabulary",
        "The words that a report may use, and what each means.",
        f"<!-- made from models/taxonomy/{FILE} by `python -m extractor.vocabulary`, do not edit -->",
    ]
    for name, vocabulary in vocabularies():
        parts += [f"## {name.replace('_', ' ').capitalize()}", vocabulary.about]
        if isinstance(vocabulary, Details):
            rows = (
                (f"`{of}`", f"`{word}`", text) for of, part in vocabulary.words.items() for word, text in part.items()
            )
            parts.append(_table(("category", "word", "meaning"), rows))
        else:
            parts.append(_table(("word", "meaning"), ((f"`{word}`", text) for word, text in vocabulary.words.items())))
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    print(markdown(), end="")
