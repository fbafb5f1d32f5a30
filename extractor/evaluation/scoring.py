"""One article's report against its gold: right, false and missed values of every field, and each mistake in words.

The rules are those of ANNOTATION.md, "Scoring".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from extractor.evaluation.alignment import Pairs, align, assign, match_components, matrix
from extractor.evaluation.comparing import cause_likeness, loose_likeness, parties, same_name, words
from extractor.evaluation.gold import Article, GoldIncident, place
from extractor.evaluation.values import is_moment, same_duration, same_moment, truncates_to
from extractor.records import Evidence, Incident, Moment, Organization, Report, Service, TimeMention
from extractor.tokens import Words, read

Field = Literal[
    "incident", "primary_count", "role", "started", "detected", "resolved", "duration", "organization", "service",
    "component", "component_category", "component_status", "cause_span", "cause_category", "impact", "action",
    "times_strict", "times_overlap", "times_value", "relevance",
]  # fmt: skip
FIELDS: tuple[Field, ...] = get_args(Field)
MistakeKind = Literal["missed", "false", "wrong"]
MomentField = Literal["started", "detected", "resolved"]

RELEVANT = 0.5
#: What is scored where a language folder reads times only.
TIME_FIELDS: frozenset[Field] = frozenset({"times_strict", "times_overlap", "times_value"})
#: Evidence longer than this is a sentence about a party and no alias of it.
_LONGEST_ALIAS = 6
#: Makes the best assignment the one with most pairs, and among those the likest.
_LIKENESS = 0.02
#: Fields that miss what another field has missed already: role with incident, times_overlap with the others.
_REPEATED: frozenset[Field] = frozenset({"role", "times_strict", "times_value"})


@dataclass(frozen=True, slots=True)
class Mistake:
    """One value that is missed, false or wrong, with its sentence.

    Attributes:
        article: The id of the article.
        language: Its language.
        field: What was scored.
        kind: missed (only gold has it), false (only the report has it), wrong (both have one, and they differ).
        gold: The annotated value.
        predicted: The value of the report.
        sentence: The sentence of the text, where one can be told.
        alone: The whole incident is missed or false, and this value only with it.
    """

    article: str
    language: str
    field: Field
    kind: MistakeKind
    gold: str | None
    predicted: str | None
    sentence: str
    alone: bool = False


@dataclass(slots=True)
class Counts:
    """Right, false and missed values of one field."""

    right: int = 0
    false: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A value of the report with the confidence it was said with, and whether it is right."""

    field: Field
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """What one article adds to the score."""

    id: str
    language: str
    counts: dict[Field, Counts]
    mistakes: tuple[Mistake, ...]
    claims: tuple[Claim, ...] = ()


@dataclass
class _Tally:
    """Collects the counts and the mistakes of one article."""

    article: Article
    counts: dict[Field, Counts] = field(default_factory=lambda: {name: Counts() for name in FIELDS})
    mistakes: list[Mistake] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    alone: bool = False

    def right(self, name: Field) -> None:
        self.counts[name].right += 1

    def missed(self, name: Field, gold: str, at: int | None = None) -> None:
        self.counts[name].missed += 1
        self._note(name, "missed", gold, None, at)

    def false(self, name: Field, predicted: str, at: int | None = None) -> None:
        self.counts[name].false += 1
        self._note(name, "false", None, predicted, at)

    def wrong(self, name: Field, gold: str, predicted: str, at: int | None = None) -> None:
        self.counts[name].missed += 1
        self.counts[name].false += 1
        self._note(name, "wrong", gold, predicted, at)

    def judge(self, name: Field, gold: str, predicted: str, right: bool, at: int | None = None) -> None:
        """Count one value that both sides have."""
        if right:
            self.right(name)
        else:
            self.wrong(name, gold, predicted, at)

    def claim(self, name: Field, confidence: float, right: bool) -> None:
        """Note how surely a value was said."""
        self.claims.append(Claim(name, confidence, right))

    def find(self, span: str) -> int | None:
        """Where a span of the gold stands in the text."""
        start = self.article.text.find(span)
        return start if start >= 0 else None

    def _note(self, name: Field, kind: MistakeKind, gold: str | None, predicted: str | None, at: int | None) -> None:
        if name in _REPEATED and kind != "wrong":
            return  # the same mistake is on record already, under the field that it repeats
        info = self.article.gold
        self.mistakes.append(Mistake(info.id, info.lang, name, kind, gold, predicted, self._sentence(at), self.alone))

    def _sentence(self, at: int | None) -> str:
        read_words = self._words
        if at is None or not read_words.sentences:
            return ""
        within = (s for s in read_words.sentences if read_words.tokens[s.last - 1].end > at)
        sentence = next(within, read_words.sentences[-1])
        start, end = read_words.span(sentence.first, sentence.last)
        return " ".join(self.article.text[start:end].split())

    @cached_property
    def _words(self) -> Words:
        return read(self.article.text, None)


