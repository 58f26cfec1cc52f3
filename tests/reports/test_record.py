"""What a run rests on: the digests of the files that were read, and where reports have them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.reports.record import Digest, Record, Role, record_of
from pytest_icp.reports.run import as_reported
from pytest_icp.reports.sarif import sarif
from pytest_icp.sources.loading import load, named_source
from tests.runs import RECORDED

PARTS = {
    "a.icp.yaml": b"\xef\xbb\xbfapiVersion: pytest-icp/v1\ninclude: [b.yaml]\n"
    b"licence_file: licence.yaml\nsources: [{kind: kubernetes, path: deploy}]\n"
    b"sites: [{id: www, home_page: {snapshot: index.html}}, "
    b"{id: old, home_page: {snapshot: gone.html}}]\n",
    "b.yaml": b"apiVersion: pytest-icp/v1\n",
    "licence.yaml": "apiVersion: pytest-icp/v1\nholder: 示例公司\n".encode(),
    "deploy/x.yaml": b"apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    "index.html": b"<p>x</p>",
}


def written(folder: Path) -> Path:
    (folder / ".git").mkdir()
    for name, content in PARTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / "a.icp.yaml"


def digest(role: Role, path: str, content: bytes) -> Digest:
    return Digest(role=role, path=path, sha256=sha256(content).hexdigest())


def test_every_file_that_was_read_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    record = record_of(load(written(tmp_path)), "a.icp.yaml")
    run = as_reported(replace(RECORDED, records=(record,)), base=tmp_path, root=tmp_path)
    (told,) = run.records
    assert told == Record(
        description="a.icp.yaml",
        holder="示例公司",
        licence="",
        digests=(
            *(digest(Role.DESCRIPTION, name, PARTS[name]) for name in [*PARTS][:3]),
            digest(Role.SOURCE, "deploy/x.yaml", PARTS["deploy/x.yaml"]),
            digest(Role.EVIDENCE, "index.html", PARTS["index.html"]),
        ),
        elements={"sites": ("www", "old")},
    )
    assert Record.from_json(told.to_json()) == told


def test_standard_input_has_no_place(tmp_path: Path) -> None:
    given = replace(
        named_source("kubernetes=-", tmp_path), given=PARTS["deploy/x.yaml"], root=tmp_path
    )
    record = record_of(load(written(tmp_path), named=(given,)), "a.icp.yaml")
    run = as_reported(replace(RECORDED, records=(record,)), base=tmp_path, root=tmp_path.parent)
    assert digest(Role.SOURCE, "-", PARTS["deploy/x.yaml"]) in run.records[0].digests


def test_sarif_has_them_as_the_hashes_of_artifacts() -> None:
    (run,) = json.loads(sarif(RECORDED))["runs"]
    assert run["artifacts"][2] == {
        "location": {"uri": "infra/evidence/scan.pdf", "uriBaseId": "%SRCROOT%"},
        "roles": ["attachment"],
        "hashes": {"sha-256": "3" * 64},
    }
    bases = {one["location"]["uriBaseId"] for one in run["artifacts"]}
    assert bases == run["originalUriBaseIds"].keys()
    assert run["properties"]["licences"] == [
        {
            "description": "infra/prod.icp.yaml",
            "holder": "示例科技有限公司",
            "number": "京B2-20990001",
        }
    ]
