"""The speed table on a card: Weft against PyTorch in its best setting on the same card in the same call.
  tests/gpu/table.py [--device cuda|cpu] [--seconds N] [WORD...]   the rows with any of these words; cpu tries the script itself
Weft runs by cuDNN's own rules ("rules": what training does unless it is told) and with the fastest of its measured algorithms ("measured");
both give the same bits in each run. On both sides steps follow each other and CUDA events time rounds of them; Weft's include the
copy of each batch to the card and of each loss to the host, PyTorch's batch lies on the card. Arithmetic and memory are shares of what a large product and a large
copy reach here; bytes are those of all arrays that kernels read and write. Memory: what values take as the program counts them, and how
much more of the card was taken while it ran. TORCH_PYTHON names a Python that has PyTorch. A row is reported, never asserted; with
--seconds no measurement begins that may not end in time, and what is left out is said."""
import argparse
import copy
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BENCH = os.path.join(SOURCE, "tests/bench")
sys.path.insert(0, BENCH)
from flat_project import flat  # noqa: E402

WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/cuda/bin/weft"))
PYTHON = os.environ.get("TORCH_PYTHON", "python3")
VARIANTS = ["eager", "reduce-overhead", "compile", "max-autotune"]  # the goals' own first
TIME_LIMIT = 240  # seconds for one measurement, compiling included
FEWEST_SECONDS = 20  # that are worth beginning one


@dataclass
class Row:
    name: str
    project: str  # a file of tests/bench, or a template
    mode: str
    batch: int
    precision: str
    goal: str
    encoder: dict = None  # in place of the project's own Transformer


ROWS = [
    Row("LeNet, batch 256", "lenet5.weft", "train", 256, "fp32", "8x eager, 1.3x reduce-overhead"),
    Row("MLP, batch 256", "mlp.weft", "train", 256, "fp32", "5x eager, 1.3x reduce-overhead"),
    Row("ResNet-50, 224, batch 256, bf16", "template:resnet50", "train", 256, "bf16", "1.1x"),
    Row("Inception-v3, 299, batch 128, bf16", "template:inception-v3-no-aux", "train", 128, "bf16", "1.2x"),
    Row("Transformer, 12 layers, 768, 512, batch 32, bf16", "transformer.weft", "train", 32, "bf16", "1.1x",
        {"layers": 12, "width": 768, "heads": 12, "length": 512}),
    Row("LSTM text classifier, batch 64", "embedding_lstm.weft", "train", 64, "fp32", "2x"),
    Row("ResNet-50, one image", "template:resnet50", "infer", 1, "fp32", "2x"),
]


class Clock:
    """What is left of the time for all measurements."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self):
        return min(TIME_LIMIT, self.end - time.monotonic())


class CardMemory:
    """How much more of the card is taken at most while this lives, in MB; None where nvidia-smi does not say."""

    def __init__(self):
        self.before = self.most = self.now()
        self.is_over = threading.Event()
        self.watch = threading.Thread(target=self.look, daemon=True)
        if self.before is not None:
            self.watch.start()

    @staticmethod
    def now():
        try:
            asked = subprocess.run(["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "-i", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=10)
            return float(asked.stdout.split()[0])
        except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
            return None

    def look(self):
        while not self.is_over.wait(0.25):
            self.most = max(self.most, self.now() or 0)

    def taken(self):
        self.is_over.set()
        return None if self.before is None else self.most - self.before


def with_encoder(project, sizes):
    """The Transformer of tests/bench in another size."""
    project = copy.deepcopy(project)
    for node in project["nodes"]:
        params = node["params"]
        if node["type"] == "Input":
            params["shape"] = [sizes["length"]]
        elif node["type"] == "Embedding":
            params["dimension"] = sizes["width"]
        elif node["type"] == "PositionalEncoding":
            params["maxLength"] = sizes["length"]
        elif node["type"] == "TransformerEncoder":
            params.update(numLayers=sizes["layers"], heads=sizes["heads"], feedForward=4 * sizes["width"])
    project["data"]["maxLength"] = sizes["length"]
    return project


def project_of(row, folder):
    """The row's project as Weft reads it, and without blocks for PyTorch."""
    path = os.path.join(folder, "project.weft")
    if row.project.startswith("template:"):
        subprocess.run([WEFT, "new", row.project.split(":")[1], "-o", path], check=True, stdout=subprocess.DEVNULL)
    else:
        with open(os.path.join(BENCH, row.project)) as file:
            project = json.load(file)
        with open(path, "w") as file:
            json.dump(with_encoder(project, row.encoder) if row.encoder else project, file)
    flattened = os.path.join(folder, "flat.weft")
    with open(flattened, "w") as file:
        json.dump(flat(path), file)
    return path, flattened


