"""Derive the elements of a description from resources, by the rows of their types.

Elements are merged by id; each fact has its origin. How long buckets keep the logs that are
written into them is what the rules of their lifecycles say (生命周期规则). What cannot be told is a
gap.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap, Provenance, Status, Trace
from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.jsontypes import Json, list_of, object_of, texts_of, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.resource import (
    FINAL,
    OWN,
    Expires,
    FactValue,
    Give,
    Graph,
    Hides,
    Links,
    Origin,
    Regions,
    Resource,
    leaves,
    marked,
    reader,
)
from pytest_icp.sources.terraform.tables import TAGS, is_site, lists_of, public_address, whole, word

FOR_EVER: Json = {"years": 100}
"""Objects stay until a rule of a lifecycle removes them, in all five clouds."""

_MANY = 100
_NOT_KNOWN = object()
"""A value that is not known."""
_EMPTY: tuple[Any, ...] = (None, "", 0, False, [], {})


class _Rule(NamedTuple):
    """A rule that removes objects: of which prefix, and after how many days (None: not known).

    ``certain``: it is switched on, and holds for every object with the prefix.
    """

    prefix: str | None
    days: int | None
    certain: bool
    origin: Origin


class Lifecycles:
    """The rules of all buckets of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def retention(self, bucket: Resource, prefixes: Collection[str | None]) -> FactValue:
        """Return how long objects with these prefixes are kept: the shortest time of any.

        Where that is not known, it may be how long at most, as ``{at_most: {days: n}}``. A prefix
        of None is not known. What another source manages has rules that are not seen here. Each
        prefix is compared with each rule, so where there are very many, they are not told apart.
        """
        told = prefixes if len(prefixes) <= _MANY else [None]
        rules = [rule for rule in self._rules.get(bucket, ()) if _touches(rule.prefix, told)]
        sure = [rule for rule in rules if rule.days and rule.certain and _covers(rule.prefix, told)]
        first = min(sure, key=lambda rule: rule.days or 0, default=None)
        unknown = self._doubt(bucket, rules, sure, first)
        if first is None:
            return unknown or FactValue(FOR_EVER, Origin(bucket))
        days: Json = {"days": first.days}
        return FactValue({"at_most": days} if unknown else days, first.origin)

    def _doubt(
        self, bucket: Resource, rules: list[_Rule], sure: list[_Rule], first: _Rule | None
    ) -> FactValue | None:
        """Return why it is not known how long objects are kept; None if it is."""
        for rule in rules:
            later = first and first.days and rule.days and rule.days >= first.days
            if rule not in sure and not later:
                return _unknown(rule.origin)
        name = bucket.row.provider.name
        elsewhere = first is None and (name in self._loose or not bucket.managed)
        return _unknown(Origin(bucket)) if elsewhere or name in self._unread else None

    @cached_property
    def _rules(self) -> Mapping[Resource, list[_Rule]]:
        """The rules that remove objects, by bucket."""
        found: dict[Resource, list[_Rule]] = defaultdict(list)
        for resource, expires, buckets in self._declaring:
            rules = [*_rules_of(self._graph, resource, expires)]
            for bucket in buckets:
                found[bucket] += rules
        return found

    @cached_property
    def _unread(self) -> frozenset[str]:
        """The providers with resources that are about a lifecycle and are not read."""
        return frozenset(
            type_.partition("_")[0] for type_ in self._graph.unread if "lifecycle" in type_
        )

    @cached_property
    def _loose(self) -> frozenset[str]:
        """The providers with rules of which the bucket is not known."""
        return frozenset(
            resource.row.provider.name
            for resource, expires, buckets in self._declaring
            if expires.of is not None
            and not buckets
            and not (bucket := reader(expires.of)(self._graph, resource)).values
            and not bucket.unset
        )

    @cached_property
    def _declaring(self) -> list[tuple[Resource, Expires, tuple[Resource, ...]]]:
        """What declares rules, and the buckets that they are for."""
        refer = self._graph.refer
        return [
            (one, expires, refer(one, expires.of) if expires.of else (one,))
            for one in self._graph.resources
            if one.managed and (expires := one.row.expires) is not None
        ]


