"""Terraform source and PDF, in a child process: it reads nothing else, and takes only so much."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from reportlab.pdfgen.canvas import Canvas

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources import running
from pytest_icp.sources.loading import load
from pytest_icp.sources.paper import read_pages
from pytest_icp.sources.register.files import read_workbook
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform import source
from pytest_icp.sources.terraform.source import read_source
from tests.attack.reading import derive, write

HOST = "leaked.etaoche.cn"
DISK = {"main.tf": 'resource "alicloud_ecs_disk" "d" {\n  encrypted = true\n}\n'}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary folders are made in one that is empty before, and has to be so afterwards."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return tmp_path / "repo"


def left(folder: Path) -> list[str]:
    return [path.name for path in (folder.parent / "temporary").iterdir()]


WITHOUT = "from pytest_icp.sources import child; child.restrict = lambda *_: False"


@pytest.fixture(params=["with Landlock", "without it"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test also as on a machine whose kernel confines no process."""
    if request.param == "without it":
        start, entry = running._START.split("from", 1)
        monkeypatch.setattr(running, "_START", f"{start}{WITHOUT}; from{entry}")


def limits(monkeypatch: pytest.MonkeyPatch, **changed: int) -> None:
    monkeypatch.setattr(running, "LIMITS", replace(running.LIMITS, **changed))


def domains(expressions: list[str]) -> str:
    return "".join(
        f'resource "alicloud_cdn_domain_new" "c{number}" {{\n'
        f'  domain_name = {expression}\n  scope = "domestic"\n}}\n'
        for number, expression in enumerate(expressions)
    )


def facts(derived: Derived | InputError) -> str:
    assert isinstance(derived, Derived), derived
    return json.dumps(derived.facts)


# --- what it may read -------------------------------------------------------------------------


def reading(path: str) -> dict[str, str]:
    calls = [
        f'file("{path}")',
        f'file/**/("{path}")',
        f'file /* ( */ # (\n  ("{path}")',
        f'"${{file("{path}")}}"',
        f'"${{trimspace("${{file("{path}")}}")}}"',
        f'templatefile("{path}", {{}})',
        f'base64decode(filebase64("{path}"))',
        f'"${{fileexists("{path}") ? "{HOST}" : "n"}}"',
        f'fileset("{Path(path).parent}", "*.txt")',
        f'<<E\n${{file("{path}")}}\nE\n',
    ]
    return {"main.tf": domains([f"({call})" if "\n  (" in call else call for call in calls])}


@pytest.mark.usefixtures("kernel")
def test_no_function_reads_a_file_of_the_machine(folder: Path) -> None:
    secret = folder.parent / "host.txt"
    secret.write_text(HOST, "utf-8")
    write(folder, reading(str(secret)))
    derived = derive(folder, "terraform")
    assert HOST not in facts(derived)
    assert derived.gaps  # type: ignore[union-attr]  # it was read


@pytest.mark.usefixtures("kernel")
def test_the_environment_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", HOST)
    found = 'regex("TOKEN=([a-z.]+)", file("/proc/self/environ"))[0]'
    write(folder, {"main.tf": domains([found])})
    assert HOST not in facts(derive(folder, "terraform"))


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize(
    "source", ['"../out"', '"${".."}/out"', "local.out", '"./../\\u002e./repo/../out"']
)
def test_no_module_outside_the_repository_is_read(folder: Path, source: str) -> None:
    write(folder.parent / "out", {"main.tf": domains([f'"{HOST}"'])})
    call = f'locals {{\n  out = "../out"\n}}\nmodule "m" {{\n  source = {source}\n}}\n'
    write(folder, {"main.tf": call})
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived)
    assert HOST not in facts(derived)
    assert ["outside the repository" in gap.message.en for gap in derived.gaps] == [True]


def test_a_repository_behind_a_link(folder: Path) -> None:
    write(folder, {"infra/main.tf": 'module "m" { source = "./net" }\n'})
    write(folder, {"infra/net/main.tf": DISK["main.tf"]})
    link = folder.parent / "link"
    link.symlink_to(folder, target_is_directory=True)
    request = Request(path=link / "infra", root=folder, folder=link)
    assert "module.m.alicloud_ecs_disk.d" in facts(read_source(request))


@pytest.mark.usefixtures("kernel")
def test_what_reads_workbooks_and_pdf_needs_no_landlock(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["标识", "种类"])
    folder.mkdir()
    book.save(folder / "a.xlsx")
    (grid,) = read_workbook(folder / "a.xlsx", (folder / "a.xlsx").read_bytes())
    assert grid.lines[0].cells == ("标识", "种类")
    canvas = Canvas(str(folder / "a.pdf"))
    canvas.drawString(100, 100, "B2-20210001")
    canvas.save()
    assert [line.text for line in read_pages(folder / "a.pdf")[1][0]] == ["B2-20210001"]


# --- how much it may take ---------------------------------------------------------------------

