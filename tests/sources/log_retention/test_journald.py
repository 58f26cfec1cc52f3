"""journald: always limited by size, with a bound where one is set."""

from __future__ import annotations

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import in_folder, read, remarks, stores, traced

NAME = "etc/systemd/journald.conf"


@pytest.mark.parametrize(
    ("written", "most"),
    [
        ("1month", {"days": 31}),
        ("6month", {"days": 183}),
        ("2week 3d", {"days": 17}),
        ("1year", {"days": 366}),
        ("7day", {"days": 7}),
        ("86401", {"days": 2}),
    ],
)
def test_nothing_outlasts_the_retention(written: str, most: object) -> None:
    derived = read(NAME, f"[Journal]\nSystemMaxUse=1G\nMaxRetentionSec={written}\n")
    assert stores(derived) == {
        f"{NAME}:journald": {"retention": {"at_most": most}},
    }
    assert traced(derived, "retention") == (3, "journald", "MaxRetentionSec", "known")
    assert "(SystemMaxUse=1G)" in remarks(derived)[0]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("[Journal]\n#SystemMaxUse=\n", "SystemMaxUse=10%"),
        ("[Journal]\nMaxRetentionSec=0\n", "SystemMaxUse=10%"),
        (
            "[Journal]\nSystemMaxUse = 500M\nSystemMaxFiles=7\n",
            "SystemMaxUse=500M, SystemMaxFiles=7",
        ),
        ("[Journal]\nStorage=volatile\nSystemMaxUse=500M\n", "Storage=volatile"),
        ("[Other]\nSystemMaxUse=1\n[Journal]\n[Other]\nSystemMaxFiles=1\n", "SystemMaxUse=10%"),
    ],
)
def test_without_one_there_is_no_bound(text: str, limits: str) -> None:
    derived = read(NAME, text)
    assert stores(derived) == {f"{NAME}:journald": {"retention": None}}
    assert f"({limits})" in remarks(derived)[0]


def test_a_variable_is_not_known() -> None:
    derived = read(NAME, "[Journal]\nMaxRetentionSec={{ days }}\n")
    assert stores(derived) == {f"{NAME}:journald": {"retention": None}}
    assert traced(derived, "retention") == (2, "journald", "MaxRetentionSec", "known after apply")


def test_what_stores_nothing_is_no_log() -> None:
    with pytest.raises(InputError):
        read(NAME, "[Journal]\nStorage=none\n")


def test_parts_of_it_are_read(tmp_path) -> None:
    files = {"journald.conf.d/size.conf": "[Journal]\nSystemMaxUse=1G\n"}
    assert list(stores(in_folder(tmp_path, files))) == ["journald.conf.d/size.conf:journald"]


def test_what_overrides_it_is_read_with_it(tmp_path) -> None:
    files = {
        "systemd/journald.conf": "[Journal]\nMaxRetentionSec=2week\nSystemMaxUse=9G\n",
        "systemd/journald.conf.d/10-x.conf": "[Journal]\nMaxRetentionSec=1year\n",
        "systemd/journald.conf.d/20-y.conf": "[Journal]\nMaxRetentionSec=6month\n",
        "systemd/journald.conf.d/99.conf.off": "[Journal]\nMaxRetentionSec=1day\n",
    }
    derived = in_folder(tmp_path, files)
    assert stores(derived) == {
        "systemd/journald.conf:journald": {"retention": {"at_most": {"days": 183}}}
    }
    assert derived.trace("/log_stores/0/retention").place.line == 2
    assert "(SystemMaxUse=9G)" in remarks(derived)[0]
    alone = in_folder(tmp_path, {}, "systemd/journald.conf.d/10-x.conf")
    assert stores(alone) == {
        "systemd/journald.conf.d/10-x.conf:journald": {"retention": {"at_most": {"days": 366}}}
    }
    assert len(stores(in_folder(tmp_path, {}, "systemd/journald.conf.d"))) == 2
