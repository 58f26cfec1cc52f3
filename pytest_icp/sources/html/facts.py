"""What a home page tells of its site: the snapshot, and the filings that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance, Status
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.draft import Draft, Found
from pytest_icp.sources.html.page import Page, link_faults
from pytest_icp.sources.request import Request


class Notes(Struct):
    """What was noticed besides facts: gaps, and remarks each said once."""

    request: Request
    gaps: dict[Gap, None] = field(default_factory=dict)
    remarks: dict[Text, None] = field(default_factory=dict)

    def remark(self, place: Place, zh: str, en: str) -> None:
        """Note what decides nothing, with its place as the description names files."""
        named = replace(place, path=PurePath(self.request.as_written(Path(place.path))))
        self.remarks[Text(zh=f"{named}：{zh}", en=f"{named}: {en}")] = None

    def gap(self, zh: str, en: str, place: Place, kinds: Sequence[str] = ("sites",)) -> None:
        """Note what could not be told."""
        self.gaps[Gap(message=Text(zh=zh, en=en), place=place, kinds=frozenset(kinds))] = None


def say_page(
    draft: Draft,
    notes: Notes,
    host: str,
    page: Page,
    written: str | None,
    *,
    status: Status = Status.KNOWN,
) -> None:
    """Say of a site that was added before what its home page (主页) shows.

    ``written`` is the path of the page as facts name files, None where it is no file. Of a page
    that is yet to be rendered nothing is said, but that it is.
    """
    if page.rendered is not None:
        place = page.rendered
        notes.gap(
            f"{page.path.name} 是模板或由脚本生成，看不出访问者所见；请用渲染后的页面",
            f"{page.path.name} is a template or drawn by scripts, so that what visitors see is "
            "unknown; name the rendered page instead",
            place,
            # No site is missing for it; what its page shows is not known.
            kinds=(),
        )
        unknown = Provenance(place=place, status=Status.AFTER_APPLY, address=host)
        draft.say("sites", host, "home_page", None, lambda: unknown)
        return
    numbers = page.numbers
    if written is not None:
        shown = (*numbers.licences, *(miss.written for miss in numbers.near_misses), "")[0]
        found = _at(page, shown, host, status)
        draft.say("sites", host, "home_page", {"snapshot": written}, found)
    _say_filing(draft, notes, "icp_filing", host, page, numbers.filings, status)
    _say_filing(draft, notes, "psb_filing", host, page, numbers.police, status)
    for number, fault in link_faults(page):
        notes.remark(page.place(number), f"{number} {fault.zh}", f"{number} {fault.en}")


def _say_filing(
    draft: Draft,
    notes: Notes,
    fact: str,
    host: str,
    page: Page,
    shown: Sequence[str],
    status: Status,
) -> None:
    if len(shown) == 1:
        found = _at(page, shown[0], host, status)
        draft.say("sites", host, fact, {"number": _as_issued(shown[0])}, found)
    elif shown:
        notes.remark(
            page.place(shown[0]),
            f"主页上有多个备案号（{'、'.join(shown)}），不知哪个是本网站的",
            f"the page shows several filing numbers, {', '.join(shown)}; which is the site's own "
            "is not known",
        )


def _as_issued(number: str) -> str:
    """Return the number of a filing as it is given out, with its last 号."""
    return number if "-" in number else f"{number}号"


def _at(page: Page, number: str, host: str, status: Status) -> Found:
    return lambda: Provenance(place=page.place(number), status=status, address=host)
