"""Full-width punctuation in YAML is named, where it is, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError

HEAD = "apiVersion: pytest-icp/v1\n"
SITE = f"{HEAD}sites:\n  - id: a\n"


def fault(folder: Path, text: str) -> tuple[int | None, int | None, str, str]:
    path = folder / "x.icp.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        check(read_source(path), "description")
    error = caught.value
    assert error.place is not None
    return error.place.line, error.place.column, error.message.zh, error.hint.en


@pytest.mark.parametrize("c_parser", [True, False])
@pytest.mark.parametrize(
    ("text", "line", "column", "name", "write"),
    [
        ("apiVersion：pytest-icp/v1\nsites: []\n", 1, 11, "全角冒号（：）", "apiVersion: …"),
        (f"{HEAD}licence_file： a.yaml\n", 2, 13, "全角冒号（：）", "licence_file: …"),
        (f"{HEAD}sites：\n  - id: a\n", 2, 6, "全角冒号（：）", "sites: …"),
        # The parser stumbles over the line below, or nobody does before the schema.
        (f"{HEAD}sites:\n  - id：a\n    public: true\n", 3, 7, "全角冒号（：）", "id: …"),
        (f"{HEAD}sites:\n  - id：a\n    name：b\n    public: true\n", 3, 7, "全角冒号", "id: …"),
        (f"{HEAD}sites:\n  - id：a\n", 3, 7, "全角冒号（：）", "id: …"),
        (f"{HEAD}sites:\n  - {{id: a, public：true}}\n", 3, 19, "全角冒号（：）", "public: …"),
        (f"{HEAD}sites:\n  - {{id: a，public: true}}\n", 3, 11, "全角逗号（，）", "write ,"),
        (f"{SITE}    domains: 【a.cn, b.cn】\n", 4, 14, "全角括号（【）", "write ["),
        (f"{SITE}    public: “true”\n", 4, 13, "中文引号（“）", 'write "'),
        (f"{SITE}    public: true。\n", 4, 17, "句号（。）", "delete it"),
        (f"{SITE}    public: true　\n", 4, 17, "全角空格", "ordinary spaces"),
        (f"{HEAD}sites:\n  － id: a\n", 3, 3, "全角或长横线（－）", "write -"),
        (f"{HEAD}sites:\n　　- id: a\n", 3, 1, "全角空格", "ordinary spaces"),
        (f"{HEAD}sites:\n  - id:　a\n    public: true\n", 3, 8, "全角空格", "ordinary spaces"),
        (f"{SITE}\u00a0   public: true\n", 4, 1, "不间断空格", "ordinary spaces"),
        (f"{HEAD}＃ 说明\nsites: []\n", 2, 1, "全角井号（＃）", "write #"),
        (f"{HEAD}sites: []   ＃ 没有", 2, 13, "全角井号（＃）", "write #"),
        (f"{HEAD}sites:\n  - id:a\n    public: true\n", 3, 7, "没有空格的冒号", "id: …"),
    ],
)
def test_a_sign_that_yaml_takes_for_text_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    c_parser: bool,
    text: str,
    line: int,
    column: int,
    name: str,
    write: str,
) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", c_parser and yaml.__with_libyaml__)
    at_line, at_column, message, hint = fault(tmp_path, text)
    assert (at_line, at_column) == (line, column)
    assert name in message
    assert write in hint


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        # What is wrong is something else, and the signs are words of a text.
        (f"{SITE}    note: 说明：好，再见\n", 4, "未知的键 'note'"),
        (f"{SITE}    public: [你好，世界]\n", 4, "应为真假值（true 或 false），而这里是清单"),
        (f"{SITE}    name: 好：坏: 中\n", 4, "此处不能再有 `键: 值`"),
        (f"{SITE}    title: '好，坏\n", 4, "引号没有结束"),
    ],
)
def test_signs_inside_a_text_are_no_fault(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    assert fault(tmp_path, text)[::2] == (line, message)


def test_full_width_digits_of_a_date_are_written_in_half_width(tmp_path: Path) -> None:
    text = f"{HEAD}incidents:\n  - id: a\n    occurred_at: ２０２４－０１－０２\n"
    assert fault(tmp_path, text)[3].startswith("write 2024-01-02")


def test_a_tab_in_the_indentation_is_named(tmp_path: Path) -> None:
    assert fault(tmp_path, f"{SITE}\tpublic: true\n") == (
        *(4, 1),
        *("YAML 不能用制表符缩进", "use spaces"),
    )
