"""The child that evaluates source, called without one: the parser, and what it may not see."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tfparse

from pytest_icp.sources.terraform import evaluating
from pytest_icp.sources.terraform.evaluating import HIDDEN, META, Copy, Fault, answer
from tests.attack.reading import write

DISK = 'resource "alicloud_ecs_disk" "d" {\n  size = 1\n}\n'


def evaluate(folder: Path, files: dict[str, str], at: str = ".", *variables: str) -> Any:
    write(folder, files)
    return Copy(folder, tfparse).evaluate(at, variables)


def task(root: Path, *, checked: bool = False) -> dict[str, Any]:
    return {"root": str(root), "folder": ".", "variables": [], "checked": checked}


@pytest.mark.parametrize(
    ("may", "restricted", "enclosed", "checked", "is_open"),
    [
        (False, True, False, False, False),
        (False, False, False, False, True),
        (False, False, False, True, False),
        (True, False, False, False, True),
        (True, False, False, True, False),
        (True, True, False, False, False),
    ],
)
def test_nothing_is_evaluated_where_more_could_be_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    may: bool,
    restricted: bool,
    enclosed: bool,
    checked: bool,
    is_open: bool,
) -> None:
    monkeypatch.setattr(evaluating, "may_enclose", lambda: may)
    monkeypatch.setattr(evaluating, "restrict", lambda *_: restricted)
    monkeypatch.setattr(evaluating, "enclose", lambda _: enclosed)
    write(tmp_path, {"main.tf": DISK})
    found = answer(task(tmp_path, checked=checked))
    assert (found == {"open": True}) == is_open
    assert ("blocks" in found) != is_open


def test_in_a_new_root_the_copy_is_all_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating, "may_enclose", lambda: True)
    monkeypatch.setattr(evaluating, "restrict", lambda *_: False)
    monkeypatch.setattr(evaluating, "enclose", lambda _: True)
    write(tmp_path, {"main.tf": DISK})
    # The root of this test is still that of the machine.
    found = answer({**task(tmp_path), "folder": str(tmp_path)[1:]})
    assert found["blocks"]["alicloud_ecs_disk"][0]["size"] == 1


def test_a_fault_is_told_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "may_enclose", lambda: False)
    monkeypatch.setattr(evaluating, "restrict", lambda *_: True)
    write(tmp_path, {"main.tf": 'module "m" { source = "./m" }\n', "m/main.tf": "a = \n"})
    found = answer(task(tmp_path))
    assert found["folder"] == "m"
    assert "main.tf:1" in found["fault"]


def test_a_number_that_is_no_number_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault):
        evaluate(tmp_path, {"main.tf": "locals {\n  a = 1e999999999\n}\n"})

    def long(*_: object, **__: object) -> None:
        int("1" * 5000)

    parser = SimpleNamespace(load_from_path=long, ParseError=tfparse.ParseError)
    with pytest.raises(Fault):
        Copy(tmp_path, parser).evaluate(".", [])


def test_modules_that_are_missing_or_outside(tmp_path: Path) -> None:
    calls = ("./m", "./m", "./no", "../out", "./m/..", "x/y/z")
    files = {
        "main.tf": "".join(
            f'module "m{number}" {{\n  source = "{source}"\n}}\n'
            for number, source in enumerate(calls[:4] + calls[5:])
        ),
        "m/main.tf": DISK,
        "no/readme.txt": "",
    }
    found = evaluate(tmp_path, files)
    assert found["missing"] == ["no", "../out"]
    assert len(found["blocks"]["alicloud_ecs_disk"]) == 2


def test_what_is_sensitive_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    marked = 'variable "%s" {\n  sensitive = true\n  default = "x"\n}\n'
    files = {
        "main.tf": marked % "a" + 'module "m" { source = "./m" }\n',
        "m/main.tf": marked % "b" + 'output "a" {\n  sensitive = true\n  value = var.b\n}\n',
        "p.tfvars": 'a = "y"\n',
    }
    found = evaluate(tmp_path, files, ".", "p.tfvars")
    assert found["hidden"] == ["a"]
    labels = {block[META]["label"] for block in found["blocks"]["variable"]}
    assert labels == {HIDDEN}
    (output,) = found["blocks"]["output"]
    assert output["value"]["__attribute__"] == f"var.{HIDDEN}"


def test_only_outputs_may_be_sensitive(tmp_path: Path) -> None:
    files = {
        "main.tf.json": '{"output": {"a": {"sensitive": true, "value": "x"}}}',
        f"{HIDDEN}.tf": DISK,
    }
    found = evaluate(tmp_path, files)
    assert found["hidden"] == []
    assert found["blocks"]["alicloud_ecs_disk"]
    values = [
        str(block["value"]) for block in found["blocks"]["output"] if "sensitive" not in block
    ]
    assert "x" not in values


def test_what_never_goes_away_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": ""})
    meta = {"label": "a", "filename": "main.tf", "line_start": 1, "line_end": 1}
    blocks = {"variable": [{META: meta, "sensitive": True}]}
    parser = SimpleNamespace(load_from_path=lambda *_, **__: blocks, ParseError=tfparse.ParseError)
    with pytest.raises(Fault):
        Copy(tmp_path, parser).evaluate(".", [])
