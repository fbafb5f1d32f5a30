"""Words and sentences of a text: what every later stage walks over.

Words are cut the same way in every language (runs of letters and digits, and single signs), so that a rule in a data
file and the text it reads are cut alike; parts of speech come from the language's spaCy pipeline, which is given these
words where it was trained on them, and is aligned by offset where it has a tokenizer of its own.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from extractor import limits

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage

_WORD = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")
_LONG_RUN = re.compile(rf"\S{{{limits.MAX_WORD_CHARACTERS},}}")
_APOSTROPHES = dict.fromkeys(map(ord, "’ʼ`´‘"), "'")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_SENTENCE_END = frozenset(".!?…")
_ONLY_CLOSERS = frozenset("»”)]")
_CLOSERS = frozenset("\"'»”’)]*_")
_MOST_CLOSERS = 4
_BULLET = re.compile(r"\s*(?:[-*•–—▪●+>|#]|\d{1,2}[.)]\s|\d{1,2}\s?[:hH.]\s?\d{2}\b|[A-Z][\w ]{2,24}:\s)")


class Token(NamedTuple):
    """One word or sign.

    Attributes:
        index: Position among the tokens of the text.
        start: First code point in the text.
        end: One past the last code point.
        text: The characters as written.
        norm: Folded form: lower case, no accents, one kind of apostrophe.
        pos: Universal part of speech; verbs are split into VERB (finite), VPART, VINF; "" when unknown.
        sentence: Number of the sentence it stands in.
    """

    index: int  # type: ignore[assignment]  # the field hides tuple.index, which nobody needs of a token
    start: int
    end: int
    text: str
    norm: str
    pos: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A run of tokens, ``first`` included, ``last`` excluded; ``paragraph`` counts blocks between blank lines."""

    index: int
    first: int
    last: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text, its tokens and its sentences."""

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]

    def sentence_of(self, token: int) -> Sentence:
        """The sentence in which a token stands."""
        return self.sentences[self.tokens[token].sentence]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the tokens ``first`` (included) to ``last`` (excluded)."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that lie inside two offsets, as ``first`` (included) and ``last`` (excluded)."""
        first = _bisect(self.tokens, start)
        last = first
        while last < len(self.tokens) and self.tokens[last].start < end:
            last += 1
        return first, last


def _bisect(tokens: Sequence[Token], offset: int) -> int:
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return low


@lru_cache(maxsize=limits.MATCHER_CACHE)
def fold(word: str) -> str:
    """The form that rules and texts are compared in.

    Example:
        >>> fold("Équilibreurs"), fold("L’"), fold("ﬁbre")
        ('equilibreurs', "l'", 'fibre')
    """
    lowered = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES).casefold()).translate(_LIGATURES)
    return "".join(sign for sign in lowered if not unicodedata.combining(sign))


def cut(text: str) -> list[tuple[int, int]]:
    """Offsets of the words and signs of a text.

    Example:
        >>> [ "l'un à 10h15"[a:b] for a, b in cut("l'un à 10h15") ]
        ['l', "'", 'un', 'à', '10h15']
    """
    return [match.span() for match in _WORD.finditer(text)]


def folded(text: str) -> list[str]:
    """The folded words and signs of a text.

    Example:
        >>> folded("L'été, à 10h15")
        ['l', "'", 'ete', ',', 'a', '10h15']
    """
    return [fold(word) for word in _WORD.findall(text)]


def read(
    text: str,
    pipeline: SpacyLanguage | None,
    abbreviations: frozenset[str] = frozenset(),
    *,
    own_words: bool = False,
) -> Words:
    """Cut a text into tokens and sentences and tag them.

    Args:
        text: The text, in NFC.
        pipeline: A spaCy pipeline that sets parts of speech, or None for none.
        abbreviations: Folded words after which a full stop ends no sentence.
        own_words: The pipeline was trained on the words of ``cut``: it is given them, and no tokenizer is asked.

    Returns:
        The words of the text; no spaCy object is kept.
    """
    spans = cut(text)
    starts = sorted(_sentence_starts(text, spans, abbreviations))
    if pipeline is None:
        pos = [""] * len(spans)
    elif own_words:
        pos = _parts_by_sentence(text, spans, starts, pipeline)
    else:
        pos = _parts_of_speech(text, spans, pipeline)
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    paragraph = 0
    for number, (first, last) in enumerate(itertools.pairwise([*starts, len(spans)])):
        if first:
            paragraph += text.count("\n", spans[first - 1][1], spans[first][0]) > 1
        sentences.append(Sentence(number, first, last, paragraph))
        for index in range(first, last):
            start, end = spans[index]
            word = text[start:end]
            tokens.append(Token(index, start, end, word, fold(word), pos[index], number))
    return Words(text, tuple(tokens), tuple(sentences))


