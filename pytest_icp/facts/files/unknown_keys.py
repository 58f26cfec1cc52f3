"""Keys that an object must not have, and the nearest ones that it may have."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pytest_icp.facts.files.properties import allows, homes, property_at
from pytest_icp.facts.files.schema_files import follow, schema_document
from pytest_icp.facts.files.wording import either, show
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jsonschema import ValidationError

_SURELY = 0.85
_FEW = 3


class Vocabulary(Struct, frozen=True):
    """The keys of a schema: those that an object may have, and where others belong."""

    schema_name: str
    folder: Path | None

    def homes(self, key: str) -> tuple[str, ...]:
        """Return the paths of the objects that have a key, the document itself left out."""
        return tuple(path for path in homes(self.schema_name, key, folder=self.folder) if path)

    def unknown(self, names: tuple[str, ...]) -> Text | None:
        """Return what is said of a fact, if it may be null: not known; None of any other key."""
        path = ".".join(names)
        fact = property_at(self.schema_name, path, folder=self.folder)
        if fact is None or not allows(self.schema_name, path, None, folder=self.folder):
            return None
        return fact.description if fact.description.en else None

    def keys(self, error: ValidationError) -> set[str]:
        """Return the keys that all schemas of a faulty object allow.

        The validator's own list of unevaluated keys is not usable: after one fault in a branch
        it contains every key of that branch.
        """
        known: set[str] = set()
        queue: list[Mapping[str, Any]] = [error.schema]
        name = self._file(error)
        while queue:
            part = queue.pop()
            known |= part.get("properties", {}).keys()
            for keyword in ("allOf", "anyOf", "oneOf"):
                queue += part.get(keyword, ())
            if "$ref" in part:
                queue.append(follow(part["$ref"], name, folder=self.folder)[0])
            if "if" in part:
                branch = "then" if _fits(error.instance, part["if"]) else "else"
                queue.append(part.get(branch, {}))
        return known

    def _file(self, error: ValidationError) -> str:
        """Return the name of the schema file that contains the violated schema."""
        part: Any = schema_document(self.schema_name, folder=self.folder)
        name = self.schema_name
        for step in error.absolute_schema_path:
            # The path of an error leaves out the references that it went through.
            while isinstance(part, dict) and step not in part:
                part, name = follow(part["$ref"], name, folder=self.folder)
            part = part[step]
        return name


def _fits(instance: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    import jsonschema

    return bool(jsonschema.Draft202012Validator(schema).is_valid(instance))


def unknown_keys(
    error: ValidationError, vocabulary: Vocabulary
) -> Iterator[tuple[str, Callable[[], tuple[Text, Text]]]]:
    """Yield each key that an object must not have, and what explains it: a message and a hint."""
    if error.validator == "additionalProperties":
        known = set(error.schema.get("properties", {}))
    else:
        known = vocabulary.keys(error)
    patterns = error.schema.get("patternProperties", {})
    for key in error.instance:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            yield key, partial(_explained, error, key, known, vocabulary)


def _explained(
    error: ValidationError, key: str, known: Iterable[str], vocabulary: Vocabulary
) -> tuple[Text, Text]:
    message = Text(zh=f"未知的键 {show(key)}", en=f"unknown key {show(key)}")
    return message, _hint(key, sorted(known), _elsewhere(error, key, vocabulary))


def _elsewhere(error: ValidationError, key: str, vocabulary: Vocabulary) -> list[str]:
    here = ".".join(step for step in error.absolute_path if isinstance(step, str))
    return [path for path in vocabulary.homes(key) if path != here]


def _hint(key: str, known: Sequence[str], places: Sequence[str]) -> Text:
    near = nearest(key, known)
    elsewhere = 0 < len(places) <= _FEW
    if near and (not elsewhere or SequenceMatcher(None, key, near).ratio() >= _SURELY):
        return did_you_mean(near)
    if elsewhere:
        under = either(places)
        return Text(zh=f"它应写在 {under.zh} 之下", en=f"it belongs under {under.en}")
    if not known:
        return Text(zh="此处不能有任何键", en="no key is allowed here")
    return Text(zh=f"此处可用：{either(known).zh}", en=f"allowed here: {either(known).en}")
