"""Filebeat: its outputs."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, stores
from tests.sources.reading import remarks

NAME = "filebeat.yml"
INPUTS = "filebeat.inputs:\n- {type: log, paths: [/var/log/nginx/access.log]}\n"


def kept(text: str) -> Any:
    return {id_.partition(":")[2]: one for id_, one in stores(read(NAME, text)).items()}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("output.elasticsearch: {hosts: [x]}\n", "filebeat"),
        ("filebeat: {}\noutput: {elasticsearch: {index: web}}\n", "web"),
        ("output.elasticsearch:\n  index: web\n", "web"),
        ("output.elasticsearch.index: web\noutput.elasticsearch.hosts: [x]\n", None),
    ],
)
def test_an_index_has_a_period_elsewhere(text: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(InputError):
            read(NAME, text)
        return
    derived = read(NAME, text)
    assert stores(derived) == {f"{NAME}:elasticsearch {name}": {"retention": None}}
    assert "it is sent elsewhere" in remarks(derived)[0]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("output.file: {path: /tmp, filename: f}\n", "rotate_every_kb 10240, number_of_files 7"),
        (
            "output.file: {path: /tmp, filename: f, rotate_every_kb: 5, number_of_files: 9}\n",
            "rotate_every_kb 5, number_of_files 9",
        ),
    ],
)
def test_files_are_limited_by_size(text: str, limits: str) -> None:
    derived = read(NAME, text)
    assert stores(derived) == {f"{NAME}:file tmp/f": {"retention": None}}
    assert limits in remarks(derived)[0]


@pytest.mark.parametrize(
    ("inputs", "kinds"),
    [
        (INPUTS, ["access"]),
        (INPUTS + "- {type: log, paths: [/var/log/app.log]}\n", None),
        (INPUTS + "- {type: tcp}\n", None),
        (INPUTS + "filebeat.modules: [{module: nginx}]\n", None),
        ("", None),
    ],
)
def test_the_kind_is_what_all_inputs_say(inputs: str, kinds: object) -> None:
    (store,) = kept(f"{inputs}output.elasticsearch: {{index: web}}\n").values()
    assert store.get("kinds") == kinds


def test_a_document_that_cannot_be_read_is_a_gap() -> None:
    derived = read(NAME, "output.elasticsearch: {index: web}\n---\na: {{ b }}: c\n")
    assert len(derived.gaps) == 1
