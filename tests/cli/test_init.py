from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.cli.init import InitOptions, run_init, run_init_from, sort_files
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Lang
from pytest_icp.reports.layout import width
from pytest_icp.sources import discovery
from tests.degrading import LICENCE
from tests.obligations import applicability, obligation, policy

POLICIES = default_policies()
RULES = sum(len(policy.obligations) for policy in POLICIES)


def asked(path: str = "infra.icp.yaml", **given: Any) -> InitOptions:
    return replace(InitOptions(path=Path(path), lang="en", policies=POLICIES), **given)


def toggled(text: str) -> str:
    first, *rest = text.splitlines()
    return "\n".join([first, *(re.sub("^# ?", "", line) for line in rest)]) + "\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_is_asked_about(folder: Path, lang: Lang) -> None:
    said = run_init(asked(lang=lang))
    assert said.en.startswith(f"Wrote infra.icp.yaml: {RULES} rules, ")
    assert said.zh.startswith(f"已写入 infra.icp.yaml：{RULES} 项规则，")
    text = (folder / "infra.icp.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=.icp-schemas/description.schema.json\n")
    assert ("Read by" in text) is (lang == "en")
    assert load(Path("infra.icp.yaml")).facts == {}


def test_the_questions_are_counted(folder: Path) -> None:
    said = run_init(asked()).en
    lines = (folder / "infra.icp.yaml").read_text("utf-8").splitlines()
    answers = [i for i, line in enumerate(lines) if re.match("# +(- )?[a-z_0-9]+: ", line)]
    unasked = [i for i in answers if re.search(" id: ", lines[i]) and not explained(lines[:i])]
    (counted,) = re.findall("([0-9]+) questions", said)
    assert int(counted) == len(answers) - len(unasked)
    # By some ids a duty joins records, and regions have ids of their own.
    assert 0 < len(unasked) < len([line for line in lines if " id: " in line])


def explained(above: list[str]) -> bool:
    """Whether the explanation that ends here is that of an id."""
    words = takewhile(lambda line: line.startswith("##"), reversed(above))
    return any(re.match("##  +(Identifier|Region id): ", line) for line in words)


@pytest.mark.parametrize("licence", [None, Path("licence.yaml")])
def test_with_every_question_answered_by_its_example_it_is_a_description(
    folder: Path, licence: Path | None
) -> None:
    run_init(asked(licence=licence))
    path = folder / "infra.icp.yaml"
    path.write_text(toggled(path.read_text("utf-8")), "utf-8")
    assert {"licence", "renewal", "sites", "attestations"} <= load(path).facts.keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_keeps_to_the_columns_and_its_first_line_is_no_question(
    folder: Path, lang: Lang
) -> None:
    run_init(asked(lang=lang))
    text = (folder / "infra.icp.yaml").read_text("utf-8")
    assert [line for line in text.splitlines() if width(line) > 80] == []
    told = {"zh": "第一行供编辑器使用，保持不变", "en": "The first line is for your editor"}
    assert told[lang] in text


def test_run_by_pytest_everything_is_unknown(pytester: pytest.Pytester) -> None:
    run_init(asked(str(pytester.path / "infra.icp.yaml")))
    result = pytester.runpytest_subprocess("--icp-as-of", "2026-01-01")
    decided = re.findall(r"(\d+) (skipped|unknown|advisory unknown)", result.outlines[-1])
    assert sum(int(n) for n, _ in decided) == RULES
    assert {name for _, name in decided} == {"skipped", "unknown", "advisory unknown"}


def test_a_file_that_is_there_is_not_written_over(folder: Path) -> None:
    before = (folder / "prod.icp.yaml").read_text("utf-8")
    with pytest.raises(InputError, match="already exists"):
        run_init(asked("prod.icp.yaml"))
    assert (folder / "prod.icp.yaml").read_text("utf-8") == before
    run_init(asked("prod.icp.yaml", overwrite=True))
    assert (folder / "prod.icp.yaml").read_text("utf-8") != before


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


