"""Languages: which one a text is in, and what models/<code> knows about it.

A language is a folder of data. Everything here is generic; a folder is read, validated (an error names file and line)
and compiled once, and the result is shared.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field, RootModel, model_validator

from extractor import limits, tagging
from extractor.datafiles import DataRecord, load, load_lines, models_folder
from extractor.errors import KnowledgeInvalid, LanguageUnsupported, PipelineMissing
from extractor.patterns import GAP, UNDENIED_GAP, Hit, Matcher, PatternError, parse
from extractor.records import (
    ActionKind,
    CauseCategory,
    CauseCertainty,
    CauseDetail,
    CauseRole,
    ComponentCategory,
    DetectedLanguage,
    ImpactKind,
    IncidentKind,
)
from extractor.tokens import Token, Words, fold, read

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage

    from extractor.times.knowledge import TimeKnowledge

UNDETERMINED = "und"
WEIGHTS_FOLDER = "weights"
Support = Literal["full", "partial", "experimental"]


# --- the schemas of the data files -----------------------------------------------------------------------------------


class Rule(DataRecord):
    """One rule of a language: patterns with what they mean, and sentences that show it.

    In an example the words in square brackets are what the rule must find; a counter-example must stay silent.
    """

    id: str
    terms: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = ()


class EventRule(Rule):
    """A noun or phrase that names an incident; a weak one needs company to be one."""

    kind: IncidentKind
    strength: Literal["strong", "weak"] = "strong"


class PredicateRule(Rule):
    """Words that say what became of something, or which phase of an incident a sentence tells.

    ``side`` says where the thing stands: subject before, object after, both.
    """

    effect: Literal["failed", "degraded", "unaffected", "recovered", "none"] = "none"
    side: Literal["subject", "object", "both"] = "subject"
    phase: Literal["started", "detected", "mitigated", "resolved", "ongoing", "lasted", "planned", "report", "none"] = (
        "none"
    )
    event: IncidentKind | None = None
    impact: ImpactKind | None = None


class TimingRule(Rule):
    """Words right before (or after) a time that say which bound it is; ``pair`` needs a second time behind it."""

    bound: Literal["from", "until", "since", "by", "at", "report", "before", "after"]
    pair: bool = False
    position: Literal["before", "after"] = "before"


class ComponentRule(Rule):
    """Words for a part of a system."""

    category: ComponentCategory


class CauseRule(Rule):
    """Words that name what went wrong.

    ``alone``: a cause in a report even where no cue says so. ``span``: the noun phrase or the whole clause.
    """

    category: CauseCategory
    detail: CauseDetail | None = None
    alone: bool = False
    role: CauseRole = "root"
    span: Literal["phrase", "clause"] = "phrase"


class CueRule(Rule):
    """Words that tie a cause to its effect: ``{cause}`` stands at the beginning or at the end of each term.

    ``known_only``: the cause must hold words of causes.yaml. ``nominal``: the cue is a preposition, so that a verb
    behind the noun belongs to the effect.
    """

    certainty: CauseCertainty = "stated"
    role: CauseRole = "root"
    known_only: bool = False
    nominal: bool = False


class ImpactRule(Rule):
    """Words that say what users or a business suffered."""

    kind: ImpactKind
    span: Literal["phrase", "clause"] = "clause"


class ActionRule(Rule):
    """Words that say what was done about it."""

    kind: ActionKind


class AssertionRule(Rule):
    """Words that turn or weaken what stands in their scope."""

    kind: Literal["negated", "suspected", "denied", "planned", "hypothetical", "generic", "exercise"]
    scope: Literal["after", "before", "clause", "rest", "sentence"] = "after"


class ActorRule(Rule):
    """Words beside a name that tell what the name is."""

    type: Literal["organization", "service", "person", "place", "speech", "source", "supplier", "affected"]
    name: Literal["after", "before", "either"] = "after"


class DiscourseRule(Rule):
    """Words that tell one incident of a text from another."""

    kind: Literal["first", "second", "third", "new", "same", "latter", "background", "series"]


class RelevanceRule(Rule):
    """Words that speak for (weight above 0) or against an incident report."""

    weight: float


class UnitRule(DataRecord):
    """Nouns that are counted, by unit of an impact's quantity."""

    unit: str
    terms: tuple[str, ...]