def answer(command, clock):
    """What a program prints as JSON, with "card", the memory it took there; else None and its last words."""
    limit = clock.left()
    if limit < FEWEST_SECONDS:
        return None, "the time is up"
    memory = CardMemory()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit)
        if done.returncode != 0:
            return None, (done.stderr.strip().splitlines() or ["exit code " + str(done.returncode)])[-1]
        return {**json.loads(done.stdout[done.stdout.index("{"):]), "card": memory.taken()}, ""
    except subprocess.TimeoutExpired:
        return None, f"more than {limit:.0f} s"
    except (OSError, ValueError) as error:
        return None, str(error)
    finally:
        memory.taken()


def megabytes(counted, card):
    return f"{counted / 1e6:7.0f} MB" + (f" ({card:.0f} of the card)" if card is not None else "")


def measure_weft(row, path, device, measured, ceilings, clock):
    """Prints how long a step takes; gives that in milliseconds, or None."""
    command = [WEFT, "bench", path, "--device", device, "--mode", row.mode, "--batch-size", str(row.batch), "--precision", row.precision, "--json"]
    name = "Weft, measured" if measured else "Weft, rules"
    ours, fault = answer(command + (["--measure-kernels", "on"] if measured else []), clock)
    if not ours:
        print(f"    {name:16} failed: {fault}", flush=True)
        return None
    step = ours["step_ms"]["median"]
    share = ""
    if ceilings:
        arithmetic, traffic = ours["flops"] / (step * 1e-3), ours["bytes_moved"] / (step * 1e-3)
        share = (f"  {arithmetic / 1e12:.2f} TFLOP/s, {100 * arithmetic / ceilings[row.precision]:.0f} % of the ceiling"
                 f"; {traffic / 1e12:.2f} TB/s, {100 * traffic / ceilings['bytes']:.0f} %")
    print(f"    {name:16} {step:9.3f} ms  {megabytes(ours['planned_memory_bytes'], ours['card'])}{share}", flush=True)
    return step


def measure(row, device, ceilings, clock):
    print(f"{row.name}   goal {row.goal}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path, flattened = project_of(row, folder)
        steps = [measure_weft(row, path, device, measured, ceilings, clock) for measured in ((False, True) if device.startswith("cuda") else (False,))]
        steps = [step for step in steps if step]
        for variant in VARIANTS:
            theirs, fault = answer([PYTHON, os.path.join(HERE, "torch_step.py"), flattened, row.mode, str(row.batch), row.precision, variant], clock)
            if theirs:
                ratios = " and ".join(f"{theirs['ms'] / step:.2f}" for step in steps) or "none"
                print(f"    {variant:16} {theirs['ms']:9.3f} ms  {megabytes(theirs['bytes'], theirs['card'])}  ratio {ratios}", flush=True)
            else:
                print(f"    {variant:16} not measured: {fault}", flush=True)


def asked():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("words", nargs="*")
    return parser.parse_args()


def main():
    options = asked()
    clock = Clock(options.seconds)
    os.environ["TORCH_DEVICE"] = options.device.split(":")[0]
    rows = [row for row in ROWS if not options.words or any(word.lower() in row.name.lower() for word in options.words)]
    if not rows:
        print("No row has any of these words. The rows are:", *(row.name for row in ROWS), sep="\n  ")
        return 2
    ceilings, fault = answer([PYTHON, os.path.join(HERE, "torch_step.py"), "ceilings"], clock)
    if ceilings:
        print(f"ceilings: {ceilings['fp32'] / 1e12:.1f} TFLOP/s in float32, {ceilings['bf16'] / 1e12:.1f} in bfloat16, {ceilings['bytes'] / 1e12:.2f} TB/s copied; PyTorch {ceilings['version']}", flush=True)
    else:
        print(f"not compared: {PYTHON} has no PyTorch that works here ({fault})", flush=True)
    for row in rows:
        try:
            measure(row, options.device, ceilings, clock)
        except Exception as error:  # noqa: BLE001 - one row never costs the others
            print(f"    failed: {error}", flush=True)
    return 0


sys.exit(main())
