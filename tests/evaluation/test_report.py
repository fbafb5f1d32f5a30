from io import StringIO

from rich.console import Console

from extractor.evaluation.report import ranked, show_mistakes
from extractor.evaluation.scoring import Mistake


def mistake(gold: str, article: str = "en-a", alone: bool = False, field: str = "cause_category") -> Mistake:
    return Mistake(article, "en", field, "missed", gold, None, "It broke [badly].", alone)  # type: ignore[arg-type]


def test_the_commonest_first() -> None:
    listed = [mistake("x", field="impact"), mistake("bug"), mistake("power", "en-a"), mistake("power", "en-b")]
    groups = ranked(listed)
    assert [group for group, _ in groups] == [("cause_category", "missed"), ("impact", "missed")]
    assert [found.gold for found in groups[0][1]] == ["power", "power", "bug"]


def test_mistakes_of_whole_incidents_come_last() -> None:
    groups = ranked([mistake("bug", alone=True), mistake("power")])
    assert [found.gold for found in groups[0][1]] == ["power", "bug"]


def test_the_same_mistake_of_one_article_is_shown_once_and_text_is_no_markup() -> None:
    out = StringIO()
    show_mistakes([mistake("[bold]bug")] * 3 + [mistake("power"), mistake("load")], Console(file=out, width=80), 2)
    assert out.getvalue().splitlines()[1:] == [
        "cause_category missed: 5",
        "  gold [bold]bug  (en-a, 3 times)",
        "      It broke [badly].",
        "  gold power  (en-a)",
        "      It broke [badly].",
    ]
