import re

import pytest

from tests import readme

TEXT = readme.README.read_text(encoding="utf-8")
BLOCKS = list(readme.blocks(TEXT))


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["command"][:60])
def test_a_command_prints_what_readme_shows(block: re.Match[str]) -> None:
    """When the change is meant: `python -m tests.readme`."""
    assert readme.output(block["command"]) == block["output"]


def test_python_examples_run() -> None:
    examples = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    assert examples
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (readme.ROOT / target).exists(), target
