"""The schema files that come with the package, each read once, and references among them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from pytest_icp.facts.files.resources import resource
from pytest_icp.law.jsontypes import tokens

if TYPE_CHECKING:
    from pathlib import Path

_NOWHERE = "json-schema:///"
"""The base URI that jsonschema-rs gives a schema without ``$id``, which all of them are: files
beside each other in any folder."""

SUFFIX = ".schema.json"

Schema: TypeAlias = dict[str, Any]


@cache
def schema_document(name: str, *, folder: Path | None = None) -> Schema:
    """Return the schema ``<name>.schema.json`` (模式文件), to be read only.

    ``folder`` is where the files are; without it, the published ones.
    """
    path = (folder or resource("schemas")) / f"{name}{SUFFIX}"
    document: Schema = json.loads(path.read_text("utf-8"))
    return document


def retrieve(uri: str, *, folder: Path | None = None) -> Schema:
    """Return the schema that a reference names; raise `LookupError` for any other file."""
    file = uri.removeprefix(_NOWHERE)
    name = file.removesuffix(SUFFIX)
    if name == file or "/" in name:
        raise LookupError(f"{uri} is not a schema of this package")
    return schema_document(name, folder=folder)


def follow(reference: str, name: str, *, folder: Path | None = None) -> tuple[Any, str]:
    """Return the target of a ``$ref`` inside the schema ``name``, and the name of its schema."""
    file, _, fragment = reference.partition("#")
    if file:
        name = file.removesuffix(SUFFIX)
    target: Any = schema_document(name, folder=folder)
    for token in tokens(unquote(fragment)):
        target = target[int(token)] if isinstance(target, list) else target[token]
    return target, name
