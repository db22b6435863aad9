#include "widgets/canvas/wire_peek.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int delayMs = 120;
constexpr int cardWidth = 268;
constexpr int padding = 12;
constexpr int lineHeight = 17;

} // namespace

/// Beside the viewport, which fills the view: only there it comes to lie above what stands in the corners.
WirePeek::WirePeek(CanvasView* view, NetworkInsight* insight) : QWidget(view), m_view(view), m_insight(insight)
{
    setObjectName(QStringLiteral("wirePeek"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
    m_delay.setSingleShot(true);
    m_delay.setInterval(delayMs);
    connect(&m_delay, &QTimer::timeout, this, [this] {
        if (m_wire)
            open(*m_wire, m_at);
    });
    connect(insight, &NetworkInsight::arrived, this, &WirePeek::take);
    connect(insight, &NetworkInsight::refused, this, &WirePeek::refuse);
    connect(&view->document(), &ProjectDocument::reset, this, &WirePeek::close);
    connect(&view->canvas(), &CanvasScene::placeChanged, this, &WirePeek::close);
    connect(&view->canvas(), &CanvasScene::contentChanged, this, [this] {
        if (m_wire && !m_view->canvas().wire(*m_wire))
            close();
    });
    view->viewport()->installEventFilter(this);
}

bool WirePeek::eventFilter(QObject*, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseMove: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->buttons() == Qt::NoButton)
            follow(mouse->position().toPoint());
        else
            close();
        break;
    }
    case QEvent::MouseButtonPress:
    case QEvent::Wheel: close(); break;
    case QEvent::Leave:
        if (!m_isHeld)
            close();
        break;
    case QEvent::ToolTip: return m_wire && !m_isHeld; // the card says more
    default: break;
    }
    return false;
}

void WirePeek::follow(const QPoint& point)
{
    const QPointF at = m_view->toScene(QPointF(point));
    const CanvasScene& scene = m_view->canvas();
    const bool isFree = !scene.portAt(at, portReach(m_view->zoom())) && !scene.nodeAt(at);
    const WireItem* item = isFree ? scene.wireAt(at) : nullptr;
    if (!item) {
        if (!m_isHeld)
            close();
        return;
    }
    if (m_wire && *m_wire == item->wire())
        return;
    close();
    m_wire = item->wire();
    m_at = point;
    m_delay.start();
}

void WirePeek::toggleForSelection()
{
    const CanvasScene& scene = m_view->canvas();
    const std::vector<Wire> wires = scene.selectedWires();
    const std::vector<std::string> nodes = scene.selectedNodes();
    const WireItem* item = wires.empty() ? nullptr : scene.wire(wires.front());
    for (WireItem* leaving : scene.wires()) {
        if (!item && !nodes.empty() && leaving->wire().from.node == nodes.front())
            item = leaving;
    }
    const bool isShown = item && m_isHeld && m_wire && *m_wire == item->wire();
    close();
    if (!item) {
        Q_EMIT m_view->message(tr("Select a wire, or a layer with one behind it."));
        return;
    }
    if (isShown)
        return;
    const QPointF middle = item->path().pointAtPercent(0.5);
    m_wire = item->wire();
    m_isHeld = true;
    open(item->wire(), m_view->viewportTransform().map(middle).toPoint());
}

void WirePeek::open(const Wire& wire, const QPoint& at)
{
    const CanvasScene& scene = m_view->canvas();
    const NodeItem* from = scene.node(wire.from.node);
    const NodeItem* to = scene.node(wire.to.node);
    if (!from || !to)
        return;
    m_at = at;
    m_port = QString::fromStdString(scene.pathOf(wire.from.node) + "." + wire.from.port);
    m_title = QStringLiteral("%1 → %2").arg(from->face().name, to->face().name);
    m_facts = scene.wire(wire)->toolTip().section(QLatin1Char('\n'), -1);
    m_isData = from->layer() && from->layer()->inputs().empty();
    m_insight->askFor(m_port);
}

void WirePeek::close()
{
    m_delay.stop();
    hide();
    if (!m_port.isEmpty())
        m_insight->forget();
    m_wire.reset();
    m_isHeld = false;
    m_port.clear();
    m_picture.reset();
    m_problem.clear();
}

void WirePeek::take(const QString& port, const QJsonObject& tensor)
{
    if (port != m_port)
        return;
    m_problem.clear();
    m_picture.emplace(tensor, m_isData);
    setAccessibleName(m_title);
    setAccessibleDescription(QStringList{m_picture->facts(), m_picture->statistics(), m_picture->source()}.join(QStringLiteral(", ")));
    place();
}

void WirePeek::refuse(const QString& port, const QString& reason)
{
    if (port != m_port)
        return;
    m_picture.reset();
    m_problem = reason;
    setAccessibleName(m_title);
    setAccessibleDescription(m_facts + QLatin1Char(' ') + reason);
    place();
}

/// Below and right of the place, inside the canvas.
void WirePeek::place()
{
    const int inner = cardWidth - 2 * padding;
    int height = 2 * padding + lineHeight;
    const QFontMetrics metrics(Theme::instance().smallFont());
    const auto heightOf = [&](const QString& text) {
        return text.isEmpty() ? 0 : metrics.boundingRect(QRect(0, 0, inner, 1000), Qt::TextWordWrap, text).height() + 2;
    };
    if (m_picture)
        height += 3 * lineHeight + m_picture->bodyHeight(inner) + 8 + heightOf(m_picture->warning());
    else
        height += heightOf(m_facts) + heightOf(m_problem);
    const QRect room = m_view->viewport()->rect().adjusted(8, 8, -8, -8);
    resize(cardWidth, height);
    QPoint corner = m_at + QPoint(18, 22);
    if (corner.x() + width() > room.right())
        corner.setX(m_at.x() - 18 - width());
    corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - width())));
    if (corner.y() + height > room.bottom())
        corner.setY(std::max(room.top(), std::min(m_at.y() - 22 - height, room.bottom() - height)));
    move(corner);
    show();
    raise();
    update();
}

void WirePeek::paintEvent(QPaintEvent*)
{
    const Colors& c = themeColors();
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(c.line);
    painter.setBrush(c.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    QRect line(padding, padding, width() - 2 * padding, lineHeight);
    QFont bold = theme.bodyFont();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(c.text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics(bold).elidedText(m_title, Qt::ElideMiddle, line.width()));
    line.translate(0, lineHeight);
    painter.setFont(theme.smallFont());
    const auto drawLine = [&](const QString& text, const QColor& color) {
        painter.setPen(color);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics(theme.smallFont()).elidedText(text, Qt::ElideRight, line.width()));
        line.translate(0, lineHeight);
    };
    if (!m_picture) {
        const QRect room(padding, line.top(), line.width(), height() - line.top());
        painter.setPen(c.secondary);
        painter.drawText(room, Qt::TextWordWrap, m_facts + QLatin1Char('\n') + m_problem);
        return;
    }
    drawLine(m_picture->facts(), c.secondary);
    const QRect body(padding, line.top() + 4, line.width(), m_picture->bodyHeight(line.width()));
    m_picture->paintBody(&painter, body);
    line.moveTop(body.bottom() + 5);
    drawLine(m_picture->statistics(), c.text);
    drawLine(m_picture->source(), c.secondary);
    if (m_picture->warning().isEmpty())
        return;
    painter.setPen(c.warning);
    painter.drawText(QRect(padding, line.top(), line.width(), height() - line.top()), Qt::TextWordWrap, m_picture->warning());
}

} // namespace weft
