"""A Weft project as a PyTorch module, for projects that are one chain of layers."""
import json

import torch
from torch import nn


def pair(value):
    return tuple(value) if isinstance(value, list) else (value, value)


def make_layer(node, channels, features):
    """The module of a node, given channels (images) or features (rows) of what reaches it."""
    kind, params = node["type"], node.get("params", {})
    if kind == "Conv2D":
        kernel = pair(params.get("kernelSize", [3, 3]))
        padding = params.get("padding", "valid")
        pad = pair(params["pad"]) if padding == "explicit" else tuple((k - 1) // 2 for k in kernel) if padding == "same" else 0
        return nn.Conv2d(channels, params["filters"], kernel, stride=pair(params.get("stride", [1, 1])), padding=pad)
    if kind == "Dense":
        return nn.Linear(features, params["units"])
    if kind == "MaxPool2D":
        return nn.MaxPool2d(pair(params.get("poolSize", params.get("kernelSize", [2, 2]))))
    if kind == "BatchNorm":
        return nn.BatchNorm2d(channels)
    return {"ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh, "Flatten": nn.Flatten}[kind]()


class Chain(nn.Module):
    """The layers between Input and Loss, in the order of the wires; `ids` names each."""

    def __init__(self, project_path):
        super().__init__()
        with open(project_path) as file:
            project = json.load(file)
        nodes = {node["id"]: node for node in project["nodes"]}
        after = {start.split(".")[0]: end.split(".")[0] for start, end in project["wires"]}
        at = next(id for id, node in nodes.items() if node["type"] == "Input")
        self.shape = nodes[at]["params"]["shape"]
        x = torch.zeros(1, *self.shape)
        self.layers, self.ids = nn.ModuleList(), []
        while nodes[after[at]]["type"] != "CrossEntropy":
            at = after[at]
            layer = make_layer(nodes[at], x.shape[1], x.shape[-1])
            with torch.no_grad():
                x = layer.eval()(x)
            self.layers.append(layer.train())
            self.ids.append(at)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def weft_weights(self):
        """The parameters under Weft's keys and in Weft's layouts."""
        arrays = {}
        for id, layer in zip(self.ids, self.layers):
            if isinstance(layer, nn.Linear):
                arrays[f"param/{id}/kernel"] = layer.weight.detach().numpy().T
                arrays[f"param/{id}/bias"] = layer.bias.detach().numpy()
            elif isinstance(layer, nn.Conv2d):
                arrays[f"param/{id}/kernel"] = layer.weight.detach().numpy()
                arrays[f"param/{id}/bias"] = layer.bias.detach().numpy()
        return arrays
