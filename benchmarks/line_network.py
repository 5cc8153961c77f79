"""Fit the network of the line model (transforms/line_net.py) with torch; the pipeline itself needs only numpy.

All sheets teach both heads: an editor's labels the first, a reference's labels the second and, lightly, the first.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch  # type: ignore[import-not-found]
from line_sheets import Sheet
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from transforms.line_chars import Hashes
from transforms.line_features import Floats
from transforms.line_net import DILATIONS, Net, line_inputs, read_lines

SITES = 5  # a gram that fewer sites use has no vector: it would be about them
GRAM_SIZE, HIDDEN = 16, 64
EPOCHS, BATCH, RATE, DECAY = 4, 16, 3e-3, 1e-2
EDITED_TIMES = 3  # an edited sheet is seen so many times an epoch
OF_REFERENCE, TO_EDITOR, OF_KIND = 0.35, 0.1, 0.1  # weights of the lesser lessons
MOST_LINES = 256  # of one sheet in one batch, cut at random
_DROP_WORDS, _DROP_ALL = 0.2, 0.06  # shares: of words unseen, of sheets of which nearly all words are


@dataclass
class _Item:
    sheet: Sheet
    inputs: torch.Tensor
    grams: torch.Tensor
    lines: torch.Tensor
    labels: torch.Tensor
    weight: torch.Tensor
    kinds: torch.Tensor


class _Network(nn.Module):  # type: ignore[misc]
    def __init__(self, grams: int, inputs: int, kinds: int) -> None:
        super().__init__()
        self.emb = nn.EmbeddingBag(grams + 1, GRAM_SIZE, mode="sum", padding_idx=grams)
        nn.init.normal_(self.emb.weight, 0, 0.05)
        self.inp = nn.Linear(inputs + GRAM_SIZE + 1, HIDDEN)
        self.page, self.pre, self.post = (nn.Linear(HIDDEN, HIDDEN, bias=False) for _ in range(3))
        self.mid = nn.Linear(HIDDEN, HIDDEN)
        self.convs = nn.ModuleList([nn.Conv1d(HIDDEN, HIDDEN, 3, padding=k, dilation=k) for k in DILATIONS])
        self.out, self.kind = nn.Linear(HIDDEN, 2), nn.Linear(HIDDEN, kinds)
        self.drop = nn.Dropout(0.25)

    def forward(self, x, grams, offsets, scale, mask):  # type: ignore[no-untyped-def]
        sheets, lines = mask.shape
        words = self.emb(grams, offsets, per_sample_weights=scale)
        length = (words.pow(2).sum(1, keepdim=True) + 1e-12).sqrt()
        h = torch.relu(self.inp(self.drop(torch.cat([x, words, length], 1))))
        h = h.view(sheets, lines, -1) * mask[:, :, None]
        count = mask.sum(1)[:, None, None].clamp(min=1)
        sums, order = h.cumsum(1), mask.cumsum(1)[:, :, None]
        before = (sums - h) / (order - mask[:, :, None]).clamp(min=1)
        after = (sums[:, -1:, :] - sums) / (count - order).clamp(min=1)
        around = self.page(sums[:, -1:, :] / count) + self.pre(before) + self.post(after)
        h = (h + torch.relu(around + self.mid(h))) * mask[:, :, None]
        for conv in self.convs:
            h = (h + torch.relu(conv(self.drop(h).transpose(1, 2)).transpose(1, 2))) * mask[:, :, None]
        h = self.drop(h)
        return self.out(h), self.kind(h)


def fit_network(sheets: Sequence[Sheet], kinds: Sequence[str], seed: int) -> Net:
    """A network fitted to the sheets; the same seed gives the same network on the same machine."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    grams = _known_grams(sheets)
    items = [_item(sheet, grams, kinds) for sheet in sheets]
    network = _Network(len(grams), items[0].inputs.shape[1], len(kinds))
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    batches = [batch for _ in range(EPOCHS) for batch in _epoch(items, random)]
    for step, batch in enumerate(batches):
        rate = RATE * min(1, step / 100) * (0.5 * (1 + math.cos(math.pi * step / len(batches))) + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = _loss(network, batch, random)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    return _as_net(network, grams)


def read_sheet(net: Net, sheet: Sheet) -> tuple[Floats, Floats]:
    """The network's inputs and log-odds for each line of a sheet."""
    inputs = line_inputs(sheet.lines)
    return inputs, read_lines(net, sheet.lines, inputs)[0]


def _known_grams(sheets: Sequence[Sheet]) -> Hashes:
    by_site = defaultdict(list)
    for sheet in sheets:
        by_site[sheet.site].append(sheet.lines.grams)
    seen: Counter[int] = Counter()
    for grams in by_site.values():
        seen.update(np.unique(np.concatenate(grams)).tolist())
    return np.array(sorted(gram for gram, sites in seen.items() if sites >= SITES), dtype=np.uint64)


def _item(sheet: Sheet, grams: Hashes, kinds: Sequence[str]) -> _Item:
    at = np.minimum(np.searchsorted(grams, sheet.lines.grams), len(grams) - 1)
    is_known = grams[at] == sheet.lines.grams
    line = np.repeat(np.arange(len(sheet.labels)), sheet.lines.counts)
    number = {kind: i for i, kind in enumerate(kinds)}
    return _Item(
        sheet,
        torch.from_numpy(line_inputs(sheet.lines)),
        torch.from_numpy(at[is_known]),
        torch.from_numpy(line[is_known]),
        torch.from_numpy(sheet.labels.astype(np.int64)),
        torch.from_numpy(sheet.weight.astype(np.float32)),
        torch.tensor([number.get(kind, -1) for kind in sheet.kinds] or [-1] * len(sheet.labels)),
    )


def _epoch(items: list[_Item], random: np.random.Generator) -> list[list[_Item]]:
    """Batches of sheets of about the same length, in random order."""
    drawn = [item for item in items for _ in range(EDITED_TIMES if item.sheet.by_editor else 1)]
    order = [drawn[i] for i in random.permutation(len(drawn))]
    batches = []
    for start in range(0, len(order), BATCH * 8):
        part = sorted(order[start : start + BATCH * 8], key=lambda item: min(len(item.labels), MOST_LINES))
        batches += [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
    return [batches[i] for i in random.permutation(len(batches))]


def _loss(network: _Network, batch: list[_Item], random: np.random.Generator) -> torch.Tensor:
    longest = min(MOST_LINES, max(len(item.labels) for item in batch))
    shape = len(batch), longest
    x = torch.zeros(*shape, batch[0].inputs.shape[1])
    mask, weight = torch.zeros(shape), torch.zeros(shape)
    labels, kinds = torch.full(shape, -1), torch.full(shape, -1)
    by_editor = torch.zeros(shape, dtype=torch.bool)
    grams, lines = [], []
    for row, item in enumerate(batch):
        count = len(item.labels)
        start = int(random.integers(0, count - longest + 1)) if count > longest else 0
        part = slice(start, min(start + longest, count))
        size = part.stop - part.start
        x[row, :size], weight[row, :size], mask[row, :size] = item.inputs[part], item.weight[part], 1
        labels[row, :size], kinds[row, :size] = item.labels[part], item.kinds[part]
        by_editor[row, :size] = item.sheet.by_editor
        dropped = 0.9 if random.random() < _DROP_ALL else _DROP_WORDS
        keep = (item.lines >= part.start) & (item.lines < part.stop) & (torch.rand(len(item.lines)) > dropped)
        grams.append(item.grams[keep])
        lines.append(item.lines[keep] - part.start + row * longest)
    at = torch.cat(lines)
    counts = torch.bincount(at, minlength=mask.numel())
    scale = counts.clamp(min=1).float().rsqrt()[at]
    offsets = torch.cumsum(counts, 0) - counts
    odds, of_kind = network(x.view(mask.numel(), -1), torch.cat(grams), offsets, scale, mask)
    is_sure = (labels >= 0) & (mask > 0)
    weight = torch.where(by_editor, weight, weight * OF_REFERENCE)
    total = weight[is_sure].sum()

    def lesson(head: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        each = functional.binary_cross_entropy_with_logits(head[chosen], labels[chosen].float(), reduction="none")
        return (each * weight[chosen]).sum() / total

    loss = lesson(torch.where(by_editor, odds[..., 0], odds[..., 1]), is_sure)
    loss = loss + TO_EDITOR * lesson(odds[..., 0], is_sure & ~by_editor)
    has_kind = kinds >= 0
    if has_kind.any():
        each = functional.cross_entropy(of_kind[has_kind], kinds[has_kind], reduction="none")
        loss = loss + OF_KIND * (each * weight[has_kind]).sum() / weight[has_kind].sum()
    return loss


def _as_net(network: _Network, grams: Hashes) -> Net:
    state = {name: value.detach().numpy().astype(np.float32) for name, value in network.state_dict().items()}
    vectors: NDArray[np.float32] = state.pop("emb.weight")[:-1].astype(np.float16).astype(np.float32)
    layers = {}
    for name, value in state.items():
        if value.ndim == 3:  # a convolution: (out, in, 3 places) becomes (3 * in, out), place by place
            layers[name] = np.concatenate([value[:, :, place].T for place in range(3)])
        else:
            layers[name] = value.T if value.ndim == 2 else value
    return Net(grams, vectors, {name: np.ascontiguousarray(value) for name, value in layers.items()})
