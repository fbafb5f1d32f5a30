"""Incidents: which events a text reports, and which fact belongs to which of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extractor.incidents import assemble, events, moments, threads
from extractor.incidents.threads import Thread
from extractor.languages import Language
from extractor.mentions import Mentions, speakers
from extractor.records import Incident, Warning
from extractor.times import ResolvedTime


def build(
    mentions: Mentions, times: Sequence[tuple[ResolvedTime, int, int]], language: Language, document: str
) -> tuple[tuple[Incident, ...], tuple[Warning, ...]]:
    """Build the incident records of one document.

    Args:
        mentions: What the text mentions.
        times: Its times with their first and last token.
        language: For its small words.
        document: The document's id; incidents are numbered behind it.

    Returns:
        The incidents in order of the text, those mentioned in passing last, and warnings.
    """
    found = events.find(mentions, language)
    told = [thread for thread in threads.follow(mentions, found, times, language) if _substantial(mentions, thread)]
    kept = sorted(told, key=lambda thread: thread.background)
    context = assemble.Context(
        words=mentions.words,
        mentions=mentions,
        placed=moments.place(mentions, times, kept),
        quotations=speakers.find(mentions.words, mentions.hits, mentions.names),
        language=language,
        operator=_operator(mentions),
    )
    built = [assemble.incident(context, thread, f"{document}#{number}") for number, thread in enumerate(kept, start=1)]
    return tuple(record for record, _ in built), tuple(warning for _, found in built for warning in found)


def _substantial(mentions: Mentions, thread: Thread) -> bool:
    """Whether a thread is more than a passing word: a strong event, or a weak one with a failure or a cause."""
    if any(event.strong for event in thread.events):
        return True
    inside = set(thread.clauses)
    failures = any(p.clause in inside and p.real and p.effect in ("failed", "degraded") for p in mentions.predicates)
    return bool(failures or any(c.clause in inside for c in mentions.causes))


def _operator(mentions: Mentions) -> str | None:
    """The organisation that the text names most, its suppliers and victims aside."""
    names = Counter(n.name for n in mentions.names if n.type == "organization" and not n.party)
    return names.most_common(1)[0][0] if names else None
