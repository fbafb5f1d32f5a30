"""Names: organisations, services, places, and whose words a quotation is.

Names come from runs of capitalised words, from the words beside them and from the gazetteer; statistical entity
recognition is poor on product names and is not used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractor.languages import ActorRule, ComponentRule, Hits, Language, NameEntry
from extractor.mentions.clauses import FINITE
from extractor.tokens import Sentence, Token, Words, fold

_JOINTS = frozenset("-–&.'’/")
_CLOSE = 3
_OPENERS = frozenset('«“"„:(•*#|>[')
_NAMING = frozenset({"organization", "supplier"})
_ANNOUNCING = frozenset({"organization", "supplier", "affected", "service"})
_PROPER = frozenset({"PROPN", "X"})
_DASHES = frozenset("-–—")
_LINKING = frozenset({"NOUN", "ADJ", "ADP", "DET", "PUNCT"})
_LONGEST_GAP = 4
_LEAD = 3
_HEAD = 3
_LONGEST_DATELINE = 14
_SALIENT = 3.5
_SURE = 5.0
_BEST = 2.0


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name at tokens ``first`` to ``last`` (excluded).

    Attributes:
        first: First token.
        last: One past the last token.
        name: As written.
        type: organization, service, place, person or unknown.
        party: operator, affected, supplier or "" when the words beside it do not tell.
        owner: Name of the organisation whose service it is, when told.
        entry: Its gazetteer entry.
        rule: What decided the type.
    """

    first: int
    last: int
    name: str
    type: str
    party: str
    owner: str | None
    entry: NameEntry | None
    rule: str


def find(
    words: Words,
    hits: Hits,
    times: Sequence[tuple[int, int]],
    language: Language,
    gazetteer: Mapping[str, NameEntry],
) -> tuple[NameMention, ...]:
    """Every name of the text with its type.

    Args:
        words: The text.
        hits: What the lexicon found.
        times: Token spans of time expressions, which are no names.
        language: Its links inside names and its words that are no names.
        gazetteer: Folded name to entry.
    """
    blocked = {index for first, last in times for index in range(first, last)}
    cues = [(rule, hit.first, hit.last) for rule, hit in hits.of(ActorRule)]
    if language.about.nouns_capitalised:
        announced = {last for rule, _, last in cues if rule.type in _ANNOUNCING and rule.name != "before"}
        blocked |= _common_nouns(words.tokens, announced, gazetteer)
    titles = {first: last for rule, first, last in cues if rule.name == "after" and rule.type in _ANNOUNCING}
    runs = _runs(words, language, blocked, gazetteer, titles)
    parts = [(hit.first, hit.last) for _, hit in hits.of(ComponentRule)]
    heads = {last for rule, _, last in cues if rule.type == "organization" and rule.name == "before"}
    runs = [_completed(words, first, last, heads, blocked, language) for first, last in runs]
    alone = frozenset(map(fold, language.about.lists.get("not_alone", ())))
    runs = [run for run in runs if not all(token.norm in alone for token in words.tokens[slice(*run)])]
    spans = set(parts)
    near: dict[int, list[tuple[ActorRule, int, int]]] = defaultdict(list)
    for cue in cues:
        near[words.tokens[cue[1]].sentence].append(cue)
    mentions = [
        _typed(words, first, last, near[words.tokens[first].sentence], language, gazetteer)
        for first, last in runs
        if (first, last) not in spans or _key(words.tokens[first:last]) in gazetteer
    ]
    mentions = _without_datelines(words, mentions, blocked)
    mentions = _by_structure(words, mentions, language)
    return tuple(_promoted(words, _agree(mentions), {last for _, last in parts}, language))


def _common_nouns(tokens: Sequence[Token], announced: set[int], gazetteer: Mapping[str, NameEntry]) -> set[int]:
    """Capitalised words that are no names where every noun has a capital."""
    return {
        index
        for index, token in enumerate(tokens)
        if token.pos not in _PROPER and token.text.istitle() and index not in announced and token.norm not in gazetteer
    }


def _without_datelines(words: Words, mentions: list[NameMention], timed: set[int]) -> list[NameMention]:
    """Leave out what a dateline names ("PARIS (AFP), 3 May - ..."): where it was written, not what broke."""
    dropped: set[int] = set()
    for sentence in words.sentences[:_HEAD]:
        end = _dateline_end(words, sentence)
        inside = range(sentence.first, end)
        places = any(m.type == "place" and m.first in inside for m in mentions)
        if places or timed.intersection(inside):
            dropped.update(inside)
    return [mention for mention in mentions if mention.first not in dropped]


