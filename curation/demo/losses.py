"""What training minimises: contrast that knows the truth of every pair, and what is seen where."""

from typing import Final

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor, nn

from curation.demo.facts import ATTRIBUTES
from curation.demo.topics import SIZES_OF_GROUPS

OWN: Final = 2  # captions per picture
READING: Final = {"kind": 1.0, "colour": 0.25, "pattern": 0.5, "size": 0.25}  # kinds are by far the slowest to learn


class Readers(nn.Module):
    """Linear heads on the image tower's 3 x 3 grid, thrown away after training.

    They read kind, colour, pattern and size of the thing in each cell, which teaches the tower to see long before
    the captions do.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(channels, len(values)) for values in ATTRIBUTES.values())

    def loss(self, grid: Tensor, cells: Tensor) -> Tensor:
        """Weighted sum of the cross-entropies where something is; grid (n, c, 3, 3), cells (n, 3, 3, 4)."""
        seen = cells.flatten(0, 2)
        there = seen[:, 0] >= 0
        rows = grid.permute(0, 2, 3, 1).flatten(0, 2)[there]
        losses = [F.cross_entropy(head(rows), seen[there, i]) for i, head in enumerate(self.heads)]
        return (torch.stack(losses) * torch.tensor(list(READING.values()))).sum()


class Anchors(nn.Module):
    """One vector per topic, shared by pictures and captions and thrown away after training.

    Both towers learn to point at the anchors of what they show or say, and so meet.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(sum(SIZES_OF_GROUPS), dim) / dim**0.5)
        self.scale = nn.Parameter(torch.tensor(20.0))

    def loss(self, rows: Tensor, held: Tensor) -> Tensor:
        """Cross-entropy within each group of topics, whose true topics share the mass; rows (n, d) of length one."""
        sizes = list(SIZES_OF_GROUPS)
        logits = torch.split(self.scale * rows @ F.normalize(self.vectors, dim=1).T, sizes, dim=1)
        losses = []
        for logit, true in zip(logits, torch.split(held, sizes, dim=1), strict=True):
            some = true.any(dim=1)
            if bool(some.any()):
                losses.append(F.cross_entropy(logit[some], true[some] / true[some].sum(dim=1, keepdim=True)))
        return torch.stack(losses).mean()


def contrast(similarity: Tensor, truth: Tensor, scale: Tensor) -> Tensor:
    """Contrast captions (q rows) with pictures (n columns); caption i belongs to picture i // 2 while i < 2 n.

    A caption shall rank all pictures it is true of alike and above the others; a picture shall prefer each of its
    captions to all captions that are false of it. True pairs never count as rivals.
    """
    logits = similarity * scale
    owned = OWN * truth.shape[1]
    target = truth[:owned] / truth[:owned].sum(dim=1, keepdim=True)
    by_text = F.cross_entropy(logits[:owned], target)
    rivals = torch.logsumexp(logits.masked_fill(truth, -torch.inf), dim=0)
    own = torch.unflatten(logits[:owned], 0, (-1, OWN)).diagonal(dim1=0, dim2=2)  # (OWN, n)
    by_image: Tensor = (torch.logaddexp(own, rivals[None]) - own).mean()
    return (by_text + by_image) / 2


def tell_siblings(similarity: Tensor, truth: Tensor, group: Tensor, scale: Tensor, threshold: Tensor) -> Tensor:
    """Say for each caption and each sibling picture whether it is true, by one threshold on the cosine for all."""
    owners = group.repeat_interleave(OWN)
    near = owners[:, None] == group[None]
    logits = scale * (similarity[: len(owners)][near] - threshold)
    return F.binary_cross_entropy_with_logits(logits, truth[: len(owners)][near].float())


def pixels(pictures: NDArray[np.uint8]) -> Tensor:
    """Turn (n, h, w, 3) uint8 into what the image tower takes: (n, 3, h, w) in [-1, 1], channels last in memory."""
    scaled = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
    return scaled.contiguous(memory_format=torch.channels_last)
