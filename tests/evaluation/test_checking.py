from pathlib import Path
from typing import Any

import pytest
from gold_making import TEXT, TIMES, gold_data, gold_incident, store

from extractor.evaluation.checking import check


def faults(corpus: Path) -> list[tuple[str, str]]:
    return [(fault.file, fault.what) for fault in check(corpus)]


def test_a_good_article_has_no_fault(tmp_path: Path) -> None:
    store(tmp_path)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"causes": [{"text": "flawed battery", "category": "power", "role": "root"}]}, "cause 'flawed battery'"),
        ({"impacts": [{"text": "site down", "kind": "unavailable"}]}, "impact 'site down' is not in the text"),
        ({"actions": [{"text": " Engineers", "kind": "fix"}]}, "starts or ends with a blank"),
        ({"organizations": ["Globex"]}, "organization 'Globex'"),
        ({"services": ["Mail"]}, "service 'Mail'"),
        ({"locations": ["Paris"]}, "location 'Paris'"),
        ({"components": [{"name": "router", "category": "router", "status": "failed"}]}, "component 'router'"),
        ({"components": [{"name": "website", "category": "site", "status": "failed"}]}, "components.0.category"),
        ({"components": [{"name": "website", "category": "website", "status": "restored"}]}, "components.0.status"),
        ({"causes": [{"text": "faulty battery", "category": "magic", "role": "root"}]}, "causes.0.category"),
        ({"started_at": "2023-05-32", "duration_basis": "stated"}, "started_at '2023-05-32' is no ISO 8601 value"),
        (
            {"resolved_at": "2023-04-30", "duration_basis": "stated"},
            "resolved_at 2023-04-30 is before started_at 2023-05-01T10:15",
        ),
        ({"detected_at": "2023-05-01T10:10"}, "detected_at 2023-05-01T10:10 is before"),
        ({"duration": "75 minutes", "duration_basis": "stated"}, "duration '75 minutes'"),
        ({"duration_basis": None}, "duration and duration_basis"),
        ({"duration": "PT2H"}, "derived duration PT2H is not what lies between"),
        ({"started_at": "2023-05-01"}, "derived duration PT1H15M is not what lies between"),
        ({"approximate": ["detected_at"]}, "detected_at is approximate and null"),
        ({"approximate": ["kind"]}, "approximate.0"),
    ],
)
def test_faults_of_an_incident(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    store(tmp_path, incidents=[gold_incident(**changes)])
    assert [file for file, _ in faults(tmp_path)] == ["en/en-acme.json"]
    assert told in faults(tmp_path)[0][1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"times": [TIMES[1], TIMES[0]]}, "time 'Monday' is not found after the time before it"),
        ({"times": [{"text": "Tuesday", "value": "2023-05-02"}]}, "time 'Tuesday' is not in the text"),
        ({"times": [TIMES[0], TIMES[0]]}, "time 'Monday' is not found after"),  # overlapping
        ({"times": [{"text": "Monday", "value": "1 May"}]}, "value '1 May'"),
        ({"published": "May 2023"}, "published 'May 2023'"),
        ({"published": "2023-05-02T25:00"}, "published '2023-05-02T25:00'"),
        ({"cases": [15]}, "cases [15]"),
        ({"relevant": False}, "is not relevant and has incidents"),
        ({"incidents": []}, "is relevant and has no incident"),
        ({"surprise": 1}, "surprise: Extra inputs"),
    ],
)
def test_faults_of_an_article(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    store(tmp_path, **changes)
    assert len(faults(tmp_path)) == 1
    assert told in faults(tmp_path)[0][1]


def test_a_coarser_start_is_not_after_the_end(tmp_path: Path) -> None:
    store(tmp_path, incidents=[gold_incident(started_at="2023-05", duration_basis="stated")])
    assert faults(tmp_path) == []


def test_ids_and_languages_are_the_names_of_files_and_folders(tmp_path: Path) -> None:
    store(tmp_path).rename(tmp_path / "en" / "en-other.json")
    (tmp_path / "en" / "en-acme.txt").rename(tmp_path / "en" / "en-other.txt")
    assert faults(tmp_path) == [("en/en-other.json", "the id 'en-acme' is not the name of the file")]
    store(tmp_path, text="Nothing.", id="en-third", incidents=[], relevant=False, times=[])
    (tmp_path / "en").rename(tmp_path / "xx")
    assert ("xx/en-third.json", "the language 'en' is not the name of the folder") in faults(tmp_path)


def test_an_id_stands_once_in_the_corpus(tmp_path: Path) -> None:
    store(tmp_path)
    store(tmp_path, text="Nothing.", lang="xx", incidents=[], relevant=False, times=[])
    assert ("xx/en-acme.json", "has the id of en/en-acme.json") in faults(tmp_path)


def test_text_and_gold_stand_together(tmp_path: Path) -> None:
    path = store(tmp_path)
    (tmp_path / "en" / "en-lone.txt").write_text("Alone.", encoding="utf-8")
    (tmp_path / "en" / "notes.md").write_text("Notes.", encoding="utf-8")
    assert faults(tmp_path) == [("en/en-lone.txt", "has no .json"), ("en/notes.md", "is neither .txt nor .json")]
    path.with_suffix(".txt").unlink()
    assert any(file == "en/en-acme.json" and "en-acme.txt" in what for file, what in faults(tmp_path))


def test_a_run_of_eight_words_is_shared_by_nobody(tmp_path: Path) -> None:
    run = "One two, three four five six SEVEN eight."
    bare: dict[str, Any] = {"incidents": [], "relevant": False, "times": []}
    store(tmp_path, text=f"Start. {run}", id="en-a", **bare)
    store(tmp_path, text=run.lower(), id="xx-b", lang="xx", **bare)
    store(tmp_path, text="One two three four five six seven nine", id="xx-c", lang="xx", **bare)
    assert faults(tmp_path) == [
        ("xx/xx-b.json", "shares 8 words with en/en-a.json: 'one two three four five six seven eight'")
    ]


def test_the_helpers_make_what_the_files_hold() -> None:
    assert gold_data()["incidents"][0]["causes"][0]["text"] in TEXT
