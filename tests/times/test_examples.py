"""Every example and counter-example of every models/*/times.yaml."""

from pathlib import Path

import pytest

from extractor import datafiles
from extractor.times import load_knowledge, models_folder, read
from extractor.times.knowledge import FILE, SHARED, Example, Group, TimesFile

FOLDERS = sorted(path.parent for path in models_folder().glob(f"*/{FILE}"))


def groups() -> list[tuple[Path, Group]]:
    return [(folder, group) for folder in FOLDERS for group in datafiles.load(folder / FILE, TimesFile).groups]


def named(value: object) -> str:
    return value.name if isinstance(value, Path | Group) else ""


def examples() -> list[tuple[Path, Group, Example]]:
    return [(folder, group, example) for folder, group in groups() for example in group.examples]


@pytest.mark.parametrize(("folder", "group"), groups(), ids=named)
def test_group_has_an_example(folder: Path, group: Group) -> None:
    assert group.examples, f"{folder.name}: {group.name} has no example"


@pytest.mark.parametrize(("folder", "group", "example"), examples(), ids=named)
def test_example(folder: Path, group: Group, example: Example) -> None:
    knowledge = load_knowledge(folder.parent / (example.language or folder.name))
    found = read(example.text, knowledge, example.published).mentions
    pairs = [(time.text, time.value) for time in found if not time.vague or (time.text, time.value) in example.times]
    assert pairs == example.times


@pytest.mark.parametrize(("folder", "group"), [pair for pair in groups() if pair[1].silent], ids=named)
def test_counter_examples(folder: Path, group: Group) -> None:
    knowledge = load_knowledge(folder)
    for text in group.silent:
        found = read(text, knowledge, "2011-05-02").mentions
        assert [time.text for time in found if not time.vague] == [], text


def test_shared_folder_is_no_language() -> None:
    assert SHARED in {folder.name for folder in FOLDERS}
