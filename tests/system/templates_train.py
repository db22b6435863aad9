"""Every template trains: 20 steps (or WEFT_TRAIN_STEPS) on the data it comes with, or on smaller pictures of the same kind where
the full size would take minutes, with a loss that falls. Exit code 77: not run."""
import json
import os
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/release/bin/weft"))
STEPS = int(os.environ.get("WEFT_TRAIN_STEPS", 20))
# Side of the pictures where it is not the template's own, and the batch.
SIZES = {
    "alexnet": (96, 4),
    "vgg16": (32, 4),
    "resnet18": (64, 8),
    "resnet50": (64, 4),
    "inception-v3": (None, 2),
    "inception-v3-no-aux": (139, 4),
    "mobilenet-v2": (64, 8),
    "densenet121": (64, 4),
    "unet": (64, 4),
    "vit-tiny": (None, 4),
}


def weft(*arguments):
    done = subprocess.run([WEFT, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"weft {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def losses(template, folder):
    project, run = os.path.join(folder, "project.weft"), os.path.join(folder, "run")
    weft("new", template, "-o", project)
    with open(project) as file:
        document = json.load(file)
    side, batch = SIZES.get(template, (None, document["training"]["batchSize"]))
    settings = []
    if document["data"]["source"] == "generated":
        shape = document["data"]["shape"]
        if side:
            shape = [shape[0], side, side]
        image = next(node["id"] for node in document["nodes"] if node["type"] == "Input")
        settings = [f"data.shape={shape}", f"nodes.{image}.params.shape={shape}", f"data.samples={STEPS * batch + 2}", "data.validation.last=1", "data.test.last=1"]
    sets = [word for setting in settings for word in ("--set", setting.replace(" ", ""))]
    with open(os.path.join(folder, "log"), "w") as log:
        process = subprocess.Popen([WEFT, "train", project, *os.environ.get("WEFT_TRAIN_OPTIONS", "").split(), "--epochs", "1", "--batch-size", str(batch), "--run-dir", run, "--follow", "jsonl", *sets], stdout=subprocess.PIPE, stderr=log, text=True)
        found = []
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "batch":
                found.append(event["loss"])
            if len(found) == STEPS:
                process.terminate()
                break
        process.stdout.read()
        process.wait()
    if len(found) < STEPS:
        with open(os.path.join(folder, "log")) as log:
            print(log.read())
    return found


def main():
    failures = 0
    names = [line.split()[0] for line in weft("new", "--list").splitlines()]
    for template in sys.argv[1:] or names:
        with tempfile.TemporaryDirectory() as folder:
            found = losses(template, folder)
        first, last = sum(found[:5]) / 5, sum(found[-5:]) / 5
        falls = len(found) == STEPS and last < 0.99 * first
        failures += not falls
        print(f"{template}: loss {first:.4f} in the first five of {len(found)} steps, {last:.4f} in the last{'' if falls else ': it does not fall'}", flush=True)
    return 1 if failures else 0


sys.exit(main())
