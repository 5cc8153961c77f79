"""The directions of imports, and the names that a Prefect entry point would shadow."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"transforms", "warehouse", "expectations", "flows"}
MAY_IMPORT = {
    "transforms": {"transforms"},
    "warehouse": {"warehouse", "transforms"},
    "expectations": {"expectations"},
    "flows": OURS,
}
# What only one folder may import.
OWNED = {"great_expectations": "expectations", "prefect": "flows"}
PURE = {
    "duckdb",
    "prefect",
    "great_expectations",
    "requests",
    "urllib",
    "socket",
    "subprocess",
    "pathlib",
    "time",
    "random",
}
MODULES = [path for folder in sorted(OURS) for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    folder = path.relative_to(ROOT).parts[0]
    names = imported(path)
    assert names & OURS <= MAY_IMPORT[folder]
    assert not {name for name in names if OWNED.get(name, folder) != folder}
    if folder == "transforms":
        assert not names & PURE, "transforms do no I/O and read no clock"


def test_no_module_in_flows_hides_another() -> None:
    names = {path.stem for path in (ROOT / "flows").glob("*.py")} - {"__init__"}
    assert not names & (set(sys.stdlib_module_names) | OURS)


def test_modules_stay_small() -> None:
    sizes = {p.relative_to(ROOT).as_posix(): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
