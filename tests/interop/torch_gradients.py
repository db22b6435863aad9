"""The gradients of ResNet-18 and Inception-v3, blocks and all, against float64, as multiples of the distance
that PyTorch's own in float32 have: the goal is at most 1.2. Both get the same pictures and weights; the velocity of
the first step is the gradient.
  torch_gradients.py [--all]     --all: more batches, and Inception-v3 (many minutes)
In networks this deep a ReLU that rounding opens or closes moves a batch's figure by itself, from a third to the
triple. So it is the mean over batches that is compared, and the goal counts as missed where it is missed by more than
twice the standard error of that mean. With SiLU in place of ReLU, and means in place of maxima, nothing opens or closes:
what is left is the rounding itself, which hardly scatters and is held to 1.5. What rounding does to ReLUs grows with its
root only."""
import json
import os
import sys
import tempfile

try:
    import torch
except ImportError:
    print("not run: PyTorch is not installed (Debian's python3-torch)")
    sys.exit(77)

import numpy as np

from torch_project import Project
from weft_tools import read_safetensors, weft, write_png, write_safetensors

GOAL, ROUNDING, CLASSES = 1.2, 1.5, 4
# template, activation, side, batch, batches
CASES = [("resnet18", "SiLU", 32, 32, 1), ("resnet18", "ReLU", 32, 32, 4)]
ALL_CASES = [("resnet18", "SiLU", 32, 32, 3), ("resnet18", "ReLU", 32, 32, 12), ("inception-v3", "SiLU", 299, 4, 1), ("inception-v3", "ReLU", 299, 4, 6)]
# For pictures of 32 x 32 ResNet-18 begins with a 3 x 3 convolution and no pooling (He et al., 2015).
SMALL = {
    ("resnet18", "conv1"): {"kernelSize": [3, 3], "stride": [1, 1], "pad": [1, 1]},
    ("resnet18", "pool1"): {"kernelSize": [1, 1], "stride": [1, 1], "padding": "valid"},
}


def make_pictures(folder, side, batch, seed):
    """Pictures in folders by class; returns them and their labels in Weft's file order."""
    random = np.random.default_rng(seed)
    images, labels = [], []
    for label in range(CLASSES):
        os.makedirs(os.path.join(folder, str(label)))
        for i in range(batch // CLASSES):
            coarse = random.integers(0, 256, (side // 8 + 1, side // 8 + 1, 3))
            picture = coarse.repeat(8, 0).repeat(8, 1)[:side, :side] * 0.7 + random.integers(0, 77, (side, side, 3))
            images.append(picture.astype(np.uint8))
            labels.append(label)
            write_png(os.path.join(folder, str(label), f"{i:03}.png"), images[-1])
    return torch.from_numpy(np.stack(images).transpose(0, 3, 1, 2).copy()), torch.tensor(labels)


def make_project(path, template, activation, side, batch, pictures):
    weft("new", template, "-o", path)
    with open(path) as file:
        text = file.read()
    if activation != "ReLU":
        text = text.replace('"ReLU"', f'"{activation}"').replace('"MaxPool2D"', '"AveragePool2D"')
    document = json.loads(text)
    for node in document["nodes"]:
        if node["type"] == "Input":
            node["params"]["shape"] = [3, side, side]
        if node["type"] == "Dropout":
            node["params"]["rate"] = 0
        node["params"].update(SMALL.get((template, node["id"]), {}))
    document["data"] = {"source": "images", "path": pictures, "size": side, "channels": 3, "validation": {"last": 0}, "test": {"last": 0}}
    document["training"] = {"optimizer": {"type": "sgd", "learningRate": 1e-9, "momentum": 0.9}, "epochs": 1, "batchSize": batch, "shuffle": False}
    with open(path, "w") as file:
        json.dump(document, file)


def torch_gradients(path, weights, dtype, images, labels):
    project = Project(path)
    project.weights = {name: tensor.detach().to(dtype).requires_grad_() for name, tensor in weights.items()}
    loss = project.losses(images.to(dtype), labels)
    names = list(project.weights)
    return loss.item(), {name: slope.double() for name, slope in zip(names, torch.autograd.grad(loss, [project.weights[name] for name in names]))}


def distance(gradients, exact):
    """The norm of the difference over the norm of the exact gradient, all parameters together."""
    return (sum(((gradients[name] - exact[name]) ** 2).sum() for name in exact) / sum((exact[name] ** 2).sum() for name in exact)).sqrt().item()


def compare(template, activation, side, batch, seed):
    with tempfile.TemporaryDirectory() as folder:
        project, weights, run, pictures = (os.path.join(folder, name) for name in ("project.weft", "initial.safetensors", "run", "pictures"))
        images, labels = make_pictures(pictures, side, batch, seed)
        make_project(project, template, activation, side, batch, pictures)
        torch.manual_seed(seed)
        drawn = Project(project)
        with torch.no_grad():
            drawn.losses(images[:2].float(), labels[:2])
        write_safetensors(weights, {f"param/{name}": tensor.detach().numpy() for name, tensor in drawn.weights.items()})
        exact_loss, exact = torch_gradients(project, drawn.weights, torch.float64, images, labels)
        _, theirs = torch_gradients(project, drawn.weights, torch.float32, images, labels)
        weft("train", project, "--run-dir", run, "--weights", weights, "--follow", "jsonl")
        with open(os.path.join(run, "last")) as file:
            arrays = read_safetensors(os.path.join(run, "checkpoints", os.path.basename(file.read().strip())))
        with open(os.path.join(run, "events.jsonl")) as file:
            loss = next(event["loss"] for event in map(json.loads, file) if event["event"] == "batch")
        slots = {key.split("/", 2)[2]: torch.from_numpy(array.copy()).double() for key, array in arrays.items() if key.startswith("slot/velocity/")}
        assert slots.keys() == exact.keys(), f"parameters differ: {sorted(slots.keys() ^ exact.keys())[:5]}"
        ours, theirs = distance(slots, exact), distance(theirs, exact)
        print(f"{template} {activation} batch {batch} seed {seed}: loss {loss:.6f}, in float64 {exact_loss:.6f}; {ours:.2e} against {theirs:.2e}", flush=True)
        return ours, theirs


def misses(goal, figures):
    """Whether the mean of ours is above `goal` times the mean of theirs, and not by chance of the batches."""
    excess = [ours - goal * theirs for ours, theirs in figures]
    error = np.std(excess, ddof=1) / len(excess) ** 0.5 if len(excess) > 1 else 0.0
    return np.mean(excess) > 2 * error


def main():
    torch.set_num_threads(2)
    failures = 0
    for template, activation, side, batch, batches in ALL_CASES if "--all" in sys.argv else CASES:
        figures = [compare(template, activation, side, batch, seed) for seed in range(1, batches + 1)]
        ours, theirs = np.mean(figures, axis=0)
        goal = GOAL if activation == "ReLU" else ROUNDING
        failures += misses(goal, figures)
        print(f"{template} {activation}: relative error of the gradient {ours:.1e}, PyTorch's in float32 {theirs:.1e}: "
              f"{ours / theirs:.2f} times over {batches} batches (goal {goal})", flush=True)
    return 1 if failures else 0


sys.exit(main())
