"""One agent, one customer who is upset, from hello to goodbye.

kapwa serve --data /tmp/kapwa-quickstart &
python examples/quickstart.py
"""

import argparse
import sys

from kapwa import Client, Events, Refused

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--commands", default="tcp://127.0.0.1:7411")
options.add_argument("--events", default="tcp://127.0.0.1:7412")
chosen = options.parse_args()


def main() -> int:
    with Client(chosen.commands, source="quickstart", timeout=10) as kapwa:
        kapwa.agent_upsert("ana", {"tagalog": 5, "food": 3}, name="Ana")
        kapwa.agent_state("ana", "ready")

        # Start from what is there, then follow what happens.
        waiting = kapwa.state("conversations")
        print(f"{len(waiting.rows)} conversations known, following events after {waiting.seq}")

        with Events(kapwa, chosen.events, after=waiting.seq, types=["offer.made"]) as offers:
            conversation = f"quickstart-{waiting.seq}"
            reply = kapwa.conversation_message(
                conversation,
                "Dalawang oras na po yung order, umiiyak na ang anak ko sa gutom!",
                channel="chat",
                return_=["tags"],
            )
            strong = {tag: score for tag, score in reply["tags"].items() if score >= 0.5}
            print(f"tagged {strong}, polarity {reply['polarity']}")

            offer = offers.next(timeout=10)
            while offer is not None and offer["conversation"] != conversation:
                offer = offers.next(timeout=10)
            if offer is None:
                print("nobody was free", file=sys.stderr)
                return 1
            print(f"offered to {offer['agent']}: {offer['units']} units on a load of {offer['load']}")

            kapwa.offer_accept(offer["offer"], offer["agent"])
            kapwa.conversation_message(
                conversation, "Pasensya na po, hinahanap ko na ang rider.", from_="agent", agent=offer["agent"]
            )
            kapwa.conversation_message(conversation, "Ayan na po, dumating na. Maraming salamat!")
            kapwa.conversation_close(conversation, "resolved")
            kapwa.wrapup_done(offer["agent"], conversation, disposition="late_order")
            print("resolved")

        try:
            kapwa.conversation_message(conversation, "Salamat din po!", from_="agent", agent=offer["agent"])
        except Refused as refusal:
            print(f"and what is closed is closed: {refusal}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
