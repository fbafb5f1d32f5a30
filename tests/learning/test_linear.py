"""The model that weighs options: what it says, and that its file says the same."""

from pathlib import Path

import pytest

from extractor.learning import store
from extractor.learning.linear import Linear, shares
from extractor.learning.wording import bag, beside
from extractor.tokens import read

WEIGHTS = {"started|w:fell": 1.5, "started|w:until": -2.0, "resolved|w:until": 2.5}


def test_weights_are_summed_under_each_head() -> None:
    assert Linear(WEIGHTS).weigh(["w:fell", "w:until", "w:never-met"]) == {"resolved": 2.5, "started": -0.5}


def test_nothing_known_weighs_nothing() -> None:
    assert Linear(WEIGHTS).weigh([]) == {"resolved": 0.0, "started": 0.0}
    assert Linear({}).weigh(["w:fell"]) == {}


def test_a_saved_model_weighs_the_same_and_its_file_is_reproducible(tmp_path: Path) -> None:
    model = Linear(WEIGHTS)
    model.save(tmp_path / "one.npz")
    model.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = Linear.load(tmp_path / "one.npz")
    assert again.weigh(["w:fell", "w:until"]) == model.weigh(["w:fell", "w:until"])
    assert len(again) == len(model) == 3


def test_shares_of_great_weights_are_finite() -> None:
    assert shares([1000.0, 0.0]) == pytest.approx([1.0, 0.0])


def test_a_folder_without_weights_leaves_it_to_the_rules(tmp_path: Path) -> None:
    assert store.read(tmp_path) == store.NOTHING


def test_the_version_changes_with_the_weights(tmp_path: Path) -> None:
    Linear(WEIGHTS).save(tmp_path / "moments.npz")
    before = store.read(tmp_path)
    assert before.moments is not None
    assert before.classes is None and before.spans is None
    Linear({"started|w:fell": 1.0}).save(tmp_path / "moments.npz")
    assert store.read(tmp_path).version != before.version


def test_words_beside_a_place_know_their_distance_and_the_edge() -> None:
    tokens = read("Restored at 10:15 today", None).tokens
    told = set(beside("x", tokens, 2, -3, frozenset()))
    assert {"x-1:at", "x-2:restored", "x-2:resto*", "x-3:|"} <= told


def test_times_are_alike() -> None:
    tokens = read("at 10:15", None).tokens
    assert list(bag("x", tokens, frozenset({1, 2, 3}))) == ["x:at", "x:@", "x:@", "x:@"]
