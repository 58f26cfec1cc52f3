"""Manifests and Compose files of real projects: what came of each, and the facts, line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.facts.files.schema import validator
from pytest_icp.law.errors import InputError
from pytest_icp.sources.registry import KINDS
from pytest_icp.sources.request import Request
from tests.sources.manifest_files import (
    READERS,
    REAL,
    golden,
    outcomes,
    read_real,
    real_files,
    told,
)

FILES = [path for kind in READERS for path in real_files(kind)]
ODD = {
    "truncated": lambda raw: raw[: len(raw) // 2],
    "with a byte-order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "as UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "with CRLF": lambda raw: raw.replace(b"\n", b"\r\n"),
    "as GB 18030 cut short": lambda raw: raw + "网".encode("gb18030")[:1],
    "nested without end": lambda raw: raw + b"\nx: " + b"[" * 5000,
    "twice": lambda raw: raw + b"\n---\n" + raw,
    "with tabs": lambda raw: raw.replace(b"  ", b"\t"),
}
SAME = {"with a byte-order mark", "as UTF-16", "with CRLF"}


@pytest.mark.parametrize("kind", READERS)
def test_every_file_has_its_outcome(kind: str) -> None:
    assert outcomes(kind) == (REAL / kind / "outcomes.tsv").read_text("utf-8")


@pytest.mark.parametrize(
    "path", [path for path in FILES if golden(path).exists()], ids=lambda path: path.name
)
def test_facts_are_those_that_were_checked_by_eye(path: Path) -> None:
    assert told(read_real(path)) == json.loads(golden(path).read_text("utf-8"))


def test_each_kind_gives_what_it_is_registered_for() -> None:
    for kind, folder in (("kubernetes", "k8s"), ("compose", "compose")):
        given = set()
        for path in real_files(folder):
            root = path.parent
            derived = KINDS[kind].read(Request(path=path, root=root, folder=root))
            given |= {*derived.facts}.union(*(gap.kinds for gap in derived.gaps))
        assert given <= KINDS[kind].gives


@pytest.mark.parametrize("kind", READERS)
def test_every_file_names_its_source(kind: str) -> None:
    listed = (REAL / kind / "INDEX.tsv").read_text("utf-8").splitlines()[1:]
    assert {line.split("\t")[0] for line in listed} == {path.name for path in real_files(kind)}


def test_every_part_is_valid_as_a_description() -> None:
    valid = validator("description")
    for path in FILES:
        valid.validate({"apiVersion": "pytest-icp/v1", **read_real(path).facts})


@pytest.mark.parametrize("odd", ODD)
def test_odd_forms_are_read_or_refused(odd: str, tmp_path: Path) -> None:
    for path in FILES:
        folder = tmp_path / path.parent.name
        folder.mkdir(exist_ok=True)
        copy = folder / path.name
        copy.write_bytes(ODD[odd](path.read_bytes()))
        try:
            derived = read_real(copy)
        except InputError as error:
            assert odd not in SAME
            assert error.message.zh
            continue
        if odd in SAME and "kustomization" not in path.name:
            assert told(derived)["facts"] == told(read_real(path))["facts"]
            assert told(derived)["found"] == told(read_real(path))["found"]
