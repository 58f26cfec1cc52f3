"""Serverless files and answers of the clouds' tools are found by their names and beginnings."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.sources.discovery import find_sources

FOUND = {
    "s.yaml": ("serverless", "edition: 3.0.0\nresources:\n"),
    "s.prod.yml": ("serverless", "edition: 1.0.0\nservices:\n"),
    "serverless.yml": ("serverless", "component: scf\ninputs:\n"),
    "cloudbaserc.json": ("serverless", '{"envId": "a"}'),
    "a.json": ("cloud-export", '{"TotalCount": 1, "Instances": {"Instance": []}}'),
    "b.json": ("cloud-export", '{"ResponseMetadata": {}, "Result": {}}'),
    "c.json": ("cloud-export", '{"servers": [{"id": 1, "OS-EXT-AZ:availability_zone": "a"}]}'),
}
NOT_FOUND = {
    "s.yaml": "a: 1\n",
    "values.yaml": "edition: 3.0.0\nresources:\n",
    "serverless.yml": "service: a\nprovider: {name: aws}\n",
    "package.json": '{"name": "a", "Instances": []}',
    "data.json": '{"items": [{"Reservations": []}]}',
}


@pytest.mark.parametrize("name", FOUND)
def test_a_file_is_found(name: str, tmp_path: Path) -> None:
    kind, text = FOUND[name]
    (tmp_path / name).write_text(text)
    assert [one.kind for one in find_sources(tmp_path).sources] == [kind]


@pytest.mark.parametrize("name", NOT_FOUND)
def test_another_file_is_not(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(NOT_FOUND[name])
    assert not find_sources(tmp_path).sources


def test_a_folder_of_answers_is_one_source(tmp_path: Path) -> None:
    text = FOUND["a.json"][1]
    for name in ("cloud/a.json", "cloud/b.json", "cloud/old/c.json", "one/d.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [one.path.relative_to(tmp_path).as_posix() for one in find_sources(tmp_path).sources]
    assert found == ["cloud", "one/d.json"]
    (tmp_path / "cloud" / "notes.txt").write_text("x")
    assert len(find_sources(tmp_path).sources) == 4
