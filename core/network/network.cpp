#include "core/network/network.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/layers/layer_spec.h"

namespace weft {

std::string toString(const PortRef& ref)
{
    return ref.node + "." + ref.port;
}

std::string toString(const Wire& wire)
{
    return toString(wire.from) + "->" + toString(wire.to);
}

std::optional<PortRef> parsePortRef(const std::string& text)
{
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == text.size() || text.find('.', dot + 1) != std::string::npos)
        return std::nullopt;
    return PortRef{text.substr(0, dot), text.substr(dot + 1)};
}

bool isValidId(const std::string& id)
{
    const auto isAllowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !id.empty() && std::all_of(id.begin(), id.end(), isAllowed);
}

const Node* Network::findNode(const std::string& id) const
{
    const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; });
    return it == nodes.end() ? nullptr : &*it;
}

Node* Network::findNode(const std::string& id)
{
    return const_cast<Node*>(std::as_const(*this).findNode(id));
}

int wireIndex(const Network& network, const Wire& wire)
{
    const auto it = std::find(network.wires.begin(), network.wires.end(), wire);
    return it == network.wires.end() ? -1 : static_cast<int>(it - network.wires.begin());
}

namespace {

/// Whole numbers are written without a point; 1, which is not written at all, is null.
Tree factorTree(double factor)
{
    if (factor == 1.0)
        return {};
    return std::floor(factor) == factor && factor < 1e15 ? Tree(static_cast<std::int64_t>(factor)) : Tree(factor);
}

} // namespace

bool isRateFactor(const Tree& value)
{
    return value.isNumber() && std::isfinite(value.number()) && value.number() >= 0.0;
}

Tree toTree(const Node& node)
{
    Tree::Map map{{"id", node.id}, {"name", node.name}, {"type", node.type}, {"params", node.params}};
    if (!node.sharesWith.empty())
        map.emplace_back("sharesWith", node.sharesWith);
    if (node.learningRateFactor != 1.0)
        map.emplace_back("learningRateFactor", factorTree(node.learningRateFactor));
    return map;
}

void sortParams(Node& node)
{
    const LayerSpec* layer = findLayer(node.type);
    const auto rank = [&](const std::string& key) {
        const ParamSpec* param = layer ? layer->findParam(key) : nullptr;
        return param ? param - layer->params().data() : std::ptrdiff_t{1} << 30;
    };
    std::stable_sort(node.params.map().begin(), node.params.map().end(),
                     [&](const auto& a, const auto& b) { return std::pair(rank(a.first), a.first) < std::pair(rank(b.first), b.first); });
}

bool isNetworkPath(const std::string& path)
{
    return path.rfind("nodes/", 0) == 0 || path.rfind("wires/", 0) == 0;
}

Edits reversed(const Edits& edits)
{
    Edits back;
    back.reserve(edits.size());
    for (auto it = edits.rbegin(); it != edits.rend(); ++it)
        back.push_back(it->reversed());
    return back;
}

