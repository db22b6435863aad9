#include <algorithm>

#include "core/network/blocks.h"
#include "core/network/bypass.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

// Layers are taken out of use and into use again.

namespace weft {

void CanvasView::toggleBypass()
{
    std::vector<std::string> passable;
    QString refusal;
    for (const std::string& id : m_scene->selectedNodes()) {
        const Node& node = *m_scene->sheet().findNode(id);
        const LayerSpec* layer = findLayer(m_document->project().network, node.type);
        const std::optional<Message> reason = layer && !node.isBypassed ? whyNotBypassed(*layer) : std::nullopt;
        if (reason)
            refusal = translated(*reason);
        else if (layer)
            passable.push_back(id);
    }
    if (passable.empty()) {
        Q_EMIT message(refusal.isEmpty() ? tr("Select the layers to bypass.") : refusal);
        return;
    }
    EditBatch batch = m_scene->batch();
    const auto isBypassed = [&](const std::string& id) { return batch.sheet().findNode(id)->isBypassed; };
    const bool areUsedAgain = std::all_of(passable.begin(), passable.end(), isBypassed);
    std::erase_if(passable, [&](const std::string& id) { return isBypassed(id) != areUsedAgain; });
    for (const std::string& id : passable)
        batch.addInSheet(setBypassedEdit(batch.sheet(), id, !areUsedAgain));
    const int count = static_cast<int>(passable.size());
    perform(areUsedAgain ? tr("Use %n layer(s) again", nullptr, count) : tr("Bypass %n layer(s)", nullptr, count), batch);
    if (!refusal.isEmpty())
        Q_EMIT message(refusal);
}

} // namespace weft
