from __future__ import annotations

from pytest_icp.law.divisions import (
    CITIES,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_OF,
)


def test_there_are_34_provinces_and_each_city_lies_in_one():
    assert len(CITIES) == 34
    assert set(CITIES) >= MUNICIPALITIES | set(OUTSIDE)
    for province in MUNICIPALITIES:
        assert CITIES[province] == (province,)
    named = [city for cities in CITIES.values() for city in cities]
    assert sorted(set(named)) == sorted(named)
    assert all(city in CITIES[province] for city, province in PROVINCE_OF.items())


def test_a_word_that_is_both_means_the_province_but_jilin_is_also_a_city():
    assert "海南" not in PROVINCE_OF
    assert PROVINCE_OF["吉林"] == "吉林"
