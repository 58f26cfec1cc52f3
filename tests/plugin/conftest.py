"""A small description for real pytest runs: one licence, few facts, every outcome in reach."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from textwrap import dedent

import pytest

import pytest_icp
from tests.forking import bases_are_judged_in_forks

__all__ = ["bases_are_judged_in_forks"]

# A run inside this process forgets what it was the first to import: two copies of one class.
for _module in walk_packages(pytest_icp.__path__, "pytest_icp."):
    if not _module.name.endswith("__main__"):
        import_module(_module.name)

LICENCE = """\
number: 京B2-20210001
holder: 北京示例科技有限公司
legal_representative: 张三
issued_on: 2021-01-04
valid_until: 2026-01-04
first_issued_on: 2021-01-04
status: 正常
service_lines:
  - name: 信息服务业务（仅限互联网信息服务）
    scope: 不含信息搜索查询服务、信息社区服务、信息即时交互服务和信息保护和加工处理服务。
attachments:
  - {id: site, kind: site, name: 示例网, domains: [example.cn], retired: false}
"""

FEW = (
    "[SP12, SP14, LIC/valid, LIC/site-name, LIC/server-abroad, SP02/area, SP09/record-kept, "
    "SP11/foreign, SP13/cancel]"
)
"""Rules of every sort: all of them take ten times as long."""

DESCRIPTION = f"""\
apiVersion: pytest-icp/v1
licence_file: licence.yaml
company: {{name: 北京示例科技有限公司, legal_representative: 张三}}
renewal:
  intention: renew
  applied_on: never
corporate_events: []
select: {FEW}
"""


OWN_POLICY = """\
id: OWN
article: 自订
title: {zh: 自订规定, en: Our own provision}
text: {zh: 你公司应当自律。, en: You shall be disciplined.}
obligations:
  - id: discipline
    title: {zh: 自律, en: Discipline}
    meaning: {zh: 公司自律。, en: The company is disciplined.}
    quote: {zh: 你公司应当自律, en: You shall be disciplined}
    fix: {zh: 自律。, en: Be disciplined.}
    kind: condition
    level: mandatory
    basis: licence
    cites: [licence]
    each: company
    require: {name: {minLength: 1}}
"""


class Infra:
    """A repository with one description, and runs of pytest in it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path / "infra" / "prod.icp.yaml"
        self.write("infra/licence.yaml", LICENCE)
        self.write("infra/prod.icp.yaml", DESCRIPTION)

    def write(self, name: str, text: str) -> Path:
        """Write a file, with its folders."""
        path = self.pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
        return path

    def describe(self, **facts: str) -> None:
        """Replace top-level facts of the description, each given as YAML on one line."""
        kept = [line for line in DESCRIPTION.splitlines() if not line.startswith(tuple(facts))]
        if "renewal" in facts:
            kept = [line for line in kept if not line.startswith("  ")]
        lines = [line for line in kept if not line.startswith("select")]
        every = {**facts, "select": facts.get("select", FEW)}
        lines += [f"{name}: {value}" for name, value in every.items()]
        self.path.write_text("\n".join(lines) + "\n", "utf-8")

    def run(self, *args: str, as_of: str = "2025-06-01") -> pytest.RunResult:
        """Run pytest inside this process, where all is imported and the policies are read."""
        return self.pytester.runpytest_inprocess(*_given(as_of), *args)

    def run_apart(self, *args: str, as_of: str = "2025-06-01") -> pytest.RunResult:
        """Run pytest in a process of its own, as a user does, where that makes a difference."""
        return self.pytester.runpytest_subprocess(*_given(as_of), *args)


def _given(as_of: str) -> list[str]:
    return ["--icp-as-of", as_of] if as_of else []


@pytest.fixture
def infra(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Infra:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTHONUTF8", "1")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return Infra(pytester)
