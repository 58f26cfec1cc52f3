"""What a stranger gives a fleet is one error beside the others, and takes only so much."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from pytest_icp.fleet import inputs, judging, planning
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.fleet.running import Workers
from pytest_icp.law.errors import InputError
from tests.fleet.made import FILES, facts, judged, lay_lines, lay_parquet, text
from tests.fleet.made import rows as rows_of

MEBIBYTE = 1024 * 1024
SECRET = "sentinel4711"  # noqa: S105 - it is none


def only_error(tmp_path: Path, named: Path) -> str:
    """Judge an input beside a good one, and return the one error; nothing of it is judged."""
    good = lay_lines(tmp_path / "good.jsonl", 1)
    judged(tmp_path / "out", named, good, base=tmp_path)
    assert {one["description"] for one in rows_of(tmp_path / "out", "verdicts")} == {"good.jsonl#1"}
    (error,) = rows_of(tmp_path / "out", "errors")
    assert (error["what"], error["description"]) == ("input", named.name)
    assert "docs/limits.md" in error["hint_en"] or "row_group_size" in error["hint_en"]
    return str(error["message_en"])


def test_parquet_that_stands_for_millions_of_rows_is_refused_by_what_it_says(
    tmp_path: Path,
) -> None:
    table = pyarrow.table({"description": pyarrow.repeat("", 200_000)})
    pyarrow.parquet.write_table(table, tmp_path / "many.parquet")
    assert (tmp_path / "many.parquet").stat().st_size < MEBIBYTE
    assert only_error(tmp_path, tmp_path / "many.parquet") == (
        "over budget: more than 150,000 descriptions"
    )


def test_one_text_that_thousands_of_rows_have_is_unpacked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "MOST_TEXT", 1024 * MEBIBYTE)
    text = pyarrow.array([json.dumps({**facts(), "x": "x" * 4 * MEBIBYTE})])
    same = pyarrow.DictionaryArray.from_arrays(pyarrow.repeat(0, 2000).cast("int32"), text)
    pyarrow.parquet.write_table(
        pyarrow.table({"description": same}),
        tmp_path / "same.parquet",
        dictionary_pagesize_limit=1 << 30,
        compression="zstd",
    )
    del text, same
    assert (tmp_path / "same.parquet").stat().st_size < MEBIBYTE
    before = pyarrow.default_memory_pool().max_memory()
    assert only_error(tmp_path, tmp_path / "same.parquet") == (
        "over budget: more than 16 GiB of descriptions"
    )
    assert pyarrow.default_memory_pool().max_memory() - before < 64 * MEBIBYTE


def test_a_row_group_that_is_too_large_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "LARGEST_GROUP", 2 * MEBIBYTE)
    texts = pyarrow.array(["x" * MEBIBYTE + str(i) for i in range(3)])
    pyarrow.parquet.write_table(
        pyarrow.table({"description": texts}),
        tmp_path / "group.parquet",
        compression="zstd",
        use_dictionary=False,
    )
    del texts
    assert only_error(tmp_path, tmp_path / "group.parquet") == (
        "over budget: row group 1 has more than 256 MiB, unpacked"
    )


def test_a_column_that_contradicts_what_is_told_of_it_is_no_table(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"description": [text(1)]}), tmp_path / "a.parquet")
    raw, optional = (tmp_path / "a.parquet").read_bytes(), b"\x25\x02\x18\x0bdescription"
    assert raw.count(optional) == 1
    # Nothing is ever absent, and yet it is told how often it is.
    required = raw.replace(optional, b"\x25\x00\x18\x0bdescription")
    (tmp_path / "b.parquet").write_bytes(required)
    good = lay_lines(tmp_path / "good.jsonl", 1)
    judged(tmp_path / "out", tmp_path / "b.parquet", good, base=tmp_path)
    (error,) = rows_of(tmp_path / "out", "errors")
    assert error["message_en"] == "not a readable Parquet file"


def test_a_column_whose_name_is_no_text_is_no_table(tmp_path: Path) -> None:
    raw = lay_parquet(tmp_path / "a.parquet", 1).read_bytes()
    (tmp_path / "b.parquet").write_bytes(raw.replace(b"description", b"\xeaescription"))
    (shard,) = plan(Inputs(named=(str(tmp_path / "b.parquet"),), files=FILES, base=tmp_path))
    with pytest.raises(InputError, match="not a readable Parquet file"):
        next(shard.items())


def test_an_id_that_is_no_text_is_the_number_of_its_row(tmp_path: Path) -> None:
    ids = pyarrow.array([b"\xff", b"two"]).view(pyarrow.string())
    table = pyarrow.table({"description": [text(1), text(2)], "id": ids})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    judged(tmp_path / "out", tmp_path / "a.parquet", base=tmp_path)
    named = {one["description"] for one in rows_of(tmp_path / "out", "verdicts")}
    assert named == {"a.parquet#1", "a.parquet#two"}


def test_lines_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text("{\n" * 160_000, "utf-8")
    assert "150,000 descriptions" in only_error(tmp_path, tmp_path / "many.jsonl")


def test_a_folder_of_empty_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST", 200)
    (tmp_path / "many").mkdir()
    for i in range(300):
        (tmp_path / "many" / f"{i}.icp.yaml").touch()
    assert "150,000 descriptions" in only_error(tmp_path, tmp_path / "many")


def test_bytes_of_an_input_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MOST_TEXT", 2000)
    lay_parquet(tmp_path / "a.parquet", 1, 2, 3)
    lay_lines(tmp_path / "a.jsonl", 1, 2, 3)
    for name in ("a.parquet", "a.jsonl"):
        named = (str(tmp_path / name),)
        (shard,) = plan(Inputs(named=named, files=FILES, base=tmp_path))
        with pytest.raises(InputError, match="of descriptions"):
            next(shard.items())


def test_time_of_a_shard_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SECONDS", -1)
    judged(tmp_path / "out", lay_lines(tmp_path / "a.jsonl", 1, 2), base=tmp_path)
    (error,) = rows_of(tmp_path / "out", "errors")
    assert error["message_en"].endswith("seconds of processor time")


# --- URLs -------------------------------------------------------------------------------------


class Store(MemoryFileSystem):
    """A store that people reach with a password, and sign what they ask for."""

    protocol = "https"
    fails: Exception | None = None
    whole = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.removeprefix("https://").lstrip("/")

    def unstrip_protocol(self, name: str) -> str:
        return f"https://{name.lstrip('/')}"

    def _open(self, path: str, *more: Any, **named: Any) -> Any:
        if Store.fails:
            raise Store.fails
        file = super()._open(path, *more, **named)
        if Store.whole:

            def refuse(*_: object) -> int:
                raise ValueError("Cannot seek streaming HTTP file")

            file.seek = refuse
        return file


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setitem(sys.modules["fsspec.registry"]._registry, "https", Store)
    store = Store()
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]
    Store.fails, Store.whole = None, False


URL = f"https://user:{SECRET}@host/in/a.jsonl?signature={SECRET}&expires=1"


def whole(out: Path) -> str:
    """Return all texts of the tables of a place, and what it says of itself."""
    tables = [str(rows_of(out, name)) for name in ("verdicts", "findings", "due", "errors")]
    return "".join([*tables, (out / "fleet.json").read_text("utf-8")])


def test_no_password_or_signature_of_a_url_is_written(store: Store, tmp_path: Path) -> None:
    content = lay_lines(tmp_path / "a.jsonl", 1).read_bytes() + b"{\n"
    store.pipe_file(URL, content)
    judged(tmp_path / "out", URL, base=tmp_path)
    assert "https://host/in/a.jsonl?…#1" in whole(tmp_path / "out")
    assert SECRET not in whole(tmp_path / "out")


@pytest.mark.parametrize(
    "error",
    [
        OSError(5, f"cannot reach {URL}"),
        PermissionError(13, URL),
        TimeoutError(URL),
        KeyError(URL),
        type("ClientError", (Exception,), {})(URL),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_error_of_a_store_repeats_it(store: Store, tmp_path: Path, error: Exception) -> None:
    store.pipe_file(URL, b"{\n")
    Store.fails = error
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", URL, base=tmp_path)
    said = refused.value.text("zh") + refused.value.text("en")
    assert "https://host/in/a.jsonl" in said
    assert SECRET not in said
    assert "internal" not in said


@pytest.mark.parametrize(
    "url",
    [
        f"nonsense://user:{SECRET}@host/a.jsonl",
        f"https://{SECRET}@host/nowhere.jsonl?{SECRET}",
        f"https://user:{SECRET}@host/in/x.txt?{SECRET}",
        f"simplecache::nonsense://user:{SECRET}@host/a.jsonl#{SECRET}",
    ],
)
def test_no_url_that_leads_nowhere_is_repeated_whole(
    store: Store, tmp_path: Path, url: str
) -> None:
    store.pipe_file(f"https://user:{SECRET}@host/in/x.txt?{SECRET}", b"")
    for named, out in ((url, str(tmp_path / "out")), (str(tmp_path), url)):
        with pytest.raises(InputError) as refused:
            judged(out, named, base=tmp_path)
        assert SECRET not in refused.value.text("zh") + refused.value.text("en")


def test_nor_the_address_of_a_scheduler(tmp_path: Path) -> None:
    workers = Workers(scheduler=f"nonsense://user:{SECRET}@host:1")
    good = lay_lines(tmp_path / "a.jsonl", 1)
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", good, base=tmp_path, workers=workers)
    assert SECRET not in refused.value.text("zh") + refused.value.text("en")


@pytest.mark.parametrize("url", ["reference://", "reference://x/a.jsonl", "zip://x::memory://no"])
def test_a_store_that_has_to_be_told_more_is_one_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", url, base=tmp_path)
    assert "internal" not in refused.value.text("en")


def test_a_server_that_sends_whole_files_only_is_one_error(store: Store, tmp_path: Path) -> None:
    store.pipe_file("https://host/a.parquet", lay_parquet(tmp_path / "a.parquet", 1).read_bytes())
    Store.whole = True
    judged(
        tmp_path / "out",
        "https://host/a.parquet",
        lay_lines(tmp_path / "b.jsonl", 1),
        base=tmp_path,
    )
    (error,) = rows_of(tmp_path / "out", "errors")
    assert "does not send a part of a file" in error["message_en"]
    assert len(rows_of(tmp_path / "out", "verdicts")) > 0
