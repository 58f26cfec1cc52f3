"""What more descriptions than one machine takes would cost, reckoned from measured parts.

    python benchmarks/scale.py

writes the tables of ``docs/fleet-at-scale.md`` anew. Put what ``fleet.py`` prints into `MEASURED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {"en": DOCS / "fleet-at-scale.md", "zh": DOCS / "fleet-at-scale.zh.md"}
BEGIN, END = "<!-- reckoned by benchmarks/scale.py -->", "<!-- end -->"


@dataclass(frozen=True)
class Parts:
    """The measured parts of a run, each for one description of about 39 kB of JSON.

    Processor milliseconds; bytes read as JSON Lines and as Parquet, and written to each table; the
    peak megabytes of a worker; megabytes a second that one process reads for the plan.
    """

    milliseconds: float
    lines: int
    parquet: int
    verdicts: int
    findings: int
    due: int
    worker: int
    plan: int

    @property
    def written(self) -> int:
        """Bytes of all tables."""
        return self.verdicts + self.findings + self.due


MEASURED = Parts(
    milliseconds=8.9,
    lines=39_397,
    parquet=349,
    verdicts=143,
    findings=132,
    due=46,
    worker=348,
    plan=400,
)
"""From `fleet.py`, on the machine of README.md."""

COMPRESSED = 10
"""How much smaller descriptions are as Parquet: an assumption, as made-up ones are too alike."""

PRICE = 0.25
"""Yuan for an hour of one processor: an assumption, not measured."""

COUNTRY = 134_000
LOADS = {
    ("the country, once", "全国，一次"): COUNTRY,
    ("the country, every day of a year", "全国，每日一次，一年"): COUNTRY * 365,
    ("a million, once", "一百万份，一次"): 1_000_000,
    ("ten million, once", "一千万份，一次"): 10_000_000,
    ("ten million, every day of a year", "一千万份，每日一次，一年"): 3_650_000_000,
}
CORES = 16


def parts_table(language: str) -> str:
    """Return the measured parts as Markdown."""
    m, zh = MEASURED, language == "zh"
    rows = [
        ("处理器时间" if zh else "processor time", f"{m.milliseconds:g} ms"),
        ("读入，JSON Lines" if zh else "read, as JSON Lines", size(m.lines)),
        ("读入，Parquet（zstd）" if zh else "read, as Parquet (zstd)", size(m.parquet)),
        ("写出，verdicts" if zh else "written, verdicts", size(m.verdicts)),
        ("写出，findings" if zh else "written, findings", size(m.findings)),
        ("写出，due" if zh else "written, due", size(m.due)),
        ("一个工作进程的内存峰值" if zh else "memory of a worker, at most", f"{m.worker} MB"),
        ("计划阶段每秒读取" if zh else "read for the plan in a second", f"{m.plan} MB"),
    ]
    head = ("每份描述", "实测") if zh else ("a description", "measured")
    return markdown(head, rows)


def loads_table(language: str) -> str:
    """Return what each load comes to as Markdown."""
    m, rows = MEASURED, []
    for names, count in LOADS.items():
        hours = count * m.milliseconds / 3_600_000
        rows.append(
            (
                names[language == "zh"],
                rounded(hours),
                rounded(hours / CORES),
                rounded(hours * PRICE),
                size(count * m.lines / COMPRESSED),
                size(count * m.written),
            )
        )
    if language == "zh":
        head = ("核对", "处理器小时", f"{CORES} 核机器小时", "元（假定单价）", "读入", "写出")
    else:
        head = (
            "judged",
            "processor hours",
            f"hours of a machine with {CORES}",
            "yuan (assumed)",
            "read",
            "written",
        )
    return markdown(head, rows)


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table: the first column to the left, the others to the right."""
    marks = " | ".join(["---", *["---:"] * (len(head) - 1)])
    lines = [" | ".join(head), marks, *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def rounded(number: float) -> str:
    """Return a number with two figures at least."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def size(count: float) -> str:
    """Return a number of bytes in the unit that suits it."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} TB"


def reckoned(page: str, language: str) -> str:
    """Return a page with its tables as they are now."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    tables = f"{parts_table(language)}\n\n{loads_table(language)}"
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(reckoned(path.read_text("utf-8"), language), "utf-8")
