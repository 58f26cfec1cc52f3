"""What scanners, OCR and text extraction do to the words of a licence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random

import yaml

from pytest_icp.facts.paper import Field, PaperLicence, Spot
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.scope import PROVISO
from pytest_icp.sources.paper import read_licence
from pytest_icp.sources.paper.stream import Line

DATA = Path(__file__).resolve().parent / "data" / "paper"
LICENCE = (DATA / "licence.txt").read_text("utf-8")
NUMBER = "京B2-20190486"
TITLE = "特别规定事项"
FURNITURE = (TITLE, f"经营许可证编号:{NUMBER}", "第 3 页 共 6 页", "- 4 -")
RADICALS = dict(zip("人二手车网月日长门", "⼈⼆⼿⻋⽹⽉⽇⻓⻔", strict=True))
NARROW = dict(zip("，：；（）！？。、", ",:;()!?｡､", strict=True))
WIDE = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}
LABEL = "^([^：:\n]{2,15}[：:])"
STAMP = "仅供办理备案使用"


def pages_of(text: str) -> list[list[Line]]:
    """The pages of a text as the reader of files gives them."""
    parts = text.split("\f")
    return [
        [
            Line(line, Spot(i + 1 if len(parts) > 1 else None, n))
            for n, line in enumerate(part.splitlines(), 1)
        ]
        for i, part in enumerate(parts)
    ]


def read(text: str) -> PaperLicence:
    return read_licence(pages_of(text))


@cache
def transcribed() -> Mapping[str, object]:
    """The licence as a person transcribed it, field by field."""
    example = Path(__file__).resolve().parent.parent / "examples" / "etaoche" / "licence.yaml"
    licence = yaml.safe_load(example.read_text("utf-8"))
    (line,), (row,) = licence["service_lines"], licence["attachments"]
    return {
        **{name: licence[name] for name in ("number", "holder", "legal_representative")},
        **{name: licence[name] for name in ("issued_on", "valid_until", "issuing_authority")},
        "registered_capital": None,
        "registered_address": None,
        **{f"line.{name}": line[name] for name in ("name", "scope", "areas")},
        **{f"row.{name}": row[name] for name in ("kind", "name", "domains", "server_location")},
        "row.access_provider": row["access_provider"]["name"],
    }


def told(reading: PaperLicence) -> list[tuple[str, Field]]:
    """Every field of a reading, by the names of `transcribed`."""
    main = [(name, getattr(reading, name)) for name in transcribed() if "." not in name]
    lines = [
        (f"line.{name}", getattr(line, name))
        for line in reading.service_lines
        for name in ("name", "scope", "areas")
    ]
    rows = [
        (f"row.{name}", getattr(row, name))
        for row in reading.attachments
        for name in ("name", "domains", "server_location", "access_provider")
    ]
    kinds = [("row.kind", Field(value=row.kind)) for row in reading.attachments if row.kind]
    return [*main, *lines, *rows, *kinds]


def comparable(value: object) -> str:
    """A value without what extraction may do to it: width, spaces, the proviso that is no item."""
    return fold_tight(str(value)).text.replace("\\n", "").removesuffix(fold_tight(PROVISO).text)


def wrong(reading: PaperLicence) -> list[str]:
    """The fields that were read, and read as something else than what is printed."""
    return [
        f"{name}: {field.value!r}"
        for name, field in told(reading)
        if field.value is not None and comparable(field.value) != comparable(transcribed()[name])
    ]


def silent(reading: PaperLicence) -> list[str]:
    """The fields that were not read, and nothing says why."""
    every = [*told(reading)]
    every += [("lines", reading.licensed)] if not reading.service_lines else []
    every += [("rows", reading.attached)] if not reading.attachments else []
    return [name for name, field in every if field.value is None and field.doubt is None]


def unread(reading: PaperLicence) -> set[str]:
    """The fields that this licence prints and the reading does not have."""
    found = {name for name, field in told(reading) if field.value is not None}
    return {
        name for name, value in transcribed().items() if value is not None and name not in found
    }


Degrade = Callable[[str, Random], str]


def _places(text: str, random: Random, most: int) -> list[int]:
    return sorted(
        random.sample(range(len(text)), min(len(text), random.randint(1, most))), reverse=True
    )


def inserted(most: int, *words: str) -> Degrade:
    """Insert words at up to so many places."""

    def degrade(text: str, random: Random) -> str:
        for at in _places(text, random, most):
            text = text[:at] + random.choice(words) + text[at:]
        return text

    return degrade


def exchanged(others: Mapping[str, str]) -> Degrade:
    """Write most of some signs as others."""
    return lambda text, random: "".join(
        others.get(c, c) if random.random() < 0.7 else c for c in text
    )


def rewritten(pattern: str, to: str, share: float = 1) -> Degrade:
    """Write a share of what matches otherwise."""

    def degrade(text: str, random: Random) -> str:
        def other(match: re.Match[str]) -> str:
            return match.expand(to) if random.random() < share else match.group()

        return re.sub(pattern, other, text, flags=re.MULTILINE)

    return degrade


def unreadable_signs(text: str, random: Random) -> str:
    for at in _places(text, random, 12):
        text = text[:at] + random.choice("□■�●") + text[at + 1 :]
    return text


def _lines(text: str) -> list[str]:
    return text.split("\n")


def lost_lines(text: str, random: Random) -> str:
    lines = _lines(text)
    gone = set(random.sample(range(len(lines)), min(len(lines), random.randint(1, 20))))
    return "\n".join(line for i, line in enumerate(lines) if i not in gone)


def joined_lines(text: str, random: Random) -> str:
    between = random.choice(["", " "])
    share = random.choice([0.2, 0.5, 1.0])
    return "".join(c if c != "\n" or random.random() > share else between for c in text)


def lost_labels(text: str, random: Random) -> str:
    labels = re.findall(r"^[^：:\n]{2,15}[：:]", text, re.MULTILINE)
    gone = set(random.sample(labels, min(len(labels), random.randint(1, 4))))
    for label in gone:
        text = re.sub(f"^{re.escape(label)}", "", text, flags=re.MULTILINE)
    return text


def lost_values(text: str, random: Random) -> str:
    lines = _lines(text)
    values = [i for i, line in enumerate(lines) if re.match(r"[^：:]{2,15}[：:].", line)]
    for i in random.sample(values, min(len(values), random.randint(1, 3))):
        lines[i] = re.split("(?<=[：:])", lines[i])[0]
    return "\n".join(lines)


def columns(text: str, random: Random) -> str:
    """Runs of labels and values, read column by column."""
    lines = _lines(text)
    done: list[str] = []
    run: list[tuple[str, str]] = []
    for line in [*lines, "end"]:
        match = re.match(r"([^：:\n]{2,15}[：:])(.*)$", line)
        if match and (match[2] or run):
            run.append((match[1], match[2]))
        elif line.strip() or not run:
            size = random.randint(2, 4)
            for at in range(0, len(run), size):
                part = run[at : at + size]
                done += [label for label, _ in part] + [value for _, value in part if value]
            run = []
            done.append(line)
    return "\n".join(done[:-1])


def scope_cells(text: str, random: Random) -> str:
    """The cell of business with its label and contents in other orders."""
    cell = "业务种类\n(服务项目)\n信息服务业务(仅限互联网信息服务)\n及覆盖范围："
    others = (
        "业务种类\n信息服务业务(仅限\n(服务项目)\n互联网信息服务)\n及覆盖范围：",
        "业务种类(服务项目)及覆盖范围：信息服务业务(仅限互联网信息服务)",
        "业务种类\n(服务项目)\n及覆盖范围：\n信息服务业务(仅限互联网信息服务)\n",
        "信息服务业务(仅限互联网信息服务)\n业务种类\n(服务项目)\n及覆盖范围：",
        "业务种类(服务项目)\n信息服务业务(仅限互联网信息服务)\n及业务覆盖范围:\n",
    )
    return text.replace(cell, random.choice(others))


def misread_number(text: str, random: Random) -> str:
    alike = {"0": "Oo", "1": "lI", "2": "Z", "B": "8b"}

    def misread(_: re.Match[str]) -> str:
        return "".join(
            random.choice(alike[c]) if c in alike and random.random() < 0.4 else c for c in NUMBER
        )

    return re.sub(NUMBER, misread, text)


def other_number(text: str, random: Random) -> str:
    places = [match.start() for match in re.finditer(NUMBER, text)]
    at = random.choice(places) if places else 0
    return text[:at] + text[at:].replace(NUMBER, "京B2-20190488", 1) if places else text


def misread_days(text: str, random: Random) -> str:
    swap = {"0": "O", "1": "l", "2": "Z", "年": "午", "日": "曰", "8": "B"}

    def misread(match: re.Match[str]) -> str:
        return "".join(swap[c] if c in swap and random.random() < 0.2 else c for c in match.group())

    return re.sub(r"20[0-9]{2}年[0-9]+月[0-9]+日", misread, text)


def dashed_days(text: str, random: Random) -> str:
    sign = random.choice("-./")
    return re.sub(r"(20[0-9]{2})年([0-9]{2})月([0-9]{2})日", rf"\1{sign}\2{sign}\3", text)


def _sheets(text: str) -> list[str]:
    marked = re.sub(
        rf"^(?=经营许可证编号:{NUMBER}$\s*{TITLE}$)|^(?={TITLE}$)|^(?=经营许可证编号：$)",
        "\f",
        text,
        flags=re.MULTILINE,
    )
    return [sheet for sheet in re.split("\f", marked) if sheet.strip()]


def shuffled_pages(text: str, random: Random) -> str:
    sheets = _sheets(text)
    random.shuffle(sheets)
    return random.choice(["\f", "\n"]).join(sheets)


def double_page(text: str, random: Random) -> str:
    sheets = _sheets(text)
    at = random.randrange(len(sheets))
    return "\f".join([*sheets[: at + 1], *sheets[at:]])


def lost_page(text: str, random: Random) -> str:
    sheets = _sheets(text)
    del sheets[random.randrange(len(sheets))]
    return "\f".join(sheets)


def running_heads(text: str, random: Random) -> str:
    foot = random.choice(["{} / 6", "内部资料 {}", "file:///licence.html {}", "{}"])
    sheets = _sheets(text)
    return "\f".join(f"扫描件 2026/11/24\n{s}\n{foot.format(i)}" for i, s in enumerate(sheets, 1))


def stamped_characters(text: str, random: Random) -> str:
    """A watermark across a page, one sign between two lines each, in part or several times."""
    lines = _lines(text)
    most = min(len(lines), random.choice([3, 5, len(STAMP), 16]))
    places = sorted(random.sample(range(len(lines)), most))
    for at in reversed(range(len(places))):
        lines.insert(places[at], STAMP[at % len(STAMP)])
    return "\n".join(lines)


def in_boxes(text: str, random: Random) -> str:
    """Labels and values as rows of a table."""
    bar = random.choice("│|┃")
    ruled = random.random() < 0.5
    rule = "\n├───┼───┤" if ruled else ""
    return re.sub(
        r"^([^：:\n]{2,15})[：:](.+)$", rf"{bar} \1 {bar} \2 {bar}{rule}", text, flags=re.MULTILINE
    )


DEGRADATIONS: Mapping[str, Degrade] = {
    "furniture_lines": inserted(8, *(f"\n{one}\n" for one in FURNITURE)),
    "furniture_in_lines": inserted(8, *FURNITURE[:3]),
    "spaces": inserted(200, " ", "  ", "\u3000", "\xa0", "\t"),
    "line_breaks": inserted(40, "\n"),
    "unseen_signs": inserted(60, "\u200b", "\xad", "\ufeff", "\u202a", "\x07"),
    # A watermark on lines of its own, and one that cuts through sentences.
    "stamped_lines": inserted(12, f"\n{STAMP}\n"),
    "stamped_in_lines": inserted(6, STAMP),
    "half_width": exchanged(NARROW),
    "full_width": exchanged(WIDE),
    "radicals": exchanged(RADICALS),
    "no_blank_lines": rewritten("\n+", "\n"),
    "lost_headings": rewritten(f"^(?:{TITLE}|中华人民共和国.*许可证.*)$", "", 0.7),
    "values_below": rewritten(f"{LABEL}(?=.)", r"\1\n", 0.8),
    "values_above": rewritten(f"{LABEL}(.+)$", r"\2\n\1", 0.9),
    "in_brackets": rewritten(f"{LABEL}(?!不含)([^【】\n]+)$", r"\1【\2】"),
    "chinese_days": lambda text, _: text.replace("2020年01月08日", "二〇二〇年一月八日").replace(
        "2024年03月06日", "二○二四年三月六日"
    ),
    "quotes": lambda text, random: text.replace("“", random.choice('「『"')).replace(
        "”", random.choice('」』"')
    ),
    **{
        one.__name__: one
        for one in (
            *(unreadable_signs, lost_lines, joined_lines, lost_labels, lost_values),
            *(columns, scope_cells, misread_number, other_number, misread_days, dashed_days),
            *(shuffled_pages, double_page, lost_page, running_heads),
            *(stamped_characters, in_boxes),
        )
    },
}
