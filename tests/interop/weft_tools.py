"""Shared by the tests that hold Weft against other programs: running weft, reading IDX files,
writing safetensors. Needs numpy."""
import gzip
import json
import os
import struct
import subprocess
import sys

import numpy as np

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/release/bin/weft"))
FASHION = "/usr/share/datasets/fashion-mnist"


def weft(*arguments):
    """Runs weft and returns what it prints; a failure ends the test with its message."""
    done = subprocess.run([WEFT, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"weft {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def read_idx(name):
    """An IDX file of unsigned bytes as an array of its own shape."""
    with gzip.open(os.path.join(FASHION, name)) as file:
        data = file.read()
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def write_safetensors(path, arrays):
    """float32 arrays by name; the format is an 8-byte length, a JSON header and the data."""
    header, blobs, offset = {}, [], 0
    for name, array in arrays.items():
        blob = np.ascontiguousarray(array, np.float32).tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def events(run, kind):
    """The events of one kind of a run folder, in order."""
    with open(os.path.join(run, "events.jsonl")) as file:
        return [event for event in map(json.loads, file) if event["event"] == kind]
