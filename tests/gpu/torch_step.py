"""PyTorch's side of the cards' table: torch_step.py PROJECT train|infer BATCH fp32|bf16 VARIANT, or: torch_step.py ceilings.
Variants: eager; compile (torch.compile), reduce-overhead and max-autotune, its modes. Images lie channels-last, cuDNN tries its
algorithms. The batch lies on the card, and steps follow each other without waiting for the host; CUDA events time them.
Prints one line of JSON: milliseconds of a step (median of rounds), largest memory in bytes, version. TORCH_DEVICE=cpu tries
the same without a card."""
import json
import os
import statistics
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop"))
from torch_network import Network  # noqa: E402

DEVICE = os.environ.get("TORCH_DEVICE", "cuda")
ROUNDS = 7


def milliseconds(step, count):
    """Of one step, where `count` follow each other."""
    if DEVICE != "cuda":
        start = time.perf_counter()
        for _ in range(count):
            step()
        return (time.perf_counter() - start) * 1e3 / count
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    begin.record()
    for _ in range(count):
        step()
    end.record()
    end.synchronize()
    return begin.elapsed_time(end) / count


def median_step(step):
    """Rounds of about 0.3 s each, after a warm-up that compiles and chooses."""
    for _ in range(5):
        step()
    count = max(1, min(2000, int(300 / max(milliseconds(step, 3), 1e-3))))
    return statistics.median(milliseconds(step, count) for _ in range(ROUNDS))


def ceilings():
    """Of the card: FLOP/s of a large product in float32 and bfloat16, bytes/s of a large copy, read and written."""
    size = 8192 if DEVICE == "cuda" else 256
    found = {}
    for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        a, b = (torch.randn(size, size, device=DEVICE, dtype=dtype) for _ in range(2))
        found[name] = 2 * size**3 / (median_step(lambda: a @ b) * 1e-3)  # noqa: B023 - called before the next turn
    source = torch.empty(size * size * 4, device=DEVICE)
    target = torch.empty_like(source)
    found["bytes"] = 2 * source.numel() * 4 / (median_step(lambda: target.copy_(source)) * 1e-3)
    found["version"] = torch.__version__
    print(json.dumps(found))


def fastest_sgd(parameters, is_cuda):
    parameters = list(parameters)
    try:
        return torch.optim.SGD(parameters, lr=1e-2, momentum=0.9, fused=is_cuda)
    except TypeError:  # before PyTorch 2.3
        return torch.optim.SGD(parameters, lr=1e-2, momentum=0.9, foreach=True)


def main(path, mode, batch, precision, variant):
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False  # as Weft computes float32
    torch.manual_seed(1)
    net, x = Network(path), None
    x = net.sample(batch).to(DEVICE)
    labels = torch.randint(0, net.classes, (batch,), device=DEVICE)
    net = net.to(DEVICE)
    if x.dim() == 4:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    with open(path) as file:
        rule = json.load(file)["training"]["optimizer"]["type"]
    is_cuda = DEVICE == "cuda"
    if rule == "adam":
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=is_cuda)
    else:
        optimizer = fastest_sgd(net.parameters(), is_cuda)
    forward = net if mode == "train" else net.eval()
    if variant != "eager":
        forward = torch.compile(forward, mode=None if variant == "compile" else variant)

    def amp():
        return torch.autocast(DEVICE, torch.bfloat16, enabled=precision == "bf16")

    def train():
        with amp():
            loss = torch.nn.functional.cross_entropy(forward(x), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    def infer():
        with torch.inference_mode(), amp():
            return torch.softmax(forward(x), 1)

    found = {"ms": median_step(train if mode == "train" else infer), "version": torch.__version__,
             "bytes": torch.cuda.max_memory_allocated() if is_cuda else 0}
    print(json.dumps(found))


if sys.argv[1:] == ["ceilings"]:
    ceilings()
elif len(sys.argv) == 6:
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
else:
    sys.exit(__doc__)
