"""The table of word clusters, and how it is made."""

from pathlib import Path

import numpy as np
import pytest

from extractor.learning import store
from extractor.learning.clusters import Clusters
from extractor.training.clusters import centred


def test_a_saved_table_knows_the_same_words(tmp_path: Path) -> None:
    Clusters({"en:outage": (3, 41), "de:ausfall": (3, 40)}).save(tmp_path / "clusters.npz")
    table = Clusters.load(tmp_path / "clusters.npz")
    assert table.all("en", ["outage", "ausfall"]) == {"outage": ("k0.3", "k1.41")}
    assert table.all("de", ["ausfall"]) == {"ausfall": ("k0.3", "k1.40")}


@pytest.mark.parametrize("words", [[], ["never met"]])
def test_an_unknown_word_has_no_cluster(words: list[str]) -> None:
    assert Clusters({}).all("en", words) == {} == Clusters({"en:outage": (1,)}).all("en", words)


def test_words_of_two_languages_with_one_meaning_share_a_cluster_in_the_shipped_table() -> None:
    table = store.shipped().clusters
    assert table is not None
    narrow = {code: table.all(code, [word])[word][0] for code, word in (("en", "router"), ("de", "router"))}
    assert len(set(narrow.values())) == 1


def test_centred_vectors_have_length_one() -> None:
    vectors = centred(np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 0.5]], dtype=np.float32))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0)
