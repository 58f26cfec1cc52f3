"""The starting description: questions as commented YAML that is valid once uncommented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pytest_icp.facts.files.properties import flow
from pytest_icp.facts.questions import Group, Question
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.text import Lang, Text
from pytest_icp.reports.layout import wrap

_COLUMNS = 80
_MOST_RULES = 4
_MOST_WORDS = 16


class Topic(Struct, frozen=True):
    """A chapter of the description: its heading and the top-level facts under it."""

    title: Text
    names: tuple[str, ...]


TOPICS = (
    Topic(
        Text("许可证、延续和年报", "The licence, its renewal and the annual reports"),
        (
            *("licence", "licence_file", "renewal", "annual_reports", "other_licences"),
            "approvals",
        ),
    ),
    Topic(
        Text("公司、场所和宣传", "The company, its premises and its publicity"),
        (
            *("company", "corporate_events", "business_places", "promo_materials"),
            *("service_ads", "claims"),
        ),
    ),
    Topic(
        Text("网站和业务", "Sites and services"),
        (
            *("sites", "services", "domains", "servers", "systems", "app_store", "apps"),
            *("search", "push_channels", "public_accounts", "open_platform_publishers"),
            *("user_rules", "sanction_ladder"),
        ),
    ),
    Topic(
        Text("线路、码号和设备", "Links, numbers and equipment"),
        (
            *("network_links", "construction_projects", "resource_grants"),
            *("numbering_resources", "equipment", "user_abuse_controls"),
        ),
    ),
    Topic(
        Text("用户和收费", "Users and charges"),
        (
            *("customer_service", "complaints", "tariffs", "price_list", "charges"),
            *("billing", "collection_agents"),
        ),
    ),
    Topic(
        Text("日志和违法信息", "Logs and illegal content"),
        ("log_stores", "content_monitoring", "illegal_content_cases", "own_content_reviews"),
    ),
    Topic(
        Text("网络安全和个人信息", "Network security and personal information"),
        (
            *("security_org", "security_staff", "security_staff_required", "staff_filings"),
            *("security_controls", "network_units", "data_stores", "privacy_notice"),
            *("pi_protection", "pi_self_checks", "pi_trainings", "pi_audits", "pias"),
            *("incidents", "vulnerabilities"),
            *(
                "emergency_plans",
                "emergency_mechanism",
                "releases",
                "security_assessments",
                "threat_notices",
            ),
        ),
    ),
    Topic(
        Text("监督检查和协助", "Inspections and support to authorities"),
        ("inspections", "authority_support", "authority_requests"),
    ),
    Topic(Text("证明文件", "Supporting documents"), ("attestations",)),
)
"""Every top-level fact of a description, in the order of the questions."""

_HEAD = (
    Text(
        "持证公司的基础设施描述：pytest 据此核对许可证的特别规定事项。",
        "The infrastructure of a licensed company; pytest checks it against the special "
        "provisions of the licence.",
    ),
    Text("", ""),
    Text("填写方法", "How to fill it in"),
    Text(
        "- 第一行供编辑器使用，保持不变。以“##”开头的是说明。其他以“# ”开头的是问题，所填内容只是"
        "示例：能回答的，去掉行首的“# ”（连同它上面各级的行），改成实际情况。",
        "- The first line is for your editor: leave it as it is. Lines that begin with “##” "
        "explain. All others that begin with “# ” are questions with an example as the answer: "
        "take the “# ” off those that you can answer (and off the lines that they belong to), "
        "and write your own values.",
    ),
    Text(
        "- 留着不答、或者填 null，表示不知道，结论为“无法判断”，不会当作合格。",
        "- What stays a question, or is null, counts as not known: the verdict is “unknown”, never "
        "a pass.",
    ),
    Text(
        "- 空清单 [] 表示没有；日期填 never 表示没有发生；true 表示是，false 表示否。",
        "- An empty list [] means that there are none, never for a date that it has not happened.",
    ),
    Text(
        "- 清单中有多项的，照抄以“- ”开头的一组。人员只写岗位，不写姓名。",
        "- For more elements of a list, copy the group of lines that begins with “- ”. Name people "
        "by their post, never by name.",
    ),
    Text(
        "- “用于”之后是使用该事实的规则，查看规则的内容：pytest-icp explain SP12/renewal",
        "- “Read by” names the rules that use a fact; to see a rule: "
        "pytest-icp explain SP12/renewal",
    ),
)
_CHOICES = Text("可填 {words}。", "One of: {words}.")
_WORDS_MORE = Text("{words} 等", "{words} and others")
_READ_BY = Text("用于 {rules}。", "Read by {rules}.")
_READ_BY_MORE = Text("用于 {rules} 等 {n} 项规则。", "Read by {rules} and {more} more.")
_LICENCE_APART = Text(
    "许可证也可以写在单独的文件里：去掉下面整段，改写 licence_file: licence.yaml",
    "The licence may have a file of its own: leave this block out and write "
    "licence_file: licence.yaml",
)
_SOURCES = Text(
    "来源：从以下文件读出事实，与下面手写的合并。这些文件是在仓库中找到的，请删去不是部署所用的；"
    "host 为 null 的，填写显示该网页的主机名。assume 是对其中各事项的假定，别处没有说明的才适用："
    "与实际不符的，请删去。",
    "Sources: facts are read from these files and joined with those written below. They were "
    "found in the repository: remove those that are not deployed, and replace a host that is "
    "null with the host that shows the page. What is under assume holds for their elements where "
    "nothing else says otherwise: remove what is not so.",
)
_LICENCE_GAPS = Text("许可证文件中还没有写：{facts}。", "Still missing in that file: {facts}.")


class Starter(Struct, frozen=True, kw_only=True):
    """What a starting description is made of.

    ``schema`` is where an editor finds the schema, ``licence_file`` the licence's own file
    (empty when there is none) and ``gaps`` the titles of what it does not say yet;
    ``sources`` are the entries of that name.
    """

    questions: tuple[Question, ...]
    schema: str
    licence_file: str = ""
    gaps: tuple[Text, ...] = ()
    sources: tuple[JsonObject, ...] = ()


def starter_text(starter: Starter, lang: Lang) -> str:
    """Return the file: valid as it stands, and with any of its questions uncommented."""
    return "\n".join(_Writer(lang).document(starter)) + "\n"


class _Writer(Struct, frozen=True):
    """Writes questions in one language."""

    lang: Lang

    def document(self, starter: Starter) -> Iterator[str]:
        yield f"# yaml-language-server: $schema={starter.schema}"
        for words in _HEAD:
            yield from self._says(words[self.lang], 0)
        yield "apiVersion: pytest-icp/v1"
        if starter.sources:
            yield ""
            yield from self._says(_SOURCES[self.lang], 0)
            yield "sources:"
            yield from (f"  - {flow(source)}" for source in starter.sources)
        by_name = {question.name: question for question in starter.questions}
        chapters = [
            (topic, [by_name[name] for name in topic.names if name in by_name]) for topic in TOPICS
        ]
        for topic, questions in chapters:
            apart = bool(starter.licence_file) and "licence" in topic.names
            if questions or apart:
                yield from self._heading(topic)
            if apart:
                yield from self._licence_file(starter)
            for question in questions:
                yield ""
                yield from self._top(question)

    def _heading(self, topic: Topic) -> Iterator[str]:
        yield ""
        yield "## " + "=" * (_COLUMNS - 3)
        yield f"## {topic.title[self.lang]}"
        yield "## " + "=" * (_COLUMNS - 3)

    def _licence_file(self, starter: Starter) -> Iterator[str]:
        yield ""
        if starter.gaps:
            facts = self._listed([title[self.lang] for title in starter.gaps])
            yield from self._says(_LICENCE_GAPS[self.lang].format(facts=facts), 0)
        yield f"licence_file: {flow(starter.licence_file)}"

    def _top(self, question: Question) -> Iterator[str]:
        if question.name == "licence":
            yield from self._says(_LICENCE_APART[self.lang], 0)
        yield from self._question(question, 0, "", ())

    def _question(
        self, question: Question, indent: int, mark: str, known: Sequence[str]
    ) -> Iterator[str]:
        """Yield one question; ``mark`` is ``- `` where a list element begins with it.

        ``known`` are the rules that were named above: they are not named again.
        """
        yield from self._about(question, indent, known)
        stem = f"# {' ' * indent}{mark}{flow(question.name)}:"
        if not question.groups:
            yield f"{stem} {flow(question.example)}"
            return
        yield stem
        deeper = indent + len(mark) + 2
        for group in question.groups:
            yield from self._group(group, deeper, question)

    def _group(self, group: Group, indent: int, owner: Question) -> Iterator[str]:
        """Yield an element; how to answer is explained once for all elements of a list."""
        known = owner.rules
        if group.about[self.lang]:
            known = tuple(dict.fromkeys(rule for one in group.questions for rule in one.rules))
            about = f"{', '.join(known)} {group.about[self.lang]}"
            yield from self._says(about, indent)
        explained = owner.groups[0] is group
        for i, question in enumerate(group.questions):
            mark = "- " if owner.repeated and i == 0 else ""
            step = 2 if owner.repeated and i else 0
            lines = self._question(question, indent + step, mark, known)
            yield from (line for line in lines if explained or not line.startswith("##"))

    def _about(self, question: Question, indent: int, known: Sequence[str]) -> Iterator[str]:
        """Yield the words of a question; an identifier that no rule reads has none."""
        if not question.rules:
            return
        fact = question.fact
        colon, space = ("：", "") if self.lang == "zh" else (": ", " ")
        parts = [f"{fact.title[self.lang]}{colon}{fact.description[self.lang]}"]
        parts.append(self._choices(question))
        if list(question.rules) != list(known):
            parts.append(self._read_by(question.rules))
        yield from self._says(space.join(part for part in parts if part), indent)

    def _choices(self, question: Question) -> str:
        words = [flow(word) for word in question.words]
        if not words or question.fact.time:
            return ""
        shown = self._listed(words[:_MOST_WORDS])
        if len(words) > _MOST_WORDS:
            shown = _WORDS_MORE[self.lang].format(words=shown)
        return _CHOICES[self.lang].format(words=shown)

    def _read_by(self, rules: Sequence[str]) -> str:
        shown = self._listed(rules[:_MOST_RULES])
        more = len(rules) - _MOST_RULES
        if more <= 0:
            return _READ_BY[self.lang].format(rules=shown)
        return _READ_BY_MORE[self.lang].format(rules=shown, n=len(rules), more=more)

    def _listed(self, words: Sequence[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(words)

    def _says(self, words: str, indent: int) -> Iterator[str]:
        """Yield an explanation, which stays a comment when the block is uncommented."""
        lead = f"##{' ' * (indent + 1)}"
        hanging = "  " if words.startswith("- ") else ""
        for line in wrap(words, _COLUMNS - len(lead), indent=hanging):
            yield (lead + line).rstrip()
