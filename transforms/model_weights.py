"""The weights that come with the package, as both models store them: named arrays of plain numbers."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]

_LAYER = "net."


def read_weights(name: str) -> Arrays:
    """The arrays of transforms/weights/`name`.npz. Nothing in it can run."""
    weights = files("transforms") / "weights" / f"{name}.npz"
    with weights.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        return {array: stored[array] for array in stored.files}


def net_layers(arrays: Arrays) -> dict[str, NDArray[np.float32]]:
    """The layers of the network: the arrays whose names begin with "net.", without it."""
    return {
        name.removeprefix(_LAYER): value.astype(np.float32) for name, value in arrays.items() if name.startswith(_LAYER)
    }
