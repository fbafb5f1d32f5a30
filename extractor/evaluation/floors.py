"""The floors under the scores: what they are, when they are broken, how they rise and how they may be lowered.

``corpus/floors.toml`` holds, for each language, the hash of its articles and an F1 floor for each field. A floor sits
at the lower end of the bootstrap interval, so that it catches a fall and not noise.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor.errors import GoldInvalid
from extractor.evaluation.aggregate import Score, Scores

WHOLE = "all"
_HEAD = "# Written by `incidents evaluate corpus/ --raise-floors`; lowering takes `--lower-floors REASON`.\n"
_STEP = 100
_LEAST = 0.01
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Lowering:
    """Why floors were lowered, and which."""

    reason: str
    floors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of a corpus.

    Attributes:
        split: The split they were measured on (all, dev or test).
        corpus: Language to the hash of its articles.
        floors: Language to field to floor.
        lowered: Every lowering, with its reason.
    """

    split: str = WHOLE
    corpus: Mapping[str, str] | None = None
    floors: Mapping[str, Mapping[str, float]] | None = None
    lowered: tuple[Lowering, ...] = ()

    def of(self, code: str) -> Mapping[str, float]:
        """The floors of one language."""
        return (self.floors or {}).get(code, {})

    def hash_of(self, code: str) -> str | None:
        """The hash of the articles that the floors of one language were measured on."""
        return (self.corpus or {}).get(code)


def read_floors(path: Path) -> Floors:
    """Read floors; a file that does not exist has none.

    Raises:
        GoldInvalid: The file is damaged.
    """
    if not path.exists():
        return Floors()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        lowered = tuple(Lowering(str(item["reason"]), tuple(item["floors"])) for item in data.get("lowered", ()))
        return Floors(data["split"], data["corpus"], data["floors"], lowered)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GoldInvalid(f"{path}: {error}") from error


def write_floors(path: Path, floors: Floors) -> None:
    """Write floors; what :func:`read_floors` reads back."""
    lines = [_HEAD, f"split = {_text(floors.split)}\n", "\n[corpus]\n"]
    lines += [f"{code} = {_text(digest)}\n" for code, digest in sorted((floors.corpus or {}).items())]
    for code, fields in sorted((floors.floors or {}).items()):
        lines.append(f"\n[floors.{code}]\n")
        lines += [f"{name} = {floor:.2f}\n" for name, floor in fields.items()]
    for lowering in floors.lowered:
        listed = ", ".join(_text(floor) for floor in lowering.floors)
        lines.append(f"\n[[lowered]]\nreason = {_text(lowering.reason)}\nfloors = [{listed}]\n")
    path.write_text("".join(lines), encoding="utf-8")


