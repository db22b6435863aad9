#include "core/network/network_lowering.h"

#include <algorithm>
#include <cassert>

#include "core/base/random.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

/// What one node's `lower` sees.
class NodeContext final : public LowerContext {
public:
    NodeContext(NetworkLowering& network, int index) : m_network(network), m_index(index), m_wired(network.m_wiring.at(index))
    {
        for (const auto& port : m_wired.inputs) {
            if (port.empty()) {
                m_inputs.emplace_back();
                m_sources.emplace_back();
            }
            for (const WireSource& source : port) {
                m_inputs.push_back(network.m_outputs[static_cast<std::size_t>(source.node)][static_cast<std::size_t>(source.port)]);
                m_sources.push_back(source);
            }
        }
    }

    Graph& graph() override { return *m_network.m_lowered.graph; }
    Mode mode() const override { return m_network.m_options.mode; }
    const std::vector<Value>& inputs() const override { return m_inputs; }
    const std::vector<WireSource>& sources() const { return m_sources; }

    const Tree& value(const std::string& key) const override
    {
        const ParamSpec* param = m_wired.layer->findParam(key);
        assert(param);
        return m_wired.values[static_cast<std::size_t>(param - m_wired.layer->params().data())];
    }

    Value parameter(const std::string& name, const Shape& shape, const Initializer& initializer, bool decays) override
    {
        return graph().variable(m_wired.owner + "/" + name, Role::Parameter, {DType::Float32, shape}, initializer, decays,
                                m_network.m_network.findNode(m_wired.owner)->learningRateFactor);
    }

    Value state(const std::string& name, const Shape& shape, const Initializer& initializer) override
    {
        return graph().variable(m_wired.owner + "/" + name, Role::State, {DType::Float32, shape}, initializer, false);
    }

    Value feed(const std::string& column, const TensorType& type) override
    {
        m_lastFeed = m_network.feed(column, type, id());
        return m_lastFeed;
    }

    Value lengths(int index) const override
    {
        const WireSource& from = m_sources[static_cast<std::size_t>(index)];
        return from.node < 0 ? Value() : m_network.m_lengths[static_cast<std::size_t>(from.node)][static_cast<std::size_t>(from.port)];
    }

    void giveLengths(const Value& lengths) override { m_givenLengths = lengths; }
    std::int64_t longest() const override { return m_network.m_lowered.longest; }

    void declareLongest(std::int64_t steps) override
    {
        std::int64_t& longest = m_network.m_lowered.longest;
        if (longest != 0 && longest != steps)
            throw LayerFault("input.longest",
                             message(WEFT_TEXT("Network",
                                               "Sequences of up to %1 steps enter here, but up to %2 elsewhere. Give all inputs of variable length "
                                               "the same longest length."),
                                     steps, longest));
        longest = steps;
    }

    std::uint64_t randomStream() const override { return fnv1a64(id()); }

    const LayerSpec* source(int index) const override
    {
        const WireSource& from = m_sources[static_cast<std::size_t>(index)];
        return from.node < 0 ? nullptr : m_network.m_wiring.at(from.node).layer;
    }

    void advise(Advice advice) override
    {
        m_network.report(m_index, std::move(advice.code), advice.severity, std::move(advice.message), m_sources, advice.remedies);
    }

    /// What this node asked the data source for last.
    const Value& lastFeed() const { return m_lastFeed; }
    const Value& givenLengths() const { return m_givenLengths; }
    /// The lengths of the first input that carries some.
    Value firstLengths() const
    {
        for (int i = 0; i < static_cast<int>(m_inputs.size()); ++i) {
            if (const Value found = lengths(i))
                return found;
        }
        return {};
    }
    const std::string& id() const { return m_network.m_network.nodes[static_cast<std::size_t>(m_index)].id; }

private:
    NetworkLowering& m_network;
    int m_index;
    const WiredNode& m_wired;
    std::vector<Value> m_inputs;
    std::vector<WireSource> m_sources;
    Value m_lastFeed;
    Value m_givenLengths;
};

NetworkLowering::NetworkLowering(const Network& network, const LowerOptions& options, bool isCheck) :
    m_network(network), m_options(options), m_isCheck(isCheck), m_wiring(resolve(network))
{
    m_lowered.graph = std::make_unique<Graph>();
    m_lowered.mode = options.mode;
    m_outputs.resize(network.nodes.size());
    m_lengths.resize(network.nodes.size());
    m_infos.resize(network.nodes.size());
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        m_infos[i].node = network.nodes[i].id;
}

