"""One text to analyse, and the way back to the offsets of the text that came in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from extractor.records import Report

_REPLACEMENT = "�"
#: Control characters but tab, line feed, return and next line; lone surrogates; noncharacters of every plane.
_BREAKING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_BOM = "﻿"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text with every character that breaks a reader or a sink replaced one to one.

    Attributes:
        text: What offsets refer to: no BOM; NUL, control characters, lone surrogates and noncharacters are U+FFFD.
        analysed: The same in Unicode's composed form (NFC), which the stages read.
        origins: Where each analysed character begins in ``text``; empty when both texts are equal.
    """

    text: str
    analysed: str
    origins: tuple[int, ...]

    def relocate(self, report: Report) -> Report:
        """Move every offset of a report from the analysed text to ``text``."""
        if not self.origins:
            return report
        return Report.model_validate(_moved(report.model_dump(), self))

    def origin(self, offset: int) -> int:
        """The offset in ``text`` of an offset in ``analysed``."""
        return self.origins[offset] if offset < len(self.origins) else len(self.text)


def clean(text: str) -> Cleaned:
    r"""Prepare a text.

    Example:
        >>> clean("\ufeffa\x00b").text
        'a\ufffdb'
        >>> cleaned = clean("pane\u0301")
        >>> cleaned.analysed, cleaned.origin(3)
        ('pané', 3)
    """
    text = _BREAKING.sub(_REPLACEMENT, text.removeprefix(_BOM))
    if unicodedata.is_normalized("NFC", text):
        return Cleaned(text, text, ())
    analysed: list[str] = []
    origins: list[int] = []
    starts = [index for index, sign in enumerate(text) if not unicodedata.combining(sign)] or [0]
    starts[0] = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        composed = unicodedata.normalize("NFC", text[start:end])
        analysed.append(composed)
        origins += [min(start + index, end - 1) if index else start for index in range(len(composed))]
    return Cleaned(text, "".join(analysed), tuple(origins))


def _moved(value: Any, cleaned: Cleaned) -> Any:
    if isinstance(value, dict):
        moved = {key: _moved(item, cleaned) for key, item in value.items()}
        if {"start", "end", "text"} <= moved.keys():
            moved["start"], moved["end"] = cleaned.origin(value["start"]), cleaned.origin(value["end"])
            moved["text"] = cleaned.text[moved["start"] : moved["end"]]
        return moved
    if isinstance(value, list | tuple):
        return [_moved(item, cleaned) for item in value]
    return value
