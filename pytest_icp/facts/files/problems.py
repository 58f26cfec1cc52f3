"""Errors of the JSON Schema validator, each as one short sentence in both languages."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import partial, reduce
from operator import getitem
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.faults import either, flow, kind_of, show
from pytest_icp.facts.files.properties import (
    Schema,
    allows,
    follow,
    homes,
    property_at,
    schema_document,
)
from pytest_icp.law.text import Text, did_you_mean, nearest, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jsonschema_rs import ValidationError

    from pytest_icp.law.jsontypes import Json

_NOTHING = plain("")
_AND = Text(zh=" 和 ", en=" and ")
_NOT_TOGETHER = Text(zh=" 不能同时写", en=" cannot be used together")
_ONE_OF = Text(zh="{keys} 应当写且只写一个", en="exactly one of {keys} is expected")
_OR = Text(zh="{hint}，或写 {words}", en="{hint}, or {words}")
# Of several errors about one value, the first of these is the most informative.
_RANKING = ("type", "const", "enum", "format", "pattern", "not")


_At: TypeAlias = tuple[str | int, ...]

Sentence: TypeAlias = tuple[Text, Text]
"""A message and a hint, which may be empty."""


class Complaint(Struct, frozen=True, kw_only=True):
    """One fault of a document: where (tokens of a pointer), what, and how to fix it.

    ``explain`` returns the message and the hint: of thousands of faults only a few are shown.
    Those that are ``like`` each other are shown as one.
    """

    path: _At
    of: Literal["value", "key"] = "value"
    explain: Callable[[], Sentence]
    like: tuple[str, ...] = ()


class Violation(Struct, frozen=True, kw_only=True):
    """A keyword of a schema that a value does not meet.

    ``path`` leads to the value in the document. ``schema`` has the keyword, ``file`` is the name of
    its file. ``kind`` is what the validator tells of it. ``branches`` are the violations of each
    form that the value might have.
    """

    keyword: str
    path: _At
    value: Any
    schema: Schema
    file: str
    kind: Any
    message: str
    branches: tuple[tuple[Violation, ...], ...]

    @property
    def expected(self) -> Any:
        """What the keyword demands."""
        return self.schema[self.keyword]

    @property
    def of_key(self) -> bool:
        """Whether it is a key of an object that does not meet the keyword."""
        return bool(self.kind.name == "propertyNames")


def complaints(
    errors: Iterable[ValidationError], document: Json, schema_name: str
) -> list[Complaint]:
    """Return what is said of what the validator finds in a document."""
    found = _violations(errors, document, schema_name)
    said = [*_complaints(found, schema_name)]
    return said or [Complaint(path=one.path, explain=partial(_sentence, one)) for one in found]


def _violations(
    errors: Iterable[ValidationError], document: Json, schema_name: str
) -> tuple[Violation, ...]:
    return tuple(_violation(error, document, schema_name) for error in errors)


def _violation(error: ValidationError, document: Any, schema_name: str) -> Violation:
    *steps, keyword = error.evaluation_path
    schema, file = _schema_at(schema_name, steps)
    path, kind = tuple(error.instance_path), cast(Any, error.kind)
    value = reduce(getitem, path, document)
    return Violation(
        keyword=str(keyword),
        path=path,
        value=kind.error.instance if kind.name == "propertyNames" else value,
        schema=schema,
        file=file,
        kind=kind,
        message=error.message,
        branches=tuple(
            _violations(branch, document, schema_name) for branch in getattr(kind, "context", ())
        ),
    )


def _schema_at(schema_name: str, steps: Iterable[str | int]) -> tuple[Schema, str]:
    """Return the schema that an evaluation came to by some steps, and the name of its file."""
    schema: Any = schema_document(schema_name)
    for step in steps:
        if step == "$ref":
            schema, schema_name = follow(schema["$ref"], schema_name)
        else:
            schema = schema[step]
    return schema, schema_name


def _complaints(found: Iterable[Violation], schema_name: str) -> Iterator[Complaint]:
    """Yield what is said of the violations in one document.

    Of several errors about the same value only the most informative is reported, and no key is
    called unknown while the value that decides which keys are allowed is itself wrong.
    """
    reported: set[_At] = set()
    for error in sorted(found, key=_rank):
        path = error.path
        if error.keyword in _RANKING and not error.of_key:
            if path in reported:
                continue
            reported.add(path)
        if not any((*path, key) in reported for key in _deciding(error)):
            yield from _explained(error, schema_name)


def _deciding(error: Violation) -> Iterator[str]:
    """Yield the keys whose values decide which other keys an object may have."""
    if error.keyword == "unevaluatedProperties":
        for part in error.schema.get("allOf", ()):
            yield from part.get("if", {}).get("properties", {})


def _rank(error: Violation) -> int:
    keyword = error.keyword
    return _RANKING.index(keyword) if keyword in _RANKING else len(_RANKING)


def _explained(error: Violation, schema_name: str) -> Iterator[Complaint]:
    keyword, path = error.keyword, error.path
    if keyword in {"anyOf", "oneOf"}:
        yield from _branches(error, schema_name)
    elif keyword in {"additionalProperties", "unevaluatedProperties"}:
        yield from _unknown_keys(error, schema_name)
    elif keyword in {"required", "dependentRequired"}:
        yield _missing_key(error, schema_name)
    elif keyword == "not" and isinstance(error.expected, dict) and "required" in error.expected:
        keys = error.expected["required"]
        yield _told((*path, keys[-1]), _apart(keys), of="key")
    elif error.of_key:
        name = str(error.value)
        message = Text(zh=f"此处不能用 {show(name)} 作键", en=f"{show(name)} cannot be a key here")
        yield _told((*path, name), message, of="key")
    else:
        yield Complaint(path=path, explain=partial(_sentence, error))


def _told(path: _At, message: Text, of: Literal["value", "key"] = "value") -> Complaint:
    """Return a complaint that needs no hint."""
    return Complaint(path=path, of=of, explain=lambda: (message, _NOTHING))


def _apart(keys: Sequence[str]) -> Text:
    """Say that keys cannot be used together, or one of them not at all."""
    if len(keys) == 1:
        return Text(zh=f"此处不能写 '{keys[0]}'", en=f"'{keys[0]}' is not allowed here")
    shown = [plain(show(key)) for key in keys]
    return _AND.join(shown) + _NOT_TOGETHER


def _just_one(keys: Sequence[str]) -> Text:
    """Say that one of some keys is needed, and only one."""
    return _ONE_OF.format(keys=either(keys))


def _missing_key(error: Violation, schema_name: str) -> Complaint:
    path = (*error.path, str(error.kind.property))
    like = tuple(name for name in path if isinstance(name, str))
    explain = partial(_explained_missing, error, schema_name, like)
    return Complaint(path=path, of="key", explain=explain, like=like)


def _explained_missing(error: Violation, schema_name: str, names: Sequence[str]) -> Sentence:
    """Explain a missing key by what a fact that may be null is about, else by an example."""
    key, at = names[-1], ".".join(names)
    message = Text(zh=f"缺少必填的键 '{key}'", en=f"missing key '{key}'")
    fact = property_at(schema_name, at)
    if fact is not None and fact.description.en and allows(schema_name, at, None):
        zh, en = fact.description.zh.rstrip("。"), fact.description.en.rstrip(".")
        return message, Text(zh=f"{zh}；不知道的填 null", en=f"{en}; null if it is not known")
    examples = error.schema.get("properties", {}).get(key, {}).get("examples", ())
    if not examples:
        return message, _NOTHING
    lines = [f"{key}: {flow(example)}" for example in examples]
    # In English, one that can be read without Chinese.
    english = next(filter(str.isascii, lines), lines[0])
    return message, Text(zh=f"例如 {lines[0]}", en=f"for example {english}")


def _branches(error: Violation, schema_name: str) -> Iterator[Complaint]:
    """Explain a value that has none of several forms by the nearest one."""
    fitting = [each for each in error.branches if not _wrong_kind(error, each)]
    words = [one.expected for each in error.branches for one in each if one.keyword == "const"]
    others = [each for each in fitting if each and each[0].keyword != "const"]
    if keys := _alternatives(error):
        yield _told(error.path, _just_one(keys))
    elif not all(error.branches):
        message = Text(zh="同时符合几种互斥的写法", en="it matches several exclusive forms at once")
        yield _told(error.path, message)
    elif others:
        # The form with the fewest faults is probably the intended one.
        best = min(others, key=len)
        for one in _complaints(best, schema_name):
            about = words and one.path == error.path
            explain = partial(_with_words, one, error, words)
            yield replace(one, explain=explain) if about else one
    else:
        yield Complaint(path=error.path, explain=partial(wrong_type, error))


def _wrong_kind(error: Violation, branch: Sequence[Violation]) -> bool:
    return any(one.keyword == "type" and one.path == error.path for one in branch)


def _with_words(complaint: Complaint, error: Violation, words: Sequence[object]) -> Sentence:
    """Explain a value by a complaint, and by the words that are allowed, or the nearest one."""
    message, hint = complaint.explain()
    near = closest(error.value, words)
    if near:
        return message, did_you_mean(near)
    return message, _OR.format(hint=hint, words=either(words)) if hint.en else hint


def _alternatives(error: Violation) -> list[str]:
    """Return the keys of which a ``oneOf`` requires exactly one, if it does."""
    branches = error.expected
    keys = [
        b["required"][0]
        for b in branches
        if isinstance(b, dict) and len(b.get("required", ())) == 1
    ]
    return keys if len(keys) == len(branches) and isinstance(error.value, dict) else []


_DAY = re.compile(r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_LONGEST = 200


def _sentence(error: Violation) -> Sentence:
    """Return an error of the validator as a message and a hint for the author of the value."""
    return _SENTENCES.get(error.keyword, _other)(error)


def wrong_type(error: Violation) -> Sentence:
    """Return the type that was expected instead of another; null is never offered."""
    forms = [error, *(one for branch in error.branches for one in branch)]
    expected = [form for form in forms if form.keyword in {"type", "const"}]
    names = list(dict.fromkeys(name for form in expected for name in _expected(form)))
    wanted = _joined(names or [kind_of(None)])
    actual = kind_of(error.value)
    message = Text(
        zh=f"应为{wanted.zh}，而这里是{actual.zh}", en=f"expected {wanted.en}, found {actual.en}"
    )
    kinds = {kind for form in expected if form.keyword == "type" for kind in _kinds(form)}
    return message, _fix_type(error.value, kinds)


def _joined(names: Sequence[Text]) -> Text:
    zh, en = "或".join(name.zh for name in names), names[-1].en
    if len(names) > 1:
        en = ", ".join(name.en for name in names[:-1]) + f" or {en}"
    return Text(zh=zh, en=en)


def _kinds(error: Violation) -> list[str]:
    kinds = error.expected
    named = [kinds] if isinstance(kinds, str) else kinds
    return [kind for kind in named if kind != "null"]


def _expected(error: Violation) -> list[Text]:
    if error.keyword == "const":
        return [plain(show(error.expected))]
    names = {"object": {}, "array": [], "string": "", "integer": 0, "number": 0.5, "boolean": True}
    if _is_day(error.schema):
        return [Text(zh="日期", en="a date")]
    return [kind_of(names[kind]) for kind in _kinds(error)]


def _fix_type(value: object, kinds: set[str]) -> Text:
    scalar = not isinstance(value, (dict, list)) and value is not None
    if "string" in kinds and scalar:
        return Text(zh="请加引号，写成字符串", en="put it in quotes")
    if "boolean" in kinds and str(value).lower() in {"yes", "on", "y", "是", "true"}:
        return Text(zh="请写 true", en="write true")
    if "boolean" in kinds and str(value).lower() in {"no", "off", "n", "否", "false"}:
        return Text(zh="请写 false", en="write false")
    if kinds & {"integer", "number"} and re.fullmatch(r"-?[0-9.]+", str(value)):
        return Text(zh="请去掉引号，写成数字", en="write it as a number, without quotes")
    if "array" in kinds and value is not None:
        return Text(zh="请写成清单，每项以 `- ` 开头", en="write a list: each entry after `- `")
    return _NOTHING


def _is_day(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema describes a calendar day, by what it accepts."""
    if schema.get("format") == "date":
        return True
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return False
    return bool(re.search(pattern, "2024-02-29")) and not re.search(pattern, "2023-02-29")


