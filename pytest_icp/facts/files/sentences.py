"""The fault that a keyword of a schema finds in a value, as one sentence and a hint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias
from unicodedata import normalize

from pytest_icp.facts.files.wording import either, kind_of, show
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jsonschema import ValidationError

_Error: TypeAlias = "ValidationError"
_DAY = re.compile(r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_NOTHING = plain("")
_LONGEST = 200


Sentence: TypeAlias = tuple[Text, Text]
"""A message and a hint, which may be empty."""


def sentence(error: _Error) -> Sentence:
    """Return an error of the validator as a message and a hint for the author of the value."""
    return _SENTENCES.get(str(error.validator), _other)(error)


def wrong_type(error: _Error) -> Sentence:
    """Return the type that was expected instead of another; null is never offered."""
    forms = [error, *(error.context or ())]
    expected = [form for form in forms if form.validator in {"type", "const"}]
    names = list(dict.fromkeys(name for form in expected for name in _expected(form)))
    wanted = _joined(names or [kind_of(None)])
    actual = kind_of(error.instance)
    message = Text(
        zh=f"应为{wanted.zh}，而这里是{actual.zh}", en=f"expected {wanted.en}, found {actual.en}"
    )
    kinds = {kind for form in expected if form.validator == "type" for kind in _kinds(form)}
    return message, _fix_type(error.instance, kinds)


def _joined(names: Sequence[Text]) -> Text:
    zh, en = "或".join(name.zh for name in names), names[-1].en
    if len(names) > 1:
        en = ", ".join(name.en for name in names[:-1]) + f" or {en}"
    return Text(zh=zh, en=en)


def _kinds(error: _Error) -> list[str]:
    kinds = error.validator_value
    named = [kinds] if isinstance(kinds, str) else kinds
    return [kind for kind in named if kind != "null"]


def _expected(error: _Error) -> list[Text]:
    if error.validator == "const":
        return [plain(show(error.validator_value))]
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


def _text_form(error: _Error) -> Sentence:
    """Explain a text of a wrong form: a date, or any other pattern or format."""
    shown = show(error.instance)
    if _is_day(error.schema):
        return _no_date(str(error.instance), shown)
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


def _choice(error: _Error) -> Sentence:
    value = error.validator_value
    words = value if error.validator == "enum" else [value]
    choices = [word for word in words if word is not None]
    shown, allowed = show(error.instance), either(choices)
    near = closest(error.instance, choices)
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


def _not(error: _Error) -> Sentence:
    shown = show(error.instance)
    return Text(zh=f"此处不能写 {shown}", en=f"{shown} is not allowed here"), _NOTHING


def _limit(zh: str, en: str) -> Callable[[_Error], Sentence]:
    def explain(error: _Error) -> Sentence:
        values = {"value": show(error.instance), "limit": error.validator_value}
        return Text(zh, en).format(**values), _NOTHING

    return explain


def _too_short(error: _Error) -> Sentence:
    if not error.instance:
        return Text(zh="不能为空", en="this cannot be empty"), _NOTHING
    return _limit("少于 {limit} 个字", "shorter than {limit:character}")(error)


def _too_few(error: _Error) -> Sentence:
    if not error.instance:
        return Text(zh="清单不能为空", en="this list cannot be empty"), _NOTHING
    return _limit("少于 {limit} 项", "fewer than {limit:entry}")(error)


def _count(error: _Error) -> Sentence:
    """Explain a number of keys; the schemas use it to require exactly one of several."""
    schema = error.schema
    if schema.get("minProperties") == schema.get("maxProperties") == 1:
        keys = either(list(schema.get("properties", {})))
        return (
            Text(zh=f"{keys.zh} 应当写且只写一个", en=f"exactly one of {keys.en} is expected"),
            _NOTHING,
        )
    if error.validator == "minProperties":
        return _limit("少于 {limit} 个键", "fewer than {limit:key}")(error)
    return _limit("多于 {limit} 个键", "more than {limit:key}")(error)


def _repeated(error: _Error) -> Sentence:
    twice = next((v for i, v in enumerate(error.instance) if v in error.instance[:i]), None)
    return (
        Text(zh=f"清单中 {show(twice)} 重复", en=f"{show(twice)} is in this list twice"),
        _NOTHING,
    )


def _other(error: _Error) -> Sentence:
    message = error.message
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}…"
    return Text(zh=f"不符合模式：{message}", en=f"does not match the schema: {message}"), _NOTHING


_SENTENCES: dict[str, Callable[[_Error], Sentence]] = {
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
    "minLength": _too_short,
    "maxLength": _limit("多于 {limit} 个字", "longer than {limit:character}"),
    "minItems": _too_few,
    "maxItems": _limit("多于 {limit} 项", "more than {limit:entry}"),
    "minProperties": _count,
    "maxProperties": _count,
    "uniqueItems": _repeated,
}
