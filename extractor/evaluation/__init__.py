"""Scores against the gold of corpus/, and the floors that they must not fall under."""

from __future__ import annotations

from extractor.evaluation.command import run

__all__ = ["run"]
