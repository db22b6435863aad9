#include "core/network/network_lowering.h"

#include <algorithm>
#include <cassert>

#include "core/base/random.h"
#include "core/network/blocks.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

/// What one node's `lower` sees.
class NodeContext final : public LowerContext {
public:
    NodeContext(NetworkLowering& network, SheetLowering& at, int index) :
        m_network(network), m_at(at), m_index(index), m_wired(at.wiring.at(index)), m_path(at.path + at.node(index).id)
    {
        for (const auto& port : m_wired.inputs) {
            if (port.empty()) {
                m_inputs.emplace_back();
                m_sources.emplace_back();
            }
            for (const WireSource& source : port) {
                m_inputs.push_back(at.outputs[static_cast<std::size_t>(source.node)][static_cast<std::size_t>(source.port)]);
                m_sources.push_back(source);
            }
        }
    }

    Graph& graph() override { return *m_network.m_lowered.graph; }
    Mode mode() const override { return m_network.m_options.mode; }
    const std::vector<Value>& inputs() const override { return m_inputs; }
    const std::vector<WireSource>& sources() const { return m_sources; }
    const LayerSpec& layer() const { return *m_wired.layer; }

    const Tree& value(const std::string& key) const override
    {
        const ParamSpec* param = layer().findParam(key);
        assert(param);
        return m_wired.values[static_cast<std::size_t>(param - layer().params().data())];
    }

    Value parameter(const std::string& name, const Shape& shape, const Initializer& initializer, bool decays) override
    {
        return graph().variable(variablePath() + name, Role::Parameter, {DType::Float32, shape}, initializer, decays, rateFactor());
    }

    Value state(const std::string& name, const Shape& shape, const Initializer& initializer) override
    {
        return graph().variable(variablePath() + name, Role::State, {DType::Float32, shape}, initializer, false);
    }

    Value feed(const std::string& column, const TensorType& type) override
    {
        m_lastFeed = m_network.feed(column, type, *this);
        return m_lastFeed;
    }

