"""Layers of the catalogue as PyTorch computes them, for random networks. Each builder draws its
parameters, adds the node to the project and the same step to a PyTorch graph; it returns None where
the layer does not fit what it is given."""
import torch
import torch.nn.functional as F

CLASSES = 4


class Network:
    """A project and its PyTorch twin, grown node by node. A value is the id of the node that gives it."""

    def __init__(self, random):
        self.random = random
        self.nodes, self.wires, self.steps, self.weights = [], [], [], {}
        self.shapes, self.types, self.loss = {}, [], None
        self.reads_labels = False

    def add(self, type, inputs, run, params=None, ports=("x",)):
        id = f"n{len(self.nodes)}"
        self.nodes.append({"id": id, "name": id, "type": type, "params": params or {}})
        self.types.append(type)
        for i, source in enumerate(inputs):
            self.wires.append([f"{source}.y", f"{id}.{ports[min(i, len(ports) - 1)]}"])
        self.steps.append((id, inputs, run))
        if inputs and type not in LOSSES:
            with torch.no_grad():
                self.shapes[id] = tuple(run(*[torch.ones(2, *self.shapes[source]) for source in inputs]).shape[1:])
        return id

    def weight(self, name, *shape, start=None):
        """A variable of the node that is added next, drawn as PyTorch draws a layer's weights."""
        tensor = torch.empty(*shape)
        if start is not None:
            tensor.uniform_(start - 0.2, start + 0.2)
        else:
            fan = tensor[0].numel() if tensor.dim() > 1 else tensor.numel()
            tensor.uniform_(-(fan**-0.5), fan**-0.5)
        self.weights[f"param/n{len(self.nodes)}/{name}"] = tensor.requires_grad_()
        return tensor

    def forward(self, features, labels):
        values = {}
        for id, inputs, run in self.steps:
            if not inputs:
                values[id] = run(labels) if run else features
            elif id == self.loss:
                return run(*[values[source] for source in inputs], labels)
            else:
                values[id] = run(*[values[source] for source in inputs])

    def project(self, data):
        return {"weft": 1, "id": "random-network", "data": data, "nodes": self.nodes, "wires": self.wires, "training": {"optimizer": {"type": "sgd", "learningRate": 0.01}}}


def chance(net, of=2):
    return net.random.randrange(of) == 0


