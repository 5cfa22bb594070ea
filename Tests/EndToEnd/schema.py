"""docs/protocol.schema.json, ready to hold objects against."""

from __future__ import annotations

import json
from typing import Any, Callable, List

from jsonschema import Draft202012Validator

from daemon import ROOT

DOCUMENT = json.loads((ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))


def validator(part: str) -> Callable[[Any], List[str]]:
    """What is wrong with an object that should be a ``command``, ``reply`` or ``event``."""
    checker = Draft202012Validator({**DOCUMENT, "anyOf": [{"$ref": f"#/$defs/{part}"}]})
    return lambda value: [f"{error.json_path}: {error.message}"[:300] for error in checker.iter_errors(value)]
