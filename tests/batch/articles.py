"""Made-up news: varied names, dates, numbers and sentences, in the languages there are; one in ten is an incident.

``python -m tests.batch.articles 20000 > news.jsonl`` writes a corpus.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from extractor.languages import supported

SENTENCES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "articles.yaml").read_text(encoding="utf-8")
)
ONE_IN = 10
_HEADS = ["Alder", "Bor", "Cald", "Dorn", "Elm", "Far", "Gar", "Hol", "Ister", "Jen", "Kel", "Lor", "Mar", "Nor", "Ost"]
_TAILS = ["ara", "bury", "den", "eno", "feld", "gate", "hurst", "ika", "lund", "mont", "nova", "oria", "pool", "rick"]
_FIRMS = ["Net", "Bank", "Telecom", "Cloud", "Energy", "Media"]


def articles(
    number: int, *, seed: int = 1, languages: tuple[str, ...] | None = None, length: int = 1500
) -> Iterator[dict[str, Any]]:
    """Articles as the records of a JSONL corpus: id, text, published.

    Args:
        number: How many.
        seed: The same seed gives the same articles.
        languages: Only these.
        length: Characters of an article, at least.
    """
    codes = languages or tuple(sorted(SENTENCES.keys() & {*supported()}))
    for at in range(number):
        chance = random.Random(f"{seed}/{at}")
        incident = at % ONE_IN == 3
        code = chance.choice(codes)
        yield {
            "id": f"{'incident' if incident else 'news'}-{at}",
            "text": _article(chance, SENTENCES[code], incident, length),
            "published": f"{chance.randint(2005, 2024)}-05-{chance.randint(1, 28):02}",
        }


def _article(chance: random.Random, told: dict[str, list[str]], incident: bool, length: int) -> str:
    names = _names(chance)
    chosen = [chance.choice(told["incident"]), *chance.sample(told["more"], k=3)] if incident else []
    paragraphs = [[_filled(chance, names, sentence) for sentence in chosen]] if incident else [[]]
    while sum(len(sentence) + 1 for paragraph in paragraphs for sentence in paragraph) < length:
        if len(paragraphs[-1]) >= 5:
            paragraphs.append([])
        paragraphs[-1].append(
            _filled(
                chance,
                names if incident else _names(chance),
                chance.choice(told["news" if not incident or len(paragraphs) > 2 else "more"]),
            )
        )
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph) + "\n"


def _names(chance: random.Random) -> dict[str, str]:
    def word() -> str:
        return chance.choice(_HEADS) + chance.choice(_TAILS)

    return {"name": f"{word()} {chance.choice(_FIRMS)}", "place": word(), "person": f"{word()} {word()}"}


def _filled(chance: random.Random, names: dict[str, str], sentence: str) -> str:
    return sentence.format(
        **names,
        n=chance.randint(20, 9000),
        k=chance.randint(2, 9),
        h=chance.randint(6, 21),
        m=f"{chance.randint(10, 59)}",
        day=chance.randint(1, 28),
    )


def write(path: Path, number: int, **options: Any) -> Path:
    """Write a JSONL corpus."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles(number, **options):
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    write(Path("/dev/stdout"), int(sys.argv[1]))