def _text(value: str) -> str:
    """A TOML string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def floor_of(score: Score) -> float:
    """The floor that a score gives: the lower end of its interval, rounded down to 0.01.

    Example:
        >>> floor_of(Score(precision=0.9, recall=0.9, f1=0.9, low=0.8479, high=0.94, n=60))
        0.84
    """
    return math.floor(score.low * _STEP + _HAIR) / _STEP


def gate(scores: Scores, floors: Floors, hashes: Mapping[str, str], *, split: str = WHOLE) -> list[str]:
    """Compare scores with floors.

    Args:
        scores: What was measured.
        floors: What must be reached.
        hashes: The hash of the articles of each language that was asked for.
        split: What was measured on.

    Returns:
        One line a failure; nothing when all is well.
    """
    if split != floors.split:
        return [f"the floors are for the split {floors.split!r}, this is {split!r}: run --gate without --split"]
    failures = []
    for code in sorted(hashes):
        if not floors.of(code):
            if code in scores.languages:
                failures.append(f"{code} has no floors: run incidents evaluate --raise-floors")
        elif code not in scores.languages:
            failures.append(
                f"{code} has floors and was not scored: its folder of models/ is absent or reads no incidents"
            )
        elif hashes[code] != floors.hash_of(code):
            failures.append(f"{code}: corpus changed: run incidents evaluate --raise-floors")
        failures += _fallen(code, scores, floors)
    return failures


def _fallen(code: str, scores: Scores, floors: Floors) -> list[str]:
    if code not in scores.languages:
        return []
    fields: Mapping[str, Score] = {str(name): score for name, score in scores.languages[code].fields.items()}
    failures = []
    for name, floor in floors.of(code).items():
        measured = fields[name].f1 if name in fields else 0.0
        if measured < floor - _HAIR:
            failures.append(f"{code} {name}: F1 {measured:.3f} is under the floor {floor:.2f}")
    return failures


def raised(floors: Floors, scores: Scores, hashes: Mapping[str, str], *, split: str = WHOLE) -> Floors:
    """Floors set to the lower end of the intervals, wherever that is higher than before.

    Args:
        floors: The floors so far.
        scores: What was measured.
        hashes: The hash of the articles of each language.
        split: What was measured on.

    Returns:
        The new floors, for the languages that were measured; others stay.
    """
    known = {code: dict(fields) for code, fields in (floors.floors or {}).items()}
    for code, language in scores.languages.items():
        before = known.get(code, {})
        after = {str(name): max(floor_of(score), before.get(name, 0.0)) for name, score in language.fields.items()}
        known[code] = {name: floor for name, floor in after.items() if floor >= _LEAST} | {
            name: floor for name, floor in before.items() if name not in after
        }
    corpus = dict(floors.corpus or {}) | {code: hashes[code] for code in scores.languages if code in hashes}
    return replace(floors, split=split, corpus=corpus, floors=known)


def lowered(floors: Floors, scores: Scores, hashes: Mapping[str, str], reason: str) -> Floors:
    """Floors that are broken set to the lower end of the interval, with the reason put on record.

    Args:
        floors: The floors so far.
        scores: What was measured.
        hashes: The hash of the articles of each language.
        reason: Why it is right that they fall.

    Returns:
        The new floors; floors that hold stay as they are.

    Raises:
        ValueError: No reason is given.
    """
    if not reason.strip():
        raise ValueError("floors are lowered for a reason; say which")
    known: dict[str, dict[str, float]] = {code: dict(fields) for code, fields in (floors.floors or {}).items()}
    changed = []
    for code, language in scores.languages.items():
        fields: Mapping[str, Score] = {str(name): score for name, score in language.fields.items()}
        for name, floor in list(known.get(code, {}).items()):
            score = fields.get(name)
            if score is not None and score.f1 >= floor - _HAIR:
                continue
            fallen = floor_of(score) if score else 0.0
            changed.append(f"{code}.{name} {floor:.2f} -> {fallen:.2f}")
            known[code][name] = fallen
            if fallen < _LEAST:
                del known[code][name]
    if not changed:
        return floors
    corpus = dict(floors.corpus or {}) | {code: hashes[code] for code in scores.languages if code in hashes}
    record = Lowering(" ".join(reason.split()), tuple(changed))
    return replace(floors, corpus=corpus, floors=known, lowered=(*floors.lowered, record))


def write_scores(path: Path, scores: Scores, about: Mapping[str, Any]) -> None:
    """Write the measured scores that ship with the package (models/scores.toml).

    Args:
        path: The file.
        scores: What was measured.
        about: What it was measured on: the split and the corpus hashes.
    """
    lines = ["# Written by `incidents evaluate corpus/ --write`: the measured scores of each language and field.\n"]
    lines.append(f"split = {_text(str(about['split']))}\n\n[corpus]\n")
    lines += [f"{code} = {_text(digest)}\n" for code, digest in sorted(about["corpus"].items())]
    for code, language in sorted(scores.languages.items()):
        lines.append(f"\n[scores.{code}]\narticles = {language.articles}\n")
        lines += [f"{name} = {_inline(score)}\n" for name, score in language.fields.items()]
    path.write_text("".join(lines), encoding="utf-8")


def _inline(score: Score) -> str:
    rates = f"precision = {score.precision:.3f}, recall = {score.recall:.3f}, f1 = {score.f1:.3f}"
    return f"{{ {rates}, low = {score.low:.3f}, high = {score.high:.3f}, n = {score.n} }}"
