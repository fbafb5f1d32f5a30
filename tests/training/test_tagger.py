import json
import random
import shutil
from pathlib import Path

import pytest

from extractor import languages, tagging
from extractor.datafiles import models_folder
from extractor.errors import KnowledgeInvalid
from extractor.tokens import read
from extractor.training import tagger

LARGEST = 8_000_000
TRAINED = [code for code in languages.supported() if (models_folder() / code / "weights").is_dir()]


def treebank(folder: Path) -> Path:
    """A made-up language: words on -o are nouns, on -a verbs, and one determiner."""
    chance = random.Random(7)
    stems = ["bil", "kor", "ren", "tas", "vum", "pel"]
    lines = []
    for _ in range(240):
        noun, verb, other = (chance.choice(stems) for _ in range(3))
        text = f"La {noun}o {verb}a la {other}o."
        lines.append(f"# text = {text}")
        for number, (form, pos, features) in enumerate(
            [
                ("La", "DET", "_"),
                (f"{noun}o", "NOUN", "_"),
                (f"{verb}a", "VERB", "VerbForm=Fin"),
                ("la", "DET", "_"),
                (f"{other}o", "NOUN", "_"),
                (".", "PUNCT", "_"),
            ],
            start=1,
        ):
            lines.append(f"{number}\t{form}\t_\t{pos}\t_\t{features}\t_\t_\t_\t_")
        lines.append("")
    (folder / "qq_made.conllu").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    tagger.main(["qq", str(treebank(folder)), "--to", str(folder / "weights"), "--shown", "9000"])
    return folder / "weights"


def test_it_learns_what_it_is_shown_and_says_how_well(weights: Path) -> None:
    scores = json.loads((weights / "scores.json").read_text(encoding="utf-8"))
    assert scores["treebanks"] == ["qq_made.conllu"]
    assert scores["held_out"]["upos"] > 0.95
    assert scores["held_out_capitals"]["upos"] > 0.9
    words = read("La rozo misa la kelo. La bilo kora.", tagging.restore(weights), own_words=True)
    assert [token.pos for token in words.tokens if token.text.endswith(("o", "a"))] == [
        *["DET", "NOUN", "VERB", "DET", "NOUN"],
        *["DET", "NOUN", "VERB"],
    ]


def test_the_same_treebank_gives_the_same_weights(weights: Path, tmp_path: Path) -> None:
    tagger.main(["qq", str(treebank(tmp_path)), "--to", str(tmp_path / "again"), "--shown", "9000"])
    for name in (*tagging.FILES, "scores.json"):
        assert (tmp_path / "again" / name).read_bytes() == (weights / name).read_bytes(), name


@pytest.mark.parametrize("name", tagging.FILES)
def test_a_missing_file_is_told_with_its_folder(weights: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(weights, tmp_path / "weights")
    (tmp_path / "weights" / name).unlink()
    with pytest.raises(KnowledgeInvalid, match=f"weights: no {name}"):
        tagging.restore(tmp_path / "weights")


@pytest.mark.parametrize("damage", [lambda data: data[:2000], lambda data: b"", lambda data: data[:900] + b"?" * 400 + data[1300:]])  # fmt: skip
def test_damaged_weights_are_told(weights: Path, tmp_path: Path, damage: object) -> None:
    shutil.copytree(weights, tmp_path / "weights")
    path = tmp_path / "weights" / tagging.WEIGHTS_FILE
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(KnowledgeInvalid, match=r"tagger\.npz: damaged"):
        tagging.restore(tmp_path / "weights")


def test_weights_of_another_form_are_told(weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "weights")
    path = tmp_path / "weights" / tagging.SETTINGS_FILE
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["width"] = 32
    path.write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(KnowledgeInvalid, match="has the shape"):
        tagging.restore(tmp_path / "weights")


@pytest.mark.parametrize("choice", ["{}", "{weights: true, packages: [a], pipes: [b]}", "{packages: [a]}", "{weight: true}"])  # fmt: skip
def test_a_pipeline_is_packages_or_weights(tmp_path: Path, choice: str) -> None:
    (tmp_path / "language.yaml").write_text(f"code: qq\nname: Made\npipeline: {choice}\n", encoding="utf-8")
    with pytest.raises(KnowledgeInvalid, match=r"language\.yaml:3"):
        languages.Language(tmp_path)


def test_a_language_without_its_weights_is_told(tmp_path: Path) -> None:
    (tmp_path / "language.yaml").write_text("code: qq\nname: Made\npipeline: {weights: true}\n", encoding="utf-8")
    with pytest.raises(KnowledgeInvalid, match="weights: no "):
        languages.Language(tmp_path).read("La bilo kora.")


@pytest.mark.parametrize("code", TRAINED)
def test_shipped_weights_are_small_and_say_where_they_come_from(code: str) -> None:
    folder = models_folder() / code / "weights"
    assert sum(path.stat().st_size for path in folder.iterdir()) < LARGEST
    scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    notice = (folder / "NOTICE").read_text(encoding="utf-8")
    assert "universaldependencies.org" in notice
    assert "CC BY-SA" in notice
    for name in {file.split("-")[0] for file in scores["treebanks"]}:
        assert name in notice, f"the treebank {name} is not named"
    assert scores["held_out"]["upos"] > 0.9


@pytest.mark.parametrize("code", TRAINED)
def test_a_sentence_is_tagged_alike_wherever_it_stands(code: str) -> None:
    language = languages.get(code)
    first, second = "Server 12 (AWS) 10:15!", "DNS, BGP & IPv6 2024 - Zürich."
    alone = [[token.pos for token in language.read(text).tokens] for text in (first, second)]
    both = language.read(f"{first} {second}")
    assert [token.pos for token in both.tokens] == alone[0] + alone[1]
    assert all(token.pos for token in both.tokens)


@pytest.mark.parametrize("code", TRAINED)
@pytest.mark.parametrize("text", ["", " \n ", "x" * 5000, "-" * 300, "é\u0301\u0301 ﬁ 𝔘 ١٢ 中文"])
def test_odd_texts_have_a_tag_for_every_word(code: str, text: str) -> None:
    words = languages.get(code).read(text)
    assert all(token.pos for token in words.tokens)
