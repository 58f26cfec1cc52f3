"""Command line and ini become one set of options; the command line wins."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.plugin.flags import DEFAULT_FILES
from pytest_icp.plugin.options import (
    WORKER_INPUT,
    Options,
    for_workers,
    now,
    parse_days,
    read_options,
)


@pytest.fixture
def options(pytester: pytest.Pytester) -> Any:
    def read(*args: str, ini: str = "") -> Options:
        (pytester.path / "pytest.ini").write_text(f"[pytest]\n{ini}", "utf-8")
        return read_options(pytester.parseconfig(*args))

    return read


def test_the_defaults(options: Any) -> None:
    found = options()
    assert (found.language, found.unknown, found.files) == ("en", "fail", DEFAULT_FILES)
    assert (found.select, found.ignore, found.policies, found.year_files) == ((), (), (), ())
    assert (found.waiver_days, found.description) == (None, None)
    assert (found.settings.warn_days, found.settings.lookback_days) == (90, 730)
    assert abs(found.as_of - now()) < timedelta(minutes=5)


def test_how_far_to_look_ahead(options: Any) -> None:
    assert options().forecast is None
    assert options("--icp-forecast", "180d").forecast == 180
    assert options(ini="icp_forecast = 2y").forecast == 730
    with pytest.raises(pytest.UsageError, match="icp_forecast: 'soon' is not a span"):
        options("--icp-forecast", "soon")


@pytest.mark.parametrize(
    ("where", "args", "ini", "on"),
    [
        ("true", [], "", True),
        ("true", ["--icp-github", "off"], "", False),
        ("true", [], "icp_github = off", False),
        ("false", ["--icp-github", "auto"], "", False),
    ],
)
def test_github_is_on_where_it_runs(
    options: Any, monkeypatch: pytest.MonkeyPatch, where: str, args: list[str], ini: str, on: bool
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", where)
    assert options(*args, ini=ini).github is on


@pytest.mark.parametrize(
    ("args", "ini", "name", "value"),
    [
        (["--icp-lang", "zh"], "icp_lang = en", "language", "zh"),
        ([], "icp_lang = en", "language", "en"),
        (["--icp-unknown", "warn"], "", "unknown", "warn"),
        ([], "icp_unknown = warn", "unknown", "warn"),
        (
            ["--icp-select", "SP12/*,LIC", "--icp-select", "SP02"],
            "",
            "select",
            ("SP12/*", "LIC", "SP02"),
        ),
        ([], "icp_select = SP12/* LIC", "select", ("SP12/*", "LIC")),
        (["--icp-ignore", "SP14"], "icp_ignore = SP12", "ignore", ("SP14",)),
        ([], "icp_files = *.infra.yaml", "files", ("*.infra.yaml",)),
        ([], "icp_waiver_days = 365", "waiver_days", 365),
        ([], "icp_waiver_days = 0", "waiver_days", None),
    ],
)
def test_the_command_line_goes_before_the_ini(
    options: Any, args: list[str], ini: str, name: str, value: object
) -> None:
    assert getattr(options(*args, ini=ini), name) == value


@pytest.mark.parametrize(
    ("args", "ini", "name", "value"),
    [
        (["--icp-warn-days", "10"], "icp_warn_days = 20", "warn_days", 10),
        ([], "icp_warn_days = 20", "warn_days", 20),
        (["--icp-lookback", "3y"], "", "lookback_days", 1095),
        ([], "icp_lookback = 24m", "lookback_days", 720),
        ([], "icp_papers = scan, truth", "papers", ("scan", "truth")),
        ([], "", "papers", ()),
    ],
)
def test_settings(options: Any, args: list[str], ini: str, name: str, value: object) -> None:
    assert getattr(options(*args, ini=ini).settings, name) == value


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2025-06-01", "2025-06-01T23:59:59.999999+08:00"),
        ("2025-06-01T09:30", "2025-06-01T09:30:00+08:00"),
        ("2025-06-01T20:00:00Z", "2025-06-02T04:00:00+08:00"),
    ],
)
def test_the_instant(options: Any, written: str, instant: str) -> None:
    assert options("--icp-as-of", written).as_of.isoformat() == instant
    assert options(ini=f"icp_as_of = {written}").as_of.isoformat() == instant


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.example.com/icp/1.0",
        "http://127.0.0.1:8000",
        "http://[::1]/a",
        "https://x/%E6",
    ],
)
def test_the_address_of_the_site(options: Any, address: str) -> None:
    assert options("--icp-docs-url", f"{address}/").docs_url == address
    assert options().docs_url == ""


def test_paths_are_relative_to_where_they_are_written(
    options: Any, pytester: pytest.Pytester
) -> None:
    found = options(
        "--icp-policies", "more", ini="icp_workdays = 2030.yaml\nicp_description = a.icp.yaml\n"
    )
    assert found.policies == (pytester.path / "more",)
    assert found.year_files == (pytester.path / "2030.yaml",)
    assert found.description == pytester.path / "a.icp.yaml"
    assert options(ini="icp_policies = own\n").policies == (pytester.path / "own",)


@pytest.mark.parametrize(
    ("args", "ini", "said"),
    [
        (["--icp-as-of", "tomorrow"], "", "--icp-as-of"),
        (["--icp-as-of", "2025-02-29"], "", "2025-02-29"),
        ([], "icp_lang = fr", "'fr' is not one of zh, en, both"),
        ([], "icp_unknown = ignore", "icp_unknown"),
        (["--icp-warn-days", "soon"], "", "icp_warn_days"),
        (["--icp-warn-days", "-1"], "", "icp_warn_days"),
        (["--icp-lookback", "two years"], "", "icp_lookback"),
        ([], "icp_waiver_days = ever", "icp_waiver_days"),
        ([], "icp_docs_url = docs.example.com", "icp_docs_url: 'docs.example.com' is not an"),
        (["--icp-docs-url", "javascript:alert(1)"], "", "icp_docs_url"),
        (["--icp-docs-url", "file:///srv/docs"], "", "icp_docs_url"),
        (["--icp-docs-url", "https://"], "", "icp_docs_url"),
        (["--icp-docs-url", "https://user:pw@docs.example.com"], "", "icp_docs_url"),
        (["--icp-docs-url", "https://docs.example.com/?a=b"], "", "icp_docs_url"),
        (["--icp-docs-url", 'https://docs.example.com/"><script>'], "", "icp_docs_url"),
        (["--icp-docs-url", "https://docs.example.com/)"], "", "icp_docs_url"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error(
    options: Any, args: list[str], ini: str, said: str
) -> None:
    with pytest.raises(pytest.UsageError, match=said):
        options(*args, ini=ini)


@pytest.mark.parametrize(
    ("args", "zh", "en"),
    [
        (["--icp-as-of", "yesterday"], "'yesterday' 不是日期", "'yesterday' is not a date"),
        (["--icp-lookback", "long"], "icp_lookback：'long' 不是时间段", "is not a span"),
        (["--icp-warn-days", "soon"], "'soon' 不是天数", "is not a number of days"),
        (["-o", "icp_unknown=no"], "不是 fail, warn 之一", "is not one of fail, warn"),
        (["-o", "icp_unknown=fial"], "= 是否指 'fail'？", "= did you mean 'fail'?"),
        (["--icp-docs-url", "ftp://a"], "不是 http:// 或 https:// 开头的", "is not an address"),
        (["--icp-fuzz-examples", "few"], "不是正整数", "is not a positive integer"),
        (["--icp-baseline", "no.json"], "--icp-baseline: no.json: 文件不存在", "no such file"),
        (["--icp-report", "htm"], "没有报告格式“htm”", "there is no report format 'htm'"),
    ],
)
def test_it_is_said_in_the_language_asked_for(
    options: Any, args: list[str], zh: str, en: str
) -> None:
    said = {}
    for language in ("zh", "en", "both", "fr"):
        with pytest.raises(pytest.UsageError) as caught:
            options(*args, "-o", f"icp_lang={language}")
        said[language] = str(caught.value)
    assert (zh in said["zh"], en in said["zh"]) == (True, False)
    assert (zh in said["en"], en in said["en"]) == (False, True)
    assert zh in said["both"]
    assert en in said["both"]
    assert max(len(line) for text in said.values() for line in text.splitlines()) <= 73


@pytest.mark.parametrize(
    "option",
    [
        *("as-of", "lang", "unknown", "warn-days", "lookback", "select", "ignore", "policies"),
        *("source", "report", "forecast", "fuzz-examples"),
    ],
)
@pytest.mark.parametrize("value", ["", " "])
def test_an_option_without_a_value_is_a_usage_error(options: Any, option: str, value: str) -> None:
    with pytest.raises(pytest.UsageError, match=rf"--icp-{option} has an empty value|choice"):
        options(f"--icp-{option}={value}")


def test_an_ini_option_without_a_value_is_as_if_it_were_not_there(options: Any) -> None:
    without = options(ini="icp_as_of =\nicp_select =\nicp_policies =\nicp_forecast =\n")
    assert (without.select, without.policies, without.forecast) == ((), (), None)


@pytest.mark.parametrize(
    ("text", "days"), [("730", 730), ("30d", 30), ("24m", 720), ("2y", 730), (" 1y ", 365)]
)
def test_spans(text: str, days: int) -> None:
    assert parse_days("icp_lookback", text) == days


@pytest.mark.parametrize("text", ["", "y", "-1", "1.5y", "2 y", "2w", "２y"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(InputError, match="icp_lookback"):
        parse_days("icp_lookback", text)


def test_sources_are_named_on_the_command_line_or_in_ini(
    options: Any, pytester: pytest.Pytester
) -> None:
    assert options().sources == ()
    (one,) = options(ini="icp_source = zone=dns/a.zone").sources
    assert (one.kind, one.written, one.path) == (
        "zone",
        "dns/a.zone",
        pytester.path / "dns" / "a.zone",
    )
    (other,) = options("--icp-source", "html=x", ini="icp_source = zone=a").sources
    assert (other.kind, other.given) == ("html", None)
    with pytest.raises(pytest.UsageError, match=r"(?s)--icp-source: .*'zone' is not KIND=PATH"):
        options("--icp-source", "zone")


def test_standard_input_is_read_once(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"a: 1")))
    named = ("--icp-source", "kubernetes=-", "--icp-source", "compose=-")
    found = options(*named, "-p", "no:capture")
    assert [source.given for source in found.sources] == [b"a: 1", b"a: 1"]
    assert for_workers(found)[WORKER_INPUT] == b"a: 1"
    assert WORKER_INPUT not in for_workers(options())


def test_how_hard_fuzzing_tries(options: Any) -> None:
    found = options()
    assert (found.fuzz, found.fuzz_profile, found.fuzz_examples) == (False, "ci", None)
    found = options("--icp-fuzz", "--icp-fuzz-profile", "nightly", "--icp-fuzz-examples", "5")
    assert (found.fuzz, found.fuzz_profile, found.fuzz_examples) == (True, "nightly", 5)
    found = options(ini="icp_fuzz = on\nicp_fuzz_profile = nightly\nicp_fuzz_examples = 7\n")
    assert (found.fuzz, found.fuzz_profile, found.fuzz_examples) == (True, "nightly", 7)
