#include "widgets/training/curve_plot.h"

#include <algorithm>
#include <cmath>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

#include <qcustomplot.h>

#include "widgets/theme/theme.h"

namespace weft {

namespace {

constexpr int drawIntervalMs = 50;
constexpr int softPoints = 20000;

/// A short sample of a line, solid or dashed, as legends show it.
class LineSample : public QWidget {
public:
    explicit LineSample(Qt::PenStyle style) : m_style(style) { setFixedSize(20, 12); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Colors& colors = themeColors();
        QPen pen(m_style == Qt::SolidLine ? colors.train : colors.validation, 2);
        if (m_style != Qt::SolidLine)
            pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.drawLine(QPointF(1, height() / 2.0), QPointF(width() - 1, height() / 2.0));
    }

private:
    Qt::PenStyle m_style;
};

/// A graph that takes over a curve, appending only what is new.
struct Feed {
    QCPGraph* graph = nullptr;
    std::size_t taken = 0;
    int version = 0;

    void take(const RunCurve& curve)
    {
        if (curve.version != version || curve.points.size() < taken) {
            graph->data()->clear();
            taken = 0;
            version = curve.version;
        }
        if (taken == curve.points.size())
            return;
        QVector<QCPGraphData> fresh;
        fresh.reserve(static_cast<qsizetype>(curve.points.size() - taken));
        for (; taken < curve.points.size(); ++taken)
            fresh.append(QCPGraphData(curve.points[taken].x, curve.points[taken].y));
        graph->data()->add(fresh, true);
    }
    std::optional<double> at(double x) const
    {
        const auto& data = *graph->data();
        if (data.isEmpty() || x > (data.constEnd() - 1)->key)
            return std::nullopt;
        const auto right = data.findBegin(x, false);
        if (right == data.constEnd() || right->key < x)
            return std::nullopt;
        if (right == data.constBegin())
            return right->value;
        const auto left = right - 1;
        const double width = right->key - left->key;
        return width > 0 ? left->value + (right->value - left->value) * (x - left->key) / width : right->value;
    }
};

/// The smallest round number of epochs that shows everything: the axis then grows in steps.
double roundUp(double x)
{
    if (x <= 0)
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(x)));
    for (const double factor : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
        if (x <= factor * power * (1 + 1e-9))
            return factor * power;
    }
    return 10 * power;
}

QString numberText(double value)
{
    const double size = std::abs(value);
    return size != 0 && (size < 1e-3 || size >= 1e5) ? QLocale().toString(value, 'e', 2) : QLocale().toString(value, 'f', 4);
}

} // namespace

struct CurvePlot::Private {
    QLabel* title = nullptr;
    QCustomPlot* plot = nullptr;
    Feed raw, smooth, validation;
    QCPItemLine* hair = nullptr;
    QCPItemText* label = nullptr;
    QCPItemTracer* best = nullptr;
    QCPItemText* bestLabel = nullptr;
    std::optional<double> bestX;
    std::optional<double> cursor;
    QTimer timer;
    bool isDirty = false;
    int drawnPoints = 0;
    bool isFitted = true; ///< false while the user looks at a part

    void placeCursor();
    void placeBest();
};

