"""Which mentions are the same event, and which clause tells which incident.

A text is read clause by clause with one incident in focus. A clause moves the focus when it counts ("the second
failure"), names another party, dates its event on another day, or says itself that it tells of an earlier case; all
other clauses tell of the incident in focus. The signals are language-neutral; the words behind them are data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from extractor.incidents.events import Event
from extractor.languages import DiscourseRule, Language
from extractor.mentions import Mentions
from extractor.mentions.actors import NameMention
from extractor.times import ResolvedTime
from extractor.tokens import fold

_OLD = timedelta(days=25)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

Window = tuple[datetime, datetime]


@dataclass(slots=True)
class Thread:
    """One incident in the making: its clauses and what identifies it."""

    events: list[Event] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)
    ordinal: int = 0
    background: bool = False
    series: bool = False
    windows: list[Window] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Signals:
    """What one clause tells about which incident it speaks of."""

    events: tuple[Event, ...]
    ordinal: int
    windows: tuple[Window, ...]
    parties: frozenset[str]
    kinds: frozenset[str]
    onset: bool


def window(time: ResolvedTime) -> Window | None:
    """The days that a resolved time lies in, when its year is known."""
    if time.earliest is None or time.latest is None:
        return None
    try:
        begin, end = datetime.fromisoformat(time.earliest), datetime.fromisoformat(time.latest)
    except ValueError:
        return None
    last = (end - timedelta(microseconds=1)).replace(hour=0, minute=0, second=0, microsecond=0) if end > begin else begin
    return begin.replace(hour=0, minute=0, second=0, microsecond=0), last + _DAY


def follow(
    mentions: Mentions, events: Sequence[Event], times: Sequence[tuple[ResolvedTime, int, int]], language: Language
) -> tuple[Thread, ...]:
    """Give every clause to one incident.

    Args:
        mentions: What the text mentions.
        events: Its events, in order.
        times: Times with their first and last token.
        language: For its small words.

    Returns:
        The incidents in order of their first words; none when the text tells no event.
    """
    threads: list[Thread] = []
    focus: Thread | None = None
    latest: Thread | None = None
    main: Thread | None
    pending: list[int] = []
    sentence, main, aside = -1, None, False
    for clause in mentions.clauses.all:
        signals = _signals(mentions, clause.index, events, times)
        if clause.sentence != sentence:
            focus = main if aside and main is not None else focus
            sentence, main, aside = clause.sentence, None, False
        target = _target(signals, threads, focus, latest)
        if target is None:
            pending.append(clause.index)
            continue
        if target not in threads:
            threads.append(target)
        target.clauses += [*pending, clause.index]
        pending = []
        _learn(target, signals)
        if signals.events:
            latest = target
        if main is None and (signals.events or focus is None):
            main = target
        aside = target.background and main is not target
        focus = target
    return tuple(threads)


def _signals(
    mentions: Mentions, clause: int, events: Sequence[Event], times: Sequence[tuple[ResolvedTime, int, int]]
) -> _Signals:
    here = mentions.clauses.all[clause]
    own = tuple(event for event in events if event.clause == clause)
    kinds = frozenset(
        rule.kind for rule, hit in mentions.hits.of(DiscourseRule) if here.first <= hit.first < here.last
    )
    windows = tuple(
        found
        for time, first, _ in times
        if here.first <= first < here.last and time.type in ("date", "time", "interval") and not time.vague
        for found in [window(time)]
        if found is not None
    )
    failing = any(
        p.clause == clause and p.real and p.effect in ("failed", "degraded") and p.rule.effect != "recovered"
        for p in mentions.predicates
    )
    names = [n for n in mentions.names if here.first <= n.first < here.last]
    return _Signals(
        events=own,
        ordinal=next((event.ordinal for event in own if event.ordinal), 0),
        windows=windows,
        parties=frozenset(party(n) for n in names if n.type in ("organization", "service") and not n.party),
        kinds=kinds,
        onset=bool(own) or failing,
    )


def party(name: NameMention) -> str:
    """The key by which a party is known: its owner for a service, else its own canonical name."""
    if name.owner:
        return fold(name.owner)
    return fold(name.entry.name if name.entry else name.name)


def _target(signals: _Signals, threads: list[Thread], focus: Thread | None, latest: Thread | None) -> Thread | None:
    if focus is None:
        if signals.events or signals.onset:
            return Thread(background=_is_background(signals, None))
        return None
    if signals.ordinal:
        return _counted(signals, threads, focus)
    if "latter" in signals.kinds and latest is not None:
        return latest
    if signals.onset and _is_background(signals, focus):
        return _matching(signals, [t for t in threads if t.background]) or Thread(background=True)
    if signals.events and _foreign(signals, focus):
        known = [t for t in threads if t.parties & signals.parties]
        return known[0] if known else Thread(background=True)
    if signals.windows and _apart(signals, focus):
        other = _matching(signals, [t for t in threads if t is not focus and t.windows])
        if other is not None:
            return other
        if signals.onset and ("new" in signals.kinds or any(not e.definite for e in signals.events)):
            return Thread(background=focus.background)
    if "new" in signals.kinds and signals.events and not all(e.definite for e in signals.events):
        return Thread()
    return focus


def _counted(signals: _Signals, threads: list[Thread], focus: Thread) -> Thread:
    """The incident that a counting word names; the first one told is the first."""
    for thread in threads:
        if thread.ordinal == signals.ordinal:
            return thread
    primary = [t for t in threads if not t.background]
    if signals.ordinal == 1 and primary:
        primary[0].ordinal = 1
        return primary[0]
    if primary and not primary[0].ordinal:
        primary[0].ordinal = 1
    return Thread(ordinal=signals.ordinal)


def _is_background(signals: _Signals, focus: Thread | None) -> bool:
    if "background" in signals.kinds and signals.events:
        return True
    if focus is None or not focus.windows or not signals.windows or focus.background:
        return False
    start = min(begin for begin, _ in focus.windows)
    return max(end for _, end in signals.windows) < start - _OLD


def _foreign(signals: _Signals, focus: Thread) -> bool:
    return bool(signals.parties and focus.parties and not signals.parties & focus.parties)


def _apart(signals: _Signals, focus: Thread) -> bool:
    """Whether all days of the clause lie outside the days of the incident in focus."""
    if not focus.windows:
        return False
    return not any(
        begin < other_end and other_begin < end
        for begin, end in signals.windows
        for other_begin, other_end in focus.windows
    )


def _matching(signals: _Signals, threads: Sequence[Thread]) -> Thread | None:
    for thread in threads:
        if signals.windows and thread.windows and not _apart(signals, thread):
            return thread
    for thread in threads:
        if thread.parties & signals.parties and not (signals.windows and thread.windows):
            return thread
    return None


def _learn(thread: Thread, signals: _Signals) -> None:
    thread.events += signals.events
    if signals.onset and (not thread.parties or thread.parties & signals.parties):
        thread.parties |= signals.parties
    if signals.onset:
        thread.series = thread.series or any(_DAY < w[1] - w[0] <= _WEEK for w in signals.windows)
        known = thread.windows + [w for w in signals.windows if w[1] - w[0] <= _WEEK]
        thread.windows = [w for w in known if w[1] - w[0] == _DAY] or known
