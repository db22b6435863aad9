#include "widgets/data/class_bars.h"

#include <algorithm>

#include <QMouseEvent>
#include <QPainter>

#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int rowHeight = 20;

} // namespace

ClassBars::ClassBars(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Samples of each class"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void ClassBars::setRows(std::vector<Row> rows)
{
    m_rows = std::move(rows);
    updateGeometry();
    update();
}

QSize ClassBars::sizeHint() const
{
    return {240, rowHeight * static_cast<int>(m_rows.size())};
}

int ClassBars::rowAt(int y) const
{
    const int row = y / rowHeight;
    return y >= 0 && row < static_cast<int>(m_rows.size()) ? row : -1;
}

void ClassBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetrics metrics(Theme::instance().smallFont());
    painter.setFont(Theme::instance().smallFont());
    const Colors& colors = themeColors();
    int names = 0;
    int numbers = 0;
    for (const Row& row : m_rows) {
        names = std::max(names, metrics.horizontalAdvance(row.name) + 1); // rounded, which may be less than elidedText wants
        numbers = std::max(numbers, metrics.horizontalAdvance(row.text));
    }
    names = std::min(names, width() * 2 / 5);
    numbers = std::max(numbers, metrics.horizontalAdvance(QStringLiteral("100 %")));
    const double left = names + 10;
    const double full = std::max(8.0, width() - left - numbers - 10);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        const QRect line(0, static_cast<int>(i) * rowHeight, width(), rowHeight);
        painter.setPen(row.isMarked ? colors.text : colors.secondary);
        painter.drawText(QRect(0, line.top(), names, rowHeight), Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(row.name, Qt::ElideRight, names));
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.text);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.raised);
        const QRectF track(left, line.top() + 6, full, 8);
        painter.drawRoundedRect(track, 3, 3);
        painter.setBrush(row.isMarked ? colors.accent : mixed(colors.accent, colors.panel, 0.45));
        const double length = full * std::clamp(row.share, 0.0, 1.0);
        if (length > 0.5)
            painter.drawRoundedRect(QRectF(left, track.top(), std::max(length, 3.0), 8), 3, 3);
    }
}

void ClassBars::mouseReleaseEvent(QMouseEvent* event)
{
    const int row = rowAt(static_cast<int>(event->position().y()));
    if (row >= 0)
        Q_EMIT clicked(row);
}

} // namespace weft
