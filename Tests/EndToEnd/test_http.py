"""What operators look at: health and metrics."""

from __future__ import annotations

import shutil
import subprocess
import urllib.error
import urllib.request
from typing import Dict, Tuple

from daemon import Daemon, eventually


def get(daemon: Daemon, path: str, accept: str = "*/*") -> "Tuple[int, str, str]":
    request = urllib.request.Request(daemon.http + path, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()


def samples(text: str) -> Dict[str, float]:
    found: Dict[str, float] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            assert name not in found, f"the series {name} comes twice"
            found[name] = float(value)
    return found


def test_health(daemon: Daemon) -> None:
    assert get(daemon, "/health/live")[0] == 200
    assert get(daemon, "/health/ready")[0] == 200


def test_metrics_are_clean_and_count_what_happened(daemon: Daemon) -> None:
    with daemon.client() as client:
        client.agent_upsert("agent-unmistakable", {"tagalog": 3})
        client.agent_state("agent-unmistakable", "ready")
        client.conversation_message("talk-unmistakable", "Ang tagal naman, pangatlong beses na ito!", channel="chat")
        client.conversation_message("c2", "Gusto ko nang mamatay.", channel="chat")
        seq = client.ping()["seq"]
        event = client.events_read(0, types=["offer.made"], wait_ms=10_000)["events"][0]
        client.offer_accept(event["offer"], "agent-unmistakable")
        client.conversation_close(event["conversation"], "resolved")

    status, kind, text = get(daemon, "/metrics")
    assert status == 200 and kind.startswith("text/plain; version=0.0.4")
    assert shutil.which("promtool"), "promtool must be installed (package prometheus)"
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=30)
    assert checked.returncode == 0 and not checked.stderr.strip(), checked.stderr

    def journal_is_counted() -> bool:
        values = samples(get(daemon, "/metrics")[2])
        return any(name.startswith("kapwa_journal_sequence") and value >= seq for name, value in values.items())

    eventually(journal_is_counted, "the journal's sequence number shows")
    values = samples(get(daemon, "/metrics")[2])
    for family in ("kapwa_conversations", "kapwa_agents", "kapwa_journal_sequence", "kapwa_build_info"):
        assert any(name.startswith(family) for name in values), f"{family} is missing: {sorted(values)[:40]}"
    assert "unmistakable" not in text, "no person's or conversation's name is a label"


def test_the_other_format_is_served_to_who_asks_for_it(daemon: Daemon) -> None:
    _, kind, text = get(daemon, "/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text; version=1.0.0") and text.endswith("# EOF\n")


def test_a_histogram_adds_up(daemon: Daemon) -> None:
    values = samples(get(daemon, "/metrics")[2])
    ends = [name for name in values if 'le="+Inf"' in name]
    assert ends, "there are histograms"
    for name in ends:
        family = name[: name.index("_bucket{")]
        labels = name[name.index("{") + 1 : -1].replace('le="+Inf"', "").strip(",")
        count = f"{family}_count" + (f"{{{labels}}}" if labels else "")
        assert values[count] == values[name], name


def test_nothing_is_served_that_is_not_there(daemon: Daemon) -> None:
    try:
        status = get(daemon, "/nowhere")[0]
    except urllib.error.HTTPError as error:
        status = error.code
    assert status == 404
