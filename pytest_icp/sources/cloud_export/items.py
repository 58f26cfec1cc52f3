"""The items of answers, as the Terraform resources that they are (各项)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.derived import Gap
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.cloud_export.tables import is_one_of
from pytest_icp.sources.terraform.resource import Resource

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.cloud_export.answers import Answer
    from pytest_icp.sources.cloud_export.tables import Mapped
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.terraform.resource import Origin


class Items:
    """Collects the resources of answers, and says where each is; the links of an export."""

    def __init__(self, request: Request) -> None:
        self.resources: list[Resource] = []
        self.gaps: list[Gap] = []
        self.remarks: dict[Text, None] = {}
        self._request = request
        self._answers: dict[str, Answer] = {}
        self._set: dict[str, str] = {}

    def take(self, answer: Answer) -> None:
        """Add the items of an answer."""
        call = answer.call
        if call.tells is not None:
            self.remarks[_NOTHING.format(call=call.name, why=call.tells)] = None
        if not all(self._may_set(name, answer) for name in call.settings):
            return
        self._answers[answer.file] = answer
        self._request.meter.spend("elements", len(answer.items))
        for number, item in enumerate(answer.items):
            for mapped in call.items:
                self._add(answer, number, item, mapped)

    def _may_set(self, name: str, answer: Answer) -> bool:
        """Whether a setting that an answer needs is given, and for it alone."""
        first = self._set.setdefault(name, answer.file)
        message = _NO_SETTING if not self._request.settings.get(name) else _SEVERAL
        if message is _SEVERAL and first == answer.file:
            return True
        text = message.format(call=answer.call.name, name=name)
        self.gaps.append(Gap(message=text, place=answer.place, kinds=answer.call.gives))
        return False

    def _add(self, answer: Answer, number: int, item: Json, mapped: Mapped) -> None:
        if mapped.unless and any(is_one_of(item, *allowed) for allowed in mapped.unless):
            return
        settings = self._request.settings
        name = _name(mapped.id.of(item, settings))
        if name is None:
            if not mapped.optional:
                text = _NO_ID.format(call=answer.call.name)
                gap = Gap(message=text, place=answer.at(number), kinds=answer.call.gives)
                self.gaps.append(gap)
            return
        resource = Resource(
            address=name,
            base=name,
            index="",
            module="",
            row=mapped.row,
            values=_values(name, mapped, item, settings),
            unknown={},
            provider_key=answer.file,
            origin=number,
            whole=False,
        )
        self.resources.append(resource)

    def _mapped(self, resource: Resource) -> Mapped:
        """Return what a resource was made by: each has a row of its own."""
        made = self._answers[resource.provider_key].call.items
        return next(mapped for mapped in made if mapped.row is resource.row)

    # The links of an export: it has no references and no expressions, only names.

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:  # noqa: ARG002
        """Return nothing: what an item refers to is known by its id."""
        return ()

    def is_set(self, resource: Resource, attribute: str) -> bool | None:  # noqa: ARG002
        """Return None: an answer may leave out what is set."""
        return None

    def provider_region(self, key: str) -> str | None:  # noqa: ARG002
        """Return None: each item has its own."""
        return None

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute in its answer."""
        if origin.resource is None:
            return Place(path=self._request.path)
        form = self._mapped(origin.resource).attributes.get(origin.attribute)
        keys = form.read.paths[0] if form and form.read.paths else ()
        return self._answers[origin.resource.provider_key].at(origin.resource.origin, *keys)

    def written(self) -> dict[tuple[str, str], str]:
        """Return what the attributes of Terraform are called in the answers, by address."""
        names: dict[tuple[str, str], str] = {}
        for resource in self.resources:
            for attribute, form in self._mapped(resource).attributes.items():
                read = form.read
                keys = ".".join(read.paths[0]) if read.paths else read.setting
                names.setdefault((resource.address, attribute), keys)
        return names


def _values(name: str, mapped: Mapped, item: Json, settings: Mapping[str, Json]) -> dict[str, Any]:
    """Return the attributes of a resource, with dots into nested blocks."""
    values: dict[str, Any] = {"id": name}
    found_by = [read.of(item, settings) for read in mapped.reads]
    for first, below, read, form in mapped.parts:
        found = found_by[read]
        if form.rewrite is not None:
            found = form.rewrite(found)
        if not found:
            continue
        value = found[0] if len(found) == 1 else found
        if not below:
            values[first] = value
        elif found == [form.absent]:
            values.setdefault(first, value)
        else:
            block = values.get(first)
            values[first] = {**(block if isinstance(block, dict) else {}), below: value}
    return values


def _name(values: list[Json]) -> str | None:
    """Return the first value that is a name."""
    return next((str(value) for value in values if isinstance(value, _NAMES)), None)


_NAMES = (str, int)


_NOTHING = Text(zh="{call} 的输出没有用上：{why}", en="nothing is read from {call}: {why}")
_NO_SETTING = Text(
    zh="{call} 的输出没有写明域名，无法判断是哪些网站；请在该来源填写 {name}: 域名",
    en="the answer of {call} does not name its domain, so its sites are not known; "
    "add `{name}: DOMAIN` to this source",
)
_SEVERAL = Text(
    zh="同一来源有几份 {call} 的输出，{name} 只能说明其中一份；请各写成一个来源",
    en="this source has several answers of {call}, and `{name}` is about one: give each its own",
)
_NO_ID = Text(zh="{call} 的输出中有一项没有标识", en="an item in the answer of {call} has no id")
