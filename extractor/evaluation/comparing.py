"""How words of the gold and words of a report are compared: normalised tokens, names, spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from extractor.tokens import cut, fold

CAUSE_OVERLAP = 0.5
LOOSE_OVERLAP = 0.3
_CONTENT_LENGTH = 4
_CONTENT_TOKENS = 2
_CACHE = 50_000


@lru_cache(maxsize=_CACHE)
def words(text: str) -> tuple[str, ...]:
    """The normalised tokens of a text; signs are left out.

    Example:
        >>> words("l'Équipe **DNS**")
        ('l', 'equipe', 'dns')
    """
    folded = (fold(text[start:end]).strip("_") for start, end in cut(text))
    return tuple(word for word in folded if any(map(str.isalnum, word)))


@lru_cache(maxsize=_CACHE)
def content(text: str) -> int:
    """How many content tokens a text has: of four characters or more, with a digit, or in capitals.

    The measure is the same for every language and does not rest on the knowledge that is being scored.

    Example:
        >>> content("of the DNS server in v2")
        3
    """
    return sum(_is_content(text[start:end]) for start, end in cut(text))


def _is_content(word: str) -> bool:
    if not any(map(str.isalnum, word)):
        return False
    capitals = len(word) > 1 and word.isupper()
    return len(word) >= _CONTENT_LENGTH or capitals or any(map(str.isdigit, word))


def inside(inner: str, outer: str) -> bool:
    """Whether the tokens of one text stand, in one run, in the other.

    Example:
        >>> inside("Amazon", "Amazon Web Services"), inside("Ama", "Amazon"), inside("", "Amazon")
        (True, False, False)
    """
    small, large = words(inner), words(outer)
    if not small or len(small) > len(large):
        return False
    return any(large[at : at + len(small)] == small for at in range(len(large) - len(small) + 1))


@lru_cache(maxsize=_CACHE)
def same_name(one: str, other: str) -> bool:
    """Whether one name contains the other on whole normalised tokens.

    Example:
        >>> same_name("amazon web services", "Amazon"), same_name("Telekom", "Telefonica")
        (True, False)
    """
    return inside(one, other) or inside(other, one)


@lru_cache(maxsize=_CACHE)
def token_f1(one: str, other: str) -> float:
    """F1 of the tokens that two texts share.

    Example:
        >>> token_f1("a power cut", "power cut in the hall")
        0.5
    """
    first, second = words(one), words(other)
    shared = sum((Counter(first) & Counter(second)).values())
    return 2 * shared / (len(first) + len(second)) if shared else 0.0


def cause_likeness(one: str, other: str) -> float:
    """How like two cause spans are; 0 when they do not match.

    They match when the token F1 is 0.5 or more, or when one stands inside the other with two content tokens or more.

    Example:
        >>> cause_likeness("faulty cooling", "the faulty cooling of a hall in the north of the city")
        0.5
        >>> cause_likeness("cooling", "the faulty cooling of a hall")
        0.0
    """
    overlap = token_f1(one, other)
    if overlap >= CAUSE_OVERLAP:
        return overlap
    contained = (inside(one, other) and content(one) >= _CONTENT_TOKENS) or (
        inside(other, one) and content(other) >= _CONTENT_TOKENS
    )
    return CAUSE_OVERLAP if contained else 0.0


def loose_likeness(one: str, other: str) -> float:
    """How like two spans of an impact or action are; 0 when they do not match (token F1 under 0.3).

    Example:
        >>> loose_likeness("flights were cancelled", "200 flights cancelled") > 0.3
        True
    """
    overlap = token_f1(one, other)
    return overlap if overlap >= LOOSE_OVERLAP else 0.0


def parties(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Group the names of a gold list by party: one contains the other, or is made of its initials.

    Example:
        >>> parties(["Amazon Web Services", "Acme", "Amazon", "AWS"])
        [('Amazon Web Services', 'Amazon', 'AWS'), ('Acme',)]
    """
    groups: list[list[str]] = []
    for name in names:
        joined = [group for group in groups if any(_one_party(name, known) for known in group)]
        merged = [known for group in joined for known in group] + [name]
        at = groups.index(joined[0]) if joined else len(groups)
        groups = [group for group in groups if group not in joined]
        groups.insert(at, merged)
    return [tuple(group) for group in groups]


def _one_party(one: str, other: str) -> bool:
    return same_name(one, other) or _initials(one, other) or _initials(other, one)


def _initials(short: str, long: str) -> bool:
    """Whether the short name is the initials of the long one, with or without its small words."""
    letters, spelled = words(short), words(long)
    if len(letters) != 1 or len(letters[0]) < _CONTENT_TOKENS or len(spelled) < _CONTENT_TOKENS:
        return False
    every = "".join(word[0] for word in spelled)
    capital = "".join(word[0] for word in words(" ".join(part for part in long.split() if not part[:1].islower())))
    return letters[0] in (every, capital)
