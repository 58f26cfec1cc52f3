"""Source kind ``cloud-export``: what the clouds' own command-line tools answer, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.opening import is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources.cloud_export.answers import Answer, answer_of
from pytest_icp.sources.cloud_export.items import Items
from pytest_icp.sources.cloud_export.outcome import outcome
from pytest_icp.sources.cloud_export.pages import pages_missing
from pytest_icp.sources.terraform.outcome import EVERY_LIST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.facts.derived import Derived
    from pytest_icp.sources.request import Request


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
