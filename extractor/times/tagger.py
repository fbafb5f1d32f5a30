"""The two ways in: ``tag`` for a text alone, ``read`` for the pipeline."""

from __future__ import annotations

from extractor.records import TimeMention
from extractor.times.find import find
from extractor.times.knowledge import TimeKnowledge, knowledge_of
from extractor.times.reading import TimeReading
from extractor.times.resolve import resolve
from extractor.times.tokens import tokenize


def tag(text: str, language: str, published: str | None = None, explain: bool = False) -> list[TimeMention]:
    """Find and resolve every temporal expression of a text.

    Args:
        text: Plain text.
        language: Code of a language folder of models/.
        published: When the text was published: an ISO date or date-time, the base of relative expressions.
        explain: Name in each mention the rule that read it.

    Returns:
        The expressions in the order of the text.

    Raises:
        LanguageUnsupported: There is no such folder, or it knows no times.
        InvalidDate: ``published`` is no ISO date.

    Example:
        >>> tag("Down for nearly 10 hours yesterday.", "en", "2011-05-02")[1].value
        '2011-05-01'
    """
    return [mention.mention(explain) for mention in read(text, knowledge_of(language), published).mentions]


def read(text: str, knowledge: TimeKnowledge, published: str | None) -> TimeReading:
    """Find and resolve every temporal expression, with what later stages need and the warnings.

    Args:
        text: Plain text.
        knowledge: The language (``load_knowledge``).
        published: When the text was published, if known.

    Raises:
        InvalidDate: ``published`` is no ISO date.
    """
    tokens = tokenize(text)
    return resolve(text, tokens, find(tokens, knowledge), knowledge, published)
