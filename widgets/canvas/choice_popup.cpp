#include "widgets/canvas/choice_popup.h"

#include <QListWidgetItem>

#include "widgets/palette/layer_delegate.h"

namespace weft {
namespace {

constexpr int indexRole = Qt::UserRole + 30;

} // namespace

ChoicePopup::ChoicePopup(const QString& prompt, QWidget* parent) : SearchPopup(prompt, {380, 340}, parent) {}

void ChoicePopup::open(std::vector<Choice> choices, std::function<void(std::size_t)> onChosen)
{
    m_choices = std::move(choices);
    m_onChosen = std::move(onChosen);
    const QWidget* around = parentWidget();
    openAt(around->mapToGlobal(QPoint((around->width() - width()) / 2, 24)));
}

std::vector<SearchPopup::Hit> ChoicePopup::find(const QString& typed) const
{
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < m_choices.size(); ++i) {
        const Choice& choice = m_choices[i];
        const int score = std::max(fuzzyScore(typed, choice.text) * 2, fuzzyScore(typed, choice.hint));
        if (score < 0)
            continue;
        auto* item = new QListWidgetItem(choice.text);
        item->setData(indexRole, static_cast<int>(i));
        item->setData(CategoryRole, choice.category);
        item->setData(HintRole, choice.hint);
        hits.push_back({score, item});
    }
    return hits;
}

void ChoicePopup::take(const QListWidgetItem& item)
{
    if (m_onChosen)
        m_onChosen(static_cast<std::size_t>(item.data(indexRole).toInt()));
}

} // namespace weft