AnyRule = TypeVar("AnyRule", bound=Rule)


class RuleFile(RootModel[tuple[AnyRule, ...]], Generic[AnyRule]):
    """A data file that is a list of rules."""


class PipelineChoice(DataRecord):
    """What tags the language: installed spaCy packages, best first, with the pipes that pay; or weights of our own.

    ``weights: true`` stands for the folder ``weights`` beside language.yaml.
    """

    packages: tuple[str, ...] = ()
    pipes: tuple[str, ...] = ()
    weights: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.weights == bool(self.packages) or bool(self.packages) != bool(self.pipes):
            raise ValueError("a pipeline is either packages with their pipes, or weights: true")
        return self


class LanguageFile(DataRecord):
    """language.yaml: who the language is, and its small closed classes of words."""

    code: Annotated[str, Field(pattern="^[a-z]{2,3}$")]
    name: str
    support: Support = "full"
    pipeline: PipelineChoice | None = None
    abbreviations: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    name_links: tuple[str, ...] = ()
    phrase_links: tuple[str, ...] = ()
    long_links: tuple[str, ...] = ()
    nouns_capitalised: bool = False
    event_links: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    clause_starts: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    quantifiers: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    units: tuple[UnitRule, ...] = ()
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)


RULE_FILES: Mapping[str, type[Rule]] = {
    "events": EventRule,
    "predicates": PredicateRule,
    "timing": TimingRule,
    "components": ComponentRule,
    "causes": CauseRule,
    "cause_cues": CueRule,
    "impacts": ImpactRule,
    "actions": ActionRule,
    "assertion": AssertionRule,
    "actors": ActorRule,
    "discourse": DiscourseRule,
    "relevance": RelevanceRule,
}


class NameEntry(DataRecord):
    """A known name: what it is, its other names, whose it is, and the component it amounts to."""

    name: str
    type: Literal["organization", "service", "place"]
    aliases: tuple[str, ...] = ()
    operator: str | None = None
    category: ComponentCategory | None = None


# --- a compiled language ---------------------------------------------------------------------------------------------

