"""Archives that nobody made by mistake: one clear error, and nothing outside is touched."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_icp.fleet.inputs import archives, bundles
from pytest_icp.fleet.inputs.archives import members
from pytest_icp.fleet.inputs.planning import Inputs, plan
from pytest_icp.law.errors import InputError
from tests.fleet.made import FILES, judged, lay_archive, lay_folder, lay_lines, rows, text, verdicts

NAME = "c/c.icp.json"


def zipped(*entries: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            about = zipfile.ZipInfo(name)
            about.external_attr, about.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(about, content)
    return out.getvalue()


def tarred(*entries: tuple[str, bytes, bytes], form: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=form) as tar:  # type: ignore[call-overload]
        for name, content, kind in entries:
            about = tarfile.TarInfo(name)
            about.type, about.size, about.linkname = kind, len(content), "/etc/passwd"
            tar.addfile(about, io.BytesIO(content))
    return out.getvalue()


def encrypted() -> bytes:
    raw = bytearray(zipped((NAME, text().encode())))
    for sign, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(sign) + flag] |= 1
    return bytes(raw)


def huge_header() -> bytes:
    """A name of a gigabyte, which is read whole before anything is known of its file."""
    about = tarfile.TarInfo("././@LongLink")
    about.type, about.size = tarfile.GNUTYPE_LONGNAME, 2**30
    return about.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024


def chained_headers() -> bytes:
    """Headers of a header of a header."""
    about = tarfile.TarInfo("x")
    about.type, about.size = tarfile.XHDTYPE, 0
    return about.tobuf(tarfile.USTAR_FORMAT) * 5000


BIG = b"\0" * (archives.ALLOWED + 1)
FILE = tarfile.REGTYPE
HOSTILE: list[tuple[str, str, Callable[[], bytes]]] = [
    ("a.zip", "broken", lambda: b""),
    ("a.zip", "broken", lambda: b"PK\x03\x04"),
    ("a.zip", "broken", lambda: zipped((NAME, text().encode()))[:-30]),
    ("a.zip", "leads out", lambda: zipped(("../x.icp.json", b"{}"))),
    ("a.zip", "leads out", lambda: zipped(("/etc/x.icp.json", b"{}"))),
    ("a.zip", "leads out", lambda: zipped(("a\\..\\x.icp.json", b"{}"))),
    ("a.zip", "leads out", lambda: zipped(("c:/x.icp.json", b"{}"))),
    ("a.zip", "is a link", lambda: zipped((NAME, b"/etc/passwd"), mode=stat.S_IFLNK | 0o777)),
    ("a.zip", "expands more than", lambda: zipped((NAME, b"{}"), ("c/x", BIG))),
    ("a.zip", "encrypted", encrypted),
    ("a.zip", "no description", lambda: zipped(("c/readme", b"x"))),
    ("a.tar", "no description", lambda: b"\0" * 1024),
    ("a.tar", "broken", lambda: b"nonsense" * 100),
    ("a.tar", "broken", chained_headers),
    ("a.tar", "expands more than", huge_header),
    ("a.tar.gz", "broken", lambda: b"nonsense" * 100),
    ("a.tar.gz", "broken", lambda: tarred((NAME, text().encode() * 50, FILE), form="w:gz")[:300]),
    ("a.tar.bz2", "broken", lambda: b"BZh91AY&SY"),
    ("a.tar.xz", "broken", lambda: b"\xfd7zXZ\0"),
    ("a.tgz", "leads out", lambda: tarred(("c/../../x", b"", FILE), form="w:gz")),
    ("a.tgz", "expands more than", lambda: tarred((NAME, BIG, FILE), form="w:gz")),
    *(
        ("a.tar", "is a link", lambda kind=kind: tarred((NAME, b"", kind)))  # type: ignore[misc]
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)
    ),
]


@pytest.mark.parametrize(
    ("name", "said", "make"),
    HOSTILE,
    ids=[f"{name} {said} {i}" for i, (name, said, _) in enumerate(HOSTILE)],
)
def test_an_archive_that_may_not_be_read_is_one_error(
    tmp_path: Path, name: str, said: str, make: Callable[[], bytes]
) -> None:
    (tmp_path / name).write_bytes(make())
    (shard,) = plan(Inputs(named=(str(tmp_path / name),), files=FILES, base=tmp_path))
    with pytest.raises(InputError) as refused:
        list(shard.items())
    assert said in refused.value.text("en")
    assert shard.where == name


def test_the_others_are_judged(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(("../x.icp.json", b"{}")))
    good = lay_lines(tmp_path / "b.jsonl", 1)
    judged(tmp_path / "out", tmp_path / "a.zip", good, base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert (row["what"], row["description"]) == ("input", "a.zip")
    assert "指向包外" in row["message_zh"]
    assert verdicts(tmp_path / "out", "b.jsonl#1")
    assert not (tmp_path.parent / "x.icp.json").exists()


@pytest.mark.parametrize(
    "entries",
    [
        [(NAME, b"{}"), (NAME, b"{}")],
        [(NAME, b"{}"), ("c/x", b""), ("c/x/y", b"")],
        [(NAME, b"{}"), (f"c/{'x' * 300}", b"")],
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_files_that_cannot_lie_side_by_side(
    tmp_path: Path, entries: list[tuple[str, bytes]]
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(*entries))
    (shard,) = plan(Inputs(named=(str(tmp_path / "a.zip"),), files=FILES, base=tmp_path))
    with pytest.raises(InputError, match="twice"):
        list(shard.items())


def test_only_what_lies_in_the_folders_of_its_descriptions_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_ROWS", 1)
    (tmp_path / "a.zip").write_bytes(
        zipped(
            ("a/x.icp.json", text(1).encode()),
            ("a/y.icp.json", text(2).encode()),
            ("a/papers/1.txt", b"x"),
            ("a/.git/config", b"x"),
            ("b/z.icp.json", text(3).encode()),
            ("b/2.txt", b"x"),
        )
    )
    shards = plan(Inputs(named=(str(tmp_path / "a.zip"),), files=FILES, base=tmp_path))
    found = []
    for shard in shards:
        for item in shard.items():
            files = (one for one in item.base.rglob("*") if one.is_file())
            found.append({one.relative_to(item.base).as_posix() for one in files})
    assert found == [
        {"a/x.icp.json", "a/papers/1.txt"},
        {"a/y.icp.json", "a/papers/1.txt"},
        {"b/z.icp.json", "b/2.txt"},
    ]


def test_a_shard_is_not_copied_beyond_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_COPIED", 500)
    path = lay_archive(tmp_path / "a.zip", lay_folder(tmp_path / "all", 1))
    (shard,) = plan(Inputs(named=(str(path),), files=FILES, base=tmp_path))
    with pytest.raises(InputError, match="hold more than"):
        list(shard.items())


def test_limits_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lay_archive(tmp_path / "a.zip", lay_folder(tmp_path / "all", 1, 2))
    for name, said in (("MOST_MEMBERS", "more than 3 files"), ("LARGEST", "too large")):
        with monkeypatch.context() as patch:
            patch.setattr(archives, name, 3)
            with members(str(path)) as found, pytest.raises(InputError, match=said):
                list(found)


def test_a_description_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    other = text().replace("evidence/letter.txt", "../b/secret.txt")
    (tmp_path / "a.zip").write_bytes(
        zipped(
            ("a/x.icp.json", other.encode()),
            ("b/y.icp.json", text().encode()),
            ("b/secret.txt", b"x"),
        )
    )
    judged(tmp_path / "out", tmp_path / "a.zip", base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert row["description"] == "a.zip!a/x.icp.json"
    assert row["path"] == "a/x.icp.json"
    assert "outside the repository" in row["message_en"]