def _rules_of(graph: Graph, resource: Resource, expires: Expires) -> Iterator[_Rule]:
    """Yield the rules in the blocks of a resource, or the one that all of it is."""
    if expires.rules is None:
        itself = _Block(graph, resource, "", dict(resource.values), dict(resource.unknown))
        yield from _rule(itself, expires, Origin(resource, expires.days))
        return
    reading = reader(expires.rules)(graph, resource)
    origin = Origin(resource, expires.rules)
    if not reading.values:
        if not reading.unset and reading.status is not Status.DEFAULT:
            yield _Rule(None, None, certain=False, origin=replace(origin, status=reading.status))
        return
    mirror = resource.unknown.get(expires.rules) if reading.partly else None
    count = len(reading.values)
    mirrors = mirror if isinstance(mirror, list) else [mirror] * count
    if len(mirrors) != count:
        mirrors = [True] * count
    for n, (known, unknown) in enumerate(zip(reading.values, mirrors, strict=True)):
        block = _Block(graph, resource, expires.rules, known, unknown)
        which = f"{expires.rules}.{n}" if count > 1 else expires.rules
        yield from _rule(block, expires, replace(origin, attribute=f"{which}.{expires.days}"))


class _Block(NamedTuple):
    """One block of a resource, or all of it, with the mirror of what is not known in it."""

    graph: Graph
    resource: Resource
    name: str
    known: Json
    unknown: Json

    def value(self, *paths: str) -> Any:
        """Return the first value at some paths that is set; `_NOT_KNOWN` if it is not known."""
        return next((found for path in paths if (found := self._at(path)) is not None), None)

    def _at(self, path: str) -> Any:
        parts = tuple(path.split("."))
        found = [value for value in leaves(self.known, parts) if value not in _EMPTY]
        if found:
            return found[0] if len(found) == 1 else _NOT_KNOWN
        full = f"{self.name}.{path}" if self.name else path
        is_open = marked(self.unknown, parts)
        is_open = is_open and self.graph.links.is_set(self.resource, full) is not False
        return _NOT_KNOWN if is_open else None


def _rule(block: _Block, expires: Expires, origin: Origin) -> Iterator[_Rule]:
    """Yield the rule of a block, if it removes anything."""
    active = [block.value(path) for path, _ in expires.active]
    on = all(
        _word(value) in allowed for value, (_, allowed) in zip(active, expires.active, strict=True)
    )
    days, dated = block.value(expires.days), block.value(*expires.dates)
    if (not on and _NOT_KNOWN not in active) or (days is None and dated is None):
        return
    known = whole(days) if days is not _NOT_KNOWN and dated is None else None
    prefix = block.value(*expires.prefix)
    open_ = any(value is _NOT_KNOWN for value in (*active, days, prefix))
    yield _Rule(
        prefix=prefix if isinstance(prefix, str) else "" if prefix is None else None,
        days=known if isinstance(known, int) else None,
        certain=on and block.value(*expires.narrowed) is None,
        origin=replace(origin, status=Status.AFTER_APPLY if open_ else Status.KNOWN),
    )


def _word(value: Any) -> str:
    return word("" if value is _NOT_KNOWN else False if value is None else value)


def _touches(rule: str | None, prefixes: Iterable[str | None]) -> bool:
    """Whether a rule may hold for objects with one of some prefixes."""
    return rule is None or any(
        one is None or one.startswith(rule) or rule.startswith(one) for one in prefixes
    )


def _covers(rule: str | None, prefixes: Iterable[str | None]) -> bool:
    """Whether a rule holds for every object with one of some prefixes."""
    return rule is not None and any(
        rule == "" or (one is not None and one.startswith(rule)) for one in prefixes
    )


