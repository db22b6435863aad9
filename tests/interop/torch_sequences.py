"""Layers over sequences as PyTorch computes them, for random networks; see torch_layers.py. Weights are kept in
Weft's layouts, [in, out], and turned for PyTorch at each step, so that slopes reach them."""
import torch
import torch.nn.functional as F
from torch.nn.utils.stateless import functional_call

from torch_layers import chance, sequence_only


def recurrent(type, function, gates):
    @sequence_only
    def build(net, x):
        length, features = net.shapes[x]
        r, units = net.random, net.random.randint(1, 9)
        params = {"units": units, "numLayers": r.randint(1, 2), "bidirectional": chance(net), "returnSequence": chance(net)}
        weights, inputs = [], features
        for layer in range(params["numLayers"]):
            for suffix in ["", "_reverse"][: 1 + params["bidirectional"]]:
                name = lambda kind: f"{kind}_l{layer}{suffix}"
                weights.append([net.weight(name("kernel"), inputs, gates * units), net.weight(name("recurrentKernel"), units, gates * units),
                                net.weight(name("bias"), gates * units), net.weight(name("recurrentBias"), gates * units)])
            inputs = units * (1 + params["bidirectional"])

        def run(v):
            flat = [t for w, u, b, c in weights for t in (w.t().contiguous(), u.t().contiguous(), b, c)]
            start = torch.zeros(len(weights), len(v), units)
            state = [start, start] if type == "LSTM" else start
            y, last = function(v, state, flat, True, params["numLayers"], 0.0, True, params["bidirectional"], True)[:2]
            return y if params["returnSequence"] else torch.cat(list(last[-1 - params["bidirectional"]:]), 1)

        return net.add(type, [x], run, params)

    return build


def attention_weights(net, features, prefix="", sources=("query", "key", "value", "output")):
    return {name: (net.weight(f"{prefix}{name}Kernel", features, features), net.weight(f"{prefix}{name}Bias", features)) for name in sources}


def future(length):
    return torch.ones(length, length, dtype=torch.bool).triu(1)


def heads_of(net, features):
    return net.random.choice([h for h in (1, 2, 3, 4) if features % h == 0])


@sequence_only
def multi_head(net, x):
    length, features = net.shapes[x]
    heads, causal = heads_of(net, features), chance(net)
    w = attention_weights(net, features)

    def run(v):
        v = v.transpose(0, 1)
        bias = torch.cat([w[name][1] for name in ("query", "key", "value")])
        y, _ = F.multi_head_attention_forward(
            v, v, v, features, heads, None, bias, None, None, False, 0.0, w["output"][0].t(), w["output"][1], attn_mask=future(length) if causal else None,
            use_separate_proj_weight=True, q_proj_weight=w["query"][0].t(), k_proj_weight=w["key"][0].t(), v_proj_weight=w["value"][0].t())
        return y.transpose(0, 1)

    return net.add("MultiHeadAttention", [x], run, {"heads": heads, "causal": causal}, ("query",))


@sequence_only
def scaled_dot_product(net, x):
    causal = chance(net)

    def run(v, *_):
        scores = v @ v.transpose(1, 2) / v.shape[2] ** 0.5
        if causal:
            scores = scores.masked_fill(future(v.shape[1]), float("-inf"))
        return scores.softmax(-1) @ v

    return net.add("ScaledDotProductAttention", [x, x, x], run, {"causal": causal}, ("query", "key", "value"))


def block_weights(net, features, hidden, prefix, is_decoder):
    """The weights of a block as a function that gives PyTorch's names and layouts."""
    parts = {"self_attn": attention_weights(net, features, prefix + "selfAttention.")}
    if is_decoder:
        parts["multihead_attn"] = attention_weights(net, features, prefix + "crossAttention.")
    norms = [(net.weight(f"{prefix}norm{i}.scale", features, start=1.0), net.weight(f"{prefix}norm{i}.shift", features, start=0.0)) for i in range(1, 3 + is_decoder)]
    linears = [(net.weight(f"{prefix}linear{i}Kernel", *shape), net.weight(f"{prefix}linear{i}Bias", shape[1])) for i, shape in ((1, (features, hidden)), (2, (hidden, features)))]

    def state():
        named = {}
        for name, w in parts.items():
            named[f"{name}.in_proj_weight"] = torch.cat([w[n][0].t() for n in ("query", "key", "value")])
            named[f"{name}.in_proj_bias"] = torch.cat([w[n][1] for n in ("query", "key", "value")])
            named[f"{name}.out_proj.weight"], named[f"{name}.out_proj.bias"] = w["output"][0].t(), w["output"][1]
        for i, (scale, shift) in enumerate(norms, 1):
            named[f"norm{i}.weight"], named[f"norm{i}.bias"] = scale, shift
        for i, (kernel, bias) in enumerate(linears, 1):
            named[f"linear{i}.weight"], named[f"linear{i}.bias"] = kernel.t(), bias
        return named

    return state


