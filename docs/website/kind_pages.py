"""A page for each kind of check (检查类别): its fields as its schema has them, and its rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from handbook.markdown import Lang, said
from msgspec import Struct

from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.properties import bilingual, schema_document
from pytest_icp.kinds import kinds
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import fields_of
from pytest_icp.rules.policy import Obligation, Policy
from website.rule_table import rule_table
from website.text import Pages, found_as, heading, listed, page, rows, target, toctree

_TITLE = Text("检查类别", "Kinds of check")
_INTRO = Text(
    "每条规则写明用哪一种检查（`kind`），各种检查有各自的属性。规则都有的属性列在后面。"
    "这些都不合用的，可以写[自己的检查类别](../own-kinds.md)：那里写明[由什么组成](../own-kinds.md#由什么组成)。",
    "Each rule names the kind of check that decides it (`kind`), and each kind has fields of its "
    "own. The fields that every rule has are below. Where none of them will do, write "
    "[one of your own](../own-kinds.md); that page says "
    "[what a kind is made of](../own-kinds.md#what-it-is-made-of).",
)
_HEAD = (Text("类别", "kind"), Text("检查什么", "what it asks"), Text("规则数", "rules"))
_COMMON = Text("规则都有的属性", "Fields of every rule")
_PARTS = Text("各部分的属性", "Fields of a part")
_TYPES = Text("属性值的写法", "How values are written")
_EXAMPLE = Text("例子", "Example")
_FIELDS = Text("属性", "Fields")
_RULES = Text("使用它的规则", "Rules that use it")
_FIELD_HEAD = (Text("属性", "field"), Text("含义", "meaning"), Text("例如", "for example"))
_REQUIRED = Text("必填。", "Required.")
_WRITTEN_AS = Text("写法：{types}。", "Written as {types}.")

_INSIDE = ("then", "else", "items", "anyOf", "oneOf")
"""Where a schema says what a value is made of, beside its properties."""


def kind_pages(policies: Sequence[Policy], lang: Lang) -> Pages:
    """Return the page of each kind of check, and the one that lists them."""
    users: dict[str, dict[str, Obligation]] = defaultdict(dict)
    for policy in policies:
        for rule in policy.obligations:
            for part in rule.each_part:
                users[part.kind][rule.rule_id] = rule
    pages = {
        f"kinds/{name}": _kind_page(name, list(users[name].values()), lang) for name in kinds()
    }
    return {"kinds/index": _index(users, lang), **pages}


def _index(users: Mapping[str, Mapping[str, Obligation]], lang: Lang) -> str:
    defs = schema_document("policy")["$defs"]
    cells = (
        (f"[`{name}`]({name}.md)", said(_described(fields_of(name)), lang), str(len(users[name])))
        for name in kinds()
    )
    own = {name: one for name, one in defs["Part"]["properties"].items() if name == "name"}
    types = (part for name in _types() for part in _type(name, lang))
    return page(
        heading(1, _TITLE, lang),
        _INTRO[lang],
        rows(_HEAD, cells, lang),
        heading(2, _COMMON, lang),
        _table(defs["Obligation"], lang, types=""),
        heading(2, _PARTS, lang),
        said(_described(defs["Part"]), lang),
        _table({"properties": own, "required": ["name"]}, lang, types=""),
        heading(2, _TYPES, lang),
        *types,
        toctree(kinds()),
    )


def _kind_page(name: str, users: Sequence[Obligation], lang: Lang) -> str:
    schema = fields_of(name)
    return page(
        heading(1, plain(f"`{name}`"), lang),
        found_as([f"kind {name}", name]),
        said(_described(schema), lang),
        heading(2, _EXAMPLE, lang),
        _block(schema["examples"][0]),
        heading(2, _FIELDS, lang),
        _table(schema, lang, types="index.md"),
        *((heading(2, _RULES, lang), rule_table(users, lang, below="../rules/")) if users else ()),
    )


def _described(schema: Mapping[str, Any]) -> Text:
    return bilingual(schema["description"])


def _table(schema: Mapping[str, Any], lang: Lang, *, types: str) -> str:
    """Return the fields of an object, those inside a field below it; ``types`` is their page."""
    return rows(_FIELD_HEAD, (_row(one, lang, types) for one in _fields(schema)), lang)


class _Field(Struct, frozen=True):
    """A field of an object: its path, its schema, and whether it must be there."""

    path: str
    schema: Mapping[str, Any]
    required: bool


def _fields(schema: Mapping[str, Any], above: str = "") -> Iterator[_Field]:
    """Yield each field of an object, and what is inside of it; of one told twice, the first."""
    found: dict[str, _Field] = {}
    for one in _told(schema, above):
        found.setdefault(one.path, one)
    yield from found.values()


def _told(schema: Mapping[str, Any], above: str) -> Iterator[_Field]:
    for name, field in schema.get("properties", {}).items():
        # Where a schema only forbids or narrows, it tells no field.
        if isinstance(field, dict) and "title" in field:
            yield _Field(f"{above}{name}", field, name in schema.get("required", ()))
            yield from _told(field, f"{above}{name}.")
    for inside in _inside(schema):
        yield from _told(inside, above)


def _inside(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for keyword in _INSIDE:
        found = schema.get(keyword, ())
        yield from (one for one in (found if isinstance(found, list) else (found,)) if one)


def _row(field: _Field, lang: Lang, types: str) -> tuple[str, str, str]:
    schema = field.schema
    told = [said(_described(schema), lang)] if "description" in schema else []
    told += [said(_REQUIRED, lang)] if field.required else []
    names = dict.fromkeys(_refers(schema))
    links = listed((f"[{_title(name, lang)}]({types}#type-{name.lower()})" for name in names), lang)
    told += [_WRITTEN_AS[lang].format(types=links)] if names else []
    text = ("" if lang == "zh" else " ").join(told)
    title = said(bilingual(schema["title"]), lang)
    example = flow(schema["examples"][0]) if "examples" in schema else ""
    shown = example.replace("|", "\\|").replace("`", "'")
    return f"`{field.path}` {title}", text, f"`{shown}`" if shown else ""


def _title(name: str, lang: Lang) -> str:
    return said(bilingual(schema_document("policy")["$defs"][name]["title"]), lang)


def _refers(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the types that a value may be of."""
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]
    for inside in _inside(schema):
        yield from _refers(inside)


def _types() -> list[str]:
    """Return the names of the types that fields refer to, also those of other types."""
    defs = schema_document("policy")["$defs"]
    found: set[str] = set()
    queue = [defs["Obligation"], *map(fields_of, kinds())]
    while queue:
        schema = queue.pop()
        fields = [schema, *(one.schema for one in _fields(schema))]
        names = {name for one in fields for name in _refers(one)} - found
        found |= names
        queue += [defs[name] for name in names]
    return sorted(found)


def _type(name: str, lang: Lang) -> Iterator[str]:
    schema = schema_document("policy")["$defs"][name]
    yield target(f"type-{name.lower()}")
    yield heading(3, bilingual(schema["title"]), lang)
    yield said(_described(schema), lang)
    if any(_fields(schema)):
        yield _table(schema, lang, types="")
    elif "examples" in schema:
        yield listed((f"`{flow(one)}`" for one in schema["examples"]), lang)


def _block(example: Any) -> str:
    text = yaml.safe_dump(example, allow_unicode=True, sort_keys=False, width=88)
    return f"```yaml\n{text}```"
