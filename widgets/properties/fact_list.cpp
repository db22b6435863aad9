#include "widgets/properties/fact_list.h"

#include <QGridLayout>
#include <QLabel>

namespace weft {

FactList::FactList(QWidget* parent) : QWidget(parent), m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(12);
    m_layout->setVerticalSpacing(6);
    m_layout->setColumnStretch(1, 1);
}

void FactList::show(const std::vector<Fact>& facts)
{
    while (m_rows.size() < facts.size()) {
        auto* label = new QLabel;
        label->setProperty("role", "secondary");
        auto* value = new QLabel;
        value->setProperty("role", "value");
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        const int row = static_cast<int>(m_rows.size());
        m_layout->addWidget(label, row, 0);
        m_layout->addWidget(value, row, 1);
        m_rows.emplace_back(label, value);
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const bool isUsed = i < facts.size();
        m_rows[i].first->setVisible(isUsed);
        m_rows[i].second->setVisible(isUsed);
        if (isUsed) {
            m_rows[i].first->setText(facts[i].label);
            m_rows[i].second->setText(facts[i].value);
        }
    }
}

} // namespace weft
