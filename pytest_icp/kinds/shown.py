"""Kind ``shown`` (标明): a number or a name is in visible text.

``page`` is the path of a page's snapshot file, ``text`` that of words in the description where
there is no page, ``shows`` that of what must be there: a number, or with ``what: name`` a name; of
several, which are names of one and the same, any will do.
A snapshot that was ``taken`` on a day tells of the page for as many days as ``fresh``, and of no
day before. What is only in a comment, a hidden element, an ``alt`` text or an image is not shown.
Of a picture, a PDF or a film, which no program reads here, and where the page is ``none``,
``stated`` is a fact that declares whether it is shown, or a document that attests it; without one,
that is not known. ``stated_by`` is the role that looked.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import PurePath
from typing import Literal

from pytest_icp.facts.asof import NONE
from pytest_icp.facts.pages import find_numbers, visible_text
from pytest_icp.kinds import Kind
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    SATISFIED,
    Judgement,
    missing,
    not_looked_at,
    unknown,
    violated,
)
from pytest_icp.kinds.likeness import folded
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.words import shown
from pytest_icp.law.folding import fold
from pytest_icp.law.numbers import normal_form
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NOT_SHOWN = Text(zh="可见文字中没有 {name}", en="{name} is not in the visible text")
_ONLY_HIDDEN = Text(
    zh="源代码中有 {name}，但不可见（注释、隐藏元素、alt 等）",
    en="{name} is in the source, but not visible (comment, hidden element, alt)",
)
_NO_NUMBER = Text(zh="没有许可证编号", en="no licence number")
_NO_NAME = Text(zh="没有该名称", en="no such name")
_TEMPLATE = Text(
    zh="页面是模板或由脚本生成，其中没有 {name}，无法判断访问者看到的内容",
    en="the page is a template or rendered by scripts, and {name} does not stand in it, so what "
    "visitors see is not known",
)
_SHELL = Text(
    zh="页面只是外壳，内容由浏览器中的脚本填充，无法判断访问者看到的内容：请保存渲染后的页面"
    "（chromium --headless --dump-dom；curl 不运行脚本），或者写明显示 {name} 的组件",
    en="the page is a shell that scripts fill in the browser, so what visitors see is not known: "
    "save it as rendered, by `chromium --headless --dump-dom` (`curl` does not run scripts), or "
    "name the component that shows {name}",
)
_OLD = Text(
    zh="快照取得已满 {days} 天，不能说明网页现在的样子，请重新保存",
    en="the snapshot was taken {days} days ago and does not tell how the page looks now: save "
    "a new one",
)
_LATER = Text(
    zh="快照在该日之后才取得，不能说明网页当时的样子",
    en="the snapshot was taken later and does not tell how the page looked on that day",
)
_FRESH = Text(zh="不超过 {days} 天的快照", en="a snapshot that is at most {days} days old")
_NO_PAGE = Text(zh="页面快照文件不存在", en="the page's snapshot file does not exist")
_NOT_READ = Text(
    zh="图片、PDF 和音视频不由程序读取，须由人核对", en="a picture, PDF or film: a person must look"
)
_NOT_STATED = Text(zh="申报为没有标明 {name}", en="it is declared as not showing {name}")
_REQUIRED = Text(zh="可见文字 {name}", en="{name} as visible text")

_BEST_FIRST = (Verdict.SATISFIED, Verdict.UNKNOWN)

_SITE = re.compile(r"号?-[0-9]{1,4}[A-Z]?$")
"""What a filing number has for one of several sites; the number of the filing is enough."""


class Shown(Spec, frozen=True, kw_only=True):
    """What must be shown, and where; and the facts by which a person declares it."""

    shows: tuple[str, ...]
    page: str | None = None
    taken: str | None = None
    fresh: int | None = None
    text: str | None = None
    what: Literal["number", "name"] = "number"
    stated: str | None = None
    stated_by: str | None = None


def check_shown(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``shown``."""
    spec = obligation.spec_as(Shown)

    def judge(subject: Subject) -> Judgement:
        # Of several names one is enough, and one that is not known may be the one that is shown.
        judged = [one(subject, path) for path in spec.shows]
        return next((j for v in _BEST_FIRST for j in judged if j.verdict is v), judged[0])

    def one(subject: Subject, name: str) -> Judgement:
        wanted = context.fact(subject, name)
        if wanted.text is None:
            return missing(subject, wanted.tokens)
        places = [(path, context.fact(subject, path)) for path in (spec.page, spec.text) if path]
        path, place = next((at for at in places if at[1].text is not None), places[-1])
        if place.text is None:
            return missing(subject, place.tokens)
        words = place.text if path == spec.text else _text_of(context, place.text)
        if words is None or place.text == NONE:
            return _stated(spec, context, subject, place, wanted.text)
        outdated = _outdated(spec, context, subject) if path == spec.page else None
        if outdated:
            return outdated
        sure = _certain(place.text, words) if path == spec.page else words
        missed = _not_in(sure, wanted.text, spec.what)
        if missed is None:
            return SATISFIED
        message, found = missed
        required = _REQUIRED.format(name=wanted.text)
        why = _unrendered(place.text, words) if path == spec.page else None
        if why is None and path == spec.page and _may_show(words, sure, wanted.text, spec.what):
            why = _TEMPLATE
        if why is not None:
            message = why.format(name=wanted.text)
            return unknown(subject, place.tokens, message, found=found, required=required)
        return violated(subject, place.tokens, message, found=found, required=required)

    return judge_each(obligation, context, judge)


