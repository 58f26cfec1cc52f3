"""What a stranger writes is refused or read, and never ends the run of the others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import pytest

from pytest_icp.facts.breakdowns import internal_errors
from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.source import read_source
from pytest_icp.facts.pages.reading import read as read_page
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources import loading
from pytest_icp.sources.loading import load, named_source
from tests.attack.reading import Files, derive, write
from tests.plugin.conftest import DESCRIPTION, Infra
from tests.sources.plan_files import change, declared, in_region, plan, read

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec: {rules: [{host: HOST}]}
"""
KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [RESOURCE]
"""
LONG = "n" * 300


def region_from(references: object, **more: object) -> dict[str, object]:
    """A plan whose provider takes its region from a variable."""
    region = {"references": references}
    return plan(
        change("alicloud_instance.web", {"instance_name": "web"}),
        resources=[declared("alicloud_instance.web")],
        providers={"alicloud": in_region(region)},
        **more,
    )


def test_a_variable_of_a_plan_that_is_no_object() -> None:
    read(region_from(["var.region"], variables={"region": "x"}))


@pytest.mark.parametrize("references", [True, 1, "var.region", {"var": "region"}])
def test_references_that_are_no_list(references: object) -> None:
    read(region_from(references))


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000, "0o" + "7" * 5000])
def test_an_integer_of_thousands_of_digits(tmp_path: Path, number: str) -> None:
    write(tmp_path, {"a.yaml": f"a: {number}\n"})
    with pytest.raises(InputError, match="1:4: this integer has too many digits"):
        read_source(tmp_path / "a.yaml")
    # A manifest keeps it as a text, which is no host.
    write(tmp_path, {"ingress.yaml": INGRESS.replace("HOST", number)})
    derive(tmp_path, "kubernetes", "ingress.yaml")


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("kubernetes", {"kustomization.yaml": KUSTOMIZATION.replace("RESOURCE", LONG)}),
        ("kubernetes", {"kustomization.yaml": KUSTOMIZATION.replace("RESOURCE", "n/" * 3000)}),
        ("nginx", {"nginx.conf": f"http {{ include {LONG}/*.conf; }}"}),
        ("nginx", {"nginx.conf": f"http {{ include {LONG}; }}"}),
        ("nginx", {"nginx.conf": f"server {{ server_name a.cn; root /srv/{LONG}; }}"}),
        ("caddy", {"Caddyfile": f"import {LONG}/*\na.cn {{\nroot * /srv/{LONG}\nfile_server\n}}"}),
        ("apache", {"httpd.conf": f"Include {LONG}\nServerName a.cn\nDocumentRoot /srv/{LONG}\n"}),
        ("compose", {"compose.yaml": f"include: [{LONG}]\nservices: {{}}\n"}),
        ("compose", {"compose.yaml": f"services: {{a: {{extends: {{file: {LONG}}}}}}}\n"}),
    ],
)
def test_names_that_no_file_can_have(tmp_path: Path, kind: str, files: Files) -> None:
    write(tmp_path, files)
    derive(tmp_path, kind, next(iter(files)), roots={"/srv": "."})


@pytest.mark.parametrize("kind", sorted(loading.KINDS))
def test_a_link_to_itself(tmp_path: Path, kind: str) -> None:
    (tmp_path / "compose.yaml").symlink_to("compose.yaml")
    derive(tmp_path, kind)
    derive(tmp_path, kind, "compose.yaml")


@pytest.mark.parametrize(
    "page",
    [
        "<style>p { font-size: DIGITSpx }</style><p>x",
        "<style media='(width: DIGITS)'>p {}</style><p>x",
        "<p style='opacity: DIGITS'>x",
    ],
)
def test_a_number_in_a_style_that_no_parser_converts(page: str) -> None:
    assert read_page(page.replace("DIGITS", "9" * 4301)).text.strip() == "x"


def test_a_long_zero_still_hides() -> None:
    assert read_page(f"<p style='opacity: 0.{'0' * 5000}'>x").text.strip() == ""


def breaks(_: object) -> NoReturn:
    """Fail as our own code might, with a secret in the exception."""
    raise KeyError("hunter2")


@pytest.fixture
def broken_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader of zones fail on any file."""
    kinds = {**loading.KINDS, "zone": loading.Kind(read=breaks, gives=frozenset({"domains"}))}
    monkeypatch.setattr(loading, "KINDS", kinds)


