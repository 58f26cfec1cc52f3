from __future__ import annotations

from functools import cache
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
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.layout import width
from pytest_icp.reports.paper import ComparisonText, licence_text
from pytest_icp.reports.words import Language
from pytest_icp.rules.comparison import compare
from tests.degrading import DEGRADATIONS, LICENCE, read

DEVIATING = (
    LICENCE.replace("提前90日向原发证机关提出", "提前60日向原发证机关提出")
    .replace("“互联网+”", "「互联网+」")
    .replace("(二) 未经批准，你公司不得开展固定网电话信息服务业务。", "")
    .replace("你公司制作、复制", "你公司不得制作、复制")
    .replace("五、你公司应当按照", "五、你公司按照")
    + "\n十六、你公司应当每月报送数据。\n"
)


@cache
def text(paper: str, language: Language, columns: int = 80) -> str:
    compared = compare(read(paper).provisions, default_policies(), None)
    return "\n".join(ComparisonText(Screen(language, columns)).lines(compared))


def test_a_paper_like_the_policies_is_said_in_a_few_lines() -> None:
    assert text(LICENCE, "en") == (
        "------------------------ special provisions: comparison ------------------------\n"
        "  the same (28)\n"
        "    SP01 SP02 SP03 SP04 SP05 SP06 SP07 SP08 SP09 SP10 SP11 SP12 SP13 SP14\n"
        "    SP15-01 SP15-02 SP15-03 SP15-04 SP15-05 SP15-06 SP15-07 SP15-08 SP15-09\n"
        "    SP15-10 SP15-11 SP15-12 SP15-13 SP15-14\n"
        "\n"
        "  every provision has the wording of the policies"
    )


def test_a_changed_word_stands_in_its_sentence_above_the_printed_one() -> None:
    shown = text(DEVIATING, "both")
    assert (
        "  改动 · changed: 90 → 60\n"
        "    规定 · known: …需要继续经营的，应当提前[90]日向原发证机关提出延续经…\n"
        "    本证 · paper: …需要继续经营的，应当提前[60]日向原发证机关提出延续经…\n"
        "  涉及规则 SP12/renewal\n"
        "  quoted by SP12/renewal\n"
    ) in shown


def test_missing_added_new_and_unseen_words() -> None:
    shown = text(DEVIATING, "en")
    assert "  missing: 应当\n    known: …你公司[应当]按照《电信服务规范》等相…\n" in shown
    assert "  added: 不得\n    known: …你公司[]制作、复制" in shown
    line = DEVIATING[: DEVIATING.index("十六、")].count("\n") + 1
    assert f"\n十六 (line {line}) - new\n    你公司应当每月报送数据。\n" in shown
    assert "SP15-02 十五（二） Fixed-line information services - not seen" in shown
    assert "  only the punctuation differs (1)\n    SP15-01\n" in shown
    assert "check whether a duty differs here" in shown


def test_a_provision_under_another_number_and_one_that_stands_again() -> None:
    ninth = LICENCE[LICENCE.index("九、") + 2 : LICENCE.index("十、")].strip()
    shown = text(f"{LICENCE}\n十六、{ninth}\n", "en")
    assert "SP09 九" in shown
    assert "appears on the paper again" in shown
    assert "number 十六 on the paper" in shown


def test_without_provisions_nothing_is_compared() -> None:
    assert "nothing was compared" in text("公司名称：北京示例科技有限公司", "en")


@pytest.mark.parametrize("language", ["zh", "en", "both"])
@pytest.mark.parametrize("columns", [80, 40])
def test_no_line_is_wider_than_the_terminal(language: Language, columns: int) -> None:
    for line in text(DEVIATING, language, columns).splitlines():
        assert width(line) <= columns, line


EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "etaoche" / "licence.yaml"
NOT_PRINTED = {"registered_capital", "first_issued_on", "status", "authorised_subsidiaries"}


