from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.entries import entries
from pytest_icp.reports.html.environment import anchor, titled
from pytest_icp.reports.html.page import html
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Change, DueChange, Since, State
from tests.results import DERIVED, FINDING, LOCATION, UNKNOWN, WOULD_BE
from tests.runs import (
    HOSTILE,
    RECORD,
    RECORDED,
    RUN,
    TROUBLE,
    VIOLATED,
    WANTED,
    hostile,
    many,
    result,
)

CHROMIUM = shutil.which("chromium")


def read(run: Run) -> ET.Element:
    """The page as the standard reads it; a page with a fault is an error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html(run))  # type: ignore[no-any-return]  # the library has no types


def words(element: ET.Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def named(page: ET.Element, tag: str, part: str) -> list[ET.Element]:
    return [one for one in page.iter(tag) if part in one.get("class", "").split()]


RUNS = {
    "every grade": replace(RUN, language="both"),
    "nothing": replace(RUN, results=(), version=""),
    "trouble": replace(RUN, troubles=(TROUBLE,), language="zh"),
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
    page = read(RUN)
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


def section(page: ET.Element, name: str) -> ET.Element:
    (found,) = (one for one in page.iter("section") if one.get("id") == name)
    return found


def test_the_sections_are_in_the_order_in_which_a_reader_needs_them() -> None:
    page = read(replace(COMPARED, troubles=(TROUBLE,), weakened=(TROUBLE,)))
    assert [one.get("id") for one in page.iter("section") if one.get("id")] == [
        "not-judged",
        "violated",
        "since",
        "due",
        "unknown",
        "advisory",
        "waived",
        "weakened",
        "matrix",
        "satisfied",
        "not-applicable",
    ]


def test_the_header_tells_whose_licence_as_of_when_and_how_it_stands() -> None:
    header = next(read(replace(RECORDED, ignored=("SP12/stop",))).iter("header"))
    text = words(header)
    for said in (
        "✗ Does not comply",
        "✗ Violated 1 ? Unknown 1",
        "Holder 示例科技有限公司",
        "Licence number 京B2-20990001",
        "Description infra/prod.icp.yaml SHA-256 1111",
        "As of 2023-12-08: 5 provisions, 7 rules",
        "1 rule not checked",
        "Version pytest-icp 1.2.3",
    ):
        assert said in text
    bare = replace(RECORDED, records=(replace(RECORD, holder="", licence=""),))
    assert "Holder not declared Licence number not declared" in words(
        next(read(bare).iter("header"))
    )


def test_the_digests_of_all_files_are_folded_at_the_end() -> None:
    page = read(RECORDED)
    files = section(page, "files")
    assert [one.get("id") for one in page.iter("section")][-1] == "files"
    (folded,) = files.iter("details")
    assert words(next(folded.iter("summary"))) == "Digests (SHA-256) of the 5 files read"
    assert [words(one) for one in folded.iter("h3")] == [
        "Description (1)",
        "Sources (1)",
        "Evidence (1)",
        "Own policies (1)",
        "Policies that pytest-icp ships (1)",
    ]
    lines = [line for one in folded.iter("pre") for line in (one.text or "").splitlines()]
    assert lines[2] == f"{'3' * 64}  infra/evidence/scan.pdf"
    assert 'id="files"' not in html(RUN)


def test_what_is_well_is_folded_with_its_reason() -> None:
    page = read(RUN)
    for name, said in (
        ("matrix", "SP12 Changes and renewal"),
        ("satisfied", "LIC/valid It is applied for ahead."),
        ("not-applicable", "LIC/apps"),
    ):
        (folded,) = section(page, name).iter("details")
        assert "open" not in folded.attrib
        assert said in words(folded)
    (row,) = (row for row in page.iter("tr") if "SP12" in words(row))
    assert words(row) == (
        "SP12 Changes and renewal ✗ 1 ? 1 "
        "✗Violated Renewal is applied for 90 days ahead SP12/renewal"
    )


def test_a_finding_has_its_line_its_sides_and_its_article() -> None:
    page = read(replace(RUN, results=(VIOLATED,), language="both"))
    (rule,) = named(page, "article", "violated")
    text = words(rule)
    for said in (
        "提前90日申请延续 · Renewal is applied for 90 days ahead SP12/renewal",
        "逾期未办理 · not done, and overdue",
        "infra/prod.icp.yaml:7:15",
        "7 applied_on: never",
        "SP12 十二 应当提前90日 90 days in advance",
        "立即申请。 · Apply now.",
        "示例法第一条 · Example Law, Art. 1",
        "The words.",
    ):
        assert said in text
    assert words(next(rule.iter("mark"))) == "never"


def test_a_derived_fact_is_told_with_its_resource() -> None:
    derived = replace(VIOLATED, findings=(replace(FINDING, location=DERIVED),))
    (rule,) = named(read(replace(RUN, results=(derived,), language="en")), "article", "violated")
    assert "slb.a, role (referenced)" in words(rule)


def test_what_is_unknown_stands_under_the_fact_that_would_decide_it() -> None:
    other = replace(WANTED, rule_id="SP12/stop")
    unasked = replace(
        UNKNOWN,
        location=replace(LOCATION, pointer="/owned"),
        line_to_add="owned: null",
        subject="owned",
    )
    own = result("OWN/x", verdict=Verdict.UNKNOWN, findings=(unasked,))
    unknown = section(read(replace(RUN, results=(WANTED, other, own))), "unknown")
    assert [words(one) for one in unknown.iter("h3")] == [
        "Ask compliance (1)",
        "Nobody named (1)",
    ]
    fact, second, every = unknown.iter("details")
    assert words(next(fact.iter("summary"))) == "Renewal › Applied on decides 2 rules"
    assert [words(one) for one in fact.iter("li")] == [
        "Renewal is applied for 90 days ahead SP12/exit",
        "Renewal is applied for 90 days ahead SP12/stop",
    ]
    (lines,) = fact.iter("pre")
    assert "".join(lines.itertext()) == UNKNOWN.line_to_add
    assert words(next(second.iter("summary"))).startswith("owned")
    assert words(next(every.iter("summary"))) == "All rules that cannot be decided (3)"
    assert len([*every.iter("li")]) == 3


def test_an_unknown_of_another_cause_stands_under_that() -> None:
    gap = replace(UNKNOWN, line_to_add="", message=Text("来源不全", "a source is incomplete"))
    rules = [replace(WANTED, rule_id=f"SP12/{name}", findings=(gap,)) for name in "ab"]
    unknown = section(read(replace(RUN, results=(*rules,))), "unknown")
    assert "Other causes (1)" in words(unknown)
    assert "a source is incomplete 2 rules infra/prod.icp.yaml:7:15" in words(unknown)


def test_what_may_be_a_violation_is_told_in_full() -> None:
    page = read(replace(RUN, results=(replace(WANTED, findings=(WOULD_BE,)),)))
    (article,) = section(page, "unknown").iter("article")
    assert "would be violated: not done" in words(article)
    assert "intention: null" in words(article)
    assert "All rules" not in words(page)


def test_what_is_waived_says_until_when() -> None:
    (rule,) = named(read(RUN), "article", "waived")
    assert "waived until 2024-01-01 by compliance: agreed" in words(rule)


def test_a_violated_rule_also_tells_what_of_it_is_unknown() -> None:
    both = replace(VIOLATED, findings=(replace(UNKNOWN, subject="b"), FINDING))
    (rule,) = named(read(replace(RUN, results=(both,))), "article", "violated")
    first, second = named(rule, "div", "finding")
    assert words(first).startswith("not done, and overdue")
    assert words(second).startswith("? Unknown")


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
                was=plain("30"),
                found=plain("90"),
                ours=True,
                dated=True,
            ),
            Change(
                description="infra/prod.icp.yaml",
                rule_id="SP12/exit",
                title=WANTED.title,
                before=None,
                after=Standing.UNKNOWN,
                location=LOCATION,
            ),
        ),
        unseen=(
            Change(
                description="infra/prod.icp.yaml",
                rule_id="OWN/gone",
                title=plain(""),
                before=Standing.VIOLATED,
                after=None,
                location=LOCATION,
            ),
        ),
        due=(
            DueChange(
                description="infra/prod.icp.yaml",
                rules=("SP14/report",),
                subject="2023",
                before="2024-03-31",
                after="2024-04-30",
            ),
        ),
        added=(("infra/prod.icp.yaml", "web-2"),),
        new=frozenset({entries(replace(RUN, results=(VIOLATED,)))[0].key}),
    ),
)


def test_what_a_change_does_is_told_rule_by_rule() -> None:
    page = read(COMPARED)
    since = section(page, "since")
    assert [words(one) for one in since.iter("h3")] == [
        "Due dates that moved (1)",
        "Subjects added and removed",
        "Rules no longer looked at (1)",
        "Not compared",
    ]
    text = words(since)
    for said in (
        "What this change does (since main of 2023-12-01): 1 new, 0 mended",
        "✓ Satisfied → ✗ Violated Renewal is applied for 90 days ahead SP12/renewal",
        "by the calendar alone 30 → 90",
        "infra/prod.icp.yaml:7:15 a line of this change Renewal",
        "not looked at → ? Unknown",
        "2024-03-31 → 2024-04-30 2023",
        "new subject web-2 infra/prod.icp.yaml",
        "✗ Violated OWN/gone",
        "git does not have plan.json",
    ):
        assert said in text
    assert "not done, and overdue new" in words(named(page, "article", "violated")[0])


def test_a_change_without_an_effect_says_so() -> None:
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
        *("never", "null", "main", "git", "plan", "json", "web"),
    }
    assert not re.findall("[\u4e00-\u9fff]", words(read(RUN)).replace("十二", ""))


def test_a_subject_without_an_id_has_the_title_of_its_fact() -> None:
    assert titled("renewal") == Text("许可延续", "Renewal")
    assert titled("sites/0/home_page").en == "Sites › Home page [sites/0/home_page]"
    for same in ("web-1", "etaoche.cn", "a/" * 40, ""):
        assert titled(same) == plain(same)


def test_only_two_languages_can_be_chosen_between() -> None:
    page = read(replace(RUN, language="both"))
    assert [(one.get("id"), "checked" in one.attrib) for one in page.iter("input")] == [
        ("both", True),
        ("zh", False),
        ("en", False),
    ]
    assert not [*read(RUN).iter("input")]


def test_every_language_is_marked() -> None:
    page = read(replace(RUN, language="both"))
    assert page.get("lang") == "zh-CN"
    assert {one.get("lang") for one in page.iter("span") if one.get("lang")} == {"zh-CN", "en"}
    assert read(RUN).get("lang") == "en"


def test_what_was_not_judged_comes_first() -> None:
    bare = replace(TROUBLE, hint=plain(""))
    page = read(replace(RUN, results=(), troubles=(TROUBLE, bare), ignored=("SP12/stop",)))
    first, second = named(page, "article", "not-judged")
    assert "there is no property `x` did you mean y? infra/broken.icp.yaml:2:1" in words(first)
    assert "did you mean" not in words(second)
    assert "1 rule not checked" in words(page)


def test_too_much_is_counted() -> None:
    findings = tuple(replace(FINDING, found=plain(f"s{i}"), due=None) for i in range(22))
    marked = tuple(result(f"P{i:03}/x") for i in range(210))
    unknown = tuple(
        replace(WANTED, rule_id=f"SP12/{i}", findings=(replace(UNKNOWN, subject=f"s{i}"),))
        for i in range(45)
    )
    page = read(replace(RUN, results=(replace(VIOLATED, findings=findings), *marked, *unknown)))
    assert "and 2 more" in words(section(page, "violated"))
    assert "and 5 more" in words(section(page, "unknown"))
    assert "and 11 more" in words(section(page, "matrix"))


def test_a_rule_without_words_of_law_and_a_known_finding() -> None:
    (known,) = entries(replace(RUN, results=(VIOLATED,)))
    bare = replace(FINDING, found=plain(""), required=plain(""))
    own = replace(
        VIOLATED, quote=None, cited=(replace(VIOLATED.cited[0], quote=None),), findings=(bare,)
    )
    run = replace(RUN, results=(own,), known=frozenset({(own.description, known.fingerprint)}))
    assert "not done, and overdue in the baseline" in words(read(run))
    assert list(read(replace(run, results=(replace(own, cited=()),))).iter("blockquote")) == []


def test_hostile_text_stays_text() -> None:
    page = read(hostile())
    assert "<script>alert(1)</script>" in words(page)
    assert "</details>" in words(page)
    assert anchor(HOSTILE) == re.sub("[^A-Za-z0-9-]", "-", anchor(HOSTILE))


@given(st.text(max_size=40))
def test_no_text_becomes_anything_but_text(text: str) -> None:
    said = Text(text, text + "x")
    finding = replace(
        FINDING,
        message=said,
        subject=text,
        found=said,
        location=replace(LOCATION, excerpt=text, path=text),
    )
    run = replace(
        RUN,
        language="both",
        results=(
            replace(VIOLATED, findings=(finding,), title=said),
            replace(WANTED, findings=(replace(UNKNOWN, line_to_add=text),)),
        ),
    )
    assert not [one for one in read(run).iter() if str(one.tag) in {"script", "b", "i"}]


def test_many_findings_are_a_page_that_a_browser_bears() -> None:
    assert len(html(many(25_000))) < 8_000_000


@pytest.mark.parametrize(
    ("spot", "said"),
    [
        (replace(LOCATION, line=None), ""),
        (replace(LOCATION, excerpt=""), ""),
        (LOCATION, "<mark>never</mark></pre>"),
        (
            replace(LOCATION, excerpt="x" * 100 + "never" + "y" * 900, column=101),
            "xx<mark>never</mark>yy",
        ),
        (
            replace(LOCATION, column=None, excerpt="never", width=5),
            "</span> <mark>never</mark></pre>",
        ),
    ],
)
def test_the_line_of_a_fact(spot: Location, said: str) -> None:
    page = html(
        replace(RUN, results=(replace(VIOLATED, findings=(replace(FINDING, location=spot),)),))
    )
    _, found, line = page.partition('<pre class="excerpt"')
    made = line.partition("</pre>")[0] + "</pre>"
    assert said in made
    assert len(made) < 500
    assert bool(found) is bool(said)


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
        assert "Does not comply" in done.stdout
        assert ("Content Security Policy" in done.stderr) is refused


def test_rules_of_one_standing_begin_with_what_is_pursued_most() -> None:
    rules = ["LIC/registrant", "SP12/update", "SP14/report"]
    run = replace(RUN, results=tuple(replace(VIOLATED, rule_id=one) for one in rules))
    page = html(run)
    assert sorted(rules, key=lambda one: page.index(f'id="{anchor(one)}"')) == [*reversed(rules)]