void NetworkLowering::report(int index, std::string code, Severity severity, Message text, const std::vector<WireSource>& inputs,
                             const std::vector<Remedy>& remedies)
{
    const std::string& id = m_network.nodes[static_cast<std::size_t>(index)].id;
    m_wiring.diagnostics.push_back({std::move(code), severity, id, std::move(text), fixesOf(m_network, id, inputs, remedies)});
}

Value NetworkLowering::feed(const std::string& column, const TensorType& type, const std::string& node)
{
    const auto it = std::find_if(m_lowered.feeds.begin(), m_lowered.feeds.end(), [&](const LoweredFeed& fed) { return fed.column == column; });
    if (it == m_lowered.feeds.end()) {
        m_fedFirst[column] = node;
        m_lowered.feeds.push_back({column, m_lowered.graph->input(column, type)});
        return m_lowered.feeds.back().value;
    }
    if (it->value.type() != type)
        throw LayerFault("column.conflict",
                         message(WEFT_TEXT("Network", "The column \"%1\" is read as %2 %3 here, but as %4 %5 by %6."), column, nameOf(type.dtype),
                                 toString(type.shape), nameOf(it->value.dtype()), toString(it->value.shape()), m_fedFirst[column]));
    return it->value;
}

void NetworkLowering::run()
{
    for (const int index : m_wiring.order)
        lowerNode(index);
    collectOutputs();
    // Trainers and exporters want the inputs before the targets.
    std::stable_partition(m_lowered.feeds.begin(), m_lowered.feeds.end(), [&](const LoweredFeed& fed) {
        const WiredNode& node = m_wiring.at(m_wiring.indexOf.at(m_fedFirst.at(fed.column)));
        return node.layer->category() == Category::Data;
    });
}

void NetworkLowering::lowerNode(int index)
{
    const WiredNode& wired = m_wiring.at(index);
    if (wired.isFaulty)
        return;
    for (const auto& port : wired.inputs) {
        for (const WireSource& source : port) {
            // Something before this node is faulty; that is reported there.
            if (m_outputs[static_cast<std::size_t>(source.node)].empty())
                return;
        }
    }
    NodeContext context(*this, index);
    for (const Value& input : context.inputs()) {
        if (input)
            m_infos[static_cast<std::size_t>(index)].inputTypes.push_back(input.type());
    }
    Graph& graph = *m_lowered.graph;
    const Graph::NodeScope scope(graph, context.id());
    const std::size_t firstOp = graph.ops().size();
    const std::size_t firstVariable = graph.variables().size();
    try {
        if (wired.layer->isLoss())
            lowerLoss(index, context);
        else
            m_outputs[static_cast<std::size_t>(index)] = {wired.layer->lower()(context)};
        passLengths(index, context);
        finish(index, firstOp, firstVariable);
    } catch (const LayerFault& fault) {
        report(index, fault.code(), Severity::Error, fault.message(), context.sources(), fault.remedies());
        m_outputs[static_cast<std::size_t>(index)].clear();
    } catch (const Error& error) {
        report(index, "shape.mismatch", Severity::Error, error.message(), {}, {});
        m_outputs[static_cast<std::size_t>(index)].clear();
    }
}

namespace {

bool varies(const Value& value)
{
    return std::any_of(value.shape().begin(), value.shape().end(), [](const Dim& dim) { return dim.timesT; });
}

} // namespace

/// Puts the lengths of a sequence beside the node's outputs, and warns where they get lost.
void NetworkLowering::passLengths(int index, const NodeContext& context)
{
    const std::vector<Value>& outputs = m_outputs[static_cast<std::size_t>(index)];
    const Mask mask = m_wiring.at(index).layer->mask();
    const Value arriving = context.firstLengths();
    for (const Value& output : outputs) {
        const Value lengths = mask == Mask::Pass ? arriving : context.givenLengths();
        m_lengths[static_cast<std::size_t>(index)].push_back(varies(output) ? lengths : Value());
        if (mask == Mask::Drop && arriving && varies(output))
            report(index, "sequence.lengthsLost", Severity::Warning,
                   message(WEFT_TEXT("Network",
                                     "%1 does not know how long each sequence is, so what follows takes the padding at the end for data. Put it "
                                     "behind a layer that ends the sequence, such as MeanOverTime."),
                           m_wiring.at(index).layer->type()),
                   {}, {});
    }
}

