#include "widgets/command_palette.h"

#include <algorithm>

#include <QListWidgetItem>

#include "widgets/actions.h"
#include "widgets/canvas/wire_fit.h"
#include "widgets/palette/layer_delegate.h"

namespace weft {
namespace {

constexpr int idRole = Qt::UserRole + 10;

} // namespace

CommandPalette::CommandPalette(const Actions& actions, QWidget* parent) :
    SearchPopup(tr("Search layers and commands"), {420, 380}, parent), m_actions(actions)
{
    setObjectName(QStringLiteral("commandPalette"));
}

void CommandPalette::openBelow(const QWidget* anchor)
{
    openAt(anchor->mapToGlobal(QPoint(anchor->width() - width(), anchor->height() + 4)));
}

std::vector<SearchPopup::Hit> CommandPalette::find(const QString& typed) const
{
    std::vector<Hit> hits;
    for (const ActionSpec& spec : Actions::specs()) {
        const QAction* action = m_actions[spec.id];
        // By its English name too, as layers are: keyboards and manuals speak it in every language.
        const int score = std::max(fuzzyScore(typed, action->text()), fuzzyScore(typed, QLatin1String(spec.text)));
        if (score < 0 || !action->isEnabled())
            continue;
        auto* item = new QListWidgetItem(action->text());
        item->setData(idRole, QLatin1String(spec.id));
        item->setData(CategoryRole, -1);
        item->setData(HintRole, action->shortcut().toString(QKeySequence::NativeText));
        hits.push_back({score * 2 + 1, item});
    }
    for (const LayerOffer& offer : layerOffers(Network{}, {})) {
        const int score = std::max(fuzzyScore(typed, offer.title), fuzzyScore(typed, offer.type));
        if (score >= 0 && !typed.isEmpty())
            hits.push_back({score * 2, layerListItem(offer)});
    }
    return hits;
}

void CommandPalette::take(const QListWidgetItem& item)
{
    const QString id = item.data(idRole).toString();
    if (id.isEmpty())
        Q_EMIT layerChosen(item.data(TypeRole).toString());
    else
        m_actions[id.toLatin1().constData()]->trigger();
}

} // namespace weft
