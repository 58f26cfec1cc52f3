"""The built site: its pages and links, that it loads nothing from elsewhere, and its search.

Not collected by itself: ``tox -e docs`` builds the site and runs ``pytest --noconftest`` on it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from py_mini_racer import MiniRacer
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

from website import handwritten
from website.building import LANGUAGES, SITE
from website.contents import Contents, everyday_words
from website.examples import examples, facts_shown
from website.search import split

from pytest_icp.facts.files.properties import members
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.plugin.flags import FLAGS
from pytest_icp.rules.schema import fields_of
from pytest_icp.sources.registry import KINDS

CHROMIUM = shutil.which("chromium")
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "use": "href"}
"""The elements that make a browser load something, each with the attribute that says what."""

SOUGHT = {
    "许可证续期": "rules/SP12/renewal",
    "许可证延续": "rules/SP12/renewal",
    "日志留存": "rules/SP09/six-months",
    "备案号": "rules/SP02/filing-number",
    "SP12/renewal": "rules/SP12/renewal",
    "icp_warn_days": "options",
}
"""What a reader types in, and a page that must be among the first five found."""


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
        if path.parent == SITE:
            continue
        switch = page.css_first("a.language-switch")
        assert switch is not None, path
        other = (path.parent / (switch.attributes["href"] or "")).resolve()
        assert other.is_file(), path
        assert other.relative_to(SITE).parts[0] != path.relative_to(SITE).parts[0]
    renewal = SITE / "zh" / "rules" / "SP12" / "renewal.html"
    link = pages()[renewal].css_first("a.language-switch").attributes["href"]
    assert link == "../../../en/rules/SP12/renewal.html"


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
        static = SITE / lang / "_static"
        self._engine = MiniRacer()
        stubs = (
            "var window = globalThis, SPHINX_HIGHLIGHT_ENABLED = false, _ready = () => {};"
            "var document = {getElementById: () => null};"
        )
        scripts = (
            static / "searchtools.js",
            static / "language_data.js",
            SITE / lang / "searchindex.js",
        )
        self._engine.eval("\n".join([stubs, *(one.read_text("utf-8") for one in scripts)]))

    def called(self, code: str) -> Any:
        return json.loads(self._engine.eval(f"JSON.stringify({code})"))

    def terms(self, words: str) -> list[str]:
        return self.called(f"splitQuery({json.dumps(words)})")

    def found(self, words: str) -> list[str]:
        """Return the pages that are found, the best first."""
        results = self.called(f"Search._performSearch(...Search._parseQuery({json.dumps(words)}))")
        return [one[0] for one in reversed(results)]


@cache
def searching(lang: str) -> Searching:
    return Searching(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("words", "name"), SOUGHT.items())
def test_the_search_finds(words: str, name: str, lang: str) -> None:
    assert name in searching(lang).found(words)[:5]


def test_a_page_is_found_once() -> None:
    found = [one for one in searching("zh").found("日志留存") if one.startswith("rules/")]
    assert len(found) == len(set(found))


def test_what_is_on_no_page_is_not_found() -> None:
    assert searching("zh").found("量子纠缠态") == []


@pytest.mark.parametrize(
    "words", ["备案", "网站 备案", "ICP备案", "log_stores", "a", "", "、。", "第12条abc"]
)
def test_a_query_is_split_as_pages_are(words: str) -> None:
    assert searching("zh").terms(words) == split(words)


def test_pairs_that_no_page_has_are_left_out() -> None:
    terms = searching("zh").terms("备案号许可证")
    assert terms[:2] == ["备案", "案号"]
    assert "号许" not in terms
    assert set(terms) <= set(split("备案号许可证"))


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the search was run without a browser")
def test_the_search_finds_in_a_browser_without_a_network(tmp_path: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served = f"http://127.0.0.1:{server.server_port}"
        for place, words in ((SITE.as_uri(), "许可证续期"), (served, "日志留存")):
            address = f"{place}/zh/search.html?q={quote(words)}"
            assert f"{SOUGHT[words]}.html" in in_browser(address, tmp_path)
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


def test_everyday_words_name_rules() -> None:
    rules = {rule.rule_id for policy in default_policies() for rule in policy.obligations}
    assert set(everyday_words()) <= rules


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
