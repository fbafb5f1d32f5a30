"""What ``--explain`` adds: the rule behind each value, and what was looked for where a field stayed empty."""

from __future__ import annotations

from typing import Any

from extractor.records import Incident, Report

LOOKED_FOR = {
    "started_at": "a time beside words of beginning (predicates.yaml, phase started), after 'from' or 'since' "
    "(timing.yaml), or in the clause of an event or cause",
    "detected_at": "a time beside words of noticing (predicates.yaml, phase detected)",
    "mitigated_at": "a time beside words of partial recovery (predicates.yaml, phase mitigated)",
    "resolved_at": "a time beside words of recovery (predicates.yaml, phase resolved), or after 'until' (timing.yaml)",
    "duration": "a length beside an event, a failure or 'lasted'; or both ends known to the clock",
    "organizations": "names that the gazetteer or the words beside them (actors.yaml) tell to be organisations",
    "services": "names of products of the operator (gazetteer, actors.yaml, 'X of ORGANISATION')",
    "locations": "names that the gazetteer or the words beside them tell to be places",
    "components": "terms of components.yaml that an event or a predicate says something of",
    "causes": "phrases beside a cue (cause_cues.yaml) and faults that speak for themselves (causes.yaml, alone)",
    "impacts": "clauses with words of impacts.yaml or a failing predicate that hits users",
    "actions": "clauses with words of actions.yaml",
}


def looked_for(incident: Incident) -> Incident:
    """Say for every empty field of an incident what was looked for."""
    empty = {name: what for name, what in LOOKED_FOR.items() if not getattr(incident, name)}
    return incident.model_copy(update={"looked_for": empty})


def without_rules(report: Report) -> Report:
    """The report without what only ``--explain`` shows."""
    return Report.model_validate(_bare(report.model_dump()))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key not in ("rule", "looked_for")}
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value]
    return value
