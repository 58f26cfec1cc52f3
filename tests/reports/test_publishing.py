from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.law.errors import InputError
from pytest_icp.reports.publishing import (
    FORMATS,
    Request,
    deliver,
    parse_request,
    render,
    requested,
)
from tests.runs import RUN, many


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "sarfi=x",
            "there is no report format 'sarfi'\n  did you mean 'sarif'? the formats are: sarif",
        ),
        ("pdf", "'pdf'\n  the formats are: sarif, "),
        ("sarif=", "'sarif=' names no file after the `=`"),
    ],
)
def test_a_format_that_there_is_not(written: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_request(written)
    assert said in str(caught.value)


def test_reports_are_written_with_their_folders(tmp_path: Path) -> None:
    requests = requested([f"{name}=out/{name}/r.txt" for name in FORMATS], tmp_path)
    assert not (tmp_path / "out").exists()
    assert deliver(RUN, requests) == []
    for name in FORMATS:
        text = (tmp_path / "out" / name / "r.txt").read_bytes().decode()
        assert text == render(Request(format=name), RUN)


def test_two_reports_cannot_be_one_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two reports would be written to one file"):
        requested(["sarif=x", "sarif-github=x"], tmp_path)


def test_what_cannot_be_written_is_said_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="this is a folder"):
        requested(["sarif=."], tmp_path)
    with pytest.raises(InputError, match="file is not a folder"):
        requested(["sarif=file/x/r.sarif"], tmp_path)
    assert requested(["sarif=file"], tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="not permitted"):
        requested(["sarif=x"], tmp_path)


def test_what_fails_at_the_end_is_returned(tmp_path: Path) -> None:
    requests = requested(["sarif=x/r.sarif", "sarif-github=y.sarif"], tmp_path)
    (tmp_path / "x").touch()
    (error,) = deliver(RUN, requests)
    assert "x/r.sarif: the report cannot be written: File exists" in str(error)
    assert (tmp_path / "y.sarif").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
def test_a_full_disk() -> None:
    (error,) = deliver(RUN, [Request(format="sarif", path="/dev/full")])
    assert error.message.en == "the report cannot be written: no space is left on the disk"
    assert error.message.zh == "报告无法写入：磁盘已满"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_format_speaks_each_language(name: str, language: str) -> None:
    text = render(Request(format=name), replace(RUN, language=language))  # type: ignore[arg-type]  # a literal
    spoken = {"zh": "提前90日申请延续" in text, "en": "Renewal is applied for 90 days" in text}
    assert spoken == {lang: language in {lang, "both"} or name == "jsonl" for lang in spoken}


@pytest.mark.parametrize("name", ["sarif", "gitlab", "jsonl"])
def test_many_findings_are_a_report_all_the_same(name: str) -> None:
    assert render(Request(format=name), many(1000))
