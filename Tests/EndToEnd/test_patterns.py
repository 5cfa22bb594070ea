from __future__ import annotations

import pytest

from patterns import difference, fill, matches, missing_in_order


@pytest.mark.parametrize(
    "pattern, value",
    [
        ({"a": 1}, {"a": 1, "b": 2}), ({"a": "*"}, {"a": 0}), ({"a": "~"}, {}), ({"a": "~"}, {"a": None}),
        ([1, "*"], [1, 2]), ({"$min": 0.5}, 0.5), ({"$max": 3}, 3),
        ({"$has": [{"k": 1}]}, [{"k": 2}, {"k": 1, "x": 0}]),
        ({"$any": ["~", []]}, []), (True, True), ({"cause": "c1"}, {"cause": {"id": "c1"}}),
        ({"cause": "timer"}, {"cause": "timer"}),
    ],
)  # fmt: skip
def test_matches(pattern: object, value: object) -> None:
    assert difference(pattern, value) is None


@pytest.mark.parametrize(
    "pattern, value",
    [
        ({"a": 1}, {"a": 2}), ({"a": "*"}, {"a": None}), ({"a": "*"}, {}), ({"a": "~"}, {"a": 0}), ([1], [1, 2]),
        ({"$min": 0.5}, 0.499), ({"$max": 3}, 4), ({"$min": 0}, True), ({"$has": [1]}, [2]), ({"$any": [1, 2]}, 3),
        (True, 1), (1, True), ({"a": {}}, {"a": []}), ({"$min": 0}, None),
    ],
)  # fmt: skip
def test_does_not_match(pattern: object, value: object) -> None:
    assert not matches(pattern, value)


def test_order_matters_and_others_may_stand_between() -> None:
    assert missing_in_order([1, 3], [0, 1, 2, 3]) is None
    assert missing_in_order([3, 1], [0, 1, 2, 3]) == 1
    assert missing_in_order([1, 1], [1]) == 1


def test_placeholders_are_filled_in() -> None:
    assert fill({"a": ["{offer:c1}", {"$repeat": ["ab", 2]}], "b": "{"}, str.upper) == {
        "a": ["{OFFER:C1}", "abab"],
        "b": "{",
    }
