"""The page of each kind of source: its example is read, and gives the facts that stand below it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_icp.sources.loading import KINDS, load

PAGES = Path(__file__).resolve().parent.parent / "docs" / "sources"
HEADINGS = {
    "": ["What is read", "What it tells", "What is not known", "Example", "How to make the file"],
    ".zh": ["读取什么", "得出什么", "不知道什么", "示例", "如何生成文件"],
}
FILE = re.compile(r"^`([^`\n]+)`[:：]\n\n```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
each_kind = pytest.mark.parametrize("kind", KINDS)
each_language = pytest.mark.parametrize("lang", HEADINGS)


def page(kind: str, lang: str) -> str:
    return (PAGES / f"{kind}{lang}.md").read_text("utf-8")


def known(value: Any) -> Any:
    """A value without what is not known, all scalars as text."""
    if isinstance(value, dict):
        return {key: known(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [known(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def example(kind: str, lang: str) -> tuple[dict[str, str], str, dict[str, Any]]:
    """The files of a page's example, its entry of ``sources``, and the facts that it gives."""
    text = page(kind, lang)
    files: dict[str, str] = dict(FILE.findall(text))
    entry, facts = (block for block in BLOCK.findall(FILE.sub("", text)))
    return files, entry, known(yaml.safe_load(facts))


@each_language
@each_kind
def test_the_parts_of_a_page(kind: str, lang: str) -> None:
    assert re.findall(r"^## (.+)$", page(kind, lang), re.MULTILINE) == HEADINGS[lang]
    assert example(kind, lang) == example(kind, "")


@each_kind
def test_the_example_gives_its_facts(kind: str, tmp_path: Path) -> None:
    files, entry, facts = example(kind, "")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert {one["kind"] for one in yaml.safe_load(entry)["sources"]} == {kind}
    description = tmp_path / "infra.icp.yaml"
    description.write_text(f"apiVersion: pytest-icp/v1\n{entry}", "utf-8")
    (reading,) = load(description, root=tmp_path).readings
    assert reading.derived is not None, reading.error
    assert known(reading.derived.facts) == facts


@each_language
def test_every_page_is_in_the_list(lang: str) -> None:
    listed = set(re.findall(r"\]\(([\w.-]+)\.md\)", page("README", lang)))
    pages = {path.stem for path in PAGES.glob("*.md")} - {"README", "README.zh"}
    assert listed - {"README", "README.zh"} == {
        name for name in pages if name.endswith(".zh") == bool(lang)
    }
