"""The policies and rules that somebody names."""

from __future__ import annotations

import pytest

from pytest_icp.facts.files.resources import resource
from pytest_icp.kinds.policies import written_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.lookup import select_policies


def test_a_name_of_nothing_is_refused_with_the_one_that_was_meant() -> None:
    every = [*written_policies([resource("policies")])]
    assert select_policies(["SP12/renewal"], every)[0].rules == {"SP12/renewal"}
    with pytest.raises(InputError) as refused:
        select_policies(["SP12", "SP12/renewl"], every)
    assert refused.value.message.en == "no policy, rule or file is called 'SP12/renewl'"
    assert refused.value.hint
    assert "SP12/renewal" in refused.value.hint.en
