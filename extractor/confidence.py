"""Confidences that mean something: what the rules say, turned into how often values said so are right.

The table is data (models/confidence.yaml), measured on the corpus by ``incidents evaluate --calibrate``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import RootModel

from extractor.datafiles import DataRecord, load, models_folder
from extractor.records import Incident, Judged

FILE = "confidence.yaml"
#: The fields of an incident by the name that the evaluation scores them under.
_ONE = {"started_at": "started", "detected_at": "detected", "resolved_at": "resolved", "duration": "duration"}
_MANY = {
    "organizations": "organization",
    "services": "service",
    "components": "component",
    "causes": "cause_span",
    "impacts": "impact",
    "actions": "action",
}


class Step(DataRecord):
    """Values said with at least ``said`` deserve the confidence ``right``."""

    said: float
    right: float


class Table(RootModel[dict[str, tuple[Step, ...]]]):
    """models/confidence.yaml: the steps of each field, in rising order."""


@lru_cache(maxsize=1)
def table() -> Mapping[str, tuple[Step, ...]]:
    """The measured table; empty when there is none."""
    path = models_folder() / FILE
    return load(path, Table).root if path.exists() else {}


def deserved(said: float, steps: Sequence[Step]) -> float:
    """The confidence that a value deserves.

    Example:
        >>> steps = [Step(said=0.3, right=0.2), Step(said=0.8, right=0.7)]
        >>> deserved(0.85, steps), deserved(0.5, steps), deserved(0.1, steps), deserved(0.4, [])
        (0.7, 0.2, 0.2, 0.4)
    """
    if not steps:
        return said
    reached = [step.right for step in steps if step.said <= said + 1e-9]
    return reached[-1] if reached else steps[0].right


def calibrated(incident: Incident, steps: Mapping[str, tuple[Step, ...]]) -> Incident:
    """An incident whose confidences are what the table says they deserve.

    Args:
        incident: As the rules made it.
        steps: The table.
    """
    changed: dict[str, object] = {"confidence": deserved(incident.confidence, steps.get("incident", ()))}
    for name, field in _ONE.items():
        value: Judged | None = getattr(incident, name)
        if value is not None:
            changed[name] = _with(value, steps.get(field, ()))
    for name, field in _MANY.items():
        changed[name] = tuple(_with(value, steps.get(field, ())) for value in getattr(incident, name))
    return incident.model_copy(update=changed)


def _with(value: Judged, steps: Sequence[Step]) -> Judged:
    return value.model_copy(update={"confidence": deserved(value.confidence, steps)})
