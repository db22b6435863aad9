#include "core/engine/passes/rewrite.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace weft {

bool isOfSamples(const Value& value)
{
    return std::any_of(value.shape().begin(), value.shape().end(), [](const Dim& dim) { return dim.timesN; });
}

std::vector<const Op*> neededOps(const Graph& graph, const std::vector<Value>& fetches, bool withEffects)
{
    std::set<const Op*> needed;
    const auto need = [&](const Value& value) {
        if (value.producer())
            needed.insert(value.producer());
    };
    std::for_each(fetches.begin(), fetches.end(), need);
    const auto& ops = graph.ops();
    for (auto it = ops.rbegin(); it != ops.rend(); ++it) {
        if (withEffects && (*it)->hasEffect())
            needed.insert(it->get());
        if (needed.count(it->get()))
            std::for_each((*it)->inputs().begin(), (*it)->inputs().end(), need);
    }
    std::vector<const Op*> ordered;
    for (const auto& op : ops) {
        if (needed.count(op.get()))
            ordered.push_back(op.get());
    }
    return ordered;
}

Rewriter::Rewriter(const Graph& from, const std::vector<Value>& fetches, const RewriteContext& context) :
    m_from(from), m_fetches(fetches), m_context(context), m_ops(neededOps(from, fetches, context.request.withEffects)),
    m_readers(static_cast<std::size_t>(from.valueCount())), m_isFetched(static_cast<std::size_t>(from.valueCount())),
    m_mapped(static_cast<std::size_t>(from.valueCount())), m_target(std::make_unique<Graph>())
{
    findReaders();
    for (const Value& input : from.inputs())
        map(input, m_target->input(input.name(), input.type()));
    for (const Value& value : from.variables()) {
        const Variable& variable = *value.variable();
        map(value, m_target->variable(variable.name, variable.role, value.type(), variable.initializer, variable.decays));
    }
}

void Rewriter::findReaders()
{
    for (const Op* op : m_ops) {
        for (const Value& input : op->inputs()) {
            auto& readers = m_readers[static_cast<std::size_t>(input.id())];
            if (readers.empty() || readers.back() != op)
                readers.push_back(op);
        }
    }
    for (const Value& fetch : m_fetches)
        m_isFetched[static_cast<std::size_t>(fetch.id())] = true;
}

const Op* Rewriter::onlyReader(const Value& value) const
{
    return readers(value).size() == 1 && !isFetched(value) ? readers(value).front() : nullptr;
}

RewrittenGraph Rewriter::run(const Pass& pass)
{
    for (const Op* op : m_ops) {
        const Graph::NodeScope scope(*m_target, op->node());
        if (const auto absorbed = m_absorbed.find(op); absorbed != m_absorbed.end()) {
            if (absorbed->second)
                absorbed->second();
        } else if (!pass(*op, *this)) {
            copy(*op);
        }
    }
    return finish();
}

RewrittenGraph Rewriter::run(const std::vector<const Op*>& order)
{
    for (const Op* op : order)
        copy(*op);
    return finish();
}

RewrittenGraph Rewriter::finish()
{
    RewrittenGraph result;
    for (const Value& fetch : m_fetches)
        result.fetches.push_back(mapped(fetch));
    result.graph = std::move(m_target);
    return result;
}

void Rewriter::copy(const Op& op)
{
    const std::vector<Value>& outputs = build(op, op.spec(), op.inputs(), op.attributes());
    for (std::size_t i = 0; i < outputs.size(); ++i)
        map(op.outputs()[i], outputs[i]);
}

const std::vector<Value>& Rewriter::build(const Op& op, const OpSpec& spec, std::span<const Value> inputs, Attributes attributes)
{
    const Graph::NodeScope scope(*m_target, op.node());
    std::vector<Value> now;
    for (const Value& input : inputs)
        now.push_back(mapped(input));
    return m_target->add(spec, std::move(now), std::move(attributes));
}

bool Rewriter::canRun(const OpSpec& spec, std::span<const Value> inputs, const Attributes& attributes) const
{
    return !optionsOf(spec, typesOf(inputs), attributes).empty();
}

bool Rewriter::canRun(const OpSpec& spec, const std::vector<TensorType>& types, const Attributes& attributes) const
{
    return !optionsOf(spec, types, attributes).empty();
}

bool Rewriter::canFuse(const OpSpec& spec, std::span<const Value> inputs, const Attributes& attributes) const
{
    return canFuse(spec, typesOf(inputs), attributes);
}

bool Rewriter::canFuse(const OpSpec& spec, const std::vector<TensorType>& types, const Attributes& attributes) const
{
    const std::string& without = m_context.options.withoutKernels;
    const std::vector<KernelOption> options = optionsOf(spec, types, attributes);
    return std::any_of(options.begin(), options.end(), [&](const KernelOption& option) {
        return without.empty() || std::string_view(option.name).find(without) == std::string_view::npos;
    });
}

std::vector<TensorType> Rewriter::typesOf(std::span<const Value> values)
{
    std::vector<TensorType> types;
    for (const Value& value : values)
        types.push_back(value.type());
    return types;
}

/// The device's own, with all arrays in their logical order.
std::vector<KernelOption> Rewriter::optionsOf(const OpSpec& spec, const std::vector<TensorType>& types, const Attributes& attributes) const
{
    const KernelFactory factory = m_context.table.find(m_context.options.device, spec.name);
    if (!factory || m_context.options.device == DeviceKind::Reference)
        return {};
    const auto arrayType = [&](const TensorType& type) { return ArrayType{type.dtype, type.shape.at(m_context.request.n, m_context.request.t)}; };
    std::vector<ArrayType> inputTypes;
    for (const TensorType& type : types)
        inputTypes.push_back(arrayType(type));
    std::vector<ArrayType> outputTypes;
    for (const TensorType& type : spec.infer(types, attributes))
        outputTypes.push_back(arrayType(type));
    const std::vector<Layout> layouts(types.size(), Layout::RowMajor);
    return factory({attributes, inputTypes, outputTypes, layouts, m_context.options.threads, false, m_context.options.precision});
}

std::size_t Rewriter::bytesOf(const TensorType& type) const
{
    return storedBytes({type.dtype, type.shape.at(m_context.request.n, m_context.request.t)}, Layout::RowMajor);
}

} // namespace weft
