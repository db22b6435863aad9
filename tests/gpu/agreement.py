"""Losses on a card: tests/gpu/agreement.py [--device cuda]
From the same weights the first 50 losses in float32 agree with the processor's within 1e-3, all 100 stay no further from PyTorch in
float64 (root mean square) than 1.5 times PyTorch's own float32 on that device, and a checkpoint of the card is evaluated alike on the
processor. The MLP and LeNet on Fashion-MNIST, SGD with momentum and Adam. Exit code 77: not run, without PyTorch."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

try:
    import torch
except ImportError:
    print("not run: PyTorch is not installed")
    sys.exit(77)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop"))
from torch_network import Network  # noqa: E402
from weft_tools import WEFT, read_idx, weft, write_safetensors  # noqa: E402

STEPS, FIRST, BATCH = 100, 50, 64
FLOOR = 1e-6  # as near to float64 as losses printed of float32 can be
OPTIMIZERS = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9), {"type": "sgd", "learningRate": 0.002, "momentum": 0.9}),
    "adam": (lambda p: torch.optim.Adam(p, lr=1e-4), {"type": "adam", "learningRate": 0.0001}),
}


def torch_losses(project, weights, make_optimizer, device, dtype):
    torch.manual_seed(7)
    net = Network(project).to(device=device, dtype=dtype)
    net.load_state_dict({name: value.to(device=device, dtype=dtype) for name, value in weights.items()})
    optimizer = make_optimizer(net.parameters())
    images, labels = read_idx("train-images-idx3-ubyte.gz"), read_idx("train-labels-idx1-ubyte.gz")
    losses = []
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        x = torch.from_numpy(images[rows].copy()).to(device=device, dtype=dtype).reshape(BATCH, *net.shape) / 255
        loss = torch.nn.functional.cross_entropy(net(x), torch.from_numpy(labels[rows].copy()).long().to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weft_losses(project, weights, settings, device, run):
    """The first losses of a run, which is stopped there with a checkpoint."""
    sets = [f"training.optimizer.{key}={value}" for key, value in settings.items()] + ["training.shuffle=false", f"training.batchSize={BATCH}"]
    command = [WEFT, "train", project, "--device", device, "--epochs", "1", "--run-dir", run, "--weights", weights, "--follow", "jsonl"]
    with open(run + ".log", "w") as log:
        process = subprocess.Popen(command + [word for s in sets for word in ("--set", s)], stdout=subprocess.PIPE, stderr=log, text=True)
        losses = []
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "batch":
                losses.append(event["loss"])
            if len(losses) == STEPS:
                process.terminate()
                break
        process.stdout.read()
        process.wait()
    if len(losses) < STEPS:
        with open(run + ".log") as log:
            sys.exit(f"only {len(losses)} losses on {device}: {log.read()}")
    return losses


def apart(a, b):
    return max(abs(x - y) / max(abs(y), 1e-3) for x, y in zip(a, b))


def off(losses, exact):
    return (sum((x - y) ** 2 for x, y in zip(losses, exact)) / len(exact)) ** 0.5


def evaluated(run, device):
    return json.loads(weft("evaluate", run, "--device", device, "--json"))


def compare(template, name, device, torch_device):
    """Whether all bounds hold; prints what was found."""
    make_optimizer, settings = OPTIMIZERS[name]
    with tempfile.TemporaryDirectory() as folder:
        project, start, run = (os.path.join(folder, file) for file in ("project.weft", "initial.safetensors", "card"))
        weft("new", template, "-o", project)
        torch.manual_seed(7)
        net = Network(project)
        write_safetensors(start, net.weft_weights())
        weights = {key: value.clone() for key, value in net.state_dict().items()}
        card = weft_losses(project, start, settings, device, run)
        processor = weft_losses(project, start, settings, "cpu", os.path.join(folder, "processor"))
        exact = torch_losses(project, weights, make_optimizer, torch_device, torch.float64)
        theirs = torch_losses(project, weights, make_optimizer, torch_device, torch.float32)
        first, ours_off, theirs_off = apart(card[:FIRST], processor), off(card, exact), off(theirs, exact)
        here, there = evaluated(run, device), evaluated(run, "cpu")
        moved = abs(here["loss"] - there["loss"]) / there["loss"]
    holds = first <= 1e-3 and ours_off <= 1.5 * max(theirs_off, FLOOR) and moved <= 1e-4
    print(f"{template:6} {name:5} first {FIRST} losses against the processor's: {first:.1e} of 1e-3; from float64 over {STEPS}: {ours_off:.1e}, "
          f"PyTorch {theirs_off:.1e}; its checkpoint on the processor: {moved:.1e} of 1e-4{'' if holds else '   FAILED'}", flush=True)
    return holds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda")
    device = parser.parse_args().device
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch_device = "cuda" if device.startswith("cuda") and torch.cuda.is_available() else "cpu"
    results = [compare(template, name, device, torch_device) for template in ("mlp", "lenet") for name in OPTIMIZERS]
    return 0 if all(results) else 1


sys.exit(main())
