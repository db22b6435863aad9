"""From PyTorch's initial weights, in its data order and with its settings, the first 100 losses of
Weft agree with PyTorch's: on the MLP to a relative 1e-4, on LeNet the first ten to 1e-5 and all to 2e-3. SGD with momentum
and Adam on both; the other optimizers on the MLP.

The rates are small on purpose: at ten times these, rounding alone grows so fast (a ReLU that opens,
a pooling window that chooses another pixel) that PyTorch in float32 leaves PyTorch in float64 by 1e-2."""
import os
import sys
import tempfile

try:
    import torch
except ImportError:
    print("not run: PyTorch is not installed (Debian's python3-torch)")
    sys.exit(77)

from torch_network import Network
from torch_optimizers import Lion, NAdam
from weft_tools import SOURCE, events, read_idx, weft, write_safetensors

STEPS, BATCH = 100, 64
# How far the first so many losses may part. On some processors a pooling window of LeNet chooses another pixel early:
# there PyTorch's own float32 losses leave its float64 ones by 1.1e-3 within 100 steps of Adam, Weft's by 1.3e-3.
BOUNDS = {"mlp": {STEPS: 1e-4}, "lenet": {10: 1e-5, STEPS: 2e-3}}


OPTIMIZERS = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9), {"type": "sgd", "learningRate": 0.002, "momentum": 0.9}),
    "adam": (lambda p: torch.optim.Adam(p, lr=1e-4), {"type": "adam", "learningRate": 0.0001}),
}
# The rest on the MLP alone.
MORE = {
    "nesterov": (
        lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9, nesterov=True),
        {"type": "sgd", "learningRate": 0.002, "momentum": 0.9, "nesterov": "true"},
    ),
    "adamw": (lambda p: torch.optim.AdamW(p, lr=1e-4), {"type": "adamw", "learningRate": 0.0001}),
    "rmsprop": (lambda p: torch.optim.RMSprop(p, lr=1e-5), {"type": "rmsprop", "learningRate": 0.00001}),
    "adagrad": (lambda p: torch.optim.Adagrad(p, lr=1e-4), {"type": "adagrad", "learningRate": 0.0001}),
    "nadam": (lambda p: NAdam(p, lr=1e-5), {"type": "nadam", "learningRate": 0.00001}),
    "adadelta": (lambda p: torch.optim.Adadelta(p, lr=0.1), {"type": "adadelta", "learningRate": 0.1}),
    "lion": (lambda p: Lion(p, lr=1e-5, weight_decay=0.01), {"type": "lion", "learningRate": 0.00001, "weightDecay": 0.01}),
}


def torch_losses(net, make_optimizer, images, labels):
    optimizer = make_optimizer(net.parameters())
    losses = []
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        x = torch.from_numpy(images[rows].copy()).float().reshape(BATCH, *net.shape) / 255
        loss = torch.nn.functional.cross_entropy(net(x), torch.from_numpy(labels[rows].copy()).long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weft_losses(project, weights, settings, folder):
    sets = [f"training.optimizer.{key}={value}" for key, value in settings.items()]
    sets += ["training.shuffle=false", f"training.batchSize={BATCH}"]
    weft("train", project, "--epochs", 1, "--run-dir", folder, "--weights", weights, "--follow", "jsonl", *[word for s in sets for word in ("--set", s)])
    return [event["loss"] for event in events(folder, "batch")[:STEPS]]


def main():
    torch.set_num_threads(2)
    images, labels = read_idx("train-images-idx3-ubyte.gz"), read_idx("train-labels-idx1-ubyte.gz")
    has_failed = False
    for template in ("mlp", "lenet"):
        for name, (make_optimizer, settings) in {**OPTIMIZERS, **(MORE if template == "mlp" else {})}.items():
            with tempfile.TemporaryDirectory() as folder:
                project = os.path.join(folder, "project.weft")
                weft("new", template, "-o", project)
                torch.manual_seed(7)
                net = Network(project)
                weights = os.path.join(folder, "initial.safetensors")
                write_safetensors(weights, net.weft_weights())
                ours = weft_losses(project, weights, settings, os.path.join(folder, "run"))
                theirs = torch_losses(net, make_optimizer, images, labels)
                assert len(ours) == STEPS, f"{len(ours)} losses"
                for count, bound in BOUNDS[template].items():
                    worst = max(abs(a - b) / max(abs(b), 1e-3) for a, b in zip(ours[:count], theirs))
                    has_failed = has_failed or worst > bound
                    print(f"{template:6} {name:8} largest relative difference over {count} losses: {worst:.1e} of {bound:.0e}")
    return 1 if has_failed else 0


sys.exit(main())
