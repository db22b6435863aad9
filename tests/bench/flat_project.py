"""A Weft project as a list of nodes without blocks, for peers that are built from it."""
import json


def evaluated(value, names):
    """Expressions of a block's parameters are Python's, but for the exact division, which no template needs."""
    if isinstance(value, list):
        return [evaluated(item, names) for item in value]
    words = ("explicit", "same", "valid", "heNormal", "image", "mean")
    return int(eval(value, {"min": min, "max": max}, names)) if isinstance(value, str) and names and value not in words else value


def flat(path):
    """The project with each instance of a block in place of its inner nodes, named `instance/inner`, dots left out."""
    with open(path) as file:
        document = json.load(file)
    blocks = {block["id"]: block for block in document.get("blocks", [])}
    nodes, wires = [], []

    def walk(sheet, prefix, names, given):
        """Appends the nodes of a sheet; gives the ids of the nodes that feed its outputs. `given`: those of its inputs."""
        sources = {}
        for start, end in sheet["wires"]:
            sources.setdefault(end.split(".")[0], []).append((end.split(".")[1], start))
        values, results, waiting = {}, {}, list(sheet["nodes"])
        while waiting:
            node = next(node for node in waiting if all(start in values for _, start in sources.get(node["id"], [])))
            waiting.remove(node)
            inputs = [(port, values[start]) for port, start in sources.get(node["id"], [])]
            params = {key: evaluated(value, names) for key, value in node["params"].items()}
            id = prefix + node["id"]
            if node["type"] == "BlockInput":
                values[node["id"] + ".y"] = given[node["id"]]
            elif node["type"] == "BlockOutput":
                results[node["id"]] = inputs[0][1]
            elif node["type"] in blocks:
                block = blocks[node["type"]]
                inner = {**{key: param["default"] for key, param in block.get("params", {}).items()}, **params}
                for port, value in walk(block, id + "/", inner, dict(inputs)).items():
                    values[f"{node['id']}.{port}"] = value
            else:
                nodes.append({"id": id, "type": node["type"], "params": params})
                wires.extend([f"{source}.y", f"{id}.{port}"] for port, source in inputs)
                values[node["id"] + ".y"] = id
        return results

    walk(document, "", {}, {})
    return {"weft": 1, "id": document["id"], "nodes": nodes, "wires": wires, "training": document["training"]}
