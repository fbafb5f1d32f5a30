"""A small tagger of parts of speech whose weights lie in a language's folder.

It is a spaCy pipeline of one pipe, built here by code: it has no tokenizer of its own and is fed the words that
``tokens.cut`` gives, one ``Doc`` a sentence. ``extractor.training.tagger`` trains the weights.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extractor.datafiles import DataRecord, load
from extractor.errors import KnowledgeInvalid

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage

SETTINGS_FILE = "tagger.yaml"
WORDS_FILE = "words.txt"
WEIGHTS_FILE = "tagger.npz"
FILES = (SETTINGS_FILE, WORDS_FILE, WEIGHTS_FILE)
PIPE = "morphologizer"
_UNKNOWN = "?"
_SHAPE_RUN = 3
# Tables of so many dimensions are stored as bytes.
_TABLE, _SCALE, _STEPS, _SLIGHT = 2, ":scale", 127, 1e-8


class Settings(DataRecord):
    """The form of a tagger: what its arrays are for.

    Attributes:
        width: Numbers that stand for a word.
        depth: Layers that look at the word before and after.
        rows: Rows of the table of each feature: word, ending, long ending, beginning, shape.
        endings: Letters of the short and of the long ending.
        beginning: Letters of the beginning.
        labels: What can be answered, in the notation of Universal Dependencies ("POS=VERB|VerbForm=Fin").
    """

    width: int
    depth: int
    rows: tuple[int, int, int, int, int]
    endings: tuple[int, int]
    beginning: int
    labels: tuple[str, ...]


def blank(settings: Settings, words: Collection[str]) -> SpacyLanguage:
    """An untrained tagger.

    Args:
        settings: Its form.
        words: The words that it knows one by one, in lower case; of all others it sees ending, beginning and shape.

    Returns:
        A spaCy pipeline that reads a ``Doc``; it sets ``pos`` and the verb form.
    """
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    pipeline = Language(Vocab(lex_attr_getters=_features(settings, frozenset(words))))
    pipe: Any = pipeline.add_pipe(PIPE, config={"model": _architecture(settings)})
    for label in settings.labels:
        pipe.add_label(label)
    pipe.model.set_dim("nO", len(settings.labels))
    pipe.model.get_ref("softmax").set_dim("nO", len(settings.labels))
    pipe.model.initialize(X=[Doc(pipeline.vocab, words=[_UNKNOWN])])
    return pipeline


def _features(settings: Settings, words: frozenset[str]) -> dict[Any, Callable[[str], str]]:
    """What each of spaCy's lexical attributes holds here; chosen by measuring on small treebanks."""
    from spacy.attrs import LOWER, NORM, PREFIX, SHAPE, SUFFIX

    short, long = settings.endings

    return {
        LOWER: _known(words),
        SUFFIX: lambda word: word.lower()[-short:],
        NORM: lambda word: plain(word)[-long:],
        PREFIX: lambda word: plain(word)[: settings.beginning],
        SHAPE: shape,
    }


def _architecture(settings: Settings) -> dict[str, Any]:
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": settings.width,
        "attrs": ["LOWER", "SUFFIX", "NORM", "PREFIX", "SHAPE"],
        "rows": list(settings.rows),
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": settings.width,
        "depth": settings.depth,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    return {
        "@architectures": "spacy.Tagger.v2",
        "nO": None,
        "normalize": False,
        "tok2vec": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode},
    }


def _known(words: frozenset[str]) -> Callable[[str], str]:
    def known(word: str) -> str:
        lowered = word.lower()
        return lowered if lowered in words else _UNKNOWN

    return known


def plain(word: str) -> str:
    """Lower case without accents, so that a text typed without them is read alike.

    Example:
        >>> plain("Störung")
        'storung'
    """
    if word.isascii():
        return word.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(sign))


def shape(word: str) -> str:
    """Upper and lower case, digits and signs; long runs are cut short.

    Example:
        >>> shape("Server"), shape("10h15"), shape("AWS"), shape("»")
        ('Xxxx', 'ddxdd', 'XXX', '»')
    """
    kinds: list[str] = []
    for sign in word:
        kind = "d" if sign.isdigit() else sign if not sign.isalpha() else "X" if sign.isupper() else "x"
        if kinds[-_SHAPE_RUN:] != [kind] * _SHAPE_RUN:
            kinds.append(kind)
    return "".join(kinds)


def save(pipeline: SpacyLanguage, settings: Settings, words: Collection[str], folder: Path) -> None:
    """Write a tagger: its form, its words, and its weights (tables as bytes with a scale a row, else half floats).

    Args:
        pipeline: What ``blank`` gave, trained.
        settings: Its form.
        words: The words that it knows.
        folder: Where to; it is made when missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    form = json.dumps(settings.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / SETTINGS_FILE).write_text(form + "\n", encoding="utf-8")
    (folder / WORDS_FILE).write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
    arrays: dict[str, Any] = {}
    for key, node, name in _params(pipeline):
        arrays.update(_shrunk(key, node.get_param(name)))
    with (folder / WEIGHTS_FILE).open("wb") as file:
        np.savez_compressed(file, **arrays)


def _shrunk(key: str, array: Any) -> dict[str, Any]:
    if array.ndim < _TABLE:
        return {key: array.astype(np.float16)}
    rows = array.reshape(len(array), -1)
    scale = np.maximum(np.abs(rows).max(axis=1), _SLIGHT).astype(np.float32) / _STEPS
    steps = np.rint(rows / scale[:, None]).astype(np.int8).reshape(array.shape)
    return {key: steps, key + _SCALE: scale.astype(np.float32)}


def _grown(key: str, arrays: Any) -> Any:
    stored = arrays[key].astype(np.float32)
    if key + _SCALE not in arrays:
        return stored
    return stored * arrays[key + _SCALE].reshape(-1, *(1,) * (stored.ndim - 1))


def restore(folder: Path) -> SpacyLanguage:
    """Read the tagger that ``save`` wrote.

    Args:
        folder: models/<code>/weights.

    Returns:
        The pipeline, ready to read a ``Doc``.

    Raises:
        KnowledgeInvalid: A file is missing, damaged, or belongs to another tagger.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise KnowledgeInvalid(
            f"{folder}: no {', '.join(missing)}, which the pipeline of language.yaml asks for; restore the folder, "
            "or train it again: python -m extractor.training.tagger"
        )
    settings = load(folder / SETTINGS_FILE, Settings)
    try:
        words = (folder / WORDS_FILE).read_text(encoding="utf-8").split("\n")
        pipeline = blank(settings, words)
        with np.load(folder / WEIGHTS_FILE, allow_pickle=False) as arrays:
            for key, node, name in _params(pipeline):
                stored = _grown(key, arrays)
                if stored.shape != node.get_param(name).shape:
                    raise ValueError(f"{key} has the shape {stored.shape}")
                node.set_param(name, stored)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise KnowledgeInvalid(f"{folder / WEIGHTS_FILE}: damaged, or of another tagger: {error}") from error
    digest = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    pipeline.meta.update(lang=folder.parent.name, name="weights", version=digest[:12])
    return pipeline


def _params(pipeline: SpacyLanguage) -> list[tuple[str, Any, str]]:
    """Every array of the network under a name that says where it stands."""
    model: Any = pipeline.get_pipe(PIPE)
    return [
        (f"{number:02}_{name}", node, name)
        for number, node in enumerate(model.model.walk())
        for name in sorted(node.param_names)
        if node.has_param(name)
    ]
