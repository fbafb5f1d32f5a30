"""Treebanks of Universal Dependencies, read as the program reads a text: the words that ``tokens.cut`` gives."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from extractor.tokens import cut

_SUFFIXES = (".conllu", ".conllu.xz")
_SIGN = "POS=PUNCT"
_VERBS = frozenset({"VERB", "AUX"})
_MOODS = "Mood="
_FORM = "VerbForm="
_FINITE = "Fin"
# PUD writes the verb form of some languages in the language-specific tag alone.
_FORMS_BY_TAG: Mapping[str, str] = {"VBN": "Part", "VBG": "Ger", "VB": "Inf"}
#: Sentences that stand together are held out together: every tenth block.
_BLOCK = 20
_HELD_OUT = 10


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence with the label of each."""

    words: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Treebank:
    """Sentences to train on, and sentences that are kept apart to measure."""

    train: tuple[Sentence, ...]
    held_out: tuple[Sentence, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Surface:
    """A word as it is written: a contraction is one, with the label of its first part."""

    form: str
    label: str


def read(folder: Path, language: str) -> Treebank:
    """Read all treebanks of a language in a folder.

    Args:
        folder: Holds CoNLL-U files, plain or xz, whose names begin with the language's code.
        language: The code.

    Returns:
        The sentences; every tenth block of twenty of each file is held out.

    Raises:
        FileNotFoundError: There is no such file.
    """
    paths = sorted(path for path in folder.glob(f"{language}_*") if path.name.endswith(_SUFFIXES))
    if not paths:
        raise FileNotFoundError(f"{folder}: no treebank {language}_*.conllu or {language}_*.conllu.xz")
    train: list[Sentence] = []
    held_out: list[Sentence] = []
    for path in paths:
        for number, sentence in enumerate(sentences(_lines(path))):
            kept = (number // _BLOCK) % _HELD_OUT == _HELD_OUT - 1
            (held_out if kept else train).append(sentence)
    return Treebank(tuple(train), tuple(held_out), tuple(path.name for path in paths))


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as packed:
            yield from packed
    else:
        with path.open(encoding="utf-8") as file:
            yield from file


def sentences(lines: Iterable[str]) -> Iterator[Sentence]:
    r"""Cut the lines of a CoNLL-U file into sentences of our own words.

    Example:
        >>> rows = ["1\tOk\t_\tINTJ\t_\t_", "2\t,\t_\tPUNCT\t_\t_", "3\tgo\t_\tVERB\t_\tVerbForm=Inf"]
        >>> next(sentences(["# text = Ok, go", *rows])).labels
        ('POS=INTJ', 'POS=PUNCT', 'POS=VERB|VerbForm=Inf')
    """
    text, rows = "", list[list[str]]()
    for line in (*lines, ""):
        if line.startswith("# text = "):
            text = line.removeprefix("# text = ").strip()
        elif line[:1].isdigit():
            rows.append(line.rstrip("\n").split("\t"))
        elif not line.strip() and rows:
            yield _sentence(text, _surfaces(rows))
            rows = []


def _surfaces(rows: list[list[str]]) -> list[_Surface]:
    found: list[_Surface] = []
    written = ""
    covered = 0
    for row in rows:
        number = row[0]
        if "-" in number:
            written, covered = row[1], int(number.split("-")[1])
        elif "." not in number and (written or int(number) > covered):
            found.append(_Surface(written or row[1], _label(row)))
            written = ""
    return found


def _label(row: list[str]) -> str:
    pos, tag, features = row[3:6]
    return f"POS={pos}|{_FORM}{_form(tag, features)}" if pos in _VERBS else f"POS={pos}"


def _form(tag: str, features: str) -> str:
    for feature in features.split("|"):
        if feature.startswith(_FORM):
            return feature.removeprefix(_FORM)
    return _FINITE if _MOODS in features else _FORMS_BY_TAG.get(tag, _FINITE)


def _sentence(text: str, surfaces: list[_Surface]) -> Sentence:
    by_sign: dict[int, _Surface] = {}
    at = 0
    for surface in surfaces:
        start = text.find(surface.form, at)
        if start >= 0:
            at = start + len(surface.form)
            by_sign.update(dict.fromkeys(range(start, at), surface))
    words: list[str] = []
    labels: list[str] = []
    for start, end in cut(text):
        covering = by_sign.get(start)
        if covering is not None:
            words.append(text[start:end])
            labels.append(_part(text[start], covering))
    return Sentence(tuple(words), tuple(labels))


def _part(first: str, surface: _Surface) -> str:
    """The label of a piece: that of its word, but a sign inside a word is a sign."""
    is_sign = not first.isalnum() and any(map(str.isalnum, surface.form))
    return _SIGN if is_sign else surface.label
