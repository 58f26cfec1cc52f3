"""The tables of a fleet: their columns, their rows, and their bytes as Parquet (结果表)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from pytest_icp.fleet.storage import arrow

Name = Literal["verdicts", "findings", "due", "errors"]
Value: TypeAlias = str | int | bool | date | list[str] | None
Row: TypeAlias = dict[str, Value]
Rows: TypeAlias = dict[Name, list[Row]]
"""The rows of all tables; a column that a row has not is null."""

_OF_DESCRIPTION = "licence holder province lines:list description "
_OF_RULE = "provision rule level "
_OF_RUN = "as_of:date versions"
_PLACE = "path line:int column:int "
_SAID = "{0}_zh {0}_en ".format

TABLES: Mapping[Name, str] = MappingProxyType(
    {
        "verdicts": _OF_DESCRIPTION
        + _OF_RULE
        + "verdict since:date due:date waived_until:date findings:int fingerprint "
        + _OF_RUN,
        "findings": _OF_DESCRIPTION
        + _OF_RULE
        + "part standing subject pointer "
        + _PLACE
        + _SAID("message")
        + _SAID("found")
        + _SAID("required")
        + "due:date fingerprint "
        + _OF_RUN,
        "due": _OF_DESCRIPTION
        + _OF_RULE
        + "part subject last_day:date safe_day:date provisional:bool "
        + _PLACE
        + _OF_RUN,
        "errors": "description what rule "
        + _PLACE
        + _SAID("message")
        + _SAID("hint")
        + "problems:int "
        + _OF_RUN,
    }
)
"""The columns of each table: texts, unless their type is told."""


def no_rows() -> Rows:
    """Return tables without rows."""
    return {name: [] for name in TABLES}


def parquet(rows: Rows) -> dict[Name, bytes]:
    """Return each table as the bytes of a Parquet file: for the same rows the same bytes."""
    pyarrow = arrow()
    types = {
        "": pyarrow.string(),
        "list": pyarrow.list_(pyarrow.string()),
        "date": pyarrow.date32(),
        "int": pyarrow.int32(),
        "bool": pyarrow.bool_(),
    }
    written: dict[Name, bytes] = {}
    for name, columns in TABLES.items():
        named = (column.partition(":") for column in columns.split())
        schema = pyarrow.schema([(column, types[kind]) for column, _, kind in named])
        out = io.BytesIO()
        pyarrow.parquet.write_table(
            _table(rows[name], schema),
            out,
            version="2.6",
            compression="zstd",
            compression_level=3,
            row_group_size=1 << 20,
            data_page_size=1 << 20,
            store_schema=False,
            write_statistics=True,
        )
        written[name] = out.getvalue()
    return written


def _table(rows: list[Row], schema: Any) -> Any:
    """Return a table; a file's name may have bytes that are no characters, and are escaped."""
    table = arrow().Table
    try:
        return table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        escaped = [{name: _escaped(value) for name, value in row.items()} for row in rows]
        return table.from_pylist(escaped, schema=schema)


def _escaped(value: Value) -> Value:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return value
