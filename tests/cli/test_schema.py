from __future__ import annotations

import socket
from pathlib import Path

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from pytest_icp.cli.schema import FOLDER, names, run_schema, schema_text
from pytest_icp.law.errors import InputError
from pytest_icp.reports.as_text import Screen


@pytest.mark.parametrize(
    ("name", "hint"), [("descripton", "did you mean 'description'"), ("xyz", "available: descr")]
)
def test_a_schema_that_there_is_not(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=f"(.|\n)*{hint}"):
        schema_text(name)


def test_all_are_written_and_replace_older_ones(folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "licence.schema.json").write_text("old", "utf-8")
    text = run_schema(Path("deep/er"), Screen("en"))
    written = {path.name for path in (folder / "deep" / "er").iterdir()}
    assert written == {f"{name}.schema.json" for name in names()}
    assert (folder / "deep/er/licence.schema.json").read_text("utf-8") == schema_text("licence")
    assert text.startswith(f"Wrote {len(names())} JSON Schemas to deep/er.\n")
    assert "\na description (*.icp.yaml)\n  # yaml-language-server: $schema=deep/er/desc" in text


def test_a_folder_that_is_a_file(folder: Path) -> None:
    with pytest.raises(InputError, match=r"licence\.yaml: cannot be written: File exists"):
        run_schema(Path("licence.yaml"), Screen("en"))


ROOT = Path(__file__).parent.parent.parent
ETAOCHE = ROOT / "examples" / "etaoche"
WAIVERS = """\
waivers:
  - {rule: SP12/renewal, reason: 已提交申请, owner: 法务, expires: 2026-12-31}
"""
YEAR = "year: 2191\nsource: https://www.gov.cn/\nholidays: [2191-01-03]\nworkdays: [2191-01-08]\n"
FILES: dict[str, Path | str] = {
    "description": ETAOCHE / "etaoche.icp.yaml",
    "licence": ETAOCHE / "licence.yaml",
    "waivers": WAIVERS,
    "policy": ROOT / "policies" / "common" / "SP12.yaml",
    "statutes": ROOT / "policies" / "statutes.yaml",
    "parameters": ROOT / "policies" / "parameters.yaml",
    "workdays": YEAR,
}
"""A file of a user's for each schema, or its text."""


@pytest.fixture
def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network is asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_another_validator_takes_what_is_written_without_the_network(
    folder: Path, without_network: None
) -> None:
    run_schema(Path(FOLDER), Screen("en"))

    def checked(name: str, more: str = "") -> str:
        given = FILES[name]
        text = given.read_text("utf-8") if isinstance(given, Path) else given
        path = folder / f"{name}.yaml"
        path.write_text(text + more, "utf-8")
        check = ["--schemafile", f"{FOLDER}/{name}.schema.json", str(path)]
        return CliRunner().invoke(check_jsonschema, check).output

    assert {checked(name) for name in FILES} == {"ok -- validation done\n"}
    assert "no_such_key" in checked("licence", "\nno_such_key: 1\n")


def test_a_licence_inside_a_description_and_its_sources_are_checked_too(
    folder: Path, without_network: None
) -> None:
    run_schema(Path(FOLDER), Screen("en"))
    text = "apiVersion: pytest-icp/v1\nlicence: {nmber: 1}\nsources: [{kind: odd}]\n"
    (folder / "x.icp.yaml").write_text(text, "utf-8")
    check = ["--schemafile", f"{FOLDER}/description.schema.json", "x.icp.yaml", "-v"]
    told = CliRunner().invoke(check_jsonschema, check).output
    assert "nmber" in told
    assert "odd" in told