def _dateline_end(words: Words, sentence: Sentence) -> int:
    """The dash that closes a short head without a verb; the sentence's first token when there is none."""
    tokens = words.tokens
    for at in range(sentence.first + 1, min(sentence.first + _LONGEST_DATELINE, sentence.last - 1)):
        if tokens[at].text in "-–—" and tokens[at - 1].end < tokens[at].start and tokens[at].end < tokens[at + 1].start:
            return at
        if tokens[at].pos in FINITE:
            break
    return sentence.first


def _completed(
    words: Words, first: int, last: int, heads: set[int], blocked: set[int], language: Language
) -> tuple[int, int]:
    """A name that ends with the word for a body goes on: "University of Ravensgate", "Agence du revenu du Canada"."""
    tokens = words.tokens
    if last not in heads:
        return first, last
    stop = words.sentence_of(first).last
    end = last
    while end < stop and tokens[end].norm in language.name_links:
        at = end + 1
        while at < stop and (tokens[at].text in "'’" or tokens[at].norm in language.articles):
            at += 1
        if at >= stop or at in blocked or not (tokens[at].pos in ("NOUN", "PROPN", "X") or _is_capital(tokens[at])):
            break
        end = at + 1
        while end < stop and end not in blocked and _is_capital(tokens[end]):
            end += 1
    return first, end


def _is_capital(token: Token) -> bool:
    text = token.text
    return text[0].isupper() or (text[0].isalpha() and any(sign.isupper() for sign in text[1:]))


