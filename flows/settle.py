"""Moving what a run took in out of the inbox, when it is published: to done/ what came to something, else to failed/.

A file is renamed into its place in one step, keeps its path below the folder that was searched, and never replaces
another. One that changed since it was read stays for the next run; so does one that cannot be moved.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Set
from pathlib import Path

from flows.intake import InputFile

_MOST_NAMES = 10_000


def move_inputs(files: Iterable[InputFile], failed: Set[str], folder: Path) -> Counter[str]:
    """Move each file below `folder`; counts of done, failed, and why others stayed.

    `failed` are locations of which nothing became an article or a duplicate.
    """
    counts: Counter[str] = Counter()
    for file in files:
        if file.remote is not None:
            counts["left: behind a URL"] += 1
            continue
        outcome = "failed" if file.location in failed else "done"
        path = Path(file.path)
        try:
            facts = path.stat()
            if file.problem or (facts.st_size, facts.st_mtime_ns) != file.stamp:
                counts["left: no file to move" if file.problem else "left: changed since it was read"] += 1
                continue
            depth = len(Path(file.relative).parts)
            _move(path, folder / outcome / Path(*path.parts[-depth:]))
        except OSError as error:
            counts[f"left: {error.strerror or error}"] += 1
        else:
            counts[outcome] += 1
    return counts


def _move(path: Path, wanted: Path) -> None:
    target = _reserve(wanted)
    try:
        path.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            target.unlink()
            raise
        _carry(path, target)


def _reserve(wanted: Path) -> Path:
    """An empty file of that name, or of the name with a number where it is taken: ours to replace."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    head, dot, tail = wanted.name.partition(".")
    for number in range(_MOST_NAMES):
        target = wanted.with_name(f"{head}-{number}{dot}{tail}") if number else wanted
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return target
    raise FileExistsError(errno.EEXIST, f"{_MOST_NAMES} files of that name are there", str(wanted))


def _carry(path: Path, target: Path) -> None:
    """To another file system: copied beside its place, renamed into it, then removed here."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copy2(path, partial)
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise
    path.unlink()