def window(net, sides, dilated=False):
    """Kernel, stride, padding and the numbers before and behind each side, or None."""
    r, d = net.random, len(sides)
    kernel, stride = [r.randint(1, 3) for _ in sides], [r.randint(1, 2) for _ in sides]
    dilation = [r.randint(1, 2) if dilated else 1 for _ in sides]
    padding, pad = r.choice(["valid", "same", "explicit"]), [0] * d
    if padding == "explicit":
        pad = [r.randint(0, k - 1) for k in kernel]
    before, after = list(pad), list(pad)
    for i, side in enumerate(sides):
        span = dilation[i] * (kernel[i] - 1) + 1
        if padding == "same":
            border = max(0, (-(-side // stride[i]) - 1) * stride[i] + span - side)
            before[i], after[i] = border // 2, border - border // 2
        if side + before[i] + after[i] < span:
            return None
    one = (lambda v: v[0]) if d == 1 else list
    params = {"kernelSize": one(kernel), "stride": one(stride), "padding": padding}
    if padding == "explicit":
        params["pad"] = one(pad)
    if dilated:
        params["dilation"] = one(dilation)
    borders = [n for i in reversed(range(d)) for n in (before[i], after[i])]
    return params, kernel, stride, dilation, borders


def bias(net, params, count):
    params["useBias"] = not chance(net, 3)
    return net.weight("bias", count) if params["useBias"] else None


def image_only(build):
    return lambda net, x: build(net, x) if len(net.shapes[x]) == 3 else None


def volume_only(build):
    return lambda net, x: build(net, x) if len(net.shapes[x]) == 4 else None


def sequence_only(build):
    return lambda net, x: build(net, x) if len(net.shapes[x]) == 2 else None


FOR_AXES = {1: sequence_only, 2: image_only, 3: volume_only}


def conv(type, build_function, axes):
    def build(net, x):
        shape = net.shapes[x]
        channels = shape[1] if axes == 1 else shape[0]
        found = window(net, shape[:1] if axes == 1 else shape[1:], True)
        if not found:
            return None
        params, kernel, stride, dilation, borders = found
        groups = net.random.choice([g for g in (1, 2, 3) if channels % g == 0])
        filters = groups * net.random.randint(1, 3)
        params.update(filters=filters, groups=groups)
        k, b = net.weight("kernel", filters, channels // groups, *kernel), bias(net, params, filters)

        def run(v):
            v = v if axes > 1 else v.transpose(1, 2)
            y = build_function(F.pad(v, borders), k, b, stride, 0, dilation, groups)
            return y if axes > 1 else y.transpose(1, 2)

        return net.add(type, [x], run, params)

    return FOR_AXES[axes](build)


@image_only
def depthwise(net, x):
    channels, *sides = net.shapes[x]
    found = window(net, sides, True)
    if not found:
        return None
    params, kernel, stride, dilation, borders = found
    params["multiplier"] = net.random.randint(1, 2)
    count = channels * params["multiplier"]
    k, b = net.weight("kernel", count, 1, *kernel), bias(net, params, count)
    return net.add("DepthwiseConv2D", [x], lambda v: F.conv2d(F.pad(v, borders), k, b, stride, 0, dilation, channels), params)


@image_only
def separable(net, x):
    channels, *sides = net.shapes[x]
    found = window(net, sides, True)
    if not found:
        return None
    params, kernel, stride, dilation, borders = found
    params.update(multiplier=net.random.randint(1, 2), filters=net.random.randint(1, 6))
    between = channels * params["multiplier"]
    k, p = net.weight("depthwiseKernel", between, 1, *kernel), net.weight("pointwiseKernel", params["filters"], between, 1, 1)
    b = bias(net, params, params["filters"])
    return net.add("SeparableConv2D", [x], lambda v: F.conv2d(F.conv2d(F.pad(v, borders), k, None, stride, 0, dilation, channels), p, b), params)


@image_only
def conv_transpose(net, x):
    r, (channels, *sides) = net.random, net.shapes[x]
    kernel, stride, dilation = [r.randint(1, 3) for _ in sides], [r.randint(1, 2) for _ in sides], [r.randint(1, 2) for _ in sides]
    pad, more = [r.randint(0, k - 1) for k in kernel], [r.randint(0, s - 1) for s in stride]
    if any((n - 1) * s + d * (k - 1) + 1 + m - 2 * p < 1 or n * s > 20 for n, s, d, k, m, p in zip(sides, stride, dilation, kernel, more, pad)):
        return None
    groups = r.choice([g for g in (1, 2, 3) if channels % g == 0])
    filters = groups * r.randint(1, 3)
    params = {"filters": filters, "kernelSize": kernel, "stride": stride, "padding": "explicit", "pad": pad, "outputPadding": more, "dilation": dilation, "groups": groups}
    k, b = net.weight("kernel", channels, filters // groups, *kernel), bias(net, params, filters)
    return net.add("Conv2DTranspose", [x], lambda v: F.conv_transpose2d(v, k, b, stride, pad, more, groups, dilation), params)


def pool(type, axes):
    is_max = type.startswith("Max")
    function = getattr(F, f"{'max' if is_max else 'avg'}_pool{axes}d")

    def build(net, x):
        shape = net.shapes[x]
        found = window(net, shape[:1] if axes == 1 else shape[1:])
        if not found or any(b >= k for b, k in zip(found[4][1::2], reversed(found[1]))):
            return None
        params, kernel, stride, _, borders = found
        counts = chance(net)
        if not is_max:
            params["countPadding"] = counts
        pad = params.get("pad", [0] * axes)
        if axes > 1 and params["padding"] != "same" and chance(net) and all(2 * p <= k for p, k in zip(pad, kernel)):
            params["ceilMode"] = True
            more = {} if is_max else {"count_include_pad": counts}
            return net.add(type, [x], lambda v: function(v, kernel, stride, pad, ceil_mode=True, **more), params)

        def run(v):
            v = v if axes > 1 else v.transpose(1, 2)
            y = function(F.pad(v, borders, value=float("-inf") if is_max else 0.0), kernel, stride)
            if not is_max and not counts:
                y = y / function(F.pad(torch.ones_like(v), borders), kernel, stride)
            return y if axes > 1 else y.transpose(1, 2)

        return net.add(type, [x], run, params)

    return FOR_AXES[axes](build)


def adaptive(type, function):
    def build(net, x):
        size = [net.random.randint(1, n + 1) for n in net.shapes[x][1:]]
        return net.add(type, [x], lambda v: function(v, size), {"size": size})

    return image_only(build)


@image_only
def up_sample(net, x):
    size, mode = [net.random.randint(1, 3), net.random.randint(1, 3)], net.random.choice(["nearest", "bilinear"])
    if max(net.shapes[x][1:]) > 8:
        return None
    more = {"align_corners": False} if mode == "bilinear" else {}
    return net.add("UpSample2D", [x], lambda v: F.interpolate(v, scale_factor=tuple(map(float, size)), mode=mode, **more), {"size": size, "mode": mode})


@image_only
def zero_padding(net, x):
    top, bottom, left, right = pad = [net.random.randint(0, 2) for _ in range(4)]
    return net.add("ZeroPadding2D", [x], lambda v: F.pad(v, (left, right, top, bottom)), {"pad": pad})


@image_only
def cropping(net, x):
    top, bottom, left, right = crop = [net.random.randint(0, 1) for _ in range(4)]
    if min(net.shapes[x][1:]) < 3:
        return None
    return net.add("Cropping2D", [x], lambda v: F.pad(v, (-left, -right, -top, -bottom)), {"crop": crop})


def global_pool(type, function, only=image_only):
    return only(lambda net, x: net.add(type, [x], function))


def batch_norm(net, x):
    count = net.shapes[x][0]
    scale, shift = net.weight("scale", count, start=1.0), net.weight("shift", count, start=0.0)
    return net.add("BatchNorm", [x], lambda v: F.batch_norm(v, None, None, scale, shift, True), {})


def affine(net, params, count):
    params["affine"] = chance(net)
    return (net.weight("scale", count, start=1.0), net.weight("shift", count, start=0.0)) if params["affine"] else (None, None)


def layer_norm(net, x):
    params, features = {}, net.shapes[x][-1]
    if features < 3:
        return None
    scale, shift = affine(net, params, features)
    return net.add("LayerNorm", [x], lambda v: F.layer_norm(v, (features,), scale, shift), params)


def group_norm(net, x):
    count, params = net.shapes[x][0], {}
    if len(net.shapes[x]) < 2:
        return None
    params["groups"] = net.random.choice([g for g in (1, 2, 3) if count % g == 0])
    scale, shift = affine(net, params, count)
    return net.add("GroupNorm", [x], lambda v: F.group_norm(v, params["groups"], scale, shift), params)


@image_only
def instance_norm(net, x):
    params, (count, height, width) = {}, net.shapes[x]
    if height * width < 4:
        return None
    scale, shift = affine(net, params, count)
    return net.add("InstanceNorm", [x], lambda v: F.instance_norm(v, weight=scale, bias=shift), params)


def rms_norm(net, x):
    features = net.shapes[x][-1]
    if features < 3:
        return None
    scale = net.weight("scale", features, start=1.0)
    return net.add("RMSNorm", [x], lambda v: v * torch.rsqrt(v.pow(2).mean(-1, keepdim=True) + 1e-6) * scale)


@image_only
def local_response(net, x):
    size, alpha, beta, k = net.random.randint(1, 5), net.random.uniform(0.1, 2), net.random.uniform(0.3, 1), net.random.uniform(0.5, 2)
    return net.add("LocalResponseNorm", [x], lambda v: F.local_response_norm(v, size, alpha, beta, k), {"size": size, "alpha": alpha, "beta": beta, "k": k})


def activation(type, function, **params):
    return lambda net, x: net.add(type, [x], function, params)


def prelu(net, x):
    slope = net.weight("slope", net.shapes[x][0], start=0.25)
    return net.add("PReLU", [x], lambda v: F.prelu(v, slope))


def softmax(net, x):
    return net.add("Softmax", [x], lambda v: F.softmax(v, -1)) if net.shapes[x][-1] > 1 else None


def normalize(net, x):
    mean, std = net.random.uniform(-1, 1), net.random.uniform(0.5, 2)
    return net.add("Normalize", [x], lambda v: (v - mean) / std, {"mean": [mean], "std": [std]})


def dense(net, x, units=None):
    params, features = {"units": units or net.random.randint(2, 12)}, net.shapes[x][-1]
    k = net.weight("kernel", features, params["units"])
    b = bias(net, params, params["units"])
    return net.add("Dense", [x], lambda v: v @ k if b is None else v @ k + b, params)


def flatten(net, x):
    return net.add("Flatten", [x], lambda v: v.flatten(1)) if len(net.shapes[x]) > 1 else None


def reshape(net, x, shape=None):
    count = 1
    for extent in net.shapes[x]:
        count *= extent
    if shape is None:
        shapes = [[a, b, count // a // b] for a in range(1, 7) for b in range(2, 13) if count % (a * b) == 0 and 2 <= count // a // b <= 12]
        shapes += [[a, b, c, count // a // b // c] for a in range(1, 5) for b in range(2, 5) for c in range(2, 5) if count % (a * b * c) == 0 and 2 <= count // a // b // c <= 6]
        shapes += [[a, count // a] for a in range(2, 17) if count % a == 0 and 2 <= count // a <= 16]
        if not shapes:
            return None
        shape = net.random.choice(shapes)
    return net.add("Reshape", [x], lambda v: v.reshape(-1, *shape), {"shape": shape})


def permute(net, x):
    order = list(range(1, len(net.shapes[x]) + 1))
    net.random.shuffle(order)
    return net.add("Permute", [x], lambda v: v.permute(0, *order), {"order": order})


def slice_of(net, x, axis=None, length=None):
    axis = axis or net.random.randint(1, len(net.shapes[x]))
    extent = net.shapes[x][axis - 1]
    length = length or net.random.randint(max(1, extent // 2), extent)
    begin = net.random.randint(0, extent - length)
    params = {"axis": axis, "begin": begin - extent if chance(net) else begin, "length": length}
    return net.add("Slice", [x], lambda v: v.narrow(axis, begin, length), params)


def repeat(net, x):
    times = net.random.randint(1, 4)
    if len(net.shapes[x]) > 1 or net.shapes[x][0] > 48:
        return None
    return net.add("Repeat", [x], lambda v: v.unsqueeze(1).expand(-1, times, -1), {"times": times})


def branches(net, x, count):
    """Different views of one value, of its shape."""
    return [net.random.choice(list(SMOOTH.values()))(net, x) for _ in range(count)]


def merge(type, function, count=None, ports=("x",)):
    def build(net, x):
        return net.add(type, branches(net, x, count or net.random.randint(2, 3)), function, {}, ports)

    return build


def concat(net, x):
    axis = net.random.randint(1, len(net.shapes[x]))
    if net.shapes[x][axis - 1] > 12:
        return None
    return net.add("Concat", branches(net, x, 2), lambda *v: torch.cat(v, axis), {"axis": axis})


def dot(net, x):
    if len(net.shapes[x]) < 2 or net.shapes[x][-1] < 2:
        return None
    scaled = chance(net)
    function = lambda a, b: F.cosine_similarity(a, b, -1).unsqueeze(-1) if scaled else (a * b).sum(-1, keepdim=True)
    return net.add("Dot", branches(net, x, 2), function, {"normalize": scaled}, ("a", "b"))


def sampling(net, x):
    """With a variance of e^-80 the noise, which each program draws in its own way, is nothing."""
    spread = net.add("Normalize", [x], lambda v: v - 80, {"mean": [80.0]})
    return net.add("Sampling", [x, spread], lambda v, _: v + 0, {}, ("mean", "logVariance"))


SMOOTH = {
    "LeakyReLU": activation("LeakyReLU", lambda v: F.leaky_relu(v, 0.1), slope=0.1),
    "ELU": activation("ELU", lambda v: F.elu(v, 0.7), alpha=0.7),
    "SELU": activation("SELU", F.selu),
    "GELU": activation("GELU", F.gelu),
    "SiLU": activation("SiLU", F.silu),
    "Mish": activation("Mish", F.mish),
    "HardSwish": activation("HardSwish", F.hardswish),
    "ClippedReLU": activation("ClippedReLU", lambda v: F.hardtanh(v, 0, 0.7), maximum=0.7),
    "Sigmoid": activation("Sigmoid", torch.sigmoid),
    "Tanh": activation("Tanh", torch.tanh),
    "Softplus": activation("Softplus", F.softplus),
}
# Masks and noise are drawn by each program in its own way, so these three appear with none.
LAYERS = {
    **SMOOTH,
    "ReLU": activation("ReLU", F.relu),
    "Dropout": activation("Dropout", lambda v: v + 0, rate=0.0),
    "SpatialDropout2D": image_only(activation("SpatialDropout2D", lambda v: v + 0, rate=0.0)),
    "GaussianNoise": activation("GaussianNoise", lambda v: v + 0, deviation=0.0),
    "Conv2D": conv("Conv2D", F.conv2d, 2),
    "Conv1D": conv("Conv1D", F.conv1d, 1),
    "DepthwiseConv2D": depthwise,
    "SeparableConv2D": separable,
    "Conv2DTranspose": conv_transpose,
    "MaxPool2D": pool("MaxPool2D", 2),
    "AveragePool2D": pool("AveragePool2D", 2),
    "MaxPool1D": pool("MaxPool1D", 1),
    "AveragePool1D": pool("AveragePool1D", 1),
    "Conv3D": conv("Conv3D", F.conv3d, 3),
    "MaxPool3D": pool("MaxPool3D", 3),
    "AveragePool3D": pool("AveragePool3D", 3),
    "AdaptiveAveragePool2D": adaptive("AdaptiveAveragePool2D", F.adaptive_avg_pool2d),
    "AdaptiveMaxPool2D": adaptive("AdaptiveMaxPool2D", F.adaptive_max_pool2d),
    "GlobalAveragePool2D": global_pool("GlobalAveragePool2D", lambda v: v.mean((2, 3))),
    "GlobalMaxPool2D": global_pool("GlobalMaxPool2D", lambda v: v.amax((2, 3))),
    "GlobalAveragePool3D": global_pool("GlobalAveragePool3D", lambda v: v.mean((2, 3, 4)), volume_only),
    "GlobalMaxPool3D": global_pool("GlobalMaxPool3D", lambda v: v.amax((2, 3, 4)), volume_only),
    "UpSample2D": up_sample,
    "ZeroPadding2D": zero_padding,
    "Cropping2D": cropping,
    "BatchNorm": batch_norm,
    "LayerNorm": layer_norm,
    "GroupNorm": group_norm,
    "InstanceNorm": instance_norm,
    "RMSNorm": rms_norm,
    "LocalResponseNorm": local_response,
    "PReLU": prelu,
    "Softmax": softmax,
    "Normalize": normalize,
    "Dense": dense,
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "Slice": slice_of,
    "Repeat": repeat,
    "Add": merge("Add", lambda *v: sum(v)),
    "Subtract": merge("Subtract", lambda a, b: a - b, 2, ("a", "b")),
    "Multiply": merge("Multiply", lambda a, b: a * b, 2),
    "Maximum": merge("Maximum", lambda *v: torch.stack(v).amax(0), 2),
    "Average": merge("Average", lambda *v: sum(v) / len(v)),
    "Concat": concat,
    "Dot": dot,
    "Sampling": sampling,
}


def focal(scores, labels):
    loss = F.cross_entropy(scores, labels, reduction="none")
    return (0.5 * (1 - torch.exp(-loss)) ** 1.5 * loss).mean()


WEIGHTS = [1.0, 0.5, 2.0, 1.5]
# The loss of scores and labels, or of a prediction and a target that is wired, and its parameters.
OF_LABELS = {
    "CrossEntropy": (lambda x, y: F.cross_entropy(x, y, weight=torch.tensor(WEIGHTS), label_smoothing=0.1), {"labelSmoothing": 0.1, "classWeights": WEIGHTS}),
    "Focal": (focal, {"gamma": 1.5, "alpha": 0.5}),
    "Hinge": (lambda x, y: F.multi_margin_loss(x, y, p=2), {"squared": True}),
}
OF_NUMBERS = {
    "BinaryCrossEntropy": (lambda x, t: F.binary_cross_entropy_with_logits(x, t, pos_weight=torch.tensor(2.0)), {"labels": "numbers", "positiveWeight": 2.0}),
    "MeanSquaredError": (F.mse_loss, {}),
    "MeanAbsoluteError": (F.l1_loss, {}),
    "Huber": (lambda x, t: F.huber_loss(x, t, delta=0.6), {"delta": 0.6}),
    "KLDivergence": (lambda x, t: F.kl_div(F.log_softmax(x, 1), t, reduction="batchmean"), {}),
    "GaussianKL": (lambda m, s: 0.5 * (m**2 + s.exp() - 1 - s).sum(1).mean(), {"trainingOnly": False}),
    "Triplet": (lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=2.0), {"margin": 2.0}),
    "CosineSimilarity": (lambda x, t: F.cosine_embedding_loss(x, t, torch.ones(len(x))), {}),
}
LOSSES = {**OF_LABELS, **OF_NUMBERS}


def add_loss(net, x, features, type):
    """Dense and the loss behind x; targets that are numbers are cut from the features."""
    scores = dense(net, x, CLASSES)
    function, params = LOSSES[type]
    if type in OF_LABELS:
        net.loss = net.add(type, [scores], function, {"target": "label", **params}, ("prediction",))
        return
    target = slice_of(net, features, 1, CLASSES)
    if type in ("BinaryCrossEntropy", "KLDivergence"):
        target = softmax(net, target)
    ports = {"GaussianKL": ("mean", "logVariance"), "Triplet": ("anchor", "positive", "negative")}.get(type, ("prediction", "target"))
    more = [slice_of(net, features, 1, CLASSES)] if type == "Triplet" else []
    net.loss = net.add(type, [scores, target, *more], lambda *v: function(*v[:-1]), params, ports)