def transformer(type, is_decoder):
    @sequence_only
    def build(net, x):
        length, features = net.shapes[x]
        if features < 3:
            return None
        r, heads, causal = net.random, heads_of(net, features), chance(net)
        params = {"numLayers": r.randint(1, 2), "heads": heads, "feedForward": r.randint(1, 12), "activation": r.choice(["relu", "gelu"]),
                  "normFirst": chance(net), "causal": causal, "dropout": 0.0}
        layer = torch.nn.TransformerDecoderLayer if is_decoder else torch.nn.TransformerEncoderLayer
        module = layer(features, heads, params["feedForward"], 0.0, params["activation"], batch_first=True, norm_first=params["normFirst"])
        states = [block_weights(net, features, params["feedForward"], f"layer{i}.", is_decoder) for i in range(params["numLayers"])]
        mask = {"tgt_mask" if is_decoder else "src_mask": future(length) if causal else None}

        def run(v, *memory):
            for state in states:
                v = functional_call(module, state(), (v, *memory), mask)
            return v

        return net.add(type, [x, x] if is_decoder else [x], run, params, ("x", "memory"))

    return build


@sequence_only
def positional(net, x):
    length, features = net.shapes[x]
    if chance(net):
        rows = length + net.random.randint(0, 5)
        table = net.weight("table", rows, features)
        return net.add("PositionalEncoding", [x], lambda v: v + table[:length], {"kind": "learned", "maxLength": rows})
    pairs = torch.arange(features) // 2 * 2
    angles = torch.arange(length).double().unsqueeze(1) / 10000.0 ** (pairs / features)
    waves = torch.where(torch.arange(features) % 2 == 0, angles.sin(), angles.cos()).float()
    return net.add("PositionalEncoding", [x], lambda v: v + waves)


@sequence_only
def class_token(net, x):
    features = net.shapes[x][1]
    token = net.weight("token", features)
    return net.add("ClassToken", [x], lambda v: torch.cat([token.expand(len(v), 1, features), v], 1))


def embedding(net, x):
    """Vectors for the labels, joined to rows of features."""
    if len(net.shapes[x]) != 1:
        return None
    net.reads_labels = True
    tokens = net.add("Input", [], lambda labels: labels.view(-1, 1), {"kind": "tokens", "column": "label", "shape": [1]})
    net.shapes[tokens] = (1,)
    width, has_padding = net.random.randint(1, 8), chance(net)
    table = net.weight("table", 5, width)
    table.data *= 3
    rows = net.add("Embedding", [tokens], lambda t: F.embedding(t.long(), table, 0 if has_padding else None), {"vocabulary": 5, "dimension": width, "padding": has_padding})
    flat = net.add("Flatten", [rows], lambda v: v.flatten(1))
    return net.add("Concat", [x, flat], lambda *v: torch.cat(v, 1), {"axis": 1})


SEQUENCES = {
    "Embedding": embedding,
    "PositionalEncoding": positional,
    "ClassToken": class_token,
    "SimpleRNN": recurrent("SimpleRNN", torch._VF.rnn_tanh, 1),
    "LSTM": recurrent("LSTM", torch._VF.lstm, 4),
    "GRU": recurrent("GRU", torch._VF.gru, 3),
    "MeanOverTime": sequence_only(lambda net, x: net.add("MeanOverTime", [x], lambda v: v.mean(1))),
    "MaxOverTime": sequence_only(lambda net, x: net.add("MaxOverTime", [x], lambda v: v.max(1)[0])),
    "MultiHeadAttention": multi_head,
    "ScaledDotProductAttention": scaled_dot_product,
    "TransformerEncoder": transformer("TransformerEncoder", False),
    "TransformerDecoder": transformer("TransformerDecoder", True),
}
