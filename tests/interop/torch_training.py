"""Every setting of the training, each on a small table from the same weights: after twelve updates the weights of
Weft are those of PyTorch in float64 to 5e-6. Optimizers, penalties, clipping, accumulation, schedules with
warm-up, moving averages and factors of single layers."""
import json
import os
import sys
import tempfile

try:
    import torch
except ImportError:
    print("not run: PyTorch is not installed (Debian's python3-torch)")
    sys.exit(77)

from torch_optimizers import Lion, NAdam
from weft_tools import read_safetensors, weft, write_safetensors

ROWS, BATCH, EPOCHS, TOLERANCE = 40, 16, 4, 5e-6
STEPS = EPOCHS * -(-ROWS // BATCH)
optim = torch.optim

# The optimizers with the settings that say the same. Two penalties are the same for all that know them.
OPTIMIZERS = {
    "sgd": (lambda p, **k: optim.SGD(p, lr=0.1, **k), {"type": "sgd", "learningRate": 0.1}),
    "momentum": (lambda p, **k: optim.SGD(p, lr=0.05, momentum=0.9, **k), {"type": "sgd", "learningRate": 0.05, "momentum": 0.9}),
    "nesterov": (
        lambda p, **k: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, **k),
        {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": True},
    ),
    "adam": (lambda p, **k: optim.Adam(p, lr=0.02, **k), {"type": "adam", "learningRate": 0.02}),
    "rmsprop": (lambda p, **k: optim.RMSprop(p, lr=0.01, **k), {"type": "rmsprop"}),
    "rmsprop momentum": (lambda p, **k: optim.RMSprop(p, lr=0.01, momentum=0.8, alpha=0.9, **k), {"type": "rmsprop", "momentum": 0.8, "alpha": 0.9}),
    "adagrad": (lambda p, **k: optim.Adagrad(p, lr=0.05, lr_decay=0.1, **k), {"type": "adagrad", "learningRate": 0.05, "learningRateDecay": 0.1}),
    "adadelta": (lambda p, **k: optim.Adadelta(p, **k), {"type": "adadelta"}),
}
ALONE = {
    "adamw": (lambda p: optim.AdamW(p, lr=0.02, weight_decay=0.1), {"type": "adamw", "learningRate": 0.02, "weightDecay": 0.1}),
    "nadam": (lambda p: NAdam(p, lr=0.02), {"type": "nadam", "learningRate": 0.02}),
    "lion": (lambda p: Lion(p, lr=0.01, weight_decay=0.1), {"type": "lion", "learningRate": 0.01, "weightDecay": 0.1}),
}
# Factors of the rate at a step, counted from 0, by PyTorch's own schedulers where it has them.
SCHEDULES = {
    "step": (lambda o: optim.lr_scheduler.StepLR(o, 2, 0.3), {"type": "step", "stepEpochs": 2, "gamma": 0.3}),
    "multistep": (lambda o: optim.lr_scheduler.MultiStepLR(o, [1, 3], 0.2), {"type": "multistep", "milestones": [1, 3], "gamma": 0.2}),
    "exponential": (lambda o: optim.lr_scheduler.ExponentialLR(o, 0.6), {"type": "exponential", "gamma": 0.6}),
}
BY_STEP = {
    "polynomial": (lambda o: optim.lr_scheduler.PolynomialLR(o, STEPS, 2.0), {"type": "polynomial", "power": 2.0}),
    "cosine with restarts": (
        lambda o: optim.lr_scheduler.CosineAnnealingWarmRestarts(o, STEPS // EPOCHS, 2, 0.01),
        {"type": "cosine", "epochs": 1, "periodFactor": 2, "minimumRate": 0.01},
    ),
    "one cycle": (
        lambda o: optim.lr_scheduler.OneCycleLR(o, 0.1, STEPS, cycle_momentum=False),
        {"type": "oneCycle"},
    ),
}


def table():
    torch.manual_seed(3)
    x = torch.randn(ROWS, 3, dtype=torch.float64).float()
    return x, (x.sum(1) > 0).long() + (x[:, 0] > 0.5).long()


def network():
    torch.manual_seed(5)
    return torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))


def as_weft(net):
    return {f"{name}/{key}": value for name, layer in (("first", net[0]), ("second", net[2])) for key, value in (("kernel", layer.weight.detach().T), ("bias", layer.bias.detach()))}


