"""The flow, on one screen: document, language, times, words, mentions, incidents, report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

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
            return self._nothing(document, cleaned, detected, _nothing_told(cleaned))
        if detected.code not in languages.supported():
            raise LanguageUnsupported(_unsupported(detected.code))
        language = languages.get(detected.code, self.knowledge)
        relevant = relevance.score(cleaned.analysed, language)
        if relevant < self.min_relevance:
            return self._nothing(document, cleaned, detected, (), relevant, language.knowledge_version)
        published, basis, told = _times(cleaned.analysed, document, language)
        if language.times_only or relevant < relevance.HOPELESS:
            return self._only_times(document, cleaned, detected, published, basis, told, language, relevant)
        words = language.read(cleaned.analysed)
        placed = [(time, *words.between(time.start, time.end)) for time in told.mentions]
        found = mentions.find(
            words, [(first, last) for _, first, last in placed], language, gazetteer.names(self.knowledge), self.learned
        )
        info = self._info(document, cleaned, detected, published, basis)
        built, warnings = incidents.build(found, placed, language, info.id, published, self.learned)
        steps = confidence.table() if self.calibrated else {}
        report = Report(
            document=info,
            relevance=relevant,
            incidents=tuple(explain.looked_for(confidence.calibrated(found, steps)) for found in built),
            times=tuple(time.mention(explain=True) for time in told.mentions),
            warnings=(*warnings, *_time_warnings(told, cleaned.analysed)),
            provenance=_provenance(language.pipeline_version, f"{language.knowledge_version} {self.learned.version}"),
        )
        return cleaned.relocate(report if self.explain else explain.without_rules(report))

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
        batches = _batches(documents)
        done = workers.run(self._all, batches, processes, singly=lambda batch: [[one] for one in batch], lost=_lost)
        return (report for reports in workers.in_order(done) for report in reports)

    def _all(self, documents: list[Document]) -> list[Report]:
        return [self(document) for document in documents]

    def _nothing(
        self,
        document: Document,
        cleaned: Cleaned,
        detected: DetectedLanguage,
        warnings: tuple[Warning, ...],
        relevant: float = 0.0,
        knowledge: str = "none",
    ) -> Report:
        """The report of a text in which there is nothing to read, or that is not worth it."""
        published = publication.check(document.published) if document.published else None
        basis = publication.basis(published, document.published_basis)
        return Report(
            document=self._info(document, cleaned, detected, published, basis),
            relevance=relevant,
            warnings=warnings,
            provenance=_provenance("none", knowledge),
        )

    def _only_times(
        self,
        document: Document,
        cleaned: Cleaned,
        detected: DetectedLanguage,
        published: str | None,
        basis: PublishedBasis | None,
        told: TimeReading,
        language: Language,
        relevant: float,
    ) -> Report:
        """The report of a text that is no incident report, or in a language of which only the times are read."""
        message = f"Of {language.about.name} only the times are read: no incidents, and the relevance is not known."
        partial = (Warning(code="language_partial", message=message),) if language.times_only else ()
        report = Report(
            document=self._info(document, cleaned, detected, published, basis),
            relevance=0.0 if partial else relevant,
            times=tuple(time.mention(explain=self.explain) for time in told.mentions),
            warnings=(*partial, *_time_warnings(told, cleaned.analysed)),
            provenance=_provenance("none", language.knowledge_version),
        )
        return cleaned.relocate(report)

    def _info(
        self,
        document: Document,
        cleaned: Cleaned,
        detected: DetectedLanguage,
        published: str | None,
        basis: PublishedBasis | None,
    ) -> DocumentInfo:
        digest = hashlib.sha256(cleaned.text.encode()).hexdigest()
        return DocumentInfo(
            id=_clean(document.id) or _clean(document.uri) or f"text-{digest[:16]}",
            uri=_clean(document.uri),
            title=_clean(document.title),
            published=published,
            published_basis=basis,
            language=detected,
            sha256=digest,
            length=len(cleaned.text),
            text=cleaned.text if self.include_text else None,
        )


def _nothing_told(cleaned: Cleaned) -> tuple[Warning]:
    if not cleaned.text.strip():
        return (Warning(code="empty_text", message="The text is empty."),)
    return (Warning(code="language_unknown", message="The text has too few words to tell its language."),)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents in batches of about ``limits.SHARD_CHARACTERS``."""
    batch: list[Document] = []
    length = 0
    for document in documents:
        batch.append(document)
        length += len(document.text)
        if length >= limits.SHARD_CHARACTERS or len(batch) >= limits.SHARD_DOCUMENTS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _lost(documents: list[Document]) -> list[Report]:
    names = ", ".join(document.id or document.uri or "a document without a name" for document in documents)
    raise WorkerCrash(f"{names}: the process that read it died twice")


def _times(text: str, document: Document, language: Language) -> tuple[str | None, PublishedBasis | None, TimeReading]:
    """The times of a text, read against its publication date: the given one, else that of its dateline."""
    if document.published:
        published = publication.check(document.published)
        return published, document.published_basis, times.read(text, language.times, published)
    told = times.read(text, language.times, None)
    dateline = publication.dateline(text, told.mentions)
    if dateline is None:
        return None, None, told
    return dateline, "dateline", times.read(text, language.times, dateline)


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text).text


def _time_warnings(told: TimeReading, text: str) -> Iterator[Warning]:
    for warning in told.warnings:
        words = Evidence(start=warning.start, end=warning.end, text=text[warning.start : warning.end])
        yield Warning(code=warning.code, message=warning.message, evidence=(words,))


def _provenance(pipeline: str, knowledge: str) -> Provenance:
    return Provenance(extractor=_version(), pipeline=pipeline, knowledge=knowledge)


@lru_cache(maxsize=1)
def _version() -> str:
    return version("incident-extractor")


def _unsupported(code: str) -> str:
    listed = ", ".join(f"{languages.get(known).about.name} ({known})" for known in languages.supported())
    return f"the text is in {languages.recognised().get(code, code)}; supported: {listed}"
