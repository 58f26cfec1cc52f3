"""``pytest-icp init``: writes a starting description that asks for the facts that rules read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.files import check_absent, relative_to_folder, write_new
from pytest_icp.cli.paper import PaperOptions, run_paper
from pytest_icp.cli.schema import FOLDER
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.facts.questions import Question, RuleFacts, questions, title_of
from pytest_icp.facts.written import SCHEMA, repository_of
from pytest_icp.kinds.licence_scope import LicensedScope, licensed_scope
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.scope import ScopeError
from pytest_icp.law.text import Lang, Text
from pytest_icp.reports.starter import Starter, starter_text
from pytest_icp.reports.words import Language, each_language
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.reads import facts_gating, facts_read
from pytest_icp.sources.discovery import SourceCandidate, find_sources
from pytest_icp.sources.paper.pages import OCR, PDF, TEXT
from pytest_icp.sources.registry import KINDS

DEFAULT_FILE = "infra.icp.yaml"
_SUFFIXES = (".icp.yaml", ".icp.yml")
_PAPERS = (TEXT, PDF)

_NAME = Text(
    zh="描述文件的名称须以 .icp.yaml 结尾，否则 pytest 不会核对",
    en="the name of a description must end in .icp.yaml, or pytest does not collect it",
)
_RENAME = Text(zh="例如 {name}", en="such as {name}")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
_PICTURE = Text(zh="无法从图像读取文字", en="text cannot be read from an image")
_TWO = Text(zh="「{one}」和「{other}」只能写一个", en="give only one of {one} and {other}")
_TWO_LICENCES = Text(
    zh="许可证从 {paper} 读取，不能同时使用 --licence",
    en="the licence is read from {paper}: leave --licence out",
)
_SAME = Text(
    zh="许可证文件和描述文件不能是同一个文件",
    en="the licence and the description cannot be the same file",
)
_WRITTEN = Text(
    zh="已写入 {path}：{rules} 项规则，{facts} 个问题。\n"
    "  1. 打开文件，回答能回答的问题（文件开头有填写方法）。\n"
    "  2. 运行 pytest，查看结论和还需要申报的事实。\n"
    "  3. 要让编辑器提示和检查填写的内容，运行 pytest-icp schema。",
    en="Wrote {path}: {rules:rule}, {facts:question}.\n"
    "  1. Open it and answer what you can; its first lines explain how.\n"
    "  2. Run pytest for the verdicts, and for what to declare next.\n"
    "  3. Run pytest-icp schema for completion and checks in your editor.",
)
_STOPPED = Text(
    zh="\n仓库中的文件太多，没有找完；请自行补充 sources。",
    en="\nThe repository has too many files to search them all: add missing sources yourself.",
)


_ASSUMED = ("production", "commercial", "public")
"""What is mostly so of the sites and servers in a repository, and which files do not say."""


class InitOptions(Struct, frozen=True, kw_only=True):
    """Where to write, in which language, for which licence.

    ``licence`` is an existing licence file; without one, its facts are questions too.
    """

    path: Path
    lang: Lang
    policies: tuple[Policy, ...]
    licence: Path | None = None
    overwrite: bool = False


def sort_files(files: Iterable[Path]) -> tuple[Path, Path | None]:
    """Return the description to write and the paper to read: ``a.icp.yaml``, ``LICENCE.pdf``.

    Raises `InputError` for two files of one sort, and for an image.
    """
    chosen: dict[bool, Path] = {}
    for file in files:
        if file.suffix.lower() in _PICTURES:
            raise InputError(_PICTURE, place=Place(path=file), hint=OCR)
        other = chosen.setdefault(file.suffix.lower() in _PAPERS, file)
        if other is not file:
            raise InputError(_TWO.format(one=str(other), other=str(file)))
    return chosen.get(False, Path(DEFAULT_FILE)), chosen.get(True)


def run_init_from(paper: Path, options: InitOptions, language: Language, columns: int) -> str:
    """Read the paper of a licence, then write the description for it; return a summary.

    Nothing is written if one of the files exists already. Raises `InputError` as
    `run_init` and `run_paper` do.
    """
    if options.licence:
        raise InputError(_TWO_LICENCES.format(paper=str(paper)))
    _check_name(options.path)
    reading = PaperOptions(
        path=paper,
        folder=options.path.parent,
        lang=options.lang,
        policies=options.policies,
        overwrite=options.overwrite,
    )
    licence, comparison = reading.targets
    if not options.overwrite:
        check_absent(options.path, licence, comparison)
    summary = run_paper(reading, language, columns)
    said = run_init(replace(options, licence=licence))
    return "\n".join([summary, *each_language(said, language)])


def run_init(options: InitOptions) -> Text:
    """Write the description; return a summary.

    Raises `InputError` if the file exists already, is not named as a description, or
    cannot be written, or if the licence cannot be used.
    """
    _check_name(options.path)
    licence = _licence(options) if options.licence else None
    rules = list(_rules_in_use(options.policies, licence))
    asking = questions(_without_licence(rules) if licence else rules)
    search = find_sources(repository_of(options.path))
    starter = Starter(
        questions=asking,
        schema=relative_to_folder(Path(FOLDER, "description.schema.json"), options.path.parent),
        licence_file=_name_of(options),
        gaps=tuple(_gaps(rules, licence)) if licence else (),
        sources=tuple(_entry(one, options.path.parent) for one in search.sources),
    )
    write_new(options.path, starter_text(starter, options.lang), overwrite=options.overwrite)
    written = _WRITTEN.format(path=options.path, rules=len(rules), facts=_count(asking))
    return written if search.complete else written + _STOPPED


def _check_name(path: Path) -> None:
    if not path.name.endswith(_SUFFIXES):
        name = f"{path.name.split('.')[0] or 'infra'}{_SUFFIXES[0]}"
        raise InputError(_NAME, place=Place(path=path), hint=_RENAME.format(name=name))


def _entry(candidate: SourceCandidate, folder: Path) -> JsonObject:
    """Return the entry of ``sources`` for a source found in the repository."""
    entry: dict[str, Json] = {
        "kind": candidate.kind,
        "path": relative_to_folder(candidate.path, folder.resolve()),
    }
    if candidate.origin:
        entry["origin"] = candidate.origin
    if candidate.kind == "html":
        entry["host"] = None
    gives = KINDS[candidate.kind].gives
    assume = [name for name in _ASSUMED if any(property_at(SCHEMA, f"{k}.{name}") for k in gives)]
    return entry | {"assume": dict.fromkeys(assume, True)}


def _licence(options: InitOptions) -> Source:
    """Read the licence as the description will: inside its repository, under its schema."""
    path = options.licence or Path()
    if path.absolute() == options.path.absolute():
        raise InputError(_SAME, place=Place(path=path))
    source = read_source(path, root=repository_of(options.path))
    check(source, "licence")
    return source


def _name_of(options: InitOptions) -> str:
    return relative_to_folder(options.licence, options.path.parent) if options.licence else ""


def _rules_in_use(policies: Iterable[Policy], licence: Source | None) -> Iterator[RuleFacts]:
    """Yield the rules with their facts: all, or those that apply to the lines of a licence."""
    scope = _scope(licence) if licence else None
    for policy in policies:
        if not _binds(scope, (policy.family.upper(),) if policy.family else ()):
            continue
        for obligation in policy.obligations:
            rules = (policy.applies, obligation.applies)
            if all(_binds(scope, rule.items) for rule in rules):
                gates = [fact for rule in rules for fact in facts_gating(rule)]
                facts = (*gates, *facts_read(obligation))
                yield RuleFacts(rule=obligation.rule_id, title=obligation.title, facts=facts)


def _scope(licence: Source) -> LicensedScope | None:
    try:
        return licensed_scope(licence.data)
    except ScopeError as error:
        place = licence.place("/service_lines")
        raise InputError(str(error), place=place) from error


def _binds(scope: LicensedScope | None, codes: tuple[str, ...]) -> bool:
    return scope is None or not codes or scope.has_any(codes)


def _without_licence(rules: Iterable[RuleFacts]) -> Iterator[RuleFacts]:
    for rule in rules:
        facts = tuple(fact for fact in rule.facts if not _of_licence(fact))
        yield RuleFacts(rule=rule.rule, title=rule.title, facts=facts)


def _gaps(rules: Iterable[RuleFacts], licence: Source) -> Iterator[Text]:
    """Yield the titles of licence facts that rules read and the licence file does not declare."""
    read = dict.fromkeys(fact for rule in rules for fact in rule.facts if _of_licence(fact))
    for fact in read:
        names = fact.split(".")[1:]
        if _not_declared(licence.data, names):
            title, own = title_of(fact), title_of("licence")
            yield Text(*(title[lang].removeprefix(f"{own[lang]} › ") for lang in ("zh", "en")))


def _of_licence(fact: str) -> bool:
    return fact.partition(".")[0] == "licence"


def _not_declared(value: Json, names: list[str]) -> bool:
    """Whether a path has no value, in every element of the lists on its way."""
    if isinstance(value, list):
        return bool(value) and all(_not_declared(element, names) for element in value)
    if not names or value is None:
        return value is None
    return _not_declared(value.get(names[0]) if isinstance(value, Mapping) else None, names[1:])


def _count(asking: Iterable[Question]) -> int:
    """Count the questions, once for each group that has them."""
    return sum(
        sum(_count(group.questions) for group in one.groups) if one.groups else bool(one.rules)
        for one in asking
    )
