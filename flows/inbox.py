"""Which files a run takes in: those behind paths, folders, globs and URLs, as far as they are finished and wanted.

What is searched for and not taken is counted by its reason, never passed over unseen: a file that is still being
written waits for the next run. Half-written files are known by their name (*.part, *.tmp and the like), and by a time
of change within the last `settle_seconds`. What is named outright is taken whatever its name and age.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from flows.intake import InputFile, plain_name
from transforms.types import WinnowError

SUFFIXES = frozenset(
    {
        *(".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".json"),
        *(".csv", ".tsv", ".parquet", ".pq", ".warc"),
    }
)
# What downloads, editors and crawlers call a file until it is whole.
_UNFINISHED = (
    *("*.part", "*.partial", "*.tmp", "*.temp", "*.crdownload", "*.download", "*.filepart", "*.aria2", "*.open"),
    *("*.inprogress", "*.swp", "*.lock", "*~", "~$*", ".~*", ".#*"),
)
_ABOUT = frozenset({"readme", "license", "licence", "copying", "changelog", "contributing"})  # no articles


class PathError(WinnowError):
    """A path that leads nowhere: a mistake in the call, not in the data."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder or glob are wanted.

    `include` replaces the known suffixes where it is given; patterns match the name or the path below the folder.
    `skip` are absolute paths of files and folders of ours.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    settle_seconds: float = 0
    skip: frozenset[str] = frozenset()


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Found:
    """Files, each once, in order; and how many others were left out, by reason."""

    files: tuple[InputFile, ...]
    left_out: Counter[str] = field(default_factory=Counter)


def find_files(paths: Iterable[str], selection: Selection = EVERYTHING, *, now: float = 0) -> Found:
    """The files behind paths, globs, folders and URLs; `now` (seconds since 1970) is what ages are counted from.

    Raises PathError for what does not exist or cannot be reached.
    """
    found: dict[str, InputFile] = {}
    left_out: Counter[str] = Counter()
    for given in paths:
        for file in _find(given, selection, now, left_out):
            found.setdefault(file.location, file)
    return Found(tuple(found.values()), left_out)


def choose(relative: str, selection: Selection, *, by_suffix: bool) -> str | None:
    """Why a file is left out, None where it is wanted."""
    name = PurePath(relative).name
    by_suffix = by_suffix and not selection.include
    reasons = (
        ("half-written by its name", any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in _UNFINISHED)),
        ("hidden", any(part.startswith(".") for part in PurePath(relative).parts)),
        ("excluded", _matches(relative, selection.exclude)),
        ("not included", bool(selection.include) and not _matches(relative, selection.include)),
        ("about the folder by its name", by_suffix and PurePath(name.lower()).stem in _ABOUT),
        (
            f"suffix {PurePath(name.lower()).suffix[:20] or 'missing'}",
            by_suffix and PurePath(plain_name(name).lower()).suffix not in SUFFIXES,
        ),
    )
    return next((reason for reason, holds in reasons if holds), None)


