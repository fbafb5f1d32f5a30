"""Known names: organisations, services and places, the same for every language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from extractor.datafiles import load_lines, models_folder
from extractor.languages import NameEntry
from extractor.tokens import cut, fold


def key(name: str) -> str:
    """The form in which names are compared: folded words with one blank between.

    Example:
        >>> key("L’Office 365")
        "l ' office 365"
    """
    return " ".join(fold(name[start:end]) for start, end in cut(name))


@lru_cache(maxsize=1)
def names() -> Mapping[str, NameEntry]:
    """Every name and alias of models/names, by its key."""
    found: dict[str, NameEntry] = {}
    for path in sorted((models_folder() / "names").glob("*.jsonl")):
        for entry in load_lines(path, NameEntry):
            for name in (entry.name, *entry.aliases):
                found.setdefault(key(name), entry)
    return found