CAUSE_SLOT = "{cause}"
Slot = Literal["left", "right", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A pattern's rule and the side on which a cue's cause stands."""

    rule: Rule
    slot: Slot = "none"


class Hits:
    """What the lexicon found in a text, by kind of rule, in order of the text."""

    def __init__(self, hits: list[Hit[Term]], words: Words) -> None:
        spans = {(hit.first, hit.last) for hit in hits}
        self._by_kind: dict[type[Rule], list[Hit[Term]]] = {}
        for hit in hits:
            if not _inside_compound(hit, spans, words):
                self._by_kind.setdefault(type(hit.payload.rule), []).append(hit)

    def counts(self) -> dict[str, int]:
        """How many hits each kind of rule has, by the name of the kind."""
        return {
            kind.__name__: len(hits) for kind, hits in sorted(self._by_kind.items(), key=lambda item: item[0].__name__)
        }

    def of(self, kind: type[AnyRule]) -> Iterator[tuple[AnyRule, Hit[Term]]]:
        """The hits of one kind of rule."""
        return self.within(kind, 0, sys.maxsize)

    def within(self, kind: type[AnyRule], first: int, last: int) -> Iterator[tuple[AnyRule, Hit[Term]]]:
        """The hits of one kind that begin at the tokens ``first`` (included) to ``last`` (excluded)."""
        hits = self._by_kind.get(kind, [])
        for at in range(bisect_left(hits, first, key=_first), len(hits)):
            if hits[at].first >= last:
                break
            rule: Any = hits[at].payload.rule
            yield rule, hits[at]


def _first(hit: Hit[Term]) -> int:
    return hit.first


def _inside_compound(hit: Hit[Term], spans: set[tuple[int, int]], words: Words) -> bool:
    """Whether a hit is the tail of a hyphenated word that another rule knows as a whole."""
    tokens, first = words.tokens, hit.first
    if first < 2 or tokens[first - 1].text != "-":
        return False
    if tokens[first - 1].start != tokens[first - 2].end or tokens[first].start != tokens[first - 1].end:
        return False
    return any((start, end) in spans for start in (first - 2, first - 4) for end in range(hit.last, hit.last + 3))


class Language:
    """What one folder of models/ knows, compiled.

    Args:
        folder: models/<code>.
        own: A user's folder of rule files for the same language, whose rules stand beside ours.
        base: The same language without them, whose pipeline is shared.

    Raises:
        KnowledgeInvalid: A damaged file, with file and line.
    """

    def __init__(self, folder: Path, own: Path | None = None, base: Language | None = None) -> None:
        self.folder = folder
        self._folders = (folder,) if own is None else (folder, own)
        self._base = base
        self.about = load(folder / "language.yaml", LanguageFile)
        self.code = self.about.code
        self.abbreviations = _folded(self.about.abbreviations)
        self.articles = _folded(self.about.articles)
        self.name_links = _folded(self.about.name_links)
        self.phrase_links = _folded(self.about.phrase_links)
        self.long_links = self.phrase_links | _folded(self.about.long_links)
        self.event_links = self.name_links | _folded(self.about.event_links)
        self.coordinators = _folded(self.about.coordinators)
        self.clause_starts = _folded(self.about.clause_starts)
        self.not_names = _folded(self.about.not_names)
        self.quantifiers = _folded(self.about.quantifiers)
        self.stopwords = _folded(self.about.stopwords) | self.articles | self.phrase_links
        self._joining = frozenset(map(str.lower, (*self.about.coordinators, *self.about.clause_starts)))
        self._joining_folded = self.coordinators | self.clause_starts
        self._lock = threading.Lock()
        self._pipeline: SpacyLanguage | None = None
        self.pipeline_version = "none"

    @cached_property
    def rules(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of each file, by the file's name."""
        found: dict[str, tuple[Rule, ...]] = {}
        for name, kind in RULE_FILES.items():
            for path in (folder / f"{name}.yaml" for folder in self._folders):
                listed = load(path, RuleFile[kind]).root if path.exists() else ()  # type: ignore[valid-type]
                found[name] = (*found.get(name, ()), *listed)
        return found

    @property
    def extended(self) -> bool:
        """Whether a user's folder adds to it."""
        return self._base is not None

    @property
    def times_only(self) -> bool:
        """Whether the folder has no rules beside those for times."""
        return not any(self.rules.values())

    @cached_property
    def times(self) -> TimeKnowledge:
        """What the folder knows about times."""
        from extractor.times.knowledge import load_knowledge

        return load_knowledge(self.folder)

    @cached_property
    def lexicon(self) -> Matcher[Term]:
        """All rules in one matcher."""
        lists = {name: frozenset(words) for name, words in self.about.lists.items()}
        return Matcher(self._patterns(), lists)

    @cached_property
    def quantity_units(self) -> Matcher[str]:
        """Finds the nouns that are counted, and gives the unit they are counted in."""
        return Matcher((term, rule.unit) for rule in self.about.units for term in rule.terms)

    def _patterns(self) -> Iterator[tuple[str, Term]]:
        for name, rules in self.rules.items():
            for rule in rules:
                terms: dict[Slot, Term] = {"left": Term(rule, "left"), "right": Term(rule, "right"), "none": Term(rule)}
                for written in rule.terms:
                    pattern, slot = _slot(written)
                    if isinstance(rule, PredicateRule) and rule.effect in ("failed", "degraded"):
                        # What did "not" fail did not fail, even where the verb stands around the denial.
                        pattern = pattern.replace(GAP, UNDENIED_GAP)
                    try:
                        parse(pattern, self.about.lists)
                    except PatternError as error:
                        place = self._place(f"{name}.yaml", written)
                        raise KnowledgeInvalid(f"{place}: rule {rule.id}: {error}") from error
                    yield pattern, terms[slot]

    def _place(self, name: str, written: str) -> str:
        """File and line at which a term stands."""
        for path in (folder / name for folder in self._folders):
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            for number, line in enumerate(lines, start=1):
                if written in line:
                    return f"{path}:{number}"
        return str(self.folder / name)

    def find(self, words: Words) -> Hits:
        """All rules that fire in a text."""
        return Hits(self.lexicon.find(words.tokens), words)

    def joins(self, token: Token) -> bool:
        """Whether a token is a conjunction or opens a clause; an accent that the word has not makes it another word."""
        written = token.text.lower()
        return written in self._joining or (written == token.norm and written in self._joining_folded)

    def read(self, text: str) -> Words:
        """Words, sentences and parts of speech of a text."""
        choice = self.about.pipeline
        return read(text, self.pipeline, self.abbreviations, own_words=choice is not None and choice.weights)

    @property
    def pipeline(self) -> SpacyLanguage | None:
        """The spaCy pipeline with only the pipes that pay; loaded at the first text.

        Raises:
            PipelineMissing: None of the packages that language.yaml names is installed.
            KnowledgeInvalid: The weights that it asks for are missing or damaged.
        """
        if self._base is not None:
            pipeline = self._base.pipeline
            self.pipeline_version = self._base.pipeline_version
            return pipeline
        choice = self.about.pipeline
        if choice is None:
            return None
        with self._lock:
            if self._pipeline is None:
                self._pipeline = self._loaded(choice)
                meta = self._pipeline.meta
                self.pipeline_version = f"{meta['lang']}_{meta['name']} {meta['version']}"
            return self._pipeline

    def _loaded(self, choice: PipelineChoice) -> SpacyLanguage:
        from thinc.api import use_ops

        # numpy multiplies matrices twice as fast as the library that spaCy takes by itself, with the same labels.
        with use_ops("numpy", use_blis=False):
            if choice.weights:
                return tagging.restore(self.folder / WEIGHTS_FOLDER)
            return _load_pipeline(choice, self.about.name)

    @cached_property
    def knowledge_version(self) -> str:
        """A hash over the folder's files: equal knowledge, equal version."""
        digest = hashlib.sha256()
        for folder in self._folders:
            for path in sorted(found for found in folder.rglob("*") if found.is_file()):
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
        return f"{self.code}-{digest.hexdigest()[:12]}"


def _folded(listed: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(word) for word in listed)


def _slot(written: str) -> tuple[str, Slot]:
    """Take ``{cause}`` off a pattern and tell on which side it stood."""
    if written.startswith(CAUSE_SLOT):
        return written.removeprefix(CAUSE_SLOT).strip(), "left"
    if written.endswith(CAUSE_SLOT):
        return written.removesuffix(CAUSE_SLOT).strip(), "right"
    return written, "none"


def _load_pipeline(choice: PipelineChoice, name: str) -> SpacyLanguage:
    import spacy

    for package in choice.packages:
        if importlib.util.find_spec(package) is None:
            continue
        module = importlib.import_module(package)
        every = set(module.__dict__.get("__all__", ())) | set(_pipes_of(package))
        # The tokenizer is built from the language's defaults, which are the package's; reading it a second time from
        # the package would double the time to load French.
        return spacy.load(package, exclude=[*sorted(every - set(choice.pipes)), "tokenizer"])
    listed = " or ".join(choice.packages)
    raise PipelineMissing(f"{name} needs the package {listed}: pip install {choice.packages[0].replace('_', '-')}")


def _pipes_of(package: str) -> list[str]:
    from spacy.util import get_package_path, load_config

    root = get_package_path(package)
    config = next(root.glob("*/config.cfg"), root / "config.cfg")
    return list(load_config(config)["nlp"]["pipeline"])


# --- which languages there are, and which one a text is in -----------------------------------------------------------


@lru_cache(maxsize=1)
def supported() -> tuple[str, ...]:
    """Codes of the folders of models/, sorted."""
    return tuple(sorted(path.parent.name for path in models_folder().glob("*/language.yaml")))


def get(code: str, knowledge: Path | None = None) -> Language:
    """The compiled language of a code.

    Args:
        code: A folder of models/.
        knowledge: A user's folder, see :func:`check_knowledge`.

    Raises:
        LanguageUnsupported: There is no such folder.
        KnowledgeInvalid: The folder, or the user's, is damaged.
    """
    return _loaded(code, knowledge if knowledge is not None and (knowledge / code).is_dir() else None)


@lru_cache(maxsize=64)
def _loaded(code: str, knowledge: Path | None) -> Language:
    if code not in supported():
        raise LanguageUnsupported(f"the text is in {code!r}; supported: {', '.join(supported())}")
    folder = models_folder() / code
    return Language(folder) if knowledge is None else Language(folder, knowledge / code, get(code))


NAMES_FOLDER = "names"


def check_knowledge(knowledge: Path) -> None:
    """Read a user's folder completely: ``names/*.jsonl`` and rule files ``<code>/<kind>.yaml``, as in models/.

    Raises:
        KnowledgeInvalid: There is no such folder, or something in it is not what it should be; with file and line.
    """
    if not knowledge.is_dir():
        raise KnowledgeInvalid(f"{knowledge} is no folder")
    for path in sorted(knowledge.rglob("*")):
        kind, name = path.relative_to(knowledge).parts[0], path.name
        if path.is_dir() or name.startswith("."):
            continue
        if kind == NAMES_FOLDER and path.suffix == ".jsonl":
            load_lines(path, NameEntry)
        elif kind not in supported() or path.suffix != ".yaml" or path.stem not in RULE_FILES:
            files = ", ".join(f"{name}.yaml" for name in RULE_FILES)
            raise KnowledgeInvalid(f"{path}: expected {NAMES_FOLDER}/*.jsonl, or in a language's folder one of {files}")
    for code in supported():
        if (knowledge / code).is_dir():
            _ = get(code, knowledge).lexicon


class Taxonomy(DataRecord):
    """models/taxonomy/languages.yaml: languages recognised only to be refused."""

    recognised: dict[str, str]


_NOISE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|`[^`\n]*`|^[^\n]*(?:[{};=]\s*$|\b\d+\.\d+\.\d+\.\d+\b)[^\n]*$", re.M
)
_DETECTOR_LOCK = threading.Lock()
_ALWAYS = 1.0
_SURE = 0.999
_GLANCE_TRIALS, _TRIALS = 2, 7


def detect(text: str) -> DetectedLanguage:
    """Tell the language of a text with langdetect, the same on every run.

    Code, log lines and addresses are left out, and at most ``limits.LANGUAGE_SAMPLE`` characters of the body are read.

    Args:
        text: Any text.

    Returns:
        The code with its probability; ``und`` when there is nothing to go by.

    Example:
        >>> detect("Die Störung wurde am Montag gegen Mittag behoben.").code
        'de'
        >>> detect("12:30 404").code
        'und'
    """
    # A glance at three places is enough for most texts, and costs a tenth.
    found = _detected(_readable(_glance(text)), _GLANCE_TRIALS)
    if found is None or found.confidence < _SURE:
        found = _detected(_readable(text[: 4 * limits.LANGUAGE_SAMPLE])[: limits.LANGUAGE_SAMPLE], _TRIALS)
    return found or DetectedLanguage(code=UNDETERMINED, confidence=0.0, basis="detected")


def _readable(text: str) -> str:
    return _NOISE.sub(" ", text).lower()


def _glance(text: str) -> str:
    """The beginning, the middle and the end of a text, cut at blanks."""
    part = limits.LANGUAGE_GLANCE // 3
    if len(text) <= 6 * part:
        return text
    middle = text.find(" ", len(text) // 2)
    last = text.find(" ", len(text) - part)
    return f"{text[:part]}\n{text[middle : middle + part]}\n{text[last:]}"


def _detected(sample: str, trials: int) -> DetectedLanguage | None:
    if sum(map(str.isalpha, sample)) < limits.LANGUAGE_MIN_LETTERS:
        return None
    from langdetect.lang_detect_exception import LangDetectException

    with _DETECTOR_LOCK:
        detector = _factory().create()
        detector.n_trial = trials
        detector.append(sample)
        try:
            found = detector.get_probabilities()
        except LangDetectException:
            return None
    if not found:
        return None
    return DetectedLanguage(code=found[0].lang[:2], confidence=round(found[0].prob, 4), basis="detected")


def given(code: str) -> DetectedLanguage:
    """The language that the caller names."""
    return DetectedLanguage(code=code.lower(), confidence=_ALWAYS, basis="given")


@lru_cache(maxsize=1)
def recognised() -> Mapping[str, str]:
    """English names of the languages that can be told apart, supported or not."""
    return load(models_folder() / "taxonomy" / "languages.yaml", Taxonomy).recognised


@lru_cache(maxsize=1)
def _factory() -> Any:
    """A private langdetect factory: its own seed, and only the profiles that are needed."""
    from langdetect import detector_factory

    folder = Path(detector_factory.PROFILES_DIRECTORY)
    codes = sorted({*recognised(), *supported()})
    profiles = [folder / code for code in codes]
    factory = detector_factory.DetectorFactory()
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles if path.exists()])
    factory.set_seed(0)
    return factory
