"""Conditions in three values, against a naive interpreter that knows no JSON Schema."""

from __future__ import annotations

import re
import warnings
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from pytest_icp.facts.files.properties import schema_document
from pytest_icp.law.condition import (
    KEYWORDS,
    PERHAPS,
    AllOf,
    AnyOf,
    By,
    Comparison,
    ConditionError,
    Decide,
    Every,
    Fields,
    Leaf,
    Node,
    Not,
    Some,
    Truth,
    between,
    open_at,
    parse_condition,
)
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import plain
from pytest_icp.rules.patterns import DECIDE
from tests.conditions import CONDITIONS, NAMES, SCALARS, VALUES

# The naive interpreter: strong Kleene logic over Python values.


def kleene_and(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def kleene_not(value: bool | None) -> bool | None:
    return None if value is None else not value


def kleene_or(values: list[bool | None]) -> bool | None:
    return kleene_not(kleene_and([kleene_not(value) for value in values]))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Any, right: Any) -> bool:
    """JSON equality: true is not 1, and 1 is 1.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


NAIVE = {
    "const": same,
    "enum": lambda value, choices: any(same(value, choice) for choice in choices),
    "type": lambda value, name: {
        "string": isinstance(value, str),
        "number": is_number(value),
        "boolean": isinstance(value, bool),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }[name],
    "minimum": lambda value, n: is_number(value) and value >= n,
    "maximum": lambda value, n: is_number(value) and value <= n,
    "exclusiveMinimum": lambda value, n: is_number(value) and value > n,
    "exclusiveMaximum": lambda value, n: is_number(value) and value < n,
    "minLength": lambda value, n: isinstance(value, str) and len(value) >= n,
    "maxLength": lambda value, n: isinstance(value, str) and len(value) <= n,
    "pattern": lambda value, p: isinstance(value, str) and re.search(p, value) is not None,
}


def naive(written: Any, value: Any, root: Any) -> bool | None:
    if not isinstance(written, dict):
        return None if value is None else same(value, written)
    parts: list[bool | None] = []
    fields = {k: v for k, v in written.items() if k not in KEYWORDS}
    if fields or not written:
        parts.append(naive_fields(fields, value, root))
    for key, test in written.items():
        if key in NAIVE and isinstance(test, dict):
            parts.append(naive_comparison(key, test, value, root))
        elif key in NAIVE:
            parts.append(None if value is None else NAIVE[key](value, test))
        elif key in KEYWORDS:
            parts.append(naive_word(key, test, value, root))
    return kleene_and(parts)


def naive_comparison(key: str, test: dict[str, Any], value: Any, root: Any) -> bool | None:
    other = root
    for name in test["of"].split("."):
        other = other.get(name) if isinstance(other, dict) else None
    if value is None or other is None:
        return None
    if not is_number(value) or not is_number(other):
        return False
    return bool(NAIVE[key](value, other * test.get("times", 1) + test.get("plus", 0)))


def naive_fields(fields: dict[str, Any], value: Any, root: Any) -> bool | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        return False
    return kleene_and([naive(test, value.get(name), root) for name, test in fields.items()])


def naive_word(key: str, test: Any, value: Any, root: Any) -> bool | None:
    if key == "not":
        return kleene_not(naive(test, value, root))
    if key in {"anyOf", "allOf"}:
        fold = kleene_or if key == "anyOf" else kleene_and
        return fold([naive(one, value, root) for one in test])
    if value is None:
        return None
    if not isinstance(value, list):
        return False
    over = naive_some if key == "some" else naive_every
    return over(test, value, root)


def is_there(element: Any) -> bool | None:
    return None if isinstance(element, dict) and PERHAPS in element else True


def naive_some(test: Any, elements: list[Any], root: Any) -> bool | None:
    return kleene_or([kleene_and([is_there(one), naive(test, one, root)]) for one in elements])


def naive_every(test: Any, elements: list[Any], root: Any) -> bool | None:
    return kleene_and(
        [kleene_or([kleene_not(is_there(one)), naive(test, one, root)]) for one in elements]
    )


@given(CONDITIONS, VALUES)
def test_the_condition_agrees_with_the_naive_interpreter(written: Any, value: Any) -> None:
    assert DECIDE.truth(parse_condition(written), value) is naive(written, value, value)


def there_or_not(element: Any) -> st.SearchStrategy[list[Any]]:
    """The element of a list; one that is perhaps there is, or is not."""
    there = knowing_more(element).map(lambda one: [one])
    return there if is_there(element) else there | st.just([])


def knowing_more(value: Any) -> st.SearchStrategy[Any]:
    """Values that say the same and fill in what was not known."""
    if value is None:
        return VALUES
    if isinstance(value, list):
        return st.tuples(*map(there_or_not, value)).map(lambda parts: list(chain(*parts)))
    if isinstance(value, dict):
        known = {name: knowing_more(value[name]) for name in value if name != PERHAPS}
        return st.fixed_dictionaries(known, optional={n: VALUES for n in NAMES if n not in value})
    return st.just(value)


@given(CONDITIONS, st.data())
def test_knowing_more_never_takes_back_what_was_certain(written: Any, data: Any) -> None:
    value = data.draw(VALUES)
    node, decide = parse_condition(written), DECIDE
    before = decide.truth(node, value)
    if before is not None:
        assert decide.truth(node, data.draw(knowing_more(value))) is before


@given(CONDITIONS)
def test_a_condition_can_be_said_in_both_languages(written: Any) -> None:
    said = sentence(parse_condition(written), "", plain, lambda _path, _value: None)
    assert isinstance(said.zh, str)
    assert isinstance(said.en, str)


@pytest.mark.parametrize(
    "written",
    [
        *({"a": {key: {}}} for key in ("oneOf", "if", "properties", "required", "$ref")),
        *({"dependentRequired": {}}, {"a": None}, {"a": ["x"]}),
        *({"const": one} for one in (None, ["x"], {"a": 1})),
        *({"enum": one} for one in (["x", None], "x", [["x"]])),
        *({"type": one} for one in ("null", "text")),
        *({key: one} for key in ("anyOf", "allOf") for one in ([], "x", [None])),
        *({key: None} for key in ("not", "some", "every")),
        *({"minimum": one} for one in ("1", True, {}, {"months": "1"}, {"months": 1, "days": 1})),
        *({"minimum": {"of": "b", **more}} for more in ({"of": "/b"}, {"less": 1}, {"times": "2"})),
        *({"minLength": one} for one in (1.5, False, -1, 10**10)),
    ],
)
def test_what_has_no_three_valued_reading_is_not_valid(written: Any) -> None:
    document = schema_document("policy")
    valid = Draft202012Validator({"$ref": "#/$defs/Condition", "$defs": document["$defs"]}).is_valid
    assert not valid(written)
    assert not valid({"some": {"anyOf": [{"b": written}]}})


@pytest.mark.parametrize(
    ("written", "path", "said"),
    [
        ({"a": {"b": 1, "minimum": 1}}, ("a", "minimum"), "`minimum` cannot be used beside"),
        ({"anyOf": [1, {"b": 1, "some": 1}]}, ("anyOf", 1, "some"), "`some` cannot be used beside"),
        ({"a": {"not": {"pattern": "("}}}, ("a", "not", "pattern"), "`pattern` is not a regular"),
        ({"a": {"pattern": "x{99999999999}"}}, ("a", "pattern"), "`pattern` is not a regular"),
        # Newer versions of Python refuse the sign.
        ({"a": {"pattern": "(x)(?(+1)y|z)"}}, ("a", "pattern"), "`pattern` is not a regular"),
    ],
)
def test_what_the_schema_cannot_exclude_is_refused_with_its_place(
    written: Any, path: tuple[str | int, ...], said: str
) -> None:
    with pytest.raises(ConditionError, match=said) as caught:
        parse_condition(written)
    assert caught.value.path == path
    assert str(caught.value) == caught.value.message.en


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ({}, Fields),
        (1, Leaf),
        ({"a": 1}, Fields),
        ({"allOf": [1]}, AllOf),
        ({"anyOf": [1]}, AnyOf),
        ({"not": 1}, Not),
        ({"some": 1}, Some),
        ({"minimum": {"of": "b"}}, Comparison),
        ({"minimum": {"of": "b"}, "maximum": 9}, AllOf),
        ({"every": 1}, Every),
        ({"a": 1, "not": {"b": 1}}, AllOf),
        ({"a": 1, "not": {"b": 1}, "anyOf": [{"b": 2}], "allOf": [{"c": 3}]}, AllOf),
    ],
)
def test_each_form_is_read_as_what_it_is(written: Any, kind: type[Node]) -> None:
    assert isinstance(parse_condition(written), kind)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"not": {"b": 1}, "a": 1}, "“a” is 1 and not (“b” is 1)"),
        ({"a": {"not": 3, "minimum": 1}}, "“a” is at least 1 and “a” is not 3"),
    ],
)
def test_what_is_plain_is_said_before_what_is_made_of_it(written: Any, said: str) -> None:
    assert sentence(parse_condition(written), "", plain, lambda _path, _value: None).en == said


def test_a_pattern_that_others_read_in_another_way_is_refused_whatever_is_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ConditionError, match="`pattern` is not a regular expression: Possible"):
            parse_condition({"pattern": "[[x]"})


@pytest.mark.parametrize(
    ("written", "value", "found"),
    [
        # A keyword of numbers or of texts asks for one, unless the type stands beside it.
        ({"minimum": 1}, "x", False),
        ({"minimum": 1}, 1.5, True),
        ({"minLength": 1}, [], False),
        ({"type": "integer", "minimum": 1}, 1.5, False),
        ({"type": "integer", "minimum": 1}, 2, True),
        ({"type": "array", "maxLength": 1}, ["x", "y"], True),
        ({"enum": [1, 2]}, 2, True),
        ({"const": 2}, 2, True),
        ({"const": True}, 1, False),
        ({"type": "boolean"}, False, True),
    ],
)
def test_a_test_asks_for_the_type_that_its_words_are_of(
    written: Any, value: Any, found: bool
) -> None:
    assert DECIDE.truth(parse_condition(written), value) is found


def test_a_part_is_decided_by_the_facts_of_the_whole_subject() -> None:
    bound, pattern = (
        parse_condition({"minimum": {"of": "asked"}}),
        parse_condition({"pattern": "^x"}),
    )
    facts = {"asked": 180, "kept": 180, "name": "xy"}
    by = DECIDE.by(facts)
    assert (bound.truth(180, by), bound.truth(179, by)) == (True, False)
    assert (pattern.truth("xy", by), pattern.truth("yx", by)) == (True, False)
    assert DECIDE.truth(Fields((("kept", bound), ("name", pattern))), facts) is True
    assert DECIDE.truth(Fields((("kept", bound),)), {**facts, "kept": 179}) is False


# A condition as a function of one value: types and equality of JSON, texts, spans of time.

MORE_VALUES = VALUES | st.sampled_from([1.0, 0.0, 1.5, -2.0, [1, 1.0], {"a": 1.0}])
TYPES = ("array", "boolean", "integer", "number", "object", "string")


def by_schema(node: Node, value: Any) -> Truth:
    assert isinstance(node, Leaf)
    return None if value is None else Draft202012Validator(dict(node.schema)).is_valid(value)


def told(node: Node, value: Any) -> Truth:
    return node.truth(value, By(value, nobody))


@given(kind=st.sampled_from(TYPES), value=MORE_VALUES)
def test_types_are_those_of_json_schema(kind: str, value: Any) -> None:
    node = parse_condition({"type": kind})
    assert told(node, value) is by_schema(node, value)


@given(value=MORE_VALUES, other=SCALARS | st.sampled_from([1.0, 1.5]))
def test_equality_is_that_of_json(value: Any, other: Any) -> None:
    for written in ({"enum": [other]}, {"const": other}):
        node = parse_condition(written)
        assert told(node, value) is by_schema(node, value)


def nobody(pattern: str, text: str) -> bool:
    raise AssertionError(f"{text!r} was matched with {pattern!r}")


@pytest.mark.parametrize(
    ("written", "value", "found"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, None),
        ({"a": 1}, {"a": None}, None),
        ({"a": 1}, [1], False),
        ({"a": {"anyOf": [1, {"not": 2}]}}, {}, None),
        ({"type": "integer"}, 1, True),
        ({"type": "integer"}, 1.0, True),
        ({"type": "integer"}, 1.5, False),
        ({"type": "integer"}, True, False),
        ({"enum": [1, "x"]}, "x", True),
        ({"enum": [1, "x"]}, True, False),
        ({"minimum": 184}, 184, True),
        ({"minimum": 184}, 183, False),
        ({"minimum": 184}, "184", False),
        ({"maximum": 184}, 185, False),
        # Of what is compared only bounds are known.
        ({"minimum": 184}, between(184, 200), True),
        ({"minimum": 184}, between(100, 200), None),
        ({"minimum": 184}, between(100, 183), False),
        ({"maximum": 184}, between(100, 200), None),
        ({"minimum": 184}, between(184, 184), True),
        ({"maxLength": 100_000}, "x", True),
        ({"not": {"maxLength": 1}}, "xy", True),
        ({"some": 1}, [0, 0], False),
        ({"some": 1}, [0, None], None),
        ({"every": 0}, [0, 0], True),
        ({"every": 0}, [0, None], None),
        ({"every": 0}, [None, 1], False),
        ({"some": 1}, None, None),
        ({"some": 1}, 1, False),
        # It is not known whether the element is there.
        ({"some": {"a": 1}}, [{"a": 1, PERHAPS: "day"}], None),
        ({"some": {"a": 1}}, [{"a": 2, PERHAPS: "day"}], False),
        ({"every": {"a": 1}}, [{"a": 2, PERHAPS: "day"}], None),
        ({"every": {"a": 1}}, [{"a": 1, PERHAPS: "day"}], True),
        # What is compared with is a fact of the whole subject.
        ({"b": {"every": {"a": {"minimum": {"of": "c"}}}}}, {"b": [{"a": 2}], "c": 2}, True),
        ({"b": {"every": {"a": {"minimum": {"of": "c"}}}}}, {"b": [{"a": 2}], "c": 3}, False),
        ({"allOf": [1, {"type": "integer"}]}, 1, True),
        ({"allOf": [1, {"type": "integer"}]}, 2, False),
    ],
)
def test_what_is_plain_is_decided_in_three_values(written: Any, value: Any, found: Truth) -> None:
    assert told(parse_condition(written), value) is found


@pytest.mark.parametrize(
    ("value", "found", "asked"),
    [("xy", True, ["xy"]), ("y", False, ["y"]), (1, False, []), (None, None, [])],
)
def test_texts_are_matched_by_whom_one_says(value: Any, found: Truth, asked: list[str]) -> None:
    texts: list[str] = []

    def matches(pattern: str, text: str) -> bool:
        texts.append(text)
        return text.startswith(pattern.removeprefix("^"))

    for written in ({"pattern": "^x"}, {"pattern": "^x", "maxLength": 2}):
        texts.clear()
        assert parse_condition(written).truth(value, By(value, matches)) is found
        assert texts == asked


def test_patterns_of_elements_are_matched_by_the_same() -> None:
    decide = Decide(lambda pattern, text: text == pattern)
    assert decide.truth(parse_condition({"a": {"some": {"pattern": "x"}}}), {"a": ["y", "x"]})


def test_bounds_that_agree_are_the_number() -> None:
    assert told(parse_condition({"a": {"const": 184}}), {"a": between(184, 184)})
    assert told(parse_condition({"a": {"minimum": 184}}), {"a": between(183, 185)}) is None


@pytest.mark.parametrize(
    ("bound", "value", "found"),
    [
        # From any first day on: six months are 181 to 184 days.
        ({"minimum": {"months": 6}}, {"months": 6}, True),
        ({"minimum": {"months": 6}}, {"days": 184}, True),
        ({"minimum": {"months": 6}}, {"days": 183}, False),
        ({"minimum": {"days": 184}}, {"months": 6}, False),
        ({"minimum": {"days": 181}}, {"months": 6}, True),
        ({"minimum": {"years": 1}}, {"months": 12}, True),
        ({"minimum": {"months": 13}}, {"years": 1}, False),
        ({"minimum": {"years": 1}}, {"months": 11}, False),
        ({"exclusiveMinimum": {"months": 6}}, {"months": 6}, False),
        ({"exclusiveMinimum": {"months": 6}}, {"days": 185}, True),
        ({"exclusiveMinimum": {"days": 183}}, {"months": 6}, False),
        ({"maximum": {"months": 6}}, {"days": 181}, True),
        ({"maximum": {"months": 6}}, {"days": 182}, False),
        ({"maximum": {"days": 184}}, {"months": 6}, True),
        ({"exclusiveMaximum": {"days": 184}}, {"months": 6}, False),
        ({"minimum": {"days": 30}, "maximum": {"days": 60}}, {"days": 45}, True),
        ({"minimum": {"days": 30}, "maximum": {"days": 60}}, {"days": 61}, False),
        # What is known is only that it is not longer.
        ({"minimum": {"months": 6}}, {"at_most": {"months": 3}}, False),
        ({"minimum": {"months": 6}}, {"at_most": {"months": 6}}, None),
        ({"maximum": {"months": 6}}, {"at_most": {"months": 6}}, True),
        ({"maximum": {"months": 6}}, {"at_most": {"months": 7}}, None),
        ({"minimum": {"months": 6}}, {}, None),
        ({"minimum": {"months": 6}}, None, None),
        ({"minimum": {"months": 6}}, 6, False),
        ({"minimum": {"months": 6}}, "none", False),
        ({"minimum": 6}, {"months": 6}, False),
        ({"not": {"minimum": {"months": 6}}}, {"days": 183}, True),
    ],
)
def test_spans_of_time(bound: Any, value: Any, found: Truth) -> None:
    assert told(parse_condition(bound), value) is found


@pytest.mark.parametrize(
    ("bound", "kept", "asked", "found"),
    [
        ({"of": "log.asked"}, 180, 180, True),
        ({"of": "log.asked"}, 179, 180, False),
        ({"of": "log.asked", "times": 2}, 360, 180, True),
        ({"of": "log.asked", "times": 2}, 359, 180, False),
        ({"of": "log.asked", "plus": 30}, 210, 180, True),
        ({"of": "log.asked", "plus": 30}, 209, 180, False),
        ({"of": "log.asked", "times": 0.5, "plus": -30}, 60, 180, True),
        ({"of": "log.asked"}, None, 180, None),
        ({"of": "log.asked"}, 180, None, None),
        ({"of": "log.asked"}, "long", 180, False),
        ({"of": "log.asked"}, 180, "long", False),
        ({"of": "log.asked.days"}, 180, 180, None),
    ],
)
def test_a_number_is_compared_with_another_fact(
    bound: Any, kept: Any, asked: Any, found: Truth
) -> None:
    facts = {"log": {"kept": kept, "asked": asked}}
    assert told(parse_condition({"log": {"kept": {"minimum": bound}}}), facts) is found
    opposite = parse_condition({"log": {"kept": {"not": {"minimum": bound}}}})
    assert told(opposite, facts) is (None if found is None else not found)


@pytest.mark.parametrize(
    ("element", "at"),
    [
        ({"a": 1, PERHAPS: "day"}, ("x", 0, "day")),
        ({PERHAPS: "/described_on"}, ("described_on",)),
        ({"a": 1}, None),
        ([PERHAPS], None),
        (None, None),
    ],
)
def test_what_would_tell_whether_an_element_is_there(element: Any, at: Any) -> None:
    assert open_at(element, ("x", 0)) == at
