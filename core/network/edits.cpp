#include <algorithm>
#include <cassert>
#include <cctype>

#include "core/network/network.h"

namespace weft {

namespace {

Edit removeNodeEdit(const Sheet& sheet, const std::string& id)
{
    const Node* node = sheet.findNode(id);
    assert(node);
    Tree tree = toTree(*node);
    tree["at"] = static_cast<std::int64_t>(node - sheet.nodes.data());
    return {"nodes/" + id, std::move(tree), {}};
}

/// Applies what is built to a copy, so that the indices of later edits are right.
class EditList {
public:
    explicit EditList(const Sheet& sheet) : m_sheet(sheet) {}
    const Sheet& sheet() const { return m_sheet; }
    void push(Edit edit)
    {
        apply(m_sheet, edit);
        m_edits.push_back(std::move(edit));
    }
    Edits take() { return std::move(m_edits); }

private:
    Sheet m_sheet;
    Edits m_edits;
};

} // namespace

Edit addBlockEdit(const Block& block)
{
    return {"blocks/" + block.id, {}, toTree(block)};
}

Edit removeBlockEdit(const Network& network, const std::string& id)
{
    const Block* block = network.findBlock(id);
    assert(block);
    Tree tree = toTree(*block);
    tree["at"] = static_cast<std::int64_t>(block - network.blocks.data());
    return {"blocks/" + id, std::move(tree), {}};
}

Edit addNodeEdit(const Sheet& sheet, const Node& node)
{
    assert(!sheet.findNode(node.id));
    (void)sheet;
    return {"nodes/" + node.id, {}, toTree(node)};
}

Edit addWireEdit(const Sheet& sheet, const Wire& wire)
{
    assert(wireIndex(sheet, wire) < 0);
    (void)sheet;
    return {"wires/" + toString(wire), {}, true};
}

Edit removeWireEdit(const Sheet& sheet, const Wire& wire)
{
    const int index = wireIndex(sheet, wire);
    assert(index >= 0);
    return {"wires/" + toString(wire), Tree::Map{{"at", index}}, {}};
}

Edits removeNodesEdits(const Sheet& sheet, const std::vector<std::string>& ids)
{
    EditList list(sheet);
    const auto isRemoved = [&](const PortRef& ref) { return std::find(ids.begin(), ids.end(), ref.node) != ids.end(); };
    for (const Wire& wire : sheet.wires) {
        if (isRemoved(wire.from) || isRemoved(wire.to))
            list.push(removeWireEdit(list.sheet(), wire));
    }
    for (const std::string& id : ids)
        list.push(removeNodeEdit(list.sheet(), id));
    return list.take();
}

Edits removeNodeEdits(const Sheet& sheet, const std::string& id)
{
    return removeNodesEdits(sheet, {id});
}

Edits bypassNodeEdits(const Sheet& sheet, const std::string& id)
{
    const auto source = std::find_if(sheet.wires.begin(), sheet.wires.end(), [&](const Wire& wire) { return wire.to.node == id; });
    EditList list(sheet);
    for (Edit& edit : removeNodeEdits(sheet, id))
        list.push(std::move(edit));
    for (const Wire& wire : sheet.wires) {
        if (wire.from.node == id && source != sheet.wires.end())
            list.push(addWireEdit(list.sheet(), {source->from, wire.to}));
    }
    return list.take();
}

Edits insertNodeEdits(const Sheet& sheet, const Wire& wire, const Node& node, const std::string& inPort, const std::string& outPort)
{
    EditList list(sheet);
    list.push(removeWireEdit(list.sheet(), wire));
    list.push(addNodeEdit(list.sheet(), node));
    list.push(addWireEdit(list.sheet(), {wire.from, {node.id, inPort}}));
    list.push(addWireEdit(list.sheet(), {{node.id, outPort}, wire.to}));
    return list.take();
}

Edit setParamEdit(const Sheet& sheet, const std::string& id, const std::string& key, const Tree& value)
{
    const Node* node = sheet.findNode(id);
    assert(node);
    const Tree* current = node->params.find(key);
    return {"nodes/" + id + "/params/" + key, current ? *current : Tree(), value};
}

Edit setBypassedEdit(const Sheet& sheet, const std::string& id, bool isBypassed)
{
    const Node* node = sheet.findNode(id);
    assert(node);
    const auto treeOf = [](bool value) { return value ? Tree(true) : Tree(); };
    return {"nodes/" + id + "/bypassed", treeOf(node->isBypassed), treeOf(isBypassed)};
}

Edit renameEdit(const Sheet& sheet, const std::string& id, const std::string& name)
{
    const Node* node = sheet.findNode(id);
    assert(node);
    return {"nodes/" + id + "/name", node->name, name};
}

Edit retypeEdit(const Sheet& sheet, const std::string& id, const std::string& type)
{
    const Node* node = sheet.findNode(id);
    assert(node);
    Node changed = *node;
    changed.type = type;
    return {"nodes/" + id, toTree(*node), toTree(changed)};
}

std::string freshId(const Sheet& sheet, const std::string& type)
{
    std::string stem = type.empty() ? std::string("node") : type;
    std::transform(stem.begin(), stem.end(), stem.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::erase_if(stem, [](char c) { return !isValidId(std::string(1, c)); });
    for (int number = 1;; ++number) {
        std::string id = stem + std::to_string(number);
        if (!sheet.findNode(id))
            return id;
    }
}

} // namespace weft
