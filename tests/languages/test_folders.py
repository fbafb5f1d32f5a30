"""A language is a folder: nothing in the code names one, and a folder can go without a trace."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor import languages
from extractor.datafiles import models_folder
from extractor.languages import Language
from extractor.tokens import cut, fold

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "extractor").rglob("*.py"))
#: Codes but those that are also a word of English or a tag of HTML.
CODES = {*languages.supported(), *languages.recognised()} - {"no", "tr"}
#: English terms that neither the lexicon nor the tagger's strings hold.
TERMS = {"millisecond", "morphologizer", "postgres"}
#: Examples in docstrings and comments may show other languages; what runs may not.
ENGLISH = "en"


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_no_language_code_is_a_string_of_the_program() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text!r}"
        for path in SOURCES
        for line, text in literals(path)
        if text in CODES
    ]
    assert found == []


def vocabulary(code: str) -> set[str]:
    """The words that the rules and lists of a language are made of, but for signs and what several languages share."""
    text = " ".join(path.read_text(encoding="utf-8") for path in (models_folder() / code).glob("*.yaml"))
    return {fold(text[start:end]) for start, end in cut(text) if end - start > 3 and text[start:end].isalpha()}


def test_no_word_of_another_language_is_in_the_program() -> None:
    pipeline = languages.get(ENGLISH).pipeline
    assert pipeline is not None
    english = vocabulary(ENGLISH)
    for path in SOURCES:
        with path.open("rb") as file:
            names = {token.string for token in tokenize.tokenize(file.readline) if token.type == tokenize.NAME}
        english |= {part for name in names for part in re.split(r"_+", name.lower())}
    foreign = set().union(*(vocabulary(code) for code in languages.supported() if code != ENGLISH)) - english
    foreign = {word for word in foreign if word not in pipeline.vocab.strings}
    accented = re.compile(r"[^\W\d_]*[\u00c0-\u024f][^\W\d_]*")
    found = []
    for path in SOURCES:
        for line, text in literals(path):
            words = {text[start:end] for start, end in cut(text)}
            bad = {
                word
                for word in words
                if (accented.fullmatch(word) and len(word) > 1)
                or (fold(word) in foreign and word not in TERMS and not word.isupper())
            }
            found += [f"{path.relative_to(ROOT)}:{line}: {sorted(bad)}"] if bad else []
    assert found == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program with its own models."""
    for name in ("extractor", "models"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def incidents(folder: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extractor", *arguments],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "140"},
    )


def test_a_language_goes_with_its_folder(copy: Path) -> None:
    gone = "de"
    shutil.rmtree(copy / "models" / gone)
    listed = incidents(copy, "languages")
    assert listed.returncode == 0, listed.stderr
    assert "German" not in listed.stdout
    assert "Dutch" in listed.stdout
    refused = incidents(
        copy, "extract", "-", text="Am Montag fiel das Rechenzentrum wegen eines Brandes stundenlang aus."
    )
    assert refused.returncode == 1
    assert "German" in refused.stderr
    other = incidents(
        copy, "extract", "-", text="Le site est tombé en panne lundi à 9h30 à cause d'une coupure de courant."
    )
    assert other.returncode == 0, other.stderr


def test_the_gate_says_which_language_is_absent(copy: Path) -> None:
    shutil.rmtree(copy / "models" / "nl")
    for code in ("nl", "sv"):
        shutil.copytree(ROOT / "corpus" / code, copy / "corpus" / code)
    for file in ("README.md", "floors.toml"):
        shutil.copy(ROOT / "corpus" / file, copy / "corpus" / file)
    told = incidents(copy, "evaluate", "corpus", "--gate", "--language", "nl")
    assert "Traceback" not in told.stderr
    assert "absent" in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("components.yaml", "category: router", "category: rooter"),
        ("causes.yaml", "terms:", "termz:"),
        ("language.yaml", "support:", "suport:"),
    ],
)
def test_a_typo_is_an_error_with_file_and_line(copy: Path, file: str, old: str, new: str) -> None:
    path = copy / "models" / "fr" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    told = incidents(copy, "extract", "-", "--language", "fr", text="Le site est tombé en panne lundi.")
    assert told.returncode == 2
    assert f"{file}:{line}" in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_one_language_loads_no_other() -> None:
    code = "from extractor import extract, languages; extract('Il sito era irraggiungibile da ieri.', language='it')"
    code += "; print([name for name in languages.supported() if 'lexicon' in vars(languages.get(name))])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "['it']"


def test_knowledge_changes_with_any_file_of_the_folder(copy: Path) -> None:
    folder = copy / "models" / "it"
    before = Language(folder).knowledge_version
    (folder / "weights" / "more").write_bytes(b"1")
    assert Language(folder).knowledge_version != before
