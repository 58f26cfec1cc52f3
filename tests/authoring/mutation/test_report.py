from __future__ import annotations

from pytest_icp.authoring.mutation.report import Score, scores_text
from pytest_icp.reports.layout import width

SCORES = (
    Score(provision="SP12", tried=8, killed=7, equivalent=1),
    Score(provision="SP14", tried=4, killed=2, equivalent=0),
)
EN = "provision     changes    noticed equivalent   survived      score"
ZH = "规定             改动     已察觉       等价       存活       得分"


def test_the_table_is_headed_in_the_languages_asked_for() -> None:
    assert [*scores_text(SCORES, "en", 80)][1:] == [
        EN,
        "SP12                8          7          1          0       100%",
        "SP14                4          2          0          2        50%",
        "total              12          9          1          2        81%",
    ]
    assert [*scores_text(SCORES[:1], "zh", 80)][1] == ZH
    both = [*scores_text(SCORES, "both", 80)]
    assert both[1:3] == [ZH, EN]
    assert both[-1].startswith("合计 total ")
    assert len({width(line) for line in both[1:]}) == 1
