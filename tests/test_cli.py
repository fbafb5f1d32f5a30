"""The commands as a user runs them: real processes, real files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.records import Report

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "corpus" / "en" / "en-cloud-foundry-2011.txt"


def incidents(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "extractor", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **environment}, check=False)


def one_line(result: subprocess.CompletedProcess[bytes]) -> str:
    """The single line of an error."""
    lines = result.stderr.decode().strip().splitlines()
    assert len(lines) == 1, lines
    assert b"Traceback" not in result.stderr
    assert result.stdout == b""
    return lines[0]


def test_piped_output_is_a_report() -> None:
    result = incidents("extract", str(ARTICLE), "--published", "2011-05-02")
    assert result.returncode == 0, result.stderr
    report = Report.model_validate_json(result.stdout)
    assert report.document.published == "2011-05-02"
    assert report.document.uri == str(ARTICLE)
    assert [incident.role for incident in report.incidents].count("primary") == 2


def test_formats() -> None:
    line = incidents("extract", str(ARTICLE), "--format", "jsonl").stdout
    assert line.count(b"\n") == 1
    table = incidents("extract", str(ARTICLE), "--format", "table", "--published", "2011-05-02").stdout.decode()
    assert "VMware: Cloud Foundry" in table
    page = incidents("extract", str(ARTICLE), "--format", "html").stdout.decode()
    assert page.lower().startswith("<!doctype html>")
    assert "Content-Security-Policy" in page


def test_standard_input_and_include_text() -> None:
    text = "The website was down from 9:00 to 10:30 on 3 May 2024.\n"
    result = incidents("extract", "-", "--include-text", stdin=text.encode())
    document = json.loads(result.stdout)["document"]
    assert document["text"] == text
    assert document["uri"] is None
    assert document["id"].startswith("text-")


def test_explain_names_rules_and_what_was_looked_for() -> None:
    plain = json.loads(incidents("extract", str(ARTICLE)).stdout)
    explained = json.loads(incidents("extract", str(ARTICLE), "--explain").stdout)
    assert "rule" not in json.dumps(plain["incidents"])
    first = explained["incidents"][0]
    assert all(cause["rule"] for cause in first["causes"])
    assert first["looked_for"]
    assert all(not first[field] for field in first["looked_for"])


@pytest.mark.parametrize(
    ("content", "code", "exit_code"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 200, "input_binary", 2),
        ("Система не работала в течение трёх часов, сообщили в компании.".encode(), "language_unsupported", 1),
    ],
)
def test_refusals_are_one_clear_line(tmp_path: Path, content: bytes, code: str, exit_code: int) -> None:
    file = tmp_path / "input.txt"
    file.write_bytes(content)
    result = incidents("extract", str(file))
    assert result.returncode == exit_code
    assert code in one_line(result)


def test_missing_file_and_folder_and_bad_date(tmp_path: Path) -> None:
    missing = incidents("extract", str(tmp_path / "nothing.txt"))
    assert (missing.returncode, "does not exist" in one_line(missing)) == (2, True)
    folder = incidents("extract", str(tmp_path))
    assert (folder.returncode, "is a folder" in one_line(folder)) == (2, True)
    date = incidents("extract", str(ARTICLE), "--published", "2 May")
    assert (date.returncode, "invalid_date" in one_line(date)) == (2, True)


def test_unsupported_language_names_what_is_supported(tmp_path: Path) -> None:
    result = incidents("extract", str(ARTICLE), "--language", "ja")
    assert result.returncode == 1
    line = one_line(result)
    assert "Japanese" in line
    assert "English (en)" in line


@pytest.mark.parametrize("content", [b"", b"   \n\t ", b"\xef\xbb\xbf"])
def test_empty_text_is_done_with_a_warning(content: bytes) -> None:
    result = incidents("extract", "-", stdin=content)
    assert result.returncode == 0
    report = Report.model_validate_json(result.stdout)
    assert report.document.language.code == "und"
    assert [warning.code for warning in report.warnings] == ["empty_text"]
    assert report.incidents == ()


def test_other_encodings(tmp_path: Path) -> None:
    text = "Le site a été rétabli à midi après une panne de courant dans la salle des serveurs."
    for encoding in ("cp1252", "utf-16", "utf-8-sig", "utf-8"):
        file = tmp_path / f"{encoding}.txt"
        file.write_bytes(text.encode(encoding))
        report = Report.model_validate_json(incidents("extract", str(file)).stdout)
        assert report.document.length == len(text), encoding
        assert report.document.language.code == "fr"


def test_schema_is_what_the_repository_keeps() -> None:
    """A change of the contract is deliberate: `incidents schema > docs/schema.json` and a line in CHANGELOG."""
    kept = (ROOT / "docs" / "schema.json").read_text(encoding="utf-8")
    assert incidents("schema").stdout.decode() == kept


def test_languages_lists_the_folders() -> None:
    listed = incidents("languages", COLUMNS="120").stdout.decode()
    assert "French" in listed
    assert "English" in listed


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; import extractor.cli; print([m for m in ('spacy', 'dateparser', 'langdetect', 'yaml') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"[]"
