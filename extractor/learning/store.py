"""The trained weights that models/weights holds, loaded once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extractor.datafiles import models_folder
from extractor.learning.clusters import Clusters
from extractor.learning.linear import Linear
from extractor.learning.sequence import SequenceModels

FOLDER = "weights"
MOMENTS, CLASSES, CLUSTERS, RELEVANCE, PARTIES = "moments", "classes", "clusters", "relevance", "parties"
SPANS, PASSAGES = "spans", "passages"


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learnt from the corpus; where a model is None or missing, rules alone decide.

    Attributes:
        moments: Weighs which time is the start or end of an incident.
        classes: Weighs what class the words of a span tell.
        relevance: Weighs whether a text is an incident report.
        parties: Weighs which names are organisations and services.
        passages: Weighs which clauses look back at another incident.
        clusters: Words that mean much the same.
        spans: Labels the tokens of each kind of mention.
        version: A hash over the files; "none" without any.
    """

    moments: Linear | None = None
    classes: Linear | None = None
    relevance: Linear | None = None
    parties: Linear | None = None
    passages: Linear | None = None
    clusters: Clusters | None = None
    spans: SequenceModels | None = None
    version: str = "none"


NOTHING = Learned()


@lru_cache(maxsize=1)
def shipped() -> Learned:
    """The weights in models/weights."""
    return read(models_folder() / FOLDER)


def read(folder: Path) -> Learned:
    """The weights in a folder; a file that is not there is no fault."""
    tables = {path.stem: path for path in sorted(folder.glob("*.npz"))}
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in tables.values()))
    return Learned(
        moments=Linear.load(tables[MOMENTS]) if MOMENTS in tables else None,
        classes=Linear.load(tables[CLASSES]) if CLASSES in tables else None,
        relevance=Linear.load(tables[RELEVANCE]) if RELEVANCE in tables else None,
        parties=Linear.load(tables[PARTIES]) if PARTIES in tables else None,
        passages=Linear.load(tables[PASSAGES]) if PASSAGES in tables else None,
        clusters=Clusters.load(tables[CLUSTERS]) if CLUSTERS in tables else None,
        spans=SequenceModels.load(tables[SPANS]) if SPANS in tables else None,
        version=digest.hexdigest()[:12] if tables else "none",
    )


def clusters(folder: Path) -> Clusters:
    """The clusters of words in a folder; an empty table when there is none."""
    path = folder / f"{CLUSTERS}.npz"
    return Clusters.load(path) if path.exists() else Clusters({})
