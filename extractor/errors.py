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
