"""The command that trains, on a corpus of two articles made here."""

import json
from pathlib import Path

import pytest

from extractor.learning import store
from extractor.training import clauses, moments, roles
from extractor.training.articles import taught

TEXT = (
    "The website of Northwind went down on Monday at 9:00 after a disk array failed. "
    "Customers could not log in. Engineers replaced the array and the website was back at 10:30."
)
GOLD = {
    "id": "en-made", "lang": "en", "published": "2024-05-08", "event": "made", "note": "seed", "fictional": True,
    "register": "agency", "cases": [], "relevant": True,
    "incidents": [{
        "role": "primary", "kind": "outage", "status": "resolved", "organizations": ["Northwind"], "services": [],
        "started_at": "2024-05-06T09:00", "detected_at": None, "mitigated_at": None,
        "resolved_at": "2024-05-06T10:30", "duration": "PT1H30M", "duration_basis": "derived", "approximate": [],
        "components": [], "causes": [], "locations": [],
        "impacts": [{"text": "Customers could not log in", "kind": "unavailable"}],
        "actions": [{"text": "Engineers replaced the array", "kind": "fix"}],
    }],
    "times": [],
}  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus" / "en"
    folder.mkdir(parents=True)
    (folder / "en-made.txt").write_text(TEXT, encoding="utf-8")
    (folder / "en-made.json").write_text(json.dumps(GOLD), encoding="utf-8")
    return folder.parent


def test_start_and_end_become_lessons(corpus: Path) -> None:
    (article,) = taught([corpus], "dev")
    started, bare, resolved = moments.lessons(article)
    assert all(option[0].startswith("started|") for option in started.options)
    assert started.right and 0 not in started.right
    assert not any("|r:" in feature for option in bare.options for feature in option)
    assert resolved.right and 0 not in resolved.right


def test_clauses_are_labelled_by_the_gold_spans_in_them(corpus: Path) -> None:
    (article,) = taught([corpus], "dev")
    words = article.mentions.words

    def told(role: str) -> list[tuple[str, str]]:
        listed = article.mentions.clauses.all
        spans = {index: words.span(listed[index].first, listed[index].last) for index in clauses.labels(article, role)}
        return [(words.text[slice(*spans[i])], label) for i, (label, _) in clauses.labels(article, role).items()]

    assert told("impact") == [("Customers could not log in.", "affected")]
    assert [(text.startswith("Engineers"), label) for text, label in told("action")] == [(True, "fix")]


def test_the_command_writes_what_the_extractor_reads(corpus: Path, tmp_path: Path) -> None:
    assert roles.main([str(corpus), "--to", str(tmp_path / "one")]) == 0
    assert roles.main([str(corpus), "--to", str(tmp_path / "two")]) == 0
    learned = store.read(tmp_path / "one")
    assert learned.moments is not None and learned.clauses is not None
    assert learned.version == store.read(tmp_path / "two").version


def test_articles_of_the_test_split_teach_nothing(corpus: Path) -> None:
    assert list(taught([corpus], "test")) == []
