"""Hours of an ordinary floor: looks every minute at the daemon's memory, descriptors and journal.

    KAPWA_BIN=.build/release/kapwa python3 Tests/EndToEnd/soak.py --hours 8

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

from daemon import Daemon, run  # noqa: E402
from floor import GRAVE_MAX, RULES, Floor  # noqa: E402
from storm import Figures  # noqa: E402

CONVERSATIONS = 60
#: Between two rounds nobody does anything: a floor has quiet minutes too.
PAUSE = 10.0
#: A round lasts some seconds; where many agents rest at the same time, minutes.
PATIENCE = 1_800.0
#: How much more than an hour after its start the daemon may hold at the end, for what a day is remembered.
GROWTH_MAX = 1.10


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


def journal_bytes(daemon: Daemon) -> int:
    return sum(path.stat().st_size for path in daemon.data.rglob("*") if path.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--hours", type=float, default=8)
    options = parser.parse_args()
    failed: List[str] = []
    seen: List[Tuple[float, Figures]] = []
    with tempfile.TemporaryDirectory(prefix="kapwa-soak-") as place:
        with Daemon(pathlib.Path(place), rules=RULES) as daemon:
            began, number, done, refused = time.monotonic(), 0, 0, 0
            while (elapsed := time.monotonic() - began) < options.hours * 3_600:
                number += 1
                floor = Round(daemon, number)
                floor.play(PATIENCE)
                done += floor.done
                refused += len(floor.refusals)
                floor.close()
                with urllib.request.urlopen(f"{daemon.http}/metrics", timeout=30) as page:
                    page.read()
                if not seen or elapsed - seen[-1][0] >= 60:
                    seen.append((elapsed, Figures.of(daemon)))
                    print(
                        f"{elapsed / 60:6.1f} min: round {number}, {done} closed, {refused} refused; {seen[-1][1]}, "
                        f"journal {journal_bytes(daemon) / 1e6:.1f} MB", flush=True,
                    )  # fmt: skip
                time.sleep(PAUSE)
            code = daemon.stop()
            if code != 0:
                failed.append(f"it ended with {code}")
            verified = run("journal", "verify", "--data", str(daemon.data))
            print(verified.stdout.strip())
            if verified.returncode != 0:
                failed.append("the journal does not verify")
    hour = [one for at, one in seen if at >= 3_600] or [one for _, one in seen]
    if hour[-1].resident_kib > hour[0].resident_kib * GROWTH_MAX:
        failed.append(f"memory grows: {hour[0]} after an hour, {hour[-1]} at the end")
    if hour[-1].descriptors > hour[0].descriptors + 4:
        failed.append(f"descriptors grow: {hour[0]} after an hour, {hour[-1]} at the end")
    if max(one.log_bytes for one in hour) > 64e6:
        failed.append("the write-ahead log grows beyond 64 MB")
    print("soak: " + ("; ".join(failed) or "all held"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
