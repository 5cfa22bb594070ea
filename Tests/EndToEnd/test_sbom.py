"""The list of what the program is made of."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

from daemon import ROOT, program


def test_every_part_is_named_with_its_version_and_licence(tmp_path: pathlib.Path) -> None:
    # The build that the program came from: .build/debug/kapwa
    package = pathlib.Path(program()).resolve()
    while not (package / "Package.resolved").exists():
        assert package != package.parent, "the program under test lies in a build"
        package = package.parent
    resolved, checkouts = package / "Package.resolved", package / ".build" / "checkouts"
    texts = []
    for number in range(2):
        out = tmp_path / f"{number}.json"
        made = subprocess.run(
            [sys.executable, str(ROOT / "deploy" / "sbom.py"), "--program", program(), "--resolved", str(resolved),
             "--checkouts", str(checkouts), "--out", str(out)],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        texts.append(out.read_text(encoding="utf-8"))
    assert texts[0] == texts[1], "the same build, the same bytes"
    document = json.loads(texts[0])
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in document["components"]}
    for pin in json.loads(resolved.read_text(encoding="utf-8"))["pins"]:
        name = pin["location"].removesuffix(".git").rpartition("/")[2]
        assert parts[name]["version"] == pin["state"].get("version", pin["state"]["revision"]), name
        assert parts[name]["licenses"], f"{name} has a licence"
    assert parts["swift"]["version"][:1].isdigit() and parts["swift"]["licenses"], "the runtime that it carries"
    for name in ("libzmq5", "libsodium23", "libsqlite3-0"):
        assert parts[name]["purl"].startswith("pkg:deb/"), name
    assert any("LGPL-3.0+" in str(part) for part in parts["libzmq5"]["licenses"])
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name, part in parts.items():
        if part["purl"].startswith("pkg:swift/"):
            assert name in notice, f"NOTICE names {name}"