def test_an_error_of_our_own_in_a_source_is_its_error(tmp_path: Path, broken_zone: None) -> None:
    write(tmp_path, {"a.zone": "", "compose.yaml": "services: {}\n"})
    write(tmp_path, {"a.icp.yaml": DESCRIPTION.replace("licence_file: licence.yaml\n", "")})
    named = [named_source(one, tmp_path) for one in ("zone=a.zone", "compose=compose.yaml")]
    zone, _ = load(tmp_path / "a.icp.yaml", root=tmp_path, named=named).readings
    assert zone.gives == {"domains"}
    assert zone.error is not None
    said = str(zone.error)
    assert re.search(
        r"internal error: KeyError \(pytest_icp/\S+ → attack/test_crashes.py:\d+", said
    )
    assert "report this line to the maintainers" in said
    assert "hunter2" not in said
    assert isinstance(zone.error.__cause__, KeyError)


def test_a_run_decides_the_other_descriptions(infra: Infra, broken_zone: None) -> None:
    infra.write("infra/a.zone", "")
    infra.describe(sources="[{kind: zone, path: a.zone}]")
    infra.write("infra/other.icp.yaml", DESCRIPTION)
    result = infra.run("-k", "SP13 or sources")
    result.stdout.fnmatch_lines(["*prod.icp.yaml:*zone source a.zone*internal error:*"])
    assert "hunter2" not in result.stdout.str()
    assert result.parseoutcomes() | {"undecided": 2, "failed": 1} == result.parseoutcomes()


@pytest.mark.parametrize("error", [ValueError("hunter2"), RecursionError(), MemoryError()])
def test_a_description_that_our_own_code_fails_on_is_one_failing_item(
    infra: Infra, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    infra.write("infra/other.icp.yaml", DESCRIPTION)
    from pytest_icp.plugin.session import IcpSession

    opened = IcpSession.open

    def open_or_fail(session: IcpSession, path: Path) -> object:
        if path.name == "prod.icp.yaml":
            raise error
        return opened(session, path)

    monkeypatch.setattr(IcpSession, "open", open_or_fail)
    result = infra.run()
    lines = " ".join(result.stdout.str().split())
    assert f"internal error: {type(error).__name__}" in lines
    assert "hunter2" not in lines
    assert "FAILED infra/prod.icp.yaml::description" in lines
    assert result.parseoutcomes()["failed"] == 1
    assert result.parseoutcomes()["passed"] > 0


def test_where_an_error_comes_from(tmp_path: Path) -> None:
    """The line of ours that led to it, or that of the library where there is none."""
    with (
        pytest.raises(InputError, match=r"pytest_icp/facts/files/disk.py:[0-9]+\)"),
        internal_errors(Place(path=tmp_path)),
    ):
        read_source(None)  # type: ignore[arg-type]  # what our own code would do wrong


def test_what_is_expected_passes(tmp_path: Path) -> None:
    with pytest.raises(KeyError), internal_errors(Place(path=tmp_path), (KeyError,)):
        raise KeyError
    with pytest.raises(InputError, match="x"), internal_errors(Place(path=tmp_path)):
        raise InputError("x")


@pytest.mark.parametrize("zone", ["! SOA . . 7 0 0 6 0\n", "$ORIGIN a!.b.\nwww A 1.2.3.4\n"])
def test_a_zone_of_a_name_that_is_no_domain(tmp_path: Path, zone: str) -> None:
    write(tmp_path, {"z": zone})
    assert isinstance(derive(tmp_path, "zone", "z", origin="a.cn"), InputError | Derived)
    assert isinstance(derive(tmp_path, "zone", "z"), InputError)
