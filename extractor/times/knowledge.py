"""What the tagger knows of a language: words and patterns, read from models/<language>/times.yaml and checked.

The file of the folder ``taxonomy`` holds what all languages share; each language adds its words and its patterns to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from extractor import datafiles
from extractor.datafiles import models_folder
from extractor.errors import KnowledgeInvalid, LanguageUnsupported
from extractor.times import calendar, numbers
from extractor.times.grammar import Grammar, Pattern, PatternError, Reader, WordClass, parse
from extractor.times.tokens import tokenize

#: File name in a language folder.
FILE = "times.yaml"
#: The folder of what all languages share.
SHARED = "taxonomy"
#: The rule whose matches are the expressions of a text.
ROOT = "time"

#: Classes and own lists of words that only join the parts of an expression or lead up to it.
_JOINING = ("article", "of", "joint", "approx", "approx_clock", "approx_outside", "approx_after")
_JOINING_OWN = (
    "at",
    "at_clock",
    "and",
    "to",
    "or",
    "between",
    "for",
    "few",
    "year_cue",
    "month_cue",
    "per",
    "every",
    "once",
)
#: Classes whose words say something of time.
_CONTENT = (
    "month", "bare_month", "weekday", "ordinal", "rank", "nth", "unit", "period", "part", "season", "holiday",
    "frequency", "reference", "adjective_unit", "toward", "relative", "sequel", "clock_word",
)  # fmt: skip
#: What is no literal word in a pattern.
_NAMES = re.compile(r"<[^<>]*>|->.*")

Unit = Literal[
    "millisecond", "second", "minute", "hour", "day", "weekend", "week", "month", "quarter", "half", "season", "year",
    "decade", "century",
]  # fmt: skip
Part = Literal["MO", "MI", "AF", "EV", "NI"]
Approx = Literal["about", "almost", "over", "under", "at_least", "at_most", "before", "after"]
Frequency = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "half", "year"]


def _holiday(rule: str) -> str:
    calendar.holiday(rule, 2000)
    return rule


def _pattern(source: str) -> str:
    for name, value in parse(source).sets:
        Slots.model_validate({name: value})
    return source


class Slots(datafiles.DataRecord):
    """The slots that a phrase or a pattern may set (DESIGN: resolve.py says what each means)."""

    y: int | None = None
    m: int | None = Field(default=None, ge=1, le=12)
    d: int | None = Field(default=None, ge=1, le=31)
    wd: int | None = Field(default=None, ge=1, le=7)
    nth: int | None = None
    week: int | None = None
    quarter: int | None = None
    half: int | None = None
    season: str | None = None
    unit: Unit | None = None
    n: int | None = None
    sign: int | None = None
    ref: Literal["publication", "context", "event"] | None = None
    toward: Literal["last", "next", "this"] | None = None
    eve: int | None = None
    grain: Literal["week", "weekend", "month"] | None = None
    h: int | None = None
    min: int | None = None
    minus: int | None = None
    opens: int | None = None
    part: Part | None = None
    phase: Literal["start", "middle", "end"] | None = None
    meridiem: Literal["am", "pm"] | None = None
    approx: Approx | None = None
    plus: float | None = None
    vague: int | None = None
    number: float | None = None
    holiday: str | None = None
    reference: Literal["PRESENT_REF", "PAST_REF", "FUTURE_REF"] | None = None
    every: int | None = None
    nothing: int | None = None
    governs: int | None = None
    prepositional: int | None = None
    tentative: int | None = None
    nth_of: Literal["day", "week", "weekend"] | None = None


class Words(datafiles.DataRecord):
    """The word classes; the name of a class is the name of its slot."""

    month: dict[str, Annotated[int, Field(ge=1, le=12)]] = Field(default_factory=dict)
    bare_month: dict[str, Annotated[int, Field(ge=1, le=12)]] = Field(default_factory=dict)
    weekday: dict[str, Annotated[int, Field(ge=1, le=7)]] = Field(default_factory=dict)
    number: dict[str, float] = Field(default_factory=dict)
    number_joint: list[str] = Field(default_factory=list)
    number_fused: list[str] = Field(default_factory=list)
    ordinal: dict[str, Annotated[int, Field(ge=-2, le=31)]] = Field(default_factory=dict)
    rank: dict[str, Annotated[int, Field(ge=1, le=4)]] = Field(default_factory=dict)
    nth: dict[str, Annotated[int, Field(ge=-1, le=5)]] = Field(default_factory=dict)
    ordinal_mark: list[str] = Field(default_factory=list)
    unit: dict[str, Unit] = Field(default_factory=dict)
    part: dict[str, Part] = Field(default_factory=dict)
    fused_part: dict[str, Part] = Field(default_factory=dict)
    season: dict[str, Literal["SP", "SU", "FA", "WI"]] = Field(default_factory=dict)
    approx: dict[str, Approx] = Field(default_factory=dict)
    approx_outside: dict[str, Approx] = Field(default_factory=dict)
    approx_clock: dict[str, Approx] = Field(default_factory=dict)
    approx_after: dict[str, Approx] = Field(default_factory=dict)
    meridiem: dict[str, Literal["am", "pm"]] = Field(default_factory=dict)
    zone: dict[str, str] = Field(default_factory=dict)
    holiday: dict[str, Annotated[str, AfterValidator(_holiday)]] = Field(default_factory=dict)
    frequency: dict[str, Frequency] = Field(default_factory=dict)
    phase: dict[str, Literal["start", "middle", "end"]] = Field(default_factory=dict)
    reference: dict[str, Literal["PRESENT_REF", "PAST_REF", "FUTURE_REF"]] = Field(default_factory=dict)
    toward: dict[str, Literal["last", "next", "this"]] = Field(default_factory=dict)
    adjective_unit: dict[str, Unit] = Field(default_factory=dict)
    period: dict[str, Unit] = Field(default_factory=dict)
    relative: dict[str, Slots] = Field(default_factory=dict)
    sequel: dict[str, Slots] = Field(default_factory=dict)
    clock_word: dict[str, Slots] = Field(default_factory=dict)
    article: list[str] = Field(default_factory=list)
    of: list[str] = Field(default_factory=list)
    joint: list[str] = Field(default_factory=list)
    reporting: list[str] = Field(default_factory=list)
    forward: list[str] = Field(default_factory=list)
    forward_ending: list[str] = Field(default_factory=list)
    until: list[str] = Field(default_factory=list)
    generic: list[str] = Field(default_factory=list)
    that: list[str] = Field(default_factory=list)
    own: dict[str, list[str]] = Field(default_factory=dict)


class Example(datafiles.DataRecord):
    """A text and the expressions it holds.

    Attributes:
        text: The text.
        published: Its publication date.
        language: For the shared file: the language to read it in.
        times: Span and value of every expression, in order; vague references may be left out.
    """

    text: str
    published: str | None = None
    language: str | None = None
    times: list[tuple[str, str]]


class Group(datafiles.DataRecord):
    """Patterns that belong together, with what shows that they work.

    Attributes:
        name: Name of the group; ``--explain`` shows it.
        makes: The rule that the patterns add to; ``time`` are the expressions themselves.
        patterns: The patterns, in the notation of grammar.py.
        examples: Texts with what has to be found in them.
        silent: Texts in which nothing may be found.
    """

    name: str
    makes: str
    patterns: list[Annotated[str, AfterValidator(_pattern)]] = Field(min_length=1)
    examples: list[Example] = Field(default_factory=list)
    silent: list[str] = Field(default_factory=list)


class TimesFile(datafiles.DataRecord):
    """A whole times.yaml."""

    words: Words = Field(default_factory=Words)
    groups: list[Group] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TimeKnowledge:
    """A language as the tagger uses it.

    Attributes:
        grammar: Patterns and word classes, the language's before the shared ones.
        words: The language's words together with the shared ones.
        groups: The groups of the language's own file, for its tests.
        telling: Folded words that say something of time; those left out (articles, prepositions ...) only join them.
    """

    grammar: Grammar
    words: Words
    groups: tuple[Group, ...]
    telling: frozenset[str]


@lru_cache(maxsize=64)
def load_knowledge(folder: Path) -> TimeKnowledge:
    """Read and check models/<language>/times.yaml together with what all languages share.

    Args:
        folder: The language folder.

    Raises:
        KnowledgeInvalid: The data is damaged; the message names file and line.
    """
    own_path, shared_path = folder / FILE, folder.parent / SHARED / FILE
    own = datafiles.load(own_path, TimesFile)
    paths = {own_path: own}
    if shared_path != own_path and shared_path.is_file():
        paths[shared_path] = datafiles.load(shared_path, TimesFile)
    words = _joined([file.words for file in paths.values()])
    try:
        grammar = _grammar(words, [group for file in paths.values() for group in file.groups])
    except PatternError as error:
        raise KnowledgeInvalid(_placed(str(error), paths)) from error
    groups = [group for file in paths.values() for group in file.groups]
    return TimeKnowledge(grammar, words, tuple(own.groups), _telling(words, groups))


def knowledge_of(language: str) -> TimeKnowledge:
    """The knowledge of a language by its code.

    Raises:
        LanguageUnsupported: There is no such folder, or it knows no times.
    """
    folder = models_folder() / language
    if not language.isalnum() or not (folder / FILE).is_file():
        raise LanguageUnsupported(f"no {FILE} for the language {language!r} in {models_folder()}")
    return load_knowledge(folder)


def _joined(parts: list[Words]) -> Words:
    """All words; where two files give one phrase a value, the first file wins."""
    merged: dict[str, Any] = {}
    for part in reversed(parts):
        for name, value in part:
            old = merged.get(name)
            merged[name] = value if old is None else old + value if isinstance(value, list) else {**old, **value}
    return Words.model_construct(**merged)


def _grammar(words: Words, groups: list[Group]) -> Grammar:
    classes: dict[str, WordClass] = {}
    for name, value in words:
        if name == "own":
            classes.update({own: WordClass(own, dict.fromkeys(entries, 1)) for own, entries in value.items()})
        elif isinstance(value, list):
            classes[name] = WordClass(name, dict.fromkeys(value, 1))
        else:
            classes[name] = WordClass(name, {phrase: _plain(entry) for phrase, entry in value.items()})
    classes["weekday_part"] = WordClass("weekday_part", _fused(words))
    classes["fused_amount"] = WordClass("fused_amount", _fused_amounts(words))
    rules: dict[str, list[Pattern]] = {ROOT: []}
    for group in groups:
        rules.setdefault(group.makes, []).extend(parse(source, group.name) for source in group.patterns)
    number = numbers.NumberReader(words.number, words.number_joint, words.number_fused)
    del classes["number"]
    natives = {
        "number": (number.read, number.first, number.inside),
        "spoken": (number.spoken_hour, number.first, number.inside),
        "spoken_day": (number.spoken_day, number.first, number.inside),
        "spoken_minute": (number.spoken_minute, number.first, number.inside),
        "capitalized": (_capitalized, frozenset(), frozenset()),
    }
    return Grammar(rules, classes, natives)


def _capitalized(reader: Reader, at: int) -> list[tuple[int, Any]]:
    """A word with a capital letter."""
    return [(at + 1, 1)] if reader.tokens[at].text.istitle() else []


def _fused(words: Words) -> dict[str, dict[str, int | str]]:
    """Weekdays and parts of a day written as one word."""
    return {
        weekday + tail: {"wd": number, "part": part}
        for weekday, number in words.weekday.items()
        for tail, part in words.fused_part.items()
        if weekday.isalpha()
    }


def _fused_amounts(words: Words) -> dict[str, dict[str, float | str]]:
    """A number and the adjective of a unit written as one word."""
    return {
        number + adjective: {"number": value, "unit": unit}
        for number, value in words.number.items()
        for adjective, unit in words.adjective_unit.items()
        if number.isalpha()
    }


def _telling(words: Words, groups: list[Group]) -> frozenset[str]:
    joining = _folds(phrase for name in _JOINING for phrase in getattr(words, name))
    joining |= _folds(phrase for name in _JOINING_OWN for phrase in words.own.get(name, ()))
    joining |= _folds(phrase for phrase, value in words.number.items() if value == 1)
    content = [phrase for name in _CONTENT for phrase in getattr(words, name)]
    content += [*_fused(words), *_fused_amounts(words)]
    content += [phrase for name, phrases in words.own.items() if name not in _JOINING_OWN for phrase in phrases]
    literals = [_NAMES.sub(" ", source) for group in groups for source in group.patterns]
    alone = _folds(phrase for phrase in content if phrase.removeprefix("=").isalpha())
    return frozenset(alone | (_folds([*content, *words.number, *words.meridiem, *literals]) - joining))


def _folds(phrases: Iterable[str]) -> set[str]:
    """The words of phrases, letters alone and signs left out."""
    return {
        token.fold
        for phrase in phrases
        for token in tokenize(phrase.removeprefix("="))
        if len(token.fold) > 1 and token.text.isalpha()
    }


def _plain(entry: Any) -> Any:
    return entry.model_dump(exclude_unset=True) if isinstance(entry, Slots) else entry


def _placed(message: str, files: dict[Path, TimesFile]) -> str:
    """The message with file and line of the pattern that is at fault."""
    for path, file in files.items():
        for group in file.groups:
            for source in group.patterns:
                if source in message:
                    lines = path.read_text(encoding="utf-8").splitlines()
                    number = next((i for i, line in enumerate(lines, 1) if source in line), 1)
                    return f"{path}:{number}: {message}"
    return f"{next(iter(files))}:1: {message}"
