#include "core/network/advice.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "core/network/blocks.h"

namespace weft {

namespace {

bool isOp(const Op& op, std::string_view name)
{
    return op.spec().name == name;
}

/// The variable `name` of a layer behind a value, also where it was only brought into another shape.
const Variable* variableNamed(const Value& value, std::string_view name)
{
    if (value.producer() && isOp(*value.producer(), "Reshape"))
        return variableNamed(value.producer()->input(0), name);
    const Variable* variable = value.variable();
    return variable && variable->name.ends_with(name) ? variable : nullptr;
}

bool isDense(const Op& op)
{
    return isOp(op, "MatMul") && variableNamed(op.input(1), "/kernel");
}

/// The Dense that gave x, if nothing follows it but what keeps x a linear function of its input: a bias, the same
/// numbers in another shape, a normalisation by constants. Else nullptr.
const Op* linearSource(Value x)
{
    while (const Op* op = x.producer()) {
        if (isDense(*op))
            return op;
        const bool isBias = isOp(*op, "Add") && variableNamed(op->input(1), "/bias");
        if (!isBias && !isOp(*op, "Reshape") && !isOp(*op, "BatchNormInference"))
            return nullptr;
        x = op->input(0);
    }
    return nullptr;
}

/// Two Dense layers in a row that do what one could. A first one that is narrower than what lies around it does less
/// on purpose: it makes a code.
bool isOneTooMany(const Op& dense)
{
    const Op* before = linearSource(dense.input(0));
    if (!before)
        return false;
    const Dim width = before->output().shape().back();
    return width.factor >= before->input(0).shape().back().factor || width.factor >= dense.output().shape().back().factor;
}

/// Whether the op adds a learned constant to each channel, [N, C, ...]. Added to the last axis it is one of rows alone.
bool addsToChannels(const Op& op)
{
    if (isOp(op, "Conv"))
        return op.inputs().size() > 2 && variableNamed(op.input(2), "/bias");
    if (!isOp(op, "Add") || !variableNamed(op.input(1), "/bias"))
        return false;
    return op.output().shape().rank() == 2 || op.input(1).shape().rank() == op.output().shape().rank() - 1;
}

/// A node by the way to it, with the sheet that holds it.
struct Place {
    const Sheet* sheet = nullptr;
    std::string block; ///< whose sheet it is; empty: the network's own
    const Node* node = nullptr;
};

std::optional<Place> placeOf(const Network& network, const std::string& path)
{
    Place place{&network, {}, nullptr};
    for (std::size_t from = 0;;) {
        const std::size_t slash = path.find('/', from);
        place.node = place.sheet->findNode(path.substr(from, slash - from));
        if (!place.node)
            return std::nullopt;
        if (slash == std::string::npos)
            return place;
        const Block* block = network.findBlock(place.node->type);
        if (!block)
            return std::nullopt;
        place.sheet = block;
        place.block = block->id;
        from = slash + 1;
    }
}

class Adviser {
public:
    Adviser(const Network& network, const Graph& graph, std::vector<Diagnostic>& diagnostics) :
        m_network(network), m_graph(graph), m_diagnostics(diagnostics)
    {
        for (const auto& op : graph.ops()) {
            for (const Value& input : op->inputs())
                ++m_uses[input.id()];
        }
    }

    void run()
    {
        for (const auto& op : m_graph.ops()) {
            if (isDense(*op) && isOneTooMany(*op))
                noteLinear(*op);
        }
        for (const Linear& linear : m_linears)
            adviseActivation(linear);
        for (const auto& op : m_graph.ops()) {
            if (isOp(*op, "BatchNormInference"))
                adviseOnBias(*op);
        }
    }

private:
    /// A Dense that wants an activation before it.
    struct Linear {
        std::string path;
        Place place;
        Wire wire;
    };

    void noteLinear(const Op& dense)
    {
        const std::optional<Place> place = placeOf(m_network, dense.node());
        if (!place)
            return;
        const std::vector<Wire>& wires = place->sheet->wires;
        const auto wire = std::find_if(wires.begin(), wires.end(), [&](const Wire& w) { return w.to.node == place->node->id; });
        const bool isKnown = std::any_of(m_linears.begin(), m_linears.end(), [&](const Linear& linear) { return linear.place.node == place->node; });
        if (wire != wires.end() && !isKnown)
            m_linears.push_back({dense.node(), *place, *wire});
    }

