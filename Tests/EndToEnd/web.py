"""HTTP for tests: whatever is answered comes back, refusals too."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from typing import Any, Dict, NamedTuple, Optional

from daemon import PATIENCE, Daemon


class Answer(NamedTuple):
    status: int
    headers: Dict[str, str]
    text: str

    @property
    def json(self) -> Dict[str, Any]:
        return dict(json.loads(self.text))

    @property
    def code(self) -> str:
        """The word that a refusal carries."""
        return str(self.json["error"]["code"])


def ask(
    daemon: Daemon,
    path: str,
    *,
    token: Optional[str] = None,
    context: Optional[ssl.SSLContext] = None,
    method: str = "GET",
    data: Optional[bytes] = None,
    place: Optional[str] = None,
    **headers: str,
) -> Answer:
    """Asks ``daemon``, or what listens at ``place``; in the names of headers ``_`` stands for ``-``."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request((place or daemon.http) + path, headers=sent, method=method, data=data)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE, context=context) as answer:
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, dict(error.headers), error.read().decode())
