"""Addresses of resources and modules, and references to them, by their parts (地址)."""

from __future__ import annotations

import re

NEVER_NULL = frozenset({"id", "arn", "key_id", "address", "ip_address"})
"""Attributes that a cloud gives to whatever has them; of others, one may be null."""
_TOKEN = re.compile(r'\.?([^.\[\]"]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?')


def tokens_of(reference: str) -> list[tuple[str, str]]:
    """Split a reference into parts, each with the key in brackets after it."""
    return [(found[1], found[2] or "") for found in _TOKEN.finditer(reference)]


def address_in(module: str, name: str) -> str:
    """Return the address of what has a name in a module."""
    return f"{module}.{name}" if module else name
