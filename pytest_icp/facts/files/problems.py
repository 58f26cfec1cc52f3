"""Errors of the JSON Schema validator, each as one short sentence in both languages."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.flow import flow
from pytest_icp.facts.files.sentences import closest, sentence, wrong_type
from pytest_icp.facts.files.unknown_keys import Vocabulary, unknown_keys
from pytest_icp.facts.files.wording import either, show
from pytest_icp.law.suggestions import did_you_mean
from pytest_icp.law.text import Text, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jsonschema import ValidationError

_Error: TypeAlias = "ValidationError"
_NOTHING = plain("")
# Of several errors about one value, the first of these is the most informative.
_RANKING = ("type", "const", "enum", "format", "pattern", "not")


class Complaint(Struct, frozen=True, kw_only=True):
    """One fault of a document: where (tokens of a pointer), what, and how to fix it.

    ``explain`` returns the message and the hint: of thousands of faults only a few are shown.
    Those that are ``like`` each other are shown as one.
    """

    path: tuple[str | int, ...]
    of: Literal["value", "key"] = "value"
    explain: Callable[[], tuple[Text, Text]]
    like: tuple[str, ...] = ()


def complaints(errors: Iterable[_Error], vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Yield a complaint for the errors of one document.

    Of several errors about the same value only the most informative is reported, and no key is
    called unknown while the value that decides which keys are allowed is itself wrong.
    """
    reported: set[tuple[str | int, ...]] = set()
    for error in sorted(errors, key=_rank):
        path = tuple(error.absolute_path)
        if error.validator in _RANKING and not _is_about_key(error):
            if path in reported:
                continue
            reported.add(path)
        if not any((*path, key) in reported for key in _deciding(error)):
            yield from _explained(error, vocabulary)


def _deciding(error: _Error) -> Iterator[str]:
    """Yield the keys whose values decide which other keys an object may have."""
    if error.validator == "unevaluatedProperties":
        for part in error.schema.get("allOf", ()):
            yield from part.get("if", {}).get("properties", {})


def _rank(error: _Error) -> int:
    keyword = str(error.validator)
    return _RANKING.index(keyword) if keyword in _RANKING else len(_RANKING)


def _explained(error: _Error, vocabulary: Vocabulary) -> Iterator[Complaint]:
    keyword = str(error.validator)
    path = tuple(error.absolute_path)
    if keyword in {"anyOf", "oneOf"}:
        yield from _branches(error, vocabulary)
    elif keyword in {"additionalProperties", "unevaluatedProperties"}:
        for key, explain in unknown_keys(error, vocabulary):
            yield Complaint(path=(*path, key), of="key", explain=explain)
    elif keyword in {"required", "dependentRequired"}:
        yield _missing_key(error, vocabulary)
    elif keyword == "not" and (keys := _exclusive(error)):
        yield _not_together(path, keys)
    elif _is_about_key(error):
        name = str(error.instance)
        message = Text(zh=f"此处不能用 {show(name)} 作键", en=f"{show(name)} cannot be a key here")
        yield Complaint(path=(*path, name), of="key", explain=lambda: (message, _NOTHING))
    else:
        yield Complaint(path=path, explain=partial(sentence, error))


def _exclusive(error: _Error) -> list[str]:
    """Return the keys that a ``not: {required: […]}`` forbids to be used together."""
    refused = error.validator_value
    return list(refused.get("required", ())) if isinstance(refused, dict) else []


def _not_together(path: tuple[str | int, ...], keys: list[str]) -> Complaint:
    if len(keys) == 1:
        message = Text(zh=f"此处不能写 '{keys[0]}'", en=f"'{keys[0]}' is not allowed here")
    else:
        message = Text(
            zh=" 和 ".join(map(show, keys)) + " 不能同时写",
            en=" and ".join(map(show, keys)) + " cannot be used together",
        )
    return Complaint(path=(*path, keys[-1]), of="key", explain=lambda: (message, _NOTHING))


def _is_about_key(error: _Error) -> bool:
    return "propertyNames" in list(error.absolute_schema_path)[-2:-1]


