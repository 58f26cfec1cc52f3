"""No file outside the repository is read or quoted, whatever a file of the repository names."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from pytest_icp.authoring.cases import read_cases
from pytest_icp.facts.derived import Derived
from pytest_icp.facts.evidence import LARGEST, read_evidence
from pytest_icp.facts.files import disk
from pytest_icp.facts.files.disk import FORMATS as READ
from pytest_icp.facts.files.disk import MEGABYTE, existing, read_bytes, read_start, repository_of
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.flags import by_repository
from pytest_icp.reports.publishing import FORMATS
from pytest_icp.rules import policy_files
from pytest_icp.sources import html, paper, request, server_files
from pytest_icp.sources.discovery import find_sources
from pytest_icp.sources.register import cells as register_cells
from tests.attack.reading import derive, write
from tests.plugin.conftest import OWN_POLICY, Infra

SECRET = "HUNTER2"  # noqa: S105 - nobody's
# Each line is a fault of YAML, which is quoted where a file may be read.
CREDENTIALS = f"machine example.com: login bot: password {SECRET}\n"
OUTSIDE = "outside the repository, so it is not read"


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder outside every repository, with credentials in it."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "netrc").write_text(CREDENTIALS, "utf-8")
    return folder


def linked_folder(infra: Infra, home: Path) -> None:
    (home / "work").mkdir()
    (home / "work" / ".git").mkdir()
    (home / "work" / "b.icp.yaml").write_text(CREDENTIALS, "utf-8")
    (infra.path.parent / "linked").symlink_to(home / "work")


# What is told to pytest, and the files that are links; HOME is outside of the repository.
OWN = {"own/OWN.yaml": OWN_POLICY}
NAMED = {
    "a linked description": ("", {}, {"infra/b.icp.yaml": "netrc"}),
    "linked waivers": ("", {}, {"infra/icp-waivers.yaml": "netrc"}),
    "a linked policy": ("icp_policies = own", OWN, {"own/OTHER.yaml": "netrc"}),
    "linked parameters": ("icp_policies = own", OWN, {"own/parameters.yaml": "netrc"}),
    "a linked folder of policies": ("icp_policies = own", {}, {"own": "."}),
    "policies elsewhere": ("icp_policies = HOME", {}, {}),
    "linked days": ("icp_workdays = 2031.yaml", {}, {"2031.yaml": "netrc"}),
    "days elsewhere": ("icp_workdays = UP/OTHER.yaml", {}, {}),
    "a linked baseline": ("icp_baseline = known.yaml", {}, {"known.yaml": "netrc"}),
    "a baseline in addopts": ('addopts = "--icp-baseline=HOME/OTHER.yaml"', {}, {}),
    "a description elsewhere": ("icp_description = HOME/netrc", {}, {}),
    "a source elsewhere": ("icp_source = html=HOME/netrc", {}, {}),
}


def named(infra: Infra, home: Path, name: str) -> None:
    ini, files, links = NAMED[name]
    root = infra.pytester.path
    (home / "OTHER.yaml").write_text(CREDENTIALS, "utf-8")
    told = ini.replace("HOME", str(home)).replace("UP", os.path.relpath(home, root))
    infra.write("pytest.ini", f"[pytest]\n{told}\n")
    for path, text in files.items():
        infra.write(path, text)
    for path, to in links.items():
        (root / path).symlink_to(home / to)


def included(infra: Infra, home: Path) -> None:
    (infra.path.parent / "more.yaml").symlink_to(home / "netrc")
    infra.describe(include="[more.yaml]")


def evidence(infra: Infra, home: Path) -> None:
    (infra.path.parent / "plan.txt").symlink_to(home / "netrc")
    infra.describe(
        attestations="[{id: a, rule: SP01/work-safety, document: plan.txt, owner: {role: x}}]"
    )


def source(infra: Infra, home: Path) -> None:
    (infra.path.parent / "k8s.yaml").symlink_to(home / "netrc")
    infra.describe(sources="[{kind: kubernetes, path: k8s.yaml}]")


ATTACKS = {
    **{name: partial(named, name=name) for name in NAMED},
    "a linked folder": linked_folder,
    "what is included": included,
    "evidence": evidence,
    "a source": source,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_outside_is_read_or_quoted(infra: Infra, elsewhere: Path, attack: str) -> None:
    (infra.pytester.path / ".git").mkdir()
    ATTACKS[attack](infra, elsewhere)
    reports = [f"--icp-report={name}=out/{name}" for name in FORMATS]
    given = ("--junitxml=out/junit.xml", "--icp-select=SP12/renewal", "--icp-lang=en")
    ran = infra.run(*reports, *given)
    assert ran.ret in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.USAGE_ERROR, 2}
    said = " ".join(f"{ran.stdout}{ran.stderr}".split())
    assert OUTSIDE in said
    written = [*infra.pytester.path.glob("out/*")]
    for text in (said, *(file.read_text("utf-8") for file in written)):
        assert SECRET not in text
        assert "login bot" not in text


def test_without_a_repository_the_root_of_pytest_stands_for_it(
    infra: Infra, elsewhere: Path
) -> None:
    infra.write("pytest.ini", "[pytest]\n")
    infra.write("shared/licence.yaml", (infra.path.parent / "licence.yaml").read_text("utf-8"))
    (infra.path.parent / "licence.yaml").unlink()
    (infra.path.parent / "licence.yaml").symlink_to("../shared/licence.yaml")
    linked_folder(infra, elsewhere)
    said = str(infra.run("--icp-select=SP12/renewal", "--icp-lang=en").stdout)
    assert "infra/prod.icp.yaml" in said.replace("FAILED", "")
    assert said.count(OUTSIDE) == 1
    assert SECRET not in said


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("icp_policies", "--icp-policies …"),
        ("icp_baseline", "--icp-baseline …"),
        ("icp_workdays", "-o icp_workdays=…"),
    ],
)
def test_a_path_of_the_ini_file_that_leads_out_has_another_way(
    infra: Infra, elsewhere: Path, name: str, option: str
) -> None:
    infra.write("pytest.ini", f"[pytest]\n{name} = {elsewhere}\n")
    said = " ".join(str(infra.run("--icp-lang=en").stderr).split())
    assert f"or name it on the command line: {option}" in said


@pytest.mark.parametrize("given", ["--icp-policies={folder}", "-oicp_policies={folder}"])
def test_who_runs_pytest_may_name_files_anywhere(
    infra: Infra, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    (infra.pytester.path / ".git").mkdir()
    (elsewhere / "OWN.yaml").write_text(OWN_POLICY, "utf-8")
    monkeypatch.setenv("PYTEST_ADDOPTS", given.format(folder=elsewhere))
    ran = infra.run("--icp-select=OWN/discipline", "--icp-lang=en")
    ran.assert_outcomes(passed=1, deselected=ran.parseoutcomes()["deselected"])


@pytest.mark.parametrize("glob", ["../*.yaml", "/etc/*.yaml"])
def test_names_of_descriptions_lie_below_a_folder(infra: Infra, glob: str) -> None:
    infra.write("pytest.ini", f"[pytest]\nicp_files = {glob}\n")
    said = " ".join(str(infra.run("--icp-lang=en").stderr).split())
    assert f"icp_files: '{glob}' is not a file name or glob below a folder" in said


@pytest.mark.parametrize(
    ("ini", "args", "name", "value", "expected"),
    [
        ("icp_as_of = 2024-01-01", [], "as_of", "2024-01-01", True),
        ("icp_as_of = 2024-01-01", ["-o", "icp_as_of=2025-01-01"], "as_of", "2025-01-01", False),
        ("icp_as_of = 2024-01-01", ["-o", "icp_lang=en"], "as_of", "2024-01-01", True),
        ("", ["--icp-as-of", "2024-01-01"], "as_of", "2024-01-01", False),
        ("addopts = --icp-as-of 2024-01-01", [], "as_of", "2024-01-01", True),
        ("addopts = --icp-as-of=2024-01-01", [], "as_of", "2024-01-01", True),
        (
            "addopts = --icp-as-of=2024-01-01",
            ["--icp-as-of=2025-01-01"],
            "as_of",
            "2025-01-01",
            False,
        ),
        ("addopts = --icp-policies=a", ["--icp-policies=b"], "policies", "a", True),
        ("addopts = --icp-policies=a", ["--icp-policies=b"], "policies", "b", False),
        # pytest lists ``-o`` of ``addopts``, but does not obey it.
        ("icp_lang = zh\naddopts = -vo icp_lang=en", [], "lang", "zh", True),
    ],
)
def test_what_sets_an_option(
    pytester: pytest.Pytester, ini: str, args: list[str], name: str, value: str, *, expected: bool
) -> None:
    pytester.makeini(f"[pytest]\n{ini}\n")
    assert by_repository(pytester.parseconfig(*args), name, value) is expected


def test_an_argument_file_of_the_ini_may_set_any_option(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("more.txt").write_text("--icp-as-of=2024-01-01\n", "utf-8")
    pytester.makeini("[pytest]\naddopts = @more.txt\n")
    config = pytester.parseconfig("--icp-as-of=2025-01-01")
    assert by_repository(config, "as_of", "2025-01-01")


def test_the_root_is_that_of_the_path_as_named(tmp_path: Path) -> None:
    repository, other = tmp_path / "repository", tmp_path / "other"
    for folder in (repository / "sub", repository / "module", other):
        folder.mkdir(parents=True)
    for folder in (repository, repository / "module", other):
        (folder / ".git").mkdir()
    (repository / "link").symlink_to(other)
    (repository / "a.yaml").symlink_to(other / "a.yaml")
    assert repository_of(repository / "sub" / "a.yaml") == repository
    assert repository_of(repository / "sub" / ".." / "a.yaml") == repository
    assert repository_of(repository / "a.yaml") == repository
    assert repository_of(repository / "module" / "a.yaml") == repository / "module"
    assert repository_of(repository / "link" / "a.yaml") == repository
    # Whoever names it by a path of his own has chosen it.
    (tmp_path / "home").symlink_to(repository)
    assert repository_of(tmp_path / "home" / "sub" / "a.yaml") == tmp_path / "home"


def test_the_root_without_a_repository(tmp_path: Path) -> None:
    (tmp_path / "root" / "sub").mkdir(parents=True)
    (tmp_path / "other" / ".git").mkdir(parents=True)
    (tmp_path / "root" / "link").symlink_to(tmp_path / "other")
    root = tmp_path / "root"
    assert repository_of(root / "sub" / "a.yaml") == root / "sub"
    assert repository_of(root / "sub" / "a.yaml", root) == root
    assert repository_of(root / "link" / "a.yaml", root) == root
    assert repository_of(tmp_path / "a.yaml", root) == tmp_path
    # The repository around the root of pytest is the wider one.
    (tmp_path / ".git").mkdir()
    assert repository_of(root / "sub" / "a.yaml", root) == tmp_path


def refusal(path: Path, root: Path | None) -> str:
    with pytest.raises(InputError) as caught:
        read_bytes(path, root=root, limit=1000)
    return caught.value.message.en


def test_what_is_no_file_is_one_error_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        assert refusal(tmp_path / "s", tmp_path) == "not a regular file"
    assert refusal(tmp_path / "pipe.yaml", tmp_path) == "not a regular file"
    assert refusal(tmp_path / "folder.yaml", tmp_path) == "a folder, not a file"
    assert refusal(tmp_path / "zero.yaml", tmp_path) == OUTSIDE
    assert refusal(Path("/dev/zero"), None) == "not a regular file"
    assert refusal(tmp_path / ("n" * 300), tmp_path) == "the path is too long"
    assert refusal(tmp_path / "a\0b", tmp_path) == "not a valid path"


Swap = Callable[[Path, Path], None]


def into_link(inner: Path, outside: Path) -> None:
    inner.rename(inner.with_name("old"))
    inner.symlink_to(outside)


def into_linked_file(inner: Path, outside: Path) -> None:
    (inner / "a.yaml").unlink()
    (inner / "a.yaml").symlink_to(outside / "a.yaml")


def into_pipe(inner: Path, outside: Path) -> None:
    (inner / "a.yaml").unlink()
    os.mkfifo(inner / "a.yaml")


@pytest.mark.parametrize("stepwise", [True, False])
@pytest.mark.parametrize("named", ["inner", "link"])
@pytest.mark.parametrize("swap", [into_link, into_linked_file, into_pipe])
def test_what_is_changed_after_it_was_looked_at_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swap: Swap, named: str, *, stepwise: bool
) -> None:
    inner, outside = tmp_path / "root" / "inner", tmp_path / "outside"
    for folder in (inner, outside):
        folder.mkdir(parents=True)
        (folder / "a.yaml").write_text(SECRET if folder == outside else "a: 1", "utf-8")
    (tmp_path / "root" / "link").symlink_to("inner")
    path = tmp_path / "root" / named / "a.yaml"
    if not stepwise:
        monkeypatch.setattr(os, "supports_dir_fd", set())
    assert read_start(path, root=tmp_path / "root", size=2) == b"a:"
    swaps, open_real = iter([swap]), disk.open_real

    def swapped(real: Path, top: Path | None) -> BinaryIO:
        if real.parent == inner:
            for each in swaps:
                each(inner, outside)
        return open_real(real, top)

    monkeypatch.setattr(disk, "open_real", swapped)
    said = refusal(path, tmp_path / "root")
    assert next(swaps, None) is None
    assert said in {"no such file", "symbolic links in a loop", "not a regular file"}


def test_the_search_for_sources_opens_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "deploy.yaml")
    os.mkfifo(tmp_path / "servers.csv")
    assert find_sources(tmp_path).sources == ()


def test_no_component_reads_a_module_outside(tmp_path: Path) -> None:
    inside = tmp_path / "repo" / "src"
    inside.mkdir(parents=True)
    (tmp_path / "a.js").write_text("export default '京B2-20990001'", "utf-8")
    (inside / "linked.js").symlink_to(tmp_path / "a.js")
    for module in ("../../a", "../../a.js", "./linked", "@/../../a", str(tmp_path / "a.js")):
        code = f"import a from '{module}'\nexport default () => <p>{{a}}</p>"
        (inside / "F.jsx").write_text(code, "utf-8")
        found = read_evidence("src/F.jsx", "page", folder=inside.parent, root=inside.parent)
        assert found.text == code


def test_a_case_writes_beside_its_description_only(tmp_path: Path) -> None:
    case = {
        "name": "out",
        "rule": "SP12/renewal",
        "as_of": "2024-01-01",
        "verdict": "satisfied",
        "files": {"../out.txt": "x"},
    }
    text = json.dumps({"provision": "SP12", "cases": [case]})
    (tmp_path / "SP12.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_cases(tmp_path)
    assert caught.value.place is not None
    assert "'../out.txt'" in caught.value.message.en


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells sizes of 0 there")
def test_never_more_than_the_limit_is_read_whatever_the_size_says() -> None:
    status = Path("/proc/self/status")
    assert b"Name:" in read_bytes(status, root=None, limit=100_000)
    with pytest.raises(InputError, match="too large"):
        read_bytes(status, root=None, limit=10)


def test_what_a_command_is_given_is_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.icp.yaml").touch()
    os.mkfifo(tmp_path / "pipe.icp.yaml")
    assert existing(tmp_path) == tmp_path
    assert existing(tmp_path / "a.icp.yaml") == tmp_path / "a.icp.yaml"
    for name, said in (
        ("pipe.icp.yaml", "not a regular file"),
        ("n" * 300, "the path is too long"),
        ("b.icp.yaml", "no such file"),
    ):
        with pytest.raises(InputError, match=said):
            existing(tmp_path / name)


def test_the_limits_are_documented() -> None:
    text = (Path(__file__).parents[2] / "docs/limits.md").read_text("utf-8")
    documented = {
        cells[0].strip(): int(cells[1])
        for line in text.splitlines()
        if len(cells := line.strip().strip("|").split("|")) == 2 and cells[1].strip().isdecimal()
    }
    assert documented == {
        name: size // MEGABYTE
        for name, size in {
            "description, waivers, working days, cases: YAML": READ[".yaml"],
            "the same in JSON": READ[".json"],
            "policy, citations, numbers": policy_files.LARGEST,
            "evidence": LARGEST,
            "licence to be read by `init`: text": paper.LARGEST[paper.TEXT],
            "licence to be read by `init`: PDF": paper.LARGEST[paper.PDF],
            "home page": html.LARGEST,
            "configuration of a web server": server_files.LARGEST,
            "register": register_cells.LARGEST,
            "any other file of a source": request.LARGEST,
        }.items()
    }


def test_a_module_with_a_name_that_is_too_long_is_a_missing_one(tmp_path: Path) -> None:
    name = "n" * 300
    write(tmp_path, {"main.tf": f'module "a" {{\n  source = "./{name}"\n}}\n'})
    derived = derive(tmp_path, "terraform")
    assert isinstance(derived, Derived)
    assert [name in gap.message.en for gap in derived.gaps] == [True]