def _text_form(error: Violation) -> Sentence:
    """Explain a text of a wrong form: a date, or any other pattern or format."""
    shown = show(error.value)
    if _is_day(error.schema):
        return _no_date(str(error.value), shown)
    example = next(iter(error.schema.get("examples", ())), None)
    hint = _NOTHING
    if example is not None:
        hint = Text(zh=f"例如 {show(example)}", en=f"for example {show(example)}")
    return Text(zh=f"{shown} 的格式不对", en=f"{shown} does not have the form expected here"), hint


def _no_date(written: str, shown: str) -> Sentence:
    # Full-width digits and hyphens are read as their half-width forms.
    match = _DAY.match(normalize("NFKC", written).strip())
    usual = match and "-".join((match[1], match[2].zfill(2), match[3].zfill(2)))
    if usual and written.startswith(usual):
        if len(written) > len(usual):
            return (
                Text(zh=f"{shown} 不是日期或时刻", en=f"{shown} is not a date or time"),
                Text(zh="写成 2024-03-06 或 2024-03-06T10:00+08:00", en=_MOMENT),
            )
        message = Text(zh=f"{written} 这一天不存在", en=f"{written} is not a date that exists")
        return message, _NOTHING
    message = Text(zh=f"{shown} 不是日期", en=f"{shown} is not a date")
    if usual:
        return message, Text(zh=f"写成 {usual}", en=f"write {usual}")
    return message, Text(zh="写法如 2024-03-06", en="write it like 2024-03-06")


