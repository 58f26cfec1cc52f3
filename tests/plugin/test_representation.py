"""A failing item says in one line what is wrong wherever pytest prints one line."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from pytest_icp.plugin.items import represented
from tests.plugin.conftest import Infra

RENEWAL = "infra/prod.icp.yaml::SP12::renewal"
ENGLISH = "--icp-lang=en"
LINE = "Renewal: not done, and overdue since 2025-10-06, 56 days ago"


def test_the_short_summary_gives_the_reason(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    result = infra.run(RENEWAL, ENGLISH, "-rA", as_of="2025-12-01")
    assert f"FAILED {RENEWAL} - {LINE}" in result.stdout.str()
    # The text itself stays what it was, without the frames of a traceback.
    result.stdout.fnmatch_lines([LINE, "infra/prod.icp.yaml:6:15:   applied_on: never"])
    assert "Traceback" not in result.stdout.str()
    assert "ObligationFailed" not in result.stdout.str()


def test_one_line_is_one_line(infra: Infra) -> None:
    result = infra.run(RENEWAL, ENGLISH, "--tb=line", "-rN", as_of="2025-12-01")
    shown = [line for line in result.outlines if LINE in line]
    assert len(shown) == 1
    assert shown[0].startswith(f"infra/prod.icp.yaml:6: {LINE}")
    assert "    applied_on: never" not in result.stdout.str()


@pytest.mark.parametrize("style", ["short", "long", "native", "auto"])
def test_every_style_shows_the_text(infra: Infra, style: str) -> None:
    text = infra.run(RENEWAL, ENGLISH, f"--tb={style}", as_of="2025-12-01").stdout.str()
    assert text.count(f"\n{LINE}\n") == 1
    assert "Traceback" not in text
    assert "items.py" not in text


def test_no_traceback_is_no_text(infra: Infra) -> None:
    lines = infra.run(RENEWAL, ENGLISH, "--tb=no", as_of="2025-12-01").outlines
    assert LINE not in lines


def test_junit_has_a_message_of_one_line(infra: Infra) -> None:
    infra.write("infra/bad.icp.yaml", "apiVersion: pytest-icp/v2\n")
    sources = "sources: [{kind: zone, path: none.zone}]\n"
    infra.write("infra/source.icp.yaml", f"apiVersion: pytest-icp/v1\n{sources}")
    names = ("infra/bad.icp.yaml", "infra/source.icp.yaml::sources", RENEWAL)
    infra.run(*names, ENGLISH, "--junitxml=out.xml", as_of="2025-12-01")
    failures = list(ET.parse(infra.pytester.path / "out.xml").iter("failure"))
    messages = sorted(failure.get("message", "") for failure in failures)
    assert messages[0] == LINE
    assert messages[1] == "expected 'pytest-icp/v1', found 'pytest-icp/v2'"
    assert "none.zone" in messages[2] or "no such file" in messages[2]
    assert all("\n" not in message for message in messages)
    assert any("infra/prod.icp.yaml:6:15:   applied_on" in (f.text or "") for f in failures)


def test_both_languages_stand_in_the_line(infra: Infra) -> None:
    result = infra.run(RENEWAL, "--tb=line", "--icp-lang=both", as_of="2025-12-01")
    result.stdout.fnmatch_lines(
        ["infra/prod.icp.yaml:6: 许可延续：* · Renewal: not done, and overdue since 2025-10-06, *"]
    )


def test_an_unknown_has_no_due_date(infra: Infra) -> None:
    infra.describe(renewal="null")
    infra.run(RENEWAL, ENGLISH, "--junitxml=out.xml")
    (failure,) = ET.parse(infra.pytester.path / "out.xml").iter("failure")
    assert failure.get("message", "").startswith("unknown: ")


def test_a_failing_obligation_is_an_assertion(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """\
        def pytest_runtest_makereport(call):
            if call.excinfo and call.when == "call":
                print("raised:", isinstance(call.excinfo.value, AssertionError))
        """,
    )
    infra.run(RENEWAL, "-s", as_of="2025-12-01").stdout.fnmatch_lines(["*raised: True"])


def test_where_pytest_knows_no_place_there_is_none(pytester: pytest.Pytester) -> None:
    def fail() -> None:
        __tracebackhide__ = True
        raise AssertionError

    item = pytester.getitem("def test_func(): pass")
    with pytest.raises(AssertionError) as caught:
        fail()
    # pytest takes the place from a frame that is not hidden.
    assert caught.value.__traceback__ is not None
    inner = caught.value.with_traceback(caught.value.__traceback__.tb_next)
    shown = represented(item, pytest.ExceptionInfo.from_exception(inner), "a\nb", "c", "d", 1)
    assert (str(shown), shown.reprcrash) == ("a\nb", None)
