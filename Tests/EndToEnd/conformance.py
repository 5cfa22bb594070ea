"""Runs conformance cases, each in a tenant of its own. The format is defined in Tests/Conformance/README.md."""

from __future__ import annotations

import datetime
import json
import pathlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional

from daemon import ROOT, Daemon
from patterns import difference, fill, matches, missing_in_order
from raw import VERSION, Peer

Case = Dict[str, Any]
CASES = ROOT / "Tests" / "Conformance"
#: Cases name customers and reasons as they were sent.
SETTINGS = {"KAPWA_CUSTOMER_IDS": "plain", "KAPWA_RETAIN_TEXT": "true"}


def load(folder: pathlib.Path = CASES) -> List[Case]:
    """Every case, with ``place`` telling where it stands."""
    cases: List[Case] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            case = json.loads(line)
            unknown = set(case) - {"name", "rules", "given", "when", "reply", "events", "absent", "state", "within_s"}
            assert not unknown, f"{path.name}:{number}: unknown keys {sorted(unknown)}"
            cases.append({**case, "place": f"{path.name}:{number}"})
    names = [case["name"] for case in cases]
    assert len(names) == len(set(names)), "every name must be unique"
    return cases


class Runner:
    """One case at one commands endpoint."""

    def __init__(self, endpoint: str, case: Case, tenant: Optional[str] = None) -> None:
        self.case = case
        self.tenant = tenant
        self.ids = 0
        self.events: List[Dict[str, Any]] = []
        self.peer = Peer(endpoint)

    def run(self) -> Optional[str]:
        """What is wrong; ``None`` when the case holds."""
        with self.peer:
            for step in self.case["given"]:
                problem = self._given(step)
                if problem:
                    return f"given {json.dumps(step)[:300]}: {problem}"
            self._settle()
            before = self.events[-1]["seq"] if self.events else 0
            problem = self._reply(self.peer.ask(self._message(self.case["when"])))
            return problem or self._events(before) or self._state()

    # Steps

    def _given(self, step: Dict[str, Any]) -> Optional[str]:
        # A command may have a field of this name too.
        if "until" in step and "type" not in step:
            return self._until([step["until"]], 0, self.case.get("within_s", 5) + 5)
        refused = step.get("refused")
        answer = self._ask(step.get("command", step))
        if refused is None:
            return None if answer.get("ok") is True else f"refused: {answer}"
        return difference({"ok": False, "error": {"code": refused}}, answer)

    def _reply(self, answers: List[Dict[str, Any]]) -> Optional[str]:
        expected = fill(self.case["reply"], self._resolve)
        wanted = expected if isinstance(expected, list) else [expected]
        return difference(wanted, answers, "reply")

    def _events(self, before: int) -> Optional[str]:
        self._ask({"type": "ping"})
        problem = self._until(self.case.get("events", []), before, self.case.get("within_s", 5))
        after = [event for event in self.events if event["seq"] > before]
        if problem:
            return f"{problem}\nevents: {json.dumps(after)[:3000]}"
        for absent in self.case.get("absent", []):
            pattern = {"type": absent} if isinstance(absent, str) else absent
            intruder = next((event for event in after if matches(pattern, event)), None)
            if intruder is not None:
                return f"must not occur: {json.dumps(intruder)[:600]}"
        return None

    def _state(self) -> Optional[str]:
        for check in self.case.get("state", []):
            answer = self._ask({"type": "state.read", "what": check["what"], "limit": 1000})
            rows = [row for row in answer.get("rows", []) if matches(check["where"], row)]
            if check["row"] is None:
                if rows:
                    return f"state: there should be no {check['where']} in {check['what']}, there is {rows[0]}"
            elif not rows:
                return f"state: no {check['where']} in {check['what']}: {json.dumps(answer)[:600]}"
            else:
                problem = difference(check["row"], rows[0], f"state.{check['what']}")
                if problem:
                    return problem
        return None

    # Talking

    def _ask(self, command: Dict[str, Any]) -> Dict[str, Any]:
        return self.peer.ask([VERSION, self._command(command)])[0]

    def _command(self, command: Dict[str, Any]) -> bytes:
        self.ids += 1
        filled = {"id": f"case-{self.ids}", **fill(command, self._resolve)}
        if self.tenant is not None:
            filled.setdefault("tenant", self.tenant)
        return json.dumps(filled, ensure_ascii=False).encode()

    def _message(self, when: Dict[str, Any]) -> List[bytes]:
        if "message" in when:
            return [str(frame).encode() for frame in when["message"]]
        return [VERSION, *(self._frame(part) for part in when.get("batch", [when]))]

    def _frame(self, part: Dict[str, Any]) -> bytes:
        if "raw" in part:
            return str(part["raw"]).encode()
        if "raw_hex" in part:
            return bytes.fromhex(part["raw_hex"])
        return self._command(part)

    def _settle(self) -> None:
        self._ask({"type": "ping"})
        self._read(0)

    def _read(self, wait_ms: int) -> None:
        """Reads on from the last event known."""
        after = self.events[-1]["seq"] if self.events else 0
        while True:
            command: Dict[str, Any] = {"type": "events.read", "after": after, "limit": 10_000}
            if wait_ms:
                command["wait_ms"] = wait_ms
            answer = self._ask(command)
            assert answer.get("ok") is True, answer
            self.events += answer["events"]
            after, wait_ms = answer["next"], 0
            if after >= answer["head"]:
                return

    def _until(self, patterns: List[Any], before: int, seconds: float) -> Optional[str]:
        deadline = time.monotonic() + seconds
        wanted = [fill(pattern, self._resolve) for pattern in patterns]
        self._read(0)
        while True:
            missing = missing_in_order(wanted, [event for event in self.events if event["seq"] > before])
            if missing is None:
                return None
            left = deadline - time.monotonic()
            if left <= 0:
                return f"no event {json.dumps(missing)} within {seconds:g} s"
            self._read(max(1, min(500, int(left * 1000))))

    def _resolve(self, text: str) -> str:
        kind, _, rest = text[1:-1].partition(":")
        if kind == "time":
            now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=int(rest))
            return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if kind == "offer":
            problem = self._until([{"type": "offer.made", "conversation": rest}], 0, 5)
            assert problem is None, f"{problem}\nevents: {json.dumps(self.events)[:3000]}"
            made = [e for e in self.events if e["type"] == "offer.made" and e["conversation"] == rest]
            return str(made[-1]["offer"])
        return text