_MOMENT = "write 2024-03-06, or 2024-03-06T10:00+08:00"


def _choice(error: Violation) -> Sentence:
    value = error.expected
    words = value if error.keyword == "enum" else [value]
    choices = [word for word in words if word is not None]
    shown, allowed = show(error.value), either(choices)
    near = closest(error.value, choices)
    if len(choices) == 1:
        zh, en = f"应为 {allowed.zh}，而不是 {shown}", f"expected {allowed.en}, found {shown}"
        return Text(zh=zh, en=en), _NOTHING
    message = Text(zh=f"{shown} 不在可选值之中", en=f"{shown} is not one of the allowed values")
    if near:
        return message, did_you_mean(near)
    return message, Text(zh=f"可选：{allowed.zh}", en=f"one of: {allowed.en}")


def closest(value: object, words: Sequence[object]) -> str | None:
    """Return the nearest word, also if only its beginning is written."""
    texts = {str(word).lower(): str(word) for word in words if isinstance(word, str)}
    written = str(value).lower()
    if not isinstance(value, str) or not written:
        return None
    near = nearest(written, texts) or next(
        (text for text in texts if text.startswith(written) and len(written) > 1), None
    )
    return texts[near] if near else None


def _not(error: Violation) -> Sentence:
    shown = show(error.value)
    return Text(zh=f"此处不能写 {shown}", en=f"{shown} is not allowed here"), _NOTHING