def score_article(article: Article, report: Report) -> ArticleScore:
    """Score the report of one article.

    Args:
        article: The gold with its text.
        report: What the extractor made of the text; its offsets are into the same text.

    Returns:
        The counts of every field, and every mistake.
    """
    tally = _Tally(article)
    gold, predicted = article.gold.incidents, report.incidents
    pairs = align(gold, predicted)
    for mine, theirs in pairs:
        _incident(tally, gold[mine], predicted[theirs])
    for index in _others(len(gold), (mine for mine, _ in pairs)):
        _incident(tally, gold[index], None)
    for index in _others(len(predicted), (theirs for _, theirs in pairs)):
        _incident(tally, None, predicted[index])
    _primary_count(tally, report)
    _relevance(tally, report)
    _times(tally, report.times)
    score = ArticleScore(article.gold.id, article.gold.lang, tally.counts, tuple(tally.mistakes), tuple(tally.claims))
    partial = any(warning.code == "language_partial" for warning in report.warnings)
    return _restricted(score, TIME_FIELDS) if partial else score


def _restricted(score: ArticleScore, fields: frozenset[Field]) -> ArticleScore:
    """The score of a report that reads only some fields: the others are not scored as zero."""
    counts = {name: counted if name in fields else Counts() for name, counted in score.counts.items()}
    mistakes = tuple(mistake for mistake in score.mistakes if mistake.field in fields)
    return ArticleScore(score.id, score.language, counts, mistakes)  # times carry no confidence


def _others(size: int, taken: Iterable[int]) -> list[int]:
    known = set(taken)
    return [index for index in range(size) if index not in known]


# --- one incident: both sides, or only one of them --------------------------------------------------------------------


