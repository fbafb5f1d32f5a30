import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from extractor import extract, languages
from extractor.datafiles import models_folder
from extractor.errors import LanguageUnsupported
from extractor.languages import detect
from extractor.records import Report

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The service was restored at noon after a power failure.", "en"),
        ("Le service a été rétabli à midi après une panne de courant.", "fr"),
        ("LE SERVICE A ETE RETABLI A MIDI APRES UNE PANNE DE COURANT", "fr"),
        ("De storing is rond het middaguur verholpen, meldt de provider.", "nl"),
        ("Система не работала в течение трёх часов.", "ru"),
        ("12:35 UTC 404 10.0.0.1", "und"),
        ("", "und"),
    ],
)
def test_detect(text: str, code: str) -> None:
    assert detect(text).code == code


def test_code_and_addresses_do_not_count() -> None:
    log = "\n".join(f"error: connection to 10.0.0.{n} refused; retry {{status}};" for n in range(40))
    assert (
        detect(f"{log}\nLe service a été rétabli à midi, indique l'opérateur.\nhttps://status.example.com/down").code
        == "fr"
    )


def test_detection_is_equal_in_every_thread() -> None:
    text = "Le serveur / the server est down since midi, thank you de votre patience."
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(detect(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(other == found[0] for other in found)


def test_a_given_language_is_recorded_as_given() -> None:
    report = extract("The site was down on Monday.", "2024-05-08", language="EN")
    assert report.document.language.model_dump() == {"code": "en", "confidence": 1.0, "basis": "given"}


def test_an_unsupported_language_is_refused_by_name() -> None:
    with pytest.raises(LanguageUnsupported, match="Russian"):
        extract("Система не работала в течение трёх часов, сообщили в компании.")
    assert "fr" in languages.supported()


@pytest.mark.parametrize(
    ("text", "published", "basis"),
    [
        ("PARIS, 3 mai 2024 - Le site de la banque est en panne.", "2024-05-03", "dateline"),
        ("Strasbourg, vendredi 03/05/2024 - Le site de la banque est en panne.", "2024-05-03", "dateline"),
        ("PARIS, 3 mai - Le site de la banque est en panne.", None, None),
        ("Le site de la banque est tombé en panne le 3 mai 2024 à midi.", None, None),
    ],
)
def test_publication_from_a_dateline(text: str, published: str | None, basis: str | None) -> None:
    report: Report = extract(text, language="fr")
    assert (report.document.published, report.document.published_basis) == (published, basis)


def test_of_a_partial_language_the_times_are_read_and_it_is_said_so(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models_folder(), folder, ignore=shutil.ignore_patterns("weights"))
    for path in (folder / "it").glob("*.yaml"):
        if path.name not in ("language.yaml", "times.yaml"):
            path.unlink()
    script = (
        "from extractor import extract; report = extract('Il sito era fermo dalle 12:30 del 3 maggio 2024.', language='it');"
        "print([w.code for w in report.warnings], len(report.incidents), len(report.times))"
    )
    shutil.copytree(ROOT / "extractor", tmp_path / "extractor", ignore=shutil.ignore_patterns("__pycache__"))
    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[0].startswith("['language_partial'] 0 ")
