"""``pytest-icp init``: writes a short description: the licence, the sources, first questions."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from operator import add
from pathlib import Path
from tempfile import NamedTemporaryFile

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.editing import part_name
from pytest_icp.cli.output import (
    check_absent,
    check_folder,
    refused,
    relative_to_folder,
    write_new,
)
from pytest_icp.cli.paper import check_exists, run_paper, targets
from pytest_icp.cli.project import Project, in_project
from pytest_icp.cli.schema import FOLDER
from pytest_icp.engine import Scene, binding, decide, prepare
from pytest_icp.facts.assumptions import assumable
from pytest_icp.facts.derived import NOT_PRODUCTION, Reading, environment_in
from pytest_icp.facts.description import Description
from pytest_icp.facts.fields import Closing, Scoping, answered, asked_of, is_list, scoping_questions
from pytest_icp.facts.files.disk import read_bytes, repository_of
from pytest_icp.facts.files.properties import members
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, texts_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Lang, Text, plain
from pytest_icp.plugin.progress import telling
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.starter import SITES, Starter, starter_text
from pytest_icp.reports.term import term_of
from pytest_icp.rules.policy import Obligation, Policy, facts_needed
from pytest_icp.rules.practice import by_practice
from pytest_icp.rules.selection import Selection, groups_among
from pytest_icp.sources.discovery import SourceCandidate, find_sources
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.html import LARGEST, read_page
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.paper import PDF, TEXT, refuse_other_forms
from pytest_icp.sources.register.columns import register_named

_ASSUMED: Mapping[str, Json] = {
    "production": True,
    "commercial": True,
    "public": True,
    "role": "origin",
    "kinds": {"value": ["access"], "named": ["access", "nginx", "ingress", "slb", "alb"]},
    "personal_info": {"named": ["personal", "pii", "个人信息"]},
}
"""What is mostly so of what a repository deploys, and which its files do not say."""

_KEPT: Mapping[str, Json] = {"ended_on": "never", "delisted_on": "never"}
"""What is mostly so of what people keep in a table and write nothing of: it has not ended."""

_CLOUDS = {"terraform", "terraform-plan", "terraform-state", "cloud-export"}
"""Sources of logs at a cloud, which are mostly of access; those of an application are not."""

# Of a zone, the only servers are those of a CDN.
_ASSUMED_OF: Mapping[str, set[str]] = {"kinds": _CLOUDS, "role": {*KINDS} - {"zone"}}

_DEPLOYED = {"kubernetes", "serverless", "terraform", "nginx", "apache", "caddy", "zone"}

_MOST_HOSTS = 4

_WITHOUT_PAGE = frozenset(
    "api openapi gateway gw rpc grpc ws wss cdn img image images pic pics static asset assets oss "
    "cos obs s3 file files upload uploads res js css font fonts".split()
)
"""What hosts of interfaces and of files are called."""
_WORDS = re.compile(r"[a-z]+|s3")


class FoundSources(Struct, frozen=True):
    """Entries of ``sources``, and home pages and apps whose hosts are not known (来源).

    ``elsewhere`` are entries of environments that are not production by their names. ``complete``
    is False if the search ended early; ``unread`` are the paths of files that no kind of source
    reads, by what to do with them instead.
    """

    entries: tuple[JsonObject, ...]
    pages: tuple[JsonObject, ...]
    complete: bool
    unread: Mapping[Text, tuple[str, ...]]
    elsewhere: tuple[JsonObject, ...] = ()


def found_sources(description: Path, told: Callable[[int, int], object]) -> FoundSources:
    """Return the sources in the repository around a description that is to be written.

    How much of it is done is ``told``.
    """
    folder = description.parent.absolute()
    search = find_sources(repository_of(description), told)
    named = {one: _entry(one, folder) for one in search.sources}
    if _DEPLOYED & {one.kind for one in named}:
        # Beside what is deployed, Compose is mostly what developers run.
        named = {
            one: _without(entry, "production") if one.kind == "compose" else entry
            for one, entry in named.items()
        }
    pages = [
        one
        for one in named
        if one.kind == "app" or (one.kind == "html" and not _names_itself(one.path))
    ]
    entries = [entry for one, entry in named.items() if one not in pages]
    return FoundSources(
        tuple(entry for entry in entries if _is_deployed(entry)),
        tuple(named[one] for one in pages if _is_deployed(named[one])),
        search.complete,
        {
            advice: tuple(relative_to_folder(path, folder) for path in paths)
            for advice, paths in search.unread.items()
        },
        tuple(_elsewhere(entry) for entry in entries if not _is_deployed(entry)),
    )


def _without(entry: JsonObject, name: str) -> JsonObject:
    """Return an entry that assumes nothing of a fact."""
    assume = entry.get("assume")
    known = assume.items() if isinstance(assume, Mapping) else ()
    return {**entry, "assume": {key: value for key, value in known if key != name}}


def _is_deployed(entry: JsonObject) -> bool:
    """Whether the path of an entry names production, or no environment."""
    return environment_in(Path(str(entry["path"])).parts) not in NOT_PRODUCTION


def _elsewhere(entry: JsonObject) -> JsonObject:
    """Return an entry of an environment that is not production."""
    return {**entry, "assume": {"production": False}}


def with_hosts(found: FoundSources, description: Description) -> FoundSources:
    """Return the sources with the hosts that the licence and the other sources tell.

    A page in a folder that is named as a host is that host's; the only home page is that of the
    only licensed domain, and so are all apps. Others get the hosts that it may be, in angle
    brackets.
    """
    licensed = list(dict.fromkeys(_domains(description.licence.get("attachments"))))
    sites = list(dict.fromkeys(_domains(description.facts.get("sites"))))
    hosts = [
        *(host for host in sites if _is_under(host, licensed) and host not in licensed),
        *licensed,
    ]
    readings = {(one.kind, one.path): one for one in description.readings}
    known: list[JsonObject] = []
    elsewhere = [*found.elsewhere]
    for entry in found.entries:
        reading = readings[str(entry["kind"]), str(entry["path"])]
        if _is_of_production(reading):
            known.append(_with_sites(entry, description, reading))
        else:
            elsewhere.append(_elsewhere(entry))
    asked: list[JsonObject] = []
    alone = len([page for page in found.pages if page["kind"] == "html"]) == 1
    for page in found.pages:
        parts = Path(str(page["path"])).parts
        own = next((host for host in (*hosts, *sites) if host in parts), None)
        if own is None and len(licensed) == 1 and (alone or page["kind"] == "app"):
            own = next((host for host in hosts if host == f"www.{licensed[0]}"), licensed[0])
        if own:
            known.append(_with_host(page, own))
        else:
            asked.append(_with_host(page, f"<{' | '.join(hosts[:_MOST_HOSTS]) or 'host'}>"))
    return replace(found, entries=tuple(known), pages=tuple(asked), elsewhere=tuple(elsewhere))


def served_sites(sites: Sequence[Json]) -> tuple[JsonObject, ...]:
    """Return sites by their ids; one gets the hosts that, by their names, serve nothing but it.

    A host of interfaces or of files has no home page: it is one more host of the site that has.
    """
    known = [str(one["id"]) for one in sites if isinstance(one, Mapping)]
    hosts: dict[str, list[str]] = {one: [one] for one in known if not _is_without_page(one)}
    alone: list[str] = []
    for host in filter(_is_without_page, known):
        above = host.split(".")[1:]
        parents = (".".join(above[i:]) for i in range(len(above)))
        served = (one for up in parents for one in (f"www.{up}", up) if one in hosts)
        hosts.get(next(served, ""), alone).append(host)
    named = {one: {"domains": own} for one, own in hosts.items() if len(own) > 1}
    return tuple({"id": one, **named.get(one, {})} for one in known if one in {*hosts, *alone})


def _is_without_page(host: str) -> bool:
    """Whether a host is called as those of interfaces and of files are."""
    first, _, above = host.partition(".")
    return "." in above and not _WITHOUT_PAGE.isdisjoint(_WORDS.findall(first))


def _is_of_production(reading: Reading) -> bool:
    """Whether a source lists something outside namespaces that are not production."""
    derived = reading.derived
    if reading.kind != "kubernetes" or derived is None:
        return True
    found = [
        derived.trace(f"/{each}/{i}").address.split("/")
        for each, elements in derived.facts.items()
        for i in range(len(elements) if isinstance(elements, list) else 0)
    ]
    return not found or any(environment_in(named[1:-1]) not in NOT_PRODUCTION for named in found)


def _with_sites(entry: JsonObject, description: Description, reading: Reading) -> JsonObject:
    """Return an entry that assumes of its servers that they serve the one licensed site.

    Where it has hosts of its own, they serve those of them that are licensed.
    """
    printed, assume = description.licence.get("attachments"), entry.get("assume")
    pages = [one for one in printed if one["kind"] != "app"] if isinstance(printed, list) else []
    if not (len(pages) == 1 and isinstance(assume, Mapping) and "role" in assume):
        return entry
    licensed = [*_domains(pages)]
    own = reading.derived.facts.get("sites") if reading.derived else None
    sites = own or description.facts.get("sites")
    served = [
        str(site["id"])
        for site in (sites if isinstance(sites, list) else ())
        if any(_is_under(host, licensed) for host in _domains([site]))
    ]
    return {**entry, "assume": {**assume, "site_ids": served}} if served else entry


def _with_host(page: JsonObject, host: str) -> JsonObject:
    """Return an entry with its host where a reader looks for it, after the path."""
    return {"kind": page["kind"], "path": page["path"], "host": host, **page}


def _entry(candidate: SourceCandidate, folder: Path) -> JsonObject:
    """Return the entry of ``sources`` for a source found in the repository."""
    entry: dict[str, Json] = {
        "kind": candidate.kind,
        "path": relative_to_folder(candidate.path, folder),
    }
    environment = environment_in(Path(str(entry["path"])).parts)
    if environment and KINDS[candidate.kind].rooted:
        entry["environment"] = environment
    if candidate.origin:
        entry["origin"] = candidate.origin
    if candidate.list:
        entry["list"] = candidate.list
    gives, likely = KINDS[candidate.kind].gives, _ASSUMED
    if candidate.kind == "register":
        register = register_named(candidate.list or candidate.path.stem)
        gives, likely = frozenset({register.name} if register else ()), _KEPT
    assume = {
        name: value
        for name, value in likely.items()
        if assumable(name, value, gives) and candidate.kind in _ASSUMED_OF.get(name, {*KINDS})
    }
    return entry | ({"assume": assume} if assume else {})


def _names_itself(path: Path) -> bool:
    """Whether a page has a link that names its own host."""
    try:
        raw = read_bytes(path, root=repository_of(path), limit=LARGEST)
        return read_page(path, raw).canonical is not None
    except InputError:
        return False


def _is_under(host: str, domains: Iterable[str]) -> bool:
    """Whether a host in normal form lies under one of some domains, also in normal form."""
    return any(host == one or host.endswith(f".{one}") for one in domains)


def _domains(elements: Json) -> Iterator[str]:
    """Yield the hosts of sites in normal form, without those that are not hosts."""
    for element in elements if isinstance(elements, list) else ():
        for domain in texts_of(element.get("domains") if isinstance(element, Mapping) else None):
            with suppress(HostError):
                yield normal_host(domain)


# ---- The description: the licence, the sources, first questions

DEFAULT_FILE = "infra.icp.yaml"
_SUFFIXES = (".icp.yaml", ".icp.yml")
_PAPERS = (TEXT, PDF)

_NAME = Text(
    zh="描述文件的名称须以 .icp.yaml 结尾，否则 pytest 不会核对",
    en="the name of a description must end in .icp.yaml, or pytest does not collect it",
)
_RENAME = Text(zh="例如 {name}", en="such as {name}")
_TWO = Text(zh="“{one}”和“{other}”只能写一个", en="give only one of {one} and {other}")
_TWO_LICENCES = Text(
    zh="许可证从 {paper} 读取，不能同时使用 --licence",
    en="the licence is read from {paper}: leave --licence out",
)
_SAME = Text(
    zh="许可证文件和描述文件不能是同一个文件",
    en="the licence and the description cannot be the same file",
)
_WRITTEN = Text(
    zh="已写入 {path}：{sources} 个来源，{questions} 个问题；都回答“否”的，{rules} 项规则中"
    "有 {closed} 项不适用。\n"
    "  1. 打开文件，回答“否”的问题去掉“# ”。\n"
    "  2. 运行 pytest，查看已部署的与许可不符之处，以及还需要申报的事实。\n"
    "  3. 其余的事实，由 pytest-icp ask 逐项提问。\n"
    "  4. 要让编辑器提示和检查填写的内容，运行 pytest-icp schema。",
    en="Wrote {path}: {sources:source}, {questions:question}. If the answer is no each time, "
    "{closed} of {rules:rule} do not apply.\n"
    "  1. Open it, and take the “# ” off where the answer is no.\n"
    "  2. Run pytest: it says where what is deployed differs from the licence, and "
    "what to declare next.\n"
    "  3. Run pytest-icp ask for the rest, one question at a time.\n"
    "  4. Run pytest-icp schema for completion and checks in your editor.",
)
_NO_LICENCE = Text(
    zh="\n还没有许可证，许可范围和有效期限都无法判断：运行 pytest-icp init 许可证.pdf --force，从"
    " PDF 或者文本读入。",
    en="\nThere is no licence yet, so its scope and its term stay unknown: pytest-icp init "
    "LICENCE.pdf --force reads it, from a PDF or a text.",
)
_HOSTS = Text(
    zh="\n以下网页或者应用的域名要由你填写，填写后才会读取：{paths}",
    en="\nThese pages and apps are read once you fill in their host: {paths}",
)
_UNREADABLE = Text(
    zh="\n以下来源现在读不了，请先处理，否则有关的规则都无法判断：",
    en="\nThese sources cannot be read yet. Fix that first, or the rules about them stay unknown:",
)
_SOURCE = Text(zh="\n  - {path}：{message}\n     {hint}", en="\n  - {path}: {message}\n     {hint}")
_UNREAD = Text(
    zh="\n以下文件没有列为来源：",
    en="\nThese files are not among the sources:",
)
_ADVICE = Text(zh="\n  - {paths}\n     {advice}", en="\n  - {paths}\n     {advice}")
_ELSEWHERE = Text(
    zh="\n从名称看不是正式环境，没有列入：{paths}",
    en="\nNot production by name, and left out: {paths}",
)
_STOPPED = Text(
    zh="\n仓库中的文件太多，没有找完；请自行补充 sources。",
    en="\nThe repository has too many files to search them all: add missing sources yourself.",
)

MOST_QUESTIONS = 20
"""Questions in a starting description; the others are asked when they matter."""


class InitOptions(Struct, frozen=True, kw_only=True):
    """Where to write, in which language, for which licence and rules.

    ``open`` reads a description and prepares it; ``licence`` is an existing licence file, and
    ``select`` names the rules that are to be selected beside the default. Each of the ``roles``
    gets the questions that it can answer in a part of its own. How much of the repository is looked
    at is ``told``.
    """

    path: Path
    lang: Lang
    policies: tuple[Policy, ...]
    open: Callable[[Path], Scene]
    told: Callable[[int, int], object]
    select: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    licence: Path | None = None
    overwrite: bool = False


def run(arguments: Namespace) -> str:
    """Write a starting description, and the licence of a paper if one is named."""
    path, paper = sort_files(arguments.files)

    def init(project: Project) -> str:
        screen, language = project.screen, project.options.language
        options = InitOptions(
            path=path,
            lang="en" if language == "en" else "zh",
            policies=project.session.policies,
            open=project.scene,
            select=tuple(dict.fromkeys(arguments.select)),
            roles=tuple(dict.fromkeys(arguments.roles)),
            licence=arguments.licence,
            overwrite=arguments.force,
            told=telling(arguments.say, language),
        )
        return run_init_from(paper, options, screen) if paper else screen.steps(run_init(options))

    # The file does not exist yet; pytest looks for its ini file from its folder on.
    return in_project(arguments, init, [path.parent])


def sort_files(files: Iterable[Path]) -> tuple[Path, Path | None]:
    """Return the description to write and the paper to read: ``a.icp.yaml``, ``LICENCE.pdf``.

    Raises `InputError` for two files of one sort, and for a paper in another form.
    """
    chosen: dict[bool, Path] = {}
    for file in files:
        refuse_other_forms(file)
        other = chosen.setdefault(file.suffix.lower() in _PAPERS, file)
        if other is not file:
            raise InputError(_TWO.format(one=str(other), other=str(file)))
    return chosen.get(False, Path(DEFAULT_FILE)), chosen.get(True)


def run_init_from(paper: Path, options: InitOptions, screen: Screen) -> str:
    """Read the paper of a licence, then write the description for it; return a summary.

    Nothing is written if one of the files exists already. Raises `InputError` as
    `run_init` and `run_paper` do.
    """
    if options.licence:
        raise InputError(_TWO_LICENCES.format(paper=str(paper)))
    _check_name(options.path)
    check_exists(paper)
    folder, overwrite = options.path.parent, options.overwrite
    licence, comparison = targets(folder)
    if not overwrite:
        check_absent(options.path, licence, comparison)
    summary = run_paper(paper, folder, options.policies, options.lang, screen, overwrite=overwrite)
    said = run_init(replace(options, licence=licence))
    return f"{summary}\n{screen.steps(said)}"


def run_init(options: InitOptions) -> Text:
    """Write the description; return a summary.

    Raises `InputError` if the file exists already, is not named as a description, or
    cannot be written, or if the licence cannot be used.
    """
    _check_name(options.path)
    check_folder(options.path)
    if not options.overwrite:
        check_absent(options.path)
    if options.licence and options.licence.absolute() == options.path.absolute():
        raise InputError(_SAME, place=Place(path=options.licence))
    found = found_sources(options.path, options.told)
    starter = Starter(
        schema=relative_to_folder(Path(FOLDER, "description.schema.json"), options.path.parent),
        licence_file=_name_of(options),
        sources=found.entries,
        elsewhere=found.elsewhere,
        select=options.select,
    )
    if found.entries or found.pages:
        found = with_hosts(found, _scene(starter, options).description)
        starter = replace(
            starter, sources=found.entries, pages=found.pages, elsewhere=found.elsewhere
        )
    scene = _scene(starter, options)
    decider = Decider(scene, options.policies, _rules(options, scene.description))
    closings = sorted(decider.closing(scoping_questions(), MOST_QUESTIONS), key=_pursued)
    elements, day = _elements(scene.description, closings), scene.context.today
    starter = replace(starter, elements=elements, day=day.isoformat())
    texts = _texts(starter, closings, options)
    if not options.overwrite:
        check_absent(*texts)
    for path, text in texts.items():
        write_new(path, text, overwrite=options.overwrite)
    written = _WRITTEN.format(
        path=", ".join(map(str, texts)),
        sources=len(found.entries),
        questions=len(closings) + len(found.pages),
        closed=sum(len(closing.rules) for closing in closings),
        rules=len(decider.rules),
    )
    if urgent := term_of(scene, binding(options.policies, scene.description)).urgent:
        written = urgent + plain("\n") + written
    return reduce(add, _still_to_do(options, found, scene.description), written)


def _still_to_do(
    options: InitOptions, found: FoundSources, description: Description
) -> Iterator[Text]:
    """Yield what is missing beside the answers to the questions, and what was left out."""
    if options.licence is None:
        yield _NO_LICENCE
    if found.pages:
        yield _HOSTS.format(paths=listed([str(entry["path"]) for entry in found.pages]))
    yield from _unreadable(description)
    if found.elsewhere:
        yield _ELSEWHERE.format(paths=listed([str(one["path"]) for one in found.elsewhere]))
    yield from _not_sources(found)
    if not found.complete:
        yield _STOPPED


def _pursued(closing: Closing) -> int:
    """Return how soon a question is asked: the rules that authorities pursue most come first."""
    return min(map(by_practice, closing.rules))


def _unreadable(description: Description) -> Iterator[Text]:
    """Yield the sources that cannot be read, and what to do."""
    failed = [(one.path, one.error) for one in description.readings if one.error]
    if failed:
        yield _UNREADABLE
    for path, error in failed:
        yield _SOURCE.format(path=path, message=error.message, hint=error.hint)


def _not_sources(found: FoundSources) -> Iterator[Text]:
    """Yield the files that no kind of source reads, and what to do with them instead."""
    if found.unread:
        yield _UNREAD
    for advice, paths in found.unread.items():
        yield _ADVICE.format(paths=listed(paths), advice=advice)


def _texts(starter: Starter, closings: Iterable[Closing], options: InitOptions) -> dict[Path, str]:
    """Return the description and its parts: what a role can answer is asked in its own."""
    parts = {role: part_name(options.path.name, role) for role in options.roles}
    asked: dict[str, list[Closing]] = {role: [] for role in ("", *parts)}
    for closing in closings:
        role = asked_of(closing.asked.path)
        asked[role if role in parts else ""].append(closing)
    keeper = asked_of("renewal") if asked_of("renewal") in parts else ""
    maker = asked_of(SITES) if asked_of(SITES) in parts else ""
    texts: dict[Path, str] = {}
    for role, about in asked.items():
        part = replace(starter, role=role, closings=tuple(about), renewal=role == keeper)
        if role != maker:
            sites = tuple({"id": one["id"]} for one in starter.elements.get(SITES, ()))
            part = replace(part, elements={**starter.elements, SITES: sites})
        part = part if role else replace(part, include=tuple(parts.values()))
        path = options.path.with_name(parts.get(role, options.path.name))
        texts[path] = starter_text(part, options.lang)
    return texts


def _scene(starter: Starter, options: InitOptions) -> Scene:
    """Return what the description says before any question is answered."""
    folder = options.path.parent
    with refused(options.path):
        file = NamedTemporaryFile(  # noqa: SIM115 - some systems open a file only once
            "w", dir=folder, prefix=".", suffix=_SUFFIXES[0], encoding="utf-8", delete=False
        )
    path = Path(file.name)
    try:
        with file:
            file.write(starter_text(starter, options.lang))
        return options.open(path)
    finally:
        path.unlink()


def _rules(options: InitOptions, description: Description) -> frozenset[str]:
    """Return the rules to ask about: those that are selected, and those of the roles."""
    selected = Selection(binding(options.policies, description), description).rules
    return selected.union(*groups_among(options.roles, options.policies).values())


def _elements(
    description: Description, closings: Iterable[Closing]
) -> dict[str, tuple[JsonObject, ...]]:
    """Return the elements of each list that questions are about, as far as they are named.

    A list that is not declared has one, called as the first site on the licence. Sites have the
    hosts that serve only them, whether there is a question about sites or not.
    """
    rows = description.licence.get("attachments")
    first = rows[0] if isinstance(rows, list) and rows else None
    named = first if isinstance(first, Mapping) else {}
    found: dict[str, tuple[JsonObject, ...]] = {}
    tops = {closing.asked.top for closing in closings if is_list(closing.asked.top)}
    sites = served_sites(list_of(description.facts.get(SITES)))
    if any("domains" in one for one in sites):
        found[SITES] = tuple(one for one in sites if SITES in tops or "domains" in one)
    for top in tops - {*found}:
        declared = description.facts.get(top)
        if isinstance(declared, list):
            found[top] = tuple({"id": one["id"]} for one in declared if isinstance(one, Mapping))
            continue
        element: dict[str, Json] = {"id": description.only_id}
        if "name" in members(SCHEMA, top).names:
            element["name"] = named.get("name")
        found[top] = (element,)
    return found


def _check_name(path: Path) -> None:
    if not path.name.endswith(_SUFFIXES):
        name = f"{path.name.split('.')[0] or 'infra'}{_SUFFIXES[0]}"
        raise InputError(_NAME, place=Place(path=path), hint=_RENAME.format(name=name))


def _name_of(options: InitOptions) -> str:
    return relative_to_folder(options.licence, options.path.parent) if options.licence else ""


# ---- Which rules an answer decides, found by deciding them with it (可判断的规则)


class Decider:
    """Decides the rules that bind a description again, with other facts than it has."""

    def __init__(self, scene: Scene, policies: Iterable[Policy], rules: frozenset[str]) -> None:
        self._scene = scene
        self._rules: dict[str, tuple[Policy, Obligation]] = {}
        self._by_fact: dict[str, dict[str, None]] = {}
        for policy in binding(policies, scene.description):
            for obligation in policy.obligations:
                if obligation.rule_id in rules:
                    self._rules[obligation.rule_id] = (policy, obligation)
                    for fact in facts_needed(policy, obligation):
                        top = fact.partition(".")[0]
                        self._by_fact.setdefault(top, {})[obligation.rule_id] = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that are decided."""
        return tuple(self._rules)

    def verdicts(self, facts: JsonObject, rules: Iterable[str]) -> dict[str, Verdict]:
        """Return the verdicts of some rules where these are the facts."""
        context = self._scene.context
        scene = prepare(
            replace(self._scene.description, facts=facts),
            as_of=context.as_of,
            settings=context.settings,
            calendar=context.calendar,
            kinds=self._scene.kinds,
        )
        return {rule: decide(scene, *self._rules[rule]).verdict for rule in rules}

    def closing(self, questions: Sequence[Scoping], most: int) -> Iterator[Closing]:
        """Yield the questions whose no closes rules, those that close most first.

        What an earlier no has closed, a later one does not close again.
        """
        facts = self._scene.description.facts
        verdicts = self.verdicts(facts, self._rules)
        unknown = {rule for rule, verdict in verdicts.items() if verdict is Verdict.UNKNOWN}

        def closes(one: Scoping) -> tuple[str, ...]:
            rules = [rule for rule in self._by_fact.get(one.top, ()) if rule in unknown]
            # A list that has elements is not empty.
            if not rules or facts.get(one.path) is not None:
                return ()
            closed = self.verdicts(answered(facts, one), rules)
            return tuple(rule for rule in rules if closed[rule] is Verdict.NOT_APPLICABLE)

        for one in sorted(questions, key=lambda one: -len(closes(one))):
            rules = closes(one) if most else ()
            if not rules:
                return
            yield Closing(one, rules)
            facts, most = answered(facts, one), most - 1
            unknown.difference_update(rules)
