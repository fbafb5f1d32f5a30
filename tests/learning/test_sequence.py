"""Spans from probabilities, and the file of a sequence model."""

import threading
from pathlib import Path

import pycrfsuite
import pytest

from extractor.learning import sequence
from extractor.learning.sequence import SequenceModel, spans


@pytest.fixture
def model(tmp_path: Path) -> SequenceModel:
    trainer = pycrfsuite.Trainer(verbose=False)
    for _ in range(5):
        trainer.append([["w=the"], ["w=router"], ["w=failed"]], ["O", "B-part", "O"])
        trainer.append([["w=we"], ["w=ate"]], ["O", "O"])
    trainer.train(str(tmp_path / "plain"))
    sequence.save((tmp_path / "plain").read_bytes(), tmp_path / "made.crf.xz")
    return SequenceModel(tmp_path / "made.crf.xz")


def test_a_model_that_was_saved_says_what_it_was_taught(model: SequenceModel) -> None:
    odds = model.odds(sequence.packed([["w=the"], ["w=router"], ["w=failed"]]))
    assert [(span.first, span.last, span.label) for span in spans(odds, 0.5)] == [(1, 2, "part")]


def test_an_empty_sentence_has_no_spans(model: SequenceModel) -> None:
    assert list(spans(model.odds(sequence.packed([])), 0.5)) == []


def test_threads_share_a_model(model: SequenceModel) -> None:
    wanted = model.odds(sequence.packed([["w=router"]]))
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.extend(model.odds(sequence.packed([["w=router"]])) for _ in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200 and all(one == wanted for one in found)


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0.05, [(0, 1, "a"), (1, 3, "b")]), (0.5, [(0, 1, "a"), (1, 2, "b")]), (0.95, [])],
)
def test_a_span_ends_where_the_next_begins_or_the_odds_fall(least: float, expected: list[tuple[int, int, str]]) -> None:
    odds = [{"B-a": 0.9}, {"B-b": 0.6, "I-a": 0.2}, {"I-b": 0.1}, {}]
    assert [(span.first, span.last, span.label) for span in spans(odds, least)] == expected
