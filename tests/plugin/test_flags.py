"""Each option is described once, and an ini file may write it in every way that pytest reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.plugin.flags import FLAGS
from pytest_icp.plugin.options import Options, read_options

NATIVE = pytest.mark.skipif(
    pytest.version_tuple < (9,), reason="pytest 8 has no table [tool.pytest]"
)
TABLES = [
    pytest.param("pyproject.toml", "[tool.pytest.ini_options]", id="ini_options"),
    pytest.param("pyproject.toml", "[tool.pytest]", id="native", marks=NATIVE),
    pytest.param("pytest.toml", "[pytest]", id="pytest.toml", marks=NATIVE),
]

VALUES: dict[str, list[tuple[str, Any]]] = {
    "as_of": [("'2023-11-20'", "2023-11-20")],
    "lang": [("'en'", "en")],
    "unknown": [("'warn'", "warn")],
    "warn_days": [("'30'", 30)],
    "lookback": [("'720'", 720), ("'24m'", 720)],
    "select": [("['SP12', 'LIC/valid']", ("SP12", "LIC/valid"))],
    "ignore": [("['SP12', 'LIC']", ("SP12", "LIC"))],
    "policies": [("['own', 'more']", ("own", "more"))],
    "source": [("['compose=a', 'zone=b']", ("a", "b"))],
    "report": [("['html=a', 'sarif=b']", ("a", "b"))],
    "github": [("'off'", False)],
    "docs_url": [("'https://docs.example.com/icp/'", "https://docs.example.com/icp")],
    "forecast": [("'180'", 180), ("'2y'", 730)],
    "fuzz": [("'true'", True), ("'false'", False), ("'on'", True)],
    "fuzz_profile": [("'nightly'", "nightly")],
    "fuzz_examples": [("'5'", 5)],
    "baseline": [("'known.jsonl'", "known.jsonl")],
    "since": [("'v1'", "v1")],
    "fail_on": [("'new'", "new")],
    "files": [("['*.a', '*.b']", ("*.a", "*.b"))],
    "workdays": [("['2030.yaml']", ("2030.yaml",))],
    "papers": [("['scan', 'truth']", ("scan", "truth"))],
    "waiver_days": [("'365'", 365)],
    "description": [("'a.icp.yaml'", "a.icp.yaml")],
}


def found(options: Options, name: str, root: Path) -> object:
    """What an option came to, its paths as they were written."""

    def seen(path: Path | str) -> str:
        return Path(path).relative_to(root).as_posix()

    settings = options.settings
    values: dict[str, object] = {
        "as_of": options.as_of.date().isoformat(),
        "lang": options.language,
        "warn_days": settings.warn_days,
        "lookback": settings.lookback_days,
        "papers": settings.papers,
        "policies": tuple(map(seen, options.policies)),
        "workdays": tuple(map(seen, options.year_files)),
        "source": tuple(seen(one.path) for one in options.sources),
        "report": tuple(seen(one.path) for one in options.reports),
        "baseline": options.baseline and options.baseline.name,
        "description": seen(options.description) if options.description else "",
    }
    return values[name] if name in values else getattr(options, name)


@pytest.fixture
def options(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    (pytester.path / "known.jsonl").write_text("\n", "utf-8")

    def read(file: str, table: str, line: str) -> Options:
        (pytester.path / file).write_text(f"{table}\n{line}\n", "utf-8")
        return read_options(pytester.parseconfig())

    return read


def test_every_option_has_values_here() -> None:
    assert set(VALUES) == set(FLAGS)


@pytest.mark.parametrize(("file", "table"), TABLES)
def test_tables_of_toml(options: Any, pytester: pytest.Pytester, file: str, table: str) -> None:
    for name, pairs in VALUES.items():
        for value, expected in pairs:
            read = options(file, table, f"icp_{name} = {value}")
            assert found(read, name, pytester.path) == expected, name


@NATIVE
@pytest.mark.parametrize(
    "line", ["icp_lang = ['en']", "icp_select = [1]", "icp_select = 'SP12'", "icp_warn_days = 30"]
)
def test_what_is_no_value_of_an_option_is_refused_by_pytest(options: Any, line: str) -> None:
    with pytest.raises((TypeError, pytest.UsageError), match="expects a"):
        options("pyproject.toml", "[tool.pytest]", line)


def test_a_value_that_pytest_refuses_in_an_ini_file_is_refused(options: Any) -> None:
    with pytest.raises((ValueError, pytest.UsageError), match="quotation"):
        options("pytest.ini", "[pytest]", "icp_select = 'SP12")


def test_help_is_in_both_languages_for_commands_and_in_english_for_pytest() -> None:
    for flag in FLAGS.values():
        assert flag.help().isascii()
        zh, en = flag.help(command=True).split(" · ")
        assert zh.startswith(f"{flag.zh}（默认：{flag.ini}")
        assert en.startswith(f"{flag.en} (default: {flag.ini}")
    assert FLAGS["as_of"].help() == "evaluate as of this date or date-time (default: now)"
    assert (
        FLAGS["lang"].help(command=True)
        == "输出语言（默认：icp_lang，否则系统语言） · language of the output "
        "(default: icp_lang, else that of the locale)"
    )
    assert FLAGS["select"].help(command=True).endswith("may be repeated (default: icp_select)")
