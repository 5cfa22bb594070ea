#!/usr/bin/env python3
"""Writes what Kapwa is made of as CycloneDX: the Swift packages that were resolved, Swift's own runtime, and the
Debian packages whose libraries the program loads.

    deploy/sbom.py --program .build/release/kapwa --out .build/kapwa.cdx.json

Needs cyclonedx-python-lib, and a build (Package.resolved and .build/checkouts). The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid
from typing import Dict, Iterable, List, Optional

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = pathlib.Path(__file__).resolve().parents[1]
LICENSES = LicenseFactory()


def version_of_kapwa() -> str:
    text = (ROOT / "Sources/KapwaDaemon/KapwaVersion.swift").read_text(encoding="utf-8")
    found = re.search(r'"(\d+\.\d+\.\d+[^"]*)"', text)
    if found is None:
        sys.exit("sbom: no version in KapwaVersion.swift")
    return found.group(1)


# Swift


def swift_license(checkout: pathlib.Path) -> Optional[str]:
    """The licence by its SPDX name, from the words of its text."""
    for name in ("LICENSE", "LICENSE.txt", "LICENSE.md"):
        path = checkout / name
        if not path.exists():
            continue
        text = " ".join(path.read_text(encoding="utf-8", errors="replace").split())
        if "Apache License" in text and "Version 2.0" in text:
            return "Apache-2.0 WITH Swift-exception" if "Runtime Library Exception" in text else "Apache-2.0"
        if "Permission is hereby granted, free of charge" in text:
            return "MIT"
    return None


def swift_components(resolved: pathlib.Path, checkouts: pathlib.Path) -> Iterable[Component]:
    for pin in json.loads(resolved.read_text(encoding="utf-8"))["pins"]:
        place, state = str(pin["location"]), pin["state"]
        version = str(state.get("version") or state["revision"])
        repository = re.sub(r"^https://|\.git$", "", place)
        namespace, _, name = repository.rpartition("/")
        license_name = swift_license(checkouts / name)
        purl = PackageURL(type="swift", namespace=namespace, name=name, version=version)
        yield Component(
            type=ComponentType.LIBRARY, name=name, version=version, purl=purl, bom_ref=str(purl),
            licenses=[LICENSES.make_from_string(license_name)] if license_name else [],
            external_references=[ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(place))],
            description=f"Swift package, revision {state['revision']}",
        )  # fmt: skip


def swift_runtime() -> Iterable[Component]:
    """What of the toolchain becomes part of the program, or is loaded by it: the runtime and Foundation."""
    found = re.search(r"Swift version (\S+)", output("swift", "--version"))
    if found is None:
        sys.exit("sbom: swift --version says no version")
    purl = PackageURL(type="generic", name="swift", version=found.group(1))
    yield Component(
        type=ComponentType.LIBRARY, name="swift", version=found.group(1), purl=purl, bom_ref=str(purl),
        licenses=[LICENSES.make_from_string("Apache-2.0 WITH Swift-exception")],
        description="Swift runtime and Foundation",
    )  # fmt: skip


# Debian


def output(*command: str) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment).stdout


def libraries(program: pathlib.Path) -> List[str]:
    """The files of all libraries that the program loads, less those of the Swift toolchain."""
    found = re.findall(r"=> (/\S+)", output("ldd", str(program)))
    return sorted({os.path.realpath(path) for path in found if "/swift" not in path})


def packages_of(files: Iterable[str]) -> List[str]:
    names = set()
    for file in files:
        # Where /lib is a link to /usr/lib the package may know the file by either name.
        for path in (file, file.removeprefix("/usr")):
            owner = output("dpkg-query", "-S", path).partition(": ")[0]
            if owner:
                names.add(owner)
                break
    return sorted(names)


def debian_licenses(package: str) -> List[str]:
    """The names that the package's own copyright file gives, sorted."""
    path = pathlib.Path("/usr/share/doc") / package.partition(":")[0] / "copyright"
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    return sorted({line.partition(":")[2].strip() for line in text.splitlines() if re.match(r"License: \S", line)})


def debian_components(program: pathlib.Path) -> Iterable[Component]:
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)', pathlib.Path("/etc/os-release").read_text(), re.MULTILINE))
    for package in packages_of(libraries(program)):
        facts = output("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}\t${source:Package}", package)
        name, version, architecture, source = facts.split("\t")
        purl = PackageURL(
            type="deb", namespace=release.get("ID", "debian"), name=name, version=version,
            qualifiers={"arch": architecture, "distro": f"{release.get('ID')}-{release.get('VERSION_ID')}"},
        )  # fmt: skip
        yield Component(
            type=ComponentType.LIBRARY, name=name, version=version, purl=purl, bom_ref=str(purl),
            licenses=[LICENSES.make_with_name(words) for words in debian_licenses(package)],
            description=f"Debian package, built from {source}",
        )  # fmt: skip


# The whole


def document(resolved: pathlib.Path, checkouts: pathlib.Path, program: pathlib.Path) -> str:
    bom = Bom()
    version = version_of_kapwa()
    kapwa = Component(
        type=ComponentType.APPLICATION, name="kapwa", version=version, bom_ref=f"kapwa@{version}",
        licenses=[LICENSES.make_with_expression("Apache-2.0")],
    )  # fmt: skip
    bom.metadata.component = kapwa
    parts = [*swift_components(resolved, checkouts), *swift_runtime(), *debian_components(program)]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(kapwa, parts)
    # No time and no chance in it: the same parts, the same document.
    names = "\n".join(sorted(str(part.purl) for part in parts))
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"kapwa {version}\n{names}")
    written: Dict[str, object] = json.loads(JsonV1Dot6(bom).output_as_string())
    metadata = written["metadata"]
    assert isinstance(metadata, dict)
    metadata.pop("timestamp", None)
    return json.dumps(written, indent=2, sort_keys=True) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes what Kapwa is made of as CycloneDX 1.6.")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/kapwa")
    parser.add_argument("--resolved", type=pathlib.Path, default=ROOT / "Package.resolved")
    parser.add_argument("--checkouts", type=pathlib.Path, default=ROOT / ".build/checkouts")
    parser.add_argument("--out", type=pathlib.Path)
    asked = parser.parse_args()
    for path in (asked.program, asked.resolved, asked.checkouts):
        if not path.exists():
            sys.exit(f"sbom: {path} is missing; build first (make build)")
    text = document(asked.resolved, asked.checkouts, asked.program)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem is not None:
        sys.exit(f"sbom: what was written is no CycloneDX: {problem}")
    if asked.out is None:
        print(text, end="")
    else:
        asked.out.write_text(text, encoding="utf-8")
        print(f"{asked.out}: {text.count(chr(34) + 'purl' + chr(34))} components")


if __name__ == "__main__":
    main()
