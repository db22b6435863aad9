#include "widgets/canvas/node_item.h"

#include <algorithm>
#include <map>

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include "widgets/port_text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double radius = 8;
constexpr double portSize = 12;
constexpr double barWidth = 6;
constexpr double nameRoom = 84; ///< for the names of ports
constexpr double margin = 16; ///< around the body: ports, ring, fault sign
constexpr double farDetail = 0.45;
constexpr double tinyDetail = 0.18;
const QRectF headingRoom(18, 9, nodeWidth - 32, 20);
const QRectF lineRoom(18, 29, nodeWidth - 32, 18);

const QFont& boldFont()
{
    static QFont* font = nullptr; // kept to the end, as the theme's
    if (!font) {
        font = new QFont(Theme::instance().bodyFont());
        font->setBold(true);
    }
    return *font;
}

/// The bar of the category within the rounded body.
const QPainterPath& leftBar(double height)
{
    static std::map<double, QPainterPath> bars;
    QPainterPath& bar = bars[height];
    if (bar.isEmpty()) {
        QPainterPath outline, strip;
        outline.addRoundedRect(QRectF(0, 0, nodeWidth, height).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        strip.addRect(0, 0, barWidth, height);
        bar = outline.intersected(strip);
    }
    return bar;
}

void addPorts(std::vector<CanvasPort>& ports, const std::vector<PortSpec>& specs, bool isInput, double height)
{
    const auto count = static_cast<double>(specs.size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
        CanvasPort port;
        port.name = specs[i].name;
        port.hint = portTitle(specs[i].name) + QStringLiteral("  ") + QString::fromStdString(specs[i].shapeHint);
        port.isInput = isInput;
        port.isVariadic = specs[i].isVariadic;
        port.isOptional = specs[i].isOptional;
        port.center = {isInput ? 0 : nodeWidth, height * (static_cast<double>(i) + 1) / (count + 1)};
        ports.push_back(port);
    }
}

/// The name beside a port where there are several to tell apart.
void paintPortName(QPainter* painter, const CanvasPort& port, const std::vector<CanvasPort>& ports)
{
    const auto count = std::count_if(ports.begin(), ports.end(), [&](const CanvasPort& other) { return other.isInput == port.isInput; });
    if (count < 2)
        return;
    const Colors& c = themeColors();
    const QFont& font = Theme::instance().smallFont();
    const QString name = portTitle(port.name);
    QRectF tag(0, 0, std::min(QFontMetricsF(font).horizontalAdvance(name) + 10, nameRoom), 16);
    tag.moveCenter(port.center);
    port.isInput ? tag.moveRight(port.center.x() - 10) : tag.moveLeft(port.center.x() + 10);
    painter->setPen(Qt::NoPen);
    painter->setBrush(withAlpha(c.canvas, 0.85));
    painter->drawRoundedRect(tag, 4, 4);
    painter->setPen(c.secondary);
    painter->setFont(font);
    painter->drawText(tag, Qt::AlignCenter, QFontMetricsF(font).elidedText(name, Qt::ElideRight, tag.width()));
}

} // namespace

QRectF farBar(const QRectF& body, double left, double share)
{
    constexpr double thickness = 8;
    return {body.left() + left, body.bottom() - thickness, (body.width() - left) * share, thickness};
}

void paintSign(QPainter* painter, const QRectF& rect, Severity severity)
{
    const Colors& c = themeColors();
    const bool isError = severity == Severity::Error;
    painter->save();
    painter->setPen(Qt::NoPen);
    painter->setBrush(isError ? c.error : severity == Severity::Warning ? c.warning : c.accent);
    painter->drawEllipse(rect);
    painter->setPen(QPen(isError ? QColor(Qt::white) : QColor("#16181d"), rect.width() * 0.13, Qt::SolidLine, Qt::RoundCap));
    const QPointF center = rect.center();
    const double unit = rect.width() / 18;
    painter->drawLine(center + QPointF(0, -4.4 * unit), center + QPointF(0, 1.2 * unit));
    painter->drawPoint(center + QPointF(0, 4.8 * unit));
    painter->restore();
}

NodeItem::NodeItem(std::string id, const LayerSpec* layer) : m_id(std::move(id)), m_layer(layer), m_height(nodeHeight)
{
    setFlags(ItemIsSelectable | ItemIsFocusable);
    setZValue(1);
    if (!layer)
        return;
    const std::size_t tallest = std::max(layer->inputs().size(), layer->outputs().size());
    m_height = nodeHeight + gridStep * static_cast<double>(tallest > 3 ? tallest - 3 : 0);
    addPorts(m_ports, layer->inputs(), true, m_height);
    addPorts(m_ports, layer->outputs(), false, m_height);
}

QRectF NodeItem::boundingRect() const
{
    if (m_layer && (m_layer->inputs().size() > 1 || m_layer->outputs().size() > 1)) // names may stand beside them
        return body().adjusted(-margin - nameRoom, -margin, margin + nameRoom, margin);
    return body().adjusted(-margin, -margin, margin, margin);
}

