"""The encoder's network while it is trained: MiniLM with its heads, and its export to ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoModel

from bot.errors import BuildError
from tools.encoder_data import weights_folder
from tools.encoder_vocabulary import Vocabulary

INPUTS = ("input_ids", "attention_mask")


class Network(nn.Module):
    """MiniLM, mean-pooled, with a linear head for topic, danger level and kind of danger."""

    def __init__(
        self, heads: dict[str, Sequence[str]], vocabulary: Vocabulary, dropout: float = 0.0
    ) -> None:
        """Start from the pretrained weights.

        Args:
            heads: classes of each head, in the order of the outputs.
            vocabulary: of the tokenizer, with the glosses that its words start from.
            dropout: inside the layers, 0 to 1.
        """
        super().__init__()
        self.body = AutoModel.from_pretrained(
            str(weights_folder()),
            attn_implementation="eager",
            attention_probs_dropout_prob=dropout,
            hidden_dropout_prob=dropout,
        )
        self.size: int = self.body.config.hidden_size
        self.drop = nn.Dropout(0.1)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(self.size, len(classes)) for name, classes in heads.items()}
        )
        # Of the large vocabulary only the pieces that a batch holds change (Spanish ones most), so
        # their gradients are sparse; dense ones would nearly double the time.
        self.pieces = self._pieces(vocabulary)
        self.body.embeddings.word_embeddings = self.pieces

    def _pieces(self, vocabulary: Vocabulary) -> nn.Embedding:
        """The pretrained vectors, and for each glossed word the mean of its gloss's vectors."""
        pretrained = self.body.embeddings.word_embeddings
        known = pretrained.weight.detach()
        rows = torch.cat([known, known.new_zeros(vocabulary.size - len(known), self.size)])
        for piece, gloss in vocabulary.glossed.items():
            rows[piece] = known[gloss].mean(0)
        pieces = nn.Embedding(len(rows), self.size, pretrained.padding_idx, sparse=True)
        pieces.weight = nn.Parameter(rows)
        return pieces

    def pooled(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Mean of the last layer over the real tokens, shape (texts, size)."""
        states = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean: torch.Tensor = (states * mask).sum(1) / mask.sum(1)
        return mean

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Embedding of length 1, then the logits of each head."""
        pooled = self.pooled(input_ids, attention_mask)
        return nn.functional.normalize(pooled), *(head(pooled) for head in self.heads.values())

    def body_parameters(self) -> list[nn.Parameter]:
        """The transformer's parameters without its vocabulary."""
        return [p for p in self.body.parameters() if p is not self.pieces.weight]


def export(net: Network, tokenizer: Any, path: Path) -> None:
    """Write the network (fp32) and prove that the file gives the network's own outputs.

    Raises:
        BuildError: the exported outputs differ.
    """
    import onnxruntime

    sample = tokenizer("my baby has spasms", return_tensors="pt")
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        net,
        tuple(sample[name] for name in INPUTS),
        str(path),
        input_names=list(INPUTS),
        output_names=["embedding", *net.heads],
        dynamic_axes=dict.fromkeys(INPUTS, axes),
        opset_version=17,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    texts = ["does the eye medicine hurt her sight, and for how long?", "¿le duele?"]
    other = tokenizer(texts, padding=True, return_tensors="pt")
    given = session.run(None, {name: other[name].numpy() for name in INPUTS})
    with torch.no_grad():
        wanted = net(*(other[name] for name in INPUTS))
    for got, want in zip(given, wanted, strict=True):
        if not np.allclose(got, want.numpy(), atol=1e-4):
            raise BuildError("the exported encoder differs from the trained one")
