from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pytest_icp.cli.paper import check_exists, run_paper
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.runs import tool_version
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.layout import width
from pytest_icp.reports.words import Language
from tests.degrading import LICENCE


def read(folder: Path, text: str, language: Language = "en", *, overwrite: bool = False) -> str:
    paper = folder / "paper.txt"
    paper.write_text(text, "utf-8")
    policies = default_policies()
    return run_paper(paper, folder, policies, "en", Screen(language), overwrite=overwrite)


def test_the_comparison_stands_beside_for_whoever_asks_later(tmp_path: Path) -> None:
    read(tmp_path, LICENCE)
    record = (tmp_path / "licence.comparison.txt").read_text("utf-8")
    assert hashlib.sha256((tmp_path / "paper.txt").read_bytes()).hexdigest() in record
    assert "京B2-20190486" in record
    assert tool_version() in record
    assert "SP15-14" in record
    assert "Words that belong to no provision (line 46)" in record
    assert "licence.comparison.txt" in (tmp_path / "licence.yaml").read_text("utf-8")
    read(tmp_path, LICENCE, "zh", overwrite=True)
    assert (tmp_path / "licence.comparison.txt").read_text("utf-8") == record


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    text = LICENCE.replace("京B2-", "京82-").replace("王剑炜", "")
    said = read(tmp_path, text)
    assert "Not read, and null in the file:" in said
    assert "    Licence number: no number was found\n" in said
    assert (
        "    Legal representative: there is nothing after its label; seen: 法定代表人：\n" in said
    )
    record = (tmp_path / "licence.comparison.txt").read_text("utf-8")
    assert "(not read)" in record


def test_what_a_lost_page_takes_is_said(tmp_path: Path) -> None:
    said = read(tmp_path, LICENCE[LICENCE.index("特别规定事项") :])
    assert "Lines of business: the field 业务种类 was not found" in said
    assert "Attached sites and apps: no attached page was found" in said
    assert "every provision has the wording of the policies" in said


def test_policies_of_other_lines_are_not_missing_where_the_scope_is_read(tmp_path: Path) -> None:
    scope = "在线数据处理与交易处理业务(仅限经营类电子商务)\n及覆盖范围：北京"
    cell = LICENCE[LICENCE.index("信息服务业务(仅") : LICENCE.index("【依法")]
    text = LICENCE[: LICENCE.index("十五、")].replace(cell, scope + "\n")
    said = read(tmp_path, text)
    assert "not seen on this paper" not in said


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, language: Language) -> None:
    said = read(tmp_path, LICENCE.replace("。", "", 60), language)
    for line in said.replace(str(tmp_path), "").splitlines():
        assert width(line) <= 80, line


def test_a_paper_in_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        check_exists(tmp_path / "papers" / "LICENCE.txt")
    (tmp_path / "LICENCE.txt").write_text(LICENCE, "utf-8")
    check_exists(tmp_path / "LICENCE.txt")


def test_what_is_no_licence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no part of a telecom licence"):
        read(tmp_path, "Dear all, see you on Monday.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["paper.txt"]
