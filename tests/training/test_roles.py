"""The command that trains, on a corpus of two articles made here."""

import json
from pathlib import Path

import pytest

from extractor.evaluation.gold import ORDINARY, ordinary
from extractor.learning import sequence, store
from extractor.learning.clusters import Clusters
from extractor.learning.linear import Linear
from extractor.mentions import features
from extractor.mentions import parties as names
from extractor.mentions.spans import LAYERS
from extractor.relevance import ORDINARY as IS_ORDINARY
from extractor.training import crossvalidate, moments, parties, passages, relevance, spans
from extractor.training.__main__ import main
from extractor.training.articles import digests, taught

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
        "components": [{"name": "website", "category": "website", "status": "failed"}], "causes": [], "locations": [],
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


def test_passages_are_told_apart_by_where_the_facts_of_the_gold_stand(corpus: Path) -> None:
    gold = json.loads((corpus / "en" / "en-made.json").read_text(encoding="utf-8"))
    past = {**gold["incidents"][0], "role": "background", "organizations": [], "impacts": [], "actions": []}
    past |= {"started_at": "2019", "resolved_at": None, "duration": None, "duration_basis": None, "components": []}
    past["causes"] = [{"text": "switch", "category": "hardware", "detail": None, "role": "root", "certainty": "stated"}]
    further = {
        **past,
        "role": "primary",
        "started_at": "2024-05-07",
        "causes": [],
        "components": gold["incidents"][0]["components"],
    }
    further["components"] = [{"name": "mail servers", "category": "email", "status": "failed"}]
    text = f"{TEXT} On Tuesday the mail servers crashed. In 2019 a switch had burnt out."
    (corpus / "en" / "en-made.txt").write_text(text, encoding="utf-8")
    written = json.dumps({**gold, "incidents": [*gold["incidents"], further, past]})
    (corpus / "en" / "en-made.json").write_text(written, encoding="utf-8")
    (article,) = taught([corpus], "dev")
    clauses, words = article.mentions.clauses.all, article.mentions.words
    back = {words.tokens[clauses[index].first].text: told for index, told in passages.looks_back(article).items()}
    assert back["In"] is True and back["The"] is False and back["On"] is False
    lessons = list(passages.lessons(article, Clusters({})))
    assert {lesson.right for lesson in lessons} == {(0,), (1,)}
    assert all(option.startswith("aside|") for lesson in lessons for option in lesson.options[1])


def test_tokens_are_labelled_by_the_gold_spans(corpus: Path) -> None:
    (article,) = taught([corpus], "dev")
    words = article.mentions.words

    def told(layer: str) -> list[str]:
        labels = spans.labels(words, list(spans.gold(article.article.gold.incidents, layer)))
        return [f"{token.text}/{label}" for token, label in zip(words.tokens, labels, strict=True) if label != "O"]

    assert told("impact") == ["Customers/B-affected", "could/I-affected", "not/I-affected", "log/I-affected", "in/I-affected"]  # fmt: skip
    assert told("action")[0] == "Engineers/B-action"
    assert told("component") == ["website/B-failed", "website/B-failed"]


def test_names_are_labelled_by_the_gold(corpus: Path) -> None:
    (article,) = taught([corpus], "dev")
    reader = names.Reader(spans.seen(article, Clusters({})), article.mentions.names)
    labels = {group[0].name: parties.label(group, article.article.gold) for group in reader.groups}
    assert labels["Northwind"] == "organization"


def test_a_report_and_another_text_become_lessons_with_the_rules_and_without(corpus: Path) -> None:
    (article,) = taught([corpus], "dev")
    lessons = list(relevance.lessons(article, False, IS_ORDINARY, Clusters({})))
    assert [lesson.right for lesson in lessons] == [(0,)] * 4
    assert [any("|r:" in feature for feature in lesson.options[1]) for lesson in lessons] == [True, False, True, False]


def test_digests_are_reports_among_ordinary_news(corpus: Path) -> None:
    (corpus / ORDINARY).mkdir()
    lines = [{"id": f"en-plain-{at}", "desk": "sport", "text": f"Rivertown won game {at}."} for at in range(2)]
    (corpus / ORDINARY / "en.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    reports, others = list(taught([corpus], "dev")), list(taught([corpus], None, ordinary))
    assert [one.article.gold.relevant for one in others] == [False, False]
    first, second = (one.mentions.words.text for one in digests(reports, others))
    assert first.startswith("Rivertown") and "Northwind" in first
    assert second.startswith("The website of Northwind") and second.endswith("won game 1.")
    assert isinstance(relevance.train(reports, others, Clusters({})), Linear)


def test_the_command_writes_what_the_extractor_reads(corpus: Path, tmp_path: Path) -> None:
    assert main([str(corpus), "--to", str(tmp_path / "one")]) == 0
    assert main([str(corpus), "--to", str(tmp_path / "two")]) == 0
    learned = store.read(tmp_path / "one")
    assert learned.moments is not None and learned.classes is not None and learned.parties is not None
    assert learned.relevance is not None and learned.passages is not None
    assert learned.spans is not None and learned.spans.layers == LAYERS
    assert learned.version == store.read(tmp_path / "two").version


def test_cross_validation_scores_each_later_article_by_models_that_it_did_not_teach(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(4):
        gold = {**GOLD, "id": f"en-made-{number}", "event": f"made-{number}", "note": f"seed: {crossvalidate.LATER}"}
        (corpus / "en" / f"en-made-{number}.txt").write_text(TEXT, encoding="utf-8")
        (corpus / "en" / f"en-made-{number}.json").write_text(json.dumps(gold), encoding="utf-8")
    assert crossvalidate.main([str(corpus), "--folds", "2"]) == 0
    told = capsys.readouterr().out
    assert "| 2 folds, 4 later articles | rules | rules and learning |" in told
    assert "| incident | 1.00 (1.00-1.00) |" in told
    every = list(taught([corpus], "dev"))
    assert {crossvalidate.fold(one.article, 2) for one in every} == {0, 1}


def test_what_was_taught_is_found_again(corpus: Path, tmp_path: Path) -> None:
    main([str(corpus), "--to", str(tmp_path)])
    (article,) = taught([corpus], "dev")
    text = spans.seen(article, store.clusters(tmp_path))
    models = store.read(tmp_path).spans
    assert models is not None
    found = list(sequence.spans(models.odds(features.read(text))["component"], 0.3))
    assert [(text.words.tokens[span.first].text, span.label) for span in found] == [("website", "failed")] * 2


def test_articles_of_the_test_split_teach_nothing(corpus: Path) -> None:
    assert list(taught([corpus], "test")) == []
