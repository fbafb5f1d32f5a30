"""Sinks: one module a target, idempotent by key; ``open_sink`` chooses by the target's name."""

from extractor.sinks.base import Failure, Known, Outcome, Run, Sink, Status
from extractor.sinks.choice import open_sink

__all__ = ["Failure", "Known", "Outcome", "Run", "Sink", "Status", "open_sink"]
