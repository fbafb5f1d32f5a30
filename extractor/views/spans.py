"""The text cut where its evidence begins and ends, and the sentences that hold evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from extractor.records import Report
from extractor.views.facts import Fact, Kind

_SENTENCE_END = re.compile(r"(?<![.!?…。！？۔؟।])[.!?…。！？۔؟।]++[\"'”’»)\]]*+(?=\s|(?<=[。！？]))|\n")


@dataclass(frozen=True, order=True)
class Span:
    """Words of the text that carry a value.

    Attributes:
        start: First code point.
        end: One past the last.
        kind: The kind of evidence.
        target: The key of the fact or of the temporal expression.
        label: What it says, for a tooltip.
    """

    start: int
    end: int
    kind: Kind
    target: str
    label: str = ""


@dataclass(frozen=True)
class Segment:
    """A run of the text under the same spans, the narrowest first."""

    start: int
    end: int
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sentence of the text with its segments and the names of those whose words are in it."""

    start: int
    segments: tuple[Segment, ...]
    speakers: tuple[str, ...]


def fact_spans(facts: Iterable[Fact], length: int) -> list[Span]:
    """List the spans of the facts; what does not lie inside the text is left out.

    Args:
        facts: The facts of one or more incidents.
        length: Code points of the text.

    Returns:
        The spans, sorted, none twice.
    """
    found = {
        Span(words.start, words.end, fact.kind, fact.key, f"{fact.label}: {fact.value}" if fact.value else fact.label)
        for fact in facts
        for words in fact.evidence
        if words.start < words.end <= length
    }
    return sorted(found)


def time_spans(report: Report, length: int) -> list[Span]:
    """List the spans of the temporal expressions, with "t1", "t2" ... as targets."""
    return [
        Span(mention.start, mention.end, "time", f"t{place}", f"time: {mention.value}")
        for place, mention in enumerate(report.times, start=1)
        if mention.start < mention.end <= length
    ]


def segments(start: int, end: int, spans: Iterable[Span]) -> Iterator[Segment]:
    """Cut a stretch of the text so that no segment crosses the border of a span.

    Args:
        start: Where the stretch begins.
        end: Where it ends.
        spans: Spans, which may overlap each other and the stretch's borders.

    Yields:
        Segments that cover the stretch without gap or overlap.

    Example:
        >>> outer, inner = Span(2, 8, "cause", "1.1"), Span(4, 6, "part", "1.2")
        >>> [(s.start, s.end, [span.target for span in s.spans]) for s in segments(0, 9, [outer, inner])]
        [(0, 2, []), (2, 4, ['1.1']), (4, 6, ['1.2', '1.1']), (6, 8, ['1.1']), (8, 9, [])]
    """
    waiting = sorted((span for span in spans if span.start < end and span.end > start), reverse=True)
    borders = {start, end} | {min(max(border, start), end) for span in waiting for border in (span.start, span.end)}
    ordered = sorted(borders)
    covering: list[Span] = []
    for first, last in pairwise(ordered):
        covering = [span for span in covering if span.end > first]
        while waiting and waiting[-1].start <= first:
            covering.append(waiting.pop())
        narrow = sorted(covering, key=lambda span: (span.end - span.start, span))
        yield Segment(first, last, tuple(narrow))


def sentences(text: str, spans: list[Span], facts: Iterable[Fact]) -> Iterator[Sentence]:
    """Give the sentences that hold evidence; a span is never cut by the end of a sentence.

    Args:
        text: The text.
        spans: Sorted spans of the evidence.
        facts: The facts, for the speakers.

    Yields:
        Sentences in the order of the text.

    Example:
        >>> spans = [Span(7, 10, "cause", "1.1")]
        >>> [(s.start, len(s.segments)) for s in sentences("Why? A bug. That is all.", spans, [])]
        [(5, 3)]
    """
    voices = [words for fact in facts for words in fact.evidence if words.speaker]
    waiting = list(reversed(spans))
    for start, end in _bounds(text, spans):
        while waiting and waiting[-1].end <= start:
            waiting.pop()
        inside = []
        for span in reversed(waiting):
            if span.start >= end:
                break
            inside.append(span)
        if inside:
            heard = (words.speaker for words in voices if start <= words.start < end and words.speaker)
            yield Sentence(start, tuple(segments(start, end, inside)), tuple(dict.fromkeys(heard)))


def _bounds(text: str, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end, white space around them left out."""
    start, place, reach = 0, 0, 0
    for border in [*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]:
        while place < len(spans) and spans[place].start < border:
            reach = max(reach, spans[place].end)
            place += 1
        if reach > border:
            continue
        body = text[start:border]
        if body.strip():
            yield start + len(body) - len(body.lstrip()), start + len(body.rstrip())
        start = border
