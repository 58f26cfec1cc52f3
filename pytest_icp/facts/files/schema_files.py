"""The schema files that come with the package, each read once, and references among them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from pytest_icp.facts.files.cache import content_key
from pytest_icp.facts.files.resources import resource
from pytest_icp.law.jsontypes import tokens

if TYPE_CHECKING:
    from pathlib import Path

_NOWHERE = "json-schema:///"
"""Where jsonschema-rs takes a schema to be that has no ``$id``, as none of them has: each is a
file beside the others, whatever folder they are in."""

SUFFIX = ".schema.json"

Schema: TypeAlias = dict[str, Any]


def schema_document(name: str, *, folder: Path | None = None) -> Schema:
    """Return the schema ``<name>.schema.json`` (模式文件), to be read only.

    ``folder`` is where the files are; without it, the published ones.
    """
    return _read((folder or resource("schemas")) / f"{name}{SUFFIX}")


@cache
def _read(path: Path) -> Schema:
    document: Schema = json.loads(path.read_text("utf-8"))
    return document


@cache
def schemas_key(folder: Path | None = None) -> bytes:
    """Return what changes with any of the schemas: the key of all that is read off them."""
    files = sorted((folder or resource("schemas")).glob(f"*{SUFFIX}"))
    parts = [part for file in files for part in (file.name.encode(), file.read_bytes())]
    return content_key(parts).encode()


def retrieve(uri: str, *, folder: Path | None = None) -> Schema:
    """Return the schema that a reference names; raise `LookupError` for what is no such file."""
    file = uri.removeprefix(_NOWHERE)
    name = file.removesuffix(SUFFIX)
    if name == file or "/" in name:
        raise LookupError(f"{uri} is not a schema of this package")
    return schema_document(name, folder=folder)


def follow(reference: str, name: str, *, folder: Path | None = None) -> tuple[Any, str]:
    """Return what a ``$ref`` inside the schema ``name`` leads to, and the name it lies in."""
    file, _, fragment = reference.partition("#")
    if file:
        name = file.removesuffix(SUFFIX)
    found: Any = schema_document(name, folder=folder)
    for token in tokens(unquote(fragment)):
        found = found[int(token)] if isinstance(found, list) else found[token]
    return found, name