QPainterPath NodeItem::shape() const
{
    QPainterPath path;
    path.addRect(body());
    return path;
}

QRectF NodeItem::faultRect() const
{
    return {nodeWidth - 11, -9, 18, 18};
}

void NodeItem::setFace(const NodeFace& face)
{
    if (face == m_face)
        return;
    m_face = face;
    m_texts.reset();
    update();
}

const CanvasPort* NodeItem::findPort(const std::string& name, bool isInput) const
{
    for (const CanvasPort& port : m_ports) {
        if (port.isInput == isInput && port.name == name)
            return &port;
    }
    return nullptr;
}

int NodeItem::portIndex(const std::string& name, bool isInput) const
{
    int index = 0;
    for (const CanvasPort& port : m_ports) {
        if (port.isInput != isInput)
            continue;
        if (port.name == name)
            return index;
        ++index;
    }
    return -1;
}

QPointF NodeItem::portPoint(const std::string& name, bool isInput) const
{
    const CanvasPort* port = findPort(name, isInput);
    return mapToScene(port ? port->center : QPointF(isInput ? 0 : nodeWidth, m_height / 2));
}

void NodeItem::setPortLook(const std::string& name, bool isInput, CanvasPort::Look look)
{
    for (CanvasPort& port : m_ports) {
        if (port.isInput == isInput && port.name == name && port.look != look) {
            port.look = look;
            update();
        }
    }
}

void NodeItem::setPortWired(const std::string& name, bool isInput, bool isWired)
{
    for (CanvasPort& port : m_ports) {
        if (port.isInput == isInput && port.name == name && port.isWired != isWired) {
            port.isWired = isWired;
            update();
        }
    }
}

void NodeItem::resetPortLooks()
{
    for (CanvasPort& port : m_ports)
        port.look = CanvasPort::Look::Normal;
    m_isDimmed = false;
    m_isTargeted = false;
    m_dimReason.clear();
    update();
}

void NodeItem::setDimmed(bool isDimmed, const QString& reason)
{
    m_isDimmed = isDimmed;
    m_dimReason = reason;
    update();
}

void NodeItem::setTargeted(bool isTargeted)
{
    if (m_isTargeted == isTargeted)
        return;
    m_isTargeted = isTargeted;
    update();
}

QString NodeItem::toolTipAt(const QPointF& point) const
{
    if (m_isDimmed)
        return m_dimReason;
    if (m_face.hasFault && faultRect().adjusted(-4, -4, 4, 4).contains(point))
        return m_face.faultText;
    for (const CanvasPort& port : m_ports) {
        if (QLineF(port.center, point).length() <= portSize)
            return port.hint;
    }
    return m_face.hasFault ? m_face.faultText : m_face.summary;
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*)
{
    const Colors& c = themeColors();
    const double detail = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    Q_UNUSED(option);
    painter->setOpacity(m_isDimmed ? 0.35 : 1.0);
    if (isSelected() || m_isTargeted) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(c.accent, detail < farDetail ? 2 / detail : 2, m_isTargeted && !isSelected() ? Qt::DashLine : Qt::SolidLine));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(body().adjusted(-4, -4, 4, 4), radius + 3, radius + 3);
    }
    if (m_face.isBypassed && !m_isDimmed)
        painter->setOpacity(0.45);
    if (detail < farDetail)
        paintFar(painter, detail);
    else
        paintNear(painter);
    if (m_face.isBypassed)
        paintBypass(painter);
    if (m_face.hasFault && detail >= tinyDetail)
        paintFault(painter);
}

void NodeItem::paintFar(QPainter* painter, double detail) const
{
    const Colors& c = themeColors();
    painter->fillRect(body(), hasError() ? mixed(c.raised, c.error, 0.5) : c.raised);
    const double bar = detail < tinyDetail ? 24 : 12;
    painter->fillRect(QRectF(0, 0, bar, m_height), m_face.bar);
    painter->fillRect(farBar(body(), bar, m_face.share), m_face.bar);
    if (detail < tinyDetail)
        return;
    // The name stays readable longer than the rest: it is drawn at twice the size.
    QFont font = Theme::instance().bodyFont();
    font.setPixelSize(24);
    font.setBold(true);
    painter->setFont(font);
    painter->setPen(c.text);
    const QString name = QFontMetricsF(font).elidedText(m_face.name, Qt::ElideRight, nodeWidth - 32);
    painter->drawText(QRectF(22, 0, nodeWidth - 26, m_height), Qt::AlignVCenter | Qt::AlignLeft, name);
}

