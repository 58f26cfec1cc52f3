"""Words of the schema that stand bare in a Chinese sentence, which names them in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pytest_icp.facts.files.properties import schema_document
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.result import Result
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text


def _choices(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("x-icp-words", {})
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from _choices(part)


_WORDS = {"true", "false", "null", "never", "none", *_choices(schema_document(SCHEMA))}
_BARE = re.compile(rf"(?<![\w./`#@-])(?:{'|'.join(sorted(_WORDS, key=len)[::-1])})(?![\w./`#-])")
_PATH = re.compile(r"（[\w.]+）", re.ASCII)


def bare_words(texts: Iterable[Text]) -> list[str]:
    """Return the sentences with a choice of the schema that is not named in Chinese."""
    said = [_PATH.sub("", text.zh) for text in texts]
    return [zh for zh in said if _BARE.search(zh) or {*zh} & {*"「」"}]


def sentences(result: Result) -> Iterator[Text]:
    """Yield what a result says of the facts in words."""
    for one in result.findings:
        yield from (one.message, one.found, one.required, *one.numbers)
    yield from (note.text for note in result.notes)
