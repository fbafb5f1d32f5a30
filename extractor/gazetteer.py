"""Known names: organisations, services and places, the same for every language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from extractor.datafiles import load_lines, models_folder
from extractor.languages import NAMES_FOLDER, NameEntry
from extractor.tokens import cut, fold


def key(name: str) -> str:
    """The form in which names are compared: folded words with one blank between.

    Example:
        >>> key("L’Office 365")
        "l ' office 365"
    """
    return " ".join(fold(name[start:end]) for start, end in cut(name))


@lru_cache(maxsize=8)
def names(knowledge: Path | None = None) -> Mapping[str, NameEntry]:
    """Every name and alias by its key; those of a user's folder go before those of models/.

    Args:
        knowledge: The user's folder.

    Raises:
        KnowledgeInvalid: A damaged file, with file and line.
    """
    found: dict[str, NameEntry] = {}
    for folder in filter(None, (knowledge, models_folder())):
        for path in sorted((folder / NAMES_FOLDER).glob("*.jsonl")):
            for entry in load_lines(path, NameEntry):
                for name in (entry.name, *entry.aliases):
                    found.setdefault(key(name), entry)
    return found