def storable(path: str) -> str:
    """A path that any table can hold: bytes of a name that are no UTF-8 become \\xff and the like."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _matches(relative: str, patterns: Iterable[str]) -> bool:
    name = PurePath(relative).name
    return any(fnmatch.fnmatchcase(relative, p) or fnmatch.fnmatchcase(name, p) for p in patterns)


def _find(given: str, selection: Selection, now: float, left_out: Counter[str]) -> Iterator[InputFile]:
    if "://" in given:
        from flows.remote import find_remote, local_path  # noqa: PLC0415 - fsspec, for URLs only

        local = local_path(given)
        if local is None:
            yield from find_remote(given, selection, left_out)
            return
        given = local
    if os.path.lexists(given) and Path(given).is_dir():
        yield from _search(Path(given), selection, now, left_out)
    elif os.path.lexists(given):
        yield _local_file(Path(given), Path(given).name)
    elif glob.has_magic(given):
        yield from _glob(given, selection, now, left_out)
    else:
        raise PathError(f"no file or folder at {given!r}; give a file, a folder, a URL or a quoted glob 'in/**/*.html'")


def _glob(given: str, selection: Selection, now: float, left_out: Counter[str]) -> Iterator[InputFile]:
    matches = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute patterns
    if not matches:
        raise PathError(f"the glob {given!r} matches nothing; quote it, and use ** for folders within folders")
    for match in matches:
        if Path(match).is_dir():
            if "**" not in given:  # else its files are matches of their own
                yield from _search(Path(match), selection, now, left_out)
            continue
        yield from _taken(Path(match), PurePath(match).name, selection, now, left_out, by_suffix=False)


def _search(root: Path, selection: Selection, now: float, left_out: Counter[str]) -> Iterator[InputFile]:
    inside = os.path.realpath(root)
    denied: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=denied.append):
        while denied:
            yield _denied(denied.pop())
        entries = sorted(Path(folder) / name for name in folders if not name.startswith("."))
        folders[:] = [p.name for p in entries if not p.is_symlink() and _absolute(p) not in selection.skip]
        for path in entries:
            if path.is_symlink() and _is_within(path, inside):
                left_out["link to a folder that is searched anyway"] += 1
            elif path.is_symlink():
                yield _outside(path, path.relative_to(root))
        for path in (Path(folder) / name for name in sorted(names)):
            relative = path.relative_to(root)
            if not path.is_symlink() or _is_within(path, inside):
                yield from _taken(path, str(relative), selection, now, left_out, by_suffix=True)
            elif choose(str(relative), selection, by_suffix=True) is None:
                yield _outside(path, relative)
    while denied:
        yield _denied(denied.pop())


def _taken(
    path: Path, relative: str, selection: Selection, now: float, left_out: Counter[str], *, by_suffix: bool
) -> Iterator[InputFile]:
    if _absolute(path) in selection.skip:
        return
    reason = choose(relative, selection, by_suffix=by_suffix)
    if reason:
        left_out[reason] += 1
        return
    file = _local_file(path, relative)
    if file.stamp and abs(now - file.stamp[1] / 1e9) < selection.settle_seconds:
        left_out["changed a moment ago"] += 1
        return
    yield file


def _local_file(path: Path, relative: str) -> InputFile:
    whole = _absolute(path)  # resolve() would follow symlinks
    shown = PurePath(storable(whole))
    stamp: tuple[int, int] | None = None
    problem: tuple[str, str] | None = None
    try:
        facts = path.stat()
        stamp = (facts.st_size, facts.st_mtime_ns)
        if not stat.S_ISREG(facts.st_mode):  # opening a pipe would wait for a writer for ever
            problem = ("unreadable", f"{shown.name} is no regular file; give a file, a folder or -")
    except OSError as error:
        problem = _unreadable(shown.name, error)
    return InputFile(whole, str(shown), shown.name, shown.parent.name, storable(relative), stamp, problem)


def _outside(path: Path, relative: PurePath) -> InputFile:
    shown = PurePath(storable(_absolute(path)))
    message = (
        f"{shown.name} is a link to {storable(str(path.readlink()))[:200]!r}, outside of the folder that is searched; "
        "name that place itself to take it in"
    )
    problem = ("outside-link", message)
    return InputFile(str(path), str(shown), shown.name, shown.parent.name, storable(str(relative)), problem=problem)


def _denied(error: OSError) -> InputFile:
    shown = PurePath(storable(_absolute(Path(error.filename))))
    problem = _unreadable(shown.name, error)
    return InputFile(error.filename, str(shown), shown.name, shown.parent.name, shown.name, problem=problem)


def _unreadable(name: str, error: OSError) -> tuple[str, str]:
    return "unreadable", f"{name} cannot be read: {error.strerror or error}; check that it may be read"


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100


def _is_within(path: Path, inside: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(inside)
