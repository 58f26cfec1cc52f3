"""Options in a table of TOML whose values have the types of TOML, which pytest does not take."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from pytest_icp.facts.files.disk import read_bytes, repository_of

if TYPE_CHECKING:
    import pytest

LARGEST = 4 * 1024 * 1024
"""The largest ini file, in bytes, that is read for the types of TOML."""


def value_in_table(config: pytest.Config, ini: str) -> object:
    """Return the value of an option as the table of pytest has it; None if there is no table."""
    path = config.inipath
    if path is None or path.suffix != ".toml":
        return None
    root = repository_of(path, config.rootpath)
    document = tomllib.loads(read_bytes(path, root=root, limit=LARGEST).decode("utf-8"))
    table = document.get("pytest") or document.get("tool", {}).get("pytest", {})
    value: object = table.get(ini)
    return value
