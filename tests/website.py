"""The built site: its pages and links, that it loads nothing from elsewhere, and its search.

Not collected by itself: ``tox -e docs`` builds the site and runs ``pytest --noconftest`` on it.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import threading
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
from py_mini_racer import MiniRacer
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

from website import handwritten
from website.building import LANGUAGES, SITE
from website.contents import Contents
from website.examples import examples, facts_shown
from website.seeking import called

from pytest_icp.cli.main import parser_in
from pytest_icp.facts.files.properties import members
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.plugin.flags import FLAGS
from pytest_icp.rules.fields import fields_of
from pytest_icp.sources.loading import KINDS

CHROMIUM = shutil.which("chromium")
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "use": "href"}
"""The elements that make a browser load something, each with the attribute that says what."""

SOUGHT = {
    "How do I waive a finding?": "guides/waivers",
    "How do I add a rule?": "guides/own-provisions",
    "What does SP09 want of log retention?": "rules/SP09/six-months",
    "How long are payment records kept?": "rules/SP15-05/billing-data",
    "How do I run it in GitLab?": "guides/pull-requests",
    "What does unknown mean?": "guides/scope",
    "How do I keep secrets out?": "project/security",
    "Which Terraform resources are read?": "sources/terraform-types",
    "What is due next month?": "guides/reports",
    "How do I silence a rule?": "guides/waivers",
    "How do I write a kind of my own?": "own-kinds",
    "How do I use the strategies in my own Hypothesis tests?": "fuzzing",
    "怎样豁免一项发现": "guides/waivers",
    "豁免": "guides/waivers",
    "怎样增加一条规则": "guides/own-provisions",
    "日志保存": "rules/SP09/six-months",
    "支付记录保存多久": "rules/SP15-05/billing-data",
    "怎样在 GitLab 中运行": "guides/pull-requests",
    "不知道": "guides/scope",
    "怎样不泄露密钥": "project/security",
    "读取哪些 Terraform 资源": "sources/terraform-types",
    "下个月到期": "guides/reports",
    "静默": "guides/waivers",
    "怎样写自己的检查类别": "own-kinds",
    "在自己的 Hypothesis 测试中使用策略": "fuzzing",
    "许可证续期": "rules/SP12/renewal",
    "许可证延续": "rules/SP12/renewal",
    "日志留存": "rules/SP09/six-months",
    "备案号": "rules/SP02/filing-number",
    "SP12/renewal": "rules/SP12/renewal",
    "icp_warn_days": "options",
    "pytest-icp deadlines": "commands",
    "open port": "guides/scope",
    "facts of my own": "guides/own-provisions",
}
"""What a reader types in, and a page that must be among the first five found: the first screen."""


@cache
def pages() -> dict[Path, LexborHTMLParser]:
    return {path: LexborHTMLParser(path.read_bytes()) for path in SITE.rglob("*.html")}


def expected_pages() -> Iterator[str]:
    for policy in default_policies():
        yield f"provisions/{policy.id}"
        for rule in policy.obligations:
            yield f"rules/{rule.rule_id}"
    yield from (f"facts/{name}" for name in members(SCHEMA, "").names)
    yield from (f"sources/{kind}" for kind in KINDS)
    yield from (f"kinds/{name}" for name in kinds())
    yield from (
        "index",
        "options",
        "kinds/index",
        "search",
        "rules/index",
        "provisions/index",
        "facts/index",
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_rule_provision_fact_and_source_has_a_page(lang: str) -> None:
    assert [name for name in expected_pages() if not (SITE / lang / f"{name}.html").exists()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_command_is_explained_with_each_argument(lang: str) -> None:
    page = pages()[SITE / lang / "commands.html"]
    headings = {node.text(deep=True) for node in page.css("h2 code")}
    told = {node.text(deep=True) for node in page.css("td:first-child code")}
    for parser in commands(parser_in("both")):
        assert parser.prog in headings
        for action in parser._actions:
            options = set(action.option_strings)
            assert not options or any(options & set(re.split(r"[ ,]+", one)) for one in told)


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command
                yield from commands(command)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_provision_leads_to_its_policy_and_its_cases(lang: str) -> None:
    for policy in default_policies():
        links = {
            node.attributes["href"]
            for node in pages()[SITE / lang / "provisions" / f"{policy.id}.html"].css("a[href]")
        }
        folder = PurePath(policy.path).parent.name
        assert f"../../files/policies/{folder}/{policy.id}.yaml.html" in links
        assert f"../../files/tests/cases/{policy.id}.yaml.html" in links


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_leads_to_what_a_kind_is_made_of_in_two_clicks(lang: str) -> None:
    first = SITE / lang / "index.html"
    once = {(first.parent / link).resolve() for link in in_text(first) if "://" not in link}
    twice = {
        (path.parent / link) for path in once if path.suffix == ".html" for link in in_text(path)
    }
    made_of = {"en": "what-it-is-made-of", "zh": "id2"}[lang]
    assert any(path.name == f"own-kinds.html#{made_of}" for path in twice)


def in_text(path: Path) -> list[str]:
    """The links of a page outside its navigation."""
    return [node.attributes["href"] or "" for node in pages()[path].css("article a[href]")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_has_the_table_by_role(lang: str) -> None:
    rows = pages()[SITE / lang / "index.html"].css("article tr")
    role = {"en": "a compliance officer", "zh": "合规人员"}[lang]
    (row,) = (row for row in rows if (cell := row.css_first("td")) and cell.text() == role)
    assert "guides/compliance-officer.html" in {a.attributes["href"] for a in row.css("a")}


def test_each_part_has_a_name_and_what_scrolls_is_reached_by_the_keyboard() -> None:
    for path, page in pages().items():
        names = [one.attributes.get("aria-label") for one in page.css("aside")]
        assert all(names), path
        assert len(set(names)) == len(names), path
        wide = page.css("pre, .table-wrapper")
        assert [one for one in wide if "tabindex" not in one.attributes] == [], path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_option_is_explained(lang: str) -> None:
    ids = {node.id for node in pages()[SITE / lang / "options.html"].css("[id]")}
    assert {f"option-{name.replace('_', '-')}" for name in FLAGS} <= ids


def test_each_page_written_by_hand_is_in_the_site() -> None:
    for lang in LANGUAGES:
        names = dict(handwritten.sources(lang))
        assert [name for name in names if not (SITE / lang / f"{name}.html").exists()] == []


def test_every_link_leads_to_a_page_and_a_place_in_it() -> None:
    ids = {
        path: {one for node in page.css("[id]") if (one := node.id)}
        for path, page in pages().items()
    }
    broken = []
    for path, page in pages().items():
        for link in {node.attributes.get("href") or "" for node in page.css("a[href]")}:
            if link.startswith(("http://", "https://", "mailto:")):
                continue
            to, _, anchor = link.partition("#")
            found = (path.parent / unquote(to)).resolve() if to else path
            if found not in ids or (anchor and unquote(anchor) not in ids[found]):
                broken.append(f"{path.relative_to(SITE)}: {link}")
    assert broken == []


def test_each_page_leads_to_the_same_in_the_other_language() -> None:
    for path, page in pages().items():
        if path.parent == SITE or path.is_relative_to(SITE / "files"):
            continue
        switch = page.css_first("a.language-switch")
        assert switch is not None, path
        other = (path.parent / (switch.attributes["href"] or "")).resolve()
        assert other.is_file(), path
        assert other.relative_to(SITE).parts[0] != path.relative_to(SITE).parts[0]
    renewal = SITE / "zh" / "rules" / "SP12" / "renewal.html"
    link = pages()[renewal].css_first("a.language-switch").attributes["href"]
    assert link == "../../../en/rules/SP12/renewal.html"


def test_the_sidebar_can_be_heard() -> None:
    for path, page in pages().items():
        for heading in page.css("aside [role=heading]"):
            assert heading.attributes.get("aria-level") == "2", path
        for field in page.css("aside input:not([type=hidden])"):
            assert field.attributes.get("aria-label"), path


def test_nothing_is_loaded_from_elsewhere() -> None:
    loaded = [
        f"{path.relative_to(SITE)}: {value}"
        for path, page in pages().items()
        for element, attribute in LOADED.items()
        for node in page.css(element)
        if re.match(r"(?i)\s*(?:[a-z]+:)?//", value := node.attributes.get(attribute) or "")
    ]
    for path in SITE.rglob("*.css"):
        text = path.read_text("utf-8")
        loaded += re.findall(r"(?i)@import[^;]*|url\(\s*[\"']?(?:[a-z]+:)?//[^)]*", text)
    for path in SITE.rglob("*.js"):
        text = path.read_text("utf-8")
        loaded += re.findall(
            r"(?i)(?:fetch|import|src\s*=)\s*\(?\s*[\"'`](?:https?:)?//[^\"'`]*", text
        )
    assert loaded == []


class Searching:
    """The search of one language, run by the engine of a browser without one."""

    def __init__(self, lang: str) -> None:
        self._engine = MiniRacer()
        for name in ("pages.js", "search.js"):
            self._engine.eval((SITE / lang / "_static" / name).read_text("utf-8"))

    def found(self, words: str) -> list[dict[str, str]]:
        """Return what is found, the best first."""
        found: list[dict[str, str]] = json.loads(
            self._engine.eval(f"JSON.stringify(found({json.dumps(words)}))")
        )
        return found


@cache
def searching(lang: str) -> Searching:
    return Searching(lang)


def names(words: str, lang: str) -> list[str]:
    return [one["name"] for one in searching(lang).found(words)]


@pytest.mark.parametrize(("words", "name"), SOUGHT.items())
def test_the_search_finds(words: str, name: str) -> None:
    assert name in names(words, "en" if words.isascii() else "zh")[:5]


@pytest.mark.parametrize("words", ["许可证续期", "日志留存", "备案号"])
def test_the_english_pages_are_found_by_the_words_of_the_licence(words: str) -> None:
    assert SOUGHT[words] in names(words, "en")[:5]


def test_a_page_is_found_once() -> None:
    found = names("日志留存", "zh")
    assert len(found) == len(set(found))


def test_what_is_on_no_page_is_not_found() -> None:
    assert names("量子纠缠态", "zh") == []


def test_what_is_found_is_shown_with_the_words_around_it() -> None:
    (first, *_) = searching("en").found("how much milder is a waiver that lasts over a year")
    assert first["name"] == "guides/waivers"
    assert "lasts over a year" in first["excerpt"]


def test_what_is_found_leads_to_its_heading() -> None:
    found = [one for one in searching("en").found("renewal is applied for") if one["anchor"]]
    assert found
    for one in found:
        assert f'id="{one["anchor"]}"' in (SITE / "en" / f"{one['name']}.html").read_text("utf-8")


def test_guides_come_before_facts() -> None:
    found = names("registers", "en")
    (first_fact, *_) = (name for name in found if name.startswith("facts/"))
    assert found.index("guides/registers") < found.index(first_fact)


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the search was run without a browser")
def test_the_search_finds_in_a_browser_without_a_network(tmp_path: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served = f"http://127.0.0.1:{server.server_port}"
        for place, words in ((SITE.as_uri(), "许可证续期"), (served, "日志留存")):
            address = f"{place}/zh/search.html?q={quote(words)}"
            shown = in_browser(address, tmp_path)
            assert f'<a href="{SOUGHT[words]}.html' in shown
            assert "<mark>" in shown
        server.shutdown()


def in_browser(address: str, profile: Path) -> str:
    """Return a page as a browser has it after its scripts; it knows no other host."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    options += ["--virtual-time-budget=8000", "--dump-dom"]
    command = [str(CHROMIUM), *options, address]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()


