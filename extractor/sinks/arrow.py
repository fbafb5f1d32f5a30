"""The Arrow schema of a report: made from the records, never from data."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin

import pyarrow as pa  # type: ignore[import-untyped]
from pydantic import BaseModel

from extractor.records import Report

_PLAIN: Mapping[Any, Any] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def report_schema() -> pa.Schema:
    """One row a document: the report as it is, nested.

    Example:
        >>> report_schema().field("relevance").type
        DataType(double)
    """
    return pa.schema([_field(name, info.annotation) for name, info in Report.model_fields.items()])


def _field(name: str, annotation: Any) -> pa.Field:
    kept = [part for part in get_args(annotation) if part is not type(None)]
    optional = get_origin(annotation) in (Union, types.UnionType) and len(kept) < len(get_args(annotation))
    return pa.field(name, _type(kept[0] if optional else annotation), nullable=optional)


def _type(annotation: Any) -> pa.DataType:
    origin = get_origin(annotation)
    if origin is Literal:
        return pa.string()
    if origin is tuple:
        return pa.list_(pa.field("item", _type(get_args(annotation)[0]), nullable=False))
    if origin is dict:
        return pa.map_(pa.string(), pa.string())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct([_field(name, info.annotation) for name, info in annotation.model_fields.items()])
    return _PLAIN[annotation]
