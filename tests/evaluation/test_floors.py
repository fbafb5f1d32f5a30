import tomllib
from pathlib import Path

import pytest

from extractor.errors import GoldInvalid
from extractor.evaluation.aggregate import LanguageScores, Score, Scores
from extractor.evaluation.floors import Floors, floor_of, gate, lowered, raised, read_floors, write_floors, write_scores
from extractor.evaluation.scoring import Field

HASHES = {"en": "a1"}
NO_MEAN = LanguageScores(0, {})


def score(f1: float, low: float) -> Score:
    return Score(precision=f1, recall=f1, f1=f1, low=low, high=1.0, n=50)


def scores(f1: float = 0.8, low: float = 0.7077, field: Field = "cause_span", code: str = "en") -> Scores:
    return Scores({code: LanguageScores(40, {field: score(f1, low)})}, NO_MEAN)


def floors(floor: float = 0.7, digest: str = "a1") -> Floors:
    return Floors("all", {"en": digest}, {"en": {"cause_span": floor}})


def test_a_floor_is_the_lower_end_rounded_down() -> None:
    assert floor_of(score(0.8, 0.7077)) == 0.70
    assert floor_of(score(0.8, 0.29)) == 0.29  # 0.29 * 100 is 28.999...


def test_the_gate_passes_at_the_floor_and_fails_under_it() -> None:
    assert gate(scores(), floors(0.8), HASHES) == []
    assert gate(scores(), floors(0.81), HASHES) == ["en cause_span: F1 0.800 is under the floor 0.81"]


def test_a_field_that_is_no_longer_scored_fails() -> None:
    assert gate(scores(field="impact"), floors(), HASHES) == ["en cause_span: F1 0.000 is under the floor 0.70"]


def test_a_changed_corpus_fails() -> None:
    assert gate(scores(), floors(), {"en": "b2"}) == ["en: corpus changed: run incidents evaluate --raise-floors"]


def test_a_language_that_is_read_no_longer_fails_and_one_that_was_not_asked_for_does_not() -> None:
    (told,) = gate(Scores({}, NO_MEAN), floors(), HASHES)
    assert told == "en has floors and was not scored: its folder of models/ is absent or reads no incidents"
    assert gate(Scores({}, NO_MEAN), floors(), {}) == []


def test_a_language_without_floors_fails_once_it_is_read() -> None:
    assert gate(scores(), Floors(), HASHES) == ["en has no floors: run incidents evaluate --raise-floors"]
    assert gate(Scores({}, NO_MEAN), Floors(), HASHES) == []


def test_floors_hold_for_one_split() -> None:
    assert len(gate(scores(), floors(), HASHES, split="dev")) == 1


def test_raising_never_lowers() -> None:
    assert raised(floors(0.5), scores(), HASHES).of("en") == {"cause_span": 0.70}
    assert raised(floors(0.75), scores(), HASHES).of("en") == {"cause_span": 0.75}
    assert raised(floors(0.75), scores(field="impact"), HASHES).of("en") == {"impact": 0.70, "cause_span": 0.75}


def test_raising_takes_the_new_hash_and_keeps_other_languages() -> None:
    found = raised(floors(), scores(code="xx"), {"xx": "c3"})
    assert found.corpus == {"en": "a1", "xx": "c3"}
    assert found.of("en") == {"cause_span": 0.7}
    assert raised(floors(), scores(), {"en": "b2"}).corpus == {"en": "b2"}


def test_a_floor_of_nothing_is_no_floor() -> None:
    assert raised(Floors(), scores(low=0.004), HASHES).of("en") == {}


def test_lowering_takes_a_reason_and_only_what_is_broken() -> None:
    with pytest.raises(ValueError, match="reason"):
        lowered(floors(0.9), scores(), HASHES, " ")
    assert lowered(floors(0.75), scores(), HASHES, "why not") == floors(0.75)
    found = lowered(floors(0.9), scores(), {"en": "b2"}, "the gold of ten articles was wrong")
    assert found.of("en") == {"cause_span": 0.70}
    assert found.corpus == {"en": "b2"}
    assert [(one.reason, one.floors) for one in found.lowered] == [
        ("the gold of ten articles was wrong", ("en.cause_span 0.90 -> 0.70",))
    ]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    assert read_floors(path) == Floors()
    told = lowered(floors(0.9), scores(), HASHES, 'a "quoted" \\ reason\twith\x7f signs é')
    write_floors(path, told)
    assert read_floors(path) == told
    write_floors(path, read_floors(path))
    assert read_floors(path) == told


def test_a_damaged_file_says_which(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text("split = ", encoding="utf-8")
    with pytest.raises(GoldInvalid, match=r"floors\.toml"):
        read_floors(path)


def test_scores_are_stored_as_toml(tmp_path: Path) -> None:
    path = tmp_path / "scores.toml"
    write_scores(path, scores(), {"split": "test", "corpus": HASHES})
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (data["split"], data["corpus"]) == ("test", HASHES)
    measured = data["scores"]["en"]
    assert measured["articles"] == 40
    assert measured["cause_span"] == {"precision": 0.8, "recall": 0.8, "f1": 0.8, "low": 0.708, "high": 1.0, "n": 50}
