"""The flow, on one screen: document, language, times, words, mentions, incidents, report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from extractor import (
    confidence,
    explain,
    gazetteer,
    incidents,
    languages,
    limits,
    mentions,
    publication,
    relevance,
    times,
    workers,
)
from extractor.cleaning import Cleaned, clean
from extractor.errors import LanguageUnsupported, TextTooLong, WorkerCrash
from extractor.incidents import Built
from extractor.languages import Language
from extractor.learning import store
from extractor.records import (
    DetectedLanguage,
    DocumentInfo,
    Evidence,
    Provenance,
    PublishedBasis,
    Report,
    Warning,
)
from extractor.times import TimeReading


@dataclass(frozen=True, slots=True)
class Document:
    """A text with what is known of it.

    Attributes:
        text: The text, decoded.
        id: Given id; else the uri, else a hash of the text.
        uri: Where it comes from, as the caller wrote it.
        title: Its headline, when the source gives one apart.
        published: Date or date-time, ISO 8601 or a date object.
        published_basis: Where that date comes from: given, metadata, url.
        language: ISO 639-1 code, when known.
    """

    text: str
    id: str | None = None
    uri: str | None = None
    title: str | None = None
    published: str | date | None = None
    published_basis: PublishedBasis = "given"
    language: str | None = None


class Extractor:
    """Extracts reports; safe to share between threads.

    Args:
        explain: Keep in every value the rule that decided it, and say what was looked for where a field is empty.
        include_text: Let the text travel in the report.
        min_relevance: Less relevant documents (0..1) are only scored: no times, no incidents, no model.
        learning: Let what was learnt from the corpus decide where rules are silent or unsure; else rules alone decide.
        calibrated: Give the confidences that values deserve by measurement; else those that the rules state.
        knowledge: A folder with names and rules of your own, in the formats of models/; KnowledgeInvalid if damaged.

    Example:
        >>> report = Extractor()(Document("The website was down on Monday from 9:00 to 10:30.", published="2024-05-08"))
        >>> report.incidents[0].started_at.value, report.incidents[0].duration.value
        ('2024-05-06T09:00', 'PT1H30M')
    """

    def __init__(
        self,
        *,
        explain: bool = False,
        include_text: bool = False,
        min_relevance: float = 0.0,
        knowledge: Path | None = None,
        learning: bool = True,
        calibrated: bool = True,
    ) -> None:
        if knowledge is not None:
            languages.check_knowledge(knowledge)
        self.knowledge = knowledge
        self.calibrated = calibrated
        self.explain = explain
        self.include_text = include_text
        self.min_relevance = min_relevance
        self.learned = store.shipped() if learning else store.NOTHING

    def __call__(self, document: Document) -> Report:
        """Extract one document.

        Raises:
            LanguageUnsupported: No folder of models/ is for its language.
            TextTooLong: Longer than ``limits.MAX_CHARACTERS``.
            InvalidDate: ``published`` is no ISO 8601 date.
        """
        cleaned = clean(document.text)
        if len(cleaned.text) > limits.MAX_CHARACTERS:
            raise TextTooLong(f"{len(cleaned.text):,} characters; the limit is {limits.MAX_CHARACTERS:,}")
        detected = languages.given(document.language) if document.language else languages.detect(cleaned.analysed)
        if detected.code == languages.UNDETERMINED:
            return self._report(document, cleaned, detected, _given(document), warnings=_nothing_told(cleaned))
        if detected.code not in languages.supported():
            raise LanguageUnsupported(_unsupported(detected.code))
        language = languages.get(detected.code, self.knowledge)
        relevant = relevance.score(cleaned.analysed, language, self.learned)
        if relevant < self.min_relevance:
            return self._report(document, cleaned, detected, _given(document), language, relevant)
        published, told = _times(cleaned.analysed, document, language)
        if language.times_only:
            partial = _partial(language)
            return self._report(document, cleaned, detected, published, language, 0.0, told, warnings=partial)
        if relevant < relevance.HOPELESS:
            return self._report(document, cleaned, detected, published, language, relevant, told)
        words = language.read(cleaned.analysed)
        placed = [(time, *words.between(time.start, time.end)) for time in told.mentions]
        spans = [(first, last) for _, first, last in placed]
        found = mentions.find(words, spans, language, gazetteer.names(self.knowledge), self.learned)
        built = incidents.build(found, placed, language, _identity(document, cleaned), published.date, self.learned)
        return self._report(document, cleaned, detected, published, language, built.relevance, told, built)

    def pipe(self, documents: Iterable[Document], processes: int = 1) -> Iterator[Report]:
        """Extract many documents, in order.

        Args:
            documents: Read as they are needed, a few batches ahead.
            processes: More than one spreads the work; the documents must be picklable, and a program that calls this
                needs the usual ``if __name__ == "__main__"``.

        Raises:
            ExtractorError: At the first document that cannot be read, as ``Extractor`` itself does.
            WorkerCrash: A document brought its process down twice.
        """
        if processes <= 1:
            return map(self, documents)
        batches = workers.cut(documents, lambda document: len(document.text))
        done = workers.run(self._all, batches, processes, singly=lambda batch: [[one] for one in batch], lost=_lost)
        return (report for reports in workers.in_order(done) for report in reports)

    def _all(self, documents: list[Document]) -> list[Report]:
        return [self(document) for document in documents]

    def _report(
        self,
        document: Document,
        cleaned: Cleaned,
        detected: DetectedLanguage,
        published: _Published,
        language: Language | None = None,
        relevant: float = 0.0,
        told: TimeReading | None = None,
        built: Built | None = None,
        warnings: Iterable[Warning] = (),
    ) -> Report:
        """The report of a text as far as it was read: ``built`` is None where no model ran."""
        steps = confidence.table() if self.calibrated else {}
        listed, doubts = (built.incidents, built.warnings) if built else ((), ())
        report = Report(
            document=self._info(document, cleaned, detected, published),
            relevance=relevant,
            incidents=tuple(explain.looked_for(confidence.calibrated(found, steps)) for found in listed),
            times=tuple(time.mention(explain=True) for time in told.mentions) if told else (),
            warnings=(*warnings, *doubts, *(_time_warnings(told, cleaned.analysed) if told else ())),
            provenance=self._provenance(language, models=built is not None),
        )
        return cleaned.relocate(report if self.explain else explain.without_rules(report))

    def _provenance(self, language: Language | None, *, models: bool) -> Provenance:
        knowledge = "none" if language is None else language.knowledge_version
        return Provenance(
            extractor=_version(),
            pipeline=language.pipeline_version if language and models else "none",
            knowledge=f"{knowledge} {self.learned.version}" if models else knowledge,
        )

    def _info(
        self, document: Document, cleaned: Cleaned, detected: DetectedLanguage, published: _Published
    ) -> DocumentInfo:
        return DocumentInfo(
            id=_identity(document, cleaned),
            uri=_clean(document.uri),
            title=_clean(document.title),
            published=published.date,
            published_basis=published.basis,
            language=detected,
            sha256=_digest(cleaned),
            length=len(cleaned.text),
            text=cleaned.text if self.include_text else None,
        )


class _Published(NamedTuple):
    """A publication date and where it comes from."""

    date: str | None
    basis: PublishedBasis | None


def _digest(cleaned: Cleaned) -> str:
    return hashlib.sha256(cleaned.text.encode()).hexdigest()


def _identity(document: Document, cleaned: Cleaned) -> str:
    return _clean(document.id) or _clean(document.uri) or f"text-{_digest(cleaned)[:16]}"


def _nothing_told(cleaned: Cleaned) -> tuple[Warning]:
    if not cleaned.text.strip():
        return (Warning(code="empty_text", message="The text is empty."),)
    return (Warning(code="language_unknown", message="The text has too few words to tell its language."),)


def _partial(language: Language) -> tuple[Warning]:
    message = f"Of {language.about.name} only the times are read: no incidents, and the relevance is not known."
    return (Warning(code="language_partial", message=message),)


def _lost(documents: list[Document]) -> list[Report]:
    names = ", ".join(document.id or document.uri or "a document without a name" for document in documents)
    raise WorkerCrash(f"{names}: the process that read it died twice")


def _given(document: Document) -> _Published:
    """The publication date that came with a document."""
    published = publication.check(document.published) if document.published else None
    return _Published(published, publication.basis(published, document.published_basis))


def _times(text: str, document: Document, language: Language) -> tuple[_Published, TimeReading]:
    """The times of a text, read against its publication date: the given one, else that of its dateline."""
    if document.published:
        published = publication.check(document.published)
        return _Published(published, document.published_basis), times.read(text, language.times, published)
    told = times.read(text, language.times, None)
    dateline = publication.dateline(text, told.mentions)
    if dateline is None:
        return _Published(None, None), told
    return _Published(dateline, "dateline"), times.read(text, language.times, dateline)


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text).text


def _time_warnings(told: TimeReading, text: str) -> Iterator[Warning]:
    for warning in told.warnings:
        words = Evidence(start=warning.start, end=warning.end, text=text[warning.start : warning.end])
        yield Warning(code=warning.code, message=warning.message, evidence=(words,))


@lru_cache(maxsize=1)
def _version() -> str:
    return version("incident-extractor")


def _unsupported(code: str) -> str:
    listed = ", ".join(f"{languages.get(known).about.name} ({known})" for known in languages.supported())
    return f"the text is in {languages.recognised().get(code, code)}; supported: {listed}"
