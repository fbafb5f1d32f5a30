"""The program as a user runs it, and what its database holds."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select

from extractor.sinks.sql import schema
from extractor.sinks.sql.connecting import connect

ROOT = Path(__file__).parent.parent.parent
FAULTS = Path(__file__).parent / "faults"
#: Columns that say when and in which run, not what.
OF_THE_RUN = {"run_id", "done_at"}
PROGRAM = [sys.executable, "-m", "extractor"]


def environment(fault: str | None = None, **more: str) -> dict[str, str]:
    """The environment of the program, with a fault on order."""
    paths = [*([str(FAULTS)] if fault else []), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "INCIDENTS_FAULT": fault or "", **more}


def incidents(
    *arguments: str | Path,
    fault: str | None = None,
    stdin: bytes = b"",
    cwd: Path | None = None,
    timeout: float | None = 240,
    **more: Any,
) -> subprocess.CompletedProcess[bytes]:
    """Run the program to its end."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=environment(fault, **more.pop("env", {})),
        cwd=cwd,
        check=False,
        timeout=timeout,
        **more,
    )


def start(*arguments: str | Path, fault: str | None = None, **more: Any) -> subprocess.Popen[bytes]:
    """Start the program."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(fault),
        **more,
    )


def content(target: str) -> dict[str, list[str]]:
    """Every row of every table but runs, as JSON, sorted; without the columns of the run."""
    engine = connect(target)
    found = {}
    with engine.connect().execution_options(reading=True) as connection:
        for table in schema.metadata.sorted_tables:
            if table.name != "runs":
                columns = [column for column in table.c if column.name not in OF_THE_RUN]
                rows = connection.execute(select(*columns)).all()
                found[table.name] = sorted(json.dumps([*row], default=str, sort_keys=True) for row in rows)
    engine.dispose()
    return found


def no_worker_left(group: int) -> bool:
    """Whether no process of a group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
