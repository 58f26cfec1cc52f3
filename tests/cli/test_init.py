from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.cli.init import (
    MOST_QUESTIONS,
    Decider,
    InitOptions,
    run_init,
    run_init_from,
    sort_files,
)
from pytest_icp.cli.main import main
from pytest_icp.engine import Scene, prepare
from pytest_icp.facts.description import load
from pytest_icp.facts.fields import scoping_questions
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Lang
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.layout import width
from pytest_icp.sources import discovery
from pytest_icp.sources.loading import load as load_with_sources
from tests.degrading import LICENCE
from tests.obligations import applicability, obligation, policy

EVERY = default_policies()
POLICIES = tuple(one for one in EVERY if one.id in {"LIC", "SP08", "SP11", "SP12", "SP15-11"})
"""Enough of them: each ``init`` decides every rule of its policies several times."""


def opened(path: Path) -> Scene:
    return prepare(load_with_sources(path), as_of=as_of_instant("2026-01-01"))


def asked(path: str = "infra.icp.yaml", **given: Any) -> InitOptions:
    options = InitOptions(path=Path(path), lang="en", policies=POLICIES, open=opened, told=max)
    return replace(options, **given)


def text_of(path: str = "infra.icp.yaml") -> str:
    return Path(path).read_text("utf-8")


def toggled(text: str) -> str:
    """Take one comment sign, and the space after it, off every line, as editors do."""
    first, *rest = text.splitlines()
    return "\n".join([first, *(re.sub("^# ?", "", line) for line in rest)]) + "\n"


def plainly(text: str) -> str:
    """The explanations on one line."""
    return " ".join(re.sub("(?m)^##?", "", text).split())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_is_short_and_says_nothing_before_somebody_answers(
    folder: Path, lang: Lang
) -> None:
    run_init(asked(lang=lang, policies=EVERY))
    text = text_of()
    assert text.startswith("# yaml-language-server: $schema=.icp-schemas/description.schema.json\n")
    assert len(text.splitlines()) < 120
    assert [line for line in text.splitlines() if width(line) > 80] == []
    assert load(Path("infra.icp.yaml")).facts == {}


def test_the_questions_are_counted_with_the_rules_that_they_close(folder: Path) -> None:
    said = run_init(asked(licence=Path("licence.yaml"), policies=EVERY, select=("all",))).en
    ((sources, questions, closed, rules),) = re.findall(
        ": (.*) sources, (.*) questions. If .* each time, (.*) of (.*) rules do not apply", said
    )
    assert sources == "0"
    assert int(questions) == MOST_QUESTIONS == plainly(text_of()).count("“No” closes ")
    named = re.findall("“No” closes ([0-9]+) rule", plainly(text_of()))
    assert sum(map(int, named)) == int(closed)
    assert int(closed) > int(rules) / 3


def test_each_rule_is_closed_once_and_the_most_at_once_first(folder: Path) -> None:
    rules = frozenset(rule.rule_id for policy in EVERY for rule in policy.obligations)
    path = folder / "some.icp.yaml"
    path.write_text("apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\n", "utf-8")
    decider = Decider(opened(path), EVERY, rules)
    found = list(decider.closing(scoping_questions(), 99))
    closed = [rule for one in found for rule in one.rules]
    assert len(closed) == len({*closed}) > 100
    sizes = [len(one.rules) for one in found]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("licence", [None, Path("licence.yaml")])
def test_so_many_rules_do_not_apply_where_every_answer_is_no(
    folder: Path, licence: Path | None
) -> None:
    said = run_init(asked(licence=licence)).en
    (closed,) = re.findall("([0-9]+) of [0-9]+ rules", said)
    before, after = Path("infra.icp.yaml"), Path("no.icp.yaml")
    text = text_of()
    if licence is None:
        # There is no such file, and who does not write one is told so.
        text = text.replace("# licence_file:", "## licence_file:")
    after.write_text(toggled(text), "utf-8")
    counts = [
        sum(v.value == "not applicable" for v in verdicts(path).values())
        for path in (before, after)
    ]
    assert counts[1] - counts[0] >= int(closed)


def verdicts(path: Path) -> dict[str, Any]:
    from pytest_icp.engine import evaluate

    return {one.rule_id: one.verdict for one in evaluate(load(path), as_of="2026-01-01")}


def test_values_come_from_the_licence_that_was_read(folder: Path) -> None:
    run_init(asked(licence=Path("licence.yaml")))
    text = text_of()
    assert "\n#   - id: site\n" in text
    assert "etaoche" not in text
    assert "淘车" not in text


