"""Kapwa beside a router that already exists: it reads along, says whom it would have asked, and counts stress.

The rules say `routing: {mode: observe}` and `breaks: {mode: observe}`; the router you have keeps deciding and tells
Kapwa of each assignment with `conversation.assign` `as: external`. Nothing that Kapwa says has to be obeyed.

    kapwa serve --data /tmp/kapwa-observe --rules observe.yaml &
    python examples/observe.py
"""

import argparse
import itertools
from typing import Dict, List

from kapwa import Client, Events

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--commands", default="tcp://127.0.0.1:7411")
options.add_argument("--events", default="tcp://127.0.0.1:7412")
chosen = options.parse_args()

AGENTS = ["ana", "ben", "carla"]
TEXTS = [
    "Good morning, paano po mag-register ng bagong number?",
    "Pangatlong beses ko na itong nireklamo, wala pa ring signal. Ang bagal ninyo!",
    "Kailangan ko pong matawagan ang asawa ko, stranded ako at wala nang load.",
    "Ok na po, gumana na. Salamat!",
]


def round_robin(agents: List[str]) -> "itertools.cycle[str]":
    """Stands for the router that already exists."""
    return itertools.cycle(agents)


def main() -> None:
    with Client(chosen.commands, source="observe", timeout=10) as kapwa:
        for agent in AGENTS:
            kapwa.agent_upsert(agent, {"mobile": 3, "tagalog": 4})
            kapwa.agent_state(agent, "ready")

        start = kapwa.ping()
        router = round_robin(AGENTS)
        advised: Dict[str, str] = {}
        taken: Dict[str, str] = {}
        with Events(kapwa, chosen.events, after=start["seq"]) as events:
            for number, text in enumerate(TEXTS):
                conversation = f"observe-{start['seq']}-{number}"
                kapwa.conversation_message(conversation, text, channel="chat")
                agent = next(router)
                told = kapwa.conversation_assign(conversation, agent, "external", reason="round robin")
                taken[conversation] = agent
                if told.get("violations"):
                    print(f"{conversation}: the router broke {told['violations']}")
                kapwa.conversation_close(conversation, "resolved")

            for event in events.read_until(kapwa.ping()["seq"]):
                if event["type"] == "offer.advised":
                    advised[event["conversation"]] = event["agent"]
                elif event["type"] == "conversation.tagged":
                    strong = {tag: score for tag, score in event["tags"].items() if score >= 0.5}
                    print(f"{event['conversation']}: {strong or 'calm'}")
                elif event["type"] == "break.owed":
                    print(f"{event['agent']} would be owed {event['minutes']} min (enforced: {event['enforced']})")

        same = sum(advised.get(conversation) == agent for conversation, agent in taken.items())
        print(f"{len(taken)} assigned by the other router, {len(advised)} advised, {same} times the same agent")


if __name__ == "__main__":
    main()