def _unknown(origin: Origin) -> FactValue:
    told = origin.status is not Status.KNOWN
    return FactValue(None, origin if told else replace(origin, status=Status.NOT_TOLD))


class Element(Struct, eq=False):
    """One element while it is built: its facts by property path, with their precedence."""

    id: str
    origin: Origin
    facts: dict[str, FactValue] = field(default_factory=dict)
    _ranks: dict[str, int] = field(default_factory=dict)
    _joined: dict[str, set[str]] = field(default_factory=dict)
    """What is in lists that others were joined to."""

    def put(self, name: str, fact: FactValue, rank: int) -> None:
        """Add a fact: a known value replaces an unknown one, lists are joined, higher ranks win.

        Two different values of equal rank make the fact unknown, and so does one that is `FINAL`
        and not known.
        """
        before, strength = self.facts.get(name), self._ranks.get(name, OWN)
        if strength == FINAL > rank:
            return
        doubted = fact.value is None and rank == FINAL > strength
        if before is None or before.value is None or doubted:
            self._set(name, fact, rank)
        elif fact.value is None or fact.value == before.value or rank < strength:
            return
        elif isinstance(before.value, list) and isinstance(fact.value, list):
            self._join(name, before, fact.value)
        elif rank > strength:
            self._set(name, fact, rank)
        else:
            self.facts[name] = FactValue(None, replace(before.origin, status=Status.NOT_TOLD))

    def _set(self, name: str, fact: FactValue, rank: int) -> None:
        self.facts[name] = fact
        self._joined.pop(name, None)
        self._ranks[name] = rank

    def _join(self, name: str, before: FactValue, values: list[Json]) -> None:
        listed: list[Any] = list_of(before.value)
        if name not in self._joined:
            listed = [*listed]
            self.facts[name] = FactValue(listed, before.origin)
            self._joined[name] = set(map(repr, listed))
        known = self._joined[name]
        for value in values:
            if repr(value) not in known:
                known.add(repr(value))
                listed.append(value)

    def written(self, *, told: bool = False) -> dict[str, Json]:
        """Return the element as it is written in a description; of what is told, no null."""
        document: dict[str, Any] = {"id": self.id}
        for name, fact in self.facts.items():
            if told and fact.value is None:
                continue
            if "." not in name:
                document[name] = fact.value
                continue
            *above, last = name.split(".")
            target = document
            for part in above:
                target = target.setdefault(part, {})
            target[last] = fact.value
        return document


