"""Shared by the tests that hold Weft against other programs: running weft, reading IDX files,
reading and writing safetensors, writing pictures. Needs numpy."""
import gzip
import json
import os
import struct
import subprocess
import sys
import zlib

import numpy as np

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/release/bin/weft"))
FASHION = os.path.join(os.environ.get("WEFT_DATA_DIR", "/usr/share/datasets"), "fashion-mnist")


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


def read_safetensors(path):
    """The float32 arrays of a file by name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    spans = {name: (entry["shape"], *entry["data_offsets"]) for name, entry in header.items() if name != "__metadata__" and entry["dtype"] == "F32"}
    return {name: np.frombuffer(data[begin:end], np.float32).reshape(shape) for name, (shape, begin, end) in spans.items()}


def write_png(path, pixels):
    """An RGB picture, uint8 [height, width, 3]."""
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(pixels))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def events(run, kind):
    """The events of one kind of a run folder, in order."""
    with open(os.path.join(run, "events.jsonl")) as file:
        return [event for event in map(json.loads, file) if event["event"] == kind]
