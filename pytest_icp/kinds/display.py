"""Kind ``display`` (标明): a number or a name is in visible text.

``page`` is the path of a page's snapshot file, ``text`` that of words in the description where
there is no page, ``shows`` that of what must be there: a number, or with ``what: name`` a name.
What is only in a comment, a hidden element, an ``alt`` text or an image is not shown. Of a picture,
a PDF or a film, which no program reads here, and where the page is ``none``, ``stated`` is a fact
that declares whether it is shown; without it, that is not known. ``stated_by`` is the role that
looked.
"""

from __future__ import annotations

from typing import Literal

from pytest_icp.facts.asof import NONE
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.shown import (
    SHOWN,
    as_far_as_rendered,
    name_shown,
    not_looked_at,
    not_shown,
    number_shown,
    page_text,
)
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NO_PAGE = Text(zh="页面快照文件不存在", en="the page's snapshot file does not exist")
_NOT_READ = Text(
    zh="图片、PDF 和音视频不由程序读取，须由人核对", en="a picture, PDF or film: a person must look"
)
_NOT_STATED = Text(zh="申报为没有标明 {wanted}", en="it is declared as not showing {wanted}")


class Display(Spec, frozen=True, kw_only=True):
    """What must be shown, and where; and the facts by which a person declares it."""

    shows: str
    page: str | None = None
    text: str | None = None
    what: Literal["number", "name"] = "number"
    stated: str | None = None
    stated_by: str | None = None


def check_display(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``display``."""
    spec = obligation.spec_as(Display)
    shown = number_shown if spec.what == "number" else name_shown

    def judge(subject: Subject) -> Judgement:
        expected = context.fact(subject, spec.shows)
        if expected.text is None:
            return missing(subject, expected.tokens)
        places = [(path, context.fact(subject, path)) for path in (spec.page, spec.text) if path]
        path, place = next((one for one in places if one[1].text is not None), places[-1])
        if place.text is None:
            return missing(subject, place.tokens)
        stated = _stated(spec, context, subject, expected.text)
        if place.text == NONE:
            at = context.fact(subject, spec.stated or path)
            return next(iter(stated), missing(subject, at.tokens))
        words = page_text(context, place.text) if path == spec.page else place.text
        if words is None:
            unread = _unread(spec, context, subject, place, expected.text)
            return next(iter(stated), unread)
        one = shown(subject, place, expected.text, words)
        if path == spec.text:
            return one
        return as_far_as_rendered(one, subject, place, expected.text, words)

    return judge_each(obligation, context, judge)


def _unread(
    spec: Display, context: Context, subject: Subject, page: Fact, expected: str
) -> Judgement:
    """Return that a file is not there, or that no program reads it and nobody has stated it."""
    required, found = SHOWN.format(number=expected), plain(page.text or "")
    evidence = context.evidence.get(page.text or "")
    if evidence is None or not evidence.exists:
        at = page.tokens
        unread = not_looked_at(context, subject, at, page.text, required)
        return unread or unknown(subject, at, _NO_PAGE, found=found, required=required)
    at = context.fact(subject, spec.stated).tokens if spec.stated else page.tokens
    return unknown(subject, at, _NOT_READ, found=found, required=required)


def _stated(spec: Display, context: Context, subject: Subject, expected: str) -> list[Judgement]:
    """Return the judgement by what a person declares; empty without a declaration."""
    stated = context.fact(subject, spec.stated) if spec.stated else None
    if stated is None or not isinstance(stated.value, bool):
        return []
    if stated.value:
        who = context.fact(subject, spec.stated_by or "")
        return [SATISFIED if who.text else missing(subject, who.tokens)]
    message = _NOT_STATED.format(wanted=expected)
    return [not_shown(subject, stated, expected, message, plain("false"))]


KIND = Kind("display", Display, check_display)
