"""What ``incidents evaluate`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from rich.console import Console

from extractor.datafiles import models_folder
from extractor.errors import GoldInvalid, LanguageUnsupported
from extractor.evaluation import calibration as calibrating
from extractor.evaluation import floors as keeper
from extractor.evaluation.aggregate import Scores, aggregate
from extractor.evaluation.checking import check
from extractor.evaluation.floors import WHOLE, Floors, read_floors, write_floors, write_scores
from extractor.evaluation.gold import Article, Split, corpus_hash, experimental, load, ordinary
from extractor.evaluation.report import (
    as_json,
    show_calibration,
    show_experimental,
    show_mistakes,
    show_ordinary,
    show_partial,
    show_scores,
    show_unread,
)
from extractor.evaluation.scoring import TIME_FIELDS, ArticleScore, Mistake, score_article
from extractor.records import Report
from extractor.relevance import THRESHOLD

if TYPE_CHECKING:
    from extractor.pipeline import Document

Extract = Callable[["Document"], Report]

FLOORS = "floors.toml"
SCORES = "scores.toml"
_DONE, _FAILED, _WRONG_USAGE = 0, 1, 2


def run(
    corpus: Path,
    *,
    split: str | None = None,
    languages: Sequence[str] = (),
    errors: int = 0,
    json_path: Path | None = None,
    gate: bool = False,
    raise_floors: bool = False,
    lower_floors_reason: str | None = None,
    write: bool = False,
    calibration: bool = False,
    console: Console | None = None,
    extract: Extract | None = None,
) -> int:
    """Score the extractor on a corpus and print what came out.

    Args:
        corpus: The folder with one folder a language.
        split: dev or test; both when left out.
        languages: Only these languages; all when empty.
        errors: Examples to print of each kind of mistake, commonest first; those of the test split are never shown.
        json_path: Where to write everything as JSON.
        gate: Compare with the floors, and check the corpus first.
        raise_floors: Set the floors to the lower end of the intervals where that is higher.
        lower_floors_reason: Lower the floors that are broken, for this reason.
        write: Store the scores in models/scores.toml.
        calibration: Print how often values said with so much confidence are right.
        console: Where to print; standard output when left out.
        extract: What turns a document into a report; the extractor when left out.

    Returns:
        The exit code: 0 done, 1 faults in the corpus or scores under the floors, 2 wrong usage.
    """
    console = console or Console()
    misuse = _usage_fault(split, lower_floors_reason)
    if misuse:
        console.print(misuse, style="red", markup=False, soft_wrap=True)
        return _WRONG_USAGE
    chosen: Split | None = "dev" if split == "dev" else "test" if split else None
    measured_on = split or WHOLE
    try:
        articles = _asked_for(load(corpus), languages)
        faults = check(corpus) if gate else []
        for fault in faults:
            console.print(f"{fault.file}: {fault.what}", markup=False, soft_wrap=True)
        floors = read_floors(corpus / FLOORS)
        hashes = {code: corpus_hash(corpus / code) for code in articles}
        read = extract or _extractor()
        measured, unread = measure(articles, chosen, read)
        others = {code: listed for code, listed in ordinary(corpus).items() if code in measured}
        taken = _taken_for_reports(others, chosen, read)
    except GoldInvalid as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return _WRONG_USAGE
    outside = frozenset(code for code, listed in articles.items() if experimental(listed))
    scores = aggregate(measured, outside)
    about = {"split": measured_on, "corpus": {code: hashes[code] for code in measured}}
    mistakes = _open_mistakes(articles, measured)
    _show(scores, unread, outside, console, split)
    show_ordinary(taken, console)
    if errors:
        _show_errors(mistakes, console, errors, split)
    claims = [claim for scored in measured.values() for one in scored for claim in one.claims]
    if calibration:
        show_calibration(calibrating.classes(claims), console)
    if json_path:
        json_path.write_text(as_json(scores, unread, mistakes, taken, about), encoding="utf-8")
    counted = Scores({code: of for code, of in scores.languages.items() if code not in outside}, scores.mean)
    if raise_floors or lower_floors_reason is not None:
        floors = _move(floors, counted, hashes, measured_on, raise_floors, lower_floors_reason, console)
        write_floors(corpus / FLOORS, floors)
    if write:
        write_scores(models_folder() / SCORES, counted, about)
    if not gate:
        return _DONE
    return _pass_gate(len(faults), keeper.gate(counted, floors, hashes, split=measured_on), console)


def _usage_fault(split: str | None, reason: str | None) -> str | None:
    if split not in (None, *get_args(Split)):
        return f"--split is dev or test, not {split!r}"
    if reason is not None and not reason.strip():
        return "--lower-floors takes a reason: say why they may fall"
    return None


def measure(
    articles: Mapping[str, Sequence[Article]], split: Split | None = None, extract: Extract | None = None
) -> tuple[dict[str, list[ArticleScore]], dict[str, int]]:
    """Extract and score articles.

    Args:
        articles: Language code to its articles.
        split: Only this split; both when left out.
        extract: What turns a document into a report; the extractor when left out.

    Returns:
        The scores of each language's articles, and the languages that are not read with their number of articles.
    """
    extract = extract or _extractor()
    measured: dict[str, list[ArticleScore]] = {}
    unread: dict[str, int] = {}
    for code, listed in articles.items():
        chosen = [article for article in listed if split in (None, article.split)]
        try:
            scored = list(_scored(chosen, extract))
        except LanguageUnsupported:
            unread[code] = len(chosen)
            continue
        if scored:
            measured[code] = scored
    return measured, unread


def _taken_for_reports(
    ordinary: Mapping[str, Sequence[Article]], split: Split | None, extract: Extract
) -> dict[str, bool]:
    """Of each article of ordinary news, whether it is taken for an incident report."""
    chosen = [one for listed in ordinary.values() for one in listed if split in (None, one.split)]
    return {one.gold.id: _read(one, extract).relevance >= THRESHOLD for one in chosen}


def _scored(articles: Sequence[Article], extract: Extract) -> Iterator[ArticleScore]:
    for article in articles:
        yield score_article(article, _read(article, extract))


def _read(article: Article, extract: Extract) -> Report:
    from extractor.pipeline import Document

    gold = article.gold
    try:
        return extract(Document(text=article.text, id=gold.id, published=gold.published, language=gold.lang))
    except Exception as error:
        error.add_note(f"while extracting {gold.lang}/{gold.id}")
        raise


def _extractor() -> Extract:
    from extractor.pipeline import Extractor

    return Extractor()


def _asked_for(articles: Mapping[str, tuple[Article, ...]], languages: Sequence[str]) -> dict[str, tuple[Article, ...]]:
    unknown = [code for code in languages if code not in articles]
    if unknown:
        raise GoldInvalid(f"the corpus has no articles in {', '.join(unknown)}; it has {', '.join(articles)}")
    return {code: listed for code, listed in articles.items() if not languages or code in languages}


def _open_mistakes(
    articles: Mapping[str, Sequence[Article]], measured: Mapping[str, Sequence[ArticleScore]]
) -> list[Mistake]:
    """The mistakes that may be looked at: those of dev. Nobody tunes on what nobody sees."""
    dev = {article.gold.id for listed in articles.values() for article in listed if article.split == "dev"}
    return [
        mistake for scores in measured.values() for score in scores if score.id in dev for mistake in score.mistakes
    ]


def _show(
    scores: Scores, unread: Mapping[str, int], outside: frozenset[str], console: Console, split: str | None
) -> None:
    if scores.languages:
        show_scores(scores, console, f"Scores on the {split} split" if split else "Scores on the whole corpus")
    show_experimental(sorted(outside & set(scores.languages)), console)
    show_partial((code for code, of in scores.languages.items() if TIME_FIELDS.issuperset(of.fields)), console)
    show_unread(unread, console)


def _show_errors(mistakes: Sequence[Mistake], console: Console, examples: int, split: str | None) -> None:
    if split == "test":
        console.print("Mistakes on the test split are not shown: nobody tunes on what nobody sees. Use --split dev.")
        return
    show_mistakes(mistakes, console, examples)


def _move(
    floors: Floors,
    scores: Scores,
    hashes: Mapping[str, str],
    split: str,
    up: bool,
    reason: str | None,
    console: Console,
) -> Floors:
    if reason is not None:
        floors = keeper.lowered(floors, scores, hashes, reason)
        console.print("Floors that were broken are lowered; the reason is on record.")
    if up:
        floors = keeper.raised(floors, scores, hashes, split=split)
        console.print("Floors stand at the lower end of the intervals, or higher where they stood higher.")
    return floors


def _pass_gate(faults: int, failures: Sequence[str], console: Console) -> int:
    for failure in failures:
        console.print(failure, style="red", markup=False, soft_wrap=True)
    if faults or failures:
        console.print(f"Gate: {faults} faults in the corpus, {len(failures)} failures against the floors.")
        return _FAILED
    console.print("Gate: passed.")
    return _DONE
