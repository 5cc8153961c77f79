"""Fit the network of the block model (transforms/block_net.py) with torch; the pipeline itself needs only numpy."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch  # type: ignore[import-not-found]
from block_sheets import BlockSheet, weight_of
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from transforms.block_features import RANGES
from transforms.block_net import DILATIONS, BlockNet
from transforms.line_chars import Hashes
from transforms.line_features import Floats

SITES = 6  # a word or name that fewer sites use has no vector: it would be about them
GRAM_SIZE, NAME_SIZE, HIDDEN = 12, 16, 64
EPOCHS, BATCH_BLOCKS, RATE, DECAY = 8, 4096, 3e-3, 1e-2
_DROP_WORDS, _DROP_NAMES, _DROP_ALL = 0.2, 0.15, 0.25
MOST_BLOCKS = 1500


@dataclass
class _Item:
    sheet: BlockSheet
    inputs: torch.Tensor
    grams: torch.Tensor
    gram_rows: torch.Tensor
    names: torch.Tensor
    name_rows: torch.Tensor
    first: torch.Tensor
    end: torch.Tensor
    element: torch.Tensor
    parents: torch.Tensor
    last: torch.Tensor
    labels: torch.Tensor
    weight: torch.Tensor

    @property
    def size(self) -> int:
        return len(self.labels)


class _Network(nn.Module):  # type: ignore[misc]
    def __init__(self, grams: int, names: int, inputs: int) -> None:
        super().__init__()
        self.grams, self.names = nn.Embedding(grams, GRAM_SIZE), nn.Embedding(names, NAME_SIZE)
        nn.init.normal_(self.grams.weight, 0, 0.05)
        nn.init.normal_(self.names.weight, 0, 0.05)
        self.inp = nn.Linear(inputs + GRAM_SIZE + 1 + 4 * NAME_SIZE, HIDDEN)
        self.around, self.again = (nn.Linear(HIDDEN * RANGES, HIDDEN, bias=False) for _ in range(2))
        self.mid, self.end = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.convs = nn.ModuleList([nn.Conv1d(HIDDEN, HIDDEN, 3, padding=k, dilation=k) for k in DILATIONS])
        self.out = nn.Linear(HIDDEN, 1)
        self.drop = nn.Dropout(0.25)

    def bags(self, table, hashes, rows, count, root=True):  # type: ignore[no-untyped-def]
        size = table.weight.shape[1]
        sums = torch.zeros(count, size).index_add(0, rows, table(hashes))
        found = torch.zeros(count, 1).index_add(0, rows, torch.ones(len(rows), 1))
        return (sums / found.clamp(min=1).sqrt() if root else sums), found

    def forward(self, b):  # type: ignore[no-untyped-def]
        n, m = b.blocks, b.elements
        words, _ = self.bags(self.grams, b.grams, b.gram_rows, n)
        length = (words.pow(2).sum(1, keepdim=True) + 1e-12).sqrt()
        sums, counts = self.bags(self.names, b.names, b.name_rows, m + n, root=False)
        own, own_counts = sums[m:] + sums[:m][b.element], counts[m:] + counts[:m][b.element]

        def paths(rows):  # type: ignore[no-untyped-def]
            steps = torch.cat([rows, torch.zeros(1, rows.shape[1])]).index_add(0, b.last, -rows)
            return torch.cat([steps[:-1].cumsum(0), torch.zeros(1, rows.shape[1])])

        path, path_counts = paths(sums[:m]), paths(counts[:m])
        parents = torch.cat([b.parents, torch.tensor([m])])
        above = parents[b.element]
        further = parents[parents[above]]
        near, near_counts = path[above] - path[further], path_counts[above] - path_counts[further]
        far, far_counts = path[further], path_counts[further]
        page, page_counts = sums[:m][b.root], counts[:m][b.root]
        each = ((own, own_counts), (near, near_counts), (far, far_counts), (page, page_counts))
        names = [v / c.clamp(min=1).sqrt() for v, c in each]
        x = torch.cat([b.inputs, words, length, *names], 1)
        h = torch.relu(self.inp(x * functional.dropout(torch.ones(1, x.shape[1]), 0.2, self.training)))
        h = h + torch.relu(self.around(self.means(h, b)) + self.mid(h))
        # pages stand one after the other, with a gap that is wider than a convolution reaches
        for conv in self.convs:
            wide = torch.zeros(b.wide, HIDDEN).index_copy(0, b.places, h)
            h = h + torch.relu(conv(wide.t()[None])[0].t()[b.places])
        h = h + torch.relu(self.again(self.means(h, b)) + self.end(h))
        return self.out(self.drop(h))[:, 0]

    def means(self, h, b):  # type: ignore[no-untyped-def]
        sums = torch.cat([torch.zeros(1, h.shape[1]), h.cumsum(0)])
        size = (b.ends - b.firsts).clamp(min=1)[:, :, None]
        return ((sums[b.ends] - sums[b.firsts]) / size).flatten(1)


class _Batch:
    def __init__(self, items: list[_Item], random: np.random.Generator | None) -> None:
        self.blocks = sum(item.size for item in items)
        self.elements = sum(len(item.parents) for item in items)
        parts: dict[str, list[torch.Tensor]] = defaultdict(list)
        block = element = place = 0
        for item in items:
            grams, gram_rows, names, name_rows = item.grams, item.gram_rows, item.names, item.name_rows
            if random is not None:
                share = 1.0 if random.random() < _DROP_ALL else _DROP_WORDS
                keep = torch.from_numpy(random.random(len(grams)) >= share)
                grams, gram_rows = grams[keep], gram_rows[keep]
                share = 0.9 if random.random() < 0.08 else _DROP_NAMES
                keep = torch.from_numpy(random.random(len(names)) >= share)
                names, name_rows = names[keep], name_rows[keep]
            of_block = name_rows >= len(item.parents)
            parts["inputs"].append(item.inputs)
            parts["grams"].append(grams)
            parts["gram_rows"].append(gram_rows + block)
            parts["names"].append(names)
            parts["name_rows"].append(
                torch.where(of_block, name_rows - len(item.parents) + self.elements + block, name_rows + element)
            )
            parts["firsts"].append(item.first + block)
            parts["ends"].append(item.end + block)
            parts["root"].append(torch.full((item.size,), element))
            parts["element"].append(item.element + element)
            parts["parents"].append(torch.where(item.parents < 0, self.elements, item.parents + element))
            parts["last"].append(item.last + element)
            parts["places"].append(torch.arange(item.size) + place)
            parts["labels"].append(item.labels)
            parts["weight"].append(item.weight)
            block, element, place = block + item.size, element + len(item.parents), place + item.size + max(DILATIONS)
        self.wide = place
        for name, several in parts.items():
            setattr(self, name, torch.cat(several))


def fit_network(sheets: Sequence[BlockSheet], seed: int, epochs: int = EPOCHS) -> BlockNet:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    grams = known(sheets, lambda sheet: sheet.measured.lines.grams)
    names = known(sheets, lambda sheet: sheet.measured.names)
    items = [_item(sheet, grams, names) for sheet in sheets]
    network = _Network(len(grams), len(names), items[0].inputs.shape[1])
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    batches = [batch for _ in range(epochs) for batch in _epoch(items, random)]
    for step, batch in enumerate(batches):
        rate = RATE * min(1, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * step / len(batches))) + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        b = _Batch(batch, random)
        loss = (functional.binary_cross_entropy_with_logits(network(b), b.labels, reduction="none") * b.weight).sum()
        optimizer.zero_grad()
        (loss / len(batch)).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    return _as_net(network, grams, names)


def known(sheets: Sequence[BlockSheet], of) -> Hashes:  # type: ignore[no-untyped-def]
    by_site = defaultdict(list)
    for sheet in sheets:
        if not sheet.script:
            by_site[sheet.site].append(of(sheet))
    seen: Counter[int] = Counter()
    for several in by_site.values():
        seen.update(np.unique(np.concatenate(several)).tolist())
    return np.array(sorted(one for one, sites in seen.items() if sites >= SITES), dtype=np.uint64)


def _known_rows(hashes: Hashes, counts: NDArray[np.intp], table: Hashes) -> tuple[torch.Tensor, torch.Tensor]:
    at = np.minimum(np.searchsorted(table, hashes), len(table) - 1)
    is_known = table[at] == hashes
    return torch.from_numpy(at[is_known]), torch.from_numpy(np.repeat(np.arange(len(counts)), counts)[is_known])


def _item(sheet: BlockSheet, grams: Hashes, names: Hashes) -> _Item:
    seen = sheet.measured
    return _Item(
        sheet,
        torch.from_numpy(seen.inputs),
        *_known_rows(seen.lines.grams, seen.lines.counts, grams),
        *_known_rows(seen.names, seen.name_counts, names),
        *(
            torch.from_numpy(np.ascontiguousarray(a))
            for a in (seen.first, seen.end, seen.element, seen.parents, seen.last)
        ),
        torch.from_numpy(np.clip(sheet.labels, 0, 1).astype(np.float32)),
        torch.from_numpy(weight_of(sheet).astype(np.float32)),
    )


def _epoch(items: list[_Item], random: np.random.Generator) -> list[list[_Item]]:
    batches: list[list[_Item]] = [[]]
    size = 0
    for number in random.permutation(len(items)):
        if size + items[number].size > BATCH_BLOCKS and batches[-1]:
            batches.append([])
            size = 0
        batches[-1].append(items[number])
        size += items[number].size
    return batches


def _as_net(network: _Network, grams: Hashes, names: Hashes) -> BlockNet:
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    layers: dict[str, Floats] = {}
    for name, value in state.items():
        if name in ("grams.weight", "names.weight"):
            continue
        if value.ndim == 3:
            layers[name] = np.concatenate([value[:, :, k].T for k in range(3)])
        else:
            layers[name] = value.T if value.ndim == 2 else value
    return BlockNet(grams, state["grams.weight"], names, state["names.weight"], layers)
