"""The checker of the corpus: what is wrong in it, by file.

Schema and closed vocabularies, spans verbatim, values that parse, times in order and not overlapping, incidents that
do not end before they start, derived durations that add up, ids, pairs of .txt and .json, and no run of eight words
shared by two articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractor.errors import GoldInvalid
from extractor.evaluation.gold import (
    CASES,
    ORDINARY,
    GoldArticle,
    GoldIncident,
    folders,
    ordinary,
    place,
    read_gold,
    read_text,
)
from extractor.evaluation.values import duration_seconds, has_clock, is_duration, is_moment, is_timex, moment_bounds

RUN = 8
_WORD = re.compile(r"\w+")
_MOMENTS = ("started_at", "detected_at", "mitigated_at", "resolved_at")
_LEGAL_PUBLISHED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file of the corpus."""

    file: str
    what: str


def check(corpus: Path) -> list[Fault]:
    """Check a whole corpus.

    Args:
        corpus: The folder that holds one folder a language.

    Returns:
        Every fault, by file; nothing when all is well.

    Raises:
        GoldInvalid: The corpus is no folder, or holds no article.
    """
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    for folder in folders(corpus):
        faults += _unpaired(corpus, folder)
        for path in sorted(folder.glob("*.json")):
            name = str(path.relative_to(corpus))
            try:
                gold, text = read_gold(path), read_text(path.with_suffix(".txt"))
            except GoldInvalid as error:
                faults.append(Fault(name, error.message))
                continue
            texts[name] = text
            faults += [Fault(name, what) for what in check_article(gold, text, path)]
    for code, listed in ordinary(corpus).items():
        texts |= {f"{ORDINARY}/{code}.jsonl/{article.gold.id}": article.text for article in listed}
    return sorted([*faults, *_twice(texts), *shared_runs(texts)], key=lambda fault: (fault.file, fault.what))


def _unpaired(corpus: Path, folder: Path) -> Iterator[Fault]:
    names = {suffix: {path.stem for path in folder.glob(f"*{suffix}")} for suffix in (".txt", ".json")}
    for stem in sorted(names[".txt"] - names[".json"]):
        yield Fault(str((folder / f"{stem}.txt").relative_to(corpus)), "has no .json")
    for path in sorted(folder.iterdir()):
        if path.suffix not in names:
            yield Fault(str(path.relative_to(corpus)), "is neither .txt nor .json")


def _twice(names: Iterable[str]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name in names:
        stem = Path(name).stem
        if stem in seen:
            yield Fault(name, f"has the id of {seen[stem]}")
        seen.setdefault(stem, name)


def check_article(gold: GoldArticle, text: str, path: Path) -> list[str]:
    """What is wrong in one article.

    Args:
        gold: Its annotation.
        text: Its text.
        path: Its .json; the name gives the id, the folder the language.
    """
    return [*_head(gold, path), *_times(gold, text), *(what for i in gold.incidents for what in _incident(i, text))]


def _head(gold: GoldArticle, path: Path) -> Iterator[str]:
    if gold.id != path.stem:
        yield f"the id {gold.id!r} is not the name of the file"
    if gold.lang != path.parent.name:
        yield f"the language {gold.lang!r} is not the name of the folder"
    if not gold.id.startswith(f"{gold.lang}-"):
        yield f"the id does not start with {gold.lang}-"
    published = gold.published or ""
    if not (_LEGAL_PUBLISHED.fullmatch(published) and is_moment(published)):
        yield f"published {gold.published!r} is no date or date-time"
    if any(not 1 <= case <= CASES for case in gold.cases) or len(set(gold.cases)) < len(gold.cases):
        yield f"cases {list(gold.cases)} are not different numbers from 1 to {CASES}"
    if gold.incidents and not gold.relevant:
        yield "is not relevant and has incidents"
    if gold.relevant and not gold.incidents:
        yield "is relevant and has no incident"


def _times(gold: GoldArticle, text: str) -> Iterator[str]:
    spots = place(text, [time.text for time in gold.times])
    for time, spot in zip(gold.times, spots, strict=True):
        if spot is None:
            where = "not found after the time before it" if time.text in text else "not in the text"
            yield f"time {time.text!r} is {where}"
        if not is_timex(time.value):
            yield f"value {time.value!r} of the time {time.text!r} is no TIMEX3 value"


def _incident(incident: GoldIncident, text: str) -> Iterator[str]:
    yield from _verbatim(incident, text)
    for name in _MOMENTS:
        value = getattr(incident, name)
        if value is not None and not is_moment(value):
            yield f"{name} {value!r} is no ISO 8601 value"
    if incident.duration is not None and not is_duration(incident.duration):
        yield f"duration {incident.duration!r} is no ISO 8601 value"
    if (incident.duration is None) != (incident.duration_basis is None):
        yield "duration and duration_basis do not stand together"
    if incident.duration_basis == "derived" and not _derived(incident):
        yield f"derived duration {incident.duration} is not what lies between started_at and resolved_at"
    for name in incident.approximate:
        if getattr(incident, name) is None:
            yield f"{name} is approximate and null"
    for later in _MOMENTS[1:]:
        if _before(getattr(incident, later), incident.started_at):
            yield f"{later} {getattr(incident, later)} is before started_at {incident.started_at}"


def _verbatim(incident: GoldIncident, text: str) -> Iterator[str]:
    spans = [
        *(("organization", name) for name in incident.organizations),
        *(("service", name) for name in incident.services),
        *(("location", name) for name in incident.locations),
        *(("component", component.name) for component in incident.components),
        *(("cause", cause.text) for cause in incident.causes),
        *(("impact", impact.text) for impact in incident.impacts),
        *(("action", action.text) for action in incident.actions),
    ]
    for kind, span in spans:
        if span not in text:
            yield f"{kind} {span!r} is not in the text"
        elif span != span.strip():
            yield f"{kind} {span!r} starts or ends with a blank"


def _derived(incident: GoldIncident) -> bool:
    """Whether the duration is the difference of start and end, both known to the clock."""
    ends = incident.started_at, incident.resolved_at
    start, end = _bounds(ends[0]), _bounds(ends[1])
    if start is None or end is None or not all(value and has_clock(value) for value in ends):
        return False
    return duration_seconds(incident.duration or "") == (end[0] - start[0]).total_seconds()


def _before(later: str | None, started: str | None) -> bool:
    """Whether a moment is surely before the start; years that are open cannot tell."""
    bounds = _bounds(later), _bounds(started)
    return bounds[0] is not None and bounds[1] is not None and bounds[0][1] <= bounds[1][0]


def _bounds(value: str | None) -> tuple[datetime, datetime] | None:
    return moment_bounds(value) if value and not value.startswith("XXXX") else None


def shared_runs(texts: dict[str, str]) -> Iterator[Fault]:
    """Articles that share a run of eight words with an earlier one; each pair once.

    Args:
        texts: Name of the file to its text.

    Example:
        >>> run = "one two three four five six seven eight"
        >>> [fault.what for fault in shared_runs({"a": run, "b": f"zero {run}"})]
        ["shares 8 words with a: 'one two three four five six seven eight'"]
    """
    owners: dict[tuple[str, ...], str] = {}
    for name, text in texts.items():
        words = _WORD.findall(text.lower())
        told: set[str] = set()
        for at in range(len(words) - RUN + 1):
            run = tuple(words[at : at + RUN])
            owner = owners.setdefault(run, name)
            if owner != name and owner not in told:
                told.add(owner)
                yield Fault(name, f"shares {RUN} words with {owner}: {' '.join(run)!r}")