class Derivation:
    """The elements that a graph gives, and the resources that could not be decided."""

    def __init__(self, graph: Graph, settings: Mapping[str, object], meter: Meter) -> None:
        self._graph = graph
        self._meter = meter
        self._regions = Regions(graph, settings)
        self.lists: dict[str, dict[str, Element]] = defaultdict(dict)
        """The elements by list and id."""
        self._own: dict[str, dict[Resource, Element]] = defaultdict(dict)
        """By list: the element of each resource that gives one."""
        self.undecided: dict[tuple[str, str], list[Origin]] = defaultdict(list)
        """By list and reason: the resources whose elements may be missing."""
        self.hidden: dict[Hides, list[Origin]] = defaultdict(list)
        """By what they hold: the resources that hold what is not read."""

    def run(self) -> Derivation:
        """Derive elements first, then the facts attached to them, and sites and domains last."""
        gives: list[tuple[Resource, Give]] = []
        for resource in self._graph.resources:
            self._meter.spend("elements")
            if resource.managed:
                self._note_hidden(resource)
                gives += [(resource, give) for give in resource.row.gives]
        for resource, give in gives:
            elsewhere = give.of or give.kept_in or give.names
            if not elsewhere and self._applies(give, resource):
                self._fill(self._of(give.list, resource), give, resource)
        self._keep([(resource, give) for resource, give in gives if give.kept_in])
        for resource, give in gives:
            if give.of:
                self._attach(give, resource)
        for resource, give in gives:
            if give.names:
                self._name(give, resource)
        return self

    def _note_hidden(self, resource: Resource) -> None:
        for hides in resource.row.hides:
            if hides.when(self._graph, resource) is not False:
                self.hidden[hides].append(Origin(resource))

    def _element(self, kind: str, identifier: str, origin: Origin) -> Element:
        """Return the element with an id; create it if needed."""
        of_kind = self.lists[kind]
        if identifier not in of_kind:
            of_kind[identifier] = Element(identifier, origin)
        return of_kind[identifier]

    def _of(self, kind: str, resource: Resource) -> Element:
        """Return the element of a resource, whose id is its address; create it if needed."""
        found = self._element(kind, resource.address, Origin(resource))
        self._own[kind][resource] = found
        return found

    def names(self, each: str, own: str) -> list[str]:
        """Return what the resource of an element is called in its cloud, and its tags."""
        resource = self.lists[each][own].origin.resource
        if resource is None:
            return []
        named = texts_of([*map(resource.values.get, resource.row.identity)])
        return [*named, *_tagged(resource.values.get(TAGS))]

    def _applies(self, give: Give, resource: Resource) -> bool:
        if give.unless and any(resource in self._graph.referred(*by) for by in give.unless):
            return False
        if give.without is not None and self._graph.refer(resource, give.without):
            return False
        verdict = True if give.when is None else give.when(self._graph, resource)
        if verdict is None:
            self.undecided[give.list, "condition"].append(Origin(resource))
        return verdict is True

    def _fill(self, element: Element, give: Give, resource: Resource) -> None:
        for name, make in give.facts:
            element.put(name, make(self._graph, self._regions, resource), give.rank)

    def _keep(self, kept: list[tuple[Resource, Give]]) -> None:
        """Add the stores that logs are written into, and how long each keeps them."""
        prefixes: dict[Resource, dict[str | None, None]] = defaultdict(dict)
        for resource, give in kept:
            if not self._applies(give, resource):
                continue
            attribute = give.kept_in or ""
            targets = self._graph.refer(resource, attribute)
            for target in targets:
                element = self._of(give.list, target)
                self._fill(element, give, resource)
                prefixes[target][self._prefix(give, resource)] = None
            if not targets and _is_store(resource):
                # It is a store itself, and its own address would name the wrong one.
                self.undecided[give.list, "kept"].append(Origin(resource, attribute))
            elif not targets:
                self._fill(self._of(give.list, resource), give, resource)
        lifecycles = Lifecycles(self._graph)
        for bucket, written in prefixes.items():
            if _is_store(bucket):
                element = self._of("log_stores", bucket)
                element.put("retention", lifecycles.retention(bucket, written), OWN)

    def _prefix(self, give: Give, resource: Resource) -> str | None:
        """Return how the names of the objects with logs begin; None if that is not known."""
        reading = reader(give.prefix)(self._graph, resource) if give.prefix else None
        if reading is None or reading.unset:
            return give.below
        if len(reading.values) != 1 or reading.partly:
            return None
        written = str(reading.values[0])
        return f"{written.rstrip('/')}/{give.below}" if give.below and written else written

    def _attach(self, give: Give, resource: Resource) -> None:
        """Add facts to the elements of the resources that an attribute refers to."""
        verdict = True if give.when is None else give.when(self._graph, resource)
        if verdict is False or (verdict is None and give.rank != FINAL):
            return
        targets = self._graph.refer(resource, give.of or "")
        elsewhere = give.list == "log_stores" and verdict and not targets
        # What is not known yet is made here, and tells of itself.
        if elsewhere and reader(give.of or "")(self._graph, resource).values:
            self.undecided[give.list, "kept"].append(Origin(resource, give.of or ""))
        for target in targets:
            element = self._own[give.list].get(target)
            if element is not None and verdict:
                self._fill(element, give, resource)
            elif element is not None:
                # It would overrule what others say, so that is not certain.
                for name, _ in give.facts:
                    element.put(name, FactValue(None, Origin(resource, "", _OPEN)), FINAL)

    def _name(self, give: Give, resource: Resource) -> None:
        """Add a site or a domain for each name."""
        if not self._applies(give, resource) or give.names is None:
            return
        named = give.names(self._graph, resource)
        if named.why is not None:
            origin = Origin(resource, named.attribute, named.status)
            self.undecided[give.list, _NAMELESS.get(named.why, "no name")].append(origin)
        if not named.names:
            return
        target = self._target_facts(give, resource)
        for name in named.names:
            if give.list == "sites" and not is_site(name):
                continue
            origin = Origin(resource, named.attribute, named.status)
            element = self._element(give.list, name, origin)
            own: Json = [name] if give.list == "sites" else name
            element.put(
                "domains" if give.list == "sites" else "name", FactValue(own, origin), give.rank
            )
            for path, fact in target.items():
                element.put(path, fact, give.rank)
            self._fill(element, give, resource)
            self._serve(name, target)

    def _target_facts(self, give: Give, resource: Resource) -> dict[str, FactValue]:
        """Return the facts about the target of the traffic."""
        if give.address is None:
            return {}
        reading = reader(give.address)(self._graph, resource)
        origin = Origin(resource, give.address, reading.status)
        texts = [value for value in reading.values if isinstance(value, str)]
        reachable = {public_address(text) for text in texts}
        targets = self._graph.refer(resource, give.address)
        reached = [other for target in targets for other in self._graph.behind(target)]
        self._meter.spend("expansions", len(reached))
        # The nearest one whose table declares when it is public decides.
        entry = next((other for other in reached if other.row.decides), None)
        verdict = self._graph.is_public(entry) if entry is not None else None
        if targets and reading.status is not Status.KNOWN:
            origin = replace(origin, status=Status.REFERENCED)
        if verdict is False or reachable == {False}:
            return {"public": FactValue(value=False, origin=origin)}
        operator = self._operator(entry) if entry is not None and verdict else None
        values: dict[str, Json] = {
            "public": True if True in reachable else verdict,
            "servers": self._servers(reached) or None,
            "access_provider": {"name": operator} if operator else None,
        }
        silent = replace(origin, status=Status.NOT_TOLD if targets else reading.silence)
        return {
            name: FactValue(value, silent if value is None else origin)
            for name, value in values.items()
        }

    def _servers(self, reached: list[Resource]) -> list[str]:
        elements = [self._own["servers"].get(resource) for resource in reached]
        return list(dict.fromkeys(element.id for element in elements if element is not None))

    def _operator(self, entry: Resource) -> str | None:
        region, _ = self._regions.of(entry)
        return entry.row.provider.operator_in(region)

    def _serve(self, host: str, target: Mapping[str, FactValue]) -> None:
        """Add the site to each server that serves it."""
        servers = target.get("servers")
        if servers is None or not isinstance(servers.value, list):
            return
        for identifier in servers.value:
            server = self.lists["servers"][str(identifier)]
            server.put("site_ids", FactValue([host], servers.origin), OWN)