def _english(examples: Sequence[str]) -> str:
    """Return the first example that can be read without Chinese, where there is one."""
    return next((example for example in examples if example.isascii()), examples[0])


def _missing_key(error: _Error, vocabulary: Vocabulary) -> Complaint:
    key = _missing(error)
    path = (*error.absolute_path, key)
    like = tuple(name for name in path if isinstance(name, str))
    explain = partial(_explained_missing, error, key, vocabulary.unknown(like))
    return Complaint(path=path, of="key", explain=explain, like=like)


def _explained_missing(error: _Error, key: str, fact: Text | None) -> tuple[Text, Text]:
    """Explain a missing key by what a ``fact`` may be, else by an example."""
    message = Text(zh=f"缺少必填的键 '{key}'", en=f"missing key '{key}'")
    if fact is not None:
        zh, en = fact.zh.rstrip("。"), fact.en.rstrip(".")
        return message, Text(zh=f"{zh}；不知道的填 null", en=f"{en}; null if it is not known")
    examples = error.schema.get("properties", {}).get(key, {}).get("examples", ())
    lines = [f"{key}: {flow(example)}" for example in examples]
    hint = Text(zh=f"例如 {lines[0]}", en=f"for example {_english(lines)}") if lines else _NOTHING
    return message, hint


def _missing(error: _Error) -> str:
    # The validator names the key only in its message, first and in quotes.
    match = re.match(r"'(.*)' is a (?:required property|dependency of)", error.message, re.DOTALL)
    return match[1] if match else error.message


def _branches(error: _Error, vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Explain a value that has none of several forms by the nearest one."""
    branches: dict[Any, list[_Error]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [errors for errors in branches.values() if not _wrong_kind(errors)]
    words = [e.validator_value for e in error.context or () if e.validator == "const"]
    others = [errors for errors in fitting if errors[0].validator != "const"]
    if _alternatives(error):
        yield _one_of(error)
    elif fitting and others:
        # The form with the fewest faults is probably the intended one.
        best = min(others, key=len)
        yield from _with_words(complaints(best, vocabulary), error, words)
    elif not branches:
        message = Text(zh="同时符合几种互斥的写法", en="it matches several exclusive forms at once")
        yield Complaint(path=tuple(error.absolute_path), explain=lambda: (message, _NOTHING))
    else:
        yield Complaint(path=tuple(error.absolute_path), explain=partial(wrong_type, error))


def _wrong_kind(errors: Sequence[_Error]) -> bool:
    return any(error.validator == "type" and not error.relative_path for error in errors)


def _with_words(
    given: Iterable[Complaint], error: _Error, words: Sequence[object]
) -> Iterator[Complaint]:
    """Add to complaints about a value the words that are allowed, or the nearest one."""
    path = tuple(error.absolute_path)
    for complaint in given:
        if complaint.path != path or not words:
            yield complaint
        else:
            yield replace(complaint, explain=partial(_with_word, complaint, error, words))


def _with_word(complaint: Complaint, error: _Error, words: Sequence[object]) -> tuple[Text, Text]:
    message, hint = complaint.explain()
    near = closest(error.instance, words)
    return message, did_you_mean(near) if near else _or_words(hint, words)


def _or_words(hint: Text, words: Sequence[object]) -> Text:
    if not hint.en:
        return hint
    allowed = either(words)
    return Text(zh=f"{hint.zh}，或写 {allowed.zh}", en=f"{hint.en}, or {allowed.en}")


def _alternatives(error: _Error) -> list[str]:
    """Return the keys of which a ``oneOf`` requires exactly one, if it does."""
    branches = error.validator_value
    keys = [
        b["required"][0]
        for b in branches
        if isinstance(b, dict) and len(b.get("required", ())) == 1
    ]
    return keys if len(keys) == len(branches) and isinstance(error.instance, dict) else []


def _one_of(error: _Error) -> Complaint:
    keys = either(_alternatives(error))
    message = Text(zh=f"{keys.zh} 应当写且只写一个", en=f"exactly one of {keys.en} is expected")
    return Complaint(path=tuple(error.absolute_path), explain=lambda: (message, _NOTHING))
