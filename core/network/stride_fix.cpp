#include "core/network/stride_fix.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/network/blocks.h"
#include "core/network/network_lowering.h"

namespace weft {

namespace {

/// What is tried costs a check of the whole network each time.
constexpr std::size_t mostNodes = 400;
constexpr int mostTries = 16;

/// A node with a stride of numbers, on the network's own sheet or on that of a block.
struct Strided {
    const Sheet* sheet = nullptr;
    std::string block; ///< empty: the network's own
    const Node* node = nullptr;
    std::vector<std::int64_t> stride;
    bool leavesPixelsOut = false; ///< it steps further than its window is wide

    std::int64_t largest() const { return *std::max_element(stride.begin(), stride.end()); }
};

/// A parameter as whole numbers; empty when it is something else, such as an expression of a block.
std::vector<std::int64_t> integersOf(const Node& node, const LayerSpec& layer, const char* key)
{
    const ParamSpec* param = layer.findParam(key);
    if (!param)
        return {};
    const Tree* given = node.params.find(key);
    const Tree& value = given ? *given : param->defaultValue;
    if (value.isInt())
        return {value.integer()};
    std::vector<std::int64_t> numbers;
    for (const Tree& item : value.isList() ? value.list() : Tree::List{}) {
        if (!item.isInt())
            return {};
        numbers.push_back(item.integer());
    }
    return numbers;
}

class StrideSearch {
public:
    explicit StrideSearch(const Network& network) : m_network(network) {}

    /// The layers that `fault` may come from, the likeliest first.
    std::vector<Strided> candidates(const Diagnostic& fault)
    {
        std::set<std::string> seen{fault.node};
        std::vector<std::string> open{fault.node};
        while (!open.empty()) {
            const std::string at = open.back();
            open.pop_back();
            if (at != fault.node || !fault.inner.empty())
                take(m_network, {}, at);
            for (const Wire& wire : m_network.wires) {
                if (wire.to.node == at && seen.insert(wire.from.node).second)
                    open.push_back(wire.from.node);
            }
        }
        std::stable_sort(m_found.begin(), m_found.end(), [](const Strided& a, const Strided& b) {
            return std::pair(a.leavesPixelsOut, a.largest()) > std::pair(b.leavesPixelsOut, b.largest());
        });
        return std::move(m_found);
    }

private:
    void take(const Sheet& sheet, const std::string& block, const std::string& id)
    {
        const Node* node = sheet.findNode(id);
        if (!node || node->isBypassed)
            return;
        if (const Block* inner = m_network.findBlock(node->type)) {
            if (m_entered.insert(inner->id).second) {
                for (const Node& part : inner->nodes)
                    take(*inner, inner->id, part.id);
            }
            return;
        }
        const LayerSpec* layer = findLayer(node->type);
        if (!layer)
            return;
        Strided found{&sheet, block, node, integersOf(*node, *layer, "stride"), false};
        if (found.stride.empty() || found.largest() < 2)
            return;
        const std::vector<std::int64_t> kernel = integersOf(*node, *layer, "kernelSize");
        for (std::size_t i = 0; i < found.stride.size(); ++i)
            found.leavesPixelsOut |= i < kernel.size() && found.stride[i] > kernel[i];
        m_found.push_back(std::move(found));
    }

    const Network& m_network;
    std::set<std::string> m_entered;
    std::vector<Strided> m_found;
};

auto errorsOf(const std::vector<Diagnostic>& diagnostics)
{
    return std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

/// Nothing is too small any more, and no other fault has come.
bool isMended(const Network& network, std::ptrdiff_t errorsBefore)
{
    NetworkLowering lowering(network, {Mode::Infer, true}, true);
    lowering.run();
    const std::vector<Diagnostic>& found = lowering.diagnostics();
    return errorsOf(found) < errorsBefore && std::none_of(found.begin(), found.end(), [](const Diagnostic& d) { return d.code == "shape.tooSmall"; });
}

Tree treeOf(const std::vector<std::int64_t>& stride)
{
    if (stride.size() == 1)
        return stride[0];
    Tree::List list;
    for (const std::int64_t step : stride)
        list.emplace_back(step);
    return list;
}

/// The largest of the stride's halves, quarters, … that mends the fault.
std::optional<Fix> smallerStride(const Network& network, const Strided& of, std::ptrdiff_t errorsBefore, int& tries)
{
    std::vector<std::int64_t> stride = of.stride;
    while (*std::max_element(stride.begin(), stride.end()) > 1 && tries-- > 0) {
        for (std::int64_t& step : stride)
            step = std::max<std::int64_t>(1, step / 2);
        Edits edits{setParamEdit(*of.sheet, of.node->id, "stride", treeOf(stride))};
        if (!of.block.empty())
            edits = insideBlock(of.block, std::move(edits));
        Network changed = network;
        apply(changed, edits.front());
        if (!isMended(changed, errorsBefore))
            continue;
        std::string text;
        for (const std::int64_t step : stride)
            text += (text.empty() ? "" : " x ") + std::to_string(step);
        return Fix{message(WEFT_TEXT("Network", "Set the stride of %1 to %2"), of.node->name, text), std::move(edits)};
    }
    return std::nullopt;
}

} // namespace

void offerStrides(const Network& network, std::vector<Diagnostic>& diagnostics)
{
    const auto fault = std::find_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.code == "shape.tooSmall"; });
    if (fault == diagnostics.end() || network.nodes.size() > mostNodes)
        return;
    int tries = mostTries;
    for (const Strided& candidate : StrideSearch(network).candidates(*fault)) {
        if (std::optional<Fix> fix = smallerStride(network, candidate, errorsOf(diagnostics), tries)) {
            fault->fixes.insert(candidate.leavesPixelsOut ? fault->fixes.begin() : fault->fixes.end(), std::move(*fix));
            return;
        }
    }
}

} // namespace weft
