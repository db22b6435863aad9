"""Samples per second and peak memory of PyTorch for a project: torch_bench.py PROJECT train|infer BATCH STEPS VARIANT [OPTIMIZER].
Variants: plain, channels_last (training); eager, frozen (inference, frozen TorchScript). The optimizer, adam or sgd (with
momentum), is the project's unless it is given."""
import json
import os
import resource
import statistics
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop"))
from torch_network import Network  # noqa: E402

path, mode, batch, steps, variant = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
torch.set_num_threads(2)
torch.manual_seed(1)
net = Network(path)
x = net.sample(batch)
if variant == "channels_last" and x.dim() == 4:
    net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
labels = torch.randint(0, net.classes, (batch,))


def train_step():
    loss = torch.nn.functional.cross_entropy(net(x), labels)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss


if mode == "train":
    with open(path) as file:
        rule = json.load(file)["training"]["optimizer"]["type"]
    if (sys.argv[6] if len(sys.argv) > 6 else rule) == "adam":
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=True)
    else:
        optimizer = torch.optim.SGD(net.parameters(), lr=1e-2, momentum=0.9, foreach=True)
    step = train_step
else:
    net = net.eval()
    if variant == "frozen":
        with torch.no_grad():
            net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, x)))

    def step():
        with torch.inference_mode():
            return torch.softmax(net(x), 1)

for _ in range(2 + steps // 10):
    step()
times = []
for _ in range(steps):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
print(json.dumps({"rate": batch / statistics.median(times), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
