"""Clauses and phrases over flat tokens: no parse tree, so that every language is read alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from extractor.languages import Language
from extractor.tokens import Sentence, Token, Words

FINITE = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN", "X"})
_HARD_ENDS = frozenset(';:()[]«»“”"|•')
_DASHES = frozenset("-–—")
_MODIFIERS = frozenset({"ADJ", "NUM", "NOUN", "PROPN", "X"})
_AFTER_PHRASE = FINITE | {"VPART", "VINF", "ADV"}
_LONGEST_PHRASE = 25


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens ``first`` to ``last`` (excluded) of one sentence that hold at most one finite group of verbs."""

    index: int
    first: int
    last: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Clauses:
    """All clauses of a text, and the clause of each token."""

    all: tuple[Clause, ...]
    by_token: tuple[int, ...]

    def of(self, token: int) -> Clause:
        """The clause in which a token stands."""
        return self.all[self.by_token[token]]


def split(words: Words, language: Language, breaks: Collection[int] = ()) -> Clauses:
    """Cut each sentence into clauses: at strong signs, and at commas and conjunctions with a verb on both sides.

    Args:
        words: The text.
        language: Whose conjunctions count.
        breaks: Tokens at which a clause begins whatever stands there.
    """
    clauses: list[Clause] = []
    by_token: list[int] = []
    for sentence in words.sentences:
        edges = _edges(words, sentence, language, breaks)
        for first, last in zip(edges, [*edges[1:], sentence.last], strict=True):
            by_token += [len(clauses)] * (last - first)
            clauses.append(Clause(len(clauses), first, last, sentence.index))
    return Clauses(tuple(clauses), tuple(by_token))


def _edges(words: Words, sentence: Sentence, language: Language, breaks: Collection[int]) -> list[int]:
    tokens = words.tokens
    edges = [sentence.first]
    soft: list[int] = []
    for index in range(sentence.first + 1, sentence.last):
        if index in breaks or _is_hard(words, index - 1):
            edges.append(index)
        elif _is_soft(tokens[index], tokens[index - 1], language):
            soft.append(index)
    for index in soft:
        start = max(edge for edge in edges if edge <= index)
        following = [edge for edge in (*edges, *soft, sentence.last) if edge > index]
        if index in edges or index == start:
            continue
        if _has_verb(tokens, start, index) and _has_verb(tokens, index, min(following)):
            edges.append(index)
            edges.sort()
    return edges


def _is_hard(words: Words, index: int) -> bool:
    token = words.tokens[index]
    if token.text in _HARD_ENDS:
        return not _between_digits(words, index)
    if token.text == "." and index + 1 < len(words.tokens):
        following = words.tokens[index + 1]
        return following.start > token.end and following.text[0].isupper() and following.pos not in NOMINAL
    if token.text not in _DASHES or index + 1 >= len(words.tokens):
        return False
    return words.tokens[index + 1].start > token.end and index > 0 and words.tokens[index - 1].end < token.start


def _between_digits(words: Words, index: int) -> bool:
    if index == 0 or index + 1 >= len(words.tokens):
        return False
    before, after = words.tokens[index - 1], words.tokens[index + 1]
    return before.text[-1].isdecimal() and after.text[0].isdecimal() and before.end == after.start - 1


def _is_soft(token: Token, before: Token, language: Language) -> bool:
    return before.text == "," or language.joins(token)


