"""A damaged data file is an error that names file and line."""

import shutil
from pathlib import Path

import pytest

from extractor.datafiles import load_lines, models_folder
from extractor.errors import KnowledgeInvalid
from extractor.gazetteer import key
from extractor.languages import Language, NameEntry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(models_folder() / "en", tmp_path / "en"))


def break_line(path: Path, old: str, new: str) -> int:
    """Replace the first ``old`` of a file; gives the line on which it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("causes.yaml", "category: power", "category: pwoer", "pwoer"),
        ("causes.yaml", "examples:", "exmples:", "exmples"),
        ("components.yaml", "category: router", "category: routers", "routers"),
        ("predicates.yaml", "effect: failed", "effect: fialed", "fialed"),
        ("language.yaml", "support: full", "support: ful", "ful"),
    ],
)
def test_a_typo_is_an_error_with_file_and_line(folder: Path, file: str, old: str, new: str, complaint: str) -> None:
    line = break_line(folder / file, old, new)
    with pytest.raises(KnowledgeInvalid) as error:
        language = Language(folder)
        assert language.rules
    assert complaint in str(error.value)
    reported = int(str(error.value).split(f"{file}:")[1].split(":")[0])
    assert abs(reported - line) <= 1


def test_an_unbalanced_pattern_is_an_error_with_file_and_line(folder: Path) -> None:
    path = folder / "events.yaml"
    with path.open("a", encoding="utf-8") as stream:
        stream.write('- id: broken\n  kind: outage\n  terms: ["(one|two"]\n  examples: ["[one]"]\n')
    with pytest.raises(KnowledgeInvalid, match=r"events\.yaml:\d+: rule broken"):
        assert Language(folder).lexicon


@pytest.mark.parametrize("content", ["- id: [", "a: 1\na: 2\n", "\xff"])
def test_no_yaml_is_an_error(folder: Path, content: str) -> None:
    (folder / "events.yaml").write_bytes(content.encode("latin-1"))
    with pytest.raises(KnowledgeInvalid, match=r"events\.yaml"):
        assert Language(folder).rules


def test_a_rule_without_an_example_does_not_load(folder: Path) -> None:
    with (folder / "events.yaml").open("a", encoding="utf-8") as stream:
        stream.write('- id: bare\n  kind: outage\n  terms: ["one"]\n')
    with pytest.raises(KnowledgeInvalid, match="examples"):
        assert Language(folder).rules


def test_a_damaged_table_names_file_and_line(tmp_path: Path) -> None:
    table = tmp_path / "services.jsonl"
    table.write_text('{"name": "Nuvea", "type": "service"}\n\n{"name": "Altea", "type": "servise"}\n', encoding="utf-8")
    with pytest.raises(KnowledgeInvalid, match=r"services\.jsonl:3: type"):
        load_lines(table, NameEntry)


def test_the_gazetteer_knows_each_name_once() -> None:
    """An alias leads to one entry; the operator of a service is an entry of its own."""
    seen: dict[str, str] = {}
    entries = [
        entry for path in sorted((models_folder() / "names").glob("*.jsonl")) for entry in load_lines(path, NameEntry)
    ]
    for entry in entries:
        for name in (entry.name, *entry.aliases):
            assert seen.setdefault(key(name), entry.name) == entry.name, name
    organizations = {entry.name for entry in entries if entry.type == "organization"}
    assert {entry.operator for entry in entries if entry.operator} <= organizations
