"""The network in training: one step at a time, and everything that a checkpoint must hold to repeat the next one."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

from ivr.errors import ModelError
from models.train.align import IGNORED, align
from models.train.batches import Batch, Mix
from models.train.checkpoint import Checkpoint
from models.train.net import Net, Shape
from models.train.sequence import criterion

Start = Literal["korean", "random"]

BLANK_PENALTY, PRIOR_SHARE, RAREST = 2.0, 0.5, 1e-3
"""of realignment: nats off silence between units, the share of log priors taken off scores, and their floor (lab)"""

STEEP_FIRST = 3.0
"""learning rate of the new output layer beside that of the Korean body"""

SETTLING, WARMING = 60, 100
"""steps in which the output layer alone learns (Korean start), and steps up to the full learning rate"""

LAST_RATE = 0.02
"""of the learning rate, at the end"""

CLIPPED = 3.0
"""greatest norm of the gradient (lab)"""

PRIOR_MEMORY, AVERAGE_MEMORY = 0.998, 0.999
"""share of the old value that stays at a step, once there are many"""


@dataclass(frozen=True)
class Plan:
    """What decides about the result."""

    start: Start = "korean"
    rate: float = 7e-4
    """highest learning rate (AdamW)"""
    dropout: float = 0.05
    sequence: float = 0.0
    """weight of the sequence criterion beside the cross-entropy of rows, in the last part of the training"""
    sequence_from: float = 0.7
    """the share of the training after which it counts"""
    statistics: bool = True
    """whether the means and variances of batches are learnt"""
    mix: Mix = field(default_factory=Mix)
    shape: Shape = field(default_factory=Shape)

    def plain(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)


@dataclass(frozen=True)
class Lesson:
    """What came of one step."""

    loss: float
    """cross-entropy, nats a row"""
    accuracy: float
    """share of rows whose best unit is their label"""
    rate: float
    """learning rate"""


class Trainer:
    """Owns the network, its average and its optimiser."""

    def __init__(self, net: Net, plan: Plan, device: torch.device, moves: Tensor | None = None) -> None:
        """`moves` are sequence.transitions; without them rows are learnt one by one."""
        self.net = net.to(device).train()
        self.plan = plan
        self.device = device
        self.moves = None if moves is None else moves.to(device)
        self.step = 0
        self.audio_seconds = 0.0
        self.prior = torch.full((net.shape.units,), 1 / net.shape.units, device=device)
        self._average = {name: value.clone() for name, value in net.state_dict().items()}
        self._optimiser = self._make_optimiser()

    def learn(self, batch: Batch, progress: float) -> Lesson:
        """One step; `progress` is the share of the whole training that is done, 0 … 1."""
        # the step's number alone decides about chance, so that a resumed training repeats it
        torch.manual_seed(self.plan.mix.seed * 1_000_003 + self.step)
        settling = self.plan.start == "korean" and self.step < SETTLING
        self.net.freeze_body(frozen=settling, statistics=self.plan.statistics)
        rate = self._set_rate(progress)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            scores = self.net(batch.cepstra.to(self.device), self.plan.dropout)
        logs = functional.log_softmax(scores.float(), -1)
        labels = self._labels(batch, logs.detach())
        loss = functional.cross_entropy(logs.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
        if self.moves is not None and progress >= self.plan.sequence_from:
            paths = criterion(logs, labels, batch.rows.to(self.device), self.moves)
            loss = (1 - self.plan.sequence) * loss + self.plan.sequence * paths
        if not torch.isfinite(loss):
            raise ModelError(f"the loss is {loss.item()} at step {self.step}: go on with a lower learning rate")
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIPPED)
        self._optimiser.step()
        accuracy = self._count(logs.detach(), labels)
        self._follow()
        self.step += 1
        self.audio_seconds += batch.seconds
        return Lesson(loss.item(), accuracy, rate)

    def averaged(self) -> Net:
        """A copy of the network with the average weights of the last steps."""
        net = Net(self.net.shape).to(self.device)
        net.load_state_dict(self._average)
        return net.eval()

    def checkpoint(self, wall_seconds: float) -> Checkpoint:
        """All of it, on the CPU."""
        return Checkpoint(
            net=_on_cpu(self._average),
            raw=_on_cpu(self.net.state_dict()),
            optimiser=self._optimiser.state_dict(),
            prior=self.prior.cpu(),
            shape=self.net.shape.plain(),
            plan=self.plan.plain(),
            step=self.step,
            wall_seconds=wall_seconds,
            audio_seconds=self.audio_seconds,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on where a checkpoint stopped; ModelError if it was another training."""
        stored, ours = (_fixed(plan) for plan in (checkpoint.plan, self.plan.plain()))
        if stored != ours:
            raise ModelError(
                f"the checkpoint here was trained by another plan ({stored}, now {ours}): use another folder"
            )
        self.net.load_state_dict(checkpoint.raw)
        self._average = {name: value.to(self.device) for name, value in checkpoint.net.items()}
        self._optimiser.load_state_dict(checkpoint.optimiser)
        self.prior = checkpoint.prior.to(self.device)
        self.step = checkpoint.step
        self.audio_seconds = checkpoint.audio_seconds

    def _make_optimiser(self) -> torch.optim.Optimizer:
        output = [value for name, value in self.net.named_parameters() if name.startswith("out.")]
        body = [value for name, value in self.net.named_parameters() if not name.startswith("out.")]
        steep = STEEP_FIRST if self.plan.start == "korean" else 1.0
        groups = [{"params": output, "steep": steep}, {"params": body, "steep": 1.0}]
        return torch.optim.AdamW(groups, lr=self.plan.rate, betas=(0.9, 0.98), weight_decay=1e-2, fused=True)

    def _set_rate(self, progress: float) -> float:
        """Up in WARMING steps, then down along a cosine."""
        falling = LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * min(1.0, progress))) / 2
        rate = self.plan.rate * falling * min(1.0, (self.step + 1) / WARMING)
        for group in self._optimiser.param_groups:
            group["lr"] = rate * group["steep"]
        return rate

    def _labels(self, batch: Batch, logs: Tensor) -> Tensor:
        """True labels where they are known, else those of the best path as the network hears it now."""
        labels = batch.labels.clone()
        unknown = torch.nonzero(~batch.known)[:, 0].tolist()
        if unknown:
            likelihoods = logs[unknown] - PRIOR_SHARE * self.prior.clamp_min(RAREST).log()
            units = [batch.units[number] for number in unknown]
            # many small steps: quicker on the CPU, wherever the network is
            labels[unknown] = align(likelihoods.cpu(), batch.rows[unknown], units, BLANK_PENALTY)
        return labels.to(self.device)

    def _count(self, logs: Tensor, labels: Tensor) -> float:
        """Keep the prior up to date; the share of rows that were right."""
        counted = labels != IGNORED
        seen = torch.bincount(labels[counted], minlength=len(self.prior)).float()
        memory = min(PRIOR_MEMORY, self.step / (self.step + 10))
        self.prior.lerp_(seen / seen.sum().clamp_min(1), 1 - memory)
        return float((logs.argmax(-1)[counted] == labels[counted]).float().mean())

    def _follow(self) -> None:
        """Draw the average towards the weights; a young average forgets sooner."""
        memory = min(AVERAGE_MEMORY, (1 + self.step) / (10 + self.step))
        for name, value in self.net.state_dict().items():
            self._average[name].lerp_(value, 1 - memory)


def _fixed(plan: dict[str, Any]) -> dict[str, Any]:
    """What may not change on the way: learning rate and weights of engines may."""
    mix = {name: value for name, value in plan["mix"].items() if name != "weights"}
    return {**plan, "rate": None, "mix": mix}


def _on_cpu(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in tensors.items()}