CurvePlot::CurvePlot(const QString& title, QWidget* parent) : QWidget(parent), m_private(std::make_unique<Private>())
{
    Private& p = *m_private;
    p.title = new QLabel(title, this);
    QFont bold = p.title->font();
    bold.setBold(true);
    p.title->setFont(bold);
    p.plot = new QCustomPlot(this);
    p.plot->setAccessibleName(title);
    p.plot->setNoAntialiasingOnDrag(true);
    p.plot->setPlottingHint(QCP::phFastPolylines);
    p.plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    p.plot->axisRect()->setRangeDrag(Qt::Horizontal);
    p.plot->axisRect()->setRangeZoom(Qt::Horizontal);
    p.plot->setMinimumSize(160, 70);
    p.plot->setToolTip(tr("Wheel: zoom. Drag: move. Double click: show everything."));
    p.plot->setToolTipDuration(3000);
    p.plot->installEventFilter(this);

    auto* legend = new QHBoxLayout;
    legend->setSpacing(6);
    legend->addWidget(p.title);
    legend->addStretch();
    for (const auto& [style, text] : {std::pair(Qt::SolidLine, tr("train")), std::pair(Qt::DashLine, tr("validation"))}) {
        legend->addWidget(new LineSample(style));
        auto* name = new QLabel(text);
        name->setFont(Theme::instance().smallFont());
        legend->addWidget(name);
        legend->addSpacing(8);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 4);
    layout->setSpacing(2);
    layout->addLayout(legend);
    layout->addWidget(p.plot, 1);

    p.raw.graph = p.plot->addGraph();
    p.smooth.graph = p.plot->addGraph();
    p.validation.graph = p.plot->addGraph();
    for (QCPAxis* axis : {p.plot->xAxis, p.plot->yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLengthIn(0);
        axis->setTickLabelFont(Theme::instance().smallFont());
        axis->ticker()->setTickCount(4);
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
    }
    p.plot->xAxis->grid()->setVisible(false);
    p.plot->yAxis->grid()->setZeroLinePen(Qt::NoPen);
    p.plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    p.plot->axisRect()->setMargins(QMargins(0, 8, 10, 0));

    // The cursor lies on a layer of its own, so that moving it does not draw the curves again.
    p.plot->addLayer(QStringLiteral("cursor"));
    p.plot->layer(QStringLiteral("cursor"))->setMode(QCPLayer::lmBuffered);
    p.hair = new QCPItemLine(p.plot);
    p.label = new QCPItemText(p.plot);
    p.best = new QCPItemTracer(p.plot);
    p.bestLabel = new QCPItemText(p.plot);
    for (QCPAbstractItem* item : {static_cast<QCPAbstractItem*>(p.hair), static_cast<QCPAbstractItem*>(p.label)})
        item->setLayer(QStringLiteral("cursor"));
    for (QCPAbstractItem* item : {static_cast<QCPAbstractItem*>(p.hair), static_cast<QCPAbstractItem*>(p.label),
                                  static_cast<QCPAbstractItem*>(p.best), static_cast<QCPAbstractItem*>(p.bestLabel)}) {
        item->setVisible(false);
        item->setSelectable(false);
    }
    p.label->setClipToAxisRect(false);
    p.label->setFont(Theme::instance().smallFont());
    p.label->setPadding(QMargins(6, 3, 6, 3));
    p.bestLabel->setFont(Theme::instance().smallFont());
    p.best->setStyle(QCPItemTracer::tsCircle);
    p.best->setSize(8);
    p.best->setClipToAxisRect(false); // it may lie on the right edge

    p.timer.setSingleShot(true);
    p.timer.setInterval(drawIntervalMs);
    connect(&p.timer, &QTimer::timeout, this, [this] {
        if (m_private->isDirty)
            requestDraw();
    });
    connect(p.plot, &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { setCursorAt(m_private->plot->xAxis->pixelToCoord(event->position().x())); });
    connect(p.plot, &QCustomPlot::afterReplot, this, [this] { m_private->drawnPoints = m_private->raw.graph->dataCount(); });
    const auto lookAtPart = [this] { m_private->isFitted = false; };
    connect(p.plot, &QCustomPlot::mouseWheel, this, lookAtPart);
    connect(p.plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (event->buttons() & Qt::LeftButton)
            m_private->isFitted = false;
    });
    connect(p.plot, &QCustomPlot::mouseDoubleClick, this, [this] {
        m_private->isFitted = true;
        drawNow();
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] { colour(); });
    colour();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::setTitle(const QString& title)
{
    m_private->title->setText(title);
    m_private->plot->setAccessibleName(title);
}

int CurvePlot::drawnPoints() const
{
    return m_private->drawnPoints;
}

void CurvePlot::take(const Curves::Pair& curves, std::optional<double> best)
{
    Private& p = *m_private;
    p.raw.take(curves.raw);
    p.smooth.take(curves.smooth);
    p.validation.take(curves.validation);
    p.bestX = best;
    p.isDirty = true;
    if (!p.timer.isActive())
        requestDraw();
}

void CurvePlot::requestDraw()
{
    if (!isVisible())
        return;
    m_private->timer.start();
    drawNow();
}

void CurvePlot::drawNow()
{
    m_private->isDirty = false;
    // Long runs have more points than pixels: soft edges are not seen then, but cost seconds.
    for (QCPGraph* graph : {m_private->raw.graph, m_private->smooth.graph})
        graph->setAntialiased(graph->dataCount() < softPoints);
    if (m_private->isFitted)
        fit();
    m_private->placeBest();
    m_private->placeCursor();
    m_private->plot->replot(QCustomPlot::rpQueuedRefresh);
}

void CurvePlot::fit()
{
    Private& p = *m_private;
    double right = 0;
    double low = 0;
    double high = 0;
    bool isEmpty = true;
    // A single validation point counts as well, so every graph is asked.
    for (const Feed* feed : {&p.raw, &p.validation}) {
        bool isFound = false;
        const QCPRange all = feed->graph->getValueRange(isFound);
        if (!isFound)
            continue;
        // The first steep steps would press all that follows into a line: later they may leave the plot.
        const double last = (feed->graph->data()->constEnd() - 1)->key;
        const QCPRange later = last > 1 ? feed->graph->getValueRange(isFound, QCP::sdBoth, QCPRange(0.02 * last, last)) : all;
        const QCPRange y = isFound ? later : all;
        low = isEmpty ? y.lower : std::min(low, y.lower);
        high = isEmpty ? y.upper : std::max(high, y.upper);
        right = std::max(right, last);
        isEmpty = false;
    }
    p.plot->xAxis->setRange(0, roundUp(right));
    if (isEmpty) {
        p.plot->yAxis->setRange(0, 1);
        return;
    }
    if (low > 0 && low < 0.4 * high)
        low = 0;
    const double span = high > low ? high - low : std::max(std::abs(high), 1e-6);
    p.plot->yAxis->setRange(low == 0 ? 0 : low - 0.06 * span, high + 0.06 * span);
}

double CurvePlot::upperValue() const
{
    return m_private->plot->yAxis->range().upper;
}

void CurvePlot::setCursorAt(std::optional<double> x)
{
    m_private->cursor = x;
    m_private->placeCursor();
    m_private->plot->layer(QStringLiteral("cursor"))->replot();
}

QString CurvePlot::cursorText() const
{
    const Private& p = *m_private;
    if (!p.cursor)
        return {};
    const std::optional<double> train = p.smooth.at(*p.cursor);
    const std::optional<double> validation = p.validation.at(*p.cursor);
    if (!train && !validation)
        return {};
    QString text = tr("epoch %1").arg(QLocale().toString(*p.cursor, 'f', 2));
    if (train)
        text += tr(" · train %1").arg(numberText(*train));
    if (validation)
        text += tr(" · validation %1").arg(numberText(*validation));
    return text;
}

void CurvePlot::Private::placeCursor()
{
    auto* owner = static_cast<CurvePlot*>(plot->parentWidget());
    const QString text = owner->cursorText();
    hair->setVisible(!text.isEmpty());
    label->setVisible(!text.isEmpty());
    if (text.isEmpty())
        return;
    const QCPRange y = plot->yAxis->range();
    hair->start->setCoords(*cursor, y.lower);
    hair->end->setCoords(*cursor, y.upper);
    label->setText(text);
    // The text stays inside the plot: at the left of the line in the right half.
    const bool isRight = *cursor > plot->xAxis->range().center();
    label->setPositionAlignment((isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    label->position->setCoords(*cursor, y.upper);
}

void CurvePlot::Private::placeBest()
{
    const std::optional<double> y = bestX ? validation.at(*bestX) : std::nullopt;
    best->setVisible(y.has_value());
    bestLabel->setVisible(y.has_value());
    if (!y)
        return;
    const double height = y.value_or(0.0);
    best->position->setCoords(*bestX, height);
    bestLabel->setText(CurvePlot::tr("best"));
    const bool isHigh = height > plot->yAxis->range().center();
    bestLabel->setPositionAlignment((*bestX > 0.9 * plot->xAxis->range().upper ? Qt::AlignRight : Qt::AlignHCenter)
                                    | (isHigh ? Qt::AlignTop : Qt::AlignBottom));
    bestLabel->position->setCoords(*bestX, height);
    bestLabel->setPadding(QMargins(2, 6, 2, 6));
}

void CurvePlot::colour()
{
    Private& p = *m_private;
    const Colors& colors = themeColors();
    p.plot->setBackground(QBrush(colors.canvas));
    p.raw.graph->setPen(QPen(withAlpha(colors.train, 0.28), 1));
    p.smooth.graph->setPen(QPen(colors.train, 2));
    QPen dashed(colors.validation, 2);
    dashed.setDashPattern({4, 2.5});
    p.validation.graph->setPen(dashed);
    p.validation.graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colors.validation, 4));
    for (QCPAxis* axis : {p.plot->xAxis, p.plot->yAxis})
        axis->setTickLabelColor(colors.secondary);
    p.plot->yAxis->grid()->setPen(QPen(withAlpha(colors.line, 0.8), 1));
    p.hair->setPen(QPen(colors.secondary, 1));
    p.label->setColor(colors.text);
    p.label->setBrush(QBrush(withAlpha(colors.raised, 0.94)));
    p.best->setPen(QPen(colors.validation, 2));
    p.best->setBrush(QBrush(colors.canvas));
    p.bestLabel->setColor(colors.validation);
    p.plot->replot(QCustomPlot::rpQueuedReplot);
    update();
}

void CurvePlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(themeColors().line, 1));
    painter.setBrush(themeColors().canvas);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

void CurvePlot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    drawNow();
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave)
        setCursorAt(std::nullopt);
    return QWidget::eventFilter(watched, event);
}

} // namespace weft
