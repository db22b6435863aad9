"""TensorFlow's side of the speed table: tensorflow_bench.py PROJECT train|infer BATCH VARIANT [OPTIMIZER]. Variants: graph
(tf.function), xla (the same compiled by XLA). The project has no blocks (see flat_project.py). Answers as timing.py says."""
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from timing import serve  # noqa: E402


def pair(value):
    return list(value) if isinstance(value, list) else [value, value]


def padding_of(params, kernel, stride):
    """TensorFlow's words where they say the same, since its kernels know them best."""
    kind = params.get("padding", "valid")
    pads = pair(params["pad"]) if kind == "explicit" else [(k - 1) // 2 for k in kernel] if kind == "same" else [0, 0]
    if pads == [0, 0]:
        return "VALID"
    if stride == [1, 1] and pads == [(k - 1) // 2 for k in kernel]:
        return "SAME"
    return [[0, 0], [pads[0]] * 2, [pads[1]] * 2, [0, 0]]


class Network:
    """Nodes of a flat project as functions of TensorFlow, pictures as [N, H, W, C]. Weights are made at the first run."""

    def __init__(self, path, mode):
        with open(path) as file:
            project = json.load(file)
        self.nodes = project["nodes"]
        self.sources = {node["id"]: [start.split(".")[0] for start, end in project["wires"] if end.split(".")[0] == node["id"]] for node in self.nodes}
        self.optimizer = project["training"]["optimizer"]
        self.isTraining = mode == "train"
        self.variables, self.layers = {}, {}
        self.classes = 0

    def sample(self, batch):
        node = next(node for node in self.nodes if node["type"] == "Input")
        shape = node["params"]["shape"]
        random = np.random.default_rng(1)
        if node["params"].get("kind") == "tokens":
            table = next(node for node in self.nodes if node["type"] == "Embedding")
            return random.integers(0, table["params"]["vocabulary"], (batch, *shape)).astype(np.int32)
        if len(shape) == 3:
            shape = [*shape[1:], shape[0]]
        return random.random((batch, *shape), dtype=np.float32)

    def logits(self, x):
        values, waiting = {}, list(self.nodes)
        while waiting:
            node = next(node for node in waiting if all(source in values for source in self.sources[node["id"]]))
            waiting.remove(node)
            if node["type"] == "CrossEntropy":
                result = values[self.sources[node["id"]][0]]
                continue
            inputs = [values[source] for source in self.sources[node["id"]]] or [x]
            values[node["id"]] = getattr(self, node["type"])(node["id"], node["params"], *inputs)
        self.classes = result.shape[-1]
        return result

    def weight(self, name, shape, start=None):
        if name not in self.variables:
            fan = int(np.prod(shape[:-1])) or 1
            first = np.full(shape, start, np.float32) if start is not None else np.random.uniform(-(fan**-0.5), fan**-0.5, shape).astype(np.float32)
            self.variables[name] = tf.Variable(first, name=name.replace("/", "_"))
        return self.variables[name]

    def Input(self, id, params, x):
        return x

    def Normalize(self, id, params, x):
        return (x - tf.constant(params["mean"])) / tf.constant(params["std"])

    def Conv2D(self, id, params, x):
        kernel, stride = pair(params.get("kernelSize", 3)), pair(params.get("stride", 1))
        y = tf.nn.conv2d(x, self.weight(id + "/kernel", [*kernel, x.shape[-1], params["filters"]]), stride, padding_of(params, kernel, stride))
        return tf.nn.bias_add(y, self.weight(id + "/bias", [params["filters"]], 0)) if params.get("useBias", True) else y

    def BatchNorm(self, id, params, x):
        channels = [x.shape[-1]]
        scale, shift = self.weight(id + "/scale", channels, 1), self.weight(id + "/shift", channels, 0)
        mean, variance = (self.layers.setdefault(f"{id}/{name}", tf.Variable(np.full(channels, start, np.float32), trainable=False))
                          if f"{id}/{name}" not in self.layers else self.layers[f"{id}/{name}"] for name, start in (("mean", 0), ("variance", 1)))
        epsilon = params.get("epsilon", 1e-5)
        if not self.isTraining:
            return tf.compat.v1.nn.fused_batch_norm(x, scale, shift, mean, variance, epsilon, is_training=False)[0]
        y, now, spread = tf.compat.v1.nn.fused_batch_norm(x, scale, shift, epsilon=epsilon, is_training=True)
        mean.assign(0.9 * mean + 0.1 * now)
        variance.assign(0.9 * variance + 0.1 * spread)
        return y

    def ReLU(self, id, params, x):
        return tf.nn.relu(x)

    def MaxPool2D(self, id, params, x):
        kernel = pair(params.get("kernelSize", 2))
        stride = pair(params.get("stride", kernel))
        return tf.nn.max_pool2d(x, kernel, stride, padding_of(params, kernel, stride))

    def AveragePool2D(self, id, params, x):
        kernel = pair(params.get("kernelSize", 2))
        stride = pair(params.get("stride", kernel))
        padding = padding_of(params, kernel, stride)
        return tf.nn.avg_pool2d(x, kernel, stride, padding if isinstance(padding, str) else "SAME")

    def GlobalAveragePool2D(self, id, params, x):
        return tf.reduce_mean(x, [1, 2])

    def Flatten(self, id, params, x):
        return tf.reshape(x, [x.shape[0], -1])

    def Dense(self, id, params, x):
        return tf.nn.bias_add(tf.matmul(x, self.weight(id + "/kernel", [x.shape[-1], params["units"]])), self.weight(id + "/bias", [params["units"]], 0))

    def Dropout(self, id, params, x):
        return tf.nn.dropout(x, params.get("rate", 0.5)) if self.isTraining else x

    def Add(self, id, params, *inputs):
        return tf.add_n(inputs)

    def Concat(self, id, params, *inputs):
        return tf.concat(inputs, -1)

    def Embedding(self, id, params, x):
        return tf.gather(self.weight(id + "/table", [params["vocabulary"], params["dimension"]]), x)

    def MeanOverTime(self, id, params, x):
        return tf.reduce_mean(x, 1)

    def LSTM(self, id, params, x):
        if id not in self.layers:
            self.layers[id] = tf.keras.layers.LSTM(params["units"], return_sequences=params.get("returnSequence", False))
        return self.layers[id](x)

    def PositionalEncoding(self, id, params, x):
        return x + self.weight(id + "/table", [params["maxLength"], x.shape[-1]])[: x.shape[1]]

    def TransformerEncoder(self, id, params, x):
        heads, width, rate = params["heads"], x.shape[-1], params.get("dropout", 0.1)
        steps, size = x.shape[1], x.shape[-1] // params["heads"]
        drop = lambda y: tf.nn.dropout(y, rate) if self.isTraining and rate > 0 else y
        for layer in range(params["numLayers"]):
            name = f"{id}/{layer}"

            def dense(part, y, units):
                flat = tf.reshape(y, [-1, y.shape[-1]])
                flat = tf.nn.bias_add(tf.matmul(flat, self.weight(f"{name}/{part}", [y.shape[-1], units])), self.weight(f"{name}/{part}/bias", [units], 0))
                return tf.reshape(flat, [*y.shape[:-1], units])

            def normalized(part, y):
                mean, variance = tf.nn.moments(y, [-1], keepdims=True)
                return (y - mean) * tf.math.rsqrt(variance + 1e-5) * self.weight(f"{name}/{part}/scale", [width], 1) + self.weight(f"{name}/{part}/shift", [width], 0)

            q, k, v = (tf.transpose(tf.reshape(part, [-1, steps, heads, size]), [0, 2, 1, 3]) for part in tf.split(dense("qkv", x, 3 * width), 3, -1))
            shares = drop(tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * size**-0.5))
            attended = tf.reshape(tf.transpose(tf.matmul(shares, v), [0, 2, 1, 3]), [x.shape[0], steps, width])
            x = normalized("norm1", x + drop(dense("out", attended, width)))
            activation = tf.nn.gelu if params.get("activation") == "gelu" else tf.nn.relu
            x = normalized("norm2", x + drop(dense("down", drop(activation(dense("up", x, params["feedForward"]))), width)))
        return x


class Updates:
    """TensorFlow's fused update ops, with the gradient of a table made dense, as the rule says."""

    def __init__(self, variables, rule):
        self.variables, self.rule = variables, rule
        zeros = lambda: [tf.Variable(tf.zeros_like(variable), trainable=False) for variable in variables]
        self.first, self.second = zeros(), zeros() if rule == "adam" else []
        self.powers = [tf.Variable(0.9, trainable=False), tf.Variable(0.999, trainable=False)]

    def apply(self, gradients):
        for i, gradient in enumerate(tf.convert_to_tensor(gradient) for gradient in gradients):
            handle = self.variables[i].handle
            if self.rule == "adam":
                tf.raw_ops.ResourceApplyAdam(var=handle, m=self.first[i].handle, v=self.second[i].handle, beta1_power=self.powers[0],
                                             beta2_power=self.powers[1], lr=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, grad=gradient)
            else:
                tf.raw_ops.ResourceApplyMomentum(var=handle, accum=self.first[i].handle, lr=1e-2, grad=gradient, momentum=0.9)
        for power, beta in zip(self.powers, (0.9, 0.999)):
            power.assign(power * beta)


def main():
    path, mode, batch, variant = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    net = Network(path, mode)
    x = tf.constant(net.sample(batch))
    net.logits(x)
    labels = tf.constant(np.random.default_rng(2).integers(0, net.classes, batch).astype(np.int32))
    layers = [layer for layer in net.layers.values() if isinstance(layer, tf.keras.layers.Layer)]
    variables = list(net.variables.values()) + [weight.value for layer in layers for weight in layer.trainable_variables]
    updates = Updates(variables, sys.argv[5] if len(sys.argv) > 5 else net.optimizer["type"]) if mode == "train" else None

    @tf.function(jit_compile=variant == "xla")
    def train_step(x, labels):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, net.logits(x)))
        updates.apply(tape.gradient(loss, variables))
        return loss

    @tf.function(jit_compile=variant == "xla")
    def predict(x):
        return tf.nn.softmax(net.logits(x))

    step = (lambda: train_step(x, labels).numpy()) if mode == "train" else (lambda: predict(x).numpy())
    for _ in range(3):
        step()
    serve(step, batch, "TensorFlow " + tf.__version__)


main()
