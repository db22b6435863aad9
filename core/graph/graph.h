#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/graph/op.h"

namespace weft {

/// Ops over typed values, in program order: an op comes after the producers of its inputs, and an
/// op that overwrites a variable comes after every op that should read the old contents. Sessions
/// keep that order. Not copyable; values and ops point into it.
class Graph {
public:
    Graph() = default;
    Graph(const Graph&) = delete;
    Graph& operator=(const Graph&) = delete;

    /// A value fed at each run.
    Value input(const std::string& name, TensorType type);

    /// The variable of this name, created on first use. Throws Error when it exists with another
    /// type or role (shared layers must agree).
    Value variable(const std::string& name, Role role, TensorType type, Initializer initializer, bool decays = true, double rateFactor = 1.0);
    /// The variable of this name, or an empty value.
    Value findVariable(const std::string& name) const;

    /// Appends an op; infers its output types. Throws Error when the inputs do not fit.
    const std::vector<Value>& add(const OpSpec& spec, std::vector<Value> inputs, Attributes attributes = {});

    /// Replaces every use of `from` as an op's input by `to` (same type). For passes.
    void replaceUses(const Value& from, const Value& to);
    /// Puts the ops that were added after `size` before the op at index `to`; what they read must come from before.
    /// For passes.
    void moveAdded(std::size_t size, std::size_t to);
    /// Drops ops that neither have an effect nor lead to a value of `keep`. For passes.
    void removeUnused(const std::vector<Value>& keep);

    const std::vector<std::unique_ptr<Op>>& ops() const { return m_ops; }
    std::vector<std::unique_ptr<Op>>& ops() { return m_ops; }
    const std::vector<Value>& inputs() const { return m_inputs; }
    const std::vector<Value>& variables() const { return m_variables; }
    int valueCount() const { return static_cast<int>(m_values.size()); }

    /// While it lives, ops added are marked as made by layer `node`.
    class NodeScope {
    public:
        NodeScope(Graph& graph, std::string node) : m_graph(graph), m_outer(std::exchange(graph.m_node, std::move(node))) {}
        ~NodeScope() { m_graph.m_node = std::move(m_outer); }
        NodeScope(const NodeScope&) = delete;
        NodeScope& operator=(const NodeScope&) = delete;

    private:
        Graph& m_graph;
        std::string m_outer;
    };

private:
    Value newValue(TensorType type);

    std::deque<Value::Node> m_values;
    std::deque<Variable> m_variableRecords;
    std::vector<std::unique_ptr<Op>> m_ops;
    std::vector<Value> m_inputs;
    std::vector<Value> m_variables;
    std::unordered_map<std::string, Value> m_variableByName;
    std::string m_node;
};

} // namespace weft
