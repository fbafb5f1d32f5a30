"""Spans from probabilities, and sequence models: what they say, their file, their agreement with CRFsuite."""

from pathlib import Path

import pycrfsuite
import pytest

from extractor.learning.sequence import Field, Place, SequenceModels, probability, spans, spelled
from extractor.training.spans import weights

SENTENCES = [
    [Place(["short"], ["the"]), Place(["opens"], ["router"]), Place([], ["failed"])],
    [Place(["short"], ["we"]), Place([], ["ate"])],
    [Place(["short"], ["the"]), Place([], ["power"]), Place(["unknown"], ["supply"]), Place([], ["failed", "today"])],
]
LABELS = [["O", "B-part", "O"], ["O", "O"], ["O", "B-part", "I-part", "O"]]


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    trainer = pycrfsuite.Trainer(verbose=False)
    for features, labels in zip(SENTENCES, LABELS, strict=True):
        trainer.append(spelled(features), labels)
    trainer.train(str(tmp_path / "made"))
    return tmp_path / "made"


def test_it_says_what_crfsuite_says(trained: Path) -> None:
    models = SequenceModels({"component": weights(trained)})
    tagger = pycrfsuite.Tagger()
    tagger.open(str(trained))
    unseen = [Place([], ["power"]), Place(["never-met"]), Place(["short"], ["the"])]
    short = [Place([], ["router"])]
    told = iter(models.odds([short, *SENTENCES, [], short, unseen, short])["component"])
    for sentence in (short, *SENTENCES, short, unseen, short):
        tagger.set(spelled(sentence))
        for at in range(len(sentence)):
            shares = next(told)
            if not shares:
                assert tagger.marginal("O", at) > 0.985
            for label, share in shares.items():
                assert share == pytest.approx(tagger.marginal(label, at), abs=1e-3)
    assert next(told, None) is None


def test_layers_do_not_mix() -> None:
    one = Field({("a", "B-x"): 2.0, ("a", "O"): 0.0}, {("O", "B-x"): 1.0})
    two = Field({("a", "B-y"): -1.0, ("a", "I-y"): 0.5, ("a", "O"): 0.0}, {("B-y", "I-y"): 3.0})
    text = [[Place(["a"]), Place(["a"])], [Place(["a"])]]
    both = SequenceModels({"one": one, "two": two, "none": Field({}, {})}).odds(text)
    for layer, field in (("one", one), ("two", two)):
        for mine, theirs in zip(both[layer], SequenceModels({layer: field}).odds(text)[layer], strict=True):
            assert mine == pytest.approx(theirs)
    assert both["none"] == [{}, {}, {}]


def test_a_saved_model_says_the_same_and_its_file_is_reproducible(trained: Path, tmp_path: Path) -> None:
    models = SequenceModels({"component": weights(trained)})
    models.save(tmp_path / "one.npz")
    models.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = SequenceModels.load(tmp_path / "one.npz").odds(SENTENCES)["component"]
    for mine, theirs in zip(again, models.odds(SENTENCES)["component"], strict=True):
        assert mine == pytest.approx(theirs, abs=1e-2)


@pytest.mark.parametrize("text", [[], [[]], [[], []]])
def test_an_empty_text_has_no_spans(trained: Path, text: list[list[Place]]) -> None:
    assert SequenceModels({"component": weights(trained)}).odds(text) == {"component": []}


def test_without_weights_there_are_no_layers() -> None:
    assert SequenceModels({}).odds(SENTENCES) == {}


def test_a_long_sentence_does_not_run_out_of_numbers(trained: Path) -> None:
    odds = SequenceModels({"component": weights(trained)}).odds([[Place(["w=router"], ["router"])] * 3000])["component"]
    assert len(odds) == 3000 and all(0.0 <= share <= 1.0 for token in odds for share in token.values())


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0.05, [(0, 1, "a"), (1, 3, "b")]), (0.5, [(0, 1, "a"), (1, 2, "b")]), (0.95, [])],
)
def test_a_span_ends_where_the_next_begins_or_the_odds_fall(least: float, expected: list[tuple[int, int, str]]) -> None:
    odds = [{"B-a": 0.9}, {"B-b": 0.6, "I-a": 0.2}, {"I-b": 0.1}, {}]
    assert [(span.first, span.last, span.label) for span in spans(odds, least)] == expected
    assert probability(odds, 1, 3) == pytest.approx(0.45)
