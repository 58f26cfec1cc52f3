"""The frame of log retention: which files are read, and what becomes of those that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, stores
from tests.sources.log_retention.test_logback import configured, daily
from tests.sources.reading import in_folder


def test_a_folder_is_read_with_its_logs_by_file(tmp_path: Path) -> None:
    derived = in_folder(
        "log-retention",
        tmp_path,
        {
            "a/logback.xml": configured(daily("30")),
            "b/logback-spring.xml": configured(daily("60")),
            "pom.xml": "<project/>",
        },
    )
    assert list(stores(derived)) == ["a/logback.xml:FILE", "b/logback-spring.xml:FILE"]


def test_a_broken_file_of_a_folder_is_a_gap(tmp_path: Path) -> None:
    derived = in_folder(
        "log-retention",
        tmp_path,
        {"logback.xml": configured(daily("30")), "logback-b.xml": "<appender"},
    )
    (gap,) = derived.gaps
    assert gap.message.en == "this is not well-formed XML: unclosed token"
    assert (gap.place.path, gap.kinds) == (tmp_path / "logback-b.xml", {"log_stores"})
    assert list(stores(derived)) == ["logback.xml:FILE"]


def test_the_content_tells_the_format_of_a_file_of_another_name() -> None:
    assert list(stores(read("x.xml", configured(daily("30"))))) == ["x.xml:FILE"]


def test_the_first_format_that_finds_something_reads_a_file_of_another_name() -> None:
    text = configured(daily("30"), "<!-- logging: a: b -->")
    derived = read("file-appender.xml", text)
    assert list(stores(derived)) == ["file-appender.xml:FILE"]
    assert not derived.gaps


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("logback.xml", "<configuration/>"),
        ("x.txt", "<configuration/>"),
        # A word of Log4j 2 makes no XML of a file.
        ("vector.toml", '[sinks.a]\ntype = "file"\n'),
    ],
)
def test_a_file_without_a_log_is_refused(name: str, text: str) -> None:
    with pytest.raises(InputError) as refused:
        read(name, text)
    assert refused.value.message.en == "nothing here says how long logs are kept"
    assert refused.value.hint.en.startswith("formats that are read: Logback")


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        in_folder("log-retention", tmp_path, {"pom.xml": "<project/>"})


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        in_folder("log-retention", tmp_path, {})
