#include "widgets/predictions/confusion_matrix.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int titleHeight = 18;
constexpr double gap = 1;
constexpr int smallestFont = 8;

} // namespace

ConfusionMatrix::ConfusionMatrix(QWidget* parent) : QWidget(parent)
{
    setFont(Theme::instance().smallFont());
    setAccessibleName(tr("Confusion matrix"));
    setFocusPolicy(Qt::StrongFocus);
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void ConfusionMatrix::setCounts(const QStringList& classNames, std::vector<int> cells)
{
    m_names = classNames;
    m_cells = std::move(cells);
    m_choice = {};
    update();
}

void ConfusionMatrix::setChoice(const Choice& choice)
{
    m_choice = choice;
    update();
}

int ConfusionMatrix::namesWidth() const
{
    int names = fontMetrics().horizontalAdvance(tr("true ↓"));
    for (const QString& name : m_names)
        names = std::max(names, fontMetrics().horizontalAdvance(name));
    return names + 11;
}

int ConfusionMatrix::widthFor(int height) const
{
    return std::min(namesWidth(), 140) + std::max(0, height - titleHeight);
}

int ConfusionMatrix::heightFor(int width) const
{
    return width - std::min(namesWidth(), width * 2 / 5) + titleHeight;
}

/// The cells, right of the names of the rows and below the title.
QRectF ConfusionMatrix::grid() const
{
    const double left = std::min(namesWidth(), width() * 2 / 5);
    const double side = std::max(20.0, std::min(width() - left, static_cast<double>(height() - titleHeight)));
    return {left, static_cast<double>(titleHeight), side, side};
}

QRectF ConfusionMatrix::cellRect(int label, int predicted) const
{
    const QRectF all = grid();
    const double side = all.width() / std::max(1, classes());
    return QRectF(all.left() + predicted * side, all.top() + label * side, side, side).adjusted(0, 0, -gap, -gap);
}

void ConfusionMatrix::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colors& colors = themeColors();
    if (m_names.isEmpty())
        return;
    const QRectF all = grid();
    painter.setPen(colors.secondary);
    painter.drawText(QRectF(all.left(), 0, width() - all.left(), titleHeight), Qt::AlignLeft | Qt::AlignVCenter, tr("predicted →"));
    painter.drawText(QRectF(0, 0, all.left() - 8, titleHeight), Qt::AlignRight | Qt::AlignVCenter, tr("true ↓"));
    for (int label = 0; label < classes(); ++label) {
        int sum = 0;
        for (int predicted = 0; predicted < classes(); ++predicted)
            sum += count(label, predicted);
        for (int predicted = 0; predicted < classes(); ++predicted)
            paintCell(painter, label, predicted, sum);
        const QRectF row = cellRect(label, 0);
        if (row.height() < 9)
            continue;
        painter.setPen(m_choice.label == label ? colors.text : colors.secondary);
        const QRectF place(0, row.top(), all.left() - 8, row.height());
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                         fontMetrics().elidedText(m_names[label], Qt::ElideRight, static_cast<int>(place.width())));
    }
    if (hasFocus()) {
        painter.setPen(QPen(colors.accent, 1.5));
        painter.drawRect(all.adjusted(0.25, 0.25, -1.25, -1.25)); // the gap behind the last cell belongs to none
    }
}

void ConfusionMatrix::paintCell(QPainter& painter, int label, int predicted, int rowSum) const
{
    const Colors& colors = themeColors();
    const QRectF cell = cellRect(label, predicted);
    const int number = count(label, predicted);
    // The root lifts rare mistakes out of the ground. Right answers carry the accent, mistakes the colour of errors.
    const double share = rowSum > 0 ? std::sqrt(static_cast<double>(number) / rowSum) : 0;
    const QColor ink = label == predicted ? colors.accent : colors.error;
    painter.fillRect(cell, mixed(colors.raised, ink, 0.9 * share));
    const QString text = QString::number(number);
    QFont font = painter.font();
    // Numbers of three figures shrink a little rather than vanish.
    while (QFontMetrics(font).horizontalAdvance(text) + 2 > cell.width() && font.pixelSize() > smallestFont)
        font.setPixelSize(font.pixelSize() - 1);
    const QFontMetrics metrics(font);
    if (number > 0 && metrics.horizontalAdvance(text) <= cell.width() && font.pixelSize() <= cell.height()) {
        painter.save();
        painter.setFont(font);
        painter.setPen(share > 0.6 ? colors.onAccent : colors.text);
        painter.drawText(cell, Qt::AlignCenter | Qt::TextDontClip, text);
        painter.restore();
    }
    const bool isChosen
        = (m_choice.label || m_choice.predicted) && m_choice.label.value_or(label) == label && m_choice.predicted.value_or(predicted) == predicted;
    if (isChosen) {
        painter.setPen(QPen(colors.text, 2));
        painter.drawRect(cell.adjusted(1, 1, -1, -1));
    }
}

ConfusionMatrix::Choice ConfusionMatrix::hit(const QPointF& point) const
{
    const QRectF all = grid();
    if (m_names.isEmpty() || point.y() < all.top() || point.y() >= all.bottom() || point.x() >= all.right())
        return {};
    const double side = all.width() / classes();
    Choice choice;
    choice.label = std::clamp(static_cast<int>((point.y() - all.top()) / side), 0, classes() - 1);
    if (point.x() >= all.left())
        choice.predicted = std::clamp(static_cast<int>((point.x() - all.left()) / side), 0, classes() - 1);
    return choice;
}

void ConfusionMatrix::mousePressEvent(QMouseEvent* event)
{
    const Choice choice = hit(event->position());
    choose(choice == m_choice ? Choice{} : choice);
}

void ConfusionMatrix::choose(const Choice& choice)
{
    setChoice(choice);
    Q_EMIT chosen(m_choice);
}

void ConfusionMatrix::keyPressEvent(QKeyEvent* event)
{
    const int last = classes() - 1;
    const bool hasCell = m_choice.label && m_choice.predicted;
    const auto go = [&](int down, int across) {
        choose({hasCell ? std::clamp(*m_choice.label + down, 0, last) : 0, hasCell ? std::clamp(*m_choice.predicted + across, 0, last) : 0});
    };
    switch (last < 0 ? Qt::Key_unknown : event->key()) {
    case Qt::Key_Left: return go(0, -1);
    case Qt::Key_Right: return go(0, 1);
    case Qt::Key_Up: return go(-1, 0);
    case Qt::Key_Down: return go(1, 0);
    case Qt::Key_Escape: return choose({});
    default: QWidget::keyPressEvent(event);
    }
}

bool ConfusionMatrix::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Choice at = hit(help->pos());
    if (!at.label || !at.predicted) {
        QToolTip::hideText();
    } else if (at.label == at.predicted) {
        QToolTip::showText(help->globalPos(), tr("%1 recognised: %2").arg(m_names[*at.label], formatCount(count(*at.label, *at.predicted))), this);
    } else {
        QToolTip::showText(help->globalPos(),
                           tr("%1 taken for %2: %3").arg(m_names[*at.label], m_names[*at.predicted], formatCount(count(*at.label, *at.predicted))),
                           this);
    }
    return true;
}

} // namespace weft