_YES = frozenset({"true", "yes", "1", "是"})


def _tagged(tags: Json) -> Iterator[str]:
    """Yield what tags call a resource (``data = personal``), a key only where it is so."""
    pairs = [(one.get("key"), one.get("value")) for one in map(object_of, list_of(tags))]
    for key, value in (*object_of(tags).items(), *pairs):
        if isinstance(value, str):
            yield str(key) if value.lower() in _YES else value


def _is_store(resource: Resource) -> bool:
    return any(give.list == "data_stores" for give in resource.row.gives)


_OPEN = Status.AFTER_APPLY
_NAMELESS = {Status.AFTER_APPLY: "later name", Status.SENSITIVE: "hidden name"}
"""Why a host name is not known, other than that what is set is none."""


EVERY_LIST = frozenset(
    {"sites", "servers", "domains", "network_links", "data_stores", "log_stores"}
)
"""The top-level facts that Terraform may give."""

_SHOWN = 3


def derived(
    request: Request,
    resources: list[Resource],
    links: Links,
    *,
    gaps: Iterable[Gap] = (),
    unread: Collection[str] = (),
    remarks: tuple[Text, ...] = (),
    deployed: bool = False,
    told: bool = False,
) -> Derived:
    """Derive the facts of resources and their links.

    ``unread`` are the types of resources that no table has. What is ``deployed`` has been applied:
    no fact of it waits for that. With ``told``, those that are not known are left out.
    """
    graph = Graph(resources, links, unread)
    derivation = Derivation(graph, request.settings, request.meter).run()
    lists = {kind: list(elements.values()) for kind, elements in derivation.lists.items()}
    reasons = _DEPLOYED if deployed else _REASONS
    open_ = [
        (_named(reasons[reason], origins), origins[0], frozenset({kind}))
        for (kind, reason), origins in derivation.undecided.items()
    ] + [
        (_named(_HIDDEN, origins, why=hides.reason), origins[0], hides.lists)
        for hides, origins in derivation.hidden.items()
    ]
    return Derived(
        facts={kind: [one.written(told=told) for one in each] for kind, each in lists.items()},
        trace=_trace(request, lists, links, deployed=deployed),
        names=derivation.names,
        gaps=(
            *gaps,
            *(Gap(message=why, place=links.place(at), kinds=kinds) for why, at, kinds in open_),
        ),
        remarks=remarks,
    )


