"""``pytest-icp ask``: asks at the terminal for the facts that rules need, and writes them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pytest_icp.cli.arguments import columns
from pytest_icp.cli.editing import Placed, content_of, placed, set_values, with_values
from pytest_icp.cli.output import write_bytes
from pytest_icp.cli.project import Project, in_project
from pytest_icp.engine import decide
from pytest_icp.facts.answers import YES, read_answer
from pytest_icp.facts.fields import QUESTION, asked_of, form_of, roles, title_of, word_of
from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.properties import bilingual, lacking, mark, members, property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer, tokens
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.to_declare import MissingFact, missing_facts
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.policy import Obligation
from pytest_icp.sources.loading import Memory

_REGISTER = "attestations"

_KEYS = Text(
    zh="空行：跳过  -：还不知道  ?：为什么问  q：停止，已答的都已保存",
    en="enter: skip  -: not known  ?: why  q: stop, everything is saved",
)
_QUESTION = Text(
    zh="第 {number} 个问题，共 {all} 个 · {role} · 可判断 {n} 项规则：{rules}",
    en="question {number} of {all} · {role} · decides {n:rule}: {rules}",
)
_DECIDED = Text(zh="已判断 {decided}/{all}", en="decided {decided} of {all}")
_SO_MANY = Text(zh="{rules} 等", en="{rules} and others")
_EXAMPLE = Text(zh="{form}，例如 {example}", en="{form}, for example {example}")
_ONE_OF = Text(zh="填写其中之一：{values}", en="one of: {values}")
_SOME_OF = Text(
    zh="填写其中几项，以逗号分隔，都没有填 []：{values}",
    en="those that are so, with commas, or [] for none: {values}",
)
_OF_ELEMENT = Text(zh="{question}（{element}）", en="{question} ({element})")
_YES_NO_ALL = Text(
    zh="y / n    其余 {n} 项（{names}）也一样的：yy / nn",
    en="y / n    the same for the other {n} ({names}): yy / nn",
)
_NOT_YES_OR_NO = Text(zh="这里不问是或否", en="this is not asked with yes or no")
_ANY = Text(zh="是否有“{title}”？", en="Is there any of “{title}”?")
_FOR_ALL = Text(
    zh="其余 {n} 项（{names}）是否也一样？[y/N]", en="The same for the other {n} ({names})? [y/N]"
)
_WRITTEN = Text(zh="已写入 {place}   {name}: {value}", en="written: {place}   {name}: {value}")
_NOW_DECIDED = Text(zh="   又判断 {n} 项规则", en="   {n:more rule} decided")
_SAVED = Text(zh="已写入 {file}：{n} 个事实。", en="Wrote {n:fact} to {file}.")
_NONE_WRITTEN = Text(zh="没有写入任何事实。", en="No fact was written.")
_DONE = Text(zh="没有更多可以问的了。", en="There is nothing more to ask.")
_UNANSWERED = Text(
    zh="还有 {n} 个事实没有回答，再次运行 pytest-icp ask 会接着问。",
    en="{n:fact} without an answer; run pytest-icp ask again to go on.",
)
_NEXT = plain("  ")
_LAW = Text(zh="{rule}  {title}：{meaning}", en="{rule}  {title}: {meaning}")

_MOST_RULES = 3
"""So many rules, and elements, are named."""

_YES_NO = plain("y / n")


class Stopped(Exception):  # noqa: N818 - what happened, not an error
    """The person who answers has gone."""


def run(arguments: Namespace) -> str:
    """Ask until nothing is left or nobody answers; return what was written.

    Raises `InputError` if the description cannot be read or changed.
    """
    paths = [arguments.file] if arguments.file else []

    def ask(project: Project) -> str:
        path = arguments.file or project.description("{file}")
        return _Interview(project, path, arguments.roles).held()

    # pytest captures what is typed, too.
    return in_project(arguments, ask, paths, "--capture=no")


class _Interview:
    """One session of questions to people of some roles, of all if there are none.

    ``passed`` are the facts that were skipped in it; ``beside`` are those that are null only
    because another one was answered.
    """

    def __init__(self, project: Project, path: Path, roles: Sequence[str]) -> None:
        self.project, self.path, self.roles = project, path, roles
        self.language = project.options.language
        self.passed: set[str] = set()
        self.beside: set[str] = set()
        self.written: dict[Path, int] = {}
        self.asked = 0
        self.block = ""
        self.memory = project.session.memory = Memory()
        self.look()

    def held(self) -> str:
        """Ask until nothing is left or nobody answers; return what was written."""
        stopped = False
        try:
            while self.ask_next():
                pass
        except Stopped:
            print()
            stopped = True
        left = len(self.open())
        ended = _UNANSWERED.format(n=left) if stopped or left else _DONE
        return "\n".join([*self.summary(), *self.said(ended)])

    def look(self) -> None:
        """Read the description, and decide its rules."""
        self.scene = self.project.scene(self.path)
        self.rules: dict[str, Obligation] = {}
        results: list[Result] = []
        for policy in self.project.selection(self.path).within():
            for obligation in policy.obligations:
                self.rules[obligation.rule_id] = obligation
                results.append(decide(self.scene, policy, obligation))
        self.decided = sum(one.verdict is not Verdict.UNKNOWN for one in results)
        self.missing = missing_facts(results)

    def open(self) -> list[MissingFact]:
        """Return the facts that may be asked for, the most decisive first."""
        return [fact for fact in self.missing if self._asks(fact)]

    def _asks(self, fact: MissingFact) -> bool:
        wanted = not self.roles or asked_of(fact.path) in self.roles
        # Documents are entered with their hashes, by a person.
        wanted = wanted and fact.path.partition(".")[0] != _REGISTER
        return wanted and (fact.path in self.beside or not self._is_null(next(iter(fact.pointers))))

    def _is_null(self, at: str) -> bool:
        """Whether somebody wrote that the fact is not known yet."""
        *above, name = tokens(at)
        if not above:
            files = (file.data for file in self.scene.description.joined.files)
            return any(isinstance(f, Mapping) and f.get(name, "") is None for f in files)
        *_, value = self._down_to(above)
        return isinstance(value, Mapping) and name in value and value[name] is None

    def _down_to(self, steps: Sequence[str]) -> Iterator[Json]:
        """Yield the values on the way to a place, from the outermost on."""
        value: Json = self.scene.description.facts
        for step in steps:
            if isinstance(value, list):
                value = value[int(step)] if int(step) < len(value) else None
            else:
                value = value.get(step) if isinstance(value, Mapping) else None
            yield value

    def ask_next(self) -> bool:
        """Ask for one fact and write the answer; return whether there was one to ask for."""
        facts = [fact for fact in self.open() if fact.path not in self.passed]
        if not facts:
            return False
        # What belongs to the same object is asked for together.
        fact = next(
            (one for one in facts if self.block and _above(one.path) == self.block), facts[0]
        )
        self.block = _above(fact.path)
        self.asked += 1
        self._question(fact, self.asked + len(facts) - 1)
        values = self._answer(fact)
        self.beside.discard(fact.path)
        if values:
            self._save(values)
        else:
            self.passed.add(fact.path)
        return True

    def _question(self, fact: MissingFact, every: int) -> None:
        """Print what is asked, of so many questions: who knows it, what waits, how to answer."""
        rules, at = fact.waiting, fact.first.location
        head = _QUESTION.format(
            number=self.asked,
            all=every,
            role=roles()[asked_of(fact.path)],
            n=len(rules),
            rules=_names(rules),
        )
        for text in ("", *self.said(head), ""):
            print(text)
        question, found = mark(SCHEMA, fact.path, QUESTION), property_at(SCHEMA, fact.path)
        if isinstance(question, str):
            asked = bilingual(question)
        else:
            title = title_of(fact.path)
            asked = _ANY.format(title=title) if _has_elements(fact.path) else title
        element = self._element(next(iter(fact.pointers)))
        self._show(_OF_ELEMENT.format(question=asked, element=element) if element else asked)
        self._show(found.description if found else plain(""), "  ")
        self._show(plain(f"{fact.path.replace('.', ' › ')}    {at}"), "  ")
        self._show(self._form(fact), "  ")
        self._show(_KEYS, "  ")

    def _element(self, at: str) -> str:
        """Return the id of the innermost element that a fact is of; empty if it is of none."""
        steps = tokens(at)
        elements = (
            one for step, one in zip(steps, self._down_to(steps), strict=True) if step.isdecimal()
        )
        ids = [str(one["id"]) for one in elements if isinstance(one, Mapping) and "id" in one]
        return ids[-1] if ids else ""

    def _choices(self, path: str) -> list[str]:
        """Return the values that a fact may have, where there are no others."""
        found, of = property_at(SCHEMA, path), mark(SCHEMA, path, "x-icp-ref")
        if isinstance(of, str):
            elements = self.scene.description.facts.get(of)
            listed = elements if isinstance(elements, list) else []
            return [str(one["id"]) for one in listed if isinstance(one, Mapping)]
        if found is None or found.time or set(found.types) - {"array"}:
            return []
        return [str(word) for word in members(SCHEMA, path).words]

    def _form(self, fact: MissingFact) -> Text:
        path, (_, *others) = fact.path, fact.pointers
        if _is_yes_or_no(path):
            return (
                _YES_NO_ALL.format(n=len(others), names=self._elements(others))
                if others
                else _YES_NO
            )
        found, form = property_at(SCHEMA, path), form_of(SCHEMA, path)
        if choices := self._choices(path):
            said = _SOME_OF if found and "array" in found.types else _ONE_OF
            return said.format(values=_NEXT.join(_numbered(path, choices)))
        example = found.examples[0] if found and found.examples else None
        # A name in an example is that of another company.
        name = isinstance(example, str) and not (found and (found.time or found.words))
        if example is None or name or isinstance(example, (list, Mapping)):
            return plain(str(form))
        return _EXAMPLE.format(form=form, example=flow(example))

    def _elements(self, pointers: Sequence[str]) -> Text:
        return _names([self._element(one) or one for one in pointers])

    def _answer(self, fact: MissingFact) -> dict[str, Json]:
        """Return the values by pointer; none if the question is skipped."""
        at, *others = fact.pointers
        while True:
            written = self._read()
            if not written:
                return {}
            if written in {"?", "？"}:
                self._explain(fact)
                continue
            if written == "-":
                return dict.fromkeys(fact.pointers)
            of_all = _is_yes_or_no(fact.path) and written.lower() in {"yy", "nn"}
            try:
                value = self._value(fact, written[0] if of_all else written)
            except InputError as error:
                self._show(error.message, "  ")
                self._show(error.hint, "  ")
                continue
            if others and not _is_yes_or_no(fact.path):
                asked = _FOR_ALL.format(n=len(others), names=self._elements(others))
                of_all = self._agrees(asked)
            return dict.fromkeys(fact.pointers if of_all else [at], value)

    def _value(self, fact: MissingFact, written: str) -> Json:
        path = fact.path
        if not _is_yes_or_no(path):
            if written.lower() in {"y", "n"}:
                raise InputError(_NOT_YES_OR_NO, hint=self._form(fact))
            chosen = self._chosen(path, written)
            return read_answer(SCHEMA, path, chosen, form_of(SCHEMA, path))
        if not _has_elements(path) or written.lower() not in YES:
            return read_answer(SCHEMA, path, written, form_of(SCHEMA, path))
        # An element needs an id; what else is to be known of it is asked for after that.
        own = f"{path}.id"
        while True:
            self._show(title_of(own))
            try:
                return [{"id": read_answer(SCHEMA, own, self._read(), form_of(SCHEMA, own))}]
            except InputError as error:
                self._show(error.message, "  ")

    def _chosen(self, path: str, written: str) -> str:
        """Return the values that somebody names by their numbers."""
        choices = self._choices(path)
        parts = written.replace("，", ",").replace("、", ",").split(",")
        if not all(part.strip().isdecimal() for part in parts):
            return written
        numbers = [int(part) for part in parts]
        inside = all(0 < number <= len(choices) for number in numbers)
        return ", ".join(choices[number - 1] for number in numbers) if inside else written

    def _agrees(self, question: Text) -> bool:
        self._show(question, "  ")
        return self._read().lower() in YES

    def _read(self) -> str:
        try:
            written = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            raise Stopped from None
        if written in {"q", "Q"}:
            raise Stopped
        return written

    def _explain(self, fact: MissingFact) -> None:
        """Print the duties that wait, with the words of the licence or the law."""
        for rule in fact.waiting[: _MOST_RULES * 2]:
            one = self.rules[rule]
            said = _LAW.format(rule=rule, title=one.title, meaning=one.meaning)
            law = (v.quote for cited in one.cites for v in cited.versions if v.quote)
            self._show(said, "  ")
            self._show(one.quote or next(law, plain("")), "      ")

    def _save(self, values: Mapping[str, Json]) -> None:
        """Write answers to the files that they belong in, and look again.

        What the description cannot have, such as a file that is not there, is taken back.
        """
        for at, value in values.items():
            to = placed(self.scene.description, at, value)
            path = to.file.path
            before = content_of(path)
            more = [*lacking(with_values(to.file.data, to.values), SCHEMA)]
            set_values(path, {**to.values, **dict.fromkeys(more)})
            self.beside |= {".".join(n for n in one if isinstance(n, str)) for one in more}
            self.memory.forget(path)
            decided = self.decided
            try:
                self.look()
            except InputError as error:
                write_bytes(path, before, overwrite=True)
                self.memory.forget(path)
                self._show(error.message, "  ")
                return
            self.written[path] = self.written.get(path, 0) + 1
            place, name = self._line_of(path, to), tokens(at)[-1]
            said = _WRITTEN.format(place=f"{place.path}:{place.line}", name=name, value=flow(value))
            newly = self.decided - decided
            self._show(said + _NOW_DECIDED.format(n=newly) if newly > 0 else said, "  ")

    def _line_of(self, path: Path, to: Placed) -> Location:
        """Return the line on which a value stands now, as findings call it."""
        *_, at = to.values
        files = self.scene.description.joined.files
        return self.scene.locator.at(next(f for f in files if f.path == path).place(pointer(at)))

    def summary(self) -> Iterator[str]:
        """Yield what was written, and how far the rules are decided."""
        yield from self.said(_DECIDED.format(decided=self.decided, all=len(self.rules)))
        for file, n in self.written.items():
            named = self.scene.locator.at(Place(path=file)).path
            yield from self.said(_SAVED.format(file=named, n=n))
        if not self.written:
            yield from self.said(_NONE_WRITTEN)

    def _show(self, text: Text, indent: str = "") -> None:
        for line in self.said(text, indent) if text.en else ():
            print(line)

    def said(self, text: Text, indent: str = "") -> list[str]:
        """Return a text in the language of the user, wrapped."""
        said = in_languages(text, self.language)
        return wrap(f"{indent}{said}", columns(), indent=indent)


def _above(path: str) -> str:
    """Return the path of the object that a fact belongs to; that of a top-level one is empty."""
    return path.rpartition(".")[0]


def _names(names: Sequence[str]) -> Text:
    named = plain(", ".join(names[:_MOST_RULES]))
    return _SO_MANY.format(rules=named) if len(names) > _MOST_RULES else named


def _numbered(path: str, choices: Sequence[str]) -> Iterator[Text]:
    for number, value in enumerate(choices, 1):
        word = word_of(path, value)
        called = f"{value}（{word.zh}）" if word else value
        yield Text(zh=f"{number} {called}", en=f"{number} {value}")


def _is_yes_or_no(path: str) -> bool:
    """Whether a fact is asked with yes or no: one of these, or whether there are elements."""
    found = property_at(SCHEMA, path)
    return _has_elements(path) or (found is not None and found.types == ("boolean",))


def _has_elements(path: str) -> bool:
    """Whether a fact is a list of elements with ids."""
    found = property_at(SCHEMA, path)
    return found is not None and "array" in found.types and "id" in members(SCHEMA, path).names