def _runs(
    words: Words, language: Language, blocked: set[int], gazetteer: Mapping[str, NameEntry], titles: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Spans of capitalised words, joined by signs and by links such as "of" between two of them.

    ``titles`` are words that stand before names ("operator"): where they have a capital because a sentence begins,
    they are no part of the name.
    """
    tokens = words.tokens
    inside = Counter(
        token.text
        for sentence in words.sentences
        for token in tokens[sentence.first + 1 : sentence.last]
        if _is_capital(token)
    )
    shouting = {s.index for s in words.sentences if _shouts(tokens[s.first : s.last])}
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if at in blocked or not _is_capital(token) or token.norm in language.not_names or token.sentence in shouting:
            at += 1
            continue
        end = _run_end(words, at, language, blocked)
        opens = at == words.sentence_of(at).first or tokens[at - 1].text in _OPENERS
        if opens and not _name_at_start(tokens, at, end, inside, gazetteer, language):
            at += 1
            continue
        title = titles.get(at, end) if opens and not inside[token.text] else end
        if title < end and _is_capital(tokens[title]) and _key(tokens[at:end]) not in gazetteer:
            at = title
        runs.append((at, end))
        at = end
    return runs


def _shouts(tokens: Sequence[Token]) -> bool:
    letters = [token.text for token in tokens if token.text[0].isalpha()]
    return len(letters) > 3 and sum(word.isupper() for word in letters) > 0.7 * len(letters)


def _run_end(words: Words, at: int, language: Language, blocked: set[int]) -> int:
    tokens, stop = words.tokens, words.sentence_of(at).last
    end = at + 1
    while end < stop and end not in blocked:
        token, before = tokens[end], tokens[end - 1]
        adjacent = token.start == before.end
        numbered = token.text.isdecimal() and len(token.text) <= 4 and not adjacent
        if numbered or (_is_capital(token) and token.norm not in language.not_names):
            end += 1
        elif token.text in _JOINTS and adjacent and end + 1 < stop and tokens[end + 1].start == token.end:
            follows = tokens[end + 1]
            if token.text in "'’" or (token.text == "." and not follows.text[0].isalnum()):
                break
            chained = end + 2 < stop and tokens[end + 2].text in "-–"
            if token.text in "-–" and not (_is_capital(follows) or follows.text[0].isdecimal() or chained):
                break
            end += 2
        elif token.text == "&" and end + 1 < stop and _is_capital(tokens[end + 1]):
            end += 2
        else:
            break
    return end


def _name_at_start(
    tokens: Sequence[Token],
    at: int,
    end: int,
    inside: Counter[str],
    gazetteer: Mapping[str, NameEntry],
    language: Language,
) -> bool:
    token = tokens[at]
    if token.norm in language.stopwords or token.norm in language.quantifiers or token.norm in language.clause_starts:
        return False
    if any(sign.isupper() for sign in token.text[1:]) or inside[token.text]:
        return True
    if any(_key(tokens[at:stop]) in gazetteer for stop in range(at + 1, end + 1)):
        return True
    return token.pos in ("PROPN", "X") or end - at > 1


def _key(tokens: Sequence[Token]) -> str:
    return " ".join(token.norm for token in tokens)


def _typed(
    words: Words,
    first: int,
    last: int,
    cues: Sequence[tuple[ActorRule, int, int]],
    language: Language,
    gazetteer: Mapping[str, NameEntry],
) -> NameMention:
    tokens = words.tokens
    name = words.text[slice(*words.span(first, last))]
    entry = gazetteer.get(_key(tokens[first:last]))
    type_, rule, party = (entry.type, "gazetteer", "") if entry else ("unknown", "capitals", "")
    for cue, start, end in cues:
        gap_after = [t for t in tokens[end:first] if t.norm not in language.articles and t.text not in "'«“\"*„"]
        close_after = (
            cue.name in ("after", "either")
            and end <= first
            and (
                not gap_after
                or (cue.type in _NAMING and not _personal(tokens[first:last]) and _links(tokens[end:first]))
                or (
                    cue.type == "person"
                    and entry is None
                    and _personal(tokens[first:last])
                    and _links(tokens[end:first])
                )
            )
        )
        gap_before = [t for t in tokens[last:start] if t.text not in "'»”\","]
        close_before = (
            cue.name in ("before", "either")
            and last <= start
            and len(gap_before) <= (_CLOSE if cue.type == "speech" else 0)
        )
        inside = first <= start and end <= last and cue.type in ("organization", "place", "service")
        if not (close_after or close_before or inside):
            continue
        if cue.type in ("supplier", "affected"):
            party = cue.type
            type_ = "organization" if type_ == "unknown" else type_
        elif cue.type == "source":
            type_, rule = ("medium", cue.id) if entry is None else (type_, rule)
        elif cue.type == "speech":
            type_ = "person" if type_ == "unknown" and last - first >= 2 else type_
        elif entry is None or type_ == "unknown":
            type_, rule = cue.type, cue.id
    return NameMention(first, last, name, type_, party, entry.operator if entry else None, entry, rule)


def _links(gap: Sequence[Token]) -> bool:
    """Whether the words between a cue and a name only say more of the cue: "provider (of card payments) Cardflow"."""
    plain = all((t.pos in _LINKING and t.text[0].islower()) or t.text == "'" for t in gap)
    return 0 < len(gap) <= _LONGEST_GAP and plain and gap[-1].pos in ("NOUN", "ADJ")


def _personal(name: Sequence[Token]) -> bool:
    """Whether a name looks like a first name and a surname."""
    return 2 <= len(name) <= 3 and all(t.text.istitle() and t.text.isalpha() for t in name)


def _by_structure(words: Words, mentions: list[NameMention], language: Language) -> list[NameMention]:
    """The name beside an organisation is its service: "ORG's NAME", "NAME of ORG", "the service of ORG, NAME"."""
    tokens = words.tokens
    lists = language.about.lists
    locatives, media = (frozenset(map(fold, lists.get(name, ()))) for name in ("locatives", "media"))
    result = _whole(words, mentions)
    for index, mention in enumerate(result):
        before = tokens[mention.first - 1].norm if mention.first else ""
        if mention.type == "unknown" and _is_dateline(words, mention):
            result[index] = replace(mention, type="place", rule="dateline")
        elif mention.type == "unknown" and len(tokens[mention.last - 1].text) == 1:
            result[index] = replace(mention, type="person", rule="initial")
        elif before in locatives and mention.type == "unknown":
            result[index] = replace(mention, type="place", rule="locative")
        elif before in media and mention.type in ("unknown", "organization", "service") and not mention.owner:
            result[index] = replace(mention, type="medium", rule="medium")
    for index in range(len(result) - 1):
        left, right = result[index], result[index + 1]
        if right.first - left.last > _LONGEST_GAP:
            continue
        between = [token.norm for token in tokens[left.last : right.first]]
        if between in (["'", "s"], ["'"]) and left.type == "organization" and right.type in ("unknown", "service"):
            result[index + 1] = replace(right, type="service", owner=left.name, rule=right.rule + "+possessive")
        link = [norm for norm in between if norm != "'" and norm not in language.articles]
        linked = len(link) <= 1 and between and all(norm in language.name_links for norm in link)
        of = linked and any(norm in language.name_links for norm in between)
        if of and right.type == "organization" and left.type in ("unknown", "service"):
            result[index] = replace(left, type="service", owner=right.name, rule=left.rule + "+of-organization")
        if between == [","] and left.type == "service" and right.type == "unknown":
            result[index + 1] = replace(right, type="service", owner=left.owner, rule="apposition")
    return _listed(words, result, language)


def _whole(words: Words, mentions: list[NameMention]) -> list[NameMention]:
    """A body with its owner's name is one name: "St Aldhelm's Infirmary"."""
    result: list[NameMention] = []
    for mention in mentions:
        left = result[-1] if result else None
        between = [] if left is None else [token.norm for token in words.tokens[left.last : mention.first]]
        body = mention.type == "organization" and mention.entry is None and mention.last - mention.first == 1
        if left is not None and body and between in (["'", "s"], ["'"]) and left.type != "person":
            name = words.text[slice(*words.span(left.first, mention.last))]
            result[-1] = replace(mention, first=left.first, name=name, rule="possessive")
        else:
            result.append(mention)
    return result


def _is_dateline(words: Words, mention: NameMention) -> bool:
    """Whether a name in capitals opens a sentence of the beginning and a dash follows it."""
    sentence = words.sentence_of(mention.first)
    follows = words.tokens[mention.last].text if mention.last < len(words.tokens) else ""
    opening = sentence.index < _LEAD and mention.first == sentence.first
    return opening and mention.last - mention.first == 1 and mention.name.isupper() and follows in _DASHES | {":"}


def _listed(words: Words, mentions: list[NameMention], language: Language) -> list[NameMention]:
    """Names of one list are of one type: "Tesco Mobile, Sky Mobile and giffgaff"."""
    joining = language.coordinators | language.articles | {","}
    result = list(mentions)
    for index in [*range(1, len(result)), *range(len(result) - 1, 0, -1)]:
        left, right = result[index - 1], result[index]
        between = [token.norm for token in words.tokens[left.last : right.first]]
        if not between or len(between) > 2 or not joining.issuperset(between):
            continue
        if left.type == "organization" and right.type == "unknown":
            result[index] = replace(right, type="organization", rule="list")
        elif right.type == "organization" and left.type == "unknown":
            result[index - 1] = replace(left, type="organization", rule="list")
    return result


def _agree(mentions: list[NameMention]) -> list[NameMention]:
    """A name keeps one type through a text: what the words beside it told once holds wherever it stands."""
    told: dict[str, NameMention] = {}
    for mention in mentions:
        key = fold(mention.name)
        if mention.type not in ("unknown", "medium") and (key not in told or told[key].type == "person"):
            told[key] = mention
    full = {fold(m.name) for m in mentions if m.type == "person"}
    result = []
    for mention in mentions:
        known = told.get(fold(mention.name))
        if mention.type == "unknown" and known is not None:
            mention = replace(mention, type=known.type, owner=known.owner, rule=known.rule)
        elif mention.type == "unknown" and any(key.endswith(" " + fold(mention.name)) for key in full):
            mention = replace(mention, type="person", rule="surname")
        result.append(mention)
    return result


def _promoted(words: Words, mentions: list[NameMention], parts: set[int], language: Language) -> list[NameMention]:
    """The names that the text is about are organisations even where no word beside them says so.

    A name counts more the oftener it stands, in the opening, right behind a part of a system ("the network Autosud"),
    and with a part of a system of its own ("Autosud's network").
    """
    scores: dict[str, float] = defaultdict(float)
    inner: set[str] = set()
    early: set[str] = set()
    for mention in mentions:
        if mention.type != "unknown" or len(mention.name) < 2:
            continue
        key = fold(mention.name)
        sentence = words.sentence_of(mention.first)
        after = words.tokens[mention.last] if mention.last < len(words.tokens) else None
        if after is not None and (after.pos in FINITE or after.text == "'"):
            scores[key] += 0.5
        if mention.first and words.tokens[mention.first - 1].norm in language.articles:
            scores[key] -= 0.5
        scores[key] += 1.0
        if sentence.index < _LEAD and key not in early:
            early.add(key)
            scores[key] += 1.5
        if mention.first in parts:
            scores[key] += 2.0
        inside = mention.first > sentence.first and words.tokens[mention.first - 1].text not in _OPENERS | _DASHES
        if inside or mention.last - mention.first > 1 or any(sign.isupper() for sign in mention.name[1:]):
            inner.add(key)
    candidates = {
        key: score
        for key, score in scores.items()
        if key in inner and key not in language.stopwords and (key in early or " " not in key)
    }
    best = max(candidates, key=lambda key: candidates[key], default="")
    chosen = {key for key, score in candidates.items() if score >= (_SALIENT if key == best else _SURE)}
    nameless = not chosen and not any(m.type == "organization" for m in mentions)
    if nameless and candidates and candidates[best] >= _BEST:
        chosen = {best}
    return [
        replace(m, type="organization", rule="salient") if m.type == "unknown" and fold(m.name) in chosen else m
        for m in mentions
    ]
