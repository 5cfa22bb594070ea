from __future__ import annotations

import pathlib
import sys
from typing import Iterator

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from fake import Fake  # noqa: E402


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake() as daemon:
        yield daemon
