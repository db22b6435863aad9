"""A Weft project as a PyTorch module, for networks of images, rows, texts of equal length and their usual layers."""
import json

import torch
from torch import nn


def pair(value):
    return tuple(value) if isinstance(value, list) else (value, value)


class Concat(nn.Module):
    def forward(self, *inputs):
        return torch.cat(inputs, 1)


class Add(nn.Module):
    def forward(self, first, *others):
        for other in others:
            first = first + other
        return first


class MeanOverTime(nn.Module):
    def forward(self, x):
        return x.mean(1)


class Normalize(nn.Module):
    def __init__(self, mean, deviation):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean)[:, None, None])
        self.register_buffer("deviation", torch.tensor(deviation)[:, None, None])

    def forward(self, x):
        return (x - self.mean) / self.deviation


class LastState(nn.Module):
    """A recurrent layer's state after the last step."""

    def __init__(self, core):
        super().__init__()
        self.core = core

    def forward(self, x):
        return self.core(x)[0][:, -1]


class LearnedPositions(nn.Module):
    def __init__(self, count, width):
        super().__init__()
        self.table = nn.Parameter(torch.randn(count, width) * 0.02)

    def forward(self, x):
        return x + self.table[: x.shape[1]]


def encoder(params, width):
    layer = nn.TransformerEncoderLayer(width, params["heads"], params["feedForward"], params.get("dropout", 0.1), params.get("activation", "relu"),
                                       params.get("epsilon", 1e-5), batch_first=True, norm_first=params.get("normFirst", False))
    return nn.TransformerEncoder(layer, params["numLayers"])


def padding_of(params, kernel):
    kind = params.get("padding", "valid")
    return pair(params["pad"]) if kind == "explicit" else tuple((k - 1) // 2 for k in kernel) if kind == "same" else (0, 0)


def make_layer(kind, params, x):
    """The module of a node that gets `x` first, which tells channels and features."""
    if kind == "Conv2D":
        kernel = pair(params.get("kernelSize", 3))
        return nn.Conv2d(x.shape[1], params["filters"], kernel, stride=pair(params.get("stride", 1)), padding=padding_of(params, kernel),
                         dilation=pair(params.get("dilation", 1)), groups=params.get("groups", 1), bias=params.get("useBias", True))
    if kind in ("MaxPool2D", "AveragePool2D"):
        kernel = pair(params.get("kernelSize", 2))
        return (nn.MaxPool2d if kind == "MaxPool2D" else nn.AvgPool2d)(kernel, pair(params.get("stride", list(kernel))), padding_of(params, kernel))
    if kind == "Dense":
        return nn.Linear(x.shape[-1], params["units"], bias=params.get("useBias", True))
    if kind == "BatchNorm":
        return nn.BatchNorm2d(x.shape[1], eps=params.get("epsilon", 1e-5))
    if kind == "Normalize":
        return Normalize(params["mean"], params["std"])
    if kind == "Dropout":
        return nn.Dropout(params.get("rate", 0.5))
    if kind == "Embedding":
        return nn.Embedding(params["vocabulary"], params["dimension"], padding_idx=0 if params.get("padding", True) else None)
    if kind == "LSTM":
        return LastState(nn.LSTM(x.shape[-1], params["units"], batch_first=True))
    if kind == "PositionalEncoding":
        return LearnedPositions(params["maxLength"], x.shape[-1])
    if kind == "TransformerEncoder":
        return encoder(params, x.shape[-1])
    if kind == "GlobalAveragePool2D":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    plain = {"ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh, "Flatten": nn.Flatten, "Identity": nn.Identity, "Add": Add, "Concat": Concat, "MeanOverTime": MeanOverTime}
    return plain[kind]()


class Network(nn.Module):
    """The layers between Input and CrossEntropy; `layers` is by the nodes' ids."""

    def __init__(self, project_path):
        super().__init__()
        with open(project_path) as file:
            project = json.load(file)
        nodes = {node["id"]: node for node in project["nodes"]}
        sources = {id: [start.split(".")[0] for start, end in project["wires"] if end.split(".")[0] == id] for id in nodes}
        self.input = next(id for id, node in nodes.items() if node["type"] == "Input")
        self.loss = next(id for id, node in nodes.items() if node["type"] == "CrossEntropy")
        self.shape = nodes[self.input]["params"]["shape"]
        self.has_tokens = nodes[self.input]["params"].get("kind") == "tokens"
        self.vocabulary = next((node["params"]["vocabulary"] for node in nodes.values() if node["type"] == "Embedding"), 0)
        self.classes = next(node["params"]["units"] for node in reversed(project["nodes"]) if node["type"] == "Dense")
        self.layers, self.steps = nn.ModuleDict(), []
        values = {self.input: self.sample(1)}

        def visit(id):
            for source in sources[id]:
                if source not in values:
                    visit(source)
            if id == self.loss:
                return
            inputs = [values[source] for source in sources[id]]
            layer = make_layer(nodes[id]["type"], nodes[id].get("params", {}), inputs[0])
            with torch.no_grad():
                values[id] = layer.eval()(*inputs)
            self.layers[id] = layer.train()
            self.steps.append((id, sources[id]))

        visit(self.loss)

    def sample(self, count):
        """A batch of random inputs."""
        return torch.randint(0, self.vocabulary, (count, *self.shape)) if self.has_tokens else torch.rand(count, *self.shape)

    def forward(self, x):
        values = {self.input: x}
        for id, sources in self.steps:
            values[id] = self.layers[id](*[values[source] for source in sources])
        return values[self.steps[-1][0]]

    def weft_weights(self):
        """The parameters under Weft's keys and in Weft's layouts."""
        arrays = {}
        for id, layer in self.layers.items():
            if not isinstance(layer, (nn.Linear, nn.Conv2d, nn.BatchNorm2d)):
                continue
            kernel = "scale" if isinstance(layer, nn.BatchNorm2d) else "kernel"
            weight = layer.weight.detach().numpy()
            arrays[f"param/{id}/{kernel}"] = weight.T if isinstance(layer, nn.Linear) else weight
            if layer.bias is not None:
                arrays[f"param/{id}/{'shift' if kernel == 'scale' else 'bias'}"] = layer.bias.detach().numpy()
        return arrays