namespace {

[[noreturn]] void refuse(const Edit& edit)
{
    throw Error(WEFT_TEXT("Network", "The edit of %1 does not fit the network as it is now."), edit.path);
}

void expect(bool condition, const Edit& edit)
{
    if (!condition)
        refuse(edit);
}

Node nodeFromTree(const Tree& tree, const Edit& edit)
{
    const auto text = [&](const char* key) {
        const Tree* value = tree.find(key);
        expect(value && value->isText(), edit);
        return value->text();
    };
    Node node{text("id"), text("name"), text("type"), Tree::Map{}, {}};
    const Tree* params = tree.find("params");
    expect(params && params->isMap() && isValidId(node.id), edit);
    node.params = *params;
    if (tree.find("sharesWith"))
        node.sharesWith = text("sharesWith");
    if (const Tree* factor = tree.find("learningRateFactor")) {
        expect(isRateFactor(*factor), edit);
        node.learningRateFactor = factor->number();
    }
    sortParams(node);
    return node;
}

/// The index that "at" names, or the end; an index past the end means the end.
std::ptrdiff_t placeOf(const Tree& tree, std::size_t size)
{
    const Tree* at = tree.find("at");
    const std::int64_t end = static_cast<std::int64_t>(size);
    return static_cast<std::ptrdiff_t>(at && at->isInt() ? std::clamp<std::int64_t>(at->integer(), 0, end) : end);
}

void applyToNode(Network& network, const Edit& edit, const std::string& id)
{
    const auto place = std::find_if(network.nodes.begin(), network.nodes.end(), [&](const Node& node) { return node.id == id; });
    const bool exists = place != network.nodes.end();
    expect(exists == !edit.before.isNull(), edit);
    if (exists) {
        Node current = *place;
        sortParams(current);
        expect(current == nodeFromTree(edit.before, edit), edit);
    }
    if (edit.after.isNull()) {
        expect(exists, edit);
        network.nodes.erase(place);
        return;
    }
    Node node = nodeFromTree(edit.after, edit);
    expect(node.id == id, edit);
    if (exists)
        *place = std::move(node);
    else
        network.nodes.insert(network.nodes.begin() + placeOf(edit.after, network.nodes.size()), std::move(node));
}

void applyToText(std::string& text, const Edit& edit)
{
    const auto textOf = [&](const Tree& tree) {
        expect(tree.isNull() || tree.isText(), edit);
        return tree.isNull() ? std::string() : tree.text();
    };
    expect(text == textOf(edit.before), edit);
    text = textOf(edit.after);
}

void applyToFactor(double& factor, const Edit& edit)
{
    expect((edit.before.isNull() || isRateFactor(edit.before)) && (edit.after.isNull() || isRateFactor(edit.after)), edit);
    expect(factor == (edit.before.isNull() ? 1.0 : edit.before.number()), edit);
    factor = edit.after.isNull() ? 1.0 : edit.after.number();
}

void applyToParam(Node& node, const Edit& edit, const std::string& key)
{
    Tree* current = node.params.find(key);
    expect(!key.empty() && (current ? *current == edit.before : edit.before.isNull()), edit);
    if (edit.after.isNull()) {
        node.params.erase(key);
    } else if (current) {
        *current = edit.after;
    } else {
        node.params[key] = edit.after;
        sortParams(node);
    }
}

void applyToWire(Network& network, const Edit& edit, const std::string& text)
{
    // Ids may hold hyphens but no dots, so the arrow is the first one after the first dot.
    const std::size_t dot = text.find('.');
    const std::size_t arrow = dot == std::string::npos ? dot : text.find("->", dot);
    expect(arrow != std::string::npos, edit);
    const auto from = parsePortRef(text.substr(0, arrow));
    const auto to = parsePortRef(text.substr(arrow + 2));
    expect(from && to, edit);
    const Wire wire{*from, *to};
    const int index = wireIndex(network, wire);
    expect((index >= 0) == !edit.before.isNull() && edit.before.isNull() != edit.after.isNull(), edit);
    if (index >= 0)
        network.wires.erase(network.wires.begin() + index);
    else
        network.wires.insert(network.wires.begin() + placeOf(edit.after, network.wires.size()), wire);
}

} // namespace

void apply(Network& network, const Edit& edit)
{
    const std::size_t slash = edit.path.find('/');
    expect(isNetworkPath(edit.path), edit);
    const std::string rest = edit.path.substr(slash + 1);
    if (edit.path[0] == 'w')
        return applyToWire(network, edit, rest);

    const std::size_t end = rest.find('/');
    if (end == std::string::npos)
        return applyToNode(network, edit, rest);
    Node* node = network.findNode(rest.substr(0, end));
    expect(node, edit);
    const std::string field = rest.substr(end + 1);
    if (field == "name")
        applyToText(node->name, edit);
    else if (field == "sharesWith")
        applyToText(node->sharesWith, edit);
    else if (field == "learningRateFactor")
        applyToFactor(node->learningRateFactor, edit);
    else if (field.rfind("params/", 0) == 0)
        applyToParam(*node, edit, field.substr(7));
    else
        refuse(edit);
}

Edit rateFactorEdit(const Network& network, const std::string& id, double factor)
{
    const Node* node = network.findNode(id);
    return {"nodes/" + id + "/learningRateFactor", node ? factorTree(node->learningRateFactor) : Tree(), factorTree(factor)};
}

} // namespace weft