def unread_gaps(
    unmapped: Mapping[str, Sequence[str]], place_of: Callable[[str], Place]
) -> Iterator[Gap]:
    """Yield a gap for each type of resource that no table has, given the addresses of each."""
    for kind, which in sorted(unmapped.items()):
        message = _UNREAD.format(which=_few(which), type=kind)
        yield Gap(message=message, place=place_of(which[0]), kinds=lists_of(kind))


_OPTIONS = r"\s+(?:-[^;&|]{0,200}?\s)?"
"""What stands between a tool and what it is to do: nothing else, or options."""
_TOOL = re.compile(
    r"(?:(?<![\w./=-])|(?<=bin/))(?:"
    rf"(aliyun|tccli|hcloud|ossutil\w*|coscmd|coscli|obsutil|(?<!')ve|aws|az|gcloud){_OPTIONS}"
    r"(?!(?:sts|login|auth|configure)\b|[\w-]+\s+(?:-[^;&|]{0,99}?\s)?"
    r"(?:describe|get|list|ls|wait|update-kubeconfig))[a-z][\w-]*|"
    rf"(kubectl){_OPTIONS}(?:apply|create(?!\s+(?:namespace|ns|secret)\s)|expose|replace|patch|run)|"
    rf"(helm|helmfile){_OPTIONS}(?:apply|install|sync|upgrade)|(eksctl){_OPTIONS}create|"
    rf"(docker|nerdctl|podman){_OPTIONS}(?:compose|run|stack)|(docker-compose){_OPTIONS}up|"
    r"(ansible-playbook))\s",
    re.IGNORECASE,
)
"""Where a command calls a tool that makes something which is told of here."""


def tool_in(command: str) -> str:
    """Return the tool that a command calls to make what is not read; empty if there is none."""
    found = _TOOL.search(f"{command} ")
    return next(filter(None, found.groups())).lower() if found else ""


def command_gap(tool: str, place: Place) -> Gap:
    """Return the gap that a call of a tool by Terraform leaves."""
    return Gap(message=_COMMAND.format(tool=tool), place=place, kinds=EVERY_LIST)