    /// One activation for all that hang on the same output.
    Edits activationEdits(const Linear& first, const LayerSpec& activation) const
    {
        const Sheet& sheet = *first.place.sheet;
        const std::string id = freshId(sheet, activation.type());
        Edits edits = insertNodeEdits(sheet, first.wire, {id, id, activation.type(), Tree::Map{}, {}}, activation.inputs()[0].name,
                                      activation.outputs()[0].name);
        Network changed = m_network;
        const auto add = [&](const Edits& more) {
            const Edits outer = first.place.block.empty() ? more : insideBlock(first.place.block, more);
            for (const Edit& edit : outer)
                apply(changed, edit);
        };
        add(edits);
        for (const Linear& other : m_linears) {
            if (other.place.node == first.place.node || other.place.sheet != first.place.sheet || !(other.wire.from == first.wire.from))
                continue;
            const auto now = [&]() -> const Sheet& {
                return first.place.block.empty() ? static_cast<const Sheet&>(changed) : *changed.findBlock(first.place.block);
            };
            for (const bool isNew : {false, true}) {
                const Edit edit = isNew ? addWireEdit(now(), {{id, activation.outputs()[0].name}, other.wire.to}) : removeWireEdit(now(), other.wire);
                add({edit});
                edits.push_back(edit);
            }
        }
        return edits;
    }

    void adviseActivation(const Linear& linear)
    {
        const LayerSpec* activation = findLayer("ReLU");
        if (!activation)
            return;
        report({"dense.noActivation",
                Severity::Warning,
                linear.path,
                message(WEFT_TEXT("Network",
                                  "No activation stands between this layer and the Dense before it, so the two can do no more than one of them.")),
                {{message(WEFT_TEXT("Network", "Insert %1"), activation->type()), activationEdits(linear, *activation)}}},
               linear.place);
    }

    void adviseOnBias(const Op& norm)
    {
        const Op* before = norm.input(0).producer();
        if (!before || !addsToChannels(*before) || m_uses[norm.input(0).id()] != 1)
            return;
        const std::optional<Place> place = placeOf(m_network, norm.node());
        const std::optional<Place> biased = placeOf(m_network, before->node());
        const LayerSpec* layer = biased ? findLayer(biased->node->type) : nullptr;
        if (!place || !layer || !layer->findParam("useBias") || biased->sheet != place->sheet)
            return;
        report({"norm.biasBefore",
                Severity::Hint,
                norm.node(),
                message(WEFT_TEXT("Network", "The bias of %1 does nothing: this layer takes the mean of each channel away, and the bias with it."),
                        biased->node->name),
                {{message(WEFT_TEXT("Network", "Drop the bias of %1"), biased->node->name),
                  {setParamEdit(*biased->sheet, biased->node->id, "useBias", false)}}}},
               *place);
    }

    /// `diagnostic.node` is the way to the node. What concerns a block is said once, not for each instance.
    void report(Diagnostic diagnostic, const Place& place)
    {
        if (!m_reported.insert(diagnostic.code + " " + place.block + "/" + place.node->id).second)
            return;
        if (!place.block.empty()) {
            const std::string path = diagnostic.node;
            diagnostic.node = path.substr(0, path.find('/'));
            diagnostic.inner = path.substr(path.find('/') + 1);
            for (Fix& fix : diagnostic.fixes)
                fix.edits = insideBlock(place.block, std::move(fix.edits));
        }
        m_diagnostics.push_back(std::move(diagnostic));
    }

    const Network& m_network;
    const Graph& m_graph;
    std::vector<Diagnostic>& m_diagnostics;
    std::vector<Linear> m_linears;
    std::unordered_map<int, int> m_uses; ///< of each value, by id
    std::set<std::string> m_reported;
};

} // namespace

void advise(const Network& network, const Lowered& lowered, std::vector<Diagnostic>& diagnostics)
{
    Adviser(network, *lowered.graph, diagnostics).run();
}

} // namespace weft
