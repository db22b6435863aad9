#include "core/base/error.h"
#include "core/network/blocks.h"
#include "core/network/grouping.h"
#include "widgets/canvas/canvas_scene.h"
#include "widgets/project_document.h"

// Which sheet the canvas shows, the network's own or a block's, and what is known of it.

namespace weft {

/// Shortens the way into blocks to what there is. False when it was as it should be.
bool CanvasScene::findPlace()
{
    const Network& network = m_document->project().network;
    const Sheet* at = &network;
    std::string block;
    std::size_t depth = 0;
    for (; depth < m_place.size(); ++depth) {
        const Node* instance = at->findNode(m_place[depth]);
        const Block* next = instance ? network.findBlock(instance->type) : nullptr;
        if (!next)
            break;
        at = next;
        block = next->id;
    }
    const bool isOther = depth < m_place.size() || block != m_block;
    m_place.resize(depth);
    m_block = block;
    return isOther;
}

void CanvasScene::setPlace(std::vector<std::string> instances)
{
    if (instances == m_place)
        return;
    clearSelection();
    clearItems();
    m_place = std::move(instances);
    findPlace();
    sync();
    Q_EMIT placeChanged();
}

const Sheet& CanvasScene::sheet() const
{
    return *findSheet(m_document->project().network, m_block);
}

SheetView CanvasScene::sheetView() const
{
    return {m_document->project().network, sheet()};
}

EditBatch CanvasScene::batch() const
{
    return EditBatch(m_document->project(), m_block);
}

std::string CanvasScene::pathOf(const std::string& node) const
{
    std::string path;
    for (const std::string& instance : m_place)
        path += instance + "/";
    return path + node;
}

std::string CanvasScene::nodeOf(const Diagnostic& diagnostic) const
{
    if (m_place.empty())
        return diagnostic.node;
    // A fault inside a block is that of every instance, but is reported for the first alone.
    const Network& network = m_document->project().network;
    std::string rest = diagnostic.inner.empty() ? diagnostic.node : diagnostic.node + "/" + diagnostic.inner;
    const Sheet* at = &network;
    std::string block;
    for (;;) {
        const std::size_t slash = rest.find('/');
        const std::string first = rest.substr(0, slash);
        if (block == m_block)
            return first;
        const Node* instance = slash == std::string::npos ? nullptr : at->findNode(first);
        at = instance ? network.findBlock(instance->type) : nullptr;
        if (!at)
            return {};
        block = instance->type;
        rest = rest.substr(slash + 1);
    }
}

NamedIntegers CanvasScene::values() const
{
    const Network& network = m_document->project().network;
    const Sheet* at = &network;
    NamedIntegers values;
    for (const std::string& id : m_place) {
        const Node& instance = *at->findNode(id);
        const Block* block = network.findBlock(instance.type);
        NamedIntegers inner;
        for (const BlockParam& param : block->params) {
            const Tree* given = instance.params.find(param.key);
            std::int64_t value = given && given->isInt() ? given->integer() : param.defaultValue;
            try {
                if (given && given->isText())
                    value = evaluateExpression(given->text(), values);
            } catch (const Error&) {
                // The fault is shown on the instance; here its default stands in.
            }
            inner.emplace_back(param.key, value);
        }
        values = std::move(inner);
        at = block;
    }
    return values;
}

const TensorType* CanvasScene::typeAt(const PortRef& output) const
{
    const NodeItem* item = node(output.node);
    const NodeInfo* info = m_document->analysis().find(pathOf(output.node));
    const int port = item ? item->portIndex(output.port, false) : -1;
    return info && port >= 0 && static_cast<std::size_t>(port) < info->outputTypes.size() ? &info->outputTypes[static_cast<std::size_t>(port)]
                                                                                          : nullptr;
}

} // namespace weft
