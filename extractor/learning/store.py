"""The trained weights that models/weights holds, loaded once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extractor.datafiles import models_folder
from extractor.learning.linear import Linear

FOLDER = "weights"
MOMENTS, CLAUSES = "moments", "clauses"


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learnt from the corpus; where a model is None, rules alone decide.

    Attributes:
        moments: Weighs which time is the start or end of an incident.
        clauses: Weighs what a clause tells.
        version: A hash over the files; "none" without any.
    """

    moments: Linear | None = None
    clauses: Linear | None = None
    version: str = "none"


NOTHING = Learned()


@lru_cache(maxsize=1)
def shipped() -> Learned:
    """The weights in models/weights."""
    return read(models_folder() / FOLDER)


def read(folder: Path) -> Learned:
    """The weights in a folder; a file that is not there is no fault."""
    files = {path.stem: path for path in sorted(folder.glob("*.npz"))}
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files.values()))
    return Learned(
        moments=Linear.load(files[MOMENTS]) if MOMENTS in files else None,
        clauses=Linear.load(files[CLAUSES]) if CLAUSES in files else None,
        version=digest.hexdigest()[:12] if files else "none",
    )
