#include "widgets/cluster/line_plot.h"

#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int drawIntervalMs = 50;

struct LineLook {
    QColor color;
    Qt::PenStyle style;
};

/// Colour-blind-safe, and told apart without colours too.
LineLook lookOf(std::size_t index)
{
    static const LineLook looks[]
        = {{QColor(0x56, 0xb4, 0xe9), Qt::SolidLine}, {QColor(0xe6, 0x9f, 0x00), Qt::DashLine},  {QColor(0x00, 0x9e, 0x73), Qt::DashDotLine},
           {QColor(0xcc, 0x79, 0xa7), Qt::DotLine},   {QColor(0xd5, 0x5e, 0x00), Qt::SolidLine}, {QColor(0x00, 0x72, 0xb2), Qt::DashLine}};
    return looks[index % std::size(looks)];
}

} // namespace

LinePlot::LinePlot(const QString& xTitle, const QString& yTitle, QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setMinimumSize(120, 70);
    m_plot->setAccessibleName(yTitle);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLengthIn(0);
        axis->setTickLabelFont(Theme::instance().smallFont());
        axis->setLabelFont(Theme::instance().smallFont());
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
    }
    m_plot->xAxis->setLabel(xTitle);
    m_plot->yAxis->setLabel(yTitle);
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->xAxis->ticker()->setTickCount(3);
    m_plot->yAxis->ticker()->setTickCount(4);
    m_plot->yAxis->grid()->setZeroLinePen(Qt::NoPen);
    m_plot->legend->setFont(Theme::instance().smallFont());
    m_plot->legend->setBorderPen(Qt::NoPen);
    m_plot->legend->setRowSpacing(0);
    m_plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignLeft);
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showValueAt(event->pos()); });
    m_timer.setSingleShot(true);
    m_timer.setInterval(drawIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &LinePlot::draw);
    connect(&Theme::instance(), &Theme::changed, this, &LinePlot::requestDraw);
}

void LinePlot::setDoubling()
{
    m_isDoubling = true;
    const QSharedPointer<QCPAxisTickerLog> ticker(new QCPAxisTickerLog);
    ticker->setLogBase(2);
    ticker->setSubTickCount(0);
    m_plot->xAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->xAxis->setTicker(ticker);
    m_plot->xAxis->setNumberFormat(QStringLiteral("f"));
    m_plot->xAxis->setNumberPrecision(0);
}

void LinePlot::setLegendBelow()
{
    m_plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignBottom | Qt::AlignLeft);
}

void LinePlot::setLines(std::vector<PlotLine> lines)
{
    m_lines = std::move(lines);
    requestDraw();
}

void LinePlot::setMarks(std::vector<PlotLine> marks)
{
    m_marks = std::move(marks);
    requestDraw();
}

void LinePlot::requestDraw()
{
    if (isVisible() && !m_timer.isActive())
        m_timer.start();
}

void LinePlot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    draw();
}

int LinePlot::drawnLines() const
{
    return m_plot->graphCount();
}

void LinePlot::colour()
{
    const Colors& c = themeColors();
    m_plot->setBackground(c.panel);
    QPen grid(c.line);
    grid.setWidthF(1);
    m_plot->yAxis->grid()->setPen(grid);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelColor(c.secondary);
        axis->setLabelColor(c.secondary);
    }
    m_plot->legend->setBrush(withAlpha(c.panel, 0.8));
    m_plot->legend->setTextColor(c.text);
}

void LinePlot::draw()
{
    m_plot->clearGraphs();
    colour();
    double left = m_isDoubling ? 1 : 0, right = m_isDoubling ? 2 : 1, top = 0;
    const auto add = [&](const PlotLine& line) {
        QCPGraph* graph = m_plot->addGraph();
        graph->setName(line.name);
        QVector<QCPGraphData> points;
        points.reserve(static_cast<qsizetype>(line.points.size()));
        for (const QPointF& point : line.points) {
            points.append(QCPGraphData(point.x(), point.y()));
            right = std::max(right, point.x());
            top = std::max(top, point.y());
        }
        graph->data()->set(points, true);
        return graph;
    };
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        QPen pen(lookOf(i).color, 2);
        pen.setStyle(lookOf(i).style);
        add(m_lines[i])->setPen(pen);
    }
    for (const PlotLine& mark : m_marks) {
        QCPGraph* graph = add(mark);
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCross, themeColors().text, 8));
        graph->removeFromLegend();
    }
    m_plot->legend->setVisible(m_lines.size() > 1);
    m_plot->xAxis->setRange(left, right * (m_isDoubling ? 1.1 : 1.02));
    m_plot->yAxis->setRange(0, top > 0 ? top * 1.12 : 1);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

/// The nearest point of each line, as a tip.
void LinePlot::showValueAt(const QPoint& place)
{
    QStringList words;
    const double x = m_plot->xAxis->pixelToCoord(place.x());
    const auto distance = [&](const QPointF& point) { return std::abs(m_plot->xAxis->coordToPixel(point.x()) - m_plot->xAxis->coordToPixel(x)); };
    const auto nearestOf = [&](const PlotLine& line) {
        return std::min_element(line.points.begin(), line.points.end(),
                                [&](const QPointF& a, const QPointF& b) { return distance(a) < distance(b); });
    };
    for (const PlotLine& line : m_lines) {
        if (const auto point = nearestOf(line); point != line.points.end())
            words << QStringLiteral("%1: %2 → %3").arg(line.name, QLocale().toString(point->x(), 'g', 4), QLocale().toString(point->y(), 'g', 4));
    }
    for (const PlotLine& mark : m_marks) {
        const auto point = nearestOf(mark);
        if (point != mark.points.end() && distance(*point) < 8 && std::abs(m_plot->yAxis->coordToPixel(point->y()) - place.y()) < 8)
            words = {mark.name};
    }
    QToolTip::showText(m_plot->mapToGlobal(place), words.join(QLatin1Char('\n')), m_plot);
}

} // namespace weft
