from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.duties import duties
from pytest_icp.reports.entries import entries
from pytest_icp.reports.html.page import anchor, environment, html
from pytest_icp.reports.html.timeline import drawing
from pytest_icp.reports.run import Run
from pytest_icp.reports.whose import names_of_results
from tests.results import DERIVED, FINDING, LOCATION, UNKNOWN, UPCOMING
from tests.runs import HOSTILE, RUN, SOON, TROUBLE, VIOLATED, WANTED, hostile, many, result

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


def test_the_verdict_the_numbers_and_the_rules_of_each_provision() -> None:
    page = read(RUN)
    (verdict,) = named(page, "p", "verdict")
    assert words(verdict) == "✗ Does not comply"
    (table,) = named(page, "table", "matrix")
    rows = [words(row) for row in table.iter("tr")]
    assert rows[4] == "SP12 Changes and renewal 1 1 ✗ renewal ? exit"
    assert [one.get("scope") for one in table.iter("th")][:3] == ["col"] * 3


def test_a_finding_has_its_line_its_sides_and_its_article() -> None:
    page = read(replace(RUN, results=(VIOLATED,), language="both"))
    (rule,) = named(page, "article", "violated")
    text = words(rule)
    for said in (
        "SP12/renewal 提前90日申请延续 · Renewal is applied for 90 days ahead",
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


def test_an_unknown_has_the_lines_to_add_instead() -> None:
    (rule,) = named(read(replace(RUN, results=(WANTED,))), "article", "unknown")
    (lines,) = rule.iter("pre")
    assert "".join(lines.itertext()) == UNKNOWN.line_to_add
    assert "required" not in words(rule)


def test_what_is_waived_says_until_when_and_what_is_well_why() -> None:
    page = read(RUN)
    assert "waived until 2024-01-01 by compliance: agreed" in words(
        named(page, "article", "waived")[0]
    )
    assert "It is applied for ahead." in words(named(page, "article", "satisfied")[0])


def test_filters_are_the_browsers_own_and_hide_what_they_name() -> None:
    page = read(replace(RUN, language="both"))
    boxes = {one.get("id"): "checked" in one.attrib for one in page.iter("input")}
    assert boxes == {
        "both": True,
        "zh": False,
        "en": False,
        **dict.fromkeys(["show-violated", "show-unknown", "show-advisory", "show-waived"], True),
        "show-satisfied": False,
        "show-not-applicable": False,
    }
    style = next(page.iter("style")).text or ""
    for name in boxes:
        assert f"#{name}:" in style or name == "both"
    for how in set(Standing) - {Standing.DUE_SOON}:
        assert f"#show-{how.replace(' ', '-')}:not(:checked)) .{how.replace(' ', '-')}" in style
    assert next(one.get("id") for one in read(RUN).iter("input")) == "show-violated"


def test_every_language_is_marked() -> None:
    page = read(replace(RUN, language="both"))
    assert page.get("lang") == "zh-CN"
    assert {one.get("lang") for one in page.iter("span") if one.get("lang")} == {"zh-CN", "en"}
    assert read(RUN).get("lang") == "en"


def test_what_was_not_judged_comes_before_the_rules() -> None:
    bare = replace(TROUBLE, hint=plain(""))
    page = read(replace(RUN, results=(), troubles=(TROUBLE, bare), ignored=("SP12/stop",)))
    first, second = named(page, "article", "not-judged")
    assert "there is no property `x` did you mean y? infra/broken.icp.yaml:2:1" in words(first)
    assert "did you mean" not in words(second)
    assert "1 rule not checked" in words(page)


def test_the_timeline_draws_past_soon_and_later_with_signs_of_their_own() -> None:
    soon = replace(
        SOON,
        upcoming=(
            replace(UPCOMING, last="2024-03-06", provisional=True),
            *SOON.upcoming,
            replace(UPCOMING, last="2029-03-06"),
        ),
    )
    page = read(replace(RUN, results=(VIOLATED, soon)))
    drawings = [one for one in page.iter() if str(one.tag).endswith("svg")]
    assert [one.get("class") for one in drawings] == ["wide", "narrow"]
    for one in drawings:
        assert (one.get("role"), one.get("aria-label")) == (
            "img",
            "Timeline of due dates",
        )
        signs = [
            str(part.tag).rpartition("}")[2] for part in one.iter() if part.get("class") == "dot"
        ]
        assert signs == ["rect", "polygon", "circle", "circle"]
        assert "2023-12-07 SP12/renewal (1 day ago) renewal" in words(one)
    assert "2024-03-06 ~ provisional" in words(page)


def drawn(run: Run, across: int) -> ET.Element:
    """The drawing alone, so many pixels across."""
    made = drawing(
        duties(run), names_of_results(run.results), date(2023, 12, 8), "both", across, "any"
    )
    template = environment("both").get_template("timeline.html.jinja")
    return ET.fromstring(str(template.module.timeline(made)))  # type: ignore[attr-defined]  # a macro


def labels(run: Run, across: int) -> list[str]:
    return [
        "".join(one.itertext())
        for one in drawn(run, across).iter()
        if str(one.tag).endswith("}text")
    ]


@given(st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1, max_size=6))
def test_a_drawing_stays_inside_its_frame(days: list[date]) -> None:
    upcoming = tuple(replace(UPCOMING, last=str(day), safe=str(day)) for day in days)
    frame = drawn(replace(RUN, results=(replace(SOON, upcoming=upcoming),)), 360)
    height = int(str(frame.get("viewBox")).split()[-1])
    for element in frame.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= 360
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= height


