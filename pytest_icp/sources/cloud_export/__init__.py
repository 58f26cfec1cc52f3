"""Source kind ``cloud-export``: what the clouds' own command-line tools answer, as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.opening import is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.cloud_export.answers import Answer, answer_of
from pytest_icp.sources.cloud_export.items import Items
from pytest_icp.sources.cloud_export.tables import REGION, values_at
from pytest_icp.sources.terraform.deriving import EVERY_LIST, derived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.facts.derived import Derived, Provenance
    from pytest_icp.sources.cloud_export.tables import Call
    from pytest_icp.sources.request import Request


def outcome(request: Request, items: Items) -> Derived:
    """Derive the facts of the items; what an answer does not tell is no fact."""
    found = derived(
        request,
        items.resources,
        items,
        gaps=items.gaps,
        remarks=tuple(items.remarks),
        deployed=True,
        told=True,
    )
    names: dict[tuple[str, str], str] = {}

    def trace(pointer: str) -> Provenance:
        told = found.trace(pointer)
        if not names:
            names.update(items.written())
        return replace(told, attribute=names.get((told.address, told.attribute), ""))

    return replace(found, trace=trace)


def pages_missing(answers: list[Answer]) -> list[Gap]:
    """Return a gap for each answer that is a part, unless the other parts are there as well.

    Answers of one call with one total are parts of one, if their items are of the same region, or
    the same domain.
    """
    return [*_by_total(answers), *_by_token(answers)]


def _by_total(answers: list[Answer]) -> Iterator[Gap]:
    parts: dict[tuple[Call, int, frozenset[str]], list[Answer]] = defaultdict(list)
    for answer in answers:
        total = _total(answer)
        if total > len(answer.items):
            parts[answer.call, total, _scope(answer)].append(answer)
    for (call, total, _), pages in parts.items():
        there = {at for page in pages for at in _ids(page)}
        if len(there) < total:
            message = _ONLY.format(n=len(there), total=total, call=call.name, rest=call.rest)
            yield Gap(message=message, place=pages[0].place, kinds=call.gives)


def _by_token(answers: list[Answer]) -> Iterator[Gap]:
    for answer in answers:
        call = answer.call
        more = any(value for path in call.next for value in values_at(answer.body, path))
        if more and not _total(answer):
            message = _MORE.format(n=len(answer.items), call=call.name, rest=call.rest)
            yield Gap(message=message, place=answer.place, kinds=call.gives)


def _total(answer: Answer) -> int:
    found = [*values_at(answer.body, answer.call.total)] if answer.call.total else []
    return found[0] if found and isinstance(found[0], int) else 0


def _ids(answer: Answer) -> Iterator[str]:
    """Yield the ids of the items; what has none is counted by its place."""
    mapped = answer.call.items[0]
    for number, item in enumerate(answer.items):
        names = mapped.id.of(item, {})
        yield str(names[0]) if names else f"{answer.file}:{number}"


def _scope(answer: Answer) -> frozenset[str]:
    """Return the regions, or the domains, that the items of an answer are of."""
    mapped = answer.call.items[0]
    owner = mapped.row.provider
    names = (REGION, *mapped.row.zones, "domain_name")
    forms = [mapped.attributes[name] for name in names if name in mapped.attributes]
    found = (str(value) for item in answer.items for form in forms for value in form.of(item, {}))
    return frozenset(owner.region_of(value) or value for value in found)


_ONLY = Text(
    zh="只有 {total} 项中的 {n} 项（{call}）；{rest}",
    en="only {n} of {total} items are there ({call}); {rest}",
)
_MORE = Text(
    zh="{n} 项之后还有下一页（{call}）；{rest}",
    en="there is another page after {n:item} ({call}); {rest}",
)


def read_cloud_export(request: Request) -> Derived:
    """Derive facts from an answer (命令行输出) of a cloud's tool, or from a folder of them.

    Which tool and call it is, is known by its form. Settings: ``region`` of items that name none,
    ``origin``, the domain of records that do not name it.

    Raises `InputError` if the file is no answer that is known, or an error of the tool; of a
    folder, if all are.
    """
    items = Items(request)
    answers = list(_answers(request, items))
    for answer in answers:
        items.take(answer)
    items.gaps += pages_missing(answers)
    return outcome(request, items)


def _answers(request: Request, items: Items) -> Iterator[Answer]:
    """Yield the answers; of a folder with any, a file that is none is a gap."""
    several = request.given is None and is_folder(request.path)
    refused: list[InputError] = []
    any_read = False
    for path in request.files(".json"):
        try:
            answer = answer_of(request, path)
        except InputError as error:
            if not several:
                raise
            refused.append(error)
            place = error.place or Place(path=path)
            items.gaps.append(Gap(message=error.message, place=place, kinds=EVERY_LIST))
        else:
            any_read = True
            yield answer
    if refused and not any_read:
        raise refused[0]
