#!/usr/bin/env python3
"""Writes the manual page kapwa(1) from what the program says of its own commands.

    deploy/manual.py .build/release/kapwa > kapwa.1
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any, Dict, Iterator, List

Command = Dict[str, Any]


def quoted(text: str) -> str:
    """As roff takes it: no line begins a request, and a hyphen of an option is one that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def named(argument: Dict[str, Any]) -> str:
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument.get("names") or []]
    value = f"<{argument['valueName']}>" if argument["kind"] != "flag" else ""
    return " ".join(part for part in (", ".join(names), value) if part)


def shown(items: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    return [item for item in items if item.get("shouldDisplay", True)]


def heading(path: str, command: Command) -> str:
    """The command with what it must be told; options follow below it."""
    words = [named(item) for item in shown(command.get("arguments") or []) if item["kind"] == "positional"]
    return " ".join([path, *words])


def prose(text: str) -> Iterator[str]:
    """Paragraphs as they are; lines that are set in, such as examples, stay lines."""
    for block in text.split("\n\n"):
        lines = block.split("\n")
        yield ".PP"
        plain = [line for line in lines if not line.startswith(" ")]
        examples = [line for line in lines if line.startswith(" ")]
        if plain:
            yield quoted(" ".join(plain))
        if examples:
            yield ".nf"
            yield from (quoted(line) for line in examples)
            yield ".fi"


def section(path: str, command: Command) -> Iterator[str]:
    yield f'.SS "{quoted(heading(path, command))}"'
    yield quoted(command.get("abstract") or "")
    if command.get("discussion"):
        yield from prose(command["discussion"])
    for argument in shown(command.get("arguments") or []):
        if named(argument) in ("--version", "-h, --help"):
            continue
        yield ".TP"
        yield f"\\fB{quoted(named(argument))}\\fR"
        words = argument.get("abstract") or ""
        values = argument.get("allValueStrings") or argument.get("allValues") or []
        yield quoted(words + (f" (values: {', '.join(values)})" if values else ""))
    for below in shown(command.get("subcommands") or []):
        if below["commandName"] != "help":
            yield from section(f"{path} {below['commandName']}", below)


def page(whole: Command, version: str) -> Iterator[str]:
    made = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    yield f'.TH KAPWA 1 "{made}" "Kapwa {version}" "Kapwa"'
    yield ".SH NAME"
    yield quoted("kapwa - " + whole["abstract"].rstrip(".")[:1].lower() + whole["abstract"].rstrip(".")[1:])
    yield ".SH SYNOPSIS"
    yield "\\fBkapwa\\fR \\fIcommand\\fR [\\fIoption\\fR ...]"
    yield ".SH DESCRIPTION"
    yield from prose(whole["discussion"])
    yield ".SH COMMANDS"
    for command in shown(whole["subcommands"]):
        if command["commandName"] != "help":
            yield from section(f"kapwa {command['commandName']}", command)
    yield ".SH FILES"
    for place, what in (
        ("/etc/kapwa/kapwa.yaml", "Configuration of the service; every key stands in it."),
        ("/etc/kapwa/rules.yaml", "Rules of the floor."),
        ("/var/lib/kapwa", "Journal, snapshots, keys and the token of HTTP."),
        ("/usr/share/kapwa/Models", "Lexicons and break presets."),
        ("/usr/share/doc/kapwa", "The contract, the rules in words, errors, metrics."),
    ):
        yield from (".TP", f"\\fI{place}\\fR", quoted(what))
    yield ".SH EXIT STATUS"
    yield "As in sysexits(3): 64 usage, 65 data, 66 input, 69 unavailable, 73 cannot create, 74 input or output,"
    yield "75 another daemon has the directory, 76 a newer journal, 78 configuration."
    yield quoted("errors.md beside the other documents says what to do.")


def main() -> None:
    program = sys.argv[1]
    described = subprocess.run([program, "--experimental-dump-help"], capture_output=True, text=True, check=True)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print("\n".join(page(json.loads(described.stdout)["command"], version)))


if __name__ == "__main__":
    main()
