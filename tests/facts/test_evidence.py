from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp import Settings, evaluate, load
from pytest_icp.facts import evidence
from pytest_icp.facts.evidence import read_evidence, with_papers
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from tests.obligations import written


def read(folder: Path, path: str, what: str = "document") -> evidence.Evidence:
    return read_evidence(path, what, folder=folder, root=folder)


@pytest.mark.parametrize("name", ["nowhere.txt", "a.txt/below", "nowhere/a.txt"])
def test_what_is_missing_is_evidence_of_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    assert not read(tmp_path, name).exists


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../a.txt", "outside the repository, so it is not read"),
        ("/etc/hostname", "outside the repository, so it is not read"),
        (".", "a folder, not a file"),
        ("a\0b", "not a valid path"),
        ("n" * 300, "the path is too long"),
        ("loop", "symbolic links in a loop"),
        ("away", "outside the repository, so it is not read"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "away").symlink_to(tmp_path.parent)
    with pytest.raises(InputError) as caught:
        read(tmp_path, name)
    # Not where the machine keeps it.
    assert caught.value.message.en == f"{name}: {said}"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("主页".encode(), "主页"),
        ("\ufeff主页".encode(), "主页"),
        ("主页".encode("gb18030"), "主页"),
        (b"\xff\xff\xff", "\ufffd\ufffd\ufffd"),
    ],
)
def test_pages_are_read_in_the_encodings_of_chinese_pages(
    tmp_path: Path, content: bytes, text: str
) -> None:
    (tmp_path / "a.html").write_bytes(content)
    assert read(tmp_path, "a.html", "page").text == text


@pytest.mark.parametrize(
    ("name", "content", "is_text"),
    [
        ("a.html", "主页".encode("utf-16"), True),
        ("a", b"page", True),
        ("a.md", b"# page", True),
        ("a.xml", b"<page/>", True),
        ("a.json", b"{}", True),
        ("a.png", b"page", False),
        ("a.svg", b"<svg/>", False),
        ("a.pdf", b"page", False),
        ("a", b"%PDF-1.7 page", False),
        ("a.html", b"\x89PNG", False),
        ("a.html", b"a\0b", False),
    ],
)
def test_pictures_and_films_are_not_read_as_text(
    tmp_path: Path, name: str, content: bytes, *, is_text: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    found = read(tmp_path, name, "page")
    assert (found.text is not None, found.exists) == (is_text, True)


(RULE,) = (
    rule for policy in default_policies() for rule in policy.obligations if policy.id == "EVID"
)
STATUTE = "accuracy"
"""What rests on a statute is asked for whatever the company names."""


@pytest.mark.parametrize("part", RULE.parts, ids=lambda part: part.part)
def test_a_paper_is_asked_for_by_its_name_or_with_all(part: Any) -> None:
    asked = written(part).get("applies", {}).get("when", {}).get("papers")
    wanted = {"some": {"enum": ["all", part.part]}}
    assert asked == (None if part.part == STATUTE else wanted)


@pytest.mark.parametrize(
    ("paper", "hint"), [("scna", "did you mean 'scan'?"), ("x", "papers: all, scan, ")]
)
def test_a_paper_that_nobody_knows(paper: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        with_papers({}, [paper])
    first, second = caught.value.text("en").splitlines()
    assert first == f"there is no paper {paper!r}"
    assert second.strip().startswith(hint)


def decided(folder: Path, said: str, **settings: Any) -> dict[str, str]:
    path = folder / "a.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nannual_reports: []\n{said}\n", "utf-8")
    results = evaluate(load(path), as_of="2023-11-20", settings=Settings(**settings))
    (result,) = (one for one in results if one.rule_id == RULE.rule_id)
    return {"": result.verdict.value, **{one.name: one.verdict.value for one in result.parts}}


@pytest.mark.parametrize(
    ("said", "settings"),
    [("papers: [scan]", {}), ("", {"papers": ["scan"]}), ("papers: []", {"papers": ("scan",)})],
)
def test_what_is_asked_for_has_to_be_there(tmp_path: Path, said: str, settings: Any) -> None:
    found = decided(tmp_path, f"attestations: []\n{said}", **settings)
    assert (found["scan"], found["truth"]) == ("violated", "not applicable")
