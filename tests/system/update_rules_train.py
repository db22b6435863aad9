"""Every update rule trains LeNet on Fashion-MNIST: one epoch on three ranks (two where nobody serves), alone, in replicas
and compressed, to an accuracy that only learning gives. Exit code 77: not run."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/release/bin/weft"))
LEAST = 0.8  # accuracy after the first epoch; one process has 0.86
RULES = {
    "one process": ([], []),
    "replicas": (["--replicas", "2"], []),
    "all-reduce": (["--ranks", "2"], []),
    "all-reduce in bfloat16": (["--ranks", "2"], ["compression=bfloat16"]),
    "all-reduce of the largest": (["--ranks", "2"], ["compression=topK"]),
    "a batch for each rank": (["--ranks", "2"], ["batch=perRank", "warmupEpochs=1"]),
    "parameter server": (["--ranks", "3"], ["update=parameterServer"]),
    "a backup worker": (["--ranks", "4"], ["update=parameterServer", "backupWorkers=1"]),
    "stale synchronous": (["--ranks", "3"], ["update=staleSynchronous"]),
    "asynchronous": (["--ranks", "3"], ["update=asynchronous"]),
    "two servers": (["--ranks", "4"], ["update=parameterServer", "servers=2"]),
    "asynchronous, two servers": (["--ranks", "4"], ["update=asynchronous", "servers=2"]),
}


def main():
    if not shutil.which("mpirun"):
        print("not run: Open MPI is not installed (Debian's openmpi-bin)")
        return 77
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        project = os.path.join(folder, "lenet.weft")
        subprocess.run([WEFT, "new", "lenet", "-o", project], check=True, stdout=subprocess.DEVNULL)
        for name, (ranks, pairs) in RULES.items():
            run = os.path.join(folder, name.replace(" ", "-"))
            sets = [word for pair in pairs for word in ("--set", f"training.distributed.{pair}")]
            done = subprocess.run([WEFT, "train", project, "--epochs", "1", "--run-dir", run, *ranks, *sets], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True)
            if done.returncode != 0 and "dataset-fashion-mnist" in done.stderr:
                print("not run: " + done.stderr.strip())
                return 77
            with open(os.path.join(run, "events.jsonl")) as file:
                events = [json.loads(line) for line in file]
            epochs = [event for event in events if event["event"] == "epoch"]
            accuracy = epochs[0]["validation"]["metrics"]["accuracy"] if done.returncode == 0 and epochs else 0
            is_right = accuracy >= LEAST and sum(event["event"] == "started" for event in events) == 1
            failures += not is_right
            print(f"{name}: accuracy {accuracy:.4f}{'' if is_right else f', which must be {LEAST} without a second start: ' + done.stderr}", flush=True)
    return 1 if failures else 0


sys.exit(main())
