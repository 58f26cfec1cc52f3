"""Kind ``display`` (标明): a number stands in the visible text of a page.

``page`` is the path of the page's snapshot file, ``shows`` that of the number. What is only in
a comment, a hidden element, an ``alt`` text or an image is not shown.
"""

from __future__ import annotations

from pytest_icp.checks import messages as say
from pytest_icp.checks.base import (
    SATISFIED,
    Fact,
    Judgement,
    Subject,
    World,
    judge_each,
    missing,
    unknown,
    violated,
)
from pytest_icp.core.finding import Outcome
from pytest_icp.core.numbers import find_numbers, normal_form
from pytest_icp.core.policy import Obligation
from pytest_icp.core.text import Text, plain


def check_display(obligation: Obligation, world: World) -> Outcome:
    """Decide a ``display``."""

    def judge(subject: Subject) -> Judgement:
        page = world.fact(subject, obligation.path("page"))
        number = world.fact(subject, obligation.path("shows"))
        if number.text is None:
            return missing(subject, number.tokens)
        if page.text is None:
            return missing(subject, page.tokens)
        evidence = world.evidence.get(page.text)
        required = say.SHOWN.format(number=number.text)
        if evidence is None or evidence.text is None:
            return unknown(
                subject, page.tokens, say.NO_PAGE, found=plain(page.text), required=required
            )
        return _shown(subject, page, number.text, evidence.text)

    return judge_each(obligation, world, judge)


def _shown(subject: Subject, page: Fact, number: str, html: str) -> Judgement:
    wanted = normal_form(number)
    visible = find_numbers(html).licences
    if wanted in visible:
        return SATISFIED
    hidden = wanted in "".join(html.split())
    message = say.ONLY_HIDDEN if hidden else say.NOT_SHOWN
    found: Text = plain(", ".join(visible)) if visible else say.NO_NUMBER
    return violated(
        subject,
        page.tokens,
        message.format(number=number),
        found=found,
        required=say.SHOWN.format(number=number),
    )
