"""Texts of different lengths through networks shaped like the templates text-lstm and text-transformer, without
dropout: from PyTorch's initial weights the first 50 losses agree with PyTorch's to a relative 1e-3, and stay no
further from PyTorch in float64 (root mean square) than 1.5 times PyTorch's own float32. PyTorch packs the
sequences for the LSTM and masks keys for the Transformer."""
import json
import os
import random
import sys
import tempfile

try:
    import torch
except ImportError:
    print("not run: PyTorch is not installed (Debian's python3-torch)")
    sys.exit(77)

from torch import nn
from weft_tools import events, weft, write_safetensors

STEPS, BATCH, CLASSES, LONGEST, WIDTH, TOLERANCE = 50, 16, 4, 64, 128, 1e-3


def texts():
    """Rows of words, some of which tell the class."""
    r = random.Random(5)
    words = [a + b for a in "bcdfghklmnprst" for b in ("a", "e", "o", "an", "is")]
    rows = []
    for i in range(STEPS * BATCH):
        label = r.randrange(CLASSES)
        length = r.randint(1, LONGEST)
        rows.append(([r.choice(words[label::CLASSES] if r.random() < 0.3 else words) for _ in range(length)], label))
    return rows


def encoded(rows):
    """The numbers that Weft gives to words: 2 for the most frequent one; equal counts go by their bytes."""
    counts = {}
    for row, _ in rows:
        for word in row:
            counts[word] = counts.get(word, 0) + 1
    number = {word: i + 2 for i, word in enumerate(sorted(counts, key=lambda word: (-counts[word], word)))}
    tokens = torch.zeros(len(rows), LONGEST, dtype=torch.long)
    for i, (row, _) in enumerate(rows):
        tokens[i, : len(row)] = torch.tensor([number[word] for word in row])
    return tokens, torch.tensor([len(row) for row, _ in rows]), torch.tensor([label for _, label in rows]), len(number) + 2


class Lstm(nn.Module):
    rate, layers = 1e-3, [("LSTM", {"units": WIDTH, "bidirectional": True})]

    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.dense = nn.Embedding(vocabulary, WIDTH, padding_idx=0), nn.Linear(2 * WIDTH, CLASSES)
        self.core = nn.LSTM(WIDTH, WIDTH, batch_first=True, bidirectional=True)

    def forward(self, tokens, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens), lengths, True, False)
        return self.dense(torch.cat(list(self.core(packed)[1][0]), 1))

    def core_weights(self):
        names = {"weight_ih": "kernel", "weight_hh": "recurrentKernel", "bias_ih": "bias", "bias_hh": "recurrentBias"}
        return {f"param/n2/{names[key[: key.index('_l')]]}{key[key.index('_l') :]}": value.t() if value.dim() == 2 else value for key, value in self.core.named_parameters()}


class Transformer(nn.Module):
    rate, blocks, heads, hidden = 5e-4, 2, 4, 256
    layers = [("PositionalEncoding", {"maxLength": LONGEST}), ("TransformerEncoder", {"numLayers": 2, "heads": 4, "feedForward": 256, "dropout": 0.0}), ("MeanOverTime", {})]

    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.dense = nn.Embedding(vocabulary, WIDTH, padding_idx=0), nn.Linear(WIDTH, CLASSES)
        self.core = nn.TransformerEncoder(nn.TransformerEncoderLayer(WIDTH, self.heads, self.hidden, 0.0, batch_first=True), self.blocks)
        pairs = torch.arange(WIDTH) // 2 * 2
        angles = torch.arange(LONGEST).double().unsqueeze(1) / 10000.0 ** (pairs / WIDTH)
        self.waves = torch.where(torch.arange(WIDTH) % 2 == 0, angles.sin(), angles.cos())

    def forward(self, tokens, lengths):
        isReal = torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
        x = self.embedding(tokens)
        y = self.core(x + self.waves[: tokens.shape[1]].to(x.dtype), src_key_padding_mask=~isReal)
        return self.dense((y * isReal.unsqueeze(2)).sum(1) / lengths.unsqueeze(1))

    def core_weights(self):
        found = {}
        for i, layer in enumerate(self.core.layers):
            at, attention = f"param/n3/layer{i}.", layer.self_attn
            parts = zip(("query", "key", "value"), attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3))
            for name, weight, bias in [*parts, ("output", attention.out_proj.weight, attention.out_proj.bias)]:
                found[f"{at}selfAttention.{name}Kernel"], found[f"{at}selfAttention.{name}Bias"] = weight.T, bias
            for name in ("linear1", "linear2"):
                found[f"{at}{name}Kernel"], found[f"{at}{name}Bias"] = getattr(layer, name).weight.T, getattr(layer, name).bias
            for name in ("norm1", "norm2"):
                found[f"{at}{name}.scale"], found[f"{at}{name}.shift"] = getattr(layer, name).weight, getattr(layer, name).bias
        return found


