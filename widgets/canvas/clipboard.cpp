#include <algorithm>
#include <map>
#include <unordered_set>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "widgets/canvas/block_library.h"
#include "widgets/canvas/network_edits.h"
#include "widgets/canvas/note_item.h"

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

/// A node of the clipboard; nullopt for what is none, or of an unknown type.
std::optional<Node> nodeFrom(const EditBatch& batch, const Tree& tree, const std::map<std::string, std::string>& newBlocks)
{
    if (!tree.isMap() || !isTextField(tree, "id") || !isTextField(tree, "type") || !isValidId(tree.find("id")->text()))
        return std::nullopt;
    Node node;
    node.id = tree.find("id")->text();
    node.type = tree.find("type")->text();
    if (newBlocks.count(node.type))
        node.type = newBlocks.at(node.type);
    if (!findLayer(batch.network(), node.type) || !mayContain(batch.network(), batch.block(), node.type))
        return std::nullopt;
    node.name = isTextField(tree, "name") ? tree.find("name")->text() : node.id;
    if (const Tree* params = tree.find("params"); params && params->isMap())
        node.params = *params;
    if (isTextField(tree, "sharesWith"))
        node.sharesWith = tree.find("sharesWith")->text();
    if (const Tree* factor = tree.find("learningRateFactor"); factor && isRateFactor(*factor))
        node.learningRateFactor = factor->number();
    const Tree* bypassed = tree.find("bypassed");
    node.isBypassed = bypassed && bypassed->isBool() && bypassed->boolean();
    return node;
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
        else if (!keepIncoming || !batch.sheet().findNode(from->node))
            continue;
        to->node = newIds.at(to->node);
        batch.addWire(*from, *to);
    }
}

} // namespace

QString copiedText(const Project& project, const std::vector<std::string>& nodes, const std::string& block, const std::vector<std::string>& notes)
{
    const EditBatch batch(project, block);
    Tree list(Tree::List{});
    Tree wires(Tree::List{});
    std::vector<std::string> blocks;
    const std::unordered_set<std::string> copied(nodes.begin(), nodes.end());
    for (const Node& node : batch.sheet().nodes) {
        if (!copied.count(node.id))
            continue;
        Tree entry = toTree(node);
        if (const auto at = savedPosition(project, node.id, block))
            entry["at"] = toTree(*at);
        if (project.network.findBlock(node.type))
            blocks.push_back(node.type);
        list.list().push_back(entry);
    }
    for (const Wire& wire : batch.sheet().wires) {
        if (copied.count(wire.to.node))
            wires.list().push_back(Tree(Tree::List{Tree(toString(wire.from)), Tree(toString(wire.to))}));
    }
    Tree text(Tree::Map{{clipboardKey, list}, {"wires", wires}});
    if (!blocks.empty())
        text["blocks"] = blocksTree(project, blocks);
    for (const Note& note : notesOf(project, block)) {
        if (std::find(notes.begin(), notes.end(), note.id) == notes.end())
            continue;
        Tree& kept = text["notes"];
        if (kept.isNull())
            kept = Tree::List{};
        kept.list().push_back(toTree(note));
    }
    return QString::fromStdString(toJson(text));
}

bool holdsNodes(const QString& text)
{
    return !parsedClipboard(text).isNull();
}

namespace {

/// What a clipboard holds, with ids and places as they were.
struct Copies {
    std::vector<std::pair<Node, QPointF>> nodes;
    std::vector<Note> notes;

    QPointF corner() const
    {
        QPointF corner(1e9, 1e9);
        const auto take = [&](const QPointF& at) { corner = {std::min(corner.x(), at.x()), std::min(corner.y(), at.y())}; };
        for (const auto& [node, at] : nodes)
            take(at);
        for (const Note& note : notes)
            take(note.rect.topLeft());
        return corner;
    }
};

Copies copiesFrom(EditBatch& batch, const Tree& clipboard)
{
    const Tree* blocks = clipboard.find("blocks");
    const std::map<std::string, std::string> newBlocks = blocks ? importBlocks(batch, *blocks) : std::map<std::string, std::string>{};
    Copies copies;
    for (const Tree& entry : clipboard.find(clipboardKey)->list()) {
        if (const auto node = nodeFrom(batch, entry, newBlocks))
            copies.nodes.emplace_back(*node, pointFrom(entry.find("at")).value_or(QPointF()));
    }
    const Tree* notes = clipboard.find("notes");
    for (const Tree& entry : notes && notes->isList() ? notes->list() : Tree::List()) {
        if (auto note = noteFrom({}, entry); note && !note->rect.isEmpty())
            copies.notes.push_back(std::move(*note));
    }
    return copies;
}

std::vector<std::string> pasteNodes(EditBatch& batch, std::vector<std::pair<Node, QPointF>> copies, const QPointF& shift, const Tree& clipboard,
                                    bool keepIncoming)
{
    std::map<std::string, std::string> newIds;
    std::vector<std::string> added;
    for (auto& [node, at] : copies) {
        const std::string oldId = node.id;
        if (newIds.count(oldId))
            continue; // the same node twice
        node.id = batch.sheet().findNode(oldId) ? freshId(batch.sheet(), idStem(*findLayer(batch.network(), node.type))) : oldId;
        if (node.id != oldId)
            node.name = node.name == oldId ? node.id : node.name;
        newIds[oldId] = node.id;
        // Copies of layers that share weights share among themselves.
        if (newIds.count(node.sharesWith))
            node.sharesWith = newIds.at(node.sharesWith);
        else if (!batch.sheet().findNode(node.sharesWith))
            node.sharesWith.clear();
        batch.addInSheet(addNodeEdit(batch.sheet(), node));
        batch.setPosition(node.id, snapped(at + shift));
        added.push_back(node.id);
    }
    pasteWires(batch, clipboard, newIds, keepIncoming);
    return added;
}

std::vector<std::string> pasteNotes(EditBatch& batch, const std::vector<Note>& copies, const QPointF& shift)
{
    std::vector<std::string> added;
    for (Note note : copies) {
        note.id = freshNoteId(batch.project(), batch.block());
        note.rect.moveTopLeft(snapped(note.rect.topLeft() + shift));
        setNote(batch, note);
        added.push_back(note.id);
    }
    return added;
}

} // namespace

Pasted paste(EditBatch& batch, const QString& text, const QPointF& position, bool keepIncoming)
{
    const Tree clipboard = parsedClipboard(text);
    if (clipboard.isNull())
        return {};
    try {
        EditBatch trial = batch;
        const Copies copies = copiesFrom(trial, clipboard);
        const QPointF shift = position - copies.corner();
        const Pasted added{pasteNodes(trial, copies.nodes, shift, clipboard, keepIncoming), pasteNotes(trial, copies.notes, shift)};
        if (!added.isEmpty())
            batch = trial;
        return added;
    } catch (const Error&) {
        return {}; // it begins like nodes and turns out to be damaged
    }
}

} // namespace weft
