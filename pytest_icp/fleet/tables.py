"""The tables of a fleet: their columns, their rows, and their bytes as Parquet (结果表)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from pytest_icp.fleet.storage import arrow

Name = Literal["verdicts", "findings", "due", "errors"]
Value = str | int | bool | date | list[str] | None

_OF_DESCRIPTION = {
    "licence": "string",
    "holder": "string",
    "province": "string",
    "lines": "list",
    "description": "string",
}
_OF_RULE = {"provision": "string", "rule": "string", "level": "string"}
_OF_RUN = {"as_of": "date", "versions": "string"}
_PLACE = {"path": "string", "line": "int", "column": "int"}

TABLES: Mapping[Name, Mapping[str, str]] = MappingProxyType(
    {
        "verdicts": {
            **_OF_DESCRIPTION,
            **_OF_RULE,
            "verdict": "string",
            "since": "date",
            "due": "date",
            "waived_until": "date",
            "findings": "int",
            "fingerprint": "string",
            **_OF_RUN,
        },
        "findings": {
            **_OF_DESCRIPTION,
            **_OF_RULE,
            "part": "string",
            "standing": "string",
            "subject": "string",
            "pointer": "string",
            **_PLACE,
            "message_zh": "string",
            "message_en": "string",
            "found_zh": "string",
            "found_en": "string",
            "required_zh": "string",
            "required_en": "string",
            "due": "date",
            "fingerprint": "string",
            **_OF_RUN,
        },
        "due": {
            **_OF_DESCRIPTION,
            **_OF_RULE,
            "part": "string",
            "subject": "string",
            "last_day": "date",
            "safe_day": "date",
            "provisional": "bool",
            **_PLACE,
            **_OF_RUN,
        },
        "errors": {
            "description": "string",
            "what": "string",
            "rule": "string",
            **_PLACE,
            "message_zh": "string",
            "message_en": "string",
            "hint_zh": "string",
            "hint_en": "string",
            "problems": "int",
            **_OF_RUN,
        },
    }
)
"""The columns of each table, and their types."""


class Rows(Struct, frozen=True):
    """The rows of all tables of a shard, by column."""

    columns: dict[Name, dict[str, list[Value]]]

    @classmethod
    def empty(cls) -> Rows:
        """Return tables without rows."""
        return cls({name: {column: [] for column in TABLES[name]} for name in TABLES})

    def add(self, table: Name, row: Mapping[str, Value]) -> None:
        """Add a row."""
        for column, values in self.columns[table].items():
            values.append(row.get(column))

    def add_all(
        self, table: Name, common: Mapping[str, Value], varying: Mapping[str, Sequence[Value]]
    ) -> None:
        """Add many rows: what they have in common, and the columns in which they differ."""
        count = len(next(iter(varying.values())))
        for column, values in self.columns[table].items():
            values.extend(varying[column] if column in varying else [common[column]] * count)

    def count(self, table: Name) -> int:
        """Return how many rows a table has."""
        return len(self.columns[table]["as_of"])

    def extend(self, others: Rows) -> None:
        """Add all rows of others."""
        for name, columns in others.columns.items():
            for column, values in columns.items():
                self.columns[name][column] += values


def _array(values: list[Any], kind: Any) -> Any:
    """Return a column; a file's name may have bytes that are no characters, and are escaped."""
    pyarrow = arrow()
    try:
        return pyarrow.array(values, kind)
    except UnicodeEncodeError:
        raw = (value and value.encode("utf-8", "backslashreplace").decode() for value in values)
        return pyarrow.array(list(raw), kind)


def parquet(rows: Rows) -> dict[Name, bytes]:
    """Return each table as the bytes of a Parquet file: for the same rows the same bytes."""
    pyarrow = arrow()
    types = {
        "string": pyarrow.string(),
        "list": pyarrow.list_(pyarrow.string()),
        "date": pyarrow.date32(),
        "int": pyarrow.int32(),
        "bool": pyarrow.bool_(),
    }
    written: dict[Name, bytes] = {}
    for name, columns in TABLES.items():
        schema = pyarrow.schema([(column, types[kind]) for column, kind in columns.items()])
        arrays = [_array(rows.columns[name][field.name], field.type) for field in schema]
        out = io.BytesIO()
        pyarrow.parquet.write_table(
            pyarrow.Table.from_arrays(arrays, schema=schema),
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


def texts(name: str, zh: str, en: str) -> dict[str, Any]:
    """Return a text in both languages as two columns."""
    return {f"{name}_zh": zh, f"{name}_en": en}
