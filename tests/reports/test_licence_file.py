from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import yaml
from msgspec.structs import replace

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.facts.paper import PaperLicence
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Lang
from pytest_icp.reports.licence_file import LicenceFile, licence_text
from pytest_icp.rules.comparison import compare
from tests.degrading import DEGRADATIONS, LICENCE, read

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "etaoche" / "licence.yaml"
NOT_PRINTED = {"registered_capital", "first_issued_on", "status", "authorised_subsidiaries"}


def text(reading: PaperLicence, lang: Lang = "en") -> str:
    compared = compare(reading.provisions, default_policies(), None)
    asked = LicenceFile(
        reading=reading, compared=compared, schema="s.json", paper="a.pdf", comparison="c.txt"
    )
    return licence_text(asked, lang)


def facts(written: str, folder: Path) -> dict[str, object]:
    path = folder / "licence.yaml"
    path.write_text(written, "utf-8")
    source = read_source(path)
    check(source, "licence")
    assert isinstance(source.data, dict)
    return dict(source.data)


def test_the_licence_at_hand_has_the_facts_of_its_transcription(tmp_path: Path) -> None:
    written = facts(text(read(LICENCE)), tmp_path)
    transcribed = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    transcribed["attachments"][0]["retired"] = None
    for name in {**written, **transcribed}:
        expected = None if name in NOT_PRINTED else transcribed.get(name)
        assert written[name] == expected, name


@pytest.mark.parametrize("name", sorted(DEGRADATIONS)[::5])
def test_whatever_was_read_the_file_is_valid(name: str, tmp_path: Path) -> None:
    facts(text(read(DEGRADATIONS[name](LICENCE, Random(7))), "zh"), tmp_path)


def test_what_was_not_read_says_what_was_seen_and_where(tmp_path: Path) -> None:
    paper = LICENCE.replace("2024年03月06日", "2O24年03月06日").replace("王剑炜", "王剑□")
    written = text(read(paper))
    assert "# Not read: it is incomplete, or mixed with other text. Seen: 2O24年03月06日\n" in (
        written.replace(" (line 25).\n", "\n")
    )
    assert "(line 25)." in written
    assert "\nvalid_until: null\n" in written
    assert "Seen: 王剑□ (line 11)." in written
    assert facts(written, tmp_path)["legal_representative"] is None
    chinese = text(read(paper), "zh")
    assert "没有读到：内容不完整，或者混有别的内容。看到“王剑□”（第 11 行）。" in chinese


def test_the_first_day_is_told_not_written(tmp_path: Path) -> None:
    written = text(read(LICENCE))
    assert "a term of 5 years that ends on 2024-03-06 began on 2019-03-06" in written.replace(
        "\n# ", " "
    )
    assert facts(written, tmp_path)["first_issued_on"] is None
    other = text(read(LICENCE.replace("2024年03月06日", "2023年03月06日")))
    assert "Not printed: the day on which the licence was first issued." in other


def test_nothing_but_a_number(tmp_path: Path) -> None:
    written = facts(text(read("经营许可证编号：B1.B2-20190486")), tmp_path)
    assert written["issuing_authority"] == {"kind": "MIIT", "province": "全国", "inferred": True}
    assert {name for name, value in written.items() if value is not None} == {
        *("apiVersion", "number", "issuing_authority")
    }


def test_several_rows_have_names_of_their_own(tmp_path: Path) -> None:
    row = LICENCE[LICENCE.index("网站名称") : LICENCE.index("经营许可证编号:京")]
    second = row.replace("etaoche.cn", "www.etaoche.com").replace("淘车二手车", "淘车")
    app = "应用名称：淘车\n接入服务提供单位：北京世纪互联宽带数据中心有限公司\n"
    written = facts(text(read(LICENCE.replace(row, row + second + app))), tmp_path)
    rows = written["attachments"]
    assert isinstance(rows, list)
    assert [(one["id"], one["kind"]) for one in rows] == [
        ("etaoche", "site"),
        ("etaoche-2", "site"),
        ("app", "app"),
    ]


def test_the_provisions_that_differ_are_copied(tmp_path: Path) -> None:
    paper = LICENCE.replace("提前90日向原发证机关提出", "提前60日向原发证机关提出").replace(
        "(二) 未经批准，你公司不得开展固定网电话信息服务业务。", ""
    )
    more = "\n十六、你公司应当每月报送数据。\n十六、请妥善保管。\n"
    provisions = facts(text(read(paper + more)), tmp_path)["provisions"]
    assert isinstance(provisions, list)
    assert [one["id"] for one in provisions[:2]] == ["SP12", "十六"]
    assert provisions[2]["id"].startswith("十六-")
    assert "提前60日" in provisions[0]["text"]
    assert provisions[-1] == {"id": "SP15-02", "text": None}


def test_printed_values_of_every_sort(tmp_path: Path) -> None:
    paper = LICENCE.replace(
        "业务种类\n", "注册资本：1000万元\n注册住所：北京市朝阳区酒仙桥东路1号院\n业务种类\n", 1
    ).replace("发证机关(盖章):", "发证机关(盖章): 北京市通信管理局")
    reading = read(paper)
    written = facts(text(replace(reading, provisions=())), tmp_path)
    assert written["registered_capital"] == 10_000_000
    none_printed = "# No registered capital was seen; write none when none is printed."
    assert none_printed in text(read(LICENCE))
    assert none_printed not in text(reading)
    assert written["registered_address"]["street"] == "酒仙桥东路"  # type: ignore[index]  # it is a mapping
    assert written["issuing_authority"] == {"kind": "CA", "province": "北京", "inferred": False}
    assert written["provisions"] is None
