"""``pytest-icp attest``: a document is hashed and entered, once, and again when it changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pytest_icp.cli.attest import Document, run_attest
from pytest_icp.cli.main import main
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

RULE = "SP01/work-safety"
OWNER = {"owner.role": "安全负责人"}
UNSAID = {"statement": None, "issued_on": None, "expires_on": None, "owner.role": None}


@pytest.fixture
def paper(folder: Path) -> Path:
    (folder / "evidence").mkdir()
    path = folder / "evidence" / "monitoring.pdf"
    path.write_bytes(b"%PDF-1.7 a")
    return path


@pytest.fixture
def attest(folder):
    def attest(rule: str, file: Path | str, path: str = "prod.icp.yaml", **stated: str) -> Text:
        document = Document(rule=rule, file=Path(file), stated={**UNSAID, **stated})
        return run_attest(document, folder / path, default_policies())

    return attest


def entries(path: Path = Path("prod.icp.yaml")):
    return read_source(path).data["attestations"]


def digest(paper: Path) -> str:
    return hashlib.sha256(paper.read_bytes()).hexdigest()


def test_a_document_is_entered_with_its_hash(attest, paper):
    told = attest(RULE, paper, **OWNER, issued_on="2023年3月31日")
    assert told.en == (
        f"Entered evidence/monitoring.pdf for {RULE} in prod.icp.yaml.\n  sha256: {digest(paper)}"
        "\n  expires_on: none, max_age_days: none: correct this if the document states any"
    )
    assert entries() == [
        {
            "id": "sp01-work-safety",
            "rule": RULE,
            "document": "evidence/monitoring.pdf",
            "sha256": digest(paper),
            "issued_on": "2023-03-31",
            "owner": {"role": "安全负责人"},
            "expires_on": "none",
            "max_age_days": "none",
        }
    ]


def test_again_with_the_same_file_updates_the_entry(attest, paper, folder):
    attest(RULE, paper, **OWNER, issued_on="2023-03-31")
    before = (folder / "prod.icp.yaml").read_text("utf-8")
    assert "nothing changed" in attest(RULE, paper).en
    assert (folder / "prod.icp.yaml").read_text("utf-8") == before
    paper.write_bytes(b"%PDF-1.7 b")
    told = attest(RULE, paper, expires_on="2026/3/31")
    assert told.zh.startswith(f"已更新 evidence/monitoring.pdf（{RULE}）")
    (entry,) = entries()
    assert (entry["sha256"], entry["expires_on"]) == (digest(paper), "2026-03-31")
    assert entry["issued_on"] == "2023-03-31"


def test_another_document_of_the_rule_has_an_id_of_its_own(attest, paper):
    attest(RULE, paper, **OWNER)
    other = paper.with_name("other.pdf")
    other.write_bytes(b"%PDF")
    assert "no date of issue yet" in attest(RULE, other, **OWNER).en
    assert [one["id"] for one in entries()] == [
        "sp01-work-safety",
        "sp01-work-safety-2",
    ]


def test_the_entry_goes_where_the_others_are(attest, paper, folder):
    text = (folder / "prod.icp.yaml").read_text("utf-8")
    (folder / "prod.icp.yaml").write_text(f"{text}include: [papers.icp.yaml]\n", "utf-8")
    (folder / "papers.icp.yaml").write_text(
        "apiVersion: pytest-icp/v1\nattestations:\n  - {id: a}  # first\n", "utf-8"
    )
    assert "papers.icp.yaml" in attest(RULE, paper, **OWNER).en
    added = entries(Path("papers.icp.yaml"))
    assert [one["id"] for one in added] == ["a", "sp01-work-safety"]
    assert "# first\n  - id: sp01-" in (folder / "papers.icp.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("rule", "file", "stated", "why", "hint"),
    [
        ("SP01/work-safty", "", {}, "there is no rule", f"did you mean '{RULE}'?"),
        ("SP05/answer", "", {}, "SP05/answer reads no document of `attestations`", ""),
        ("EVID/papers#scna", "", {}, "there is no rule", "did you mean 'EVID/papers#scan'?"),
        ("SP07/internal-rules", "", {}, "has parts", "one of: SP07/internal-rules#paper"),
        ("SP10/procedure", "", {}, "SP10/procedure reads no", "`authority_support.procedure`"),
        (RULE, "", {}, "no post is named", "add --owner-role"),
        (RULE, "evidence/x.pdf", {}, "no such file", ""),
        (RULE, "evidence", {}, "a folder, not a file", ""),
        (RULE, "../secret.pdf", {}, "outside the repository", ""),
        (RULE, "", {"issued_on": "03/04/2023"}, "--issued-on: '03/04/2023'", "2023-11-20"),
    ],
)
def test_what_cannot_be_entered(attest, paper, folder, rule, file, stated, why, hint):
    (folder.parent / "secret.pdf").write_bytes(b"x")
    before = (folder / "prod.icp.yaml").read_text("utf-8")
    with pytest.raises(InputError) as error:
        attest(rule, file or paper, **stated)
    assert why in error.value.message.en
    assert hint in error.value.hint.en
    assert (folder / "prod.icp.yaml").read_text("utf-8") == before


def test_a_changed_document_is_told_with_both_hashes_and_the_command(paper, command, capsys):
    arguments = ["--owner-role", "安全负责人", "--issued-on", "2025-03-31", "--lang", "both"]
    assert main(["attest", RULE, str(paper), *arguments]) == 0
    out = capsys.readouterr().out
    assert "已登记 " in out
    assert "Entered " in out
    declared = digest(paper)
    paper.write_bytes(b"%PDF-1.7 forged")
    told = " ".join(command("evaluate", "prod.icp.yaml", "--select", RULE).out.split())
    assert declared in told
    assert digest(paper) in told
    assert f"run pytest-icp attest {RULE} evidence/monitoring.pdf" in told
