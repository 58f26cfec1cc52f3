"""A folder with a licence and a description, in which the commands are run."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from pytest_icp.cli.main import main
from tests.forking import bases_are_judged_in_forks

__all__ = ["bases_are_judged_in_forks"]

LICENCE = """\
number: 京B2-20210001
holder: 北京示例科技有限公司
issued_on: 2021-01-04
valid_until: 2026-01-04
first_issued_on: 2021-01-04
status: 正常
service_lines:
  - name: 信息服务业务（仅限互联网信息服务）
    scope: 不含信息搜索查询服务、信息社区服务、信息即时交互服务和信息保护和加工处理服务。
attachments:
  - {id: site, kind: site, domains: [example.cn], retired: false}
"""

DESCRIPTION = """\
apiVersion: pytest-icp/v1
licence_file: licence.yaml
renewal:
  intention: renew
  applied_on: never
corporate_events:
  - {id: moved, kind: address, changed_on: 2024-08-01, system_updated_on: 2024-10-08,
     entity: licensee}
  - {id: renamed, kind: name, changed_on: 2024-02-01, filings: [], entity: licensee}
select: [SP12, SP14, EVID, LIC/valid, SP02/area]
"""
"""Few rules are enough to see the rest, and all of them take ten times as long."""


@pytest.fixture(autouse=True)
def garbage_is_left_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run of a command not end by walking all of this process, twice, as pytest's own do."""
    monkeypatch.setattr(gc, "collect", lambda *_: 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, made the current one."""
    (tmp_path / "licence.yaml").write_text(LICENCE, "utf-8")
    (tmp_path / "prod.icp.yaml").write_text(DESCRIPTION, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


class Command(Protocol):
    """Runs a command in this process; ``as_of`` and ``lang`` are those of most tests."""

    def __call__(self, *arguments: str, as_of: str = "2025-12-01", lang: str = "en") -> Said: ...


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: str, as_of: str = "2025-12-01", lang: str = "en") -> Said:
        capsys.readouterr()
        code = main([*arguments, "--as-of", as_of, "--lang", lang])
        return Said(code, *capsys.readouterr())

    return run