def _outdated(spec: Shown, context: Context, subject: Subject) -> Judgement | None:
    """Return that a snapshot does not tell how the page looks on the day; None if it does."""
    taken = context.fact(subject, spec.taken) if spec.taken else None
    if taken is None or taken.value == NONE:
        return None
    if taken.value is None:
        return missing(subject, taken.tokens)
    day = day_of(taken)
    message, fresh = _LATER, spec.fresh or 0
    if day is not None:
        if context.today <= day + timedelta(days=fresh):
            return None
        message = _OLD.format(days=(context.today - day).days)
    required = _FRESH.format(days=fresh)
    return unknown(subject, taken.tokens, message, found=plain(taken.text or ""), required=required)


def _text_of(context: Context, path: str) -> str | None:
    """Return the text of a file; None where it is not there, or no program reads it."""
    evidence = context.evidence.get(path)
    return evidence.text if evidence else None


def _not_in(html: str, name: str, what: Literal["number", "name"]) -> tuple[Text, Text] | None:
    """Return that a number or name is not in the visible text, and what is; None if it is."""
    if what == "name":
        expected = folded(name)
        if expected in folded(fold(visible_text(html)).text):
            return None
        message = _ONLY_HIDDEN if expected in folded(html) else _NOT_SHOWN
        return message.format(name=name), _NO_NAME
    expected, found_in = normal_form(name), find_numbers(html)
    visible = (*found_in.licences, *found_in.filings, *found_in.certificates, *found_in.police)
    if expected in visible or _SITE.sub("", expected) in visible:
        return None
    message = _ONLY_HIDDEN if expected in "".join(html.split()) else _NOT_SHOWN
    return message.format(name=name), plain(", ".join(visible)) if visible else _NO_NUMBER


def _certain(path: str, html: str) -> str:
    """Return what a page certainly shows; a template or a script of it may leave the rest out."""
    # Imported here because many descriptions have no pages.
    from pytest_icp.facts.pages.rendering import certain, unchanged

    return unchanged(certain(PurePath(path), html), html)


def _unrendered(path: str, html: str) -> Text | None:
    """Return why it is not known what visitors see of a page, if a template or scripts decide."""
    # Imported here because most pages show what they must.
    from pytest_icp.facts.pages.rendering import is_shell, unrendered

    if unrendered(PurePath(path), html) is None:
        return None
    return _SHELL if is_shell(html) else _TEMPLATE


def _may_show(html: str, sure: str, name: str, what: Literal["number", "name"]) -> bool:
    """Whether a script takes away what a page shows, or what shows it is doubtful."""
    # Imported here because most pages show what they must.
    from pytest_icp.facts.pages.reading import read

    doubted = "\n".join(text for _, text in read(sure).doubts)
    return any(_not_in(one, name, what) is None for one in (html, doubted))


def _stated(spec: Shown, context: Context, subject: Subject, place: Fact, name: str) -> Judgement:
    """Judge by what a person declares of a page that no program reads, or that is not there."""
    stated = context.fact(subject, spec.stated) if spec.stated else place
    required = _REQUIRED.format(name=name)
    if spec.stated and stated.value in (False, NONE):
        message, found = _NOT_STATED.format(name=name), shown(stated.value, stated.tokens)
        return violated(subject, stated.tokens, message, found=found, required=required)
    if spec.stated and stated.value is not None:
        who = context.fact(subject, spec.stated_by) if spec.stated_by else stated
        return SATISFIED if who.value is not None else missing(subject, who.tokens)
    if place.text == NONE:
        return missing(subject, stated.tokens)
    found = plain(place.text or "")
    evidence = context.evidence.get(place.text or "")
    if evidence is None or not evidence.exists:
        if evidence is not None and evidence.unread:
            return not_looked_at(subject, place, required)
        return unknown(subject, place.tokens, _NO_PAGE, found=found, required=required)
    return unknown(subject, stated.tokens, _NOT_READ, found=found, required=required)


KIND = Kind("shown", Shown, check_shown)
