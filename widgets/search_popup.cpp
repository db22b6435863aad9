#include "widgets/search_popup.h"

#include <algorithm>

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QVBoxLayout>

#include "widgets/palette/layer_delegate.h"

namespace weft {

int fuzzyScore(const QString& typed, const QString& text)
{
    int score = 0;
    int from = 0;
    int run = 0;
    for (const QChar c : typed.toLower()) {
        if (c.isSpace())
            continue;
        int at = from;
        while (at < text.size() && text.at(at).toLower() != c)
            ++at;
        if (at == text.size())
            return -1;
        const bool isWordStart = at == 0 || text.at(at).isUpper() || !text.at(at - 1).isLetterOrNumber();
        run = at == from && from > 0 ? run + 1 : 0;
        score += 1 + (isWordStart ? 4 : 0) + run * 2 - std::min(at - from, 3);
        from = at + 1;
    }
    return std::max(score, 0);
}

SearchPopup::SearchPopup(const QString& prompt, const QSize& size, QWidget* parent) :
    QFrame(parent, Qt::Popup), m_field(new QLineEdit), m_list(new QListWidget), m_nothing(new QLabel(tr("Nothing here has such a name.")))
{
    setProperty("role", "popup");
    setFixedSize(size);
    m_field->setPlaceholderText(prompt);
    m_field->setAccessibleName(prompt);
    m_field->installEventFilter(this);
    m_list->setItemDelegate(new LayerDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(prompt);
    setAccessibleName(prompt);
    m_list->setUniformItemSizes(true);
    m_nothing->setObjectName(QStringLiteral("nothing"));
    m_nothing->setProperty("role", "secondary");
    m_nothing->setAlignment(Qt::AlignCenter);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_field);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_nothing, 1);
    connect(m_field, &QLineEdit::textChanged, this, &SearchPopup::fill);
    connect(m_list, &QListWidget::itemClicked, this, &SearchPopup::choose);
}

void SearchPopup::openAt(const QPoint& corner)
{
    m_field->clear();
    fill();
    const QScreen* at = QGuiApplication::screenAt(corner);
    const QRect screen = (at ? at : QGuiApplication::primaryScreen())->availableGeometry();
    move(std::clamp(corner.x(), screen.left(), std::max(screen.left(), screen.right() + 1 - width())),
         std::clamp(corner.y(), screen.top(), std::max(screen.top(), screen.bottom() + 1 - height())));
    show();
    m_field->setFocus();
}

void SearchPopup::fill()
{
    std::vector<Hit> hits = find(m_field->text());
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit& hit : hits)
        m_list->addItem(hit.item);
    m_list->setCurrentRow(0);
    m_list->setVisible(!hits.empty());
    m_nothing->setVisible(hits.empty());
}

void SearchPopup::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    hide();
    if (item)
        take(*item);
}

void SearchPopup::step(int by)
{
    if (const int rows = m_list->count(); rows > 0)
        m_list->setCurrentRow((m_list->currentRow() + by + rows) % rows);
}

bool SearchPopup::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down: step(1); return true;
    case Qt::Key_Up: step(-1); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(); return true;
    case Qt::Key_Escape: hide(); return true;
    default: return QFrame::eventFilter(watched, event);
    }
}

} // namespace weft