    Value lengths(int index) const override
    {
        const WireSource& from = m_sources[static_cast<std::size_t>(index)];
        return from.node < 0 ? Value() : m_at.lengths[static_cast<std::size_t>(from.node)][static_cast<std::size_t>(from.port)];
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

    std::uint64_t randomStream() const override { return fnv1a64(m_path); }

    const LayerSpec* source(int index) const override
    {
        const WireSource& from = m_sources[static_cast<std::size_t>(index)];
        return from.node < 0 ? nullptr : m_at.wiring.at(from.node).layer;
    }

    void advise(Advice advice) override { report(std::move(advice.code), advice.severity, std::move(advice.message), advice.remedies); }

    void report(std::string code, Severity severity, Message text, const std::vector<Remedy>& remedies) const
    {
        const std::string& id = m_at.node(m_index).id;
        m_network.report(m_at, {std::move(code), severity, id, std::move(text), fixesOf(m_at.sheet, id, m_sources, remedies)});
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
    /// The ids that lead to this node: "stage1/conv1".
    const std::string& path() const { return m_path; }
    /// What stands before the names of this node's variables; with shared weights those of their owner.
    std::string variablePath() const { return m_at.variables + m_wired.owner + "/"; }
    double rateFactor() const { return m_at.rateFactor * m_at.sheet.findNode(m_wired.owner)->learningRateFactor; }

private:
    NetworkLowering& m_network;
    const SheetLowering& m_at;
    int m_index;
    const WiredNode& m_wired;
    std::string m_path;
    std::vector<Value> m_inputs;
    std::vector<WireSource> m_sources;
    Value m_lastFeed;
    Value m_givenLengths;
};

namespace {

SheetLowering begin(const Network& network, const Sheet& sheet, SheetScope scope)
{
    SheetLowering at{sheet, std::move(scope), {}, {}, 1.0, {}, {}, {}, {}, {}};
    at.wiring = resolve(network, sheet, at.scope);
    at.infos.resize(sheet.nodes.size());
    at.outputs.resize(sheet.nodes.size());
    at.lengths.resize(sheet.nodes.size());
    return at;
}

} // namespace

NetworkLowering::NetworkLowering(const Network& network, const LowerOptions& options, bool isCheck) :
    m_network(network), m_options(options), m_isCheck(isCheck), m_top(begin(network, network, {}))
{
    m_lowered.graph = std::make_unique<Graph>();
    m_lowered.mode = options.mode;
}

/// Faults inside a block are shown on the outermost instance, name the way to the node, and come once,
/// not for each instance; their fixes are edits of the block.
void NetworkLowering::report(const SheetLowering& at, Diagnostic diagnostic)
{
    if (at.scope.block) {
        const std::string& block = at.scope.block->id;
        if (!m_reported.insert(block + "/" + diagnostic.node + ": " + english(diagnostic.message)).second)
            return;
        const std::string path = at.path + diagnostic.node;
        diagnostic.node = path.substr(0, path.find('/'));
        diagnostic.inner = path.substr(path.find('/') + 1);
        for (Fix& fix : diagnostic.fixes)
            fix.edits = insideBlock(block, std::move(fix.edits));
    }
    m_diagnostics.push_back(std::move(diagnostic));
}

Value NetworkLowering::feed(const std::string& column, const TensorType& type, const NodeContext& context)
{
    const auto it = std::find_if(m_lowered.feeds.begin(), m_lowered.feeds.end(), [&](const LoweredFeed& fed) { return fed.column == column; });
    if (it == m_lowered.feeds.end()) {
        m_lowered.feeds.push_back({column, m_lowered.graph->input(column, type), context.path(), context.layer().category() == Category::Data});
        return m_lowered.feeds.back().value;
    }
    if (it->value.type() != type)
        throw LayerFault("column.conflict",
                         message(WEFT_TEXT("Network", "The column \"%1\" is read as %2 %3 here, but as %4 %5 by %6."), column, nameOf(type.dtype),
                                 toString(type.shape), nameOf(it->value.dtype()), toString(it->value.shape()), it->node));
    return it->value;
}

void NetworkLowering::run()
{
    lowerSheet(m_top);
    collectOutputs();
    // Trainers and exporters want the inputs before the targets.
    std::stable_partition(m_lowered.feeds.begin(), m_lowered.feeds.end(), [](const LoweredFeed& fed) { return fed.isInput; });
}

void NetworkLowering::lowerSheet(SheetLowering& at)
{
    for (std::size_t i = 0; i < at.sheet.nodes.size(); ++i)
        at.infos[i].node = at.sheet.nodes[i].id;
    for (Diagnostic& diagnostic : at.wiring.diagnostics)
        report(at, std::move(diagnostic));
    for (const int index : at.wiring.order)
        lowerNode(at, index);
    collectPorts(at);
}

void NetworkLowering::lowerNode(SheetLowering& at, int index)
{
    const WiredNode& wired = at.wiring.at(index);
    if (wired.isFaulty)
        return;
    for (const auto& port : wired.inputs) {
        for (const WireSource& source : port) {
            // Something before this node is faulty; that is reported there.
            if (at.outputs[static_cast<std::size_t>(source.node)].empty())
                return;
        }
    }
    NodeContext context(*this, at, index);
    for (const Value& input : context.inputs()) {
        if (input)
            at.infos[static_cast<std::size_t>(index)].inputTypes.push_back(input.type());
    }
    if (wired.isBypassed)
        return passBy(at, index, context);
    Graph& graph = *m_lowered.graph;
    const Graph::NodeScope scope(graph, context.path());
    const std::size_t firstOp = graph.ops().size();
    const std::size_t firstVariable = graph.variables().size();
    std::vector<Value>& outputs = at.outputs[static_cast<std::size_t>(index)];
    try {
        if (wired.block)
            lowerInstance(at, index, context);
        else if (wired.layer == &blockInputLayer())
            outputs = enterBlock(at, index);
        else if (wired.layer == &blockOutputLayer())
            at.ports[at.node(index).id] = {context.input(0), context.lengths(0)};
        else if (wired.layer->isLoss())
            lowerLoss(at, index, context);
        else
            outputs = {wired.layer->lower()(context)};
        if (wired.layer->category() != Category::Block)
            passLengths(at, index, context);
        finish(at, index, firstOp, firstVariable);
    } catch (const LayerFault& fault) {
        context.report(fault.code(), Severity::Error, fault.message(), fault.remedies());
        outputs.clear();
    } catch (const Error& error) {
        context.report("shape.mismatch", Severity::Error, error.message(), {});
        outputs.clear();
    }
}

/// A bypassed node gives what enters it, for those who look at its wires; nothing of the graph hangs on it.
void NetworkLowering::passBy(SheetLowering& at, int index, const NodeContext& context)
{
    const auto place = static_cast<std::size_t>(index);
    at.outputs[place] = {context.input(0)};
    at.lengths[place] = {context.lengths(0)};
    at.infos[place].outputTypes = {context.input(0).type()};
}

/// What the instance is fed with at the port that node `index` is.
std::vector<Value> NetworkLowering::enterBlock(SheetLowering& at, int index)
{
    const PortValue& given = at.ports.at(at.node(index).id);
    at.lengths[static_cast<std::size_t>(index)] = {given.lengths};
    return {given.value};
}

/// Lowers the nodes of the block that node `index` is an instance of.
void NetworkLowering::lowerInstance(SheetLowering& at, int index, const NodeContext& context)
{
    constexpr std::size_t mostNodes = 10000;
    const WiredNode& wired = at.wiring.at(index);
    const Block& block = *wired.block;
    m_nodesInBlocks += block.nodes.size();
    if (m_nodesInBlocks > mostNodes)
        throw LayerFault("block.tooMany",
                         message(WEFT_TEXT("Network", "The blocks hold more than %1 layers together. Use fewer instances."), mostNodes));
    SheetScope scope{&block, {}};
    for (std::size_t i = 0; i < block.params.size(); ++i)
        scope.values.emplace_back(block.params[i].key, wired.values[i].integer());
    SheetLowering inner = begin(m_network, block, std::move(scope));
    inner.path = context.path() + "/";
    inner.variables = context.variablePath();
    inner.rateFactor = context.rateFactor();
    for (std::size_t i = 0; i < wired.layer->inputs().size(); ++i)
        inner.ports[wired.layer->inputs()[i].name] = {context.input(static_cast<int>(i)), context.lengths(static_cast<int>(i))};
    lowerSheet(inner);

    std::vector<Value>& outputs = at.outputs[static_cast<std::size_t>(index)];
    NodeInfo& info = at.infos[static_cast<std::size_t>(index)];
    for (NodeInfo& part : inner.infos) {
        info.activationBytes += part.activationBytes;
        part.node = inner.path + part.node;
        m_innerInfos.push_back(std::move(part));
    }
    for (const PortSpec& port : wired.layer->outputs()) {
        const auto given = inner.ports.find(port.name);
        if (given == inner.ports.end()) { // a fault inside, which is reported there
            outputs.clear();
            return;
        }
        outputs.push_back(given->second.value);
        at.lengths[static_cast<std::size_t>(index)].push_back(given->second.lengths);
    }
}

namespace {

bool varies(const Value& value)
{
    return std::any_of(value.shape().begin(), value.shape().end(), [](const Dim& dim) { return dim.timesT; });
}

} // namespace

/// Puts the lengths of a sequence beside the node's outputs, and warns where they get lost.
void NetworkLowering::passLengths(SheetLowering& at, int index, const NodeContext& context)
{
    const Mask mask = context.layer().mask();
    const Value arriving = context.firstLengths();
    for (const Value& output : at.outputs[static_cast<std::size_t>(index)]) {
        const Value lengths = mask == Mask::Pass ? arriving : context.givenLengths();
        at.lengths[static_cast<std::size_t>(index)].push_back(varies(output) ? lengths : Value());
        if (mask == Mask::Drop && arriving && varies(output))
            context.report(
                "sequence.lengthsLost", Severity::Warning,
                message(WEFT_TEXT("Network",
                                  "%1 does not know how long each sequence is, so what follows takes the padding at the end for data. Put it "
                                  "behind a layer that ends the sequence, such as MeanOverTime."),
                        context.layer().type()),
                {});
    }
}

void NetworkLowering::lowerLoss(SheetLowering& at, int index, NodeContext& context)
{
    const WiredNode& wired = at.wiring.at(index);
    if (varies(context.input(0)))
        throw LayerFault(
            "loss.sequence",
            message(WEFT_TEXT("Network",
                              "A loss needs one prediction for each sample, but gets a sequence of variable length, %1. Put MeanOverTime or a "
                              "recurrent layer that returns the last step before it."),
                    toString(context.input(0).shape())));
    LoweredLoss loss;
    loss.node = context.path();
    loss.weight = context.param<double>("weight");
    loss.isTrainingOnly = context.param<bool>("trainingOnly");
    const bool isLeftOut = loss.isTrainingOnly && m_options.mode == Mode::Infer;
    if (isLeftOut && !m_isCheck)
        return;
    if (m_options.withLosses) {
        loss.perSample = wired.layer->lower()(context);
        loss.target = context.inputs().size() > 1 && context.input(1) ? context.input(1) : context.lastFeed();
        const Value unweighted = reduceMean(loss.perSample, {0}), mean = loss.weight == 1.0 ? unweighted : affine(unweighted, loss.weight);
        m_lowered.loss = m_lowered.loss ? add(m_lowered.loss, mean) : mean;
    }
    const LossAnswer answer = wired.layer->answer()(context);
    loss.prediction = answer.prediction;
    loss.output = answer.output;
    loss.task = answer.task;
    loss.isOneScore = answer.isOneScore;
    at.infos[static_cast<std::size_t>(index)].outputTypes = {loss.output.type()};
    m_lowered.losses.push_back(std::move(loss));
}

/// Counts what the node added to the graph and refuses sizes that no machine could hold.
void NetworkLowering::finish(SheetLowering& at, int index, std::size_t firstOp, std::size_t firstVariable)
{
    const Graph& graph = *m_lowered.graph;
    NodeInfo& info = at.infos[static_cast<std::size_t>(index)];
    const bool isCountedElsewhere = at.wiring.at(index).layer->category() == Category::Block;
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
    for (const Value& output : at.outputs[static_cast<std::size_t>(index)]) {
        if (!isCountedElsewhere)
            info.activationBytes += static_cast<double>(elementsOf(output)) * static_cast<double>(sizeOf(output.dtype()));
        info.outputTypes.push_back(output.type());
    }
    for (std::size_t i = firstOp; i < graph.ops().size(); ++i) {
        const Op& op = *graph.ops()[i];
        if (op.spec().cost)
            info.multiplyAdds += op.spec().cost(op, steps).multiplyAdds;
    }
}

void NetworkLowering::collectPorts(const SheetLowering& at)
{
    for (std::size_t i = 0; i < at.outputs.size(); ++i) {
        for (std::size_t port = 0; port < at.outputs[i].size(); ++port)
            m_lowered.ports.push_back(
                {{at.path + at.sheet.nodes[i].id, at.wiring.nodes[i].layer->outputs()[port].name}, at.outputs[i][port], at.lengths[i][port]});
    }
}

void NetworkLowering::collectOutputs()
{
    for (const LoweredLoss& loss : m_lowered.losses) {
        if (!loss.isTrainingOnly)
            m_lowered.outputs.push_back({loss.node, loss.node, loss.output});
    }
    if (!m_lowered.outputs.empty())
        return;
    for (std::size_t i = 0; i < m_top.outputs.size(); ++i) {
        const WiredNode& wired = m_top.wiring.nodes[i];
        const std::vector<Value>& values = m_top.outputs[i];
        const std::string& id = m_top.sheet.nodes[i].id;
        if (wired.isBypassed)
            continue;
        for (std::size_t port = 0; port < values.size(); ++port) {
            if (wired.wiresOut[port] == 0)
                m_lowered.outputs.push_back({id, values.size() == 1 ? id : toString(PortRef{id, wired.layer->outputs()[port].name}), values[port]});
        }
    }
}

} // namespace weft