def _parts_of_speech(text: str, spans: list[tuple[int, int]], pipeline: SpacyLanguage) -> list[str]:
    # spaCy's tokenizer takes quadratic time over a run without blanks; such a run is no word of a language.
    readable = _LONG_RUN.sub(lambda run: " " * len(run[0]), text)
    result: list[str] = []
    for begin, end in _portions(readable):
        doc = pipeline(readable[begin:end])
        at, size = 0, len(doc)
        while len(result) < len(spans) and spans[len(result)][0] < end:
            start = spans[len(result)][0] - begin
            while at + 1 < size and doc[at + 1].idx <= start:
                at += 1
            result.append(_coarse(doc[at].pos_, doc[at].morph) if size else "")
    return result


def _parts_by_sentence(
    text: str, spans: list[tuple[int, int]], starts: Sequence[int], pipeline: SpacyLanguage
) -> list[str]:
    """Tag the words of ``cut`` themselves, one ``Doc`` a sentence: what stands in another sentence changes nothing."""
    from spacy.tokens import Doc

    edges = [*starts, len(spans)]
    words = [text[start : min(end, start + limits.MAX_WORD_CHARACTERS)] for start, end in spans]
    docs = (Doc(pipeline.vocab, words=words[first:last]) for first, last in itertools.pairwise(edges))
    tagged = pipeline.pipe(docs, batch_size=limits.TAGGED_SENTENCES)
    return [_coarse(token.pos_, token.morph) for doc in tagged for token in doc]


def _portions(text: str) -> Iterator[tuple[int, int]]:
    """Cut a long text at blanks into portions that are tagged one by one, so that memory stays bounded."""
    begin = 0
    while begin < len(text):
        end = min(len(text), begin + limits.TAGGED_PORTION)
        if end < len(text):
            cut_at = max(text.rfind("\n", begin, end), text.rfind(". ", begin, end), begin)
            end = cut_at + 1 if cut_at > begin else end
        yield begin, end
        begin = end


def _coarse(pos: str, morph: object) -> str:
    if pos not in ("VERB", "AUX"):
        return pos
    form = str(morph)
    if "VerbForm=Part" in form or "VerbForm=Ger" in form:
        return "VPART"
    return "VINF" if "VerbForm=Inf" in form else pos


def _sentence_starts(text: str, spans: list[tuple[int, int]], abbreviations: frozenset[str]) -> set[int]:
    starts = {0} if spans else set()
    last = 0
    wrap = max((len(line) for line in text.split("\n")), default=0)
    for index in range(1, len(spans)):
        before, start = spans[index - 1][1], spans[index][0]
        inside = start == before or (start == before + 1 and text[before] == " " and text[before - 1].isalnum())
        if index - last < limits.MAX_SENTENCE_TOKENS and inside:
            continue
        if index - last >= limits.MAX_SENTENCE_TOKENS or _begins(text, spans, index, wrap, abbreviations):
            starts.add(index)
            last = index
    return starts


def _begins(text: str, spans: list[tuple[int, int]], index: int, wrap: int, abbreviations: frozenset[str]) -> bool:
    gap = text[spans[index - 1][1] : spans[index][0]]
    if "\n" in gap and _line_ends(text, spans, index, gap, wrap):
        return True
    return bool(gap) and _full_stop(text, spans, index, abbreviations)


def _line_ends(text: str, spans: list[tuple[int, int]], index: int, gap: str, wrap: int) -> bool:
    """Whether a line break is the end of a sentence, and no wrapped line."""
    if gap.count("\n") > 1 or _BULLET.match(text, spans[index][0]):
        return True
    before = spans[index - 1][1]
    line = before - (text.rfind("\n", 0, before) + 1)
    nxt = text.find("\n", spans[index][0])
    following = (len(text) if nxt < 0 else nxt) - spans[index][0]
    first = text[spans[index][0]]
    return (line < 0.55 * wrap and wrap < 120) or wrap >= 120 or (first.isupper() and line + following < 0.5 * wrap)


def _full_stop(text: str, spans: list[tuple[int, int]], index: int, abbreviations: frozenset[str]) -> bool:
    back = index - 1
    while (
        back > max(0, index - _MOST_CLOSERS)
        and text[spans[back][0]] in _CLOSERS
        and spans[back][1] - spans[back][0] == 1
    ):
        back -= 1
    start, end = spans[back]
    if text[start:end] not in _SENTENCE_END:
        return False
    first = text[spans[index][0]]
    if first.islower() or first in _ONLY_CLOSERS:
        return False
    if text[start] != "." or back == 0:
        return True
    if spans[back - 1][1] != start:
        return True
    word = text[spans[back - 1][0] : spans[back - 1][1]]
    return not ((len(word) == 1 and word.isalpha() and word.isupper()) or fold(word) in abbreviations)
