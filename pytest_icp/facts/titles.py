"""What a fact is called, from the titles of the schema (字段名称)."""

from __future__ import annotations

from pytest_icp.facts.files.properties import property_at, words_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text


def title_of(path: str) -> Text:
    """Return the titles down to a fact (字段名称): ``网站 › 主页 › 快照文件``."""
    names = path.split(".")
    path_properties = (property_at(SCHEMA, ".".join(names[: i + 1])) for i in range(len(names)))
    titles = [each.title for each in path_properties if each is not None]
    zh, en = (" › ".join(title[lang] for title in titles) for lang in ("zh", "en"))
    return Text(zh=zh or path, en=en or path)


def word_of(path: str, value: Json) -> Text | None:
    """Return what a word of an enumeration is called (取值名称); in English it is that word."""
    if not isinstance(value, str):
        return None
    word = words_at(SCHEMA, path).get(value)
    return Text(word, value) if word else None
