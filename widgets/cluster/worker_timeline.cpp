#include "widgets/cluster/worker_timeline.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double nameWidth = 96;
constexpr double margin = 12;
constexpr double axisHeight = 22;
constexpr double tallestRow = 22;
constexpr double mostRows = 8; ///< that get their full height

/// 1, 2 or 5 times a power of ten, so that about six marks fit.
double roundStep(double span)
{
    const double rough = std::max(span / 6, 1e-3);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (rough <= factor * power)
            return factor * power;
    }
    return 10 * power;
}

} // namespace

WorkerTimeline::WorkerTimeline(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("workerTimeline"));
    setAccessibleName(tr("Workers over time"));
    setMinimumWidth(160);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void WorkerTimeline::show(const WorkerStats& stats)
{
    m_rows.clear();
    for (const auto& [rank, facts] : stats.ranks()) {
        if (!facts.spans.empty())
            m_rows.emplace_back(rank, facts);
    }
    m_end = stats.end();
    m_isShared = stats.ranks().size() > 1;
    updateGeometry();
    update();
}

QSize WorkerTimeline::sizeHint() const
{
    const double rows = static_cast<double>(std::max<std::size_t>(m_rows.size(), 1));
    // Words take more room than a row.
    const double least = m_rows.empty() ? 3 * tallestRow : 0;
    return {320, static_cast<int>(margin + std::max(least, std::min(rows, mostRows) * tallestRow) + axisHeight)};
}

QRectF WorkerTimeline::rowRect(int row) const
{
    const double height = std::min(tallestRow, (this->height() - axisHeight - margin) / std::max<double>(1, static_cast<double>(m_rows.size())));
    return {margin + nameWidth, margin + row * height, std::max(10.0, width() - nameWidth - 2 * margin), std::max(2.0, height - 4)};
}

double WorkerTimeline::xOf(double seconds) const
{
    const QRectF row = rowRect(0);
    return row.left() + row.width() * (m_end > 0 ? seconds / m_end : 0);
}

QString WorkerTimeline::whyEmpty() const
{
    if (!m_rows.empty())
        return {};
    return m_isShared ? tr("With all-reduce the ranks take every step together and the slowest sets the pace; how long the others wait for it is not measured. "
                           "With a parameter server (Training, Update) each worker is shown here over time.")
                      : tr("Workers are told apart where a parameter server trains: Training, Update.");
}

void WorkerTimeline::paintEvent(QPaintEvent*)
{
    const Colors& c = themeColors();
    QPainter painter(this);
    painter.setFont(Theme::instance().smallFont());
    if (m_rows.empty()) {
        painter.setPen(c.secondary);
        painter.drawText(rect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, whyEmpty());
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto& [rank, facts] = m_rows[i];
        const QRectF row = rowRect(static_cast<int>(i));
        const QString name
            = painter.fontMetrics().elidedText(tr("Rank %1 · %2").arg(rank).arg(facts.host), Qt::ElideRight, static_cast<int>(nameWidth) - 8);
        painter.setPen(c.text);
        painter.drawText(QRectF(margin, row.top() - 4, nameWidth - 8, row.height() + 8), Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.fillRect(row, c.raised);
        for (const WorkerSpan& span : facts.spans) {
            const double left = xOf(span.from), right = std::max(xOf(span.to), left + 1);
            const double full = row.height() * span.busyShare;
            painter.fillRect(QRectF(left, row.bottom() - full, right - left, full), c.train);
            if (span.dropped > 0)
                painter.fillRect(QRectF(left, row.bottom() - 2, right - left, 2), c.warning);
        }
    }
    painter.setPen(c.secondary);
    const double step = roundStep(m_end);
    const double below = rowRect(static_cast<int>(m_rows.size()) - 1).bottom() + 4;
    for (double at = 0; at <= m_end + 1e-9; at += step)
        painter.drawText(QRectF(xOf(at) - 40, below, 80, axisHeight), Qt::AlignHCenter | Qt::AlignTop,
                         tr("%1 s").arg(QLocale().toString(at, 'g', 4)));
}

QString WorkerTimeline::textAt(const QPoint& place) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto& [rank, facts] = m_rows[i];
        if (!rowRect(static_cast<int>(i)).contains(place))
            continue;
        for (const WorkerSpan& span : facts.spans) {
            if (place.x() >= xOf(span.from) && place.x() <= xOf(span.to))
                return tr("Rank %1 on %2, %3 to %4 s: computed %5 % of it, %6 gradients, staleness %7.")
                    .arg(QString::number(rank), facts.host, QLocale().toString(span.from, 'f', 1), QLocale().toString(span.to, 'f', 1),
                         QString::number(qRound(100 * span.busyShare)), QString::number(span.gradients), QLocale().toString(span.staleness, 'f', 1));
        }
    }
    return {};
}

bool WorkerTimeline::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace weft
