"""A user's own names and rules beside ours."""

from pathlib import Path

import pytest

from extractor import Document, Extractor
from extractor.batch import Options, run
from extractor.errors import KnowledgeInvalid
from extractor.sources.base import SourceDocument

TEXT = "Borealis was down on Monday from 9:00 to 10:30. The grommet was down because of a sproing."


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("knowledge")
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "acme.jsonl").write_text(
        '{"name": "Borealis", "type": "service", "aliases": ["BRLS"], "operator": "Acme Corp"}\n'
    )
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "components.yaml").write_text(
        '- id: grommet\n  category: router\n  terms: ["grommet*"]\n  examples: ["The [grommet] is down."]\n'
    )
    (tmp_path / "en" / "causes.yaml").write_text(
        "- id: sproing\n  category: hardware\n"
        '  terms: ["sproing*"]\n  examples: ["It failed because of a [sproing]."]\n'
    )
    return tmp_path


def test_names_and_rules_are_used_and_stay_the_users(folder: Path) -> None:
    document = Document(TEXT, published="2024-05-08", language="en")
    own = Extractor(knowledge=folder)(document)
    (incident,) = own.incidents
    assert [service.name for service in incident.services] == ["Borealis"]
    assert ("grommet", "router") in [(part.name, part.category) for part in incident.components]
    assert [cause.category for cause in incident.causes] == ["hardware"]
    ours = Extractor()(document)
    assert "Borealis" not in [service.name for found in ours.incidents for service in found.services]
    assert own.provenance.knowledge != ours.provenance.knowledge


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "en/components.yaml",
            '- id: a\n  category: rooter\n  terms: ["x"]\n  examples: ["[x]"]\n',
            "components.yaml:2",
        ),
        (
            "en/components.yaml",
            '- id: a\n  category: router\n  terms: ["(x"]\n  examples: ["[x]"]\n',
            "components.yaml:3",
        ),
        ("en/gadgets.yaml", "[]", "gadgets.yaml"),
        ("xx/causes.yaml", "[]", "xx/causes.yaml"),
        ("names/more.jsonl", '\n{"name": "A", "type": "planet"}\n', "more.jsonl:2"),
    ],
)
def test_a_mistake_is_named_with_its_place(folder: Path, name: str, text: str, told: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(KnowledgeInvalid, match=told):
        Extractor(knowledge=folder)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeInvalid):
        Extractor(knowledge=tmp_path / "nothing")


def test_a_corpus_is_read_again_when_the_knowledge_changes(folder: Path, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/a.db"
    documents = [SourceDocument(text=TEXT, id="a", published="2024-05-08", language="en", place="a.txt")]
    assert run(iter(documents), target, Options(knowledge=str(folder))).documents == 1
    assert run(iter(documents), target, Options(knowledge=str(folder))).documents == 0
    (folder / "names" / "more.jsonl").write_text('{"name": "Zorg", "type": "organization"}\n')
    assert run(iter(documents), target, Options(knowledge=str(folder))).documents == 1
