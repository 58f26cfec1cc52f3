"""Read a licence (许可证) from a text file or a PDF, as extracted or by OCR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.facts.files.disk import MEGABYTE, read_bytes, repository_of, text_of
from pytest_icp.facts.paper import Field, PaperLicence, Spot
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.paper import fields
from pytest_icp.sources.paper.extracting import FILE, LOCKED
from pytest_icp.sources.paper.labels import Candidate, candidates
from pytest_icp.sources.paper.sheets import divide, untabled, without_watermarks
from pytest_icp.sources.paper.stream import Line
from pytest_icp.sources.running import run

TEXT = ".txt"
PDF = ".pdf"
LARGEST = {TEXT: 2 * MEGABYTE, PDF: 64 * MEGABYTE}
"""The largest file of each kind, in bytes."""

MOST_PAGES = 100

OCR = Text(
    zh="先用文字识别（OCR）软件转成文本，存为 .txt，再运行 init",
    en="run it through OCR, save the text as .txt, and run init on that",
)
_OFFICE = {".doc", ".docx", ".docm", ".wps", ".odt", ".rtf"}
_DOCUMENT = Text(
    zh="不能直接读取 Word、WPS 文档", en="a document of Word or WPS cannot be read as it is"
)
_SAVE_AS = Text(
    zh="在 Word 或 WPS 中另存为“纯文本（.txt）”，编码选 UTF-8，再运行 pytest-icp init {name}",
    en="in Word or WPS, save it as plain text (.txt) with the encoding UTF-8, "
    "then run pytest-icp init {name}",
)
_FORM = Text(
    zh="许可证只能从文本（.txt）或 PDF 读取", en="a licence is read from text (.txt) or PDF"
)
_TO_PDF = Text(
    zh="导出为 PDF，或者把文字复制到 {name}，再运行 pytest-icp init",
    en="export it as PDF, or copy its text into {name}, and run pytest-icp init on that",
)
_IMAGE = Text(zh="无法从图像读取文字", en="text cannot be read from an image")
_IMAGES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}
_OTHERS = {".ofd", ".html", ".htm", ".xlsx", ".xls", ".md"}
_EXPORT = Text(
    zh="用 PDF 软件另存一份不加密码的，或者把文字复制到 .txt",
    en="save a copy without a password, or copy the text into a .txt file",
)
_AGAIN = Text(
    zh="重新导出 PDF，或者把文字复制到 .txt",
    en="export it again, or copy the text into a .txt file",
)
_NO_TEXT = Text(zh="文件中没有文字", en="the file has no text")
_NOT_TEXT = Text(zh="不是文本文件", en="this is not a text file")
_ENCODINGS = Text(
    zh="存为 UTF-8 文本；扫描件先做文字识别（OCR）",
    en="save it as UTF-8 text; a scan needs OCR first",
)
_RENAME = Text(zh="这是 PDF 文件，改名为 .pdf", en="it is a PDF: rename it to .pdf")
_NOT_PDF = Text(zh="不是 PDF 文件", en="this is not a PDF")
_SCAN = Text(
    zh="PDF 中没有文字，只有图像（扫描件）", en="the PDF has no text, only images: it is a scan"
)
_ENCRYPTED = Text(
    zh="PDF 设有密码，无法读取", en="the PDF is protected by a password and cannot be read"
)
_BROKEN = Text(zh="PDF 已损坏，无法读取", en="the PDF is damaged and cannot be read")
_TOO_MANY = Text(
    zh="文件有 {n} 页，许可证不会超过 {most} 页",
    en="the file has {n:page}; a licence has at most {most}",
)
_ONE = Text(zh="只保留许可证的各页", en="keep only the pages of the licence")
_READING = Text(zh="读取 PDF ", en="reading a PDF")
_COPY = Text(zh="；也可以把文字复制到 .txt 文件", en="; or copy the text into a .txt file")

_PDF_HEAD = b"%PDF-"
_HEAD_WITHIN = 1024


def refuse_other_forms(path: Path) -> None:
    """Raise `InputError` for a paper that is neither text nor PDF, with how to make it text.

    Names that end otherwise, as those of descriptions do, pass.
    """
    suffix, name = path.suffix.lower(), f"{path.stem}{TEXT}"
    forms = (
        (_IMAGES, _IMAGE, OCR),
        (_OFFICE, _DOCUMENT, _SAVE_AS.format(name=name)),
        (_OTHERS, _FORM, _TO_PDF.format(name=name)),
    )
    for suffixes, message, hint in forms:
        if suffix in suffixes:
            raise InputError(message, place=Place(path=path), hint=hint)


def read_pages(path: Path) -> tuple[bytes, list[list[Line]]]:
    """Return the bytes of a ``.txt`` or ``.pdf`` file, and its pages as lists of lines.

    In a text file a form feed begins a page; without one, lines are numbered without a page.
    The encoding is UTF-8, UTF-16 with a byte-order mark, or GB 18030.

    Raises `InputError` for a file that is missing, too large, of another kind, empty, protected,
    damaged or without text, and if ``pypdfium2`` is not installed.
    """
    suffix = path.suffix.lower()
    raw = read_bytes(path, root=repository_of(path), limit=LARGEST[suffix])
    if not raw.strip():
        raise InputError(_NO_TEXT, place=Place(path=path))
    is_pdf = _PDF_HEAD in raw[:_HEAD_WITHIN]
    if is_pdf != (suffix == PDF):
        message, hint = (_NOT_TEXT, _RENAME) if is_pdf else (_NOT_PDF, _AGAIN)
        raise InputError(message, place=Place(path=path), hint=hint)
    texts = _pdf_texts(path, raw) if suffix == PDF else _text(path, raw).split("\f")
    _refuse_many(path, len(texts))
    if not any(text.strip() for text in texts):
        scan = suffix == PDF
        raise InputError(
            _SCAN if scan else _NO_TEXT, place=Place(path=path), hint=OCR if scan else ""
        )
    return raw, [list(_lines(i, text, len(texts))) for i, text in enumerate(texts)]


def _lines(index: int, text: str, pages: int) -> Iterator[Line]:
    page = index + 1 if pages > 1 else None
    for number, line in enumerate(text.splitlines(), start=1):
        yield Line(line, Spot(page, number))


def _text(path: Path, raw: bytes) -> str:
    text = text_of(raw)
    if text is None:
        raise InputError(_NOT_TEXT, place=Place(path=path), hint=_ENCODINGS)
    return text


def _pdf_texts(path: Path, raw: bytes) -> list[str]:
    place = Place(path=path)
    if find_spec("pypdfium2") is None:
        raise missing_extra("pdf", _READING, place=place, instead=_COPY)
    answer = run(
        "pytest_icp.sources.paper.extracting",
        {"most": MOST_PAGES},
        {FILE: raw},
        libraries=("pypdfium2", "pypdfium2_raw"),
        place=place,
    )
    if "count" in answer:
        _refuse_many(path, answer["count"])
    if "refused" in answer:
        locked = answer["refused"] == LOCKED
        message, hint = (_ENCRYPTED, _EXPORT) if locked else (_BROKEN, _AGAIN)
        raise InputError(message, place=place, hint=hint)
    pages: list[str] = answer["pages"]
    return pages


def _refuse_many(path: Path, count: int) -> None:
    if count > MOST_PAGES:
        message = _TOO_MANY.format(n=count, most=MOST_PAGES)
        raise InputError(message, place=Place(path=path), hint=_ONE)


# ---- The licence


def read_licence(pages: Sequence[Sequence[Line]]) -> PaperLicence:
    """Read the pages of a licence (许可证), in any order and with the errors of extraction.

    Only reliable fields have a value. The others have the words that were seen, and where.
    """
    pages = without_watermarks([list(untabled(page)) for page in pages])
    paper = divide(pages)
    found = [candidate for stream in paper.fields for candidate in candidates(stream)]
    number = fields.number([line for page in pages for line in page])
    issued_on, valid_until = fields.days(found, number)
    changes = fields.Changes(paper.fields)
    cell = changes.services(fields.services(paper.fields))
    rows, attached = fields.attachments(found)

    def field(name: str, extra: Iterable[Candidate] = ()) -> Field:
        own = [candidate for candidate in found if candidate.field == name]
        return changes.settled(name, fields.settle(own, extra))

    return PaperLicence(
        number=number,
        holder=field("holder", fields.named_holder(paper.sheets)),
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
        remarks=paper.remarks,
    )
