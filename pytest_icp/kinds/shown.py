"""Whether a number or a name is in the visible text of a page (是否标明)."""

from __future__ import annotations

import re
from pathlib import PurePath

from pytest_icp.facts.pages import find_numbers, visible_text
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown, violated
from pytest_icp.kinds.names import folded
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.folding import fold
from pytest_icp.law.numbers import normal_form
from pytest_icp.law.text import Text, plain

_NOT_SHOWN = Text(
    zh="页面的可见文字中没有许可证编号 {number}",
    en="the number {number} is not in the visible text of the page",
)
_ONLY_HIDDEN = Text(
    zh="页面源代码中有 {number}，但不可见（注释、隐藏元素、alt 等）",
    en="{number} is in the source of the page, but not visible (comment, hidden element, alt)",
)
_NO_NUMBER = Text(zh="没有许可证编号", en="no licence number")
_NAME_NOT_SHOWN = Text(zh="可见文字中没有「{name}」", en="{name} is not in the visible text")
_NAME_ONLY_HIDDEN = Text(
    zh="源代码中有「{name}」，但不可见", en="{name} is in the source, but not visible"
)
_NO_NAME = Text(zh="没有该名称", en="no such name")
_TEMPLATE = Text(
    zh="页面是模板或由脚本生成，其中没有 {name}，无法判断访问者看到的内容",
    en="the page is a template or rendered by scripts, and {name} does not stand in it, so what "
    "visitors see is not known",
)
_NOT_LOOKED_AT = Text(
    zh="这份描述没有随附文件，无法查看「{path}」",
    en="this description has no files beside it, so {path} was not looked at",
)
SHOWN = Text(zh="可见文字 {number}", en="{number} as visible text")

_SITE = re.compile(r"号?-[0-9]{1,4}[A-Z]?$")
"""What a filing number has for one of several sites; the number of the filing is enough."""


def page_text(context: Context, path: str) -> str | None:
    """Return the text of a file; None where it is not there, or no program reads it."""
    evidence = context.evidence.get(path)
    return evidence.text if evidence else None


def judge_text(context: Context, subject: Subject, page: str, shows: str) -> Judgement:
    """Judge whether a file, as far as it is text, shows the number at a path."""
    place, expected = context.fact(subject, page), context.fact(subject, shows)
    if place.text is None:
        return missing(subject, place.tokens)
    words = page_text(context, place.text)
    if words is None:
        required = SHOWN.format(number=expected.text or "")
        return not_looked_at(context, subject, place.tokens, place.text, required) or SATISFIED
    if expected.text is None:
        return missing(subject, expected.tokens)
    judged = number_shown(subject, place, expected.text, words)
    return as_far_as_rendered(judged, subject, place, expected.text, words)


def not_looked_at(
    context: Context, subject: Subject, at: Tokens, path: str | None, required: Text
) -> Judgement | None:
    """Return that a file could not be looked at; None where it was looked for."""
    evidence = context.evidence.get(path or "")
    if evidence is None or not evidence.unread:
        return None
    message, found = _NOT_LOOKED_AT.format(path=path), plain(path or "")
    return unknown(subject, at, message, found=found, required=required)


def as_far_as_rendered(
    judged: Judgement, subject: Subject, place: Fact, name: str, html: str
) -> Judgement:
    """Return the judgement of a page; what a template does not show is not known."""
    if judged is SATISFIED:
        return judged
    # Imported here because most pages show what they must.
    from pytest_icp.facts.pages.templates import unrendered

    if unrendered(PurePath(place.text or ""), html) is None:
        return judged
    message, found = _TEMPLATE.format(name=name), judged.findings[0].found
    required = SHOWN.format(number=name)
    return unknown(subject, place.tokens, message, found=found, required=required)


def number_shown(subject: Subject, place: Fact, number: str, html: str) -> Judgement:
    """Judge whether a number of any kind is in the visible text of a page or in words."""
    expected = normal_form(number)
    found_in = find_numbers(html)
    visible = (*found_in.licences, *found_in.filings, *found_in.certificates, *found_in.police)
    if expected in visible or _SITE.sub("", expected) in visible:
        return SATISFIED
    hidden = expected in "".join(html.split())
    message = _ONLY_HIDDEN if hidden else _NOT_SHOWN
    found: Text = plain(", ".join(visible)) if visible else _NO_NUMBER
    return not_shown(subject, place, number, message.format(number=number), found)


def name_shown(subject: Subject, place: Fact, name: str, html: str) -> Judgement:
    """Judge whether a name is in the visible text of a page or in words."""
    expected = folded(name)
    if expected in folded(fold(visible_text(html)).text):
        return SATISFIED
    message = _NAME_ONLY_HIDDEN if expected in folded(html) else _NAME_NOT_SHOWN
    return not_shown(subject, place, name, message.format(name=name), _NO_NAME)


def not_shown(subject: Subject, place: Fact, name: str, message: Text, found: Text) -> Judgement:
    """Return that a number or a name is not in the text at a place."""
    required = SHOWN.format(number=name)
    return violated(subject, place.tokens, message, found=found, required=required)
