"""Learning weights: what is taught is known, what is rare is held back, and there is no chance in it."""

from extractor.learning.linear import Linear, shares
from extractor.training.fitting import Lesson, fit

LESSONS = [
    Lesson((("end|none",), ("end|until", "end|clock"), ("end|since", "end|clock")), (1,)),
    Lesson((("end|none",), ("end|since", "end|clock")), (0,)),
    Lesson((("end|none",), ("end|until", "end|day")), (1,)),
]


def _best(weights: dict[str, float], options: list[list[str]]) -> int:
    model = Linear(weights)
    told = shares([model.weigh(option).get("end", 0.0) for option in options])
    return told.index(max(told))


def test_what_was_taught_is_known() -> None:
    weights = fit(LESSONS, lambda feature: 0.1)
    assert _best(weights, [["none"], ["since", "day"], ["until", "day"]]) == 2
    assert _best(weights, [["none"], ["since", "clock"]]) == 0


def test_equal_lessons_make_equal_weights() -> None:
    assert fit(LESSONS, lambda feature: 1.0) == fit(LESSONS, lambda feature: 1.0)


def test_a_strong_prior_holds_weights_to_zero() -> None:
    loose, strong = fit(LESSONS, lambda feature: 0.1), fit(LESSONS, lambda feature: 10.0)
    assert abs(strong["end|until"]) < abs(loose["end|until"]) / 4


def test_a_lesson_that_weighs_more_counts_more() -> None:
    against = Lesson(LESSONS[2].options, (0,), 5.0)
    weights = fit([LESSONS[2], against], lambda feature: 0.1)
    assert _best(weights, [["none"], ["until", "day"]]) == 0
