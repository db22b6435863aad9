#include <algorithm>
#include <cassert>
#include <cctype>

#include "core/network/network.h"

namespace weft {

namespace {

Edit removeNodeEdit(const Network& network, const std::string& id)
{
    const Node* node = network.findNode(id);
    assert(node);
    Tree tree = toTree(*node);
    tree["at"] = static_cast<std::int64_t>(node - network.nodes.data());
    return {"nodes/" + id, std::move(tree), {}};
}

/// Applies what is built to a copy, so that the indices of later edits are right.
class EditList {
public:
    explicit EditList(const Network& network) : m_network(network) {}
    const Network& network() const { return m_network; }
    void push(Edit edit)
    {
        apply(m_network, edit);
        m_edits.push_back(std::move(edit));
    }
    Edits take() { return std::move(m_edits); }

private:
    Network m_network;
    Edits m_edits;
};

} // namespace

Edit addNodeEdit(const Network& network, const Node& node)
{
    assert(!network.findNode(node.id));
    (void)network;
    return {"nodes/" + node.id, {}, toTree(node)};
}

Edit addWireEdit(const Network& network, const Wire& wire)
{
    assert(wireIndex(network, wire) < 0);
    (void)network;
    return {"wires/" + toString(wire), {}, true};
}

Edit removeWireEdit(const Network& network, const Wire& wire)
{
    const int index = wireIndex(network, wire);
    assert(index >= 0);
    return {"wires/" + toString(wire), Tree::Map{{"at", index}}, {}};
}

Edits removeNodesEdits(const Network& network, const std::vector<std::string>& ids)
{
    EditList list(network);
    const auto isRemoved = [&](const PortRef& ref) { return std::find(ids.begin(), ids.end(), ref.node) != ids.end(); };
    for (const Wire& wire : network.wires) {
        if (isRemoved(wire.from) || isRemoved(wire.to))
            list.push(removeWireEdit(list.network(), wire));
    }
    for (const std::string& id : ids)
        list.push(removeNodeEdit(list.network(), id));
    return list.take();
}

Edits removeNodeEdits(const Network& network, const std::string& id)
{
    return removeNodesEdits(network, {id});
}

Edits bypassNodeEdits(const Network& network, const std::string& id)
{
    const auto source = std::find_if(network.wires.begin(), network.wires.end(), [&](const Wire& wire) { return wire.to.node == id; });
    EditList list(network);
    for (Edit& edit : removeNodeEdits(network, id))
        list.push(std::move(edit));
    for (const Wire& wire : network.wires) {
        if (wire.from.node == id && source != network.wires.end())
            list.push(addWireEdit(list.network(), {source->from, wire.to}));
    }
    return list.take();
}

Edits insertNodeEdits(const Network& network, const Wire& wire, const Node& node, const std::string& inPort, const std::string& outPort)
{
    EditList list(network);
    list.push(removeWireEdit(list.network(), wire));
    list.push(addNodeEdit(list.network(), node));
    list.push(addWireEdit(list.network(), {wire.from, {node.id, inPort}}));
    list.push(addWireEdit(list.network(), {{node.id, outPort}, wire.to}));
    return list.take();
}

Edit setParamEdit(const Network& network, const std::string& id, const std::string& key, const Tree& value)
{
    const Node* node = network.findNode(id);
    assert(node);
    const Tree* current = node->params.find(key);
    return {"nodes/" + id + "/params/" + key, current ? *current : Tree(), value};
}

Edit renameEdit(const Network& network, const std::string& id, const std::string& name)
{
    const Node* node = network.findNode(id);
    assert(node);
    return {"nodes/" + id + "/name", node->name, name};
}

Edit retypeEdit(const Network& network, const std::string& id, const std::string& type)
{
    const Node* node = network.findNode(id);
    assert(node);
    Node changed = *node;
    changed.type = type;
    return {"nodes/" + id, toTree(*node), toTree(changed)};
}

std::string freshId(const Network& network, const std::string& type)
{
    std::string stem = type.empty() ? std::string("node") : type;
    std::transform(stem.begin(), stem.end(), stem.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::erase_if(stem, [](char c) { return !isValidId(std::string(1, c)); });
    for (int number = 1;; ++number) {
        std::string id = stem + std::to_string(number);
        if (!network.findNode(id))
            return id;
    }
}

} // namespace weft
