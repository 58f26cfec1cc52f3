"""A licence's lines read as a whole: fields, lines of business, attachments, provisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_icp.facts.paper import Field, Reading
from pytest_icp.sources.paper import fields
from pytest_icp.sources.paper.labels import candidates, labels
from pytest_icp.sources.paper.provisions import cut
from pytest_icp.sources.paper.services import Services, services
from pytest_icp.sources.paper.sheets import sheets_of

if TYPE_CHECKING:
    from pytest_icp.sources.paper.stream import Line, Stream


def read_licence(pages: Sequence[Sequence[Line]]) -> Reading:
    """Read the pages of a licence (许可证), in any order and with what extraction did to them.

    Only what can be relied on has a value. The rest says what was seen, and where.
    """
    sheets = sheets_of(pages)
    paper = cut(sheets.streams, [_last_label(stream) for stream in sheets.streams])
    found = [one for stream in paper.fields for one in candidates(stream)]
    number = fields.number([line for page in pages for line in page])
    issued_on, valid_until = fields.days(found, number)
    cell = _services(paper.fields)
    rows, attached = fields.attachments(found)

    def of(name: str) -> Field:
        return fields.settle([one for one in found if one.field == name])

    holders = [one for one in found if one.field == "holder"]
    return Reading(
        number=number,
        holder=fields.settle(holders, fields.named_holder(sheets.streams)),
        legal_representative=of("legal_representative"),
        registered_capital=of("registered_capital"),
        registered_address=of("registered_address"),
        issued_on=issued_on,
        valid_until=valid_until,
        issuing_authority=fields.issuing_authority(of("issuing_authority"), number),
        service_lines=cell.lines,
        licensed=cell.why,
        attachments=rows,
        attached=attached,
        provisions=paper.provisions,
        other=paper.other,
        remarks=(*sheets.remarks, *paper.remarks),
    )


def _last_label(stream: Stream) -> int | None:
    found = [label.end for label in labels(stream) if label.field]
    return found[-1] if found else None


def _services(streams: Sequence[Stream]) -> Services:
    read = [services(stream) for stream in streams]
    seen = [one for one in read if one.lines or one.why.seen]
    return seen[0] if seen else Services()