def test_a_question_about_elements_that_are_known_is_asked_of_each(folder: Path) -> None:
    (folder / "compose.yaml").write_text(
        "services:\n  web:\n    image: nginx\n    labels:\n"
        "      traefik.http.routers.web.rule: Host(`example.cn`)\n",
        "utf-8",
    )
    made = policy(
        obligation(
            "condition",
            "sites",
            where={"app_package_id": {"not": {"const": "none"}}},
            require={"name": {"minLength": 1}},
        )
    )
    run_init(asked(licence=Path("licence.yaml"), policies=(made,)))
    assert "\n#   - id: example.cn\n" in text_of()
    assert "\n#     app_package_id: none\n" in text_of()


def test_what_the_sources_list_is_known_from_the_day_of_the_draft(folder: Path) -> None:
    (folder / "nginx.conf").write_text("http { server { server_name example.cn; } }\n", "utf-8")
    run_init(asked(licence=Path("licence.yaml")))
    assert "\ndescribed_on: 2026-01-01\nsources:\n" in text_of()
    description = load_with_sources(Path("infra.icp.yaml"))
    assert [one["id"] for one in description.facts["sites"]] == ["example.cn"]
    assert description.as_of(as_of_instant("2026-01-01")).facts["sites"] != []
    assert description.as_of(as_of_instant("2025-12-31")).facts["sites"] == []


def test_what_is_selected_is_asked_about(folder: Path) -> None:
    few = run_init(asked(licence=Path("licence.yaml"), policies=EVERY)).en
    assert "\n# select: all\n" in text_of()
    assert "\n# equipment: []\n" in text_of()
    assert "\n# corporate_events: []\n" not in text_of()
    options = asked(licence=Path("licence.yaml"), policies=EVERY, select=("calendar",))
    more = run_init(replace(options, overwrite=True)).en
    assert "\nselect: [calendar]\n" in text_of()
    assert "\n# corporate_events: []\n" in text_of()
    assert "\n# incidents: []\n" not in text_of()
    first, second = (
        int(re.findall("of ([0-9]+) rules do not apply", one)[0]) for one in (few, more)
    )
    assert first < second
    assert load(Path("infra.icp.yaml")).facts["select"] == ["calendar"]


def test_a_source_that_cannot_be_read_is_told_at_once(folder: Path) -> None:
    (folder / "nginx.conf").write_text("events {}\nhttp { server { listen 80; }\n", "utf-8")
    said = run_init(asked(licence=Path("licence.yaml")))
    assert "These sources cannot be read yet." in said.en
    assert "\n  - nginx.conf: " in said.en
    assert "\n  - nginx.conf：" in said.zh


def test_a_file_that_no_kind_reads_is_named_with_what_to_do(folder: Path) -> None:
    (folder / "haproxy.cfg").write_text("frontend web\n  bind :80\n", "utf-8")
    said = run_init(asked(licence=Path("licence.yaml")))
    named = (
        "\nThese files are not among the sources:\n  - haproxy.cfg\n     configurations of HAProxy "
    )
    assert named in said.en
    assert "\n以下文件没有列为来源：\n  - haproxy.cfg\n     HAProxy 配置不读取" in said.zh
    assert "haproxy" not in text_of()


def test_each_role_gets_a_part_of_its_own(folder: Path) -> None:
    options = asked(licence=Path("licence.yaml"), roles=("security", "legal"))
    said = run_init(options)
    assert "\nWrote infra.icp.yaml, infra.security.yaml, infra.legal.yaml: " in said.en
    assert "\ninclude: [infra.security.yaml, infra.legal.yaml]\n" in text_of()
    security, legal = text_of("infra.security.yaml"), text_of("infra.legal.yaml")
    assert "\n# incidents: []\n" in security
    assert "that is for security;" in plainly(security)
    assert "\n# corporate_events: []\n" in legal
    assert "# incidents:" not in text_of() + legal
    for name in ("infra.security.yaml", "infra.legal.yaml"):
        Path(name).write_text(toggled(text_of(name)), "utf-8")
    facts = load(Path("infra.icp.yaml")).facts
    assert (facts["incidents"], facts["corporate_events"]) == ([], [])
    with pytest.raises(InputError, match="already exists"):
        run_init(options)
    run_init(replace(options, overwrite=True))
    Path("infra.icp.yaml").unlink()
    with pytest.raises(InputError, match=r"infra\.security\.yaml: the file already exists"):
        run_init(options)
    assert not Path("infra.icp.yaml").exists()


