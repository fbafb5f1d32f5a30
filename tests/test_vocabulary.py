"""Every word of the closed vocabularies has a definition, nothing else has one, and the page tells the same."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from extractor import records, vocabulary
from extractor.datafiles import load, models_folder
from extractor.errors import KnowledgeInvalid

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "vocabulary.md"


def small(name: str) -> str:
    """``IncidentKind`` is ``incident_kind``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def units() -> tuple[str, ...]:
    """The words of the pattern of a unit; the currencies beside them are a standard's."""
    pattern = records.Quantity.model_json_schema()["properties"]["unit"]["pattern"]
    return tuple(unit for unit in pattern.strip("^$()").split("|") if unit.isalpha())


def closed() -> dict[str, tuple[str, ...]]:
    """The words of every Literal of the records, and the units."""
    literals = {small(name): get_args(value) for name, value in vars(records).items() if get_origin(value) is Literal}
    return {**literals, "quantity_unit": units()}


def test_every_vocabulary_is_there_and_no_other() -> None:
    assert set(vocabulary.definitions()) == set(closed())


@pytest.mark.parametrize("name", closed())
def test_every_word_has_a_definition_and_nothing_else_has_one(name: str) -> None:
    assert set(vocabulary.definitions()[name]) == set(closed()[name])


@pytest.mark.parametrize("name", closed())
def test_no_two_words_mean_the_same(name: str) -> None:
    meanings = Counter(vocabulary.definitions()[name].values())
    assert [meaning for meaning, count in meanings.items() if count > 1] == []


def test_a_detail_belongs_to_one_category() -> None:
    details = [word for part in vocabulary.vocabularies().cause_detail.words.values() for word in part]
    assert len(details) == len(set(details))


def test_the_corpus_uses_details_under_their_category() -> None:
    category = {word: of for of, part in vocabulary.vocabularies().cause_detail.words.items() for word in part}
    strays = []
    for path in sorted((ROOT / "corpus").glob("??/*.json")):
        for incident in json.loads(path.read_text(encoding="utf-8"))["incidents"]:
            causes = [cause for cause in incident["causes"] if cause.get("detail")]
            strays += [(path.stem, c["text"]) for c in causes if category[c["detail"]] != c["category"]]
    assert strays == []


def test_what_a_vocabulary_is_about_names_fields_that_exist() -> None:
    fields = {
        field
        for model in vars(records).values()
        if isinstance(model, type) and issubclass(model, records.Record)
        for field in model.model_fields
    }
    known = fields | set(closed()["cause_category"])
    named = [
        part
        for _, found in vocabulary.vocabularies()
        for path in re.findall(r"`([^`]+)`", found.about)
        for part in path.replace("[]", "").split(".")
    ]
    assert [part for part in named if part not in known] == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    outage: ", "    outrage: ", "outrage"),
        ("    outage: S", "    outage: s", "pattern"),
        ("    outage: Something", "    outage: Yes. Something", "pattern"),
        ("      bgp: ", "      bpg: ", "bpg"),
        ("incident_role:", "incident_rule:", "incident_rule"),
    ],
)
def test_a_fault_is_an_error_with_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (models_folder() / "taxonomy" / vocabulary.FILE).read_text(encoding="utf-8")
    path = tmp_path / vocabulary.FILE
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(KnowledgeInvalid, match=rf"vocabulary\.yaml:{line}: .*{complaint}"):
        load(path, vocabulary.Vocabularies)


@pytest.mark.parametrize(("name", "word"), [("cause_category", "gremlins"), ("cause_colour", "bug")])
def test_an_unknown_word_has_no_definition(name: str, word: str) -> None:
    with pytest.raises(KeyError):
        vocabulary.define(name, word)


def test_the_definitions_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        vocabulary.definitions()["cause_category"]["bug"] = "A beetle."  # type: ignore[index]


def test_the_page_is_what_the_command_prints() -> None:
    command = [sys.executable, "-m", "extractor.vocabulary"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert printed == vocabulary.markdown()
    assert PAGE.read_text(encoding="utf-8") == printed, "python -m extractor.vocabulary > docs/vocabulary.md"
