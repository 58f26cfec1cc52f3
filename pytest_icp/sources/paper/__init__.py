"""Read a licence (许可证) from its text, extracted from a PDF or by OCR."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.facts.paper import Field, PaperLicence
from pytest_icp.sources.paper import fields
from pytest_icp.sources.paper.labels import Candidate, candidates, labels_in
from pytest_icp.sources.paper.pages import read_pages as read_pages
from pytest_icp.sources.paper.provisions import divide
from pytest_icp.sources.paper.services import Changes, Services, completed, covered, services
from pytest_icp.sources.paper.sheets import sheets_of, untabled, without_watermarks
from pytest_icp.sources.paper.stream import Line, Stream


def read_licence(pages: Sequence[Sequence[Line]]) -> PaperLicence:
    """Read the pages of a licence (许可证), in any order and with the errors of extraction.

    Only reliable fields have a value. The others have the words that were seen, and where.
    """
    pages = without_watermarks([list(untabled(page)) for page in pages])
    sheets = sheets_of(pages)
    paper = divide(sheets.streams, [_last_label(stream) for stream in sheets.streams])
    found = [candidate for stream in paper.fields for candidate in candidates(stream)]
    number = fields.number([line for page in pages for line in page])
    issued_on, valid_until = fields.days(found, number)
    changes = Changes(paper.fields)
    cell = changes.services(_services(paper.fields))
    rows, attached = fields.attachments(found)

    def candidates_of(name: str) -> list[Candidate]:
        return [candidate for candidate in found if candidate.field == name]

    def field(name: str) -> Field:
        return changes.settled(name, fields.settle(candidates_of(name)))

    holder = fields.settle(candidates_of("holder"), fields.named_holder(sheets.streams))
    return PaperLicence(
        number=number,
        holder=changes.settled("holder", holder),
        legal_representative=field("legal_representative"),
        registered_capital=field("registered_capital"),
        registered_address=field("registered_address"),
        issued_on=changes.settled("issued_on", issued_on),
        valid_until=changes.settled("valid_until", valid_until),
        issuing_authority=fields.issuing_authority(field("issuing_authority"), number),
        service_lines=cell.lines,
        licensed=cell.why,
        attachments=tuple(map(changes.attachment, rows)),
        attached=attached,
        provisions=paper.provisions,
        other=paper.other,
        remarks=(*sheets.remarks, *paper.remarks),
    )


def _last_label(stream: Stream) -> int | None:
    ends = [label.end for label in labels_in(stream) if label.field]
    return ends[-1] if ends else None


def _services(streams: Sequence[Stream]) -> Services:
    read = [services(stream) for stream in streams]
    cell = next((cell for cell in read if cell.lines or cell.why.seen), Services())
    return completed(cell, [line for stream in streams for line in covered(stream)])
