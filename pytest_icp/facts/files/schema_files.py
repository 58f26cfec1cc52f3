"""The schema files that come with the package, each read once, and references among them."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import unquote

from pytest_icp.facts.files.resources import resource
from pytest_icp.law.jsontypes import tokens

_NOWHERE = "json-schema:///"
"""The base URI that jsonschema-rs gives a schema without ``$id``, which all of them are: files
beside each other in any folder."""

SUFFIX = ".schema.json"

Schema: TypeAlias = dict[str, Any]


_MADE: dict[str, Schema] = {}
"""Schemas that are no files, by names that tell their content."""


def made_schema(document: Schema) -> str:
    """Return the name by which a schema that is no file is found from now on."""
    written = json.dumps(document, sort_keys=True).encode()
    name = f"made-{sha256(written).hexdigest()}"
    _MADE[name] = document
    return name


@cache
def schema_document(name: str) -> Schema:
    """Return the schema ``<name>.schema.json`` (模式文件), or a made one, to be read only."""
    if name in _MADE:
        return _MADE[name]
    document: Schema = json.loads((resource("schemas") / f"{name}{SUFFIX}").read_text("utf-8"))
    return document


def retrieve(uri: str) -> Schema:
    """Return the schema that a reference names; raise `LookupError` for any other file."""
    file = uri.removeprefix(_NOWHERE)
    name = file.removesuffix(SUFFIX)
    if name == file or "/" in name:
        raise LookupError(f"{uri} is not a schema of this package")
    return schema_document(name)


def follow(reference: str, name: str) -> tuple[Any, str]:
    """Return the target of a ``$ref`` inside the schema ``name``, and the name of its schema."""
    file, _, fragment = reference.partition("#")
    if file:
        name = file.removesuffix(SUFFIX)
    target: Any = schema_document(name)
    for token in tokens(unquote(fragment)):
        target = target[int(token)] if isinstance(target, list) else target[token]
    return target, name
