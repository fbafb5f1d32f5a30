"""Every rule of every language folder, against its own examples and counter-examples."""

import re
from collections.abc import Iterator

import pytest

from extractor import gazetteer, languages, mentions
from extractor.languages import CauseRule, CueRule, Language, Rule
from extractor.tokens import read

BRACKETED = re.compile(r"\[([^\[\]]+)\]")


def rules() -> Iterator[object]:
    for code in languages.supported():
        language = languages.get(code)
        for file, listed in language.rules.items():
            for rule in listed:
                yield pytest.param(language, rule, id=f"{code}/{file}/{rule.id}")


def marked(example: str) -> tuple[str, tuple[int, int]]:
    """The sentence without brackets, and the span that stood in them."""
    found = BRACKETED.search(example)
    assert found, f"no [words] marked in {example!r}"
    text = example[: found.start()] + found[1] + example[found.end() :]
    return text, (found.start(), found.start() + len(found[1]))


def spans(language: Language, rule: Rule, text: str) -> set[tuple[int, int]]:
    """What a rule finds in a sentence: the cause for a cue and for a rule that takes the clause, else its own words."""
    if isinstance(rule, CueRule) or (isinstance(rule, CauseRule) and rule.span == "clause"):
        words = language.read(text)
        found = mentions.find(words, [], language, gazetteer.names())
        return {words.span(c.first, c.last) for c in found.causes if rule.id in c.rule.split("+")}
    words = read(text, None, language.abbreviations)
    return {words.span(hit.first, hit.last) for other, hit in language.find(words).of(type(rule)) if other is rule}


@pytest.mark.parametrize(("language", "rule"), list(rules()))
def test_examples_fire_and_counter_examples_stay_silent(language: Language, rule: Rule) -> None:
    for example in rule.examples:
        text, span = marked(example)
        found = {text[start:end] for start, end in spans(language, rule, text)}
        assert span in spans(language, rule, text), f"{example!r}: found {sorted(found)}"
    for counter in rule.counter_examples:
        assert not spans(language, rule, counter), f"{counter!r} should stay silent"


@pytest.mark.parametrize("code", languages.supported())
def test_rule_ids_are_unique_within_a_file(code: str) -> None:
    for file, listed in languages.get(code).rules.items():
        ids = [rule.id for rule in listed]
        assert len(ids) == len(set(ids)), f"{code}/{file}.yaml has an id twice"
