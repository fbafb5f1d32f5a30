"""The temporal tagger: finds what looks like a time and says what it means; works on plain text.

Example:
    >>> [(m.text, m.value) for m in tag("The outage began on Monday at 10:15.", "en", "2011-05-03")]
    [('Monday', '2011-05-02'), ('10:15', '2011-05-02T10:15')]
"""

from extractor.datafiles import models_folder
from extractor.times.knowledge import TimeKnowledge, load_knowledge
from extractor.times.reading import ResolvedTime, TimeReading, TimeWarning
from extractor.times.tagger import read, tag

__all__ = [
    "ResolvedTime",
    "TimeKnowledge",
    "TimeReading",
    "TimeWarning",
    "load_knowledge",
    "models_folder",
    "read",
    "tag",
]
