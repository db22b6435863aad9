"""PyTorch's side of the speed table: torch_bench.py PROJECT train|infer BATCH VARIANT [OPTIMIZER]. Variants: plain,
channels_last (training); eager, frozen (inference, frozen TorchScript); onnx (writes the network, batch fixed, to the
file named in place of the optimizer, for ONNX Runtime). The project has no blocks (see flat_project.py). The optimizer,
adam or sgd (with momentum), is the project's unless it is given. Answers as timing.py says."""
import json
import os
import sys

import torch

from timing import serve

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop"))
from torch_network import Network  # noqa: E402

path, mode, batch, variant, rest = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5:]
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
    if (rest[0] if rest else rule) == "adam":
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=True)
    else:
        optimizer = torch.optim.SGD(net.parameters(), lr=1e-2, momentum=0.9, foreach=True)
    step = train_step
else:
    net = torch.nn.Sequential(net, torch.nn.Softmax(1)).eval()
    if variant == "onnx":
        torch.onnx.export(net, x, rest[0])
        sys.exit(0)
    if variant == "frozen":
        with torch.no_grad():
            net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, x)))

    def step():
        with torch.inference_mode():
            return net(x)

for _ in range(3):
    step()
serve(step, batch, "PyTorch " + torch.__version__)
