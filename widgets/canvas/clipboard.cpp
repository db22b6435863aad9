#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "widgets/canvas/network_edits.h"

namespace weft {
namespace {

constexpr const char* clipboardKey = "weftNodes";

bool isTextField(const Tree& tree, const char* key)
{
    const Tree* value = tree.find(key);
    return value && value->isText();
}

/// The clipboard's tree, or null when the text is something else.
Tree parsedClipboard(const QString& text)
{
    if (!text.trimmed().startsWith(QLatin1Char('{')) || !text.contains(QLatin1String(clipboardKey)))
        return {};
    try {
        Tree tree = fromJson(text.toStdString(), "clipboard");
        const Tree* nodes = tree.find(clipboardKey);
        return nodes && nodes->isList() ? tree : Tree();
    } catch (const Error&) {
        return {};
    }
}

std::optional<Node> nodeFrom(const Network& network, const Tree& tree)
{
    if (!tree.isMap() || !isTextField(tree, "id") || !isTextField(tree, "type") || !findLayer(network, tree.find("type")->text()))
        return std::nullopt;
    Node node;
    node.id = tree.find("id")->text();
    node.type = tree.find("type")->text();
    node.name = isTextField(tree, "name") ? tree.find("name")->text() : node.id;
    if (const Tree* params = tree.find("params"); params && params->isMap())
        node.params = *params;
    return node;
}

QPointF positionFrom(const Tree& tree)
{
    const Tree* at = tree.find("at");
    if (!at || !at->isList() || at->list().size() != 2 || !at->list()[0].isNumber() || !at->list()[1].isNumber())
        return {};
    return {at->list()[0].number(), at->list()[1].number()};
}

void pasteWires(EditBatch& batch, const Tree& clipboard, const std::map<std::string, std::string>& newIds, bool keepIncoming)
{
    const Tree* wires = clipboard.find("wires");
    if (!wires || !wires->isList())
        return;
    for (const Tree& entry : wires->list()) {
        if (!entry.isList() || entry.list().size() != 2 || !entry.list()[0].isText() || !entry.list()[1].isText())
            continue;
        std::optional<PortRef> from = parsePortRef(entry.list()[0].text());
        std::optional<PortRef> to = parsePortRef(entry.list()[1].text());
        if (!from || !to || !newIds.count(to->node))
            continue;
        if (newIds.count(from->node))
            from->node = newIds.at(from->node);
        else if (!keepIncoming || !batch.network().findNode(from->node))
            continue;
        to->node = newIds.at(to->node);
        batch.addWire(*from, *to);
    }
}

} // namespace

QString copiedText(const Project& project, const std::vector<std::string>& nodes)
{
    Tree list(Tree::List{});
    Tree wires(Tree::List{});
    const auto isCopied = [&](const std::string& id) { return std::find(nodes.begin(), nodes.end(), id) != nodes.end(); };
    for (const Node& node : project.network.nodes) {
        if (!isCopied(node.id))
            continue;
        Tree entry(Tree::Map{{"id", node.id}, {"name", node.name}, {"type", node.type}, {"params", node.params}});
        if (const auto at = savedPosition(project, node.id))
            entry["at"] = Tree(Tree::List{Tree(at->x()), Tree(at->y())});
        list.list().push_back(entry);
    }
    for (const Wire& wire : project.network.wires) {
        if (isCopied(wire.to.node))
            wires.list().push_back(Tree(Tree::List{Tree(toString(wire.from)), Tree(toString(wire.to))}));
    }
    return QString::fromStdString(toJson(Tree(Tree::Map{{clipboardKey, list}, {"wires", wires}})));
}

bool holdsNodes(const QString& text)
{
    return !parsedClipboard(text).isNull();
}

std::vector<std::string> paste(EditBatch& batch, const QString& text, const QPointF& position, bool keepIncoming)
{
    const Tree clipboard = parsedClipboard(text);
    if (clipboard.isNull())
        return {};
    std::vector<std::pair<Node, QPointF>> copies;
    for (const Tree& entry : clipboard.find(clipboardKey)->list()) {
        if (const auto node = nodeFrom(batch.network(), entry))
            copies.emplace_back(*node, positionFrom(entry));
    }
    QPointF corner(1e9, 1e9);
    for (const auto& [node, at] : copies)
        corner = {std::min(corner.x(), at.x()), std::min(corner.y(), at.y())};
    std::map<std::string, std::string> newIds;
    std::vector<std::string> added;
    for (auto& [node, at] : copies) {
        const std::string oldId = node.id;
        node.id = batch.network().findNode(oldId) ? freshId(batch.network(), node.type) : oldId;
        if (node.id != oldId)
            node.name = node.name == oldId ? node.id : node.name;
        batch.add(addNodeEdit(batch.network(), node));
        batch.setPosition(node.id, snapped(position + at - corner));
        newIds[oldId] = node.id;
        added.push_back(node.id);
    }
    pasteWires(batch, clipboard, newIds, keepIncoming);
    return added;
}

} // namespace weft
