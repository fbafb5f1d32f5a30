"""Sources: one module a format, each with ``read(...)`` that streams documents and refusals.

``read(inputs)`` below takes what a person types (files, folders, globs, ``-``) and gives every document, in a fixed
order, with bounded memory. What cannot be read becomes a ``Refusal`` in its place; nothing in the data stops the run.

Codes of refusals: ``input_unreadable`` (no such file, not permitted, no regular file), ``input_binary``,
``too_long`` (a line, file, page or text over its limit), ``invalid_json``, ``invalid_record`` (a missing or mistyped
field), ``invalid_date`` (``published``), ``id_twice``, ``id_too_long``, ``html_no_text``, ``file_truncated`` and
``file_damaged`` (the records before that place are given, the file is done in part), ``unpacks_too_large`` (a gzip
bomb; the same), ``invalid_warc`` (one record), ``extra_missing`` (an optional package is not installed).
"""

from extractor.pipeline import Document
from extractor.sources.base import Refusal, SourceDocument
from extractor.sources.dispatch import check, read

__all__ = ["Document", "Refusal", "SourceDocument", "check", "read"]
