#pragma once

#include <functional>
#include <vector>

#include "widgets/search_popup.h"

namespace weft {

/// A list to search and choose from: layers of the network, ports to wire.
class ChoicePopup : public SearchPopup {
    Q_OBJECT

public:
    struct Choice {
        QString text;
        QString hint; ///< what stands at the right
        int category = -1; ///< a layer's, for its colour; −1 for none
    };

    ChoicePopup(const QString& prompt, QWidget* parent);

    /// Opens below the upper edge of the parent; `onChosen` is told the index of what is taken.
    void open(std::vector<Choice> choices, std::function<void(std::size_t)> onChosen);

protected:
    std::vector<Hit> find(const QString& typed) const override;
    void take(const QListWidgetItem& item) override;

private:
    std::vector<Choice> m_choices;
    std::function<void(std::size_t)> m_onChosen;
};

} // namespace weft