#: Tenants share nothing, so that a daemon can serve as many cases at once as it may have tenants.
CASES_PER_DAEMON = 60
AT_A_TIME = 6


def groups(cases: List[Case]) -> List[List[Case]]:
    """Cases that can share a daemon: those with the same rules, few enough for its tenants."""
    by_rules: Dict[Optional[str], List[Case]] = {}
    for case in cases:
        by_rules.setdefault(case.get("rules"), []).append(case)
    return [
        same[start : start + CASES_PER_DAEMON]
        for same in by_rules.values()
        for start in range(0, len(same), CASES_PER_DAEMON)
    ]


def hold(cases: List[Case], directory: pathlib.Path) -> Dict[str, Optional[str]]:
    """What is wrong with each of a group's cases, by name; each runs in a tenant of its own."""
    tenants = {case["name"]: f"case-{number}" for number, case in enumerate(cases)}

    def one(case: Case) -> Optional[str]:
        try:
            return Runner(daemon.commands, case, tenants[case["name"]]).run()
        except AssertionError as error:
            return f"{error}\n{daemon.logged()[-1500:]}"

    with Daemon(directory, rules=cases[0].get("rules"), tenants=["main", *tenants.values()], settings=SETTINGS) as daemon:
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return dict(zip(tenants, pool.map(one, cases)))