def project(net, table, vocabulary):
    layers = [("Input", {"kind": "tokens", "column": "text", "shape": [LONGEST], "variableLength": True}),
              ("Embedding", {"vocabulary": vocabulary, "dimension": WIDTH}), *net.layers, ("Dense", {"units": CLASSES}), ("CrossEntropy", {"target": "label"})]
    nodes = [{"id": f"n{i}", "name": f"n{i}", "type": type, "params": params} for i, (type, params) in enumerate(layers)]
    wires = [[f"n{i}.y", f"n{i + 1}.{'x' if i + 2 < len(nodes) else 'prediction'}"] for i in range(len(nodes) - 1)]
    data = {"source": "text", "path": table, "textColumn": "text", "labelColumn": "label", "maxLength": LONGEST, "validation": {"last": 0}, "test": {"last": 0}}
    return {"weft": 1, "id": "text-parity", "data": data, "nodes": nodes, "wires": wires, "training": {"optimizer": {"type": "adam", "learningRate": net.rate}, "batchSize": BATCH}}


def torch_losses(net, tokens, lengths, labels):
    optimizer, losses = torch.optim.Adam(net.parameters(), lr=net.rate), []
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        most = int(lengths[rows].max())
        loss = nn.functional.cross_entropy(net(tokens[rows, :most], lengths[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def distances(a, b):
    return [abs(x - y) / max(abs(y), 1e-2) for x, y in zip(a, b)]


def mean_square(numbers):
    return (sum(number**2 for number in numbers) / len(numbers)) ** 0.5


def main():
    torch.set_num_threads(1)
    rows = texts()
    tokens, lengths, labels, vocabulary = encoded(rows)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "texts.csv")
        with open(table, "w") as file:
            file.write("text,label\n" + "".join(f"{' '.join(row)},class{label}\n" for row, label in rows))
        for kind in (Lstm, Transformer):
            torch.manual_seed(7)
            net = kind(vocabulary)
            dense = len(kind.layers) + 2
            arrays = {"param/n1/table": net.embedding.weight, f"param/n{dense}/kernel": net.dense.weight.T, f"param/n{dense}/bias": net.dense.bias, **net.core_weights()}
            path, weights, run = (os.path.join(folder, f"{kind.__name__}{end}") for end in (".weft", ".safetensors", ".run"))
            with open(path, "w") as file:
                json.dump(project(net, table, vocabulary), file)
            write_safetensors(weights, {key: value.detach().numpy().copy() for key, value in arrays.items()})
            exact = kind(vocabulary)
            exact.load_state_dict(net.state_dict())
            exact = torch_losses(exact.double(), tokens, lengths, labels)
            theirs = torch_losses(net, tokens, lengths, labels)
            weft("train", path, "--epochs", 1, "--run-dir", run, "--weights", weights, "--follow", "jsonl", "--set", "training.shuffle=false")
            ours = [event["loss"] for event in events(run, "batch")]
            assert len(ours) == STEPS, f"{len(ours)} losses"
            ours_off, theirs_off, apart = mean_square(distances(ours, exact)), mean_square(distances(theirs, exact)), max(distances(ours, theirs))
            print(f"{kind.__name__:11} loss {ours[0]:.3f} to {ours[-1]:.3f}, largest relative difference over {STEPS} losses: {apart:.1e}; from float64: {ours_off:.1e}, PyTorch {theirs_off:.1e}")
            failures += apart > TOLERANCE or ours_off > max(1.5 * theirs_off, 1e-6)
    return 1 if failures else 0


sys.exit(main())
