"""Addresses of resources and modules, and references to them, by their parts (地址)."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'\.?([^.\[\]"]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?')


def tokens_of(reference: str) -> list[tuple[str, str]]:
    """Split a reference into parts, each with the key in brackets after it."""
    return [(found[1], found[2] or "") for found in _TOKEN.finditer(reference)]


def module_of(address: str) -> str:
    """Return the address of the module of a block; empty for the root."""
    parts = tokens_of(address)
    inside = []
    while len(parts) > 2 and parts[0][0] == "module":  # noqa: PLR2004 - a call and its name
        inside.append(f"module.{parts[1][0]}{parts[1][1]}")
        parts = parts[2:]
    return ".".join(inside)


def address_in(module: str, name: str) -> str:
    """Return the address of what has a name in a module."""
    return f"{module}.{name}" if module else name
