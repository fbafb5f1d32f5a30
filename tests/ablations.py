"""The ways compared in corpus/RESULTS.md: `python -m tests.ablations test` prints their table for a split."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, get_args

from extractor import Extractor
from extractor.evaluation.aggregate import aggregate
from extractor.evaluation.command import measure
from extractor.evaluation.gold import Split, experimental, load
from extractor.languages import Language
from extractor.learning.clusters import Clusters

CORPUS = Path(__file__).parent.parent / "corpus"
SHOWN = (
    "incident", "primary_count", "role", "started", "resolved", "duration", "organization", "service", "component",
    "cause_span", "cause_category", "impact", "action", "times_value", "relevance",
)  # fmt: skip


@contextmanager
def untagged() -> Iterator[None]:
    """No language has a tagger."""
    before = Language.pipeline
    Language.pipeline = property(lambda _: None)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Language.pipeline = before  # type: ignore[method-assign]


@contextmanager
def unclustered() -> Iterator[None]:
    """No model knows which words mean much the same."""
    before = Clusters.all
    Clusters.all = lambda *_: {}  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Clusters.all = before  # type: ignore[method-assign]


WAYS: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "rules and learning": (nullcontext, {}),
    "rules alone": (nullcontext, {"learning": False}),
    "no word clusters": (unclustered, {}),
    "no parts of speech": (untagged, {}),
    "rules alone, no parts of speech": (untagged, {"learning": False}),
}


def main(split: str) -> None:
    articles = load(CORPUS)
    outside = frozenset(code for code, listed in articles.items() if experimental(listed))
    told = {}
    for name, (around, options) in WAYS.items():
        with around():
            measured, _ = measure(articles, next(s for s in get_args(Split) if s == split), Extractor(**options))
        told[name] = aggregate(measured, outside).mean.fields
    print(f"| {split} | {' | '.join(WAYS)} |")
    print(f"|---|{'---:|' * len(WAYS)}")
    for field in SHOWN:
        cells = (
            f"{told[name][field].f1:.2f} ({told[name][field].low:.2f}-{told[name][field].high:.2f})" for name in WAYS
        )  # type: ignore[index]
        print(f"| {field.replace('_', ' ')} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(sys.argv[1])
