"""The patterns of the conformance cases."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

Resolve = Callable[[str], str]


def difference(pattern: Any, value: Any, path: str = "$") -> Optional[str]:
    """Where the value is not as the pattern says; ``None`` when it matches."""
    if pattern == "~":
        return None if value is None else f"{path}: should be absent, is {value!r}"
    if pattern == "*":
        return None if value is not None else f"{path}: is absent"
    if isinstance(pattern, dict):
        special = [key for key in pattern if key.startswith("$")]
        if special:
            return _special(pattern, value, path)
        if not isinstance(value, dict):
            return f"{path}: should be an object, is {value!r}"
        for key, part in pattern.items():
            found = difference(part, value.get(key), f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(pattern, list):
        if not isinstance(value, list) or len(value) != len(pattern):
            return f"{path}: should be a list of {len(pattern)}, is {value!r}"
        parts = (difference(part, item, f"{path}[{n}]") for n, (part, item) in enumerate(zip(pattern, value)))
        return next((part for part in parts if part), None)
    if path.endswith(".cause") and isinstance(pattern, str) and isinstance(value, dict):
        value = value.get("id")
    same = pattern == value and isinstance(pattern, bool) == isinstance(value, bool)
    return None if same else f"{path}: should be {pattern!r}, is {value!r}"


def matches(pattern: Any, value: Any) -> bool:
    return difference(pattern, value) is None


def missing_in_order(patterns: Sequence[Any], values: Sequence[Any]) -> Optional[Any]:
    """The first pattern that finds no value after those that the patterns before it found."""
    place = 0
    for pattern in patterns:
        while place < len(values) and not matches(pattern, values[place]):
            place += 1
        if place == len(values):
            return pattern
        place += 1
    return None


def fill(value: Any, resolve: Resolve) -> Any:
    """The value with its placeholders filled in."""
    if isinstance(value, str):
        return resolve(value) if value.startswith("{") and value.endswith("}") else value
    if isinstance(value, list):
        return [fill(item, resolve) for item in value]
    if isinstance(value, dict):
        if set(value) == {"$repeat"}:
            text, times = value["$repeat"]
            return str(text) * int(times)
        return {key: fill(item, resolve) for key, item in value.items()}
    return value


def _special(pattern: "dict[str, Any]", value: Any, path: str) -> Optional[str]:
    if "$any" in pattern:
        options: List[Any] = pattern["$any"]
        return None if any(matches(option, value) for option in options) else f"{path}: none of {options} is {value!r}"
    if "$has" in pattern:
        if not isinstance(value, list):
            return f"{path}: should be a list, is {value!r}"
        lacking = [part for part in pattern["$has"] if not any(matches(part, item) for item in value)]
        return f"{path}: {lacking} not in {value!r}" if lacking else None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    low, high = pattern.get("$min", float("-inf")), pattern.get("$max", float("inf"))
    return None if number and low <= value <= high else f"{path}: should be in {low}…{high}, is {value!r}"
