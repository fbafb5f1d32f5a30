import pytest

from extractor.patterns import GAP_LENGTH, Matcher, PatternError, parse
from extractor.tokens import read


def found(pattern: str, text: str, lists: dict[str, list[str]] | None = None) -> list[str]:
    words = read(text, None)
    hits = Matcher([(pattern, "x")], lists).find(words.tokens)
    return [text[slice(*words.span(hit.first, hit.last))] for hit in hits]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("panne* de courant", "Deux PANNES DE COURANT hier", ["PANNES DE COURANT"]),
        (
            "équilibreur* (de charge)?",
            "les equilibreurs de charge, un équilibreur",
            ["equilibreurs de charge", "équilibreur"],
        ),
        ("*ausfall", "Der Stromausfall und der Ausfall", ["Stromausfall", "Ausfall"]),
        ("*rechenzentrum*", "zwei Großrechenzentrumsbetreiber", ["Großrechenzentrumsbetreiber"]),
        ("pare-feu*", "le pare-feu et les pare-feux", ["pare-feu", "pare-feux"]),
        ("l'incident", "L’incident est clos", ["L’incident"]),
        ("(a|b c) d", "a d, b c d, b d", ["a d", "b c d"]),
        ("ne ... plus", "il ne répond vraiment plus", ["ne répond vraiment plus"]),
        ("=dès", "dès lundi, des serveurs", ["dès"]),
        ("<NUM> users", "some 500 users", ["500 users"]),
        ("<be> down", "it was down, it is down, it goes down", ["was down", "is down"]),
        ("down down", "down down down", ["down down", "down down"]),
    ],
)
def test_notation(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text, {"be": ["is", "was"]}) == expected


def test_a_gap_is_bounded_and_stays_in_its_clause() -> None:
    inside = " ".join(["x"] * GAP_LENGTH)
    assert found("a ... b", f"a {inside} b")
    assert not found("a ... b", f"a {inside} x b")
    assert not found("a ... b", "a x. Y b")
    assert not found("a ... b", "a x; y b")


@pytest.mark.parametrize("pattern", ["", "(a|b", "a)", "a?", "(a|b)?", "a? (b|c?)", "... a", "a ...", "*"])
def test_what_cannot_be_a_pattern(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse(pattern)


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(PatternError, match="unknown list"):
        parse("<nothing> down", {"be": ["is"]})
    assert parse("<be> <VERB> <NUM>", {"be": ["is"]})


def test_the_longest_match_of_a_rule_wins_and_rules_do_not_hide_each_other() -> None:
    words = read("a network outage", None)
    hits = Matcher([("network", "n"), ("network outage", "o"), ("outage", "o")]).find(words.tokens)
    assert [(hit.payload, hit.first, hit.last) for hit in hits] == [("o", 1, 3), ("n", 1, 2)]


def test_a_gap_before_something_optional_may_be_nothing() -> None:
    matcher = Matcher([("fell ... (out|down)?", "fell")])
    for text, last in (("it fell", 2), ("it fell at noon out", 5), ("it fell at noon", 2)):
        (hit,) = matcher.find(read(text, None).tokens)
        assert (hit.first, hit.last) == (1, last)


def test_a_gap_that_holds_no_denial() -> None:
    lists = {"not": ["nicht", "nie"]}
    either, undenied = (Matcher([(f"fiel {gap} aus", 1)], lists) for gap in ("...", "<...>"))
    for text, found in (("der Server fiel gestern aus", True), ("der Server fiel gestern nicht aus", False)):
        tokens = read(text, None).tokens
        assert bool(undenied.find(tokens)) is found
        assert either.find(tokens)


def test_the_dot_of_a_clock_ends_no_gap() -> None:
    matcher = Matcher([("fell ... out", "fell")])
    assert matcher.find(read("it fell at 10.15 out", None).tokens)
    assert not matcher.find(read("it fell; out", None).tokens)