RENEWAL = "\n# renewal: {intention: undecided, applied_on: never, decision: none}\n"


def test_the_renewal_of_the_licence_is_asked_of_whoever_knows(folder: Path) -> None:
    run_init(asked(licence=Path("licence.yaml")))
    assert RENEWAL in text_of()
    assert "do you go on (renew), stop (exit), or is it undecided? (compliance)" in plainly(
        text_of()
    )
    Path("infra.icp.yaml").write_text(toggled(text_of()), "utf-8")
    renewal = load(Path("infra.icp.yaml")).facts["renewal"]
    assert renewal == {"intention": "undecided", "applied_on": "never", "decision": "none"}
    parts = asked(licence=Path("licence.yaml"), roles=("legal", "compliance"), overwrite=True)
    run_init(parts)
    assert RENEWAL in text_of("infra.compliance.yaml")
    assert RENEWAL not in text_of() + text_of("infra.legal.yaml")


def test_a_licence_that_is_not_there_is_asked_for(folder: Path) -> None:
    missing = "There is no licence yet, so its scope and its term stay unknown: pytest-icp init"
    assert missing in run_init(asked()).en
    assert "pytest-icp init LICENCE.txt reads it" in plainly(text_of())
    assert "\n# licence_file: licence.yaml\n" in text_of()
    Path("licence.yaml").write_text("apiVersion: pytest-icp/v1\n", "utf-8")
    assert missing not in run_init(asked(licence=Path("licence.yaml"), overwrite=True)).en


@pytest.mark.parametrize(
    ("name", "better"),
    [("infra.yaml", "infra.icp.yaml"), ("a.icp.json", "a.icp.yaml"), (".yaml", "infra.icp.yaml")],
)
def test_a_name_that_pytest_would_not_collect(folder: Path, name: str, better: str) -> None:
    with pytest.raises(InputError, match=f"must end in .icp.yaml(.|\n)*such as {better}"):
        run_init(asked(name))


def test_a_description_in_a_folder_finds_schemas_and_licence_from_there(folder: Path) -> None:
    (folder / "infra").mkdir()
    (folder / ".git").mkdir()
    run_init(asked("infra/a.icp.yaml", licence=Path("licence.yaml")))
    text = (folder / "infra" / "a.icp.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../.icp-schemas/description.schema")
    assert load(folder / "infra" / "a.icp.yaml").licence["number"] == "京B2-20210001"


def about(fact: str, **given: Any) -> Any:
    made = obligation("condition", fact, require={"id": {"minLength": 1}}, **given)
    return replace(made, id=fact.replace("_", "-"))


def test_what_the_lines_of_the_licence_do_not_need_is_not_asked(folder: Path) -> None:
    policies = (
        policy(about("charges"), family="B11"),
        policy(about("service_ads"), applies=applicability(items=("B25.search",))),
        policy(about("releases", applies=applicability(items=("B25.community", "B21")))),
        policy(about("complaints", applies=applicability(items=("B25.publish",))), family="B25"),
    )
    run_init(asked("all.icp.yaml", policies=policies))
    run_init(asked("own.icp.yaml", policies=policies, licence=Path("licence.yaml")))
    names = ("charges", "service_ads", "releases", "complaints")
    every, own = text_of("all.icp.yaml"), text_of("own.icp.yaml")
    assert [f"\n# {name}: []" in every for name in names] == [True, True, True, True]
    assert [f"\n# {name}: []" in own for name in names] == [False, False, False, True]


