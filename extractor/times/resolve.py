"""Say what each found expression means: by its words, the publication date, and the dates told before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from extractor.records import MomentBasis, Precision
from extractor.times import calendar
from extractor.times.calendar import Impossible
from extractor.times.context import Context, Located, PublicationDate
from extractor.times.durations import CLOCK_UNITS, Amount, amounts_of, bounds, iso
from extractor.times.find import Found
from extractor.times.knowledge import TimeKnowledge
from extractor.times.locate import counts_from_text, has_day, locate
from extractor.times.reading import Bound, ResolvedTime, Span, TimeReading, TimeWarning
from extractor.times.surroundings import ListName, Surroundings
from extractor.times.tokens import Token

Slots = Mapping[str, Any]

#: First and last hour of the parts of a day; above 24 is the next day.
_PARTS = {"MO": (6, 12), "MI": (12, 14), "AF": (12, 18), "EV": (18, 24), "NI": (21, 30)}
#: Lists of words that may stand between the two dates of a stretch of time.
_BETWEEN_DATES: tuple[ListName, ...] = ("and", "to", "joint")
#: What an expression may tell that names a day by its weekday alone.
_WEEKDAY_AND_CLOCK = frozenset({"wd", "part", "h", "min", "s", "meridiem", "zone", "article", "approx"})
#: How many tokens may stand between a date and the weekday that only adds its name.
_APPOSITION = 3
#: After a clock of the evening, one that lies so many hours before it is the next morning's.
_EVENING, _TURNED = 20, 12
#: Slots that tell the half of a day, and those that a day shares with the one after it.
_HALVES, _MONTH_AND_YEAR = ("meridiem", "part"), ("m", "y")
#: A clock after this hour does not leave open which half of the day it is in.
_NOON = 12
#: Up to this hour a clock of a night is the next day's.
_SMALL_HOURS = 6
#: After this hour a clock in words that lies before it is the afternoon's.
_LATE = 8
_ABOUT_A_CLOCK = timedelta(minutes=30)
#: How exact a moment is that is told by so many units.
_GRAINS: dict[str, calendar.Grain] = {
    "day": "day", "weekend": "day", "week": "week", "year": "year", "decade": "year", "century": "year"
}  # fmt: skip
_PRECISIONS: dict[calendar.Grain, Precision] = {
    "day": "day", "weekend": "day", "week": "week", "month": "month", "quarter": "month", "half": "month",
    "season": "month", "year": "year", "decade": "year", "century": "year",
}  # fmt: skip
#: What one bound of an interval takes over from the other.
_SHARED = ("m", "y", "wd", "unit", "n", "ref", "toward", "meridiem", "part", "zone", "holiday")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as told: hour (24 is the next midnight), and minute and second where the words give them."""

    hour: int
    minute: int | None
    second: int | None

    def on(self, day: date) -> datetime:
        """The moment on a day."""
        since_midnight = timedelta(hours=self.hour, minutes=self.minute or 0, seconds=self.second or 0)
        return datetime.combine(day, time()) + since_midnight

    @property
    def length(self) -> timedelta:
        """How long the told unit lasts."""
        if self.second is not None:
            return timedelta(seconds=1)
        return timedelta(hours=1) if self.minute is None else timedelta(minutes=1)


def resolve(
    text: str, tokens: Sequence[Token], found: Sequence[Found], knowledge: TimeKnowledge, published: str | None
) -> TimeReading:
    """Resolve all expressions of a text in order.

    Args:
        text: The text.
        tokens: Its tokens.
        found: What find.py found in it.
        knowledge: The language.
        published: The publication date.

    Raises:
        InvalidDate: ``published`` is no ISO date.
    """
    resolver = _Resolver(text, tokens, found, knowledge, PublicationDate.parse(published))
    return resolver.run()