void NodeItem::paintNear(QPainter* painter) const
{
    const Colors& c = themeColors();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool isFaulty = hasError();
    painter->setPen(QPen(isFaulty ? c.error : c.line, 1));
    painter->setBrush(c.raised);
    painter->drawRoundedRect(body().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter->fillPath(leftBar(m_height), m_face.bar);
    paintTexts(painter);

    const QRectF track(18, m_height - 9.5, nodeWidth - 32, 3);
    painter->setPen(Qt::NoPen);
    painter->setBrush(c.canvas);
    painter->drawRoundedRect(track, 1.5, 1.5);
    if (m_face.share > 0) {
        painter->setBrush(m_face.bar);
        painter->drawRoundedRect(QRectF(track.topLeft(), QSizeF(std::max(3.0, track.width() * m_face.share), 3)), 1.5, 1.5);
    }
    paintPorts(painter);
}

bool NodeItem::hasError() const
{
    return m_face.hasFault && m_face.severity == Severity::Error;
}

const NodeItem::Texts& NodeItem::texts() const
{
    if (m_texts)
        return *m_texts;
    const QFontMetricsF small(Theme::instance().smallFont()), bold(boldFont());
    Texts made;
    const double nameRoom = headingRoom.width() - std::min(small.horizontalAdvance(m_face.type), headingRoom.width() * 0.55) - 8;
    const double nameWidth = std::min(bold.horizontalAdvance(m_face.name), nameRoom) + 8;
    made.name = bold.elidedText(m_face.name, Qt::ElideRight, nameRoom);
    made.type = small.elidedText(m_face.type, Qt::ElideRight, headingRoom.width() - nameWidth);
    made.figureWidth = hasError() || m_face.figure.isEmpty() ? 0 : small.horizontalAdvance(m_face.figure) + 8;
    const double room = lineRoom.width() - made.figureWidth;
    made.line = room < 24 ? QString() : small.elidedText(m_face.line, Qt::ElideRight, room);
    m_texts = made;
    return *m_texts;
}

/// Name and type; below them the line that matters at the left, the figure above the end of its bar. A fault takes all of the room.
void NodeItem::paintTexts(QPainter* painter) const
{
    const Colors& c = themeColors();
    const Texts& shown = texts();
    painter->setFont(boldFont());
    painter->setPen(c.text);
    painter->drawText(headingRoom, Qt::AlignLeft | Qt::AlignVCenter, shown.name);
    painter->setFont(Theme::instance().smallFont());
    painter->setPen(c.secondary);
    painter->drawText(headingRoom, Qt::AlignRight | Qt::AlignVCenter, shown.type);
    painter->setPen(hasError() ? c.error : c.secondary);
    painter->drawText(lineRoom, Qt::AlignLeft | Qt::AlignVCenter, shown.line);
    if (shown.figureWidth == 0)
        return;
    painter->setPen(c.text);
    painter->drawText(lineRoom, Qt::AlignRight | Qt::AlignVCenter, m_face.figure);
}

void NodeItem::paintPorts(QPainter* painter) const
{
    const Colors& c = themeColors();
    for (const CanvasPort& port : m_ports) {
        const bool isLit = port.look == CanvasPort::Look::Lit;
        painter->setOpacity(port.look == CanvasPort::Look::Dim || m_isDimmed ? 0.35 : 1.0);
        const QColor edge = isLit ? c.accent : c.wire;
        painter->setPen(QPen(edge, 2));
        painter->setBrush(isLit ? mixed(c.canvas, c.accent, 0.45) : c.canvas);
        const bool isSmall = port.isOptional && !port.isWired; // may stay empty
        QRectF circle(0, 0, isSmall ? 7 : portSize - 1, isSmall ? 7 : portSize - 1);
        circle.moveCenter(port.center);
        if (isLit)
            circle.adjust(-2, -2, 2, 2);
        // A port for many wires is longer: its shape tells it apart without colour.
        if (port.isVariadic)
            circle.adjust(0, -7, 0, 7);
        painter->drawRoundedRect(circle, circle.width() / 2, circle.width() / 2);
        if (isSelected() || isLit)
            paintPortName(painter, port, m_ports);
    }
    painter->setOpacity(1.0);
}

/// The way that values take past the layer: from its first input to its output.
void NodeItem::paintBypass(QPainter* painter) const
{
    const auto first
        = [&](bool isInput) { return std::find_if(m_ports.begin(), m_ports.end(), [&](const CanvasPort& p) { return p.isInput == isInput; }); };
    const auto from = first(true);
    const auto to = first(false);
    if (from == m_ports.end() || to == m_ports.end())
        return;
    painter->setOpacity(m_isDimmed ? 0.35 : 1.0);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(themeColors().wire, 2.2, Qt::DashLine, Qt::RoundCap));
    painter->drawLine(from->center + QPointF(portSize / 2, 0), to->center - QPointF(portSize / 2, 0));
}

void NodeItem::paintFault(QPainter* painter) const
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(themeColors().canvas);
    painter->drawEllipse(faultRect().adjusted(-2, -2, 2, 2));
    paintSign(painter, faultRect(), m_face.severity);
}

} // namespace weft
