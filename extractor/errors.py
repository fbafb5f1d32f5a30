"""Coded errors: each says in one line what is wrong and what to do next."""

from __future__ import annotations


class ExtractorError(Exception):
    """An error with a stable code and a one-line message.

    Attributes:
        code: Stable lower-case identifier, e.g. ``language_unsupported``.
        exit_code: What the command line ends with: 1 refused, 2 wrong usage or unreadable input.
    """

    code = "error"
    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class InputUnreadable(ExtractorError):
    """The input does not exist, is a folder, or cannot be read."""

    code = "input_unreadable"


class InputBinary(ExtractorError):
    """The input is no text."""

    code = "input_binary"


class InvalidDate(ExtractorError):
    """A publication date that is no ISO 8601 date or date-time."""

    code = "invalid_date"


class LanguageUnsupported(ExtractorError):
    """The text is in a language for which there is no folder in models/."""

    code = "language_unsupported"
    exit_code = 1


class TextTooLong(ExtractorError):
    """The text is longer than ``limits.MAX_CHARACTERS``."""

    code = "too_long"
    exit_code = 1


class KnowledgeInvalid(ExtractorError):
    """A data file of models/ (or of ``--knowledge``) is damaged; the message starts with file and line."""

    code = "knowledge_invalid"


class PipelineMissing(ExtractorError):
    """The spaCy package that a language folder asks for is not installed."""

    code = "pipeline_missing"


class WorkerCrash(ExtractorError):
    """A document brought down the process that read it, twice."""

    code = "worker_crash"
    exit_code = 1


class SourceError(ExtractorError):
    """A record or file that cannot be read; it becomes a ``Refusal`` where its place is known."""

    exit_code = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ExtraMissing(ExtractorError):
    """An optional package is not installed."""

    code = "extra_missing"


class SinkUnusable(ExtractorError):
    """The target cannot be opened, or is not ours."""

    code = "sink_unusable"


class SinkUnavailable(ExtractorError):
    """The database went away and did not come back in time; everything that was committed is safe."""

    code = "sink_unavailable"


class SinkFull(ExtractorError):
    """No space is left where the target lies; everything that was committed is safe."""

    code = "disk_full"


class SchemaNewer(ExtractorError):
    """The target was written by another version of this program, which this one cannot read."""

    code = "schema_version"


class ClusterUnusable(ExtractorError):
    """The scheduler cannot be reached, or was lost on the way."""

    code = "cluster_unusable"


class GoldInvalid(ExtractorError):
    """A file of the corpus that is not what the schema says; the message starts with the file."""

    code = "gold_invalid"


class InternalError(ExtractorError):
    """A fault of this program."""

    code = "internal_error"
