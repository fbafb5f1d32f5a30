"""Rows and cells of a report: every value is there, with its words and nothing else."""

from extractor import Document, Extractor
from extractor.records import Report
from extractor.sinks.arrow import report_schema
from extractor.sinks.csv import COLUMNS, row
from extractor.sinks.sql import schema
from extractor.sinks.sql.rows import rows_of

TEXT = (
    "The website of Acme went down on 6 May 2024 at 9:00 UTC because of a faulty router. "
    "Some 2,000 users could not log in. Service was restored at 10:30 UTC. No data was lost."
)


def report() -> Report:
    return Extractor()(Document(TEXT, id="a", published="2024-05-08", language="en"))


def test_rows_fit_the_tables_and_quote_the_text() -> None:
    rows = rows_of(report(), TEXT, "run")
    for name, lines in rows.items():
        columns = {column.name for column in schema.metadata.tables[name].c}
        keys = [column.name for column in schema.metadata.tables[name].primary_key]
        assert all(line.keys() <= columns for line in lines)
        assert len({tuple(line[key] for key in keys) for line in lines}) == len(lines)
    assert all(TEXT[line["start"] : line["end"]] == line["text"] for line in rows["evidence"] + rows["times"])
    started = rows["incidents"][0]
    assert (started["id"], started["number"]) == ("a#1", 1)
    assert started["started_earliest"].isoformat() == "2024-05-06T09:00:00"
    assert started["started_earliest_utc"].isoformat() == "2024-05-06T09:00:00+00:00"
    assert rows == rows_of(report(), TEXT, "run")


def test_cells_fit_the_columns() -> None:
    told = report()
    cells = dict(zip(COLUMNS, row(told, told.incidents[0]), strict=True))
    assert cells["document_id"] == "a"
    assert cells["started_value"] == "2024-05-06T09:00"


def test_the_arrow_schema_follows_the_records() -> None:
    assert report_schema().names == list(Report.model_fields)
    assert not report_schema().field("incidents").nullable