def test_each_rule_shows_a_violation() -> None:
    contents = Contents()
    rules = {rule.rule_id for policy in contents.policies for rule in policy.obligations}
    assert set(contents.examples) == rules
    shown = facts_shown(contents.examples["SP12/renewal"], "zh")
    assert "applied_on: 2023-12-08" in shown
    assert "# 申请延续日期" in shown
    assert "services" not in shown
    assert examples(contents.policies, {}) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyday_words_name_pages(lang: str) -> None:
    assert [name for name in called() if not (SITE / lang / f"{name}.html").exists()] == []


def test_a_link_of_a_page_written_by_hand_leads_to_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "docs"
    for name, text in {
        "docs/limits.zh.md": "# 限额\n[English](limits.md)\n",
        "docs/limits.md": "# Limits\n",
        "docs/guides/one.zh.md": "# 一\n[规定](../provisions.zh.md#sp12) [`限`](../limits.zh.md#a) "
        "`[x](y.md)` [文件](../../a.yaml) [外](https://example.com/)\n```md\n[x](y.md)\n```\n",
        "docs/provisions.zh.md": "",
        "README.zh.md": "",
        "a.yaml": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.setattr(handwritten, "ROOT", tmp_path)
    monkeypatch.setattr(handwritten, "DOCS", docs)
    monkeypatch.setattr(handwritten, "PROJECT", ())
    made = handwritten.handwritten_pages("zh", {"provisions/SP12": ""})
    assert made == {
        "limits": "# 限额\n",
        "guides/one": "# 一\n[规定](../provisions/SP12.md) [`限`](../limits.md#a) "
        "`[x](y.md)` 文件 [外](https://example.com/)\n```md\n[x](y.md)\n```\n",
    }
    (docs / "limits.zh.md").write_text("# 限额\n[x](no.md)\n", "utf-8")
    with pytest.raises(handwritten.BrokenLinkError, match=r"docs/limits\.zh\.md: no\.md"):
        handwritten.handwritten_pages("zh", {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_check_is_explained_with_every_field(lang: str) -> None:
    for name in kinds():
        page = pages()[SITE / lang / "kinds" / f"{name}.html"]
        first = [node.text().split(maxsplit=1)[0] for node in page.css("td:first-child")]
        assert {*fields_of(name)["properties"]} <= {*first}
        assert page.css_first("div.highlight-yaml") is not None