def _named(message: Text, origins: list[Origin], **more: Text) -> Text:
    """Complete a message that names the first resources."""
    return message.format(which=_few([o.resource.address for o in origins if o.resource]), **more)


def _few(addresses: Iterable[str]) -> Text:
    """Return the first addresses, and how many more there are."""
    every = list(dict.fromkeys(addresses))
    rest = len(every) - _SHOWN
    others = _MORE.format(n=rest) if rest > 0 else plain("")
    return Text("{which}{more}", "{which}{more}").format(
        which="、".join(every[:_SHOWN]), more=others
    )


_COMMAND = Text(
    zh="Terraform 在此运行命令行工具 {tool}，它做什么不得而知；"
    "请改用资源，或者另用一个来源（如 cloud-export）写明",
    en="Terraform runs the command-line tool {tool} here, and what that does is not known; use "
    "resources instead, or name what there is by another source, such as a cloud-export",
)
_HIDDEN = Text(zh="{which}：{why}", en="{which}: {why}")
_MORE = Text(zh="等，另有 {n} 个", en=" and {n} more")
_UNREAD = Text(
    zh="{which}：{type} 类型的资源不在映射表中，没有读取",
    en="{which}: no table says what the type {type} tells, so it is not read",
)
_REASONS = {
    "later name": Text(
        zh="{which}：主机名在应用之后才知道，无法列出",
        en="{which}: the host name is known only after apply",
    ),
    "hidden name": Text(
        zh="{which}：主机名标为敏感，不予读取，无法列出",
        en="{which}: the host name is marked as sensitive, so it is not read",
    ),
    "no name": Text(
        zh="{which}：从所设的值看不出主机名，无法列出",
        en="{which}: the host name does not follow from what is set",
    ),
    "kept": Text(
        zh="{which}：日志写入的存储桶或者日志库不在此来源中，保存多久无法判断",
        en="{which}: the bucket or store that its logs are written into is not in this source, so "
        "how long they are kept is not known",
    ),
    "condition": Text(
        zh="{which}：应用之前看不出是否面向公众或属于哪种类型，无法列出",
        en="{which}: whether it is public, or its kind, cannot be told before apply",
    ),
}
_DEPLOYED = _REASONS | {
    "later name": Text(
        zh="{which}：主机名不在此来源中，无法列出",
        en="{which}: the host name is not in this source",
    ),
    "condition": Text(
        zh="{which}：从此来源看不出是否面向公众或属于哪种类型，无法列出",
        en="{which}: whether it is public, or its kind, does not follow from this source",
    ),
}


def _trace(
    request: Request, lists: Mapping[str, list[Element]], links: Links, *, deployed: bool
) -> Trace:
    def trace(pointer: str) -> Provenance:
        parts = tokens(pointer)
        elements = lists.get(parts[0], []) if parts else []
        if len(parts) < 2 or not parts[1].isdecimal() or int(parts[1]) >= len(elements):  # noqa: PLR2004 - a list and an index
            return Provenance(place=Place(path=request.path))
        origin = _origin(elements[int(parts[1])], parts[2:])
        unknown = origin.status is Status.AFTER_APPLY
        return Provenance(
            place=links.place(origin),
            status=Status.NOT_TOLD if deployed and unknown else origin.status,
            address=origin.resource.address if origin.resource else _provider(origin),
            attribute=origin.attribute,
        )

    return trace


def _origin(element: Element, parts: tuple[str, ...]) -> Origin:
    """Return the origin of the longest property path that has one."""
    for end in range(len(parts), 0, -1):
        found = element.facts.get(".".join(parts[:end]))
        if found is not None:
            return found.origin
    below = ".".join(parts) + "."
    inner = [fact.origin for name, fact in element.facts.items() if name.startswith(below)]
    return inner[0] if inner and parts else element.origin


def _provider(origin: Origin) -> str:
    return f"provider.{origin.provider_key}" if origin.provider_key else ""
