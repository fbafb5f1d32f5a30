"""Cut a text into words, numbers and signs in one pass, each with its folded form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from extractor import limits

#: The folded form of a place that no expression may cross: a blank line, a bullet, a table cell.
BREAK = "\n\n"

_PIECE = re.compile(r"(\d+)|((?:[^\W\d_][\u0300-\u036f]*)+)|(\s+)|(.)", re.DOTALL)
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")
_APOSTROPHES = frozenset("'\u2019\u02bc\u2018`\u00b4")
_EMPHASIS = frozenset("*_\u200b\ufeff\u00ad")
_BULLETS = frozenset("-\u2022*\u00b7\u25aa\u25cf")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign.

    Attributes:
        start: Its first code point in the text.
        end: One past its last code point.
        fold: The form that patterns see: lower case, without accents, dashes and apostrophes made one.
        text: The form as written, composed (NFC).
        number: Its value when it is a run of digits, else None.
        width: How many digits it has, 0 for words and signs.
        glued: Nothing stands between it and the token before.
        newline: A line end stands before it.
    """

    start: int
    end: int
    fold: str
    text: str
    number: int | None
    width: int
    glued: bool
    newline: bool


@lru_cache(maxsize=limits.MATCHER_CACHE)
def fold(word: str) -> str:
    """The form of a word in which case and accents make no difference.

    Example:
        >>> fold("Fév"), fold("STRASSE") == fold("Straße")
        ('fev', True)
    """
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens; blanks and marks of emphasis are left out.

    Args:
        text: Any text.

    Returns:
        The tokens in order; a blank line or a bullet at the head of a line stands as one token whose fold is ``BREAK``.

    Example:
        >>> [token.fold for token in tokenize("À 10h15, l'après-midi")]
        ['a', '10', 'h', '15', ',', 'l', "'", 'apres', '-', 'midi']
    """
    tokens: list[Token] = []
    newline = True
    for match in _PIECE.finditer(text):
        piece, start, end = match.group(), match.start(), match.end()
        kind = match.lastindex
        if kind == 3:
            lines = piece.count("\n")
            newline = newline or lines > 0
            if lines > 1 and tokens:
                tokens.append(Token(start, end, BREAK, "", None, 0, False, True))
            continue
        at_head = newline
        if piece in _EMPHASIS and not (piece == "*" and at_head):
            continue
        newline = False
        glued = bool(tokens) and tokens[-1].end == start
        if kind == 1:
            value = int(piece) if len(piece) <= 9 else None
            tokens.append(Token(start, end, piece, piece, value, len(piece), glued, at_head))
        elif kind == 2:
            composed = piece if piece.isascii() else unicodedata.normalize("NFC", piece)
            tokens.append(Token(start, end, fold(piece), composed, None, 0, glued, at_head))
        else:
            tokens.append(Token(start, end, _sign(piece, at_head, text[end : end + 1]), piece, None, 0, glued, at_head))
    return tokens


def _sign(piece: str, at_head: bool, after: str) -> str:
    if piece == "|" or (at_head and piece in _BULLETS and after.isspace()):
        return BREAK
    if piece in _DASHES:
        return "-"
    return "'" if piece in _APOSTROPHES else piece
