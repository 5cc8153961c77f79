"""The licences of what a run installs, from the metadata of the packages: writes docs/licences.md.

    python benchmarks/licences.py

Run it in an environment made from requirements.txt; it lists what `winnow` needs, and what that needs, not the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PAGE = Path(__file__).parents[1] / "docs" / "licences.md"
HEAD = """# Licences of the dependencies

Made by `python benchmarks/licences.py` from the metadata of the installed packages: what a run needs, directly and
indirectly. Winnow itself is under Apache-2.0. What is used for tests alone is not shipped and not listed.

| package | version | licence |
|---|---|---|
"""
_CLASSIFIER = "License :: OSI Approved :: "
_MOST_CHARS = 60


def needed(name: str, seen: dict[str, Distribution]) -> None:
    """Collect a package and what it needs in this environment, without its extras."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return
    try:
        seen[key] = distribution(name)
    except PackageNotFoundError:  # for another system or version of Python
        return
    for line in seen[key].requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed(requirement.name, seen)


def licence_of(package: Distribution) -> str:
    """As the package states it: an SPDX expression, else its classifiers, else the first line of its field."""
    facts = package.metadata
    if expression := facts.get("License-Expression"):
        return str(expression)
    classes = [c.removeprefix(_CLASSIFIER) for c in facts.get_all("Classifier") or () if c.startswith(_CLASSIFIER)]
    stated = str(facts.get("License") or "").strip().splitlines()
    return " and ".join(classes) or (stated[0][:_MOST_CHARS] if stated else "not stated: see its files")


def rows() -> Iterator[str]:
    """The table's rows by name."""
    found: dict[str, Distribution] = {}
    needed("winnow", found)
    for key, package in sorted(found.items()):
        if key != "winnow":
            yield f"| {key} | {package.version} | {licence_of(package).replace('|', '/')} |"


if __name__ == "__main__":
    PAGE.write_text(HEAD + "\n".join(rows()) + "\n", encoding="utf-8")
    print(f"{PAGE.name} written")
