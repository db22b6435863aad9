#pragma once

#include <functional>

#include "widgets/canvas/wire_fit.h"
#include "widgets/search_popup.h"

namespace weft {

/// The search that adds a layer at the cursor: type, Enter. What is used most stands first.
class LayerSearch : public SearchPopup {
    Q_OBJECT

public:
    explicit LayerSearch(QWidget* parent);

    void open(const QPoint& globalPoint, std::vector<LayerOffer> offers, std::function<void(const QString& type)> onChosen);
    /// Remembers that a layer was added, for the order of later searches.
    static void countUse(const QString& type);

protected:
    std::vector<Hit> find(const QString& typed) const override;
    void take(const QListWidgetItem& item) override;

private:
    std::vector<LayerOffer> m_offers;
    std::function<void(const QString&)> m_onChosen;
};

} // namespace weft