def _incident(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    """Score a pair; an incident that stands alone counts its fields as missed or false."""
    tally.alone = False
    _detection(tally, gold, predicted)
    tally.alone = gold is None or predicted is None
    _moments(tally, gold, predicted)
    _duration(tally, gold, predicted)
    _named(tally, "organization", gold.organizations if gold else (), predicted.organizations if predicted else ())
    _named(tally, "service", gold.services if gold else (), predicted.services if predicted else ())
    _components(tally, gold, predicted)
    _causes(tally, gold, predicted)
    _impacts(tally, gold, predicted)
    _actions(tally, gold, predicted)
    tally.alone = False


def _detection(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    at = _start_of(predicted) if predicted else _gold_start(tally, gold)
    if predicted:
        tally.claim("incident", predicted.confidence, gold is not None)
    if gold and predicted:
        tally.right("incident")
        tally.judge("role", gold.role, predicted.role, gold.role == predicted.role, at)
    elif gold:
        tally.missed("incident", _gold_label(gold), at)
        tally.missed("role", gold.role, at)
    elif predicted:
        tally.false("incident", _label(predicted), at)
        tally.false("role", predicted.role, at)


def _gold_label(gold: GoldIncident) -> str:
    parts = [gold.role, gold.kind, gold.started_at, *gold.organizations[:1], *(cause.text for cause in gold.causes[:1])]
    return ", ".join(part for part in parts if part)


def _label(predicted: Incident) -> str:
    started = predicted.started_at.value if predicted.started_at else None
    names = [party.name for party in predicted.organizations[:1]]
    parts = [predicted.role, predicted.kind, started, *names, *(cause.text for cause in predicted.causes[:1])]
    return ", ".join(part for part in parts if part)


def _start_of(predicted: Incident) -> int | None:
    if predicted.evidence:
        return predicted.evidence[0].start
    return predicted.summary.start if predicted.summary else None


def _gold_start(tally: _Tally, gold: GoldIncident | None) -> int | None:
    """Where the text first speaks of a gold incident, as far as its spans tell."""
    if gold is None:
        return None
    texts = [span.text for spans in (gold.causes, gold.impacts, gold.actions) for span in spans]
    return tally.find(texts[0]) if texts else None


# --- times of an incident ---------------------------------------------------------------------------------------------


def _moments(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    for name in get_args(MomentField):
        wanted: str | None = getattr(gold, f"{name}_at", None)
        told: Moment | None = getattr(predicted, f"{name}_at", None)
        approximate = gold is not None and f"{name}_at" in gold.approximate
        _moment(tally, name, wanted, told, approximate)


def _moment(tally: _Tally, name: MomentField, wanted: str | None, told: Moment | None, approximate: bool) -> None:
    value = told.value if told else None
    at = _where(told.evidence) if told and value else _told_at(tally, wanted)
    if told and value:
        right = wanted is not None and same_moment(value, wanted, approximate=approximate)
        tally.claim(name, told.confidence, right)
    if wanted and value:
        tally.judge(name, wanted, value, same_moment(value, wanted, approximate=approximate), at)
    elif wanted:
        tally.missed(name, wanted, at)
    elif value:
        tally.false(name, value, at)


def _told_at(tally: _Tally, wanted: str | None) -> int | None:
    """Where the text gives a gold moment: the first time expression with its value, else one on its day."""
    if wanted is None:
        return None
    times = tally.article.gold.times
    spots = place(tally.article.text, [time.text for time in times])
    for like in (lambda value: value == wanted, lambda value: is_moment(value) and truncates_to(wanted, value)):
        for time, spot in zip(times, spots, strict=True):
            if spot and like(time.value):
                return spot[0]
    return None


def _where(evidence: Sequence[Evidence]) -> int | None:
    return evidence[0].start if evidence else None


def _duration(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    wanted = gold.duration if gold else None
    told = predicted.duration if predicted else None
    value = told.value if told else None
    at = _where(told.evidence) if told and value else _told_at(tally, wanted)
    loose = gold is not None and "duration" in gold.approximate
    right = bool(wanted and value and same_duration(value, wanted, approximate=loose))
    if told and value:
        tally.claim("duration", told.confidence, right)
    if wanted and value:
        tally.judge("duration", wanted, value, right, at)
    elif wanted:
        tally.missed("duration", wanted, at)
    elif value:
        tally.false("duration", value, at)


# --- names ------------------------------------------------------------------------------------------------------------


def _named(
    tally: _Tally,
    name: Literal["organization", "service"],
    gold: Sequence[str],
    predicted: Sequence[Organization] | Sequence[Service],
) -> None:
    """Match parties one to one; a further alias of a party that is matched is neither right nor wrong."""
    groups = parties(gold)
    entries = [_aliases(entry) for entry in predicted]
    likeness = matrix(groups, entries, _same_party)
    pairs = assign(likeness)
    for _ in pairs:
        tally.right(name)
    matched = {theirs for _, theirs in pairs}
    for index, entry in enumerate(predicted):
        if index in matched or not any(row[index] for row in likeness):
            tally.claim(name, entry.confidence, index in matched)
    for index in _others(len(groups), (mine for mine, _ in pairs)):
        if not any(likeness[index][theirs] for theirs in matched):
            tally.missed(name, " / ".join(groups[index]), tally.find(groups[index][0]))
    for index in _others(len(entries), matched):
        if not any(row[index] for row in likeness):
            tally.false(name, entries[index][0], _where(predicted[index].evidence))


def _aliases(entry: Organization | Service) -> tuple[str, ...]:
    told = (item.text for item in entry.evidence if len(words(item.text)) <= _LONGEST_ALIAS)
    return tuple(dict.fromkeys((entry.name, *told)))


def _same_party(one: Sequence[str], other: Sequence[str]) -> float:
    return float(any(same_name(mine, theirs) for mine in one for theirs in other))


def _components(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    mine, theirs = gold.components if gold else (), predicted.components if predicted else ()
    pairs = match_components(mine, theirs)
    for left, right in pairs:
        one, other = mine[left], theirs[right]
        at = _where(other.evidence)
        tally.right("component")
        tally.claim("component", other.confidence, True)
        told = f"{other.name}: {other.category}", f"{other.name}: {other.status}"
        tally.judge("component_category", one.category, told[0], one.category == other.category, at)
        tally.judge("component_status", one.status, told[1], one.status == other.status, at)
    for index in _others(len(mine), (left for left, _ in pairs)):
        one = mine[index]
        tally.missed("component", f"{one.name} ({one.status})", tally.find(one.name))
    for index in _others(len(theirs), (right for _, right in pairs)):
        other = theirs[index]
        if other.status != "unaffected":  # a negation: no error where gold is silent
            tally.false("component", f"{other.name} ({other.status})", _where(other.evidence))
            tally.claim("component", other.confidence, False)


# --- spans ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """A span of either side: its words, whether it says that something was the case, and where it stands."""

    text: str
    holds: bool
    at: int | None
    confidence: float = 1.0

    def __str__(self) -> str:
        return self.text if self.holds else f"not: {self.text}"


def _spans(
    tally: _Tally, name: Field, gold: list[_Span], predicted: list[_Span], likeness: Callable[[str, str], float]
) -> None:
    """Match spans one to one; a negated one is right only against a negated one, and no error where gold is silent."""
    pairs = assign(matrix(gold, predicted, lambda one, other: _span_weight(one, other, likeness)))
    for mine, theirs in pairs:
        one, other = gold[mine], predicted[theirs]
        tally.judge(name, str(one), str(other), one.holds == other.holds, other.at)
        tally.claim(name, other.confidence, one.holds == other.holds)
    for index in _others(len(gold), (mine for mine, _ in pairs)):
        tally.missed(name, str(gold[index]), gold[index].at)
    for index in _others(len(predicted), (theirs for _, theirs in pairs)):
        if predicted[index].holds:
            tally.false(name, str(predicted[index]), predicted[index].at)
            tally.claim(name, predicted[index].confidence, False)


def _span_weight(one: _Span, other: _Span, likeness: Callable[[str, str], float]) -> float:
    like = likeness(one.text, other.text)
    return 1.0 + _LIKENESS * (like + (one.holds == other.holds)) if like else 0.0


def _causes(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    causes = predicted.causes if predicted else ()
    mine = [_Span(cause.text, True, tally.find(cause.text)) for cause in (gold.causes if gold else ())]
    theirs = [_Span(c.text, c.certainty != "denied", _where(c.evidence), c.confidence) for c in causes]
    _spans(tally, "cause_span", mine, theirs, cause_likeness)
    wanted = list(dict.fromkeys(cause.category for cause in (gold.causes if gold else ())))
    told = list(dict.fromkeys(cause.category for cause in causes if cause.certainty != "denied"))
    at = next((span.at for span in (*theirs, *mine)), None)
    if wanted and told:
        right = any(category in wanted for category in told)
        tally.judge("cause_category", " + ".join(wanted), " + ".join(told), right, at)
    elif wanted:
        tally.missed("cause_category", " + ".join(wanted), at)
    elif told:
        tally.false("cause_category", " + ".join(told), at)


def _impacts(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    mine = [_Span(item.text, item.affected, tally.find(item.text)) for item in (gold.impacts if gold else ())]
    impacts = predicted.impacts if predicted else ()
    theirs = [_Span(i.text, i.affected, _where(i.evidence), i.confidence) for i in impacts]
    _spans(tally, "impact", mine, theirs, loose_likeness)


def _actions(tally: _Tally, gold: GoldIncident | None, predicted: Incident | None) -> None:
    mine = [_Span(item.text, True, tally.find(item.text)) for item in (gold.actions if gold else ())]
    actions = predicted.actions if predicted else ()
    theirs = [_Span(item.text, True, _where(item.evidence), item.confidence) for item in actions]
    _spans(tally, "action", mine, theirs, loose_likeness)


# --- the whole article ------------------------------------------------------------------------------------------------


def _primary_count(tally: _Tally, report: Report) -> None:
    wanted = sum(incident.role == "primary" for incident in tally.article.gold.incidents)
    told = sum(incident.role == "primary" for incident in report.incidents)
    tally.judge("primary_count", str(wanted), str(told), wanted == told)


def _relevance(tally: _Tally, report: Report) -> None:
    wanted, told = tally.article.gold.relevant, report.relevance >= RELEVANT
    if wanted and told:
        tally.right("relevance")
    elif wanted:
        tally.missed("relevance", "relevant", 0)
    elif told:
        tally.false("relevance", f"{report.relevance:.2f}", 0)


@dataclass(frozen=True, slots=True)
class _Time:
    """A temporal expression of either side."""

    start: int
    end: int
    text: str
    value: str

    @property
    def optional(self) -> bool:
        return self.value.endswith("_REF")


def _times(tally: _Tally, mentions: Sequence[TimeMention]) -> None:
    """Spans by overlap, strict ones equal; values among all, so that value F1 = overlap F1 x share of right values."""
    gold = _gold_times(tally.article)
    told = [_Time(mention.start, mention.end, mention.text, mention.value) for mention in mentions]
    pairs = _overlapping(gold, told)
    for mine, theirs in pairs:
        _time_pair(tally, gold[mine], told[theirs])
    for index in _others(len(gold), (mine for mine, _ in pairs)):
        if not gold[index].optional:
            _each_time(tally.missed, gold[index])
    for index in _others(len(told), (theirs for _, theirs in pairs)):
        if not told[index].optional:
            _each_time(tally.false, told[index])


def _gold_times(article: Article) -> list[_Time]:
    times = article.gold.times
    spots = place(article.text, [time.text for time in times])
    return [
        _Time(*spot, time.text, time.value) for time, spot in zip(times, spots, strict=True) if spot is not None
    ]  # fmt: skip


def _overlapping(gold: Sequence[_Time], told: Sequence[_Time]) -> Pairs:
    return assign(matrix(gold, told, _overlap))


def _overlap(one: _Time, other: _Time) -> float:
    shared = min(one.end, other.end) - max(one.start, other.start)
    if shared <= 0:
        return 0.0
    return 1.0 + 0.002 * shared / max(one.end - one.start, other.end - other.start)


def _time_pair(tally: _Tally, one: _Time, other: _Time) -> None:
    if one.optional and other.optional:
        return
    strict = (one.start, one.end) == (other.start, other.end)
    tally.right("times_overlap")
    tally.judge("times_strict", one.text, other.text, strict, one.start)
    told = f"{other.text} = {other.value}"
    tally.judge("times_value", f"{one.text} = {one.value}", told, one.value == other.value, one.start)


def _each_time(note: Callable[[Field, str, int | None], None], time: _Time) -> None:
    shown = f"{time.text} = {time.value}"
    note("times_strict", shown, time.start)
    note("times_overlap", shown, time.start)
    note("times_value", shown, time.start)
