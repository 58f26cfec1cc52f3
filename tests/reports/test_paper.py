from __future__ import annotations

from functools import cache

import pytest

from pytest_icp.kinds.policies import default_policies
from pytest_icp.reports.layout import width
from pytest_icp.reports.paper import ComparisonText
from pytest_icp.reports.words import Language
from pytest_icp.rules.comparison import compare
from tests.degrading import LICENCE, read

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
    return "\n".join(ComparisonText(language, columns).lines(compared))


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