TOO_MUCH = {
    "count": ('resource "x_y" "a" {\n  count = 1000000000\n}\n', "1 s of processor time"),
    "setproduct": (
        'resource "x_y" "a" {\n  b = setproduct(range(1024), range(1024), range(1024))\n}\n',
        "1 s of processor time",
    ),
    "not": ("locals {\n  a = " + "!" * 250_000 + "true\n}\n", "200 levels"),
    "list": ("locals {\n  a = " + "[" * 1500 + "]" * 1500 + "\n}\n", "200 levels"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_takes_too_much_is_an_error_that_names_the_limit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    text, limit = TOO_MUCH[name]
    limits(monkeypatch, processor=1, seconds=20)
    write(folder, {"main.tf": text})
    error = derive(folder, "terraform")
    assert isinstance(error, InputError)
    assert limit in error.message.en
    assert error.place is not None
    assert error.place.path == folder
    assert left(folder) == []


def test_the_rest_of_the_run_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits(monkeypatch, seconds=0)
    found = [f"  - {{kind: {kind}, path: {path}}}" for kind, path in SOURCES.items()]
    head = ["apiVersion: pytest-icp/v1", "licence: {}", "sources:"]
    write(folder, {"infra/main.tf": DISK["main.tf"], "dns/etaoche.cn.zone": "www A 203.0.113.1\n"})
    write(folder, {"a.icp.yaml": "\n".join([*head, *found])})
    broken, read = load(folder / "a.icp.yaml").readings
    assert broken.error is not None
    assert broken.error.message.en.startswith("parsing it took more than 0 s")
    assert read.derived is not None
    assert read.derived.facts["sites"]


SOURCES = {"terraform": "infra", "zone": "dns/etaoche.cn.zone"}


def test_modules_that_call_each_other_in_a_circle(folder: Path) -> None:
    write(folder, {"a/main.tf": 'module "m" { source = "../b" }\n'})
    write(folder, {"b/main.tf": 'module "m" { source = "../a" }\n'})
    error = derive(folder, "terraform", "a")
    assert isinstance(error, InputError)
    assert error.message.en == "modules call each other in a circle: a → b → a"


def test_a_folder_that_calls_itself(folder: Path) -> None:
    write(folder, {"main.tf": 'module "m" {\n  source = "./"\n}\n'})
    error = derive(folder, "terraform")
    assert isinstance(error, InputError)
    assert "in a circle" in error.message.en


def test_files_that_are_too_large_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST", 2 * 1024 * 1024)
    write(folder, {f"{name}.tf": "# " + "x" * 1024 * 1024 for name in "ab"})
    error = derive(folder, "terraform")
    assert isinstance(error, InputError)
    assert "larger than 2 MiB together" in error.message.en


@pytest.mark.parametrize(
    ("changed", "limit"),
    [({"seconds": 0}, "more than 0 s"), ({"output": 10}, "larger than 0 MiB")],
)
def test_a_child_that_is_late_or_says_too_much(
    folder: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, int], limit: str
) -> None:
    limits(monkeypatch, **changed)
    write(folder, DISK)
    error = derive(folder, "terraform")
    assert isinstance(error, InputError)
    assert limit in error.message.en
    assert left(folder) == []


def test_a_pdf_has_the_same_limits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits(monkeypatch, seconds=0)
    write(folder, {"a.pdf": b"%PDF-1.4\n"})
    with pytest.raises(InputError) as caught:
        read_pages(folder / "a.pdf")
    assert "more than 0 s" in caught.value.message.en
    assert left(folder) == []


def test_a_full_disk_is_an_error_of_the_source(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(running.Path, "write_bytes", full)
    write_text = {"main.tf": DISK["main.tf"]}
    folder.mkdir()
    (folder / "main.tf").write_text(write_text["main.tf"], "utf-8")
    error = derive(folder, "terraform")
    assert isinstance(error, InputError)
    assert "no space is left" in error.message.en
    assert left(folder) == []


# --- how it ends ------------------------------------------------------------------------------


def test_an_interrupt_ends_the_child_and_removes_its_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    start = subprocess.Popen

    def remembered(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:
        started.append(start(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remembered)
    write(folder, {"main.tf": TOO_MUCH["count"][0]})
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            derive(folder, "terraform")
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert [child.returncode for child in started] == [-signal.SIGKILL]
    assert left(folder) == []


def test_a_child_that_died_says_nothing_of_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, DISK)
    with monkeypatch.context() as hurried:
        limits(hurried, seconds=0)
        assert isinstance(derive(folder, "terraform"), InputError)
    assert "alicloud_ecs_disk.d" in facts(derive(folder, "terraform"))


# --- what is done with the answer --------------------------------------------------------------


def test_a_long_line_takes_no_square_of_the_time(folder: Path) -> None:
    line = '"' + '\\"' * 300_000
    write(folder, {"main.tf": DISK["main.tf"].replace("  enc", f"  note = <<E\n{line}\nE\n  enc")})
    begun = perf_counter()
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    assert derived.trace("/data_stores/0/encryption_at_rest").place.line == 5
    assert perf_counter() - begun < 8  # a square takes minutes