def test_words_too_long_for_a_phone_stand_in_two_lines() -> None:
    upcoming = (replace(UPCOMING, subject="customer_service"),)
    run = replace(RUN, results=(replace(SOON, upcoming=upcoming),))
    days = "(已过 1 日 · 1 day ago)"
    assert labels(run, 1000)[-1] == f"2023-12-07 SP14/report {days} customer_service"
    assert labels(run, 360)[-2:] == [f"2023-12-07 {days}", "SP14/report customer_service"]


def test_duties_of_several_descriptions_are_told_apart() -> None:
    run = replace(RUN, results=(SOON, replace(SOON, description="infra/test.icp.yaml")))
    days = "(已过 1 日 · 1 day ago)"
    assert labels(run, 1000)[-2:] == [
        f"2023-12-07 SP14/report (prod.icp.yaml) {days} renewal",
        f"2023-12-07 SP14/report (test.icp.yaml) {days} renewal",
    ]


def test_words_too_long_for_two_lines_are_not_cut() -> None:
    subject = "the customer service of the northern branch 北方分公司客户服务"
    run = replace(RUN, results=(replace(SOON, upcoming=(replace(UPCOMING, subject=subject),)),))
    _, first, *others = labels(run, 360)
    assert first == "2023-12-07 (已过 1 日 · 1 day ago)"
    assert " ".join(others) == f"SP14/report {subject}"
    assert len(others) == 2


def test_too_much_is_counted() -> None:
    upcoming = tuple(replace(UPCOMING, subject=f"s{i}") for i in range(70))
    findings = tuple(replace(FINDING, found=plain(f"s{i}"), due=None) for i in range(22))
    marked = tuple(result(f"P{i:03}/x") for i in range(210))
    marked += tuple(result(f"OWN/{i}") for i in range(70))
    results = (replace(SOON, upcoming=upcoming), replace(VIOLATED, findings=findings))
    text = words(read(replace(RUN, results=(*results, *marked))))
    assert "and 10 more" in text
    assert "and 2 more" in text
    assert "and 13 more" in text
    assert "60…" in text or "…" in text


def test_a_rule_without_words_of_law_and_a_known_finding() -> None:
    (known,) = entries(replace(RUN, results=(VIOLATED,)))
    bare = replace(FINDING, found=plain(""), required=plain(""))
    own = replace(
        VIOLATED, quote=None, cited=(replace(VIOLATED.cited[0], quote=None),), findings=(bare,)
    )
    run = replace(RUN, results=(own,), known=frozenset({(own.description, known.fingerprint)}))
    assert "not done, and overdue (in the baseline)" in words(read(run))
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