def file_text(reading: PaperLicence, lang: Lang = "en") -> str:
    compared = compare(reading.provisions, default_policies(), None)
    files = {"paper": "a.pdf", "comparison": "c.txt"}
    return licence_text(reading, compared, lang, schema="s.json", **files)


def facts(written: str, folder: Path) -> dict[str, object]:
    path = folder / "licence.yaml"
    path.write_text(written, "utf-8")
    source = read_source(path)
    check(source, "licence")
    assert isinstance(source.data, dict)
    return dict(source.data)


def test_the_licence_at_hand_has_the_facts_of_its_transcription(tmp_path: Path) -> None:
    written = facts(file_text(read(LICENCE)), tmp_path)
    transcribed = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    transcribed["attachments"][0]["retired"] = None
    for name in {**written, **transcribed}:
        expected = None if name in NOT_PRINTED else transcribed.get(name)
        assert written[name] == expected, name


@pytest.mark.parametrize("name", sorted(DEGRADATIONS)[::5])
def test_whatever_was_read_the_file_is_valid(name: str, tmp_path: Path) -> None:
    facts(file_text(read(DEGRADATIONS[name](LICENCE, Random(7))), "zh"), tmp_path)


def test_what_was_not_read_says_what_was_seen_and_where(tmp_path: Path) -> None:
    paper = LICENCE.replace("2024年03月06日", "2O24年03月06日").replace("王剑炜", "王剑□")
    written = file_text(read(paper))
    assert "# Not read: it is incomplete, or mixed with other text. Seen: 2O24年03月06日\n" in (
        written.replace(" (line 25).\n", "\n")
    )
    assert "(line 25)." in written
    assert "\nvalid_until: null\n" in written
    assert "Seen: 王剑□ (line 11)." in written
    assert facts(written, tmp_path)["legal_representative"] is None
    chinese = file_text(read(paper), "zh")
    assert "没有读到：内容不完整，或者混有别的内容。看到“王剑□”（第 11 行）。" in chinese


def test_the_first_day_is_told_not_written(tmp_path: Path) -> None:
    written = file_text(read(LICENCE))
    assert "a term of 5 years that ends on 2024-03-06 began on 2019-03-06" in written.replace(
        "\n# ", " "
    )
    assert facts(written, tmp_path)["first_issued_on"] is None
    other = file_text(read(LICENCE.replace("2024年03月06日", "2023年03月06日")))
    assert "Not printed: the day on which the licence was first issued." in other


def test_nothing_but_a_number(tmp_path: Path) -> None:
    written = facts(file_text(read("经营许可证编号：B1.B2-20190486")), tmp_path)
    assert written["issuing_authority"] == {"kind": "MIIT", "province": "全国", "inferred": True}
    assert {name for name, value in written.items() if value is not None} == {
        *("apiVersion", "number", "issuing_authority")
    }


def test_several_rows_have_names_of_their_own(tmp_path: Path) -> None:
    row = LICENCE[LICENCE.index("网站名称") : LICENCE.index("经营许可证编号:京")]
    second = row.replace("etaoche.cn", "www.etaoche.com").replace("淘车二手车", "淘车")
    app = "应用名称：淘车\n接入服务提供单位：北京世纪互联宽带数据中心有限公司\n"
    written = facts(file_text(read(LICENCE.replace(row, row + second + app))), tmp_path)
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
    provisions = facts(file_text(read(paper + more)), tmp_path)["provisions"]
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
    written = facts(file_text(replace(reading, provisions=())), tmp_path)
    assert written["registered_capital"] == 10_000_000
    none_printed = "# No registered capital was seen; write none when none is printed."
    assert none_printed in file_text(read(LICENCE))
    assert none_printed not in file_text(reading)
    assert written["registered_address"]["street"] == "酒仙桥东路"  # type: ignore[index]  # it is a mapping
    assert written["issuing_authority"] == {"kind": "CA", "province": "北京", "inferred": False}
    assert written["provisions"] is None
