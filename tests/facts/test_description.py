"""A description out of several files, with its licence and its evidence, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.description import load, load_alone, unreadable
from pytest_icp.facts.files.source import parse_source
from pytest_icp.law.errors import InputError
from tests.helpers import UNSTATED

HEAD: dict[str, Any] = {"apiVersion": "pytest-icp/v1"}


def write(path: Path, facts: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1), "utf-8")
    return path


def main(folder: Path, **facts: Any) -> Path:
    return write(folder / "prod.icp.json", {**HEAD, **facts})


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load(path)
    return caught.value


def test_parts_join_objects_by_property_and_elements_by_id(tmp_path: Path) -> None:
    """So that who knows a fact keeps it in a file of their own."""
    write(
        tmp_path / "a.json",
        {
            **HEAD,
            "company": {"legal_representative": "张三"},
            "sites": [{"id": "s", "public": True}, {"id": "t"}],
        },
    )
    path = main(
        tmp_path, include=["a.json"], company={"name": "甲"}, sites=[{"id": "s", "name": "站"}]
    )
    description = load(path)
    assert description.facts["company"] == {"name": "甲", "legal_representative": "张三"}
    assert description.facts["sites"] == [{"id": "s", "name": "站", "public": True}, {"id": "t"}]
    assert description.place("/sites/0/name").path == path
    assert description.place("/sites/0/public").path.name == "a.json"
    assert description.place("/company/legal_representative").path.name == "a.json"
    assert description.provenance("/sites/0/public") is None


@pytest.mark.parametrize(
    ("one", "other", "fact"),
    [
        ({"company": {"name": "甲"}}, {"company": {"name": "乙"}}, "`company.name`"),
        (
            {"sites": [{"id": "s", "public": True}]},
            {"sites": [{"id": "s", "public": False}]},
            "`sites.public`",
        ),
        ({"incidents": []}, {"incidents": [{"id": "i"}]}, "`incidents`"),
        ({"incidents": [{"id": "i"}]}, {"incidents": []}, "`incidents`"),
    ],
)
def test_parts_that_say_different_things_are_refused(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], fact: str
) -> None:
    write(tmp_path / "a.json", {**HEAD, **other})
    error = refused(main(tmp_path, include=["a.json"], **one))
    assert error.message.en == f"{fact} has different values in two files"
    assert error.place is not None
    assert error.place.path.name == "a.json"
    assert "the other one is" in error.hint.en
    assert "prod.icp.json" in error.hint.en


def test_two_parts_that_say_different_things_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.json", {**HEAD, "incidents": []})
    write(tmp_path / "b.json", {**HEAD, "incidents": [{"id": "i"}]})
    error = refused(main(tmp_path, include=["a.json", "b.json"]))
    assert error.message.en == "`incidents` has different values in two files"


def test_a_part_cannot_include(tmp_path: Path) -> None:
    write(tmp_path / "a.json", {**HEAD, "include": ["b.json"]})
    assert "cannot include" in refused(main(tmp_path, include=["a.json"])).message.en


def test_what_is_wrong_inside_a_part_is_said_there(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{\n [", "utf-8")
    place = refused(main(tmp_path, include=["a.json"])).place
    assert place is not None
    assert (place.path.name, place.line) == ("a.json", 2)


def test_a_part_that_is_missing_is_said_where_it_is_named(tmp_path: Path) -> None:
    error = refused(main(tmp_path, include=["none.json"]))
    assert error.message.en == "none.json: no such file"
    assert error.place is not None
    assert (error.place.path.name, error.place.line) == ("prod.icp.json", 4)


def test_the_licence_is_inline_or_in_a_file(tmp_path: Path) -> None:
    write(tmp_path / "licence.json", {"number": "京B2-20190486"})
    both = main(tmp_path, licence={}, licence_file="licence.json")
    assert "licence" in refused(both).message.en
    write(tmp_path / "part.json", {**HEAD, "licence": {}})
    parted = main(tmp_path, include=["part.json"], licence_file="licence.json")
    assert "both in the description and in a file" in refused(parted).message.en
    alone = load(main(tmp_path, licence_file="licence.json"))
    assert alone.licence["number"] == "京B2-20190486"
    assert alone.place("/licence/number").path.name == "licence.json"
    assert load(main(tmp_path)).licence == {}


def test_ids_are_used_once_in_a_list(tmp_path: Path) -> None:
    error = refused(main(tmp_path, sites=[{"id": "a"}, {"id": "b"}, {"id": "a"}]))
    assert "two elements of `sites`" in error.message.en
    assert error.place is not None
    assert error.place.line == 11


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"sites": [{"id": "main", "servers": ["wbe"]}], "servers": [{"id": "web"}]}, "'web'"),
        ({"servers": [{"id": "web", "site_ids": ["x", None]}], "sites": [{"id": "main"}]}, ""),
        (
            {
                "security_assessments": [{"id": "s", "release_id": "rel2"}],
                "releases": [{"id": "rel1"}],
            },
            "'rel1'",
        ),
    ],
)
def test_an_id_that_leads_nowhere_is_refused(
    tmp_path: Path, facts: dict[str, Any], hint: str
) -> None:
    error = refused(main(tmp_path, **facts))
    assert "has the id" in error.message.en
    assert hint in error.hint.en


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ({"number": "京B2-2019"}, "not the number"),
        ({"attachments": [{"id": "a", "domains": ["a..cn"]}]}, "a..cn"),
        (
            {
                "service_lines": [
                    {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含飞行"}
                ]
            },
            "飞行",
        ),
    ],
)
def test_a_licence_that_cannot_be_read_is_refused(
    tmp_path: Path, licence: dict[str, Any], said: str
) -> None:
    error = refused(main(tmp_path, licence=licence))
    assert said in error.message.en
    assert error.place is not None


def attested(folder: Path, document: str) -> Path:
    entry = {"rule": "EVID/papers#scan", "document": document, **UNSTATED}
    return main(folder, attestations=[{"id": "a", **entry}])


def test_evidence_is_read_once_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "scan.txt").write_text("扫描", "utf-8")
    entry = {"rule": "EVID/papers#scan", "document": "scan.txt", **UNSTATED}
    path = main(tmp_path, attestations=[{"id": "a", **entry}, {"id": "b", **entry}])
    evidence = load(path).evidence["scan.txt"]
    assert evidence.exists
    assert len(evidence.sha256 or "") == 64


@pytest.mark.parametrize("name", ["folder", "../outside.txt", "loop", "a\x00b"])
def test_evidence_that_cannot_be_read_is_refused_at_its_name(tmp_path: Path, name: str) -> None:
    root = tmp_path / "repository"
    (root / "folder").mkdir(parents=True)
    (root / "loop").symlink_to(root / "loop")
    (tmp_path / "outside.txt").write_text("x", "utf-8")
    place = refused(attested(root, name)).place
    assert place is not None
    assert place.path.name == "prod.icp.json"


# ---- What no description may have


GOOD: dict[str, Any] = {
    "number": "京B2-20190486",
    "service_lines": [
        {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含信息搜索查询服务。"},
        {"scope": "of a line without a name"},
        None,
    ],
    "attachments": [{"domains": ["example.cn", None]}, {"domains": None}],
}


@pytest.mark.parametrize(
    ("fact", "tokens", "words"),
    [
        ({"number": "京"}, ("number",), "'京' is not the number of a telecom licence"),
        (
            {"service_lines": [{**GOOD["service_lines"][0], "scope": "不含信息搜索查徇服务。"}]},
            ("service_lines", 0, "scope"),
            "信息搜索查徇",
        ),
        (
            {"service_lines": [{**GOOD["service_lines"][0], "scope": "甲乙丙丁"}]},
            ("service_lines", 0, "scope"),
            "甲乙丙丁",
        ),
        (
            {"attachments": [{"domains": ["example.cn", "a..b"]}]},
            ("attachments", 0, "domains", 1),
            "a..b",
        ),
    ],
)
def test_each_fault_is_told_where_it_stands(
    fact: dict[str, Any], tokens: tuple[str | int, ...], words: str
) -> None:
    (fault,) = unreadable({**GOOD, **fact})
    assert fault.tokens == tokens
    assert words in fault.message.en
    assert words.partition(" is")[0] in fault.message.zh


# ---- A description without files beside it, such as a row of a table


def alone(**facts: Any) -> Any:
    written = json.dumps({"apiVersion": "pytest-icp/v1", **facts}).encode()
    return load_alone(parse_source(Path("row"), written, ".json"))


def test_what_the_evidence_of_a_row_contains_is_not_known() -> None:
    site = {"id": "a", "domains": ["a.cn"], "home_page": {"snapshot": "a.html"}}
    evidence = alone(sites=[site]).evidence["a.html"]
    assert (evidence.unread, evidence.sha256) == (True, None)


@pytest.mark.parametrize(("name", "value"), [("include", ["a.yaml"]), ("licence_file", "a.yaml")])
def test_a_row_is_not_continued_in_other_files(name: str, value: Any) -> None:
    with pytest.raises(InputError, match="no files beside it"):
        alone(**{name: value})
