#include "widgets/canvas/block_library.h"

#include <algorithm>
#include <set>

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QStandardPaths>

#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/grouping.h"

namespace weft {
namespace {

constexpr const char* definitionsKey = "definitions";
constexpr const char* placesKey = "places";

/// Blocks that `block` is made of come before it.
void collect(const Network& network, const std::string& id, std::vector<std::string>& order, std::set<std::string>& seen)
{
    const Block* block = network.findBlock(id);
    if (!block || !seen.insert(id).second)
        return;
    for (const Node& node : block->nodes)
        collect(network, node.type, order, seen);
    order.push_back(id);
}

Block blockFrom(const Tree& tree)
{
    const Tree* id = tree.find("id");
    if (!id || !id->isText())
        throw Error(WEFT_TEXT("Canvas", "A block without an id cannot be read."));
    Network scratch;
    apply(scratch, Edit{"blocks/" + id->text(), {}, tree});
    return scratch.blocks.front();
}

void addPlaces(EditBatch& batch, const Tree& tree, const std::string& oldId, const std::string& newId)
{
    const Tree* all = tree.find(placesKey);
    const Tree* places = all ? all->find(oldId) : nullptr;
    if (!places || !places->isMap())
        return;
    Tree::Map kept;
    for (const auto& [node, place] : places->map()) {
        if (const auto point = pointFrom(&place); point && isValidId(node))
            kept.emplace_back(node, toTree(*point));
    }
    const Tree* before = positionsOf(batch.project(), newId);
    if (!kept.empty())
        batch.add(Edit{positionsPath(newId), before ? *before : Tree(), Tree(std::move(kept))});
}

} // namespace

Tree blocksTree(const Project& project, const std::vector<std::string>& blocks)
{
    std::vector<std::string> order;
    std::set<std::string> seen;
    for (const std::string& id : blocks)
        collect(project.network, id, order, seen);
    Tree::List definitions;
    Tree places{Tree::Map{}};
    for (const std::string& id : order) {
        definitions.push_back(toTree(*project.network.findBlock(id)));
        if (const Tree* positions = positionsOf(project, id))
            places[id] = *positions;
    }
    return Tree::Map{{definitionsKey, Tree(std::move(definitions))}, {placesKey, std::move(places)}};
}

std::map<std::string, std::string> importBlocks(EditBatch& batch, const Tree& tree)
{
    std::map<std::string, std::string> newIds;
    const Tree* definitions = tree.find(definitionsKey);
    if (!definitions || !definitions->isList())
        return newIds;
    for (const Tree& definition : definitions->list()) {
        Block block = blockFrom(definition);
        const std::string oldId = block.id;
        for (Node& node : block.nodes) {
            if (newIds.count(node.type))
                node.type = newIds.at(node.type);
        }
        const Block* known = batch.network().findBlock(oldId);
        if (!known || !(*known == block)) {
            if (findLayer(batch.network(), oldId))
                block.id = freshBlockId(batch.network());
            batch.add(addBlockEdit(block));
            addPlaces(batch, tree, oldId, block.id);
        }
        newIds[oldId] = block.id;
    }
    return newIds;
}

QString BlockLibrary::folder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/weft/blocks");
}

std::vector<BlockLibrary::Entry> BlockLibrary::entries()
{
    std::vector<Entry> found;
    const QDir dir(folder());
    for (const QString& name : dir.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        try {
            const Tree tree = fromJson(file.readAll().toStdString(), name.toStdString());
            const Tree* definitions = tree.find(definitionsKey);
            if (definitions && definitions->isList() && !definitions->list().empty())
                found.push_back({dir.filePath(name), blockFrom(definitions->list().back()), tree});
        } catch (const Error&) {
            continue;
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) { return a.block.name < b.block.name; });
    return found;
}

void BlockLibrary::save(const Project& project, const std::string& block)
{
    const Block* saved = project.network.findBlock(block);
    if (!saved)
        return;
    QDir().mkpath(folder());
    // Any name is allowed, so the file's is made of what file systems take everywhere.
    QString stem = QString::fromUtf8(QString::fromStdString(saved->name).toUtf8().toPercentEncoding(" "));
    stem = stem.left(100).trimmed();
    QSaveFile file(folder() + QLatin1Char('/') + (stem.isEmpty() ? QString::fromStdString(block) : stem) + QStringLiteral(".json"));
    const QByteArray text = QByteArray::fromStdString(toJson(blocksTree(project, {block})) + "\n");
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        throw Error(WEFT_TEXT("Canvas", "The block cannot be saved as %1: %2."), file.fileName().toStdString(), file.errorString().toStdString());
}

void BlockLibrary::remove(const QString& type)
{
    QFile::remove(folder() + QLatin1Char('/') + type.mid(static_cast<int>(qstrlen(savedBlockPrefix))) + QStringLiteral(".json"));
}

const LayerSpec* findOffered(EditBatch& batch, const QString& type)
{
    if (!type.startsWith(QLatin1String(savedBlockPrefix)))
        return findLayer(batch.network(), type.toStdString());
    const QString name = type.mid(static_cast<int>(qstrlen(savedBlockPrefix)));
    for (const BlockLibrary::Entry& entry : BlockLibrary::entries()) {
        if (QFileInfo(entry.file).completeBaseName() != name)
            continue;
        const auto ids = importBlocks(batch, entry.tree);
        const auto found = ids.find(entry.block.id);
        return found == ids.end() ? nullptr : findLayer(batch.network(), found->second);
    }
    return nullptr;
}

bool mayContain(const Network& network, const std::string& block, const std::string& type)
{
    if (block.empty())
        return type != blockInputLayer().type() && type != blockOutputLayer().type();
    std::vector<std::string> order;
    std::set<std::string> seen;
    collect(network, type, order, seen);
    return !seen.count(block);
}

} // namespace weft
