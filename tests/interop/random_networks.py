"""200 random networks of the catalogue's layers, the same ones every time: from PyTorch's weights the
losses of 5 training steps agree with PyTorch's to a relative 1e-4. Every layer of the catalogue
appears; networks whose losses leave the range where five steps say something are drawn anew."""
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

from torch_layers import CLASSES, LOSSES, OF_LABELS, Network, add_loss, flatten, reshape
from torch_layers import LAYERS as PLAIN_LAYERS
from torch_sequences import SEQUENCES
from weft_tools import events, weft, write_safetensors

LAYERS = {**PLAIN_LAYERS, **SEQUENCES}
NETWORKS, STEPS, BATCH, FEATURES, RATE, TOLERANCE = 200, 5, 16, 96, 0.01, 1e-4
SHAPES = [None, [3, 4, 8], [6, 4, 4], [2, 6, 8], [1, 8, 12], [12, 8], [8, 12], [16, 6], [2, 3, 4, 4], [4, 2, 3, 4]]


def draw(seed, wanted, loss):
    """A network with the layer `wanted` and up to five others."""
    net = Network(random.Random(seed))
    torch.manual_seed(seed)
    features = x = net.add("Input", [], None, {"kind": "numbers", "column": "features", "shape": [FEATURES]})
    net.shapes[x] = (FEATURES,)
    shape = net.random.choice(SHAPES)
    if shape:
        x = reshape(net, x, shape)
    depth = net.random.randint(2, 6)
    place = net.random.randrange(depth)
    for i in range(depth):
        following = LAYERS[wanted if i == place else net.random.choice(list(LAYERS))](net, x)
        if following is None and i == place:
            return None
        x = following or x
    if len(net.shapes[x]) > 1:
        x = flatten(net, x)
    if net.shapes[x][0] > 2000:
        return None
    # A column enters once: labels that are looked up are no target.
    add_loss(net, x, features, "MeanSquaredError" if net.reads_labels and loss in OF_LABELS else loss)
    return net


def torch_losses(net, features, labels):
    weights = list(net.weights.values())
    losses = []
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        loss = net.forward(features[rows], labels[rows])
        losses.append(loss.item())
        for weight, slope in zip(weights, torch.autograd.grad(loss, weights, allow_unused=True)):
            if slope is not None:
                weight.data -= RATE * slope
    return losses


def is_calm(losses):
    """Losses that five steps change, and not by leaps, in which rounding grows without bounds."""
    return all(1e-3 < loss < 30 for loss in losses) and max(losses) < 5 * min(losses)


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(3)
    features = (torch.randn(STEPS * BATCH, FEATURES, generator=generator) * 1000).round() / 1000
    labels = torch.arange(STEPS * BATCH) * 7 // 3 % CLASSES
    catalogue = [layer["type"] for layer in json.loads(weft("layers", "--json"))]
    appeared, worst_of_all, seed, failures = {}, 0.0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "data.csv")
        with open(table, "w") as file:
            file.write(",".join([f"f{i}" for i in range(FEATURES)] + ["label"]) + "\n")
            for row, label in zip(features.tolist(), labels.tolist()):
                file.write(",".join(f"{number:.3f}" for number in row) + f",{label}\n")
        data = {"source": "csv", "path": table, "labelColumn": "label", "labelKind": "class", "validation": {"last": 0}, "test": {"last": 0}}
        for number in range(NETWORKS):
            wanted, loss = list(LAYERS)[number % len(LAYERS)], list(LOSSES)[number % len(LOSSES)]
            net = theirs = None
            while net is None or not is_calm(theirs):
                seed += 1
                net = draw(seed, wanted, loss)
                if net:
                    arrays = {key: weight.detach().numpy().copy() for key, weight in net.weights.items()}
                    theirs = torch_losses(net, features, labels)
            project, weights, run = (os.path.join(folder, f"{number}{end}") for end in (".weft", ".safetensors", ".run"))
            with open(project, "w") as file:
                json.dump(net.project(data), file)
            write_safetensors(weights, arrays)
            settings = ["training.shuffle=false", f"training.batchSize={BATCH}", f"training.optimizer.learningRate={RATE}"]
            weft("train", project, "--epochs", 1, "--run-dir", run, "--weights", weights, "--follow", "jsonl", *[word for s in settings for word in ("--set", s)])
            ours = [event["loss"] for event in events(run, "batch")]
            worst = max(abs(a - b) / abs(b) for a, b in zip(ours, theirs)) if len(ours) == STEPS else float("inf")
            worst_of_all = max(worst_of_all, worst)
            for type in net.types:
                appeared[type] = appeared.get(type, 0) + 1
            if worst > TOLERANCE:
                failures += 1
                print(f"network {number} (seed {seed}): largest relative difference {worst:.1e}\n  {' '.join(net.types)}\n  ours   {ours}\n  theirs {theirs}")
    print(f"{NETWORKS} networks, {STEPS} losses each: largest relative difference {worst_of_all:.1e}, {failures} beyond {TOLERANCE}")
    print("layers, with how often: " + ", ".join(f"{type} {appeared[type]}" for type in sorted(appeared)))
    missing = [type for type in catalogue if type not in appeared]
    if missing:
        print("layers of the catalogue that did not appear: " + ", ".join(missing))
    return 1 if failures or missing else 0


sys.exit(main())
