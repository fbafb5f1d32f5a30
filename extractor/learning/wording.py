"""Features of words in their surroundings, the same for every language: the words themselves are all that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.tokens import Token

_PREFIX, _SUFFIX = 5, 3
TIME = "@"


def forms(token: Token) -> tuple[str, ...]:
    """A word, and its beginning and end so that what inflection changes does not hide it; figures are all alike.

    Example:
        >>> forms(Token(0, 0, 9, "Restored,", "restored", "VPART", 0))
        ('restored', 'resto*', '*red')
    """
    norm = token.norm
    if norm[0].isdecimal():
        return ("0",)
    if len(norm) <= _SUFFIX:
        return (norm,)
    return (norm, f"{norm[:_PREFIX]}*", f"*{norm[-_SUFFIX:]}")


def bag(name: str, tokens: Sequence[Token], masked: frozenset[int]) -> Iterator[str]:
    """The words of a stretch of text in no order; tokens that are ``masked`` (of times) stand for any other."""
    for token in tokens:
        if token.index in masked:
            yield f"{name}:{TIME}"
        else:
            for form in forms(token):
                yield f"{name}:{form}"


def beside(name: str, tokens: Sequence[Token], at: int, reach: int, masked: frozenset[int]) -> Iterator[str]:
    """The words at each distance before or after a place: ``reach`` negative for those before it."""
    step = 1 if reach > 0 else -1
    for distance in range(1, abs(reach) + 1):
        index = at + step * distance - (1 if step > 0 else 0)
        if not 0 <= index < len(tokens):
            yield f"{name}{step * distance}:|"
            return
        token = tokens[index]
        told = (TIME,) if token.index in masked else forms(token)
        for form in told[:2]:
            yield f"{name}{step * distance}:{form}"
        yield f"{name}{step * distance}={token.pos}"
