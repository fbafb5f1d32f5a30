import hashlib
import json
from pathlib import Path

import pytest
from gold_making import article, gold_data, store

from extractor.errors import GoldInvalid
from extractor.evaluation.gold import (
    FEWEST_ARTICLES,
    GoldArticle,
    corpus_hash,
    experimental,
    folders,
    load,
    place,
    read_gold,
    seed_events,
    split_of,
)


def gold(**changes: object) -> GoldArticle:
    return GoldArticle.model_validate(gold_data(**changes))


def event_in(split: str) -> str:
    """An event whose hash falls into a split."""
    wanted = split == "test"
    return next(
        name for name in map(str, range(99)) if (int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0) == wanted
    )


def test_split_goes_by_the_hash_of_the_event_else_of_the_id() -> None:
    for split in ("dev", "test"):
        assert split_of(gold(event=event_in(split)), frozenset()) == split
        assert split_of(gold(event=None, id=event_in(split)), frozenset()) == split


def test_seed_articles_and_their_events_are_dev() -> None:
    event = event_in("test")
    seeds = seed_events([gold(event=event, note="seed: mended"), gold(event="other")])
    assert seeds == {event}
    assert split_of(gold(event=event, note="seed: mended"), seeds) == "dev"
    assert split_of(gold(event=event), seeds) == "dev"


def test_seed_events_count_over_all_languages(tmp_path: Path) -> None:
    event = event_in("test")
    store(tmp_path, event=event)
    assert load(tmp_path)["en"][0].split == "test"
    store(tmp_path, id="xx-acme", lang="xx", event=event, note="seed: mended")
    assert load(tmp_path)["en"][0].split == "dev"


def test_text_is_read_as_the_extractor_reads_it(tmp_path: Path) -> None:
    path = store(tmp_path)
    path.with_suffix(".txt").write_bytes("\ufeffone\r\ntwo".encode())
    assert load(tmp_path)["en"][0].text == "one\r\ntwo"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"extra": 1}, "extra"),
        ({"register": "novel"}, "register"),
        ({"incidents": [{"role": "primary"}]}, "incidents.0.kind"),
        ({"times": [{"text": "", "value": "2023"}]}, "times.0.text"),
    ],
)
def test_a_fault_of_the_schema_names_file_and_key(tmp_path: Path, changes: dict[str, object], where: str) -> None:
    path = tmp_path / "en-acme.json"
    path.write_text(json.dumps(gold_data() | changes), encoding="utf-8")
    with pytest.raises(GoldInvalid) as caught:
        read_gold(path)
    assert str(path) in str(caught.value)
    assert where in str(caught.value)


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(GoldInvalid, match="no such folder"):
        folders(tmp_path / "nowhere")
    with pytest.raises(GoldInvalid, match="no articles"):
        folders(tmp_path)
    path = store(tmp_path)
    path.with_suffix(".txt").unlink()
    with pytest.raises(GoldInvalid, match=r"en-acme\.txt"):
        load(tmp_path)


def test_spans_are_placed_in_order_and_on_whole_words() -> None:
    text = "From 2 to 12 on 2 May 2023"
    assert place(text, ["2", "12", "2 May", "2023"]) == [(5, 6), (10, 12), (16, 21), (22, 26)]
    assert place(text, ["2 May", "12"]) == [(16, 21), None]


def test_the_hash_changes_with_text_and_gold(tmp_path: Path) -> None:
    path = store(tmp_path)
    before = corpus_hash(path.parent)
    assert corpus_hash(path.parent) == before
    path.with_suffix(".txt").write_text("other", encoding="utf-8")
    assert corpus_hash(path.parent) != before


def test_a_handful_of_articles_is_experimental() -> None:
    assert experimental((article(),) * (FEWEST_ARTICLES - 1))
    assert not experimental((article(),) * FEWEST_ARTICLES)
