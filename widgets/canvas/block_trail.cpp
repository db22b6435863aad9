#include "widgets/canvas/block_trail.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace weft {

BlockTrail::BlockTrail(QWidget* canvas) : QFrame(canvas), m_layout(new QHBoxLayout(this))
{
    setObjectName(QStringLiteral("blockTrail"));
    setProperty("role", "popup");
    setAccessibleName(tr("The way into this block"));
    m_layout->setContentsMargins(12, 6, 12, 6);
    m_layout->setSpacing(6);
    move(12, 12);
    hide();
}

void BlockTrail::setNames(const QStringList& names)
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // one of them may be the sender of what leads here
        delete item;
    }
    for (int i = 0; i < names.size(); ++i) {
        if (i > 0)
            m_layout->addWidget(new QLabel(QStringLiteral("›")));
        if (i + 1 == names.size()) {
            auto* here = new QLabel(names[i]);
            QFont bold = here->font();
            bold.setBold(true);
            here->setFont(bold);
            m_layout->addWidget(here);
            continue;
        }
        auto* link = new QPushButton(names[i]);
        link->setProperty("link", true);
        link->setCursor(Qt::PointingHandCursor);
        link->setToolTip(tr("Go back here (Esc)"));
        connect(link, &QPushButton::clicked, this, [this, i] { Q_EMIT chosen(static_cast<std::size_t>(i)); });
        m_layout->addWidget(link);
    }
    setVisible(names.size() > 1);
    adjustSize();
    raise();
}

} // namespace weft
