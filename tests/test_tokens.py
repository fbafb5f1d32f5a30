import pytest

from extractor.tokens import fold, read


def sentences(text: str, abbreviations: frozenset[str] = frozenset()) -> list[str]:
    words = read(text, None, abbreviations)
    return [text[slice(*words.span(s.first, s.last))] for s in words.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("At 10.15 it fell. Version 2.1.7 is out.", ["At 10.15 it fell.", "Version 2.1.7 is out."]),
        ("Dr. Poe and J. Roe spoke. Then left.", ["Dr. Poe and J. Roe spoke.", "Then left."]),
        ("A title\n\nThe body starts.", ["A title", "The body starts."]),
        ("- first point\n- second point", ["- first point", "- second point"]),
        ("12:35 UTC - resolved\n11:10 UTC - seen", ["12:35 UTC - resolved", "11:10 UTC - seen"]),
        ("« Tout va bien. » Il sourit.", ["« Tout va bien. »", "Il sourit."]),
        (
            "A line that was wrapped by hand somewhere in the middle of\nits only sentence, which then goes on to the\nend of it.",
            None,
        ),
    ],
)
def test_sentences(text: str, expected: list[str] | None) -> None:
    assert sentences(text, frozenset({"dr"})) == (expected or [text])


def test_tokens_keep_their_offsets_through_combining_marks() -> None:
    text = "la pane\u0301 e\u0301lectrique"
    words = read(text, None)
    assert [text[t.start : t.end] for t in words.tokens] == ["la", "pane\u0301", "e\u0301lectrique"]
    assert [t.norm for t in words.tokens] == ["la", "pane", "electrique"]


@pytest.mark.parametrize(
    ("word", "folded"), [("Œuvre", "oeuvre"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("L’", "l'")]
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded
