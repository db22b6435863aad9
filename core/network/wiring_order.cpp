#include <algorithm>

#include "core/network/wiring.h"

namespace weft {

namespace {

/// Follows sources that could not be sorted until one repeats: that is a circle.
void reportCircle(const Sheet& sheet, Wiring& wiring, const std::vector<int>& openInputs)
{
    const auto isOpen = [&](int node) { return openInputs[static_cast<std::size_t>(node)] > 0; };
    std::vector<int> path;
    std::vector<int> wires;
    int node = static_cast<int>(std::find_if(openInputs.begin(), openInputs.end(), [](int open) { return open > 0; }) - openInputs.begin());
    auto seen = path.end();
    while (seen == path.end()) {
        path.push_back(node);
        WireSource next;
        for (const auto& port : wiring.at(node).inputs) {
            for (const WireSource& source : port) {
                if (isOpen(source.node))
                    next = source;
            }
        }
        wires.push_back(next.wire);
        node = next.node;
        seen = std::find(path.begin(), path.end(), node);
    }
    const auto begin = seen - path.begin();
    std::string text = sheet.nodes[static_cast<std::size_t>(node)].id;
    for (auto i = static_cast<std::ptrdiff_t>(path.size()) - 1; i >= begin; --i)
        text += " → " + sheet.nodes[static_cast<std::size_t>(path[static_cast<std::size_t>(i)])].id;
    // The wire drawn last most likely closed the circle.
    const Wire& last = sheet.wires[static_cast<std::size_t>(*std::max_element(wires.begin() + begin, wires.end()))];
    wiring.diagnostics.push_back(
        {"network.circle",
         Severity::Error,
         last.to.node,
         message(WEFT_TEXT("Network", "The wires run in a circle: %1. Data flows one way; remove one of these wires."), text),
         {{message(WEFT_TEXT("Network", "Remove the wire from %1 to %2"), toString(last.from), toString(last.to)), {removeWireEdit(sheet, last)}}}});
}

} // namespace

void sortNodes(const Sheet& sheet, Wiring& wiring)
{
    const std::size_t count = wiring.nodes.size();
    std::vector<int> openInputs(count, 0);
    std::vector<std::vector<int>> targets(count);
    for (std::size_t i = 0; i < count; ++i) {
        for (const auto& wires : wiring.nodes[i].inputs) {
            for (const WireSource& source : wires) {
                ++openInputs[i];
                targets[static_cast<std::size_t>(source.node)].push_back(static_cast<int>(i));
            }
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (openInputs[i] == 0)
            wiring.order.push_back(static_cast<int>(i));
    }
    for (std::size_t next = 0; next < wiring.order.size(); ++next) {
        for (const int target : targets[static_cast<std::size_t>(wiring.order[next])]) {
            if (--openInputs[static_cast<std::size_t>(target)] == 0)
                wiring.order.push_back(target);
        }
    }
    if (wiring.order.size() < count)
        reportCircle(sheet, wiring, openInputs);
}

} // namespace weft
