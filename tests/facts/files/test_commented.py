"""Where an absent fact is to be written: at its question in a comment, or near it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.source import read_source

TEXT = """\
## data_stores: explained
apiVersion: pytest-icp/v1

## Renewal: yes
renewal:
#   intention: renew
#   winddown_plan:
#     document: a.pdf
# data_stores:
#   - id: users
##     Does it hold personal information?
#     personal_info: false
#   - id: 'logs'
#     personal_info: true
sites:
  - id: a
    public: true
    # app_package_id: none
  - {id: b}
  - id: c
    location:
#      province: 北京
#     app_package_id: none
company:
  name: 甲
  # address: {city: 北京}
# incidents: []
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        # There, or in a comment.
        ("apiVersion", 2, 13),
        ("incidents", 27, 3),
        ("renewal.intention", 6, 5),
        ("renewal.winddown_plan.document", 8, 7),
        ("data_stores", 9, 3),
        ("data_stores.users.personal_info", 12, 7),
        ("data_stores.logs.personal_info", 14, 7),
        ("company.address", 26, 5),
        ("company.address.city", 26, 5),
        ("sites.0.app_package_id", 18, 7),
        ("sites.2.app_package_id", 23, 7),
        ("sites.2.location.province", 22, 8),
        # The closest that is there.
        ("renewal.decision", 5, 1),
        ("renewal.document", 5, 1),
        ("data_stores.users.volume", 10, 7),
        ("data_stores.orders", 9, 3),
        ("sites.1.app_package_id", 19, 5),
        ("sites.0.location", 16, 5),
        ("sites.d.location", 15, 1),
        ("company.id", 24, 1),
        # Neither: it is added at the end.
        ("staff", 27, 16),
        ("personal_info", 27, 16),
    ],
)
def test_an_absent_fact_is_placed_where_it_is_to_be_written(
    tmp_path: Path, path: str, line: int, column: int
) -> None:
    file = tmp_path / "a.icp.yaml"
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        file.write_bytes(text.encode())
        source = read_source(file)
        place = source.place_to_write(tuple(path.split(".")))
        assert (place.line, place.column) == (line, column)
        assert source.asks_for(tuple(path.split("."))) == (path not in {"staff", "personal_info"})


def test_the_document_itself_is_its_own_place(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("# b: 1\na: 1\n", "utf-8")
    assert str(read_source(file).place_to_write(())) == f"{file}:2:1"


def test_what_the_last_element_does_not_ask_for_is_placed_at_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("sites:\n  - id: a\n    # public: true\n", "utf-8")
    source = read_source(file)
    assert source.place_to_write(("sites", "0", "public")).line == 3
    assert source.place_to_write(("sites", "0", "name")).line == 2


def test_json_has_no_comments(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{\n "a": 1}', "utf-8")
    assert str(read_source(file).place_to_write(("b",))) == f"{file}:1:1"
    assert not read_source(file).asks_for(("b",))