def test_a_licence_that_is_known_is_not_asked_for_and_its_gaps_are_told(folder: Path) -> None:
    run_init(asked(licence=Path("licence.yaml")))
    text = (folder / "infra.icp.yaml").read_text("utf-8")
    assert "\nlicence_file: licence.yaml\n" in text
    assert "# licence:" not in text
    (gaps,) = re.findall("Still missing in that file: ([^.]*)[.]", text.replace("\n##", ""))
    assert "Legal representative" in gaps
    assert "Attached sites and apps › Name" in gaps
    assert "Holder" not in gaps
    assert "Attached sites and apps › Domains" not in gaps


def test_a_licence_without_gaps(folder: Path) -> None:
    made = policy(obligation("order", "licence", first="issued_on", then="valid_until"))
    run_init(asked(licence=Path("licence.yaml"), policies=(made,)))
    assert "Still missing" not in (folder / "infra.icp.yaml").read_text("utf-8")


OTHER_LINE = policy(
    obligation("constraint", "tariffs", require={"price": {"minimum": 0}}), family="b11"
)
OF_SEARCH = policy(
    obligation("constraint", "search", require={"blocklist": True}),
    applies=applicability(items=("B25.search",)),
)
OF_COMMUNITY = policy(
    obligation(
        "constraint",
        "user_rules",
        require={"url": {"minLength": 1}},
        applies=applicability(items=("B25.community", "B21")),
    ),
)
OF_PUBLISHING = policy(
    obligation(
        "constraint",
        "claims",
        require={"statement": {"minLength": 1}},
        applies=applicability(items=("B25.publish",)),
    ),
    family="b25",
)


def test_what_the_lines_of_the_licence_do_not_need_is_not_asked(folder: Path) -> None:
    policies = (OTHER_LINE, OF_SEARCH, OF_COMMUNITY, OF_PUBLISHING)
    run_init(asked("all.icp.yaml", policies=policies))
    run_init(asked("own.icp.yaml", policies=policies, licence=Path("licence.yaml")))
    every, own = ((folder / f"{name}.icp.yaml").read_text("utf-8") for name in ("all", "own"))
    names = ("tariffs", "search", "user_rules", "claims")
    assert [f"\n# {name}:" in every for name in names] == [True, True, True, True]
    assert [f"\n# {name}:" in own for name in names] == [False, False, False, True]


