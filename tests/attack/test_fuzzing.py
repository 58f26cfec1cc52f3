"""Some inputs of the standing attack, the same ones each time, and all that it ever found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.attack.fuzzing import FOUND, Figures, Reader, attack, failure, readers, run, table
from tests.attack.mutating import Mutator, shrunk

SEED = 17
EACH = 30
"""How many inputs of each reader; ``tox -e attack`` goes on for an hour."""


@pytest.fixture(scope="module")
def mutator() -> Mutator:
    return Mutator(SEED)


@pytest.mark.parametrize("name", sorted(readers()))
def test_nothing_crashes(mutator: Mutator, tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    reader, figures = readers()[name], Figures()
    for _ in range(EACH if reader.turns > 1 else 5):
        attack(name, reader, mutator, figures, tmp_path, tmp_path / "found")
    assert not figures.crashes, [*(tmp_path / "found").iterdir()]


@pytest.mark.parametrize("file", sorted(FOUND.glob("*.txt")) or [None], ids=str)
def test_what_was_found_does_not_come_back(tmp_path: Path, file: Path | None) -> None:
    if file is None:
        pytest.skip("nothing was found yet")
    (tmp_path / ".git").mkdir()
    text = file.read_bytes().decode("utf-8", "surrogatepass")
    named = [one for name, one in readers().items() if file.name.startswith(f"{file_of(name)}.")]
    assert [failure(reader, text, tmp_path) for reader in named] == [""]


def file_of(reader: str) -> str:
    return reader.replace(", ", "-").replace(" ", "-")


def test_valid_descriptions_are_reached(tmp_path: Path) -> None:
    """Most of them are decided, where most random ones are refused."""
    mutator, reader = Mutator(1), readers()["valid description"]
    (tmp_path / ".git").mkdir()
    texts = [reader.text(mutator) for _ in range(5)]
    assert sum(reader.read(text, tmp_path) for text in texts) >= 3
    assert len(set(texts)) == len(texts)


def test_the_same_seed_makes_the_same_texts() -> None:
    once, again = (
        [mutator.text(["a: 1\n", "b: [2]\n"]) for _ in range(20)]
        for mutator in (Mutator(3), Mutator(3))
    )
    assert once == again
    document = {"a": [{"b": 1, "c": "x"}] * 3}
    assert Mutator(3).document(document) == Mutator(3).document(document)
    assert json.dumps(document) == json.dumps({"a": [{"b": 1, "c": "x"}] * 3})


def test_what_is_found_is_made_small_and_kept(tmp_path: Path) -> None:
    def read(text: str, _: Path) -> bool:
        if "{" in text and "}" in text:
            raise KeyError(text)
        return True

    reader = Reader(read, ("services: {a: {image: x}}\n",))
    figures = Figures()
    mutator = Mutator(1)
    for _ in range(20):
        attack("braces, twice", reader, mutator, figures, tmp_path, tmp_path / "found")
    assert figures.crashes > 1
    (file,) = (tmp_path / "found").iterdir()
    assert file.name.startswith("braces-twice.")
    assert sorted(file.read_text("utf-8")) == ["{", "}"]


def test_a_text_is_shrunk_as_far_as_it_goes() -> None:
    assert shrunk("abcXdefYghi", lambda text: "X" in text and "Y" in text) == "XY"


def test_a_run_ends_and_prints_its_figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = {"words": readers()["words"]}
    monkeypatch.setattr("tests.attack.fuzzing.readers", lambda: one)
    figures = run(minutes=1, inputs=20, seed=1, found=tmp_path)
    assert figures["words"].inputs == 20
    assert table(figures).splitlines()[-1] == "20 inputs in all"
    assert run(minutes=0, inputs=20, seed=1, found=tmp_path)["words"].inputs == 0
