"""Facts of a site from its home page: the snapshot, and the filing numbers on it."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.facts.derived import Provenance, Status
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering, ProvenanceLookup
from pytest_icp.sources.html.page import Page, link_faults


def add_home_page(
    into: Gathering,
    host: str,
    page: Page,
    written: str | None,
    *,
    status: Status = Status.KNOWN,
) -> None:
    """Add the facts of a home page (主页) to its site, which was added before.

    ``written`` is the path of the page as written in facts, or None for standard input. A page
    that is not rendered yet is a gap, and gives no facts but the numbers that stand in it.
    """
    place, numbers = page.unrendered, page.numbers
    if place is not None:
        _note_template(into, page, place)
    if place is not None and not numbers.licences:
        unknown = Provenance(place=place, status=Status.AFTER_APPLY, address=host)
        into.set("sites", host, "home_page", None, lambda: unknown)
    elif written is not None:
        shown = (*numbers.licences, *(miss.written for miss in numbers.near_misses), "")[0]
        found = _at(page, shown, host, status)
        into.set("sites", host, "home_page", {"snapshot": written}, found)
    _add_filing(into, "icp_filing", host, page, numbers.filings, status)
    _add_filing(into, "psb_filing", host, page, numbers.police, status)
    for number, fault in link_faults(page):
        into.note(page.place(number), f"{number} {fault.zh}", f"{number} {fault.en}")


def _note_template(into: Gathering, page: Page, place: Place) -> None:
    """Say that a page is not rendered yet; a gap, unless the licence number stands in it."""
    name = page.path.name
    for number in page.numbers.licences[:1]:
        into.note(
            page.place(number),
            f"{name} 是模板或由脚本生成，其中直接写有 {number}",
            f"{name} is a template or rendered by scripts, and {number} stands in it as such",
        )
        return
    # The list of sites is still complete.
    into.gap(_TEMPLATE.format(name=name), place)


def _add_filing(
    into: Gathering,
    fact: str,
    host: str,
    page: Page,
    shown: Sequence[str],
    status: Status,
) -> None:
    if len(shown) == 1:
        found = _at(page, shown[0], host, status)
        into.set("sites", host, fact, {"number": _as_issued(shown[0])}, found)
    elif shown:
        into.note(
            page.place(shown[0]),
            f"主页上有多个备案号（{'、'.join(shown)}），无法判断哪个是本网站的",
            f"the page shows several filing numbers, {', '.join(shown)}; it is not known which one "
            "is of this site",
        )


def _as_issued(number: str) -> str:
    """Return the number of a filing as it is issued, ending in 号."""
    return number if "-" in number else f"{number}号"


def _at(page: Page, number: str, host: str, status: Status) -> ProvenanceLookup:
    return lambda: Provenance(place=page.place(number), status=status, address=host)


_TEMPLATE = Text(
    zh="{name} 是模板，或由脚本、其他网页填充，无法判断访问者看到的内容；请改用渲染后的页面",
    en="{name} is a template, or scripts or other pages fill it in, so what visitors see is not "
    "known; use the rendered page instead",
)
