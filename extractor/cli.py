"""The commands. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from extractor.errors import ExtractorError
from extractor.limits import BLAS_THREADS, COLLECT, SHARD_CHARACTERS, SINK_PATIENCE

if TYPE_CHECKING:
    from extractor.records import Report

app = typer.Typer(
    name="incidents",
    help="Read incidents out of articles: what broke, when, why, and what it did to whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """What a report looks like."""

    json = "json"
    jsonl = "jsonl"
    table = "table"
    html = "html"


class Dialect(StrEnum):
    """Which SQL."""

    sqlite = "sqlite"
    postgresql = "postgresql"


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version as installed

        typer.echo(f"incident-extractor {installed('incident-extractor')}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def extract(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.", metavar="FILE|-")],
    published: Annotated[
        str | None, typer.Option(help="Date or date-time of publication, ISO 8601: 2011-05-02, 2011-05-02T08:30.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1 code; detected when left out.")] = None,
    format: Annotated[
        Format | None, typer.Option(help="Table on a terminal and JSON when piped, when left out.")
    ] = None,
    explain: Annotated[bool, typer.Option(help="Tell which rule decided each value, and what was looked for.")] = False,
    include_text: Annotated[bool, typer.Option(help="Let the text travel in the JSON.")] = False,
    knowledge: Annotated[
        Path | None, typer.Option(help="A folder with names and rules of your own.", metavar="DIR")
    ] = None,
) -> None:
    """Extract one document."""
    from extractor.pipeline import Document, Extractor
    from extractor.sources import text

    try:
        source = next(iter(text.read(file)))
        document = Document(text=source.text, uri=source.uri, published=published, language=language)
        report = Extractor(explain=explain, include_text=include_text, knowledge=knowledge)(document)
    except ExtractorError as error:
        _end(error)
    _show(
        report, document.text, format or (Format.table if sys.stdout and sys.stdout.isatty() else Format.json), explain
    )


def _show(report: Report, text: str, format: Format, explain: bool) -> None:
    from extractor.cleaning import clean

    if format is Format.jsonl:
        typer.echo(report.model_dump_json())
    elif format is Format.json:
        typer.echo(report.model_dump_json(indent=1))
    elif format is Format.html:
        from extractor.views.page import render_page

        typer.echo(render_page(report, clean(text).text))
    else:
        from rich.console import Console

        from extractor.views.table import render_table

        render_table(report, clean(text).text, Console(), explain=explain)


@app.command()
def evaluate(
    corpus: Annotated[Path, typer.Argument(help="A folder of annotated articles, one folder a language.")],
    split: Annotated[str | None, typer.Option(help="dev or test; all when left out.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language; may be repeated.")] = None,
    errors: Annotated[int, typer.Option(help="Show this many of the commonest errors with their sentences.")] = 0,
    json: Annotated[Path | None, typer.Option(help="Write the scores as JSON to this file.")] = None,
    gate: Annotated[bool, typer.Option(help="Fail when a score lies under its floor (floors.toml).")] = False,
    raise_floors: Annotated[bool, typer.Option(help="Raise the floors to today's scores.")] = False,
    lower_floors: Annotated[str | None, typer.Option(help="Lower floors, with the reason why.")] = None,
    write: Annotated[bool, typer.Option(help="Store the scores in models/scores.toml.")] = False,
    calibration: Annotated[
        bool, typer.Option(help="Show how often values said with so much confidence are right.")
    ] = False,
    datasheet: Annotated[bool, typer.Option(help="Only write the counts in the corpus' README.md anew.")] = False,
) -> None:
    """Score the extractor against an annotated corpus: precision, recall, F1 for each field and language."""
    from rich.console import Console

    from extractor.evaluation import run
    from extractor.evaluation.datasheet import refresh

    try:
        if datasheet:
            refresh(corpus)
            raise typer.Exit
        code = run(
            corpus,
            split=split,
            languages=language or [],
            errors=errors,
            json_path=json,
            gate=gate,
            raise_floors=raise_floors,
            lower_floors_reason=lower_floors,
            write=write,
            calibration=calibration,
            console=Console(),
        )
    except ExtractorError as error:
        _end(error)
    raise typer.Exit(code)


@app.command()
def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...", help="Files, folders, globs; .txt .html .jsonl(.gz) .warc(.gz) .parquet; - is JSONL."
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            help="sqlite:///file.db, postgresql://..., out.jsonl, out.csv, out.parquet; - is standard output."
        ),
    ] = "-",
    min_relevance: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Only score documents that are less surely an incident report.")
    ] = 0.0,
    only_incidents: Annotated[bool, typer.Option(help="Write only documents that report an incident.")] = False,
    processes: Annotated[
        int | None, typer.Option(min=0, help="Worker processes; one a core when left out, 0 works in this one.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler (tcp://...), or local.", metavar="ADDRESS")
    ] = None,
    keep: Annotated[bool, typer.Option(help="Leave documents alone that an older version extracted.")] = False,
    explain: Annotated[bool, typer.Option(help="Tell which rule decided each value, and what was looked for.")] = False,
    include_text: Annotated[bool, typer.Option(help="Let the text travel in the reports.")] = False,
    knowledge: Annotated[
        Path | None, typer.Option(help="A folder with names and rules of your own.", metavar="DIR")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the files; found out when left out.")] = None,
    shard_characters: Annotated[
        int, typer.Option(min=1, help="Characters of text in one unit of work and of commit.")
    ] = SHARD_CHARACTERS,
    patience: Annotated[
        float, typer.Option(min=0.0, help="Seconds to wait for a database that is away.")
    ] = SINK_PATIENCE,
) -> None:
    """Extract a corpus; the same command again goes on where it was stopped."""
    from rich.console import Console

    from extractor.batch import Options, commands

    options = Options(
        explain=explain,
        include_text=include_text,
        only_incidents=only_incidents,
        min_relevance=min_relevance,
        keep=keep,
        knowledge=str(knowledge.absolute()) if knowledge else None,
    )
    try:
        code = commands.batch(
            inputs,
            to,
            options,
            processes=processes,
            cluster=cluster,
            encoding=encoding,
            shard_characters=shard_characters,
            patience=patience,
            console=Console(stderr=True),
        )
    except ExtractorError as error:
        _end(error)
    raise typer.Exit(code)


@app.command()
def status(target: Annotated[str, typer.Argument(metavar="TARGET", help="What `batch --to` was given.")]) -> None:
    """Tell what is done, what is not and why."""
    from rich.console import Console

    from extractor.batch import commands, progress

    try:
        told = commands.status(target)
    except ExtractorError as error:
        _end(error)
    progress.status(Console(), told)


@app.command()
def retry(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="What `batch --to` was given.")],
    processes: Annotated[int | None, typer.Option(min=0, help="Worker processes.")] = None,
) -> None:
    """Do again what failed, reading the same inputs."""
    from rich.console import Console

    from extractor.batch import commands

    try:
        code = commands.retry(target, processes=processes, console=Console(stderr=True))
    except ExtractorError as error:
        _end(error)
    raise typer.Exit(code)


@app.command()
def delete(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="What `batch --to` was given.")],
    document: Annotated[list[str], typer.Option(help="Id of a document; may be repeated.")],
) -> None:
    """Remove documents and all that came from them."""
    from extractor.batch import commands

    missing = 0
    try:
        for name in document:
            if not commands.delete(target, name):
                missing += 1
                typer.echo(f"incidents: {name}: no such document", err=True)
    except ExtractorError as error:
        _end(error)
    raise typer.Exit(1 if missing else 0)


@app.command()
def schema(
    sql: Annotated[bool, typer.Option("--sql", help="The tables and views of the SQL target instead.")] = False,
    dialect: Annotated[Dialect, typer.Option(help="For --sql.")] = Dialect.sqlite,
    arrow: Annotated[bool, typer.Option("--arrow", help="The Arrow schema of the Parquet target instead.")] = False,
) -> None:
    """Print the JSON Schema of the report, or the schema of a target."""
    import json

    from extractor.records import Report

    try:
        if sql:
            from extractor.sinks.sql.schema import script

            typer.echo(script(dialect))
        elif arrow:
            from extractor.sinks.choice import arrow_schema

            typer.echo(arrow_schema())
        else:
            typer.echo(json.dumps(Report.model_json_schema(mode="validation"), indent=1, ensure_ascii=False))
    except ExtractorError as error:
        _end(error)


@app.command("languages")
def list_languages() -> None:
    """List the languages that are read, what tags them, and their measured F1 on articles kept aside."""
    from rich.console import Console

    from extractor.views.languages import render_languages

    try:
        Console().print(render_languages())
    except ExtractorError as error:
        _end(error)


def _end(error: ExtractorError) -> NoReturn:
    """One clear line, and the exit code of the contract."""
    typer.echo(f"incidents: {error}", err=True)
    raise typer.Exit(error.exit_code)


def main() -> None:
    """Run the program; what the terminal cannot show is shown as its escape, and a closed pipe is a quiet end."""
    gc.set_threshold(*COLLECT)
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"incidents: output_failed: {error.strerror}\n")
        sys.exit(2)
