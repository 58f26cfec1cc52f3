"""Reads ``addopts`` in an ini file that pytest has read without them (附加选项)."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping
from configparser import ConfigParser, Error

_SECTIONS = ("pytest", "tool:pytest")


def addopts_of(text: str) -> list[str]:
    """Return the words of ``addopts`` in a text of TOML, else of an ini file."""
    found = _of_toml(text)
    if found is None:
        found = _of_ini(text)
    if isinstance(found, list):
        return [str(one) for one in found]
    try:
        return shlex.split(found) if isinstance(found, str) else []
    except ValueError:
        return []


def _of_toml(text: str) -> object:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    tool = document.get("tool")
    own = tool.get("pytest") if isinstance(tool, Mapping) else document.get("pytest")
    for table in (own, own.get("ini_options") if isinstance(own, Mapping) else None):
        if isinstance(table, Mapping) and "addopts" in table:
            return table["addopts"]
    return ""


def _of_ini(text: str) -> object:
    parser = ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except Error:
        return None
    return next(
        (parser[one]["addopts"] for one in _SECTIONS if parser.has_option(one, "addopts")), ""
    )
