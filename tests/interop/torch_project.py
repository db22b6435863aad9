"""A Weft project as a PyTorch function: its blocks expanded, its nodes run in the order of their wires,
weights by Weft's names. Serves the comparison of whole networks; covers what the convolutional templates
hold."""
import json

import torch
import torch.nn.functional as F


class Project:
    """`weights` maps "node/variable" to tensors, drawn at the first run as PyTorch draws a layer's weights."""

    def __init__(self, path, overrides=None):
        with open(path) as file:
            self.document = json.load(file)
        self.blocks = {block["id"]: block for block in self.document.get("blocks", [])}
        for node in self.document["nodes"]:
            node["params"].update((overrides or {}).get(node["id"], {}))
        self.weights = {}

    def losses(self, image, label):
        """The weighted sum of all losses; image in 0..255."""
        self.dtype, self.label, self.total = image.dtype, label, 0
        self.run_sheet(self.document, "", {}, {"": image})
        return self.total

    def run_sheet(self, sheet, path, names, given):
        """Runs the nodes; gives the values on the block's outputs."""
        sources = {}
        for start, end in sheet["wires"]:
            sources.setdefault(end.split(".")[0], []).append((end.split(".")[1], start))
        values, results, waiting = {}, {}, list(sheet["nodes"])
        while waiting:
            node = next(node for node in waiting if all(start in values for _, start in sources.get(node["id"], [])))
            waiting.remove(node)
            inputs = [(port, values[start]) for port, start in sources.get(node["id"], [])]
            params = {key: self.evaluated(value, names) for key, value in node["params"].items()}
            id, place = node["id"], path + node["id"]
            if node["type"] == "BlockInput":
                values[id + ".y"] = given[id]
            elif node["type"] == "BlockOutput":
                results[id] = inputs[0][1]
            elif node["type"] in self.blocks:
                block = self.blocks[node["type"]]
                inner = {**{key: param["default"] for key, param in block["params"].items()}, **params}
                for port, value in self.run_sheet(block, place + "/", inner, dict(inputs)).items():
                    values[f"{id}.{port}"] = value
            else:
                values[id + ".y"] = getattr(self, node["type"])(place, params, *([value for _, value in inputs] or [given.get("")]))
        return results

    def evaluated(self, value, names):
        """Expressions are Python's, but for the exact division, which no template needs."""
        if isinstance(value, list):
            return [self.evaluated(item, names) for item in value]
        return int(eval(value, {"min": min, "max": max}, names)) if isinstance(value, str) and names and value not in ("explicit", "heNormal") else value

    def weight(self, name, *shape, start=None, fan=1):
        if name not in self.weights:
            tensor = torch.full(shape, start, dtype=torch.float32) if start is not None else torch.empty(shape).uniform_(-(fan**-0.5), fan**-0.5)
            self.weights[name] = tensor.to(self.dtype).requires_grad_()
        return self.weights[name]

    def window(self, params, kernel, stride):
        pad = params["pad"] if params.get("padding") == "explicit" else [0, 0]
        return params.get("kernelSize", kernel), params.get("stride", stride), pad

    def Input(self, place, params, image):
        return image / 255

    def Normalize(self, place, params, x):
        column = lambda key: torch.tensor(params[key], dtype=self.dtype)[:, None, None]
        return (x - column("mean")) / column("std")

    def Conv2D(self, place, params, x, groups=1, filters=None):
        kernel, stride, pad = self.window(params, [3, 3], [1, 1])
        filters = filters or params["filters"]
        k = self.weight(place + "/kernel", filters, x.shape[1] // groups, *kernel, fan=x.shape[1] // groups * kernel[0] * kernel[1])
        b = self.weight(place + "/bias", filters, start=0.0) if params.get("useBias", True) else None
        return F.conv2d(x, k, b, stride, pad, 1, groups)

    def DepthwiseConv2D(self, place, params, x):
        return self.Conv2D(place, params, x, x.shape[1], x.shape[1])

    def BatchNorm(self, place, params, x):
        scale, shift = self.weight(place + "/scale", x.shape[1], start=1.0), self.weight(place + "/shift", x.shape[1], start=0.0)
        return F.batch_norm(x, None, None, scale, shift, True, 0.1, params.get("epsilon", 1e-5))

    def ReLU(self, place, params, x):
        return F.relu(x)

    def SiLU(self, place, params, x):
        return F.silu(x)

    def ClippedReLU(self, place, params, x):
        return F.hardtanh(x, 0, params.get("maximum", 6.0))

    def Dropout(self, place, params, x):
        assert params.get("rate", 0.5) == 0, "each program draws its own masks"
        return x

    def MaxPool2D(self, place, params, x):
        return F.max_pool2d(x, *self.window(params, [2, 2], [2, 2]))

    def AveragePool2D(self, place, params, x):
        return F.avg_pool2d(x, *self.window(params, [2, 2], [2, 2]))

    def GlobalAveragePool2D(self, place, params, x):
        return x.mean((2, 3))

    def Flatten(self, place, params, x):
        return x.flatten(1)

    def Dense(self, place, params, x):
        return x @ self.weight(place + "/kernel", x.shape[1], params["units"], fan=x.shape[1]) + self.weight(place + "/bias", params["units"], start=0.0)

    def Add(self, place, params, *x):
        return sum(x)

    def Concat(self, place, params, *x):
        return torch.cat(x, 1)

    def CrossEntropy(self, place, params, scores):
        self.total = self.total + params.get("weight", 1.0) * F.cross_entropy(scores, self.label)
