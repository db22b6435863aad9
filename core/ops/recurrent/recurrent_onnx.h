#pragma once

#include <string>

#include "core/ops/recurrent/recurrent.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

/// Where ONNX's gates stand among ours: ONNX orders those of an LSTM i, o, f, c and those of a GRU z, r, h.
inline std::vector<std::int64_t> onnxGates(Cell cell)
{
    if (cell == Cell::Lstm)
        return {0, 3, 1, 2};
    return cell == Cell::Gru ? std::vector<std::int64_t>{1, 0, 2} : std::vector<std::int64_t>{0};
}

/// ONNX's RNN, LSTM or GRU. It wants time before the batch, weights [1, G·H, …] and its own order of gates; the
/// nodes that bring them there work on weights alone, so that a runtime computes them once.
class RecurrentOnnx {
public:
    RecurrentOnnx(Cell cell, const Op& op) : m_cell(cell), m_units(op.input(2).shape()[0].factor), m_op(op) {}

    OnnxForm form()
    {
        constant("axes0", {0});
        constant("axes1", {1});
        add("Transpose", {"x0"}, "x", {{"perm", std::vector<std::int64_t>{1, 0, 2}}});
        const std::string kernel = weights("x1", "w"), recurrent = weights("x2", "r");
        const std::string bias = ordered("x3", "b"), recurrentBias = ordered("x4", "c");
        add("Concat", {bias, recurrentBias}, "flatBias", {{"axis", std::int64_t(0)}});
        add("Unsqueeze", {"flatBias", "axes0"}, "bias");
        OnnxNode node{m_cell == Cell::Lstm      ? "LSTM"
                          : m_cell == Cell::Gru ? "GRU"
                                                : "RNN",
                      {"x", kernel, recurrent, "bias"},
                      {"Y", "Yh"},
                      {{"hidden_size", m_units}, {"direction", std::string(m_op.attributes().flag("reverse") ? "reverse" : "forward")}}};
        if (m_op.inputs().size() > 5)
            node.inputs.push_back("x5");
        if (m_cell == Cell::Gru)
            node.attributes.set("linear_before_reset", std::int64_t(1));
        m_form.nodes.push_back(std::move(node));
        add("Squeeze", {"Y", "axes1"}, "timeFirst");
        add("Transpose", {"timeFirst"}, "y0", {{"perm", std::vector<std::int64_t>{1, 0, 2}}});
        add("Squeeze", {"Yh", "axes0"}, "y1");
        return std::move(m_form);
    }

private:
    void constant(const std::string& name, const std::vector<std::int64_t>& values) { m_form.constants[name] = onnxList(values); }
    void add(const char* type, std::vector<std::string> inputs, const std::string& output, Attributes attributes = {})
    {
        m_form.nodes.push_back({type, std::move(inputs), {output}, std::move(attributes)});
    }

    /// The blocks of the first axis in ONNX's order.
    std::string ordered(const std::string& from, const std::string& name)
    {
        const std::vector<std::int64_t> order = onnxGates(m_cell);
        if (order.size() == 1)
            return from;
        std::vector<std::string> parts;
        for (const std::int64_t gate : order) {
            const std::string number = std::to_string(gate);
            constant("begin" + number, {gate * m_units});
            constant("end" + number, {(gate + 1) * m_units});
            parts.push_back(name + number);
            add("Slice", {from, "begin" + number, "end" + number, "axes0"}, parts.back());
        }
        add("Concat", parts, name + "Ordered", {{"axis", std::int64_t(0)}});
        return name + "Ordered";
    }

    /// [in, G·H] as [1, G·H, in].
    std::string weights(const std::string& from, const std::string& name)
    {
        add("Transpose", {from}, name + "Turned", {{"perm", std::vector<std::int64_t>{1, 0}}});
        add("Unsqueeze", {ordered(name + "Turned", name), "axes0"}, name);
        return name;
    }

    Cell m_cell;
    std::int64_t m_units;
    const Op& m_op;
    OnnxForm m_form;
};

inline OnnxForm recurrentOnnx(Cell cell, const Op& op)
{
    return RecurrentOnnx(cell, op).form();
}

} // namespace weft
