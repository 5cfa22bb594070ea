"""Hours of an ordinary floor: looks every minute at the daemon's memory, descriptors and journal.

    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/soak.py --hours 8
    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/soak.py --hours 8 --faster 6

Hours are the daemon's: with ``--faster`` its clocks run so many times as fast (``faster.c``), and so does the floor.
Ends with 1 where something grows that should not, was not answered, or the journal does not verify afterwards.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import tempfile
import time
import urllib.request
from typing import List, Tuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "clients" / "python"), str(pathlib.Path(__file__).parent)]

from daemon import Daemon, preloaded, run  # noqa: E402
from floor import GRAVE_MAX, RULES, Floor  # noqa: E402
from storm import Figures  # noqa: E402

CONVERSATIONS = 60
#: Between two rounds nobody does anything: a floor has quiet minutes too.
PAUSE = 10.0
#: A round lasts some seconds; where many agents rest at the same time, minutes.
PATIENCE = 1_800.0
#: What may be held for each command that was carried out since the first hour: its reply is remembered for a day, and
#: what it closed for longer. Either ends at a million.
REMEMBERED_BYTES = 400
#: Tables double, and a snapshot leaves the heap wider: steps, which count for less the longer a run is.
STEPS_KIB = 16 << 10


class Round(Floor):
    """One more floor of the same people, who follow what happens from now on."""

    def __init__(self, daemon: Daemon, number: int) -> None:
        super().__init__(daemon, agents=20, conversations=CONVERSATIONS, seed=number)
        self.events.close()
        self.events = daemon.follow(self.client, after=self.client.ping()["seq"])
        # Customers come back, but not so soon that a word of thanks belongs to what has just ended.
        self.count = number % 50 * CONVERSATIONS
        # Threats are rare: one in twenty rounds may have some.
        self.grave = 0 if number % 20 == 0 else GRAVE_MAX


def carried_out(page: str) -> int:
    """Commands whose replies are remembered, from the metrics."""
    lines = (line for line in page.splitlines() if line.startswith("kapwa_commands_total{") and 'result="ok"' in line)
    return int(sum(float(line.rsplit(" ", 1)[1]) for line in lines))


def journal_bytes(daemon: Daemon) -> int:
    return sum(path.stat().st_size for path in daemon.data.rglob("*") if path.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--hours", type=float, default=8, help="of the daemon (8)")
    parser.add_argument("--faster", type=int, default=1, help="how many times as fast its clocks run (1)")
    options = parser.parse_args()
    failed: List[str] = []
    seen: List[Tuple[float, Figures, int]] = []
    with tempfile.TemporaryDirectory(prefix="kapwa-soak-") as place:
        settings = {}
        if options.faster > 1:
            library = preloaded("faster", pathlib.Path(place))
            settings = {"LD_PRELOAD": library, "KAPWA_FASTER": str(options.faster)}
        with Daemon(pathlib.Path(place), rules=RULES, settings=settings) as daemon:
            began, number, done, refused = time.monotonic(), 0, 0, 0
            while (elapsed := (time.monotonic() - began) * options.faster) < options.hours * 3_600:
                number += 1
                floor = Round(daemon, number)
                floor.play(PATIENCE)
                done += floor.done
                refused += len(floor.refusals)
                floor.close()
                with urllib.request.urlopen(f"{daemon.http}/metrics", timeout=30) as page:
                    commands = carried_out(page.read().decode())
                if not seen or elapsed - seen[-1][0] >= 60:
                    seen.append((elapsed, Figures.of(daemon), commands))
                    print(
                        f"{elapsed / 60:6.1f} min: round {number}, {done} closed, {refused} refused, {commands} commands; "
                        f"{seen[-1][1]}, "
                        f"journal {journal_bytes(daemon) / 1e6:.1f} MB", flush=True,
                    )  # fmt: skip
                time.sleep(PAUSE / options.faster)
            code = daemon.stop()
            if code != 0:
                failed.append(f"it ended with {code}")
            verified = run("journal", "verify", "--data", str(daemon.data))
            print(verified.stdout.strip())
            if verified.returncode != 0:
                failed.append("the journal does not verify")
    hour = [one for one in seen if one[0] >= 3_600] or seen
    (_, first, commands_first), (_, last, commands_last) = hour[0], hour[-1]
    allowed = (commands_last - commands_first) * REMEMBERED_BYTES // 1_024 + STEPS_KIB
    if last.resident_kib - first.resident_kib > allowed:
        failed.append(f"memory grows by more than is remembered: {first} after an hour, {last} at the end")
    if last.descriptors > first.descriptors + 4:
        failed.append(f"descriptors grow: {first} after an hour, {last} at the end")
    if max(one.log_bytes for _, one, _ in hour) > 64e6:
        failed.append("the write-ahead log grows beyond 64 MB")
    print("soak: " + ("; ".join(failed) or "all held"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
