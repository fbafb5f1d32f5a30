"""Train a language's tagger again: ``python -m extractor.training.tagger LANGUAGE TREEBANK_FOLDER``.

The same treebanks, seed and versions give the same weights. They are written to models/LANGUAGE/weights with their
scores on the sentences that were held out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extractor.datafiles import models_folder
from extractor.tagging import PIPE, Settings, blank, restore, save
from extractor.training import treebank
from extractor.training.treebank import Sentence

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage


_SIGN = "POS=PUNCT"
_DETERMINER = "POS=DET"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        width: See ``tagging.Settings``; so are ``depth``, ``rows``, ``endings`` and ``beginning``.
        shown: Words to show in all; they set how often all sentences are seen, within ``epochs``.
        epochs: Fewest and most times that all sentences are seen.
        batch: Words of one step.
        rate: Highest step; it falls to nothing along a line.
        dropout: Share of the network that is switched off in a step.
        smoothing: Share of certainty that is given to the wrong labels.
        seen: How often a word must stand in the treebanks to be known by itself.
        lowered: Share of sentences that are shown in lower case.
        raised: Share that is shown in capitals.
        bare: Share that is shown without accents.
        terse: Share that is shown as a headline: without determiners and full stop.
        seed: Of every chance.
    """

    width: int = 96
    depth: int = 4
    rows: tuple[int, int, int, int, int] = (3000, 2000, 3000, 1500, 300)
    endings: tuple[int, int] = (2, 4)
    beginning: int = 3
    shown: int = 450_000
    epochs: tuple[int, int] = (3, 12)
    batch: int = 300
    rate: float = 0.002
    dropout: float = 0.25
    smoothing: float = 0.05
    seen: int = 2
    lowered: float = 0.08
    raised: float = 0.06
    bare: float = 0.08
    terse: float = 0.06
    seed: int = 1