def _limit(zh: str, en: str, *, empty: Text | None = None) -> Callable[[Violation], Sentence]:
    def explain(error: Violation) -> Sentence:
        if empty and not error.value:
            return empty, _NOTHING
        values = {"value": show(error.value), "limit": error.expected}
        return Text(zh, en).format(**values), _NOTHING

    return explain


def _count(error: Violation) -> Sentence:
    """Explain a number of keys; the schemas use it to require exactly one of several."""
    schema = error.schema
    if schema.get("minProperties") == schema.get("maxProperties") == 1:
        return _just_one(list(schema.get("properties", {}))), _NOTHING
    if error.keyword == "minProperties":
        return _limit("少于 {limit} 个键", "fewer than {limit:key}")(error)
    return _limit("多于 {limit} 个键", "more than {limit:key}")(error)


def _repeated(error: Violation) -> Sentence:
    twice = next((v for i, v in enumerate(error.value) if v in error.value[:i]), None)
    return (
        Text(zh=f"清单中 {show(twice)} 重复", en=f"{show(twice)} is in this list twice"),
        _NOTHING,
    )


def _other(error: Violation) -> Sentence:
    message = error.message
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}…"
    return Text(zh=f"不符合模式：{message}", en=f"does not match the schema: {message}"), _NOTHING


