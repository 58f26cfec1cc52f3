"""``pytest-icp init``: writes a starting description that asks for what the rules read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.files import check_absent, relative_to_folder, write_new
from pytest_icp.cli.paper import Paper, run_paper
from pytest_icp.cli.schema import FOLDER
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.facts.questions import Question, RuleFacts, questions, title_of
from pytest_icp.facts.written import repository_of
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


class Init(Struct, frozen=True, kw_only=True):
    """What the user asked for: where to write, in which language, for which licence.

    ``licence`` is the licence's own file, which is read, None where it is to be asked for.
    """

    path: Path
    lang: Lang
    policies: tuple[Policy, ...]
    licence: Path | None = None
    over: bool = False


def told_apart(files: Iterable[Path]) -> tuple[Path, Path | None]:
    """Tell the description to write from the paper to read: ``a.icp.yaml``, ``LICENCE.pdf``.

    Raises `InputError` where two files are of one sort, and for a picture.
    """
    chosen: dict[bool, Path] = {}
    for file in files:
        if file.suffix.lower() in _PICTURES:
            raise InputError(_PICTURE, place=Place(path=file), hint=OCR)
        other = chosen.setdefault(file.suffix.lower() in _PAPERS, file)
        if other is not file:
            raise InputError(_TWO.format(one=str(other), other=str(file)))
    return chosen.get(False, Path(DEFAULT_FILE)), chosen.get(True)


def run_init_from(paper: Path, asked: Init, language: Language, columns: int) -> str:
    """Read the paper of a licence, then write the description for it, and say what was done.

    Nothing is written where one of the files is there already. Raises `InputError` as
    `run_init` and `run_paper` do.
    """
    if asked.licence:
        raise InputError(_TWO_LICENCES.format(paper=str(paper)))
    _check_name(asked.path)
    reading = Paper(
        path=paper,
        folder=asked.path.parent,
        lang=asked.lang,
        policies=asked.policies,
        over=asked.over,
    )
    licence, comparison = reading.targets
    if not asked.over:
        check_absent(asked.path, licence, comparison)
    told = run_paper(reading, language, columns)
    said = run_init(replace(asked, licence=licence))
    return "\n".join([told, *each_language(said, language)])


def run_init(asked: Init) -> Text:
    """Write the file and say what was done.

    Raises `InputError` when the file is there already, is not named as a description, or
    cannot be written, and when the licence cannot be used.
    """
    _check_name(asked.path)
    licence = _licence(asked) if asked.licence else None
    rules = list(_asked(asked.policies, licence))
    asking = questions(_without_licence(rules) if licence else rules)
    search = find_sources(repository_of(asked.path))
    starter = Starter(
        questions=asking,
        schema=relative_to_folder(Path(FOLDER, "description.schema.json"), asked.path.parent),
        licence_file=_name_of(asked),
        gaps=tuple(_gaps(rules, licence)) if licence else (),
        sources=tuple(_entry(one, asked.path.parent) for one in search.sources),
    )
    write_new(asked.path, starter_text(starter, asked.lang), over=asked.over)
    written = _WRITTEN.format(path=asked.path, rules=len(rules), facts=_count(asking))
    return written if search.complete else written + _STOPPED


def _check_name(path: Path) -> None:
    if not path.name.endswith(_SUFFIXES):
        name = f"{path.name.split('.')[0] or 'infra'}{_SUFFIXES[0]}"
        raise InputError(_NAME, place=Place(path=path), hint=_RENAME.format(name=name))


def _entry(one: SourceCandidate, folder: Path) -> JsonObject:
    """Return the entry of ``sources`` for what the repository has, as a file there names it."""
    entry: dict[str, Json] = {
        "kind": one.kind,
        "path": relative_to_folder(one.path, folder.resolve()),
    }
    if one.origin:
        entry["origin"] = one.origin
    if one.kind == "html":
        entry["host"] = None
    return entry


def _licence(asked: Init) -> Source:
    """Read the licence as the description will: inside its repository, under its schema."""
    path = asked.licence or Path()
    if path.absolute() == asked.path.absolute():
        raise InputError(_SAME, place=Place(path=path))
    source = read_source(path, root=repository_of(asked.path))
    check(source, "licence")
    return source


def _name_of(asked: Init) -> str:
    return relative_to_folder(asked.licence, asked.path.parent) if asked.licence else ""


def _asked(policies: Iterable[Policy], licence: Source | None) -> Iterator[RuleFacts]:
    """Yield the rules in use: all, or those that bind the lines of a licence that is known."""
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
    """Yield the titles of what the rules read of the licence and its file does not say."""
    read = dict.fromkeys(fact for rule in rules for fact in rule.facts if _of_licence(fact))
    for fact in read:
        names = fact.split(".")[1:]
        if _silent(licence.data, names):
            title, own = title_of(fact), title_of("licence")
            yield Text(*(title[lang].removeprefix(f"{own[lang]} › ") for lang in ("zh", "en")))


def _of_licence(fact: str) -> bool:
    return fact.partition(".")[0] == "licence"


def _silent(value: Json, names: list[str]) -> bool:
    """Whether a path leads to nothing, in every element of the lists on its way."""
    if isinstance(value, list):
        return bool(value) and all(_silent(element, names) for element in value)
    if not names or value is None:
        return value is None
    return _silent(value.get(names[0]) if isinstance(value, Mapping) else None, names[1:])


def _count(asking: Iterable[Question]) -> int:
    """Count the facts that are asked for, once for each place that they are asked at."""
    return sum(
        sum(_count(group.questions) for group in one.groups) if one.groups else bool(one.rules)
        for one in asking
    )