def _has_verb(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    return any(token.pos in FINITE for token in tokens[first:last])


def component_phrase(words: Words, first: int, last: int, language: Language) -> tuple[int, int]:
    """Widen a term to the name that the text gives the thing: its adjectives, nouns and of-complements.

    Args:
        words: The text.
        first: First token of the term.
        last: One past its last token.
        language: Whose links ("of", "de") bind a name.

    Returns:
        First and last (excluded) token of the name, without article.
    """
    tokens, sentence = words.tokens, words.sentence_of(first)
    while first > sentence.first and _modifies(tokens[first - 1], language):
        first -= 1
    end = last
    while end < sentence.last and end - first < _LONGEST_PHRASE:
        step = _linked(tokens, end, sentence.last, language, language.name_links)
        if not step:
            break
        end = step
    return first, end


def _modifies(token: Token, language: Language) -> bool:
    if token.norm in language.articles or token.norm in language.quantifiers or token.norm in language.not_names:
        return False
    return (token.pos in _MODIFIERS and token.pos != "NUM" and token.text[0].isalnum()) or (
        token.text in _DASHES and token.pos in NOMINAL
    )


def _linked(tokens: tuple[Token, ...], at: int, stop: int, language: Language, links: frozenset[str]) -> int:
    """One past the next modifier or linked noun that starts at ``at``; 0 when the phrase ends here."""
    token = tokens[at]
    if token.norm in language.stopwords and token.norm not in links:
        return 0
    if token.pos in _MODIFIERS and token.pos != "NUM" and token.text[0].isalnum():
        return at + 1
    if token.text in _DASHES and tokens[at - 1].end == token.start and at + 1 < stop:
        return at + 2 if tokens[at + 1].start == token.end else 0
    if token.norm not in links:
        return 0
    at += 1
    while at < stop and (tokens[at].text == "'" or tokens[at].norm in language.articles or tokens[at].pos == "DET"):
        at += 1
    if at < stop and tokens[at].pos in _MODIFIERS and tokens[at].pos != "NUM" and tokens[at].text[0].isalpha():
        return at + 1
    return 0


def cause_phrase(words: Words, at: int, stop: int, language: Language, *, nominal: bool = False) -> tuple[int, int]:
    """The complete phrase that starts at a token, up to its verb, a comma or a time; the article is left out.

    Where the phrase turns out to be the subject of a verb ("after a disc array broke down") the clause is taken.

    Args:
        words: The text.
        at: First token after the cue.
        stop: Where the clause (or a time expression) ends.
        language: Whose articles and links count.
        nominal: The cue governs a noun phrase: a verb or adverb behind the noun ends it.

    Returns:
        First and last (excluded) token; equal when there is no phrase.
    """
    tokens = words.tokens
    stop = min(stop, at + _LONGEST_PHRASE)
    first = skip_articles(tokens, at, stop, language)
    end = first
    seen_noun = False
    while end < stop:
        token = tokens[end]
        if nominal and seen_noun and token.pos in _AFTER_PHRASE:
            break
        if token.pos in FINITE and seen_noun:
            return first, _clause_tail(tokens, end, stop)
        if _breaks_phrase(tokens, end, language, seen_noun):
            break
        seen_noun = seen_noun or token.pos in NOMINAL
        end += 1
    while end > first and (
        tokens[end - 1].pos in ("ADP", "DET", "CCONJ", "PUNCT", "SCONJ") or tokens[end - 1].text == "'"
    ):
        end -= 1
    return (first, end) if seen_noun or end - first > 1 else (first, first)


def skip_articles(tokens: tuple[Token, ...], at: int, stop: int, language: Language) -> int:
    """The first token that is no article, apostrophe or quotation mark."""
    while at < stop and (tokens[at].norm in language.articles or tokens[at].text in "'\"«»“”„*_"):
        at += 1
    return at


def _breaks_phrase(tokens: tuple[Token, ...], at: int, language: Language, seen_noun: bool) -> bool:
    token = tokens[at]
    if token.pos == "PUNCT" or not token.text[0].isalnum():
        return not (token.text == "'" or (token.text in "-–/&%." and tokens[at - 1].end == token.start))
    if token.norm in language.clause_starts and seen_noun:
        return True
    return token.pos in ("SCONJ", "PRON") and seen_noun and token.norm not in language.long_links


def _clause_tail(tokens: tuple[Token, ...], verb: int, stop: int) -> int:
    end = verb
    while end < stop and tokens[end].text not in ',.;:!?…()«»“”"':
        end += 1
    return end


def phrase_before(words: Words, at: int, start: int, language: Language) -> tuple[int, int]:
    """The phrase that ends right before a token and begins no earlier than ``start``; the article is left out."""
    tokens = words.tokens
    first = at
    seen_noun = False
    while first > max(start, at - _LONGEST_PHRASE):
        token = tokens[first - 1]
        if token.pos in FINITE or token.pos in ("SCONJ", "PRON") or token.norm in language.clause_starts:
            break
        joins = token.text in "-–/&%.'’" and token.pos != "SPACE"
        if not token.text[0].isalnum() and not joins:
            break
        if token.pos == "ADV" and not seen_noun:
            at = first - 1 if at == first else at
        seen_noun = seen_noun or token.pos in NOMINAL
        first -= 1
    first = skip_articles(tokens, first, at, language)
    while (
        first < at
        and tokens[first].pos in ("ADP", "CCONJ", "ADV", "PUNCT")
        and tokens[first].norm not in language.quantifiers
    ):
        first = skip_articles(tokens, first + 1, at, language)
    return (first, at) if seen_noun else (at, at)


def trim(words: Words, first: int, last: int, language: Language) -> tuple[int, int]:
    """Leave out conjunctions and signs at both ends of a clause."""
    tokens = words.tokens
    drop = language.coordinators | language.clause_starts
    while first < last and (not tokens[first].text[0].isalnum() or tokens[first].norm in drop):
        first += 1
    while last > first and not tokens[last - 1].text[-1].isalnum() and tokens[last - 1].text not in "»”%":
        last -= 1
    return first, last