_SENTENCES: dict[str, Callable[[Violation], Sentence]] = {
    "type": wrong_type,
    "format": _text_form,
    "pattern": _text_form,
    "enum": _choice,
    "const": _choice,
    "not": _not,
    "minimum": _limit("{value} 小于 {limit}", "{value} is less than {limit}"),
    "maximum": _limit("{value} 大于 {limit}", "{value} is more than {limit}"),
    "exclusiveMinimum": _limit("{value} 应大于 {limit}", "{value} is not more than {limit}"),
    "exclusiveMaximum": _limit("{value} 应小于 {limit}", "{value} is not less than {limit}"),
    "minLength": _limit(
        "少于 {limit} 个字",
        "shorter than {limit:character}",
        empty=Text("不能为空", "this cannot be empty"),
    ),
    "maxLength": _limit("多于 {limit} 个字", "longer than {limit:character}"),
    "minItems": _limit(
        "少于 {limit} 项",
        "fewer than {limit:entry}",
        empty=Text("清单不能为空", "this list cannot be empty"),
    ),
    "maxItems": _limit("多于 {limit} 项", "more than {limit:entry}"),
    "minProperties": _count,
    "maxProperties": _count,
    "uniqueItems": _repeated,
}


_SURELY = 0.85
_FEW = 3


def _known_keys(error: Violation) -> set[str]:
    """Return the keys that all schemas of a faulty object allow.

    The validator's own list of unevaluated keys is not usable: after one fault in a branch
    it contains every key of that branch.
    """
    known: set[str] = set()
    queue = [error.schema]
    while queue:
        part = queue.pop()
        known |= part.get("properties", {}).keys()
        for keyword in ("allOf", "anyOf", "oneOf"):
            queue += part.get(keyword, ())
        if "$ref" in part:
            queue.append(follow(part["$ref"], error.file)[0])
        if "if" in part:
            branch = "then" if _fits(error.value, part["if"]) else "else"
            queue.append(part.get(branch, {}))
    return known


def _fits(value: Json, schema: Schema) -> bool:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(schema).is_valid(value)


def _unknown_keys(error: Violation, schema_name: str) -> Iterator[Complaint]:
    """Yield a complaint about each key that an object must not have."""
    if error.keyword == "additionalProperties":
        known = set(error.schema.get("properties", {}))
    else:
        known = _known_keys(error)
    # Where an object has no properties, no key is named.
    for key in getattr(error.kind, "unexpected", error.value):
        if key not in known:
            explain = partial(_unknown_key, error, key, known, schema_name)
            yield Complaint(path=(*error.path, key), of="key", explain=explain)


def _unknown_key(error: Violation, key: str, known: Iterable[str], schema_name: str) -> Sentence:
    here = ".".join(step for step in error.path if isinstance(step, str))
    elsewhere = [path for path in homes(schema_name, key) if path not in {"", here}]
    message = Text(zh=f"未知的键 {show(key)}", en=f"unknown key {show(key)}")
    return message, _hint(key, sorted(known), elsewhere)


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
