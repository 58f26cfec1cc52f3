"""The page for a reader without a terminal, as the standard reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.entries import entries
from pytest_icp.reports.html import html
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Change, Since, State
from tests.results import ARTICLE, FINDING, LOCATION, UNKNOWN, UPCOMING, WAIVED
from tests.runs import (
    PARDONED,
    RECORD,
    RECORDED,
    RUN,
    SOON,
    TROUBLE,
    VIOLATED,
    WANTED,
    hostile,
    many,
    result,
)

CHROMIUM = shutil.which("chromium")
TODAY = date(2023, 12, 8)
TITLE = VIOLATED.title.en


def read(run: Run) -> ET.Element:
    """The page as the standard reads it; a page with a fault is an error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html(run))  # type: ignore[no-any-return]  # the library has no types


def words(element: ET.Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def named(page: ET.Element, tag: str, part: str) -> list[ET.Element]:
    return [one for one in page.iter(tag) if part in one.get("class", "").split()]


def section(page: ET.Element, name: str) -> ET.Element:
    (found,) = (one for one in page.iter("section") if one.get("id") == name)
    return found


def rows(element: ET.Element) -> list[str]:
    return [words(one) for one in element.iter("tr")]


COMPARED = replace(
    RUN,
    since=Since(
        base=State(name="main", day="2023-12-01", apart=("plan.json",)),
        rules=(
            Change(
                description="infra/prod.icp.yaml",
                rule_id="SP12/renewal",
                title=VIOLATED.title,
                before=Standing.SATISFIED,
                after=Standing.VIOLATED,
                location=LOCATION,
                subject="renewal",
                message=FINDING.message,
                new=True,
            ),
        ),
        added=(("infra/prod.icp.yaml", "web-2"),),
        new=frozenset({entries(replace(RUN, results=(VIOLATED,)))[0].key}),
    ),
)
RUNS = {
    "every grade": replace(RUN, language="both"),
    "nothing": replace(RUN, results=(), version=""),
    "trouble": replace(RUN, troubles=(TROUBLE,), language="zh"),
    "compared": COMPARED,
    "hostile": hostile(),
    "recorded": RECORDED,
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_it_is_a_page_of_the_standard_that_needs_nothing_else(run: Run) -> None:
    page = read(run)
    for element in page.iter():
        tag = str(element.tag).rpartition("}")[2]
        assert tag not in {"script", "link", "img", "iframe", "object", "form", "base"}
        for name, value in element.attrib.items():
            assert name not in {"src", "style", "srcset"}
            assert not name.startswith("on")
            assert name != "href" or value.startswith("#")
    style = next(page.iter("style")).text or ""
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_the_sheet_and_nothing_else() -> None:
    page = read(RECORDED)
    style = next(page.iter("style")).text or ""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = (one.get("content") for one in page.iter("meta") if one.get("http-equiv"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_every_link_and_label_leads_somewhere_and_ids_are_unique(run: Run) -> None:
    page = read(run)
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    links = {one.get("href", "#")[1:] for one in page.iter("a")}
    labels = {one.get("for") for one in page.iter("label")}
    assert links | labels <= set(ids)


def test_the_sections_are_in_the_order_in_which_a_reader_needs_them() -> None:
    page = read(replace(COMPARED, troubles=(TROUBLE,), weakened=(TROUBLE,)))
    assert [one.get("id") for one in page.iter("section")] == [
        *("not-judged", "since", "decisions", "matrix", "violated", "unknown", "due"),
        *("advisory", "waived", "weakened", "not-said", "signatures"),
        *("satisfied", "not-applicable", "files"),
    ]


def test_the_header_tells_whose_licence_as_of_when_and_how_it_stands() -> None:
    header = next(read(replace(RECORDED, ignored=("SP12/stop",))).iter("header"))
    text = words(header)
    for said in (
        "示例科技有限公司 Licence number 京B2-20990001",
        "As of 2023-12-08",
        "Nearest last day 2023-12-07 1 day late",
        "✗ 1 rule violated As of 2023-12-08: 5 provisions, 7 rules",
        "✗ Violated 1 ? Unknown 1",
        "Not selected 1",
    ):
        assert said in text
    bare = replace(RECORDED, records=(replace(RECORD, holder="", licence=""), RECORD))
    assert "Holder not declared Licence number not declared" in words(
        next(read(bare).iter("header"))
    )


def test_a_violation_has_its_number_sentence_sides_fix_law_and_line() -> None:
    (rule,) = named(read(replace(RUN, results=(VIOLATED,), language="both")), "article", "violated")
    text = words(rule)
    places = [
        text.index(said)
        for said in (
            "1 提前90日申请延续 · Renewal is applied for 90 days ahead SP12/renewal",
            "逾期未办理 · not done, and overdue",
            "现状 · found never 要求 · required 不晚于 2023-12-07 · on or before 2023-12-07",
            "由谁办 · who",
            "infra/prod.icp.yaml:7:15 applied_on: never",
            "整改 · fix 立即申请。 · Apply now.",
            "第十二条",
            "“应当提前90日” · “90 days in advance”",
            "示例法第一条 · Example Law, Art. 1",
            "“The words.”",
        )
    ]
    assert places == sorted(places)
    assert words(next(rule.iter("mark"))) == "never"


def test_the_words_of_a_law_are_printed_once() -> None:
    other = replace(VIOLATED, rule_id="SP12/other", cited=(ARTICLE, replace(ARTICLE, quote=None)))
    first, second = named(read(replace(RUN, results=(VIOLATED, other))), "article", "violated")
    (again, once) = (first, second) if "quoted in" in words(first) else (second, first)
    assert "“The words.”" in words(once)
    assert "“The words.”" not in words(again)
    assert "Example Law, Art. 1 (quoted in violation 1)" in words(again)
    assert "Example Law, Art. 1 (its words are not kept here)" in words(second)


def test_what_can_be_mended_comes_first_and_the_overdue_first_of_it() -> None:
    over = replace(VIOLATED, rule_id="SP14/report", findings=(replace(FINDING, over=TODAY),))
    undated = replace(VIOLATED, rule_id="SP01/a", findings=(replace(FINDING, due=None),))
    page = read(replace(RUN, results=(over, undated, VIOLATED)))
    found = section(page, "violated")
    assert [words(one) for one in found.iter("h3")] == [
        "Can be fixed now (2)",
        "Happened, and cannot be fixed (1)",
    ]
    ids = [one.get("id") for one in found.iter("article")]
    assert ids == ["r-SP12-renewal", "r-SP01-a", "r-SP14-report"]
    assert rows(section(page, "decisions"))[1:] == [
        "Have it done at once: Renewal is applied for 90 days ahead compliance violation 1",
        "Set a date for each fix compliance violation 2",
        "Find out why what happened did; whether to waive it compliance violation 3",
    ]


def test_a_waiver_that_ends_and_what_a_person_must_decide_are_asked_for() -> None:
    page = read(replace(RUN, results=(PARDONED,)))
    assert "The waiver ends on 2024-01-01" in words(section(page, "decisions"))
    later = replace(PARDONED, waived=replace(WAIVED, expires="2025-01-01"))
    assert 'id="decisions"' not in html(replace(RUN, results=(later,)))


def test_what_would_decide_the_unknown_is_a_table_by_who_knows_it() -> None:
    other = replace(WANTED, rule_id="SP12/stop")
    location = replace(LOCATION, pointer="/owned")
    unasked = replace(UNKNOWN, location=location, line_to_add="owned: null", subject="owned")
    own = result("OWN/x", verdict=Verdict.UNKNOWN, findings=(unasked,))
    gap = replace(UNKNOWN, line_to_add="", message=Text("来源不全", "a source is incomplete"))
    caused = [replace(WANTED, rule_id=f"SP12/{name}", findings=(gap,)) for name in "ab"]
    unknown = section(read(replace(RUN, results=(WANTED, other, own, *caused))), "unknown")
    assert [words(one) for one in unknown.iter("h3")] == [
        "What decides them, and who knows it",
        "All rules that cannot be decided (5)",
    ]
    place = "infra/prod.icp.yaml:7:15"
    assert rows(unknown)[1:] == [
        f"Renewal › Applied on renewal.applied_on compliance 2 {place}",
        f"owned owned 1 {place}",
        f"a source is incomplete 2 {place}",
    ]


def test_what_a_change_does_is_told() -> None:
    page = read(COMPARED)
    text = words(section(page, "since"))
    for said in (
        "What this change does (since main of 2023-12-01): 1 new, 0 fixed",
        "infra/prod.icp.yaml:7:15 SP12/renewal: satisfied → violated [renewal] not done",
        "new subject web-2",
        "git does not have plan.json",
    ):
        assert said in text
    assert "not done, and overdue new" in words(named(page, "article", "violated")[0])
    none = replace(COMPARED, since=Since(base=State(name="main")))
    assert "no verdict and no date differs" in words(section(read(none), "since"))


def test_in_one_language_the_page_is_in_that_language() -> None:
    """All but what the user wrote: ids, places, values."""
    chinese = replace(COMPARED, language="zh", records=(RECORD,), weakened=(TROUBLE,))
    page = read(replace(chinese, troubles=(replace(TROUBLE, hint=plain("")),)))
    for one in [*page.iter("code"), *page.iter("pre"), *page.iter("style")]:
        one.text = ""
        for part in [*one]:
            one.remove(part)
    left = set(re.findall("[A-Za-z][a-z]{2,}", words(page)))
    assert left == {
        *("pytest", "icp", "agreed", "compliance"),
        *("never", "main", "git", "plan", "json", "web", "renewal"),
    }
    assert not re.findall("[\u4e00-\u9fff]", words(read(RUN)).replace("十二", ""))


def test_two_languages_are_marked_and_can_be_chosen_between() -> None:
    page = read(replace(RUN, language="both"))
    assert [(one.get("id"), "checked" in one.attrib) for one in page.iter("input")] == [
        ("both", True),
        ("zh", False),
        ("en", False),
    ]
    assert page.get("lang") == "zh-CN"
    assert {one.get("lang") for one in page.iter("span") if one.get("lang")} == {"zh-CN", "en"}
    assert not [*read(RUN).iter("input")]
    assert read(RUN).get("lang") == "en"


def test_many_findings_are_a_page_that_a_browser_bears() -> None:
    assert len(html(many(5_000))) < 8_000_000


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
def test_a_browser_refuses_nothing_of_the_page(tmp_path: Path) -> None:
    whole = html(hostile())
    broken = whole.replace("style-src 'sha256-", "style-src 'sha256-A")
    for name, text, refused in (("a", whole, False), ("b", broken, True)):
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
        done = subprocess.run(
            [
                *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-sync"),
                *("--no-first-run", "--disable-background-networking", "--disable-quic"),
                *("--disable-component-update", f"--user-data-dir={tmp_path / 'user'}"),
                *("--enable-logging=stderr", "--dump-dom", f"file://{tmp_path}/{name}.html"),
            ],
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert "1 rule violated" in done.stdout
        assert ("Content Security Policy" in done.stderr) is refused


def dues(*days: date, **changed: object) -> Run:
    upcoming = tuple(
        replace(UPCOMING, subject=f"s{i}", last=str(day), safe=str(day), **changed)
        for i, day in enumerate(days)
    )
    return replace(RUN, results=(replace(SOON, upcoming=upcoming),))


def test_a_date_has_its_days_duty_role_and_the_day_on_which_the_verdict_changes() -> None:
    run = dues(TODAY, TODAY + timedelta(days=45), TODAY + timedelta(days=200))
    due = section(read(replace(run, results=(VIOLATED, *run.results))), "due")
    assert rows(due) == [
        "Last day Left To do Who If not done, from",
        f"2023-12-07 1 day late {TITLE} SP12/renewal renewal compliance 2023-12-08 violated",
        f"2023-12-08 today {TITLE} SP14/report s0 compliance 2023-12-09 violated",
        f"2024-01-22 45 days {TITLE} SP14/report s1 compliance 2024-01-23 violated",
    ]
    assert words(due).endswith("1 more are due later, until 2024.")
    bars = [(one.get("width"), one.get("class")) for one in due.iter() if "rect" in str(one.tag)]
    assert bars == [("1000", "hot"), ("1000", "hot"), ("500", "warm")]
    assert "Nothing is overdue or due in 90 days." in words(section(read(dues()), "due"))


def test_what_a_reader_has_to_know_of_a_day_is_said() -> None:
    run = dues(date(2024, 3, 3), provisional=True)
    (result,) = run.results
    moved = replace(result.upcoming[0], safe="2024-03-01")
    told = replace(result, upcoming=(moved,), waived=WAIVED)
    due = words(section(read(replace(run, results=(told,))), "due"))
    assert "2024-03-03~" in due
    assert "Waived" in due
    assert "* the last working day before: 2024-03-03 → 2024-03-01" in due
    assert "~ provisional: the working days of that year are not published" in due
