"""A trained LeNet, exported by Weft, answers in ONNX Runtime as `weft predict` does, to 1e-5 on 100
test images fed as raw 0 to 255 pixels; onnx.checker accepts the file."""
import json
import os
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

from weft_tools import SOURCE, read_idx, weft

COUNT, TOLERANCE = 100, 1e-5

with tempfile.TemporaryDirectory() as folder:
    run, model = os.path.join(folder, "run"), os.path.join(folder, "lenet.onnx")
    weft("train", os.path.join(SOURCE, "examples/lenet-fashion-mnist.weft"), "--epochs", 1, "--seed", 1, "--run-dir", run, "--follow", "jsonl")
    weft("export", run, "--format", "onnx", "-o", model, "--verify")
    onnx.checker.check_model(onnx.load(model), full_check=True)

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    pixels = read_idx("t10k-images-idx3-ubyte.gz")[:COUNT].reshape(COUNT, 1, 28, 28)
    theirs = session.run(None, {entry.name: pixels})[0]
    answers = json.loads(weft("predict", run, *[f"test:{i}" for i in range(COUNT)], "--json"))
    ours = np.array([answer["probabilities"] for answer in answers])

    assert entry.type == "tensor(uint8)", entry.type
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    difference = float(np.abs(ours - theirs).max())
    print(f"ONNX Runtime {onnxruntime.__version__}: largest difference over {COUNT} images {difference:.1e}")
    sys.exit(0 if difference <= TOLERANCE else 1)