def theirs(make_optimizer, scheduler=None, by_step=False, warm_up=0, l1=0.0, clip=None, accumulate=1, average=0.0, factors=(1.0, 1.0)):
    """The weights, or their moving average, after the training."""
    net, (x, y) = network().double(), table()
    x = x.double()
    groups = [{"params": list(layer.parameters())} for layer in (net[0], net[2])]
    optimizer = make_optimizer(groups)
    schedule = scheduler(optimizer) if scheduler else None
    averaged, step = None, 0
    for _ in range(EPOCHS):
        starts = list(range(0, ROWS, BATCH))
        for i, start in enumerate(starts):
            together = starts[i // accumulate * accumulate :][:accumulate]
            samples = min(together[-1] + BATCH, ROWS) - together[0]
            rows = slice(start, min(start + BATCH, ROWS))
            loss = torch.nn.functional.cross_entropy(net(x[rows]), y[rows], reduction="sum") / samples
            if start == together[0]:
                optimizer.zero_grad()
            loss.backward()
            step += 1
            if start == together[-1]:
                if clip and clip[0] == "norm":
                    torch.nn.utils.clip_grad_norm_(net.parameters(), clip[1])
                elif clip:
                    torch.nn.utils.clip_grad_value_(net.parameters(), clip[1])
                for p in net.parameters():
                    p.grad += l1 * torch.sign(p.detach())
                rates = [group["lr"] for group in optimizer.param_groups]
                for group, rate, factor in zip(optimizer.param_groups, rates, factors):
                    group["lr"] = rate * factor * (min(1.0, step / warm_up) if warm_up else 1.0)
                optimizer.step()
                for group, rate in zip(optimizer.param_groups, rates):
                    group["lr"] = rate
                now = [p.detach().clone() for p in net.parameters()]
                averaged = now if averaged is None else [average * a + (1 - average) * b for a, b in zip(averaged, now)]
            if schedule and by_step and step < STEPS:
                schedule.step()
        if schedule and not by_step:
            schedule.step()
    if average:
        with torch.no_grad():
            for p, a in zip(net.parameters(), averaged):
                p.copy_(a)
    return as_weft(net)


class Bench:
    """Trains with Weft from the weights of `network` and compares."""

    def __init__(self, folder):
        self.folder, self.worst = folder, 0.0
        x, y = table()
        with open(os.path.join(folder, "table.csv"), "w") as file:
            file.write("a,b,c,kind\n" + "".join(f"{','.join(repr(v) for v in row.tolist())},{label}\n" for row, label in zip(x.double(), y)))
        weights = {f"param/{name}": value.numpy() for name, value in as_weft(network()).items()}
        write_safetensors(os.path.join(folder, "initial.safetensors"), weights)

    def project(self, training, factors):
        node = lambda name, layer, **params: {"id": name, "name": name, "type": layer, "params": params}
        nodes = [
            node("x", "Input", kind="numbers", column="features", shape=[3]), node("first", "Dense", units=8), node("tanh", "Tanh"),
            node("second", "Dense", units=3), node("loss", "CrossEntropy", target="label"),
        ]
        for name, factor in zip((1, 3), factors):
            nodes[name]["learningRateFactor"] = factor
        wires = [["x.y", "first.x"], ["first.y", "tanh.x"], ["tanh.y", "second.x"], ["second.y", "loss.prediction"]]
        data = {"source": "csv", "path": "table.csv", "validation": {"last": 0}, "test": {"last": 0}}
        return {"weft": 1, "id": "torch-training", "data": data, "nodes": nodes, "wires": wires,
                "training": {"epochs": EPOCHS, "batchSize": BATCH, "shuffle": False, **training}}

    def compare(self, name, training, expected, factors=(1.0, 1.0), key="param"):
        at = lambda end: os.path.join(self.folder, name.replace(" ", "-") + end)
        with open(at(".weft"), "w") as file:
            json.dump(self.project(training, factors), file)
        weft("train", at(".weft"), "--run-dir", at(""), "--weights", os.path.join(self.folder, "initial.safetensors"), "--follow", "jsonl")
        found = read_safetensors(os.path.join(at(""), f"checkpoints/{STEPS}.safetensors"))
        worst = max(abs(torch.tensor(found[f"{key}/{variable}"].copy()) - value).max().item() for variable, value in expected.items())
        self.worst = max(self.worst, worst if worst == worst else float("inf"))
        print(f"{name:28} largest difference of a weight: {worst:.1e}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        sgd, plain = OPTIMIZERS["sgd"]
        for name, (make, settings) in {**OPTIMIZERS, **ALONE}.items():
            bench.compare(name, {"optimizer": settings}, theirs(make))
        for name, (make, settings) in OPTIMIZERS.items():
            decayed = lambda groups: make(groups, weight_decay=0.1)
            bench.compare(f"{name}, L1 and L2", {"optimizer": {**settings, "weightDecay": 0.1, "l1": 0.01}}, theirs(decayed, l1=0.01))
        for kind, limit in (("norm", 0.2), ("value", 0.02)):
            bench.compare(f"clipped by {kind}", {"optimizer": plain, "gradientClipping": {kind: limit}}, theirs(sgd, clip=(kind, limit)))
        adam, settings = OPTIMIZERS["adam"]
        bench.compare("accumulated", {"optimizer": settings, "gradientAccumulation": 2, "gradientClipping": {"norm": 0.2}},
                      theirs(adam, accumulate=2, clip=("norm", 0.2)))
        for by_step, schedules in ((False, SCHEDULES), (True, BY_STEP)):
            for name, (scheduler, schedule) in schedules.items():
                for warm_up in (0, 5):
                    bench.compare(f"{name}, warm-up {warm_up}", {"optimizer": plain, "schedule": {**schedule, "warmupSteps": warm_up}},
                                  theirs(sgd, scheduler, by_step, warm_up))
        bench.compare("averaged", {"optimizer": plain, "weightAveraging": {"decay": 0.8}}, theirs(sgd, average=0.8), key="ema")
        for factors in ((0.1, 1.0), (0.0, 2.0)):
            bench.compare(f"factors {factors}", {"optimizer": plain}, theirs(sgd, factors=factors), factors)
        return 0 if bench.worst <= TOLERANCE else 1


sys.exit(main())
