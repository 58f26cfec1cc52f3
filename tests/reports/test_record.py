"""What a run rests on: the digests of the files that were read, and where reports have them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.policies import default_policies, load_policies
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.record import Digest, Record, Role, by_role, policy_files, record_of
from pytest_icp.reports.run import as_reported
from pytest_icp.reports.sarif import sarif
from pytest_icp.sources.loading import load, named_source
from tests.runs import RECORD, RECORDED

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


def test_policies_of_the_package_are_named_by_their_place_in_it(tmp_path: Path) -> None:
    ours = resource("policies")
    own = tmp_path / "OWN.yaml"
    own.write_text((ours / "common/SP14.yaml").read_text("utf-8").replace("id: SP14", "id: OWN", 1))
    policies = load_policies([ours, tmp_path], rootdir=tmp_path)
    found = {one.path: one for one in policy_files(policies, ours)}
    assert found["policies/common/SP14.yaml"] == digest(
        Role.SHIPPED, "policies/common/SP14.yaml", (ours / "common/SP14.yaml").read_bytes()
    )
    assert found[own.as_posix()] == digest(Role.POLICY, own.as_posix(), own.read_bytes())
    assert "policies/statutes.yaml" in found
    assert len(policy_files(default_policies(), ours)) == len(found) - 1


def test_files_are_listed_by_role_each_once() -> None:
    found = by_role((*RECORD.digests, *RECORD.digests))
    assert [*found] == [Role.DESCRIPTION, Role.SOURCE, Role.EVIDENCE]
    assert all(len(each) == 1 for each in found.values())


def test_json_lines_have_a_line_for_each_description_and_one_for_the_policies() -> None:
    read = [json.loads(line) for line in jsonl(replace(RECORDED, results=())).splitlines()]
    for line in read:
        validator("finding").validate(line)
    one, policies = read
    assert (one["grade"], one["description"]) == ("record", "infra/prod.icp.yaml")
    assert (one["holder"], one["licence"]) == ("示例科技有限公司", "京B2-20990001")
    assert one["digests"][1] == {"role": "source", "path": "deploy/web.yaml", "sha256": "2" * 64}
    assert [each["role"] for each in policies["digests"]] == ["shipped policy", "policy"]
    bare = replace(RECORDED, results=(), records=(replace(RECORD, holder="", licence=""),))
    assert not {"holder", "licence"} & json.loads(jsonl(bare).splitlines()[0]).keys()


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
