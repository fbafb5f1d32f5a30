"""The counts of the corpus's datasheet (corpus/README.md), made from the gold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from extractor.errors import GoldInvalid
from extractor.evaluation.gold import CASES, Article, Register, experimental, load
from extractor.records import CauseCategory

README = "README.md"
BEGIN = "<!-- counts: written by `incidents evaluate corpus/ --datasheet`, do not edit -->"
END = "<!-- end of counts -->"
_WORD = re.compile(r"\w+")
_LENGTHS = ((100, "under 100 words"), (301, "100 to 300"), (501, "301 to 500"), (10**9, "over 500"))

Corpus = Mapping[str, Sequence[Article]]
Row = tuple[str, Callable[[Sequence[Article]], int]]


def counts(corpus: Path) -> str:
    """The tables of the datasheet, in Markdown: articles, causes, registers, lengths and cases by language.

    Args:
        corpus: The folder that holds one folder a language.

    Returns:
        What stands between the two marks of corpus/README.md.

    Raises:
        GoldInvalid: The corpus cannot be read.
    """
    everything = load(corpus)
    counted = {code: listed for code, listed in everything.items() if not experimental(listed)}
    trials = {code: len(listed) for code, listed in everything.items() if experimental(listed)}
    parts = [
        _table("articles and annotations", counted, _overview()),
        _table("causes by category", counted, _tally(get_args(CauseCategory), _causes)),
        _table("articles by register", counted, _tally(get_args(Register), lambda a: [a.gold.register_])),
        _table("articles by length", counted, _tally([name for _, name in _LENGTHS], lambda a: [_length(a)])),
        _table("articles by case", counted, _tally(range(1, CASES + 1), lambda a: a.gold.cases)),
    ]
    if trials:
        listed = ", ".join(f"{code} ({articles})" for code, articles in trials.items())
        parts.append(f"Experimental, outside every count, mean and floor: {listed}.\n")
    return "\n".join(parts)


def refresh(corpus: Path) -> bool:
    """Write the counts into corpus/README.md.

    Args:
        corpus: The folder that holds one folder a language.

    Returns:
        Whether the file changed.

    Raises:
        GoldInvalid: The corpus cannot be read, or its README lacks the marks.
    """
    path = corpus / README
    before, _, after = split_readme(path)
    text = f"{before}{BEGIN}\n\n{counts(corpus)}\n{END}{after}"
    changed = text != path.read_text(encoding="utf-8")
    if changed:
        path.write_text(text, encoding="utf-8")
    return changed


def split_readme(path: Path) -> tuple[str, str, str]:
    """What stands before, between and after the marks of a README.

    Raises:
        GoldInvalid: There is no such file, or it lacks the marks.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    before, begin, rest = text.partition(BEGIN)
    between, end, after = rest.partition(END)
    if not begin or not end:
        raise GoldInvalid(f"{path}: lacks the marks {BEGIN!r} and {END!r}")
    return before, between.strip("\n"), after


def _overview() -> list[Row]:
    return [
        ("articles", len),
        ("incident reports", lambda listed: sum(a.gold.relevant for a in listed)),
        ("hard negatives", lambda listed: sum(not a.gold.relevant for a in listed)),
        ("dev", lambda listed: sum(a.split == "dev" for a in listed)),
        ("test", lambda listed: sum(a.split == "test" for a in listed)),
        ("real events retold", lambda listed: sum(a.gold.relevant and not a.gold.fictional for a in listed)),
        ("invented incidents", lambda listed: sum(a.gold.relevant and a.gold.fictional for a in listed)),
        ("words", lambda listed: sum(_words(a) for a in listed)),
        ("primary incidents", lambda listed: _incidents(listed, "primary")),
        ("background incidents", lambda listed: _incidents(listed, "background")),
        ("components", lambda listed: sum(len(i.components) for a in listed for i in a.gold.incidents)),
        ("causes", lambda listed: sum(len(i.causes) for a in listed for i in a.gold.incidents)),
        ("impacts", lambda listed: sum(len(i.impacts) for a in listed for i in a.gold.incidents)),
        ("actions", lambda listed: sum(len(i.actions) for a in listed for i in a.gold.incidents)),
        ("times", lambda listed: sum(len(a.gold.times) for a in listed)),
    ]


def _incidents(listed: Sequence[Article], role: str) -> int:
    return sum(incident.role == role for article in listed for incident in article.gold.incidents)


def _tally(values: Iterable[object], of: Callable[[Article], Iterable[object]]) -> list[Row]:
    """A row for each value: how often the articles have it."""

    def row(value: object) -> Callable[[Sequence[Article]], int]:
        return lambda listed: Counter(found for article in listed for found in of(article))[value]

    return [(str(value), row(value)) for value in values]


def _causes(article: Article) -> Iterable[object]:
    return (cause.category for incident in article.gold.incidents for cause in incident.causes)


def _length(article: Article) -> str:
    words = _words(article)
    return next(name for limit, name in _LENGTHS if words < limit)


def _words(article: Article) -> int:
    return len(_WORD.findall(article.text))


def _table(title: str, counted: Corpus, rows: Sequence[Row]) -> str:
    codes = list(counted)
    lines = [f"| {title} | {' | '.join(codes)} | all |", f"|---|{'---:|' * (len(codes) + 1)}"]
    for name, count in rows:
        cells = [count(counted[code]) for code in codes]
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {sum(cells)} |")
    return "\n".join(lines) + "\n"
