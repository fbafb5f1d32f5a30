"""Confidences: measured, mended, and stored as data."""

from pathlib import Path

from extractor import Document, Extractor
from extractor.confidence import Table, deserved
from extractor.datafiles import load
from extractor.evaluation.calibration import classes, fit, write
from extractor.evaluation.scoring import Claim


def claims(said: float, right: int, wrong: int) -> list[Claim]:
    return [Claim("impact", said, True)] * right + [Claim("impact", said, False)] * wrong


def test_steps_rise_with_what_was_said() -> None:
    told = [*claims(0.3, 4, 16), *claims(0.6, 30, 10), *claims(0.8, 20, 20), *claims(0.9, 57, 3)]
    steps = fit(told)["impact"]
    shares = [step.right for step in steps]
    assert shares == sorted(shares)
    assert [step.said for step in steps] == [0.3, 0.6, 0.9]  # 0.8 was right less often than 0.6: one pool
    assert deserved(0.95, steps) == 0.94


def test_a_few_lucky_values_make_no_certainty() -> None:
    (step,) = fit(claims(0.9, 3, 0))["impact"]
    assert step.right == 0.8


def test_mended_confidences_are_right_as_often_as_they_say() -> None:
    told = [*claims(0.5, 10, 30), *claims(0.7, 20, 20), *claims(0.9, 90, 10)]
    steps = fit(told)["impact"]
    mended = [Claim("impact", deserved(claim.confidence, steps), claim.right) for claim in told]
    for found in classes(mended)["impact"]:
        assert abs(found.said - found.right) < 0.05


def test_the_table_is_written_as_it_is_read(tmp_path: Path) -> None:
    steps = fit([*claims(0.5, 10, 30), *claims(0.9, 90, 10)])
    write(tmp_path / "confidence.yaml", steps, "dev")
    assert load(tmp_path / "confidence.yaml", Table).root == steps


def test_what_the_rules_said_can_be_asked_for() -> None:
    document = Document("The website was down on Monday from 9:00 to 10:30.", published="2024-05-08", language="en")
    (ours,), (theirs,) = Extractor()(document).incidents, Extractor(calibrated=False)(document).incidents
    assert ours.started_at is not None and theirs.started_at is not None
    assert ours.started_at.value == theirs.started_at.value
    assert ours.started_at.confidence != theirs.started_at.confidence
