"""Which mentions are the same event, and which clause tells which incident.

A text tells one incident unless it says otherwise. It is read sentence by sentence with one incident in focus; a
sentence moves the focus when it counts ("the second failure"), is an item of a dated list, tells a new failure on a
later day, or breaks another party at a time of its own. Words of comparison, and failures dated long before, open an
aside that ends with its sentence. The signals are language-neutral; the words behind them are data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from extractor.incidents.events import ORDINALS, Event
from extractor.incidents.moments import CLOCK, PlacedTime
from extractor.incidents.passages import Judge
from extractor.languages import DiscourseRule
from extractor.mentions import Mentions
from extractor.mentions.actors import NameMention
from extractor.mentions.clauses import Clause
from extractor.times import ResolvedTime
from extractor.tokens import fold

_OLD = timedelta(days=12)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_OPEN_YEAR, _SOME_YEAR = "XXXX", "2000"
_MOST_ITEMS = 30
_OPENING = 4
_GUESSED = frozenset({"salient", "list"})

Window = tuple[datetime, datetime]


@dataclass(slots=True, eq=False)
class Thread:
    """One incident in the making: its clauses and what identifies it.

    ``shared`` are clauses that tell several incidents at once: their causes and parties hold for each, their times
    for none.
    """

    events: list[Event] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    ordinal: int = 0
    background: bool = False
    series: bool = False
    closed: bool = False
    windows: list[Window] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Signals:
    """What a clause, or a whole sentence, tells about which incident it speaks of."""

    events: tuple[Event, ...] = ()
    ordinals: tuple[int, ...] = ()
    windows: tuple[Window, ...] = ()
    parties: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    failing: bool = False
    caused: bool = False
    clock: bool = False
    lasting: bool = False
    recovering: bool = False

    @property
    def onset(self) -> bool:
        """Whether something breaks here, or a breakage is named."""
        return self.failing or bool(self.events)

    @property
    def fresh(self) -> bool:
        """Whether something breaks here that the text does not take as known."""
        return self.failing or any(not event.definite for event in self.events)


def follow(
    mentions: Mentions, events: Sequence[Event], placed: Sequence[PlacedTime], judge: Judge | None = None
) -> tuple[Thread, ...]:
    """Give every clause to one incident.

    Args:
        mentions: What the text mentions.
        events: Its events, in order.
        placed: Its times with the phase that the words around them tell.
        judge: Decides which clauses look back; the rules do when it is None.

    Returns:
        The incidents in order of their first words; the first one is there even if nothing in the text breaks.
    """
    signals = _read(mentions, events, placed)
    clauses: dict[int, list[Clause]] = defaultdict(list)
    for clause in mentions.clauses.all:
        clauses[clause.sentence].append(clause)
    items = _items(mentions, clauses, signals)
    walk = _Walk(signals, judge)
    for index in range(len(mentions.words.sentences)):
        if clauses[index]:
            walk.sentence(clauses[index], items.get(index, 0))
    return walk.finish(listed=bool(items))


def window(time: ResolvedTime) -> Window | None:
    """The days that a resolved time lies in; where no year can be known, days of one and the same year."""
    try:
        if time.earliest is not None and time.latest is not None:
            begin, end = datetime.fromisoformat(time.earliest), datetime.fromisoformat(time.latest)
        elif time.value.startswith(_OPEN_YEAR):
            days = [_SOME_YEAR + part[len(_OPEN_YEAR) : len(_OPEN_YEAR) + 6] for part in time.value.split("/")]
            begin, end = datetime.fromisoformat(days[0]), datetime.fromisoformat(days[-1]) + _DAY
        else:
            return None
    except ValueError:
        return None
    last = (
        (end - timedelta(microseconds=1)).replace(hour=0, minute=0, second=0, microsecond=0) if end > begin else begin
    )
    return begin.replace(hour=0, minute=0, second=0, microsecond=0), last + _DAY


def party(name: NameMention) -> str:
    """The key by which a party is known: its owner for a service, else its own canonical name."""
    if name.owner:
        return fold(name.owner)
    return fold(name.entry.name if name.entry else name.name)


# --- the signals -----------------------------------------------------------------------------------------------------


def _read(mentions: Mentions, events: Sequence[Event], placed: Sequence[PlacedTime]) -> list[_Signals]:
    """The signals of each clause."""
    of = mentions.clauses.of
    found: list[dict[str, list[object]]] = [defaultdict(list) for _ in mentions.clauses.all]
    for event in events:
        found[event.clause]["events"].append(event)
        if event.ordinal:
            found[event.clause]["ordinals"].append(event.ordinal)
    for rule, hit in mentions.hits.of(DiscourseRule):
        found[of(hit.first).index]["kinds"].append(rule.kind)
        if rule.kind in ORDINALS and hit.last - hit.first > 1:
            found[of(hit.first).index]["ordinals"].append(ORDINALS[rule.kind])
    for predicate in mentions.predicates:
        if predicate.real and predicate.effect in ("failed", "degraded"):
            found[predicate.clause]["failing"].append(True)
        if predicate.real and (predicate.effect == "recovered" or predicate.phase == "resolved"):
            found[predicate.clause]["recovering"].append(True)
    for cause in mentions.causes:
        if cause.certainty != "denied":
            found[cause.clause]["caused"].append(True)
    for name in mentions.names:
        if name.type in ("organization", "service"):
            found[of(name.first).index]["parties"].append(party(name))
        if name.type == "organization" and name.rule not in _GUESSED:
            found[of(name.first).index]["organizations"].append(party(name))
    for p in placed:
        if p.time.vague or p.phase in ("report", "planned") or (p.time.precision == "year" and p.weight == 3):
            continue
        if p.time.type == "duration":
            found[p.clause]["lasting"].append(True)
        elif p.time.type in ("date", "time", "interval"):
            days = window(p.time)
            if days is not None:
                found[p.clause]["windows"].append(days)
            if p.time.precision in CLOCK:
                found[p.clause]["clock"].append(True)
    return [_signals(told) for told in found]


def _signals(told: Mapping[str, list[object]]) -> _Signals:
    return _Signals(
        events=tuple(told.get("events", ())),  # type: ignore[arg-type]
        ordinals=tuple(told.get("ordinals", ())),  # type: ignore[arg-type]
        windows=tuple(told.get("windows", ())),  # type: ignore[arg-type]
        parties=tuple(told.get("parties", ())),  # type: ignore[arg-type]
        organizations=tuple(told.get("organizations", ())),  # type: ignore[arg-type]
        kinds=frozenset(told.get("kinds", ())),  # type: ignore[arg-type]
        **{key: key in told for key in ("failing", "caused", "clock", "lasting", "recovering")},
    )


def _together(parts: Sequence[_Signals]) -> _Signals:
    """The signals of several clauses as one."""
    return _Signals(
        events=tuple(event for part in parts for event in part.events),
        ordinals=tuple(number for part in parts for number in part.ordinals),
        windows=tuple(days for part in parts for days in part.windows),
        parties=tuple(name for part in parts for name in part.parties),
        organizations=tuple(name for part in parts for name in part.organizations),
        kinds=frozenset(kind for part in parts for kind in part.kinds),
        failing=any(part.failing for part in parts),
        caused=any(part.caused for part in parts),
        clock=any(part.clock for part in parts),
        lasting=any(part.lasting for part in parts),
        recovering=any(part.recovering for part in parts),
    )


def _items(mentions: Mentions, clauses: Mapping[int, list[Clause]], signals: Sequence[_Signals]) -> dict[int, int]:
    """The sentences of a numbered list of incidents, with their numbers: most items have a clock or a dated failure."""
    tokens, sentences = mentions.words.tokens, mentions.words.sentences
    starts: list[int] = []
    for sentence in sentences:
        head = tokens[sentence.first : sentence.first + 2]
        numbered = len(head) == 2 and head[0].text == str(len(starts) + 1) and head[1].text in ".)"
        if numbered and len(starts) < _MOST_ITEMS:
            starts.append(sentence.index)
    found: dict[int, int] = {}
    dated = 0
    for number, start in enumerate(starts, start=1):
        stop = starts[number] if number < len(starts) else len(sentences)
        inside = [
            index
            for index in range(start, stop)
            if number < len(starts)
            or index <= start + 1
            or sentences[index].paragraph == sentences[start + 1].paragraph
        ]
        told = _together([signals[clause.index] for index in inside for clause in clauses[index]])
        if told.clock or (told.windows and (told.onset or told.lasting)):
            dated += 1
            found.update(dict.fromkeys(inside, number))
    return found if dated > 1 and dated * 2 >= len(starts) else {}


# --- the walk --------------------------------------------------------------------------------------------------------


class _Walk:
    """Gives the sentences of a text to incidents, one after the other."""

    def __init__(self, signals: Sequence[_Signals], judge: Judge | None) -> None:
        self.signals = signals
        self.judge = judge
        self.main = Thread()
        self.focus = self.main
        self.threads = [self.main]
        self.aside: Thread | None = None
        self.seen: set[str] = set()
        self.elsewhen: list[int] = []
        self.item = 0

    def sentence(self, clauses: Sequence[Clause], item: int) -> None:
        """Give the clauses of one sentence to incidents."""
        parts = [self.signals[clause.index] for clause in clauses]
        whole = _together(parts)
        elsewhen = bool(whole.windows) and _apart(whole.windows, self.focus)
        known = len(self.threads)
        if self.item and not item:
            self.focus = self.main
        target = self._item(item) if item else self._target(whole, parts)
        if len(self.threads) > known and not item:
            self._take_over(target)
        self.item = item
        aside: Thread | None = target if target.background else None
        home = self.focus if target.background else target
        for at, clause in enumerate(clauses):
            if aside is None and not item:
                aside = self._opened(clauses, parts, at, home)
            self._give(aside or home, clause.index, parts[at], whole)
        follows = not whole.windows and bool(self.elsewhen)
        stays = home is self.focus and aside is None and (elsewhen or follows)
        self.elsewhen = [*self.elsewhen, *(clause.index for clause in clauses)] if stays else []
        self.aside = aside or self.aside
        self.focus = home
        self.seen.update(whole.parties)

    def finish(self, listed: bool) -> tuple[Thread, ...]:
        """The incidents; one that a list does not number, or that has no time, is no incident of its own."""
        if listed:
            numbered = [thread for thread in self.threads[1:] if thread.ordinal]
            for thread in numbered:
                thread.shared = self.main.clauses
                thread.parties |= self.main.parties
            return tuple(sorted(numbered, key=lambda t: t.ordinal)) + tuple(t for t in self.threads if t.background)
        kept = [self.main]
        for thread in self.threads[1:]:
            dated = thread.windows or any(self.signals[c].lasting or self.signals[c].clock for c in thread.clauses)
            if thread.background or dated:
                kept.append(thread)
            else:
                self.main.clauses = sorted([*self.main.clauses, *thread.clauses])
                self.main.events += thread.events
        return tuple(kept)

    def _take_over(self, thread: Thread) -> None:
        """Let a new incident have the sentences right before it that already spoke of another day."""
        moved = set(self.elsewhen)
        self.focus.clauses = [clause for clause in self.focus.clauses if clause not in moved]
        thread.events += [event for event in self.focus.events if event.clause in moved]
        self.focus.events = [event for event in self.focus.events if event.clause not in moved]
        thread.clauses += sorted(moved)

    def _give(self, thread: Thread, clause: int, own: _Signals, whole: _Signals) -> None:
        thread.clauses.append(clause)
        thread.events += own.events
        thread.closed = thread.closed or own.recovering or (own.lasting and whole.onset)
        if own.onset or (thread.background and not thread.parties):
            thread.parties.update(own.parties)
        elif not thread.parties and whole.onset:
            thread.parties.update(whole.parties)
        if whole.onset or whole.caused or thread is not self.main:
            thread.series = thread.series or any(_DAY < end - begin <= _WEEK for begin, end in own.windows)
            known = thread.windows + [days for days in own.windows if days[1] - days[0] <= _WEEK or thread.background]
            thread.windows = [days for days in known if days[1] - days[0] == _DAY] or known

    def _target(self, whole: _Signals, parts: Sequence[_Signals]) -> Thread:
        """The incident that a sentence tells, asides inside it left out."""
        if "latter" in whole.kinds and self.aside is not None:
            return self.aside
        elsewhen = bool(whole.windows) and _apart(whole.windows, self.focus)
        recalled = all("background" in part.kinds for part in parts if part.ordinals)
        sequel = elsewhen and whole.ordinals[:1] == (1,) and _later(whole.windows, self.focus)
        if whole.ordinals and not recalled and not sequel:
            return self._counted(whole.ordinals[0])
        known = self._of_party(whole)
        if known is not None:
            return known
        if elsewhen:
            return self._another_day(whole)
        if "new" in whole.kinds and whole.fresh and whole.clock and self.focus.closed:
            return self._new()
        if self._stranger(whole):
            thread = self._new()
            thread.parties.clear()
            return thread
        return self.focus

    def _another_day(self, whole: _Signals) -> Thread:
        """The incident of a sentence whose days all lie outside those of the incident in focus."""
        for thread in self.threads:
            if (
                thread is not self.focus
                and thread.windows
                and not thread.background
                and not _apart(whole.windows, thread)
            ):
                return thread
        told = whole.fresh and _later(whole.windows, self.focus)
        if told and ("new" in whole.kinds or (self.focus.closed and not whole.recovering)):
            return self._new()
        return self.focus

    def _opened(self, clauses: Sequence[Clause], parts: Sequence[_Signals], at: int, home: Thread) -> Thread | None:
        """The aside that opens at a clause and lasts to the end of its sentence."""
        if not (home.events or home.windows or home.closed):
            return None
        opens = self._recalled(parts, at, home)
        if self.judge is not None:
            opens = self.judge.looks_back(clauses[at], ruled=opens)
        return self._past(_together(parts[at:])) if opens else None

    @staticmethod
    def _recalled(parts: Sequence[_Signals], at: int, home: Thread) -> bool:
        """Whether the rules take a clause for the opening of an aside."""
        here = parts[at]
        old = _before(here.windows, home)
        told = old and at < _OPENING and (here.fresh or (here.caused and here.lasting))
        if "background" not in here.kinds and not told:
            return False
        rest = _together(parts[at:])
        strange = bool(rest.parties) and bool(home.parties) and not set(rest.parties) & home.parties
        return rest.onset or rest.caused or strange

    def _past(self, told: _Signals) -> Thread:
        """The earlier or other incident that an aside tells: a known one of the same party or days, else a new one."""
        asides = [thread for thread in self.threads if thread.background]
        for thread in asides:
            if told.windows and thread.windows and not _apart(told.windows, thread):
                return thread
        for thread in asides:
            undated = not (told.windows and thread.windows)
            if undated and (thread.parties & set(told.parties) or not (told.parties and thread.parties)):
                return thread
        thread = Thread(background=True)
        self.threads.append(thread)
        return thread

    def _item(self, number: int) -> Thread:
        """The incident of an item of a list; what stands around the list belongs to all of its items."""
        for thread in self.threads[1:]:
            if thread.ordinal == number:
                return thread
        return self._new(number)

    def _counted(self, number: int) -> Thread:
        """The incident that a counting word names; the first one told is the first."""
        for thread in self.threads:
            if thread.ordinal == number:
                return thread
        if number == 1:
            self.main.ordinal = 1
            return self.main
        untold = [thread for thread in self.threads if not thread.background and not thread.ordinal]
        if not self.main.ordinal:
            self.main.ordinal = 1
        if number == len(untold) and untold[-1] is not self.main:
            untold[-1].ordinal = number
            return untold[-1]
        return self._new(number)

    def _new(self, ordinal: int = 0) -> Thread:
        thread = Thread(ordinal=ordinal, parties=set(self.focus.parties))
        self.threads.append(thread)
        return thread

    def _of_party(self, whole: _Signals) -> Thread | None:
        """The one incident of several to which all the named parties belong."""
        named = set(whole.parties)
        if not named or len(self.threads) == 1 or named & self.focus.parties:
            return None
        known = [thread for thread in self.threads if named & thread.parties]
        return known[0] if len(known) == 1 and known[0] is not self.focus else None

    def _stranger(self, whole: _Signals) -> bool:
        """Whether another party, never named before, breaks at a clock of its own."""
        if not (whole.failing and whole.clock and whole.organizations and self.focus.parties and self.focus.windows):
            return False
        return not set(whole.organizations) & (self.seen | self.focus.parties)


def _apart(windows: Iterable[Window], thread: Thread) -> bool:
    """Whether all days lie outside the days of an incident."""
    if not thread.windows:
        return False
    return not any(
        begin < other_end and other_begin < end for begin, end in windows for other_begin, other_end in thread.windows
    )


def _later(windows: Iterable[Window], thread: Thread) -> bool:
    last = max(end for _, end in thread.windows)
    return all(begin >= last and end - begin <= _DAY for begin, end in windows)


def _before(windows: Iterable[Window], thread: Thread) -> bool:
    """Whether all days lie long before those of an incident."""
    days = list(windows)
    if not days or not thread.windows:
        return False
    start = min(begin for begin, _ in thread.windows)
    return max(end for _, end in days) < start - _OLD
