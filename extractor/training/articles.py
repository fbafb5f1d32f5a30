"""Annotated articles as the extractor reads them with rules alone, beside their gold: what there is to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractor import gazetteer, incidents, languages, mentions, times
from extractor.cleaning import clean
from extractor.evaluation.alignment import align
from extractor.evaluation.gold import Article, Split, load
from extractor.incidents.events import Event
from extractor.incidents.moments import PlacedTime
from extractor.incidents.threads import Thread
from extractor.languages import Language
from extractor.learning.store import Learned
from extractor.mentions import Mentions
from extractor.pipeline import Document, Extractor
from extractor.records import Report

# Characters of a report that stand in a digest at least, and how far apart the reports are that are taken.
_OPENING, _STRIDE = 500, 7


@dataclass(frozen=True, slots=True)
class Taught:
    """An article with what the rules make of it.

    Attributes:
        article: The gold with its text.
        language: Its language.
        mentions: What the text mentions.
        spans: Token spans of its times.
        events: Its events.
        placed: Its times with their phases.
        threads: Its incidents, as they are numbered in ``report``.
        report: What the rules alone report.
        pairs: Which gold incident is which of the report.
    """

    article: Article
    language: Language
    mentions: Mentions
    spans: tuple[tuple[int, int], ...]
    events: tuple[Event, ...]
    placed: tuple[PlacedTime, ...]
    threads: tuple[Thread, ...]
    report: Report
    pairs: tuple[tuple[int, int], ...]


def taught(
    corpora: Iterable[Path], split: Split | None, read: Callable[[Path], Mapping[str, Iterable[Article]]] = load
) -> Iterator[Taught]:
    """Read the articles of corpora, those of languages of which only the times are known left out.

    Args:
        corpora: Folders with one folder a language.
        split: Only this split; both when None.
        read: Which articles of a corpus: the annotated ones, or ``gold.ordinary`` news.
    """
    extract = Extractor(learning=False)
    for corpus in corpora:
        for articles in read(corpus).values():
            for article in articles:
                known = article.gold.lang in languages.supported()
                if not known or split not in (None, article.split):
                    continue
                language = languages.get(article.gold.lang)
                if not language.times_only:
                    yield _read(article, language, extract)


def digests(reports: Iterable[Taught], ordinary: Sequence[Taught]) -> Iterator[Taught]:
    """News in brief: the opening of an incident report before or behind ordinary news, one for each piece of that.

    Of their gold only the relevance is right.

    Args:
        reports: Annotated articles, of which the incident reports are taken.
        ordinary: Ordinary news.
    """
    extract = Extractor(learning=False)
    told: dict[str, list[Taught]] = {}
    for one in reports:
        if one.article.gold.relevant:
            told.setdefault(one.language.code, []).append(one)
    for number, other in enumerate(ordinary):
        listed = told.get(other.language.code, [])
        if listed:
            report = listed[_STRIDE * number % len(listed)]
            parts = (_opening(report.article.text), other.article.text)
            text = "\n\n".join(part.strip() for part in (parts if number % 2 else reversed(parts)))
            yield _read(replace(report.article, text=text), report.language, extract)


def _opening(text: str) -> str:
    """The first paragraphs of a text."""
    end = text.find("\n\n", _OPENING)
    return text[:end] if end >= 0 else text


def retold(taught: Taught, learned: Learned) -> Taught:
    """An article with its incidents told apart by what was learnt of passages; its mentions stay those of the rules.

    Args:
        taught: The article as the rules read it.
        learned: The weights of passages, and the clusters.
    """
    extract = Extractor(learning=False)
    extract.learned = learned
    gold = taught.article.gold
    report = extract(Document(text=taught.article.text, id=gold.id, published=gold.published, language=gold.lang))
    times = [(p.time, p.first, p.last) for p in taught.placed]
    events, placed, threads = incidents.follow(
        taught.mentions, times, taught.language, report.document.published, learned
    )
    pairs = tuple(align(gold.incidents, report.incidents))
    return replace(taught, events=events, placed=placed, threads=threads, report=report, pairs=pairs)


def _read(article: Article, language: Language, extract: Extractor) -> Taught:
    gold = article.gold
    report = extract(Document(text=article.text, id=gold.id, published=gold.published, language=gold.lang))
    text = clean(article.text).analysed
    told = times.read(text, language.times, report.document.published)
    words = language.read(text)
    placed = [(time, *words.between(time.start, time.end)) for time in told.mentions]
    spans = tuple((first, last) for _, first, last in placed)
    found = mentions.find(words, spans, language, gazetteer.names())
    events, phased, threads = incidents.follow(found, placed, language)
    return Taught(
        article=article,
        language=language,
        mentions=found,
        spans=spans,
        events=events,
        placed=phased,
        threads=threads,
        report=report,
        pairs=tuple(align(gold.incidents, report.incidents)),
    )