void NetworkLowering::lowerLoss(int index, NodeContext& context)
{
    const WiredNode& wired = m_wiring.at(index);
    if (varies(context.input(0)))
        throw LayerFault(
            "loss.sequence",
            message(WEFT_TEXT("Network",
                              "A loss needs one prediction for each sample, but gets a sequence of variable length, %1. Put MeanOverTime or a "
                              "recurrent layer that returns the last step before it."),
                    toString(context.input(0).shape())));
    LoweredLoss loss;
    loss.node = context.id();
    loss.task = wired.layer->task();
    loss.weight = context.param<double>("weight");
    loss.isTrainingOnly = context.param<bool>("trainingOnly");
    const bool isLeftOut = loss.isTrainingOnly && m_options.mode == Mode::Infer;
    if (isLeftOut && !m_isCheck)
        return;
    loss.prediction = context.input(0);
    if (m_options.withLosses) {
        loss.perSample = wired.layer->lower()(context);
        loss.target = context.inputs().size() > 1 && context.input(1) ? context.input(1) : context.lastFeed();
        const Value mean = affine(reduceMean(loss.perSample, {0}), loss.weight);
        m_lowered.loss = m_lowered.loss ? add(m_lowered.loss, mean) : mean;
    }
    loss.output = wired.layer->link()(loss.prediction);
    m_infos[static_cast<std::size_t>(index)].outputTypes = {loss.output.type()};
    m_lowered.losses.push_back(std::move(loss));
}

/// Counts what the node added to the graph and refuses sizes that no machine could hold.
void NetworkLowering::finish(int index, std::size_t firstOp, std::size_t firstVariable)
{
    const Graph& graph = *m_lowered.graph;
    NodeInfo& info = m_infos[static_cast<std::size_t>(index)];
    constexpr std::int64_t largest = std::int64_t{1} << 40;
    const std::int64_t steps = std::max<std::int64_t>(m_lowered.longest, 1);
    const auto elementsOf = [&](const Value& value) {
        std::int64_t elements = 1;
        for (const std::int64_t extent : value.shape().at(1, steps)) {
            if (extent > 0 && elements > largest / extent)
                throw LayerFault("size.tooLarge",
                                 message(WEFT_TEXT("Network", "The shape %1 has more elements than any machine can hold."), toString(value.shape())));
            elements *= extent;
        }
        return elements;
    };
    for (std::size_t i = firstVariable; i < graph.variables().size(); ++i) {
        const Value& variable = graph.variables()[i];
        const std::int64_t elements = elementsOf(variable);
        if (variable.variable()->role == Role::Parameter)
            info.parameters += elements;
    }
    for (const Value& output : m_outputs[static_cast<std::size_t>(index)]) {
        info.activationBytes += static_cast<double>(elementsOf(output)) * static_cast<double>(sizeOf(output.dtype()));
        info.outputTypes.push_back(output.type());
    }
    for (std::size_t i = firstOp; i < graph.ops().size(); ++i) {
        const Op& op = *graph.ops()[i];
        if (op.spec().cost)
            info.multiplyAdds += op.spec().cost(op, steps).multiplyAdds;
    }
}

void NetworkLowering::collectOutputs()
{
    for (const LoweredLoss& loss : m_lowered.losses) {
        if (!loss.isTrainingOnly)
            m_lowered.outputs.push_back({loss.node, loss.node, loss.output});
    }
    const bool hasLinks = !m_lowered.outputs.empty();
    for (std::size_t i = 0; i < m_outputs.size(); ++i) {
        const WiredNode& wired = m_wiring.nodes[i];
        for (std::size_t port = 0; port < m_outputs[i].size(); ++port) {
            const std::string& id = m_network.nodes[i].id;
            const PortRef ref{id, wired.layer->outputs()[port].name};
            m_lowered.ports.push_back({ref, m_outputs[i][port], m_lengths[i][port]});
            if (!hasLinks && wired.wiresOut[port] == 0)
                m_lowered.outputs.push_back({id, m_outputs[i].size() == 1 ? id : toString(ref), m_outputs[i][port]});
        }
    }
}

} // namespace weft
