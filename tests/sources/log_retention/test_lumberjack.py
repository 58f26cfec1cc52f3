"""Settings of Go services for lumberjack and go-zero, in YAML, JSON and TOML."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, remarks, spans, stores, traced


def kept(text: str, name: str = "config.yaml") -> Any:
    (store,) = stores(read(name, text)).values()
    return spans(store)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("max_age: 30, max_backups: 0", ({"days": 30}, None)),
        ("MaxAge: 30, MaxBackups: 5, MaxSize: 100", (None, {"days": 30})),
        ("max-age: 30, max-backups: 5", (None, {"days": 30})),
        ("max_age: 0, max_backups: 5", (None, None)),
        ("max_age: 0, max_backups: 0", (None, None)),
        ("max_age: 168h, max_backups: 0", (None, None)),
        ("max_age: [1], max_backups: 0", (None, None)),
        ("max_age: 604800, max_backups: 0", (None, None)),
        ("filename: a.log, max_size: 100, max_age: 30", ({"days": 30}, None)),
        ("maxsize: 100, maxage: 30, compress: true", ({"days": 30}, None)),
        ("director: log, retention-day: 30", ({"days": 30}, None)),
        ("director: log, retention-day: -1", (None, None)),
        ("Mode: file, KeepDays: 30", ({"days": 30}, None)),
        ("Mode: volume, KeepDays: 30, MaxBackups: 5", ({"days": 30}, None)),
        ("Mode: file, KeepDays: 30, MaxBackups: 5, Rotation: size", (None, {"days": 30})),
        ("Mode: file, KeepDays: 0", (None, None)),
    ],
)
def test_an_age_in_days(settings: str, found: Any) -> None:
    assert kept(f"log: {{{settings}}}") == found


@pytest.mark.parametrize(
    "settings",
    [
        *("max_age: 30", "max_age: 30, max_size: 100", "retention-day: 30", "max_backups: 5"),
        "Mode: console, KeepDays: 30",
        "keepDays: 30, KeepDays: 1",
    ],
)
def test_what_may_be_something_else_is_no_log(settings: str) -> None:
    with pytest.raises(InputError):
        read("config.yaml", f"cors: {{{settings}}}")


def test_logs_are_named_after_their_keys() -> None:
    derived = read(
        "config.yaml",
        "logs:\n- {maxage: 1, maxbackups: 0}\n- maxage: 2\n  maxbackups: 0\n"
        "  filename: access.log\n",
    )
    assert stores(derived) == {
        "config.yaml:logs.0": {"retention": {"days": 1}},
        "config.yaml:logs.1": {"kinds": ["access"], "retention": {"days": 2}},
    }
    assert traced(derived, "retention", 1) == (3, "logs.1", "logs.1.maxage", "known")


def test_settings_at_the_top() -> None:
    assert list(stores(read("log.json", '{"maxAge": 1, "maxBackups": 0}'))) == ["log.json:log"]


TOML = """max_age = 1
max_backups = 3

[log.file]
filename = "a.log"
max_age = 30
max_backups = 0
"""


def test_toml_has_lines_of_keys() -> None:
    derived = read("config.toml", TOML.replace("\n", "\r\n"))
    assert [one["retention"] for one in stores(derived).values()] == [
        {"at_most": {"days": 1}},
        {"days": 30},
    ]
    assert traced(derived, "retention", 0)[0] == 1
    assert traced(derived, "id", 1)[0] == 4
    assert traced(derived, "retention", 1) == (6, "log.file", "log.file.max_age", "known")
    assert "config.toml:log: limited by size as well (max_backups 3)" in remarks(derived)[0]


def test_toml_in_one_line_has_that_line() -> None:
    derived = read("config.toml", "log = {max_age = 30, max_backups = 0}")
    assert traced(derived, "retention")[0] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max_age = ", "this is not valid TOML"),
        ("max_age = " + "[" * 5000, "nested more than 100 levels deep"),
        ("max_age = 1\n[" + "a." * 2000 + "b]", "nested more than 100 levels deep"),
        ("max_age = " + "{a = " * 101 + "1" + "}" * 101, "nested more than 100 levels deep"),
        ("#max_age" + " " * 4 * 1024 * 1024, "this TOML file is larger than 4 MiB"),
    ],
)
def test_toml_that_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        read("config.toml", text)
    assert refused.value.message.en == words


def test_a_document_that_cannot_be_read_is_a_gap() -> None:
    (gap,) = read("config.yaml", "max_age: !x\n").gaps
    assert gap.kinds == {"log_stores"}
