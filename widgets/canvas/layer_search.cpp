#include "widgets/canvas/layer_search.h"

#include <algorithm>

#include <QListWidgetItem>
#include <QSettings>

#include "core/layers/layer_spec.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/text.h"

namespace weft {
namespace {

QString useKey(const QString& type)
{
    return QStringLiteral("layerUse/") + type;
}

} // namespace

LayerSearch::LayerSearch(QWidget* parent) : SearchPopup(tr("Search layers"), {300, 320}, parent)
{
    setObjectName(QStringLiteral("layerSearch"));
}

void LayerSearch::open(const QPoint& globalPoint, std::vector<LayerOffer> offers, std::function<void(const QString&)> onChosen)
{
    m_offers = std::move(offers);
    m_onChosen = std::move(onChosen);
    openAt(globalPoint);
}

void LayerSearch::countUse(const QString& type)
{
    QSettings settings;
    settings.setValue(useKey(type), settings.value(useKey(type)).toInt() + 1);
}

std::vector<SearchPopup::Hit> LayerSearch::find(const QString& typed) const
{
    const QSettings settings;
    std::vector<Hit> hits;
    for (const LayerOffer& offer : m_offers) {
        int score = std::max(fuzzyScore(typed, offer.title), fuzzyScore(typed, offer.type)) * 4;
        if (score < 0) // the summary helps to find a layer whose name one does not know
            score = offer.summary.contains(typed, Qt::CaseInsensitive) ? 0 : -1;
        if (score >= 0)
            hits.push_back({score + std::min(settings.value(useKey(offer.type)).toInt(), 20), layerListItem(offer)});
    }
    return hits;
}

void LayerSearch::take(const QListWidgetItem& item)
{
    if (m_onChosen)
        m_onChosen(item.data(TypeRole).toString());
}

} // namespace weft