def test_a_licence_whose_lines_are_not_declared_may_need_everything(folder: Path) -> None:
    (folder / "licence.yaml").write_text("number: 京B2-20210001\nattachments: []\n", "utf-8")
    made = policy(about("charges"), family="B11")
    run_init(asked(licence=Path("licence.yaml"), policies=(made,)))
    assert "\n# charges: []" in text_of()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("numbr: 京B2-20210001\n", "licence.yaml:1:1: .*numbr(.|\n)*number"),
        ("service_lines: [{name: 信息服务业务, scope: 火星}]\n", "licence.yaml:1:39: .*火星"),
        ("[", "licence.yaml:"),
    ],
)
def test_a_licence_that_cannot_be_used(folder: Path, text: str, wrong: str) -> None:
    (folder / "licence.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=wrong):
        run_init(asked(licence=Path("licence.yaml")))
    assert not (folder / "infra.icp.yaml").exists()


def test_a_licence_that_is_the_description(folder: Path) -> None:
    with pytest.raises(InputError, match="cannot be the same file"):
        run_init(asked("prod.icp.yaml", licence=Path("prod.icp.yaml"), overwrite=True))


# --- from the paper ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        (("a.txt", "b.pdf"), "only one of a.txt and b.pdf"),
        (("a.icp.yaml", "b.icp.yaml"), "only one of a.icp.yaml and b.icp.yaml"),
        (("scan.JPG",), "text cannot be read from an image(.|\n)*OCR"),
        (("LICENCE.docx",), "document of Word or WPS(.|\n)*plain text(.|\n)*init LICENCE.txt"),
        (("LICENCE.WPS", "b.icp.yaml"), "document of Word or WPS(.|\n)*init LICENCE.txt"),
        (("LICENCE.ofd",), r"read from text \(.txt\) or PDF(.|\n)*export it as PDF"),
    ],
)
def test_files_that_do_not_go_together(files: tuple[str, ...], wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        sort_files(map(Path, files))


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("paper.txt").write_text(LICENCE, "utf-8")
    return Path("paper.txt")


def test_the_description_names_the_licence_that_was_read(paper: Path) -> None:
    said = run_init_from(paper, asked(policies=EVERY), Screen("en"))
    assert said.startswith("Wrote licence.yaml from paper.txt: 12 fields read, 2 not.")
    assert "every provision has the wording of the policies" in said
    assert re.search(r"^Wrote infra.icp.yaml: 0 sources, [0-9]+ questions", said, re.MULTILINE)
    description = load(Path("infra.icp.yaml"))
    assert description.licence["number"] == "京B2-20190486"
    assert "# licence:" not in Path("infra.icp.yaml").read_text("utf-8")


@pytest.mark.parametrize("there", ["infra.icp.yaml", "licence.yaml", "licence.comparison.txt"])
def test_nothing_is_written_where_one_of_the_files_is_there(paper: Path, there: str) -> None:
    Path(there).write_text("mine", "utf-8")
    with pytest.raises(InputError, match=f"{there}: the file already exists"):
        run_init_from(paper, asked(), Screen("en"))
    assert sorted(path.name for path in Path().iterdir()) == sorted({"paper.txt", there})
    assert Path(there).read_text("utf-8") == "mine"
    run_init_from(paper, asked(overwrite=True), Screen("en"))
    assert Path(there).read_text("utf-8") != "mine"


def test_a_paper_and_a_licence_or_a_name_that_pytest_would_not_collect(paper: Path) -> None:
    with pytest.raises(InputError, match="leave --licence out"):
        run_init_from(paper, asked(licence=Path("licence.yaml")), Screen("en"))
    with pytest.raises(InputError, match=r"such as infra\.icp\.yaml"):
        run_init_from(paper, asked("infra.yaml"), Screen("en"))
    assert [path.name for path in Path().iterdir()] == ["paper.txt"]


# --- the sources of the repository --------------------------------------------------------------


ASSUMED = "assume: {production: true, commercial: true, public: true}"


@pytest.fixture
def repository(folder: Path) -> Path:
    (folder / ".git").mkdir()
    for name, text in {
        "infra/.keep": "",
        "dns/example.cn.zone": "@ IN SOA a b (1 2 3 4 5)\n",
        "deploy/web.yaml": "apiVersion: v1\nkind: Service\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def page(folder: Path, name: str, head: str = "") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"<html><head>{head}</head>京B2-20210001</html>", "utf-8")


def test_the_sources_of_the_repository_are_entered(repository: Path) -> None:
    run_init(asked("infra/a.icp.yaml"))
    assert (
        "\nsources:\n"
        "  - {kind: kubernetes, path: ../deploy,\n"
        f"     {ASSUMED[:-1]}, role: origin, "
        "personal_info: {named: [personal, pii, 个人信息]}}}\n"
        "  - {kind: zone, path: ../dns,\n"
        f"     {ASSUMED}}}\n"
    ) in text_of("infra/a.icp.yaml")
    assert sorted(path.name for path in (repository / "infra").iterdir()) == [".keep", "a.icp.yaml"]


def test_a_zone_beside_other_files_and_a_register_are_entered_by_name(repository: Path) -> None:
    (repository / "dns/README.md").write_text("zones\n", "utf-8")
    assert main(["register", "complaints", "--output", "records.csv"]) == 0
    run_init(asked())
    text = text_of()
    assert "  - {kind: zone, path: dns/example.cn.zone, origin: example.cn,\n" in text
    assert "  - {kind: register, path: records.csv, list: complaints}\n" in text


@pytest.mark.parametrize(
    ("name", "headings", "assumed"),
    [
        ("network_links", "启用日期,停用日期", "ended_on"),
        ("log_stores", "启用日期,停用日期", "ended_on"),
        ("apps", "listed_on,delisted_on", "delisted_on"),
        ("complaints", "received_at,closed_at", ""),
    ],
)
def test_what_a_table_has_no_end_of_is_assumed_to_be_in_use(
    folder: Path, name: str, headings: str, assumed: str
) -> None:
    Path(f"{name}.csv").write_text(f"标识,{headings}\na,,\nb,,2025-06-30\n", "utf-8")
    run_init(asked())
    entry = f"  - {{kind: register, path: {name}.csv"
    assume = f",\n     assume: {{{assumed}: never}}" if assumed else ""
    assert f"{entry}{assume}}}\n" in text_of()
    facts = load_with_sources(Path("infra.icp.yaml")).facts[name]
    if assumed:
        assert [one[assumed] for one in facts] == ["never", "2025-06-30"]


def test_the_only_home_page_is_that_of_the_only_licensed_domain(repository: Path) -> None:
    page(repository, "www/index.html")
    run_init(asked(licence=Path("licence.yaml")))
    entry = f"  - {{kind: html, path: www/index.html, host: example.cn,\n     {ASSUMED}}}\n"
    assert entry in text_of()


def test_a_name_with_www_is_the_home_page_where_it_is_deployed(repository: Path) -> None:
    page(repository, "www/index.html")
    with (repository / "dns/example.cn.zone").open("a") as zone:
        zone.write("www IN A 203.0.113.7\n")
    run_init(asked(licence=Path("licence.yaml")))
    assert "path: www/index.html, host: www.example.cn," in text_of()


SERVER = """\
resource "alicloud_instance" "web" {}
resource "alicloud_log_store" "web" {}
"""


def test_servers_are_assumed_to_serve_the_one_licensed_site(repository: Path) -> None:
    (repository / "infra/main.tf").write_text(SERVER, "utf-8")
    with (repository / "dns/example.cn.zone").open("a") as zone:
        zone.write("www IN A 203.0.113.7\n")
    run_init(asked(licence=Path("licence.yaml")))
    served = (
        "role: origin, kinds: {value: [access], named: [access, nginx, ingress, slb, alb]}, "
        "personal_info: {named: [personal, pii, 个人信息]}, site_ids: [www.example.cn]}}"
    )
    assert f"  - {{kind: terraform, path: infra,\n     {ASSUMED[:-1]}, {served}\n" in text_of()
    licence = Path("licence.yaml").read_text("utf-8")
    Path("licence.yaml").write_text(licence + "  - {id: other, kind: site}\n", "utf-8")
    run_init(asked(licence=Path("licence.yaml"), overwrite=True))
    assert "site_ids" not in text_of().partition("## Questions")[0]


def manifest(host: str, namespace: str) -> str:
    head = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
    rules = f"spec: {{rules: [{{host: {host}}}]}}\n"
    return f"{head}metadata: {{name: web, namespace: {namespace}}}\n{rules}"


def test_what_is_not_production_by_its_name_is_left_out(repository: Path) -> None:
    for name, host in {"prod": "www.example.cn", "dev": "dev.example.org"}.items():
        for folder in (f"infra/{name}", f"overlays/{name}"):
            (repository / folder).mkdir(parents=True)
        (repository / f"infra/{name}/main.tf").write_text(SERVER, "utf-8")
        (repository / f"overlays/{name}/web.yaml").write_text(manifest(host, "shop"), "utf-8")
    (repository / "deploy/web.yaml").write_text(manifest("www.example.cn", "shop-uat"), "utf-8")
    said = run_init(asked(licence=Path("licence.yaml"))).en
    assert "left out: overlays/dev, infra/dev, deploy" in said
    text = text_of()
    assert "  - {kind: terraform, path: infra/prod, environment: prod,\n" in text
    assert "  - {kind: kubernetes, path: overlays/prod, environment: prod,\n" in text
    left_out = "environment: dev, assume: {production: false}}\n"
    assert f"\n#   - {{kind: terraform, path: infra/dev, {left_out}" in text
    assert f"\n#   - {{kind: kubernetes, path: overlays/dev, {left_out}" in text
    assert "\n#   - {kind: kubernetes, path: deploy, assume: {production: false}}\n" in text
    Path("all.icp.yaml").write_text(toggled(text), "utf-8")
    servers: Any = load_with_sources(Path("all.icp.yaml")).facts["servers"]
    assert {one["id"]: one["production"] for one in servers} == {
        "prod/alicloud_instance.web": True,
        "dev/alicloud_instance.web": False,
    }


HOSTS = """\
  server { server_name www.example.cn; root /srv/www; }
  server { server_name api.example.cn static-1.example.cn img.shop.example.cn; root /srv/a; }
  server { server_name cdn.example.org rapid.example.cn; root /srv/b; }
"""


@pytest.mark.parametrize("roles", [(), ("engineering", "legal")])
def test_hosts_of_interfaces_and_files_are_hosts_of_the_site_that_they_serve(
    folder: Path, roles: tuple[str, ...]
) -> None:
    Path("nginx.conf").write_text(f"http {{\n{HOSTS}}}\n", "utf-8")
    run_init(asked(licence=Path("licence.yaml"), roles=roles))
    text = text_of("infra.engineering.yaml" if roles else "infra.icp.yaml")
    served = "www.example.cn, api.example.cn, static-1.example.cn, img.shop.example.cn"
    assert f"\n#   - id: www.example.cn\n#     domains: [{served}]\n" in text
    assert "By their names, api.example.cn, static-1.example.cn, img.shop.example.cn" in plainly(
        text
    )
    if roles:
        assert "domains:" not in text_of() + text_of("infra.legal.yaml")
        return
    Path("all.icp.yaml").write_text(toggled(text), "utf-8")
    sites: Any = load_with_sources(Path("all.icp.yaml")).facts["sites"]
    assert [one["id"] for one in sites] == [
        "www.example.cn",
        "cdn.example.org",
        "rapid.example.cn",
    ]
    assert sites[0]["domains"] == served.split(", ")


def test_a_host_of_files_stays_a_site_where_no_other_is_its_own(folder: Path) -> None:
    Path("nginx.conf").write_text("http { server { server_name cdn.example.cn; } }", "utf-8")
    run_init(asked(licence=Path("licence.yaml")))
    assert "domains:" not in text_of()


def test_compose_beside_manifests_is_not_called_production(repository: Path) -> None:
    Path("compose.yaml").write_text("services: {web: {image: web}}\n", "utf-8")
    run_init(asked(licence=Path("licence.yaml")))
    entry = (
        "  - {kind: compose, path: compose.yaml,\n     assume: {commercial: true, public: true, "
        "personal_info: {named: [personal, pii, 个人信息]}}}\n"
    )
    assert entry in text_of()


def test_which_of_several_pages_is_whose_is_a_question(repository: Path) -> None:
    page(repository, "example.cn/index.html")
    page(repository, "other/index.html")
    said = run_init(asked(licence=Path("licence.yaml"))).en
    text = text_of()
    assert "path: example.cn/index.html, host: example.cn," in text
    assert (
        f'\n#   - {{kind: html, path: other/index.html, host: "<example.cn>", {ASSUMED}}}\n' in text
    )
    assert f" {plainly(text).count('“No” closes ') + 1} questions" in said
    Path("left.icp.yaml").write_text(text.replace("#   - {", "  - {"), "utf-8")
    (error,) = [r.error for r in load_with_sources(Path("left.icp.yaml")).readings if r.error]
    assert "`host` is not filled in: it is still the <example.cn> of the first draft" in str(error)


def test_a_page_of_nobody_known_is_a_question_too(repository: Path) -> None:
    for name in ("deploy/web.yaml", "dns/example.cn.zone"):
        (repository / name).unlink()
    page(repository, "www/index.html")
    said = run_init(asked()).en
    assert "These pages and apps are read once you fill in their host: www/index.html" in said
    assert "\n# sources:\n" in text_of()
    assert 'host: "<host>"' in text_of()
    page(repository, "bad/index.html", "\0")
    run_init(asked(overwrite=True))
    assert "path: bad/index.html" in text_of()


def test_a_repository_that_is_too_large_to_search(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "MOST_FILES", 1)
    said = run_init(asked())
    assert said.en.endswith("add missing sources yourself.")
    assert "没有找完" in said.zh