class _Resolver:
    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        found: Sequence[Found],
        knowledge: TimeKnowledge,
        publication: PublicationDate | None,
    ) -> None:
        self.text, self.tokens, self.found = text, tokens, found
        self.surroundings = Surroundings(tokens, knowledge)
        self.context = Context(publication, _only_year(found))
        self.mentions: list[ResolvedTime] = []
        self.warnings: list[TimeWarning] = []
        self.zone: str | None = next((item.slots["zone"] for item in found if "governs" in item.slots), None)
        self.known: dict[int, Located | None] = {}

    def run(self) -> TimeReading:
        for index, item in enumerate(self.found):
            try:
                mention = self._mention(index, item)
            except (Impossible, OverflowError, ValueError):
                start, end = self._span(item)
                message = f"{self.text[start:end]!r} does not exist in the calendar"
                self.warnings.append(TimeWarning("impossible_date", start, end, message))
                continue
            if mention is not None:
                self.mentions.append(mention)
        return TimeReading(tuple(self.mentions), tuple(self.warnings))

    def _span(self, item: Found) -> Span:
        return self.tokens[item.first].start, self.tokens[item.last - 1].end

    def _mention(self, index: int, item: Found) -> ResolvedTime | None:
        slots = item.slots
        start, end = self._span(item)
        blank = ResolvedTime(start, end, self.text[start:end], "date", "", rule=item.rule)
        if "governs" in slots:
            return None
        if "reference" in slots:
            return replace(blank, value=slots["reference"], vague=True, basis="publication")
        if "every" in slots:
            return replace(blank, type="set", value=_set_value(slots))
        if "from" in slots:
            return self._interval(item, blank)
        if "a" in slots:
            return self._amount(item, blank)
        return self._point(index, item, blank)

    # -- durations and what is told by them

    def _amount(self, item: Found, blank: ResolvedTime) -> ResolvedTime:
        slots = item.slots
        amounts = amounts_of(slots)
        approx = slots.get("approx")
        if "sign" in slots and ("tentative" not in slots or self._looks_ahead(item)):
            moved = self._moved(slots, amounts, blank)
            if moved is not None:
                return replace(moved, approximate=approx is not None)
        value = iso(amounts)
        seconds = bounds(amounts, approx)
        if "least" in slots:
            least = [Amount(slots["least"], amounts[0].unit)]
            value = f"{iso(least)}/{value}"
            seconds = (None, bounds(least, None)[0], seconds[2])
        if "most" in slots:
            most = [Amount(slots["most"], amounts[0].unit)]
            value = f"{value}/{iso(most)}"
            seconds = (None, seconds[1], bounds(most, None)[2])
        vague = any(amount.count is None for amount in amounts)
        return replace(blank, type="duration", value=value, seconds=seconds, approximate=vague or approx is not None)

    def _looks_ahead(self, item: Found) -> bool:
        """Whether a length after a word like "in" tells when something comes, and not how long it takes."""
        alone = item.begin == 0 and item.last == len(self.tokens)
        return alone or self.surroundings.ahead(item.begin, item.last) == "surely"

    def _counted_from(self, base: Slots, slots: Slots, amounts: list[Amount], blank: ResolvedTime) -> ResolvedTime:
        """The day so long before or after a day that the expression names."""
        anchor = locate(base, self.context, self.surroundings.ahead(self._at(blank), self._at(blank)), False)
        if anchor is None or any(amount.count is None for amount in amounts) or amounts[-1].unit in CLOCK_UNITS:
            raise Impossible("no day to count from")
        day = _shifted(anchor.period.start, slots["sign"], amounts)
        located = replace(anchor, period=calendar.period_of(anchor.period.grain, day))
        self.context.tell(located, self._anchors_of(blank), None, False)
        return self._dated(located, blank)

    def _moved(self, slots: Slots, amounts: list[Amount], blank: ResolvedTime) -> ResolvedTime | None:
        """The moment so long before or after the publication or what was told; None when its anchor is not known."""
        past = slots["sign"] < 0
        from_text = slots.get("ref") == "context"
        if "base" in slots:
            return self._counted_from(dict(slots["base"]), slots, amounts, blank)
        if any(amount.count is None for amount in amounts):
            return None if from_text else replace(blank, value="PAST_REF" if past else "FUTURE_REF", vague=True)
        if "prepositional" in slots and (amounts[-1].unit in CLOCK_UNITS or self.context.day_told_in_text()):
            return None
        if amounts[-1].unit in CLOCK_UNITS:
            return self._moved_clock(slots, amounts, blank)
        anchor = self.context.told(from_text, amounts[-1].unit)
        if anchor is None:
            return None if from_text else replace(blank, value="PAST_REF" if past else "FUTURE_REF", vague=True)
        if from_text and not past and anchor.basis == "publication" and not anchor.anchors:
            return self._dated(replace(anchor, basis="publication"), blank)
        day = _shifted(anchor.period.start, slots["sign"], amounts)
        unit = amounts[-1].unit
        to_the_day = unit == "week" and (from_text or not past)
        period = calendar.period_of("day" if to_the_day else _GRAINS.get(unit, "month"), day)
        located = Located(period, anchor.year_known, "context" if from_text else "publication", anchor.anchors)
        reported = self.surroundings.reported(self._at(blank))
        publication = self.context.publication
        until_now = publication is not None and publication.day <= located.period.start
        self.context.tell(located, self._anchors_of(blank), None, reported, aside=past or (from_text and until_now))
        return self._dated(located, blank)

    def _moved_clock(self, slots: Slots, amounts: list[Amount], blank: ResolvedTime) -> ResolvedTime | None:
        from_text = slots.get("ref") == "context"
        untold = not self.context.day_told_in_text()
        anchor = self.context.moment if from_text and not untold else self.context.publication_moment
        length = timedelta(seconds=slots["sign"] * (bounds(amounts, None)[0] or 0))
        if anchor is None:
            base = None if from_text or slots["sign"] > 0 else self.context.told(False, "day")
            if base is None:
                return None
            day = (datetime.combine(base.period.start, time(12)) + length).date()
            return self._dated(Located(calendar.day_period(day), True, "publication", ()), blank)
        moment = anchor + length
        basis: MomentBasis = "context" if from_text else "publication"
        located = Located(calendar.day_period(moment.date()), self.context.year_known, basis, self.context.anchors)
        clock = Clock(moment.hour, moment.minute, None)
        self.context.tell(located, self._anchors_of(blank), moment, False)
        return self._clocked(located, clock, {}, blank)

    # -- dates and times of day

    def _point(self, index: int, item: Found, blank: ResolvedTime) -> ResolvedTime | None:
        slots = item.slots
        located = self._located(index, item)
        if located is None:
            return _undated(slots, blank)
        clock = self._of_half_day(self._clock_of(index), located, blank)
        reported = self.surroundings.reported(item.first, item.last)
        if clock is not None and located.period.grain == "day":
            clock = self._at_midnight(index, clock, located)
            rolled = self._ends_next_day(index, located, clock)
            located = self._rolled_over(index, located, clock)
            moment = clock.on(located.period.start)
            at_head = has_day(slots) and self.surroundings.starts_a_line(item.first)
            opens_a_night = clock.hour == 24 and self.surroundings.ahead(item.first, item.last) == "no"
            part = "NI" if opens_a_night else None
            if not rolled:
                self.context.tell(located, self._anchors_of(blank), moment, reported, part, at_head)
            return self._clocked(located, clock, slots, blank)
        part = slots.get("part") if located.period.grain == "day" else None
        at_head = part is None and self.surroundings.heads_a_line(item.first, item.last)
        from_text, steps = counts_from_text(slots), slots.get("n")
        aside = steps is not None and (steps < 0 if from_text else steps == 0)
        story = self.context.story_day()
        if slots.keys() == {"wd"} and located.basis == "context" and story is not None:
            aside = located.period.start < story.period.start
        self.context.tell(located, self._anchors_of(blank), None, reported, part, at_head, aside)
        return self._parted(located, part, slots, blank) if part else self._dated(located, blank, slots.get("approx"))

    def _clock_of(self, index: int) -> Clock | None:
        """The time of day of an expression; of two in a row, the half of the day that only the second tells."""
        item = self.found[index]
        slots = item.slots
        following = self.found[index + 1] if index + 1 < len(self.found) else None
        if following is None or slots.get("h", 24) > 12 or {"meridiem", "part", "until"} & slots.keys():
            return _clock(slots)
        half: dict[str, Any] = {name: following.slots[name] for name in _HALVES if name in following.slots}
        in_a_row = self.surroundings.joined(item.last, following.first, ("to", "and", "at"))
        if not half or "h" not in following.slots or not in_a_row:
            return _clock(slots)
        shared, end = _clock({**slots, **half}), _clock(following.slots)
        ordered = shared is not None and end is not None and shared.on(date.min) < end.on(date.min)
        return shared if ordered else _clock(slots)

    def _located(self, index: int, item: Found) -> Located | None:
        """The day or period of an expression; a bare time of day takes it from its neighbour or the context."""
        slots = item.slots
        if has_day(slots):
            return self._own_day(index)
        beside = self._beside(index) or self._behind(index)
        if beside is not None:
            return beside
        if self._of_a_set(index) or self.surroundings.generic(item.first, item.last):
            return None
        if self.surroundings.heads_a_line(item.first, item.last) and (line_day := self.context.line_day()):
            return line_day
        told = self.context.day_told(self.surroundings.ahead(item.first, item.last) != "no")
        return self._night_before(slots, told) if told is not None else None

    def _beside(self, index: int) -> Located | None:
        """The day that follows a bare time ("10:15 on Tuesday") or two of them ("from 9 to 10 on Tuesday")."""
        item = self.found[index]
        for ahead in (index + 1, index + 2):
            if ahead >= len(self.found):
                return None
            following, before = self.found[ahead], self.found[ahead - 1]
            in_a_row = self.surroundings.joined(before.last, following.first, ("and", "to", "at"))
            its_day = "h" in item.slots and "h" in following.slots and in_a_row
            if has_day(following.slots) and (its_day or self.surroundings.joined(before.last, following.first)):
                located = self._own_day(ahead)
                if located is None or located.period.grain != "day":
                    return None
                part = None if "part" in item.slots else following.slots.get("part")
                return replace(located, anchors=(self._span(following),), part=part, beside=True)
            if "h" not in following.slots or not in_a_row:
                return None
        return None

    def _of_a_set(self, index: int) -> bool:
        """Whether a bare time belongs to a set beside it ("every Monday at 10:15")."""
        item = self.found[index]
        before = self.found[index - 1] if index else None
        after = self.found[index + 1] if index + 1 < len(self.found) else None
        joints: tuple[ListName, ...] = ("joint", "at")
        if before is not None and "every" in before.slots and self.surroundings.joined(before.last, item.first, joints):
            return True
        return after is not None and "every" in after.slots and item.last == after.first

    def _behind(self, index: int) -> Located | None:
        """The day told just before a bare time ("on Tuesday at 10:15"), or "today" earlier in its sentence."""
        item, before = self.found[index], self.found[index - 1] if index else None
        if before is None or not has_day(before.slots):
            return self._in_part(item, before)
        now = before.slots.get("n") == 0 and not counts_from_text(before.slots)
        near = now and self.surroundings.same_sentence(before.last, item.first)
        joined = self.surroundings.joined(before.last, item.first)
        if not near and not joined:
            return None
        located = self.known.get(index - 1)
        if located is None or located.period.grain != "day":
            return None
        part = None if "part" in item.slots else before.slots.get("part")
        return replace(located, anchors=(self._span(before),), basis="context", part=part, beside=joined)

    def _in_part(self, item: Found, before: Found | None) -> Located | None:
        """The day that is told, for a clock of the part of a day that stands before it ("in the evening at 8")."""
        told = self.context.day_told()
        if before is None or told is None or "h" not in item.slots or before.slots.keys() & {"h", "every", "a"}:
            return None
        if "part" not in before.slots or not self.surroundings.joined(before.last, item.first):
            return None
        return replace(told, part=before.slots["part"], anchors=(self._span(before),), beside=True)

    def _night_before(self, slots: Slots, told: Located) -> Located:
        """For a night: the one that has begun when the text is published; a morning after a night: the next day's."""
        if "h" in slots:
            return told
        if slots.get("part") == "MO" and told.part == "NI":
            return replace(told, period=calendar.day_period(told.period.end))
        if slots.get("part") != "NI":
            return told
        publication = self.context.publication
        if publication and publication.day == told.period.start:
            return replace(told, period=calendar.day_period(told.period.start - timedelta(days=1)))
        return told

    def _at_midnight(self, index: int, clock: Clock, located: Located) -> Clock:
        """Midnight: the next one; where the language says so, beside its date or first on it, the one it opens with."""
        item = self.found[index]
        if clock.hour != 24 or "opens" not in item.slots:
            return clock
        before = self.found[index - 1] if index else None
        joined = before is not None and has_day(before.slots) and self.surroundings.joined(before.last, item.first)
        beside = has_day(item.slots) or located.beside or joined
        ends = self.surroundings.ahead(item.first, item.last) != "no"
        told = self.context.moment
        first = told is None or told.date() != located.period.start
        return replace(clock, hour=0) if (beside or first) and not ends else clock

    def _with_shared_year(self, index: int) -> Slots:
        """What an expression says, with what only the second of two dates tells ("Monday 1 to Friday 5 June 2020")."""
        slots = self.found[index].slots
        if not {"m", "d"} & slots.keys() or "y" in slots or "n" in slots or index + 1 >= len(self.found):
            return slots
        item, following = self.found[index], self.found[index + 1]
        after = following.slots
        if "m" not in after or not self.surroundings.joined(item.last, following.first, _BETWEEN_DATES):
            return slots
        if "m" not in slots:
            shared: dict[str, Any] = {name: after[name] for name in _MONTH_AND_YEAR if name in after}
            return {**slots, **shared} if slots["d"] <= after.get("d", 31) else slots
        if "y" not in after:
            return slots
        turned = (slots["m"], slots.get("d", 0)) > (after["m"], after.get("d", 31))
        return {**slots, "y": after["y"] - turned}

    def _apposed(self, index: int) -> Located | None:
        """The date just told, for a weekday that only adds its name ("on 24 May, a Tuesday")."""
        item, story = self.found[index], self.context.story_day()
        if index == 0 or item.slots.keys() != {"wd"} or item.first - self.found[index - 1].last > _APPOSITION:
            return None
        same = story is not None and story.period.start.isoweekday() == item.slots["wd"]
        return replace(story, basis="context") if story is not None and same else None

    def _of_half_day(self, clock: Clock | None, located: Located, blank: ResolvedTime) -> Clock | None:
        """A clock in words that lies before the time told last on that day means the afternoon."""
        before = self.context.moment
        if clock is None or not 1 <= clock.hour < 12:
            return clock
        later = replace(clock, hour=clock.hour + 12)
        day = located.period.start
        in_words = not any(sign.isdigit() for sign in blank.text)
        late = located.part in ("AF", "EV") or (located.part == "NI" and clock.hour > _SMALL_HOURS)
        if late and (located.beside or (in_words and located.part != "NI")):
            return later
        if not in_words:
            return clock
        if before is None:
            return clock
        told_late = before.date() == day and before.hour >= _LATE
        return later if told_late and clock.on(day) < before < later.on(day) else clock

    def _own_day(self, index: int) -> Located | None:
        """The day or period that an expression tells by itself; the same when it is asked for twice."""
        if index not in self.known:
            item = self.found[index]
            slots = self._with_shared_year(index)
            ahead = self.surroundings.ahead(item.first, item.last)
            reported = self.surroundings.reported(item.first, item.last)
            located = self._apposed(index) or self._within_week(index)
            located = located or locate(slots, self.context, ahead, reported)
            self.known[index] = self._in_order(index, slots, located)
        return self.known[index]

    def _within_week(self, index: int) -> Located | None:
        """The day of the week just told, for a weekday that follows it ("next week on Tuesday")."""
        item, week = self.found[index], self.known.get(index - 1)
        if week is None or week.period.grain != "week" or not {"wd"} <= item.slots.keys() <= _WEEKDAY_AND_CLOCK:
            return None
        if not self.surroundings.joined(self.found[index - 1].last, item.first, ("joint", "article", "of")):
            return None
        day = week.period.start + timedelta(days=item.slots["wd"] - 1)
        anchors = (self._span(self.found[index - 1]),)
        return replace(week, period=calendar.day_period(day), basis="context", anchors=anchors)

    def _in_order(self, index: int, slots: Slots, located: Located | None) -> Located | None:
        """The second day of a stretch ("from Friday to Monday"), which does not lie before the first."""
        first = self.known.get(index - 1)
        if located is None or first is None or located.basis != "publication" or "y" in slots or "n" in slots:
            return located
        end, start = self.found[index - 1].last, self.found[index].first
        leads = self.surroundings.joined(end, start, ("to", "joint", "article")) and self.surroundings.holds(
            end, start, "to"
        )
        if not leads or located.period.start >= first.period.start:
            return located
        if "m" in slots:
            year = first.period.start.year
            later = [locate({**slots, "y": y}, self.context, "no", False) for y in (year, year + 1)]
            return next((one for one in later if one and one.period.start >= first.period.start), located)
        if slots.keys() <= {"wd", "part"}:
            ahead = -((located.period.start - first.period.start).days // 7) * timedelta(days=7)
            return replace(located, period=calendar.day_period(located.period.start + ahead))
        return located

    def _rolled_over(self, index: int, located: Located, clock: Clock) -> Located:
        """The next day, for small hours that follow a night or a late hour of the day that the text is at."""
        if has_day(self.found[index].slots) or clock.hour >= 24:
            return located
        if self._ends_next_day(index, located, clock):
            return replace(located, period=calendar.day_period(located.period.end), part=None)
        before = None if located.beside else self.context.moment
        late = before is not None and before.hour >= _EVENING and before.date() == located.period.start
        follows = late and before is not None and before.hour - clock.hour >= _TURNED
        # "It failed at 5:40, when a certificate expired overnight; at 9:25 it was renewed": that night has passed.
        goes_on = before is not None and before.date() == located.period.start and before.hour < _NOON
        passed = goes_on and before is not None and before < clock.on(located.period.start)
        if (located.part == "NI" and clock.hour < _NOON and not passed) or follows:
            return replace(located, period=calendar.day_period(located.period.end), part=None)
        return located

    def _ends_next_day(self, index: int, located: Located, clock: Clock) -> bool:
        """Whether a clock is the end of a stretch that began later that day ("between 22:00 and 5:30")."""
        start, before = self.context.moment, self.found[index - 1] if index else None
        own_day = has_day(self.found[index].slots)
        if before is None or start is None or located.beside or own_day or "h" not in before.slots:
            return False
        between = self.surroundings.holds(max(0, before.first - 2), before.first, "between")
        joints: tuple[ListName, ...] = ("to", "and", "article") if between else ("to", "article")
        in_a_row = self.surroundings.joined(before.last, self.found[index].first, joints)
        on_its_day = start.date() == located.period.start
        return in_a_row and on_its_day and start.hour > _NOON > clock.hour

    def _interval(self, item: Found, blank: ResolvedTime) -> ResolvedTime | None:
        ends = [dict(item.slots["from"]), dict(item.slots["to"])]
        for own, other in (ends, ends[::-1]):
            for name in _SHARED:
                if name not in own and name in other:
                    own[name] = other[name]
        ahead = self.surroundings.ahead(item.first, item.last)
        first = locate(ends[0], self.context, ahead, False) or self.context.day_told()
        if first is None:
            return None
        last = locate(ends[1], self.context, ahead, False) or first
        if last.period.start < first.period.start and "y" not in ends[0]:
            first = locate({**ends[0], "y": last.period.start.year - 1}, self.context, ahead, False) or first
        low, high = self._end(first, ends[0], blank), self._end(last, ends[1], blank)
        if high.value < low.value and "h" in ends[1]:
            high = self._end(replace(last, period=calendar.day_period(last.period.end)), ends[1], blank)
        self.context.tell(first, self._anchors_of(blank), None, self.surroundings.reported(item.first, item.last))
        return replace(
            low, type="interval", value=f"{low.value}/{high.value}", earliest=low.earliest, latest=high.latest
        )  # fmt: skip

    def _end(self, located: Located, slots: Slots, blank: ResolvedTime) -> ResolvedTime:
        clock = _clock(slots)
        if clock is not None and located.period.grain == "day":
            return self._clocked(located, clock, slots, blank)
        return self._parted(located, slots["part"], slots, blank) if "part" in slots else self._dated(located, blank)

    # -- the answers

    def _dated(self, located: Located, blank: ResolvedTime, approx: str | None = None) -> ResolvedTime:
        period = located.period
        known = self._year_known(located, blank)
        return replace(
            blank,
            type="date",
            value=located.unsaid or period.value(known),
            earliest=_midnight(period.start) if known else None,
            latest=_midnight(period.end) if known else None,
            precision=_PRECISIONS[period.grain],
            approximate=approx is not None,
            bound=_bound(approx),
            basis=located.basis,
            anchors=located.anchors,
        )

    def _parted(self, located: Located, part: str, slots: Slots, blank: ResolvedTime) -> ResolvedTime:
        known = self._year_known(located, blank)
        low, high = _PARTS[part]
        day = datetime.combine(located.period.start, time())
        return replace(
            blank,
            type="time",
            value=f"{located.unsaid or located.period.value(known)}T{part}",
            earliest=_iso(day + timedelta(hours=low)) if known else None,
            latest=_iso(day + timedelta(hours=high)) if known else None,
            precision="part_of_day",
            approximate="approx" in slots,
            basis=located.basis,
            anchors=located.anchors,
        )

    def _clocked(self, located: Located, clock: Clock, slots: Slots, blank: ResolvedTime) -> ResolvedTime:
        known = self._year_known(located, blank)
        moment = clock.on(located.period.start)
        approx = slots.get("approx")
        earliest: datetime | None = moment
        latest: datetime | None = moment + clock.length
        if approx in ("about", "almost"):
            earliest, latest = moment - _ABOUT_A_CLOCK, moment + _ABOUT_A_CLOCK
        elif approx in ("before", "under", "at_most"):
            earliest, latest = None, moment
        elif approx in ("after", "over", "at_least"):
            latest = None
        if not known:
            earliest = latest = None
        day = located.unsaid or calendar.day_period(moment.date()).value(known)
        clock_form = moment.strftime("%H:%M:%S" if clock.second is not None else "%H:%M")
        return replace(
            blank,
            type="time",
            value=f"{day}T{clock_form}",
            earliest=_iso(earliest) if earliest else None,
            latest=_iso(latest) if latest else None,
            precision="second" if clock.second is not None else "minute",
            timezone=slots.get("zone", self.zone) or None,
            approximate=approx is not None,
            bound=_bound(approx),
            basis=located.basis,
            anchors=located.anchors,
        )

    def _year_known(self, located: Located, blank: ResolvedTime) -> bool:
        if not located.year_known and not any(w.start == blank.start for w in self.warnings):
            message = f"nothing tells the year of {blank.text!r}; give a publication date"
            self.warnings.append(TimeWarning("year_unknown", blank.start, blank.end, message))
        return located.year_known

    def _anchors_of(self, blank: ResolvedTime) -> tuple[Span, ...]:
        return ((blank.start, blank.end),)

    def _at(self, blank: ResolvedTime) -> int:
        return next((item.first for item in self.found if self.tokens[item.first].start == blank.start), 0)


def _shifted(day: date, sign: int, amounts: Sequence[Amount]) -> date:
    """A day moved by all the amounts."""
    for amount in amounts:
        day = calendar.shift(day, sign * round(amount.count or 0), amount.unit)
    return day


def _only_year(found: Sequence[Found]) -> int | None:
    years = {item.slots["y"] for item in found if "y" in item.slots}
    return years.pop() if len(years) == 1 else None


def _clock(slots: Slots) -> Clock | None:
    """The time of day that an expression tells.

    Raises:
        Impossible: There is no such time.
    """
    if "h" not in slots:
        return None
    hour, minute, second = slots["h"], slots.get("min"), slots.get("s")
    meridiem = slots.get("meridiem") or dict(slots.get("until", ())).get("meridiem")
    part = slots.get("part")
    if meridiem and hour <= 12:
        hour = hour % 12 + (12 if meridiem == "pm" else 0)
    elif hour == 12 and part == "NI":
        hour = 24
    elif (part in ("AF", "EV") and hour < 12) or (part == "NI" and 6 <= hour < 12):
        hour += 12
    if hour > 24 or (hour == 24 and (minute or second)) or (minute or 0) > 59 or (second or 0) > 59:
        raise Impossible("no such time of day")
    if "minus" in slots:
        total = hour * 60 - slots["minus"]
        total += 720 if total < 60 else 0
        hour, minute = (total // 60) % 24, total % 60
    return Clock(hour, minute, second)


def _undated(slots: Slots, blank: ResolvedTime) -> ResolvedTime | None:
    """A time of day of no day."""
    clock = _clock(slots)
    if clock is None:
        if "part" not in slots:
            return None
        return replace(blank, type="time", value=f"T{slots['part']}", precision="part_of_day")
    moment = clock.on(date.min)
    value = moment.strftime("T%H:%M:%S" if clock.second is not None else "T%H:%M")
    approx = slots.get("approx")
    return replace(
        blank,
        type="time",
        value=value,
        precision="minute" if clock.second is None else "second",
        timezone=slots.get("zone") or None,
        approximate=approx is not None,
        bound=_bound(approx),
    )


def _set_value(slots: Slots) -> str:
    if "a" in slots:
        return iso(amounts_of(slots))
    if "wd" in slots:
        return f"XXXX-WXX-{slots['wd']}" + (f"T{slots['part']}" if "part" in slots else "")
    if "m" in slots:
        return f"XXXX-{slots['m']:02d}"
    if "frequency" in slots:
        return iso([Amount(1, slots["frequency"])])
    unit = slots.get("unit", "day")
    return iso([Amount(3, "month") if unit == "quarter" else Amount(slots.get("number", 1), unit)])


def _bound(approx: str | None) -> Bound | None:
    return approx if approx in ("before", "after") else None  # type: ignore[return-value]


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
