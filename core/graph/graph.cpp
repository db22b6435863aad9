#include "core/graph/graph.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"

namespace weft {

Value Graph::newValue(TensorType type)
{
    Value::Node& node = m_values.emplace_back();
    node.graph = this;
    node.id = static_cast<int>(m_values.size()) - 1;
    node.type = std::move(type);
    return Value(&node);
}

Value Graph::input(const std::string& name, TensorType type)
{
    const Value value = newValue(std::move(type));
    m_values.back().name = name;
    m_inputs.push_back(value);
    return value;
}

Value Graph::variable(const std::string& name, Role role, TensorType type, Initializer initializer, bool decays, double rateFactor)
{
    if (const Value existing = findVariable(name)) {
        if (existing.type() != type || existing.variable()->role != role)
            throw Error(WEFT_TEXT("Graph", "The variable %1 is shared, but one use wants %2 and another %3."), name, toString(existing.shape()),
                        toString(type.shape));
        return existing;
    }
    const Value value = newValue(std::move(type));
    m_variableRecords.push_back({name, role, initializer, decays, rateFactor});
    m_values.back().name = name;
    m_values.back().variable = &m_variableRecords.back();
    m_variables.push_back(value);
    m_variableByName.emplace(name, value);
    return value;
}

Value Graph::findVariable(const std::string& name) const
{
    const auto it = m_variableByName.find(name);
    return it == m_variableByName.end() ? Value() : it->second;
}

const std::vector<Value>& Graph::add(const OpSpec& spec, std::vector<Value> inputs, Attributes attributes)
{
    std::vector<TensorType> types;
    types.reserve(inputs.size());
    for (const Value& value : inputs)
        types.push_back(value.type());
    std::vector<TensorType> outputTypes = spec.infer(types, attributes);

    Op& op = *m_ops.emplace_back(std::make_unique<Op>(spec, std::move(inputs), std::move(attributes), m_node));
    for (TensorType& type : outputTypes) {
        op.m_outputs.push_back(newValue(std::move(type)));
        m_values.back().producer = &op;
        m_values.back().outputIndex = static_cast<int>(op.m_outputs.size()) - 1;
    }
    return op.m_outputs;
}

void Graph::replaceUses(const Value& from, const Value& to)
{
    for (const auto& op : m_ops)
        std::replace(op->m_inputs.begin(), op->m_inputs.end(), from, to);
}

void Graph::moveAdded(std::size_t size, std::size_t to)
{
    const auto at = [&](std::size_t index) { return m_ops.begin() + static_cast<std::ptrdiff_t>(index); };
    std::rotate(at(to), at(size), m_ops.end());
}

void Graph::removeUnused(const std::vector<Value>& keep)
{
    std::set<const Op*> needed;
    const auto need = [&](const Value& value) {
        if (value && value.producer())
            needed.insert(value.producer());
    };
    std::for_each(keep.begin(), keep.end(), need);
    for (auto it = m_ops.rbegin(); it != m_ops.rend(); ++it) {
        if ((*it)->hasEffect())
            needed.insert(it->get());
        if (needed.count(it->get()))
            std::for_each((*it)->inputs().begin(), (*it)->inputs().end(), need);
    }
    std::erase_if(m_ops, [&](const auto& op) { return !needed.count(op.get()); });
}

} // namespace weft
