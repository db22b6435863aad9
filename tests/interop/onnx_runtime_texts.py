"""A network of every layer over sequences, trained on texts of different lengths and exported by Weft, answers in
ONNX Runtime as `weft predict` does, to 1e-5: recurrent nodes with their lengths, masks and positions made from the
number of steps. onnx.checker accepts the file."""
import json
import os
import random
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

from weft_tools import weft

COUNT, LONGEST, TOLERANCE = 20, 40, 1e-5
LAYERS = [
    ("Input", {"kind": "tokens", "column": "text", "shape": [LONGEST], "variableLength": True}),
    ("Embedding", {"vocabulary": 40, "dimension": 16}),
    ("PositionalEncoding", {"kind": "learned", "maxLength": 50}),
    ("TransformerEncoder", {"heads": 4, "feedForward": 24, "numLayers": 2, "causal": True}),
    ("MultiHeadAttention", {"heads": 2}),
    ("PositionalEncoding", {}),
    ("LSTM", {"units": 12, "bidirectional": True, "returnSequence": True}),
    ("GRU", {"units": 10, "bidirectional": True, "returnSequence": True, "numLayers": 2}),
    ("SimpleRNN", {"units": 8, "returnSequence": True}),
    ("MaxOverTime", {}),
    ("Dense", {"units": 2}),
    ("CrossEntropy", {"target": "label"}),
]

with tempfile.TemporaryDirectory() as folder:
    r = random.Random(3)
    words = [a + b for a in "bdfgklmnprst" for b in "aeo"]
    texts = [[r.choice(words) for _ in range(r.randint(1, LONGEST))] for _ in range(200)]
    table, path, run, model = (os.path.join(folder, name) for name in ("texts.csv", "texts.weft", "run", "texts.onnx"))
    with open(table, "w") as file:
        file.write("text,label\n" + "".join(f"{' '.join(text)},{'many' if len(text) > 20 else 'few'}\n" for text in texts))
    nodes = [{"id": f"n{i}", "name": f"n{i}", "type": type, "params": params} for i, (type, params) in enumerate(LAYERS)]
    ports = {"MultiHeadAttention": "query", "CrossEntropy": "prediction"}
    wires = [[f"n{i}.y", f"n{i + 1}.{ports.get(LAYERS[i + 1][0], 'x')}"] for i in range(len(nodes) - 1)]
    data = {"source": "text", "path": table, "textColumn": "text", "labelColumn": "label", "maxLength": LONGEST}
    with open(path, "w") as file:
        json.dump({"weft": 1, "id": "texts", "data": data, "nodes": nodes, "wires": wires, "training": {"optimizer": {"type": "adam", "learningRate": 0.001}}}, file)
    weft("train", path, "--epochs", 1, "--seed", 1, "--run-dir", run, "--follow", "jsonl")
    weft("export", run, "--format", "onnx", "-o", model, "--verify")
    onnx.checker.check_model(onnx.load(model), full_check=True)

    with open(os.path.join(run, "vocabulary.json")) as file:
        number = {word: i + 2 for i, word in enumerate(json.load(file)["words"])}
    lengths = np.array([len(text) for text in texts[:COUNT]], np.int32)
    tokens = np.zeros((COUNT, lengths.max()), np.int32)
    for row, text in zip(tokens, texts):
        row[: len(text)] = [number.get(word, 1) for word in text]
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    assert [entry.name for entry in session.get_inputs()] == ["text", "text.lengths"], session.get_inputs()
    theirs = session.run(None, {"text": tokens, "text.lengths": lengths})[0]
    answers = json.loads(weft("predict", run, *[" ".join(text) for text in texts[:COUNT]], "--json"))
    ours = np.array([answer["probabilities"] for answer in answers])

    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    difference = float(np.abs(ours - theirs).max())
    print(f"ONNX Runtime {onnxruntime.__version__}: largest difference over {COUNT} texts {difference:.1e}")
    sys.exit(0 if difference <= TOLERANCE else 1)
