from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from pytest_icp.cli.schema import FOLDER, names, run_schema, schema_text
from pytest_icp.facts.files.resources import resource
from pytest_icp.law.errors import InputError
from pytest_icp.reports.layout import width


def test_the_names_are_those_of_the_published_schemas_the_usual_first() -> None:
    assert names()[:3] == ("description", "licence", "waivers")
    assert {f"{name}.schema.json" for name in names()} == {
        path.name for path in resource("schemas").glob("*.json")
    }


def test_one_schema_as_it_is_published() -> None:
    text = schema_text("description")
    assert text == (resource("schemas") / "description.schema.json").read_text("utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize(
    ("name", "hint"), [("descripton", "did you mean description"), ("xyz", "there are: descr")]
)
def test_a_schema_that_there_is_not(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=f"(.|\n)*{hint}"):
        schema_text(name)


def test_all_are_written_and_replace_older_ones(folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "licence.schema.json").write_text("old", "utf-8")
    text = run_schema(Path("deep/er"), "en", 80)
    written = {path.name for path in (folder / "deep" / "er").iterdir()}
    assert written == {f"{name}.schema.json" for name in names()}
    assert (folder / "deep/er/licence.schema.json").read_text("utf-8") == schema_text("licence")
    assert text.startswith(f"Wrote {len(names())} JSON Schemas to deep/er.\n")
    assert "\na description (*.icp.yaml)\n  # yaml-language-server: $schema=deep/er/desc" in text


def test_what_is_said_in_both_languages_fits_a_terminal(folder: Path) -> None:
    lines = run_schema(Path(FOLDER), "both", 80).splitlines()
    assert "许可证（licence.yaml） · a licence (licence.yaml)" in lines
    assert [line for line in lines if width(line) > 80] == []


def test_a_folder_that_is_a_file(folder: Path) -> None:
    with pytest.raises(InputError, match=r"licence\.yaml: it cannot be written: File exists"):
        run_schema(Path("licence.yaml"), "en", 80)
