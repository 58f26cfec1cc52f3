"""The frame of log retention: which files are read, and what becomes of those that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, stores
from tests.sources.log_retention.test_logback import configured, daily
from tests.sources.reading import in_folder


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
