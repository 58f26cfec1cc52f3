"""The sources of a description are read, one whatever becomes of the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import pytest_icp
from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources.loading import Kind, all_facts, load, named_source
from pytest_icp.sources.request import Request


def read_json(asked: Request) -> Derived:
    try:
        facts = json.loads(asked.read())
    except ValueError:
        raise InputError("no JSON") from None
    if asked.settings:
        facts = {"servers": [{"id": str(asked.settings)}]}
    return Derived(facts=facts, trace=lambda _: Provenance(place=Place(path=asked.path)))


KINDS = {"json": Kind(read=read_json, gives=frozenset({"servers"}))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    (tmp_path / "a.json").write_text('{"servers": [{"id": "a"}]}', "utf-8")
    return tmp_path


def description(folder: Path, *sources: Any, **facts: Any) -> Path:
    path = folder / "infra" / "prod.icp.json"
    document = {"apiVersion": "pytest-icp/v1", "sources": list(sources), **facts}
    path.write_text(json.dumps(document, indent=1), "utf-8")
    return path


def test_the_public_name_reads_sources(folder: Path) -> None:
    found = pytest_icp.load(description(folder, {"kind": "json", "path": "../a.json"}))
    (reading,) = found.readings
    assert reading.error is not None
    assert "unknown kind of source 'json'" in reading.error.message.en
    assert reading.gives == all_facts() >= {"servers", "sites", "licence"}
    assert "sources" not in found.facts


def test_facts_are_derived_from_each_source(folder: Path) -> None:
    path = description(
        folder,
        {"kind": "json", "path": "../a.json"},
        {"kind": "json", "path": "../a.json", "depth": 3},
    )
    found = load(path, kinds=KINDS)
    assert found.facts["servers"] == [{"id": "a"}, {"id": "{'depth': 3}"}]
    assert found.place("/servers/0/id") == Place(path=folder / "a.json")


def test_included_files_may_name_sources(folder: Path) -> None:
    part = {"apiVersion": "pytest-icp/v1", "sources": [{"kind": "json", "path": "../a.json"}]}
    (folder / "infra" / "part.json").write_text(json.dumps(part), "utf-8")
    assert load(description(folder, include=["part.json"]), kinds=KINDS).facts["servers"]


def wrong(folder: Path, path: str) -> InputError:
    entry = {"kind": "json", "path": path}
    found = load(description(folder, entry, {"kind": "json", "path": "../a.json"}), kinds=KINDS)
    broken, other = found.readings
    assert other.derived is not None
    assert found.facts["servers"] == [{"id": "a"}]
    assert set(found.gaps) == {"servers"}
    assert broken.error is not None
    return broken.error


def test_what_is_wrong_with_one_source_is_told(folder: Path) -> None:
    (folder / "infra" / "bad.json").write_text("{", "utf-8")
    error = wrong(folder, "bad.json")
    assert (error.message.en, error.place and error.place.line) == ("no JSON", 4)
    assert wrong(folder, "none.json").message.en == "no such file"
    assert wrong(folder, "a\0b").message.en == "not a valid path"
    assert "--icp-source json=-" in wrong(folder, "-").hint.en


def test_a_source_that_cannot_be_read_is_placed_at_its_entry(folder: Path) -> None:
    error = wrong(folder, "none.json")
    assert str(error.place) == f"{folder / 'infra' / 'prod.icp.json'}:4:3"
    found = load(description(folder, {"kind": "json", "path": "none.json"}), kinds=KINDS)
    assert found.gaps["servers"][0].message.en == "none.json: no such file"


def test_a_file_of_a_source_is_named_at_its_entry(folder: Path) -> None:
    def read(asked: Request) -> Derived:
        raise AssertionError(asked.read(asked.path / "web.json"))

    inside = {"folder": Kind(read=read, gives=frozenset({"servers"}))}
    found = load(description(folder, {"kind": "folder", "path": ".."}), kinds=inside)
    error = found.readings[0].error
    assert error is not None
    assert error.message.en == "web.json: no such file"
    assert error.place == found.readings[0].place


def test_links_out_of_the_repository_and_in_a_loop_are_refused(folder: Path) -> None:
    (folder / "infra" / "out").symlink_to(folder.parent)
    assert "outside the repository" in wrong(folder, "out").message.en
    (folder / "infra" / "loop").symlink_to(folder / "infra" / "loop")
    assert "loop" in wrong(folder, "loop").message.en
    assert "outside the repository" in wrong(folder, "../../x.json").message.en


def test_settings_of_a_known_kind_are_checked(folder: Path) -> None:
    path = description(folder, {"kind": "zone", "path": "a.zone", "orgin": "etaoche.cn"})
    with pytest.raises(InvalidDocument) as caught:
        load(path)
    assert "orgin" in caught.value.message.en
    assert "origin" in caught.value.hint.en


def test_options_name_sources_beside(folder: Path) -> None:
    named = named_source("json=a.json", folder)
    assert (named.kind, named.written, named.path) == ("json", "a.json", folder / "a.json")
    found = load(description(folder, servers=[{"id": "a"}]), named=[named], kinds=KINDS)
    assert found.facts["servers"] == [{"id": "a"}]
    # Whoever names a file on the command line may name any.
    outside = folder.parent / "outside.json"
    outside.write_text('{"servers": [{"id": "o"}]}', "utf-8")
    beside = named_source(f"json={outside}", folder)
    assert load(description(folder), named=[beside], kinds=KINDS).facts["servers"] == [{"id": "o"}]


@pytest.mark.parametrize("written", ["json", "=a.json", "json=", ""])
def test_what_names_no_source(written: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not KIND=PATH"):
        named_source(written, tmp_path)
