"""What ``incidents evaluate`` does, on a small corpus and with a stand-in for the extractor."""

import json
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from gold_making import gold_incident, report_of, store
from rich.console import Console

from extractor.errors import LanguageUnsupported
from extractor.evaluation import command, run
from extractor.evaluation.gold import FEWEST_ARTICLES, ORDINARY, load, ordinary
from extractor.records import Report

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
WORDS += ["iota", "kappa", "lambda", "mu", "nu", "xi", "omicron"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two languages with enough articles, one of which the extractor does not read, and an experimental one."""
    for lang, size in (("en", FEWEST_ARTICLES + 5), ("xx", FEWEST_ARTICLES), ("yy", 1)):
        for index in range(size):
            name = f"{lang}{WORDS[index]}"
            text = f"{name} lost power on Monday. Cause: faulty battery."
            incident = gold_incident(
                organizations=[name],
                components=[],
                impacts=[],
                actions=[{"text": f"{name} lost power", "kind": "fix"}],
                locations=[],
            )
            times = [{"text": "Monday", "value": "2023-05-01"}]
            store(tmp_path, text, id=f"{lang}-{name}", lang=lang, event=name, incidents=[incident], times=times)
    return tmp_path


class Perfect:
    """Says what the gold says; drops every incident of articles that it is told to fail on."""

    def __init__(self, corpus: Path, fails: Any = lambda article: False) -> None:
        listed = (*load(corpus).values(), *ordinary(corpus).values())
        self.articles = {article.gold.id: article for articles in listed for article in articles}
        self.fails = fails
        self.asked: list[str] = []

    def __call__(self, document: Any) -> Report:
        if document.language == "xx":
            raise LanguageUnsupported("xx")
        self.asked.append(document.id)
        article = self.articles[document.id]
        assert (document.text, document.published) == (article.text, article.gold.published)
        return report_of(article, incidents=()) if self.fails(article) else report_of(article)


def evaluate(corpus: Path, extract: Any = None, **options: Any) -> tuple[int, str]:
    out = StringIO()
    code = run(corpus, console=Console(file=out, width=120), extract=extract or Perfect(corpus), **options)
    return code, out.getvalue()


def test_table_and_the_language_that_is_not_read(corpus: Path) -> None:
    code, out = evaluate(corpus)
    assert code == 0
    assert "en (15 articles)" in out
    assert "1.00  P 1.00 R 1.00" in out
    assert "all (15 articles)" in out
    assert "yy: experimental" in out
    assert "xx: not scored, the extractor does not read this language yet (10 articles waiting)." in out


def test_one_split_and_one_language(corpus: Path) -> None:
    splits = {article.gold.id: article.split for article in load(corpus)["en"]}
    for split in ("dev", "test"):
        extract = Perfect(corpus)
        evaluate(corpus, extract, split=split, languages=["en"])
        assert sorted(extract.asked) == sorted(name for name, found in splits.items() if found == split)


def test_wrong_usage(corpus: Path) -> None:
    assert evaluate(corpus, languages=["zz"])[0] == 2
    assert "--split is dev or test" in evaluate(corpus, split="train")[1]
    assert evaluate(corpus, lower_floors_reason=" ")[0] == 2
    out = StringIO()
    assert run(corpus / "nowhere", console=Console(file=out)) == 2
    assert "no such folder" in out.getvalue()


def test_mistakes_are_ranked_and_those_of_the_test_split_never_shown(corpus: Path) -> None:
    extract = Perfect(corpus, fails=lambda article: True)
    _, out = evaluate(corpus, extract, errors=1, split="dev", languages=["en"])
    assert "cause_span missed" in out
    assert "Cause: faulty battery." in out
    _, out = evaluate(corpus, extract, errors=1, split="test")
    assert "not shown" in out
    assert "faulty battery" not in out
    fails_on_test = Perfect(corpus, fails=lambda article: article.split == "test")
    _, out = evaluate(corpus, fails_on_test, errors=9)
    assert "missed" not in out


def test_json(corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    evaluate(corpus, Perfect(corpus, fails=lambda article: True), json_path=path, languages=["en", "xx"])
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["split"] == "all"
    assert list(data["corpus"]) == ["en"]
    assert data["languages"]["en"]["fields"]["incident"]["recall"] == 0
    assert data["not_read"] == {"xx": 10}
    assert {"article", "field", "kind", "gold", "sentence"} <= set(data["mistakes"][0])


def test_ordinary_news_that_is_taken_for_reports(corpus: Path, tmp_path: Path) -> None:
    lines = [{"id": f"en-{word}", "desk": "sport", "text": f"{word} won."} for word in WORDS[:3]]
    (corpus / ORDINARY).mkdir()
    (corpus / ORDINARY / "en.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    perfect, path = Perfect(corpus), tmp_path / "scores.json"

    def credulous(document: Any) -> Report:
        report = perfect(document)
        return report.model_copy(update={"relevance": 0.9}) if document.id == "en-beta" else report

    assert (
        "Ordinary news: 1 of 3 articles taken for incident reports." in evaluate(corpus, credulous, json_path=path)[1]
    )
    assert json.loads(path.read_text(encoding="utf-8"))["ordinary"] == {"articles": 3, "taken_for_reports": 1}
    assert "Ordinary news: 0 of" in evaluate(corpus, perfect)[1]


def test_gate_holds_until_the_score_falls(corpus: Path) -> None:
    code, out = evaluate(corpus, gate=True)
    assert code == 1
    assert "en has no floors" in out
    assert evaluate(corpus, raise_floors=True)[0] == 0
    floors = tomllib.loads((corpus / "floors.toml").read_text(encoding="utf-8"))
    assert list(floors["floors"]) == ["en"]  # neither the unread nor the experimental one
    assert floors["floors"]["en"]["cause_span"] == 1.0
    code, out = evaluate(corpus, gate=True)
    assert (code, out.splitlines()[-1]) == (0, "Gate: passed.")
    worse = Perfect(corpus, fails=lambda article: article.gold.id == "en-enalpha")
    code, out = evaluate(corpus, worse, gate=True)
    assert code == 1
    assert "en cause_span: F1 0.966 is under the floor 1.00" in out


def test_floors_are_lowered_only_with_a_reason_on_record(corpus: Path) -> None:
    evaluate(corpus, raise_floors=True)
    worse = Perfect(corpus, fails=lambda article: article.gold.id == "en-enalpha")
    evaluate(corpus, worse, raise_floors=True)
    assert evaluate(corpus, worse, gate=True)[0] == 1
    evaluate(corpus, worse, lower_floors_reason="one article is beyond us")
    assert evaluate(corpus, worse, gate=True)[0] == 0
    floors = tomllib.loads((corpus / "floors.toml").read_text(encoding="utf-8"))
    assert floors["lowered"][0]["reason"] == "one article is beyond us"


def test_gate_fails_on_a_changed_corpus_and_on_a_wrong_span(corpus: Path) -> None:
    evaluate(corpus, raise_floors=True)
    path = corpus / "en" / "en-enalpha.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"faulty battery"', '"flawed battery"'), encoding="utf-8")
    code, out = evaluate(corpus, gate=True)
    assert code == 1
    assert "en/en-enalpha.json: cause 'flawed battery' is not in the text" in out
    assert "en: corpus changed: run incidents evaluate --raise-floors" in out


def test_write_stores_the_scores_with_the_package(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "models_folder", lambda: tmp_path)
    evaluate(corpus, write=True, split="test")
    data = tomllib.loads((tmp_path / "scores.toml").read_text(encoding="utf-8"))
    assert data["split"] == "test"
    assert data["scores"]["en"]["cause_span"]["f1"] == 1.0
    assert "yy" not in data["scores"]


def test_a_narrow_terminal_gets_more_tables(corpus: Path) -> None:
    out = StringIO()
    run(corpus, console=Console(file=out, width=60), extract=Perfect(corpus))
    assert max(map(len, out.getvalue().splitlines())) <= 160
    assert out.getvalue().count("┏") == 3  # en, yy, all