def test_a_licence_whose_lines_are_not_declared_may_need_everything(folder: Path) -> None:
    (folder / "licence.yaml").write_text("number: 京B2-20210001\nattachments: []\n", "utf-8")
    run_init(asked(licence=Path("licence.yaml"), policies=(OTHER_LINE,)))
    assert "\n# tariffs:" in (folder / "infra.icp.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("numbr: 京B2-20210001\n", "licence.yaml:1:1: .*numbr(.|\n)*number"),
        ("service_lines: [{name: 信息服务业务, scope: 火星}]\n", "licence.yaml:1:16: .*火星"),
        ("[", "licence.yaml:"),
    ],
)
def test_a_licence_that_cannot_be_used(folder: Path, text: str, wrong: str) -> None:
    (folder / "licence.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=wrong):
        run_init(asked(licence=Path("licence.yaml")))
    assert not (folder / "infra.icp.yaml").exists()


def test_a_licence_out_of_reach_of_the_description(folder: Path) -> None:
    (folder / "infra").mkdir()
    with pytest.raises(InputError, match="outside"):
        run_init(asked("infra/a.icp.yaml", licence=Path("licence.yaml")))


def test_a_licence_that_is_the_description(folder: Path) -> None:
    with pytest.raises(InputError, match="cannot be the same file"):
        run_init(asked("prod.icp.yaml", licence=Path("prod.icp.yaml"), overwrite=True))


# --- from the paper ----------------------------------------------------------------------------


def test_the_paper_is_told_from_the_description() -> None:
    description, paper = Path("a.icp.yaml"), Path("LICENCE.PDF")
    assert sort_files([paper, description]) == (description, paper)
    assert sort_files([description]) == (description, None)
    assert sort_files([paper]) == (Path("infra.icp.yaml"), paper)
    assert sort_files([]) == (Path("infra.icp.yaml"), None)


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        (("a.txt", "b.pdf"), "only one of a.txt and b.pdf"),
        (("a.icp.yaml", "b.icp.yaml"), "only one of a.icp.yaml and b.icp.yaml"),
        (("scan.JPG",), "text cannot be read from an image(.|\n)*OCR"),
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
    said = run_init_from(paper, asked(), "en", 80)
    assert said.startswith("Wrote licence.yaml from paper.txt: 12 fields read, 2 not.")
    assert "every provision has the wording of the policies" in said
    assert re.search(r"^Wrote infra.icp.yaml: [0-9]+ rules, [0-9]+ questions", said, re.MULTILINE)
    description = load(Path("infra.icp.yaml"))
    assert description.licence["number"] == "京B2-20190486"
    assert "# licence:" not in Path("infra.icp.yaml").read_text("utf-8")


@pytest.mark.parametrize("there", ["infra.icp.yaml", "licence.yaml", "licence.comparison.txt"])
def test_nothing_is_written_where_one_of_the_files_is_there(paper: Path, there: str) -> None:
    Path(there).write_text("mine", "utf-8")
    with pytest.raises(InputError, match=f"{there}: the file already exists"):
        run_init_from(paper, asked(), "en", 80)
    assert sorted(path.name for path in Path().iterdir()) == sorted({"paper.txt", there})
    assert Path(there).read_text("utf-8") == "mine"
    run_init_from(paper, asked(overwrite=True), "en", 80)
    assert Path(there).read_text("utf-8") != "mine"


def test_a_paper_and_a_licence_or_a_name_that_pytest_would_not_collect(paper: Path) -> None:
    with pytest.raises(InputError, match="leave --licence out"):
        run_init_from(paper, asked(licence=Path("licence.yaml")), "en", 80)
    with pytest.raises(InputError, match=r"such as infra\.icp\.yaml"):
        run_init_from(paper, asked("infra.yaml"), "en", 80)
    assert [path.name for path in Path().iterdir()] == ["paper.txt"]


# --- the sources of the repository --------------------------------------------------------------


ASSUMED = "assume: {production: true, commercial: true, public: true}"


def test_the_sources_of_the_repository_are_entered(folder: Path) -> None:
    (folder / ".git").mkdir()
    for name, text in {
        "infra/.keep": "",
        "www/index.html": "<html></html>",
        "dns/etaoche.cn.zone": "@ IN SOA a b (1 2 3 4 5)\n",
        "deploy/web.yaml": "apiVersion: v1\nkind: Service\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    run_init(asked("infra/a.icp.yaml"))
    text = (folder / "infra" / "a.icp.yaml").read_text("utf-8")
    assert (
        "\nsources:\n"
        f"  - {{kind: html, path: ../www/index.html, host: null, {ASSUMED}}}\n"
        f"  - {{kind: kubernetes, path: ../deploy, {ASSUMED}}}\n"
        f"  - {{kind: zone, path: ../dns/etaoche.cn.zone, origin: etaoche.cn, {ASSUMED}}}\n"
    ) in text


def test_a_repository_without_sources(folder: Path) -> None:
    run_init(asked())
    assert "\nsources:" not in (folder / "infra.icp.yaml").read_text("utf-8")


def test_a_repository_that_is_too_large_to_search(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "MOST_FILES", 1)
    said = run_init(asked())
    assert said.en.endswith("add missing sources yourself.")
    assert "没有找完" in said.zh