def train(
    bank: treebank.Treebank, recipe: Recipe, report: Callable[[str], None]
) -> tuple[SpacyLanguage, Settings, set[str]]:
    """Train a tagger.

    Args:
        bank: Its sentences.
        recipe: How.
        report: Takes the line that tells how far it is.

    Returns:
        The pipeline, its form, and the words that it knows.
    """
    from thinc.api import Adam, fix_random_seed

    fix_random_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    counted = Counter(word.lower() for sentence in bank.train for word in sentence.words)
    words = {word for word, times in counted.items() if times >= recipe.seen}
    labels = tuple(sorted({label for sentence in bank.train for label in sentence.labels}))
    settings = Settings(
        width=recipe.width,
        depth=recipe.depth,
        rows=recipe.rows,
        endings=recipe.endings,
        beginning=recipe.beginning,
        labels=labels,
    )
    pipeline = blank(settings, words)
    model: Any = pipeline.get_pipe(PIPE)
    optimizer = Adam(recipe.rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    size = sum(len(sentence.words) for sentence in bank.train)
    epochs = min(max(round(recipe.shown / size), recipe.epochs[0]), recipe.epochs[1])
    total = epochs * size
    numbers = {label: number for number, label in enumerate(model.labels)}
    done, begin = 0, time.perf_counter()
    for epoch in range(epochs):
        loss = right = seen = 0.0
        for batch in _batches(bank.train, recipe.batch, chance):
            optimizer.learn_rate = recipe.rate * min(1.0, (done + recipe.batch) / (0.05 * total)) * (1 - done / total)
            shown = [_varied(sentence, recipe, chance) for sentence in batch]
            gold = np.array([numbers[label] for sentence in shown for label in sentence.labels])
            hits, surprise = _step(pipeline, [sentence.words for sentence in shown], gold, recipe, optimizer)
            done += sum(len(sentence.words) for sentence in batch)
            seen += len(gold)
            right += hits
            loss += surprise
        seconds = time.perf_counter() - begin
        report(f"epoch {epoch + 1}/{epochs}: loss {loss / seen:.4f}, right {right / seen:.4f}, {seconds:.0f} s")
    with model.model.use_params(optimizer.averages):
        averaged = {key: value.copy() for key, value in _arrays(model.model)}
    for key, value in averaged.items():
        node, name = key
        node.set_param(name, value)
    return pipeline, settings, words


def _arrays(model: Any) -> Iterator[tuple[tuple[Any, str], Any]]:
    for node in model.walk():
        for name in node.param_names:
            if node.has_param(name):
                yield (node, name), node.get_param(name)


def _step(
    pipeline: SpacyLanguage, shown: list[tuple[str, ...]], gold: Any, recipe: Recipe, optimizer: Any
) -> tuple[float, float]:
    from spacy.tokens import Doc
    from thinc.api import set_dropout_rate

    model: Any = pipeline.get_pipe(PIPE)
    set_dropout_rate(model.model, recipe.dropout)
    scores, back = model.model.begin_update([Doc(pipeline.vocab, words=list(words)) for words in shown])
    flat = np.concatenate(scores)
    rows = np.arange(len(gold))
    wrong = recipe.smoothing / (flat.shape[1] - 1)
    target = np.full_like(flat, wrong)
    target[rows, gold] = 1 - recipe.smoothing
    ends = np.cumsum([len(words) for words in shown])[:-1]
    back(np.split(flat - target, ends))
    model.model.finish_update(optimizer)
    return float((flat.argmax(1) == gold).sum()), float(-np.log(flat[rows, gold] + 1e-9).sum())


def _batches(sentences: Sequence[Sentence], size: int, chance: random.Random) -> Iterator[list[Sentence]]:
    order = list(sentences)
    chance.shuffle(order)
    batch: list[Sentence] = []
    for sentence in order:
        if not sentence.words:
            continue
        batch.append(sentence)
        if sum(len(one.words) for one in batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _varied(sentence: Sentence, recipe: Recipe, chance: random.Random) -> Sentence:
    """The sentence as it is, or as a hasty or shouting writer or a headline would have it."""
    if chance.random() < recipe.terse:
        sentence = _headline(sentence)
    drawn = chance.random()
    if drawn < recipe.lowered:
        return Sentence(tuple(map(str.lower, sentence.words)), sentence.labels)
    if drawn < recipe.lowered + recipe.raised:
        return Sentence(tuple(map(str.upper, sentence.words)), sentence.labels)
    if drawn < recipe.lowered + recipe.raised + recipe.bare:
        return Sentence(tuple(_bare(word) for word in sentence.words), sentence.labels)
    return sentence


def _headline(sentence: Sentence) -> Sentence:
    last = len(sentence.words) - (sentence.labels[-1] == _SIGN)
    kept = [at for at in range(last) if sentence.labels[at] != _DETERMINER]
    if not kept:
        return sentence
    words = [sentence.words[at] for at in kept]
    words[0] = words[0][:1].upper() + words[0][1:]
    return Sentence(tuple(words), tuple(sentence.labels[at] for at in kept))


def _bare(word: str) -> str:
    signs = (sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
    return "".join(signs) or word


def measure(
    pipeline: SpacyLanguage, sentences: Sequence[Sentence], write: Callable[[str], str] = str
) -> dict[str, float | int]:
    """Score a tagger.

    Args:
        pipeline: The tagger.
        sentences: Sentences with their labels.
        write: What is done to each word before it is shown.

    Returns:
        Words, the share whose part of speech is right, and of verbs (gold VERB or AUX) the share whose form is right
        and that were taken for verbs; F1 of finite verbs, participles and infinitives.
    """
    from spacy.tokens import Doc

    pairs: list[tuple[str, str]] = []
    shown = [sentence for sentence in sentences if sentence.words]
    docs = (Doc(pipeline.vocab, words=[write(word) for word in sentence.words]) for sentence in shown)
    for sentence, doc in zip(shown, pipeline.pipe(docs, batch_size=64), strict=True):
        guessed = [f"POS={token.pos_}" + (f"|{token.morph}" if str(token.morph) else "") for token in doc]
        pairs += zip(sentence.labels, guessed, strict=True)
    result: dict[str, float | int] = {"words": len(pairs)}
    result["upos"] = _share([_pos(gold) == _pos(guess) for gold, guess in pairs])
    result["verb_form"] = _share([_kind(gold) == _kind(guess) for gold, guess in pairs if _kind(gold)])
    for kind in ("finite", "part", "inf"):
        both = sum(_kind(gold) == kind == _kind(guess) for gold, guess in pairs)
        either = sum((_kind(gold) == kind) + (_kind(guess) == kind) for gold, guess in pairs)
        result[f"{kind}_f1"] = round(2 * both / either, 4) if either else 0.0
    return result


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 4) if found else 0.0


def _pos(label: str) -> str:
    return label.split("|")[0]


def _kind(label: str) -> str:
    if _pos(label) not in ("POS=VERB", "POS=AUX"):
        return ""
    form = label.rsplit("=", 1)[1]
    return {"Part": "part", "Ger": "part", "Inf": "inf"}.get(form, "finite")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write and measure the tagger of one language."""
    parser = argparse.ArgumentParser(description="Train a language's tagger from treebanks.")
    parser.add_argument("language", help="code of the folder of models/")
    parser.add_argument("treebanks", type=Path, help="folder of CoNLL-U files, plain or xz, named LANGUAGE_*")
    parser.add_argument("--to", type=Path, help="where the weights go (models/LANGUAGE/weights)")
    parser.add_argument("--shown", type=int, default=Recipe().shown, help="words to show in all")
    given = parser.parse_args(arguments)
    folder = given.to or models_folder() / given.language / "weights"
    recipe = Recipe(shown=given.shown)
    bank = treebank.read(given.treebanks, given.language)
    pipeline, settings, words = train(bank, recipe, lambda line: print(line, file=sys.stderr, flush=True))
    save(pipeline, settings, words, folder)
    # What is measured is what is shipped: the weights as they were written.
    shipped = restore(folder)
    scores = {
        "treebanks": list(bank.files),
        "recipe": asdict(recipe),
        "train_words": sum(len(sentence.words) for sentence in bank.train),
        "held_out": measure(shipped, bank.held_out),
        "held_out_lower_case": measure(shipped, bank.held_out, str.lower),
        "held_out_capitals": measure(shipped, bank.held_out, str.upper),
    }
    written = json.dumps(scores, indent=1)
    (folder / "scores.json").write_text(written + "\n", encoding="utf-8")
    print(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
