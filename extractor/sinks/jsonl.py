"""JSONL: one report a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from pathlib import Path


class Jsonl:
    """Reports as they are."""

    def write(self, path: Path, old: Path | None, replaced: Set[str], reports: Iterator[str]) -> None:
        """Write a file anew, see ``Format``."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            if old is not None:
                with old.open(encoding="utf-8", newline="\n") as lines:
                    file.writelines(line for line in lines if json.loads(line)["document"]["id"] not in replaced)
            file.writelines(report + "\n" for report in reports)
