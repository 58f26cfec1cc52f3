"""The starting description: the licence, the sources, and the questions that settle most rules.

Each question stands above its no, as commented YAML that is valid once uncommented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from pytest_icp.facts.evidence import papers
from pytest_icp.facts.fields import Closing, asked_of, roles
from pytest_icp.facts.files.faults import flow
from pytest_icp.law.jsontypes import JsonObject, texts_of
from pytest_icp.law.text import Lang, Text, plain
from pytest_icp.reports.layout import wrap
from pytest_icp.rules.selection import group_names

_COLUMNS = 80
_MOST_PROVISIONS = 4

_HEAD = Text(
    "持证公司的基础设施描述，pytest 据此核对许可证的特别规定事项。没有写的，或者填 null 的，"
    "表示不知道，结论为“无法判断”，不会当作合格。人员只写岗位，不写姓名。",
    "The infrastructure of a licensed company; pytest checks it against the special provisions of "
    "the licence. What is not here, or is null, counts as not known: the verdict is “unknown”, "
    "never a pass. Name people by their post, never by name.",
)
_PART = Text(
    "经营基础设施描述中由{role}填写的部分，由主文件的 include 并入。没有写的，或者填 null 的，表示"
    "不知道。人员只写岗位，不写姓名。",
    "The part of the description that is for {role}; the main file includes it. What is not here, "
    "or is null, counts as not known. Name people by their post, never by name.",
)
_NO_LICENCE = Text(
    "许可证：pytest-icp init LICENCE.txt 从许可证的文本或 PDF 读出；也可以自己写成文件，去掉下一行"
    "行首的“# ”。",
    "The licence: pytest-icp init LICENCE.txt reads it from its text or PDF. If you write the file "
    "yourself, take the “# ” off the next line.",
)
_SELECT = Text(
    "列入核对的规则：默认只有部署文件和许可证即可判断的、许可证的日程，以及有关所申报事项的；"
    "还要核对的在此写明，all 为全部。分组和人员：{names}。",
    "Rules that are selected: by default what deployed files and the licence decide, the calendar "
    "of the licence, and what is about declared facts. Name more of them here; all stands for "
    "every one. Groups and roles: {names}.",
)
_SOURCES = Text(
    "来源：从以下文件读出事实。这些文件是在仓库中找到的，请删去不是部署所用的。assume 是对其中"
    "各事项的假定，别处没有说明的才适用：与实际不符的，请删去。",
    "Sources: facts are read from these files. They were found in the repository: remove those "
    "that are not deployed. What is under assume holds for their elements where nothing else says "
    "otherwise: remove what is not so.",
)
_DESCRIBED = Text(
    "这些文件说明有什么，不说明从何时起有：所列的从 described_on 这一天起才知道，更早的日期无法"
    "判断。",
    "They tell what there is, not since when: what they list is known from described_on on, and an "
    "earlier day cannot be decided.",
)
_ELSEWHERE = Text(
    "以下来源从名称看不是正式环境，没有列入；是正式环境的，去掉“# ”，并删去 production: false。",
    "By their names these are not production, and are not read. Where one is, take the “# ” off, "
    "and remove production: false.",
)
_PAGES = Text(
    "这些网页、应用属于哪个主机？把尖括号改成主机名，并去掉行首的“# ”。",
    "Which host do these pages and apps belong to? Replace the angle brackets with it, and take "
    "the “# ” off.",
)
SITES = "sites"
"""The list whose elements may be proposed with their hosts."""

_HOSTS = Text(
    "从名称看，{hosts} 只提供接口或文件，没有自己的主页，是所服务网站的又一个主机。确是如此的，去掉"
    "下面各行行首的“# ”。",
    "By their names, {hosts} serve interfaces or files: they have no home page of their own, and "
    "are more hosts of the site that they serve. Where that is so, take the “# ” off the lines "
    "below.",
)
_QUESTIONS = Text(
    "问题：以“##”开头的是说明。回答“否”的，去掉下面各行行首的“# ”；回答“是”的，保持原样，"
    "pytest-icp ask 会接着问。",
    "Questions: lines that begin with “##” explain. Where the answer is no, take the “# ” off the "
    "lines below it; where it is yes, leave them, and pytest-icp ask goes on from there.",
)
_QUESTION = Text(
    "{question}（{role}）答“否”，{n} 项规则不适用：{provisions}。",
    "{question} ({role}) “No” closes {n:rule}: {provisions}.",
)
_RENEWAL = Text(
    "许可证届满后，继续经营（renew）、不再经营（exit），还是尚未决定（undecided）？（{role}）写明后"
    "去掉“# ”，pytest 就会提示最迟哪一天申请延续；已经申请的，把 never 换成申请日期。",
    "When the licence expires, do you go on (renew), stop (exit), or is it undecided? ({role}) "
    "Answer, and take the “# ” off: pytest then tells by which day to apply for renewal. If you "
    "have applied, replace never with the day.",
)
_PAPERS = Text(
    "证明材料：没有条文要求，公司可以自己要求。要求全部的，去掉“# ”；只要求其中几种的，写出它们："
    "{papers}。",
    "Papers that no text prescribes. The company may ask for them: take the “# ” off for all, or "
    "name those that you want: {papers}.",
)
_AND = Text("、", ", ")
_AND_MORE = Text("{provisions} 等", "{provisions} and others")


class Starter(Struct, frozen=True, kw_only=True):
    """What a starting description is made of.

    ``schema`` is where an editor finds the schema, ``select`` names the rules that are selected
    beside the default, ``licence_file`` is the licence's own file (empty when there is none);
    ``sources`` are the entries of that name, ``pages`` those whose host is to be filled in,
    ``elsewhere`` those of other environments than production, ``day`` that on which all were found.
    ``elements`` are those of a list, for the questions about each of them. ``renewal`` is whether
    the renewal of the licence is asked about. ``include`` are its parts; a part has the ``role``
    that keeps it, and neither the licence nor sources.
    """

    schema: str
    select: tuple[str, ...] = ()
    licence_file: str = ""
    sources: tuple[JsonObject, ...] = ()
    pages: tuple[JsonObject, ...] = ()
    elsewhere: tuple[JsonObject, ...] = ()
    day: str = ""
    closings: tuple[Closing, ...] = ()
    renewal: bool = False
    include: tuple[str, ...] = ()
    role: str = ""
    elements: Mapping[str, Sequence[JsonObject]] = field(default_factory=dict)


def starter_text(starter: Starter, lang: Lang) -> str:
    """Return the file: valid as it stands, and with any of its questions uncommented."""
    return "\n".join(_Writer(lang).document(starter)) + "\n"


def _source(source: JsonObject) -> Iterator[str]:
    """Yield an entry of ``sources``, what it assumes on a line of its own."""
    entry = flow({name: value for name, value in source.items() if name != "assume"})
    if assume := source.get("assume"):
        yield f"  - {entry.removesuffix('}')},"
        yield f"     assume: {flow(assume)}}}"
    else:
        yield f"  - {entry}"


class _Writer(Struct, frozen=True):
    """Writes a starting description in one language."""

    lang: Lang

    def document(self, starter: Starter) -> Iterator[str]:
        yield f"# yaml-language-server: $schema={starter.schema}"
        if starter.role:
            yield from self._says(_PART.format(role=roles()[starter.role]))
            yield "apiVersion: pytest-icp/v1"
        else:
            yield from self._says(_HEAD)
            yield "apiVersion: pytest-icp/v1"
            yield from (f"include: {flow(one)}" for one in [starter.include] if one)
            yield ""
            yield from self._licence(starter)
            yield from self._sources(starter)
            yield ""
            yield from self._says(_PAPERS.format(papers=_AND.join(map(plain, papers()[1:]))))
            yield "# papers: [all]"
        if starter.closings or starter.renewal:
            yield ""
            yield from self._says(_QUESTIONS)
        if starter.renewal:
            yield ""
            yield from self._says(_RENEWAL.format(role=roles()[asked_of("renewal")]))
            yield "# renewal: {intention: undecided, applied_on: never, decision: none}"
        tops = dict.fromkeys(one.asked.top for one in starter.closings)
        if any("domains" in one for one in starter.elements.get(SITES, ())):
            tops.setdefault(SITES)
        for top in tops:
            yield ""
            about = [one for one in starter.closings if one.asked.top == top]
            yield from self._block(top, about, starter.elements.get(top))

    def _sources(self, starter: Starter) -> Iterator[str]:
        if starter.sources or starter.pages or starter.elsewhere:
            yield ""
            yield from self._says(_SOURCES)
            if starter.day:
                yield from self._says(_DESCRIBED)
                yield f"described_on: {flow(starter.day)}"
            # Without an entry the key is a question too.
            yield "sources:" if starter.sources else "# sources:"
            yield from (line for source in starter.sources for line in _source(source))
        if starter.pages:
            yield from self._says(_PAGES, 2)
            yield from (f"#   - {flow(page)}" for page in starter.pages)
        if starter.elsewhere:
            yield from self._says(_ELSEWHERE, 2)
            yield from (f"#   - {flow(source)}" for source in starter.elsewhere)

    def _licence(self, starter: Starter) -> Iterator[str]:
        if starter.licence_file:
            yield f"licence_file: {flow(starter.licence_file)}"
            yield f"language: {self.lang}"
        else:
            yield from self._says(_NO_LICENCE)
            yield "# licence_file: licence.yaml"
        yield from self._says(_SELECT.format(names=_AND.join(map(plain, group_names()))))
        yield f"select: {flow(starter.select)}" if starter.select else "# select: all"

    def _block(
        self, top: str, about: Sequence[Closing], elements: Sequence[JsonObject] | None
    ) -> Iterator[str]:
        """Yield the questions about one top-level fact, each above its no."""
        direct = next((one for one in about if one.asked.path == top), None)
        if direct:
            yield from self._question(direct)
            yield f"# {top}: {flow(direct.asked.no)}"
            return
        yield f"# {top}:"
        answers = {tuple(one.asked.path.split(".")[1:]): one for one in about}
        if elements is None:
            yield from self._answers(answers, (), 2, explained=True)
        for i, element in enumerate(elements or ()):
            if hosts := texts_of(element.get("domains"))[1:]:
                yield from self._says(_HOSTS.format(hosts=_AND.join(map(plain, hosts))), 2)
            for name, value in element.items():
                yield f"#   {'- ' if name == 'id' else '  '}{name}: {flow(value)}"
            yield from self._answers(answers, (), 4, explained=not i)

    def _answers(
        self,
        answers: dict[tuple[str, ...], Closing],
        above: tuple[str, ...],
        indent: int,
        *,
        explained: bool,
    ) -> Iterator[str]:
        """Yield what is below a path, objects with what they contain."""
        below = dict.fromkeys(
            path[: len(above) + 1] for path in answers if path[: len(above)] == above
        )
        for path in below:
            stem = f"# {' ' * indent}{path[-1]}:"
            if path not in answers:
                yield stem
                yield from self._answers(answers, path, indent + 2, explained=explained)
                continue
            if explained:
                yield from self._question(answers[path], indent)
            yield f"{stem} {flow(answers[path].asked.no)}"

    def _question(self, one: Closing, indent: int = 0) -> Iterator[str]:
        provisions = [*dict.fromkeys(plain(rule.partition("/")[0]) for rule in one.rules)]
        shown = _AND.join(provisions[:_MOST_PROVISIONS])
        if len(provisions) > _MOST_PROVISIONS:
            shown = _AND_MORE.format(provisions=shown)
        yield from self._says(
            _QUESTION.format(
                question=one.asked.question,
                role=roles()[asked_of(one.asked.path)],
                n=len(one.rules),
                provisions=shown,
            ),
            indent,
        )

    def _says(self, words: Text, indent: int = 0) -> Iterator[str]:
        """Yield an explanation, which stays a comment when the block is uncommented."""
        lead = f"##{' ' * (indent + 1)}"
        yield from (f"{lead}{line}" for line in wrap(words[self.lang], _COLUMNS - len(lead)))
