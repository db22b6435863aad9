"""The speed table on a card: Weft against PyTorch in its best setting on the same card in the same call.
  tests/gpu/table.py [--device cuda|cpu] [WORD...]     only the rows with all these words; cpu tries the script itself
Weft's step includes the copy of its batch to the card and of its loss back; PyTorch's batch lies there. TORCH_PYTHON names a
Python that has PyTorch. A row is reported, never asserted."""
import copy
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BENCH = os.path.join(SOURCE, "tests/bench")
sys.path.insert(0, BENCH)
from flat_project import flat  # noqa: E402

WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/cuda/bin/weft"))
PYTHON = os.environ.get("TORCH_PYTHON", "python3")
COMPILED = ["compile", "reduce-overhead", "max-autotune"]
TIME_LIMIT = 240  # seconds for one variant of PyTorch, compiling included


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


def answer(command):
    """The last line of a program as JSON; its last words where it failed."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return None, f"more than {TIME_LIMIT} s"
    except OSError as error:
        return None, str(error)
    if done.returncode != 0:
        return None, (done.stderr.strip().splitlines() or ["exit code " + str(done.returncode)])[-1]
    return json.loads(done.stdout[done.stdout.index("{"):]), ""


def measure(row, device, ceilings):
    with tempfile.TemporaryDirectory() as folder:
        path, flattened = project_of(row, folder)
        ours, fault = answer([WEFT, "bench", path, "--device", device, "--mode", row.mode, "--batch-size", str(row.batch), "--precision", row.precision, "--json"]
                              + (["--measure-kernels", "on"] if device.startswith("cuda") else []))
        if not ours:
            print(f"{row.name:50} Weft failed: {fault}", flush=True)
            return
        step = ours["step_ms"]["median"]
        share = ours["flops"] / (step * 1e-3) / ceilings[row.precision] if ceilings else float("nan")
        print(f"{row.name:50} Weft {step:9.3f} ms  {100 * share:4.0f} % of the card's product  {ours['planned_memory_bytes'] / 1e6:8.0f} MB   goal {row.goal}",
              flush=True)
        for variant in ["eager", *COMPILED]:
            theirs, fault = answer([PYTHON, os.path.join(HERE, "torch_step.py"), flattened, row.mode, str(row.batch), row.precision, variant])
            if theirs:
                print(f"{'':50} {variant:16} {theirs['ms']:9.3f} ms  ratio {theirs['ms'] / step:5.2f}  {theirs['bytes'] / 1e6:8.0f} MB  PyTorch {theirs['version']}", flush=True)
            else:
                print(f"{'':50} {variant:16} not measured: {fault}", flush=True)


def main():
    words = sys.argv[1:]
    device = "cuda"
    if words[:1] == ["--device"] and len(words) > 1:
        device, words = words[1], words[2:]
        os.environ["TORCH_DEVICE"] = device.split(":")[0]
    rows = [row for row in ROWS if all(word.lower() in row.name.lower() for word in words)]
    if not rows:
        print("No row has all these words. The rows are:", *(row.name for row in ROWS), sep="\n  ")
        return 2
    ceilings, fault = answer([PYTHON, os.path.join(HERE, "torch_step.py"), "ceilings"])
    if ceilings:
        print(f"ceilings: {ceilings['fp32'] / 1e12:.1f} TFLOP/s in float32, {ceilings['bf16'] / 1e12:.1f} in bfloat16, {ceilings['bytes'] / 1e12:.2f} TB/s copied")
    else:
        print(f"not compared: {PYTHON} has no PyTorch that works here ({fault})")
    for row in rows:
        measure(row, device, ceilings)
    return 0


sys.exit(main())
