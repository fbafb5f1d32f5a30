"""The wheel carries what the program knows, and works far from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from extractor.datafiles import models_folder

ROOT = Path(__file__).parent.parent
LARGEST = 60_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_everything_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    known = {path.relative_to(models_folder()).as_posix() for path in models_folder().rglob("*") if path.is_file()}
    assert {f"extractor/_models/{name}" for name in known} <= inside
    assert {"extractor/views/page.html", "extractor/views/page.css", "extractor/views/page.js"} <= inside
    assert not [name for name in inside if name.startswith(("tests/", "corpus/"))]
    assert wheel.stat().st_size < LARGEST


def test_it_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "import extractor.datafiles as d; print(d.models_folder()); import extractor; print(len(extractor.extract('The website was down on Monday.', '2024-05-08', language='en').times))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    folder, times = done.stdout.split()
    assert Path(folder) == tmp_path / "extractor" / "_models"
    assert times == "1"
