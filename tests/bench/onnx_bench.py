"""ONNX Runtime's side of the speed table: onnx_bench.py FILE.onnx infer BATCH VARIANT. Answers as timing.py says."""
import sys

import numpy as np
import onnxruntime

from timing import serve

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 2
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
first = session.get_inputs()[0]
x = {first.name: np.random.default_rng(1).random(first.shape, dtype=np.float32)}
for _ in range(3):
    session.run(None, x)
serve(lambda: session.run(None, x), int(sys.argv[3]), "ONNX Runtime " + onnxruntime.__version__)
