"""What would extract a document today: when that changes, the document is read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from extractor import languages
from extractor.datafiles import models_folder
from extractor.learning import store
from extractor.records import SCHEMA_VERSION

#: What a document counts under while its language is unknown: everything there is.
ALL = ""


def versions(options: str, knowledge: Path | None = None) -> Mapping[str, str]:
    """Version by language code; under ``ALL`` that of everything, which refused and failed documents hang on.

    Args:
        options: What else decides the result, in one string.
        knowledge: A folder with names and rules of the user.
    """
    program = f"{version('incident-extractor')}/{SCHEMA_VERSION}"
    shared = [program, _names(), store.shipped().version, options, _files(knowledge) if knowledge else ""]
    found = {languages.UNDETERMINED: _digest([program, options])}
    for code in languages.supported():
        language = languages.get(code)
        choice = language.about.pipeline
        packages = [f"{name} {_installed(name)}" for name in choice.packages] if choice else []
        found[code] = _digest([*shared, language.knowledge_version, *packages])
    found[ALL] = _digest([*shared, *found.values()])
    return found


def _names() -> str:
    return _files(models_folder() / languages.NAMES_FOLDER)


def _files(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
