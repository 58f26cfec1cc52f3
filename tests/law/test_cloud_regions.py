from __future__ import annotations

from pytest_icp.law.cloud_regions import REGIONS
from pytest_icp.law.divisions import CITIES


def test_every_mainland_region_names_a_known_city_and_no_other_names_one():
    for region in REGIONS.values():
        if region.country == "CN":
            assert region.province is not None
            assert region.city in CITIES[region.province]
        else:
            assert (region.province, region.city) == (None, None)
