#pragma once

#include "widgets/search_popup.h"

namespace weft {

class Actions;

/// Finds any action by typing, and layers to add.
class CommandPalette : public SearchPopup {
    Q_OBJECT

public:
    CommandPalette(const Actions& actions, QWidget* parent);
    /// Below this widget, right-aligned with it.
    void openBelow(const QWidget* anchor);

Q_SIGNALS:
    void layerChosen(const QString& type);

protected:
    std::vector<Hit> find(const QString& typed) const override;
    void take(const QListWidgetItem& item) override;

private:
    const Actions& m_actions;
};

} // namespace weft
