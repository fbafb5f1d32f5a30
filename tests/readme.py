"""The commands of README.md with what they print: `python -m tests.readme` writes the outputs anew, a test compares them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.S)
WIDTH = "100"


def blocks(text: str) -> Iterator[re.Match[str]]:
    """Console blocks whose command is ours; those that install or serve are only shown."""
    return (found for found in BLOCK.finditer(text) if found["command"].startswith("incidents "))


def output(command: str) -> str:
    """What a command prints, as README shows it: in the project's folder, 100 columns wide."""
    environment = {
        **os.environ,
        "COLUMNS": WIDTH,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def main() -> None:
    text = README.read_text(encoding="utf-8")
    for found in list(blocks(text)):
        fresh = f"```console\n$ {found['command']}\n{output(found['command'])}```"
        text = text.replace(found[0], fresh)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
