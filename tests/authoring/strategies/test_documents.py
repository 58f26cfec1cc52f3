from __future__ import annotations

from pytest_icp.authoring.strategies.documents import places_below, with_ids, without

SITES = {"sites": [{"id": "a", "public": True}, {"id": "a"}]}


def test_what_is_left_out_is_left_out_of_a_copy() -> None:
    assert without(SITES, ("sites", 1)) == {"sites": [{"id": "a", "public": True}]}
    assert SITES["sites"][0] == {"id": "a", "public": True}


def test_ids_that_are_taken_become_others_and_words_stay() -> None:
    document = {"sites": [{"id": "a"}, {"id": "a"}], "sanction_ladder": ["警示", "警示"]}
    assert with_ids(document) == {
        "sites": [{"id": "a"}, {"id": "ax"}],
        "sanction_ladder": ["警示", "警示"],
    }
    assert document["sites"] == [{"id": "a"}, {"id": "a"}]


def test_ids_of_attached_pages_are_theirs_alone() -> None:
    document = {"licence": {"number": "x", "attachments": [{"id": "a"}, {"id": "a"}]}}
    assert with_ids(document) == {
        "licence": {"number": "x", "attachments": [{"id": "a"}, {"id": "ax"}]}
    }
    assert with_ids({"licence": None}) == {"licence": None}


def test_every_place_below_but_ids() -> None:
    assert [*places_below(SITES["sites"], ("sites",))] == [
        ("sites",),
        ("sites", 0),
        ("sites", 0, "public"),
        ("sites", 1),
    ]
