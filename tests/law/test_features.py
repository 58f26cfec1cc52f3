from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.files.properties import members
from pytest_icp.law.catalogue import CATALOGUE
from pytest_icp.law.features import FEATURES, implied, possible_codes

WORDS = {
    "third_party_publishing": ["none", "listings", "articles", "media", "apps"],
    "message_delivery": ["none", "email_subscription", "app_push", "sms"],
    "search_scope": ["none", "own_site", "third_party_web", "vertical_aggregation"],
    "ugc_social": ["none", "ratings", "comments", "qa", "forum", "feed", "groups"],
    "messaging": ["none", "support_chat", "user_to_user", "group_chat"],
    "realtime_av": ["none", "p2p_call", "conference", "live_stream"],
    "third_party_sellers": ["none", "ads_only", "transactions"],
}
VALUES = {name: st.sampled_from(words) for name, words in WORDS.items()}
VALUES |= {
    name: st.booleans() for name in FEATURES if name not in VALUES and name != "regulated_content"
}
DECLARED = st.fixed_dictionaries({}, optional=VALUES)


def codes(features, **options):
    return {code for one in implied(features, **options) for code in one.codes}


@pytest.mark.parametrize(
    ("feature", "value", "implies"),
    [
        ("third_party_publishing", "listings", {"B25.publish"}),
        ("third_party_publishing", "none", set()),
        ("message_delivery", "app_push", {"B25.publish"}),
        ("message_delivery", "sms", {"B25.non_internet"}),
        ("search_scope", "own_site", set()),
        ("search_scope", "third_party_web", {"B25.search"}),
        ("search_scope", "vertical_aggregation", {"B25.search"}),
        ("ugc_social", "comments", set()),
        ("ugc_social", "forum", {"B25.community"}),
        ("messaging", "support_chat", set()),
        ("messaging", "group_chat", {"B25.im"}),
        ("realtime_av", "p2p_call", {"B25.im"}),
        ("realtime_av", "conference", {"B22"}),
        ("realtime_av", "live_stream", set()),
        ("terminal_protection", True, {"B25.protect"}),
        ("terminal_protection", False, set()),
        ("app_distribution", True, {"B25.publish"}),
        ("fixed_phone_info", True, {"B25.fixed_phone"}),
        ("third_party_sellers", "transactions", {"B21.ecommerce"}),
        ("third_party_sellers", "ads_only", {"B25.publish"}),
        ("own_goods_sale", True, set()),
        ("hosting_for_others", True, {"B11"}),
        ("cdn_for_others", True, {"B12"}),
        ("vpn_for_others", True, {"B13"}),
        ("access_for_others", True, {"B14"}),
        ("dns_for_others", True, {"B26"}),
        ("call_centre_for_others", True, {"B24"}),
    ],
)
def test_what_a_function_implies(feature, value, implies):
    assert codes({feature: value}) == implies
    one = next(one for one in implied({feature: value}) if one.feature == feature)
    assert (one.value, one.known, one.possible) == (value, True, implies)


def test_searching_ones_own_site_counts_where_it_is_asked_for_strictly():
    for strict, found in (False, (set(), True)), (True, ({"B25.search"}, False)):
        (one,) = (
            one
            for one in implied({"search_scope": "own_site"}, strict_site_search=strict)
            if one.feature == "search_scope"
        )
        assert (one.codes, one.note is not None) == found


def test_each_value_that_the_schema_allows_is_in_the_table():
    assert members("description", "services.features").names == FEATURES
    for name in FEATURES:
        for word in members("description", f"services.features.{name}").words:
            assert implied({name: word})


@given(DECLARED)
def test_certain_codes_are_possible_and_in_the_catalogue(features):
    for one in implied(features):
        assert one.codes <= one.possible <= possible_codes(one.feature)
        assert one.possible <= set(CATALOGUE)


@given(DECLARED, DECLARED)
def test_more_functions_never_imply_fewer_codes(some, more):
    both = {name: [some[name]] if name in some else [] for name in {**some, **more}}
    for name, value in more.items():
        both[name] = [*both[name], value]
    assert codes(some) <= codes(both)


@given(DECLARED)
def test_what_is_declared_lies_within_what_was_possible(features):
    possible = {code for one in implied({}) for code in one.possible}
    assert codes(features) <= possible
