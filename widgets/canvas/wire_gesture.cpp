#include <algorithm>

#include <QPainter>

#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/wire_fit.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {

std::unique_ptr<WireGesture> WireGesture::fromOutput(CanvasView& view, const PortRef& from, const QPointF& point)
{
    auto gesture = std::make_unique<WireGesture>(view);
    gesture->m_from = from;
    gesture->m_start = point;
    gesture->m_free = view.toScene(point);
    gesture->showFits();
    return gesture;
}

std::unique_ptr<WireGesture> WireGesture::fromInput(CanvasView& view, const PortRef& to, const QPointF& point)
{
    const std::vector<Wire>& wires = view.canvas().sheet().wires;
    const auto wire = std::find_if(wires.rbegin(), wires.rend(), [&](const Wire& candidate) { return candidate.to == to; });
    auto gesture = std::make_unique<WireGesture>(view);
    gesture->m_start = point;
    gesture->m_free = view.toScene(point);
    if (wire != wires.rend()) {
        gesture->m_detached = *wire;
        gesture->m_from = wire->from;
    } else {
        gesture->m_to = to;
    }
    gesture->showFits();
    return gesture;
}

/// What the layer at `end` says about the value that the wire would bring; empty where it takes it.
QString WireGesture::shapeFault(const Sheet& sheet, const PortRef& end) const
{
    const CanvasScene& scene = m_view.canvas();
    const PortRef& to = m_from ? end : *m_to;
    const TensorType* type = scene.typeAt(m_from ? *m_from : end);
    const Node* node = sheet.findNode(to.node);
    const NodeItem* item = scene.node(to.node);
    const CanvasPort* port = item ? item->findPort(to.port, true) : nullptr;
    if (!type || !node || !port)
        return {};
    std::vector<std::pair<std::string, TensorType>> inputs;
    for (const Wire& wire : sheet.wires) {
        const bool isBeside = wire.to.node == to.node && (wire.to.port != to.port || port->isVariadic);
        if (const TensorType* other = isBeside ? scene.typeAt(wire.from) : nullptr)
            inputs.emplace_back(wire.to.port, *other);
    }
    inputs.emplace_back(to.port, *type);
    return faultOf(m_view.document().project().network, *node, inputs);
}

/// Lights the ports that the wire may end in and dims the nodes that have none.
void WireGesture::showFits()
{
    Sheet sheet = m_view.canvas().sheet();
    if (m_detached) {
        std::erase(sheet.wires, *m_detached);
        if (WireItem* item = m_view.canvas().wire(*m_detached))
            item->setDetached(true);
    }
    const WireFits fits({m_view.document().project().network, sheet}, m_from, m_to);
    // Layers are asked about shapes as far as they are in view: of ten thousand only some are.
    const QRectF inView = m_view.viewportTransform().inverted().mapRect(QRectF(m_view.viewport()->rect()));
    for (const auto& [id, item] : m_view.canvas().nodes()) {
        bool fitsAnywhere = false;
        QString reason;
        const bool isInView = item->body().translated(item->pos()).intersects(inView);
        for (const CanvasPort& port : item->ports()) {
            if (port.isInput != m_from.has_value()) {
                item->setPortLook(port.name, port.isInput, CanvasPort::Look::Dim);
                continue;
            }
            const PortRef end{id, port.name};
            PortFit fit = fits.at(end);
            if (const QString fault = fit.fits && isInView ? shapeFault(sheet, end) : QString(); !fault.isEmpty()) {
                m_faults[toString(end)] = fault;
                fit = {false, fault};
            }
            item->setPortLook(port.name, port.isInput, fit.fits ? CanvasPort::Look::Lit : CanvasPort::Look::Dim);
            fitsAnywhere = fitsAnywhere || fit.fits;
            reason = fit.reason;
        }
        const bool isOwn = id == (m_from ? m_from->node : m_to->node);
        if (!fitsAnywhere && !isOwn)
            item->setDimmed(true, reason.isEmpty() ? CanvasView::tr("This layer has no free end for the wire.") : reason);
    }
}

void WireGesture::reset()
{
    for (const auto& [id, item] : m_view.canvas().nodes())
        item->resetPortLooks();
    if (m_detached) {
        if (WireItem* item = m_view.canvas().wire(*m_detached))
            item->setDetached(false);
    }
    Q_EMIT m_view.message({});
    m_view.viewport()->update();
}

std::optional<PortRef> WireGesture::endAt(const QPointF& scenePoint) const
{
    Sheet sheet = m_view.canvas().sheet();
    if (m_detached)
        std::erase(sheet.wires, *m_detached);
    const auto fits = [&](const PortRef& ref) { return (m_from ? portFit(sheet, *m_from, ref) : portFit(sheet, ref, *m_to)).fits; };
    const auto hit = m_view.canvas().portAt(scenePoint, portReach(m_view.zoom()));
    if (hit && hit.port->isInput == m_from.has_value() && fits(hit.ref()))
        return hit.ref();
    const NodeItem* node = m_view.canvas().nodeAt(scenePoint);
    if (!node)
        return std::nullopt;
    return m_from ? bestInput({m_view.document().project().network, sheet}, *m_from, node->id())
                  : bestOutput({m_view.document().project().network, sheet}, *m_to, node->id());
}

void WireGesture::move(const QPointF& point)
{
    m_hasMoved = m_hasMoved || (point - m_start).manhattanLength() > 4;
    m_free = m_view.toScene(point);
    m_end = endAt(m_free);
    QString text;
    for (const auto& [id, item] : m_view.canvas().nodes())
        item->setTargeted(m_end && m_end->node == id);
    const auto fault = m_end ? m_faults.find(toString(*m_end)) : m_faults.end();
    if (fault != m_faults.end())
        text = CanvasView::tr("%1 Release to connect all the same.").arg(fault->second);
    else if (m_end)
        text = CanvasView::tr("Release to connect to %1.").arg(QString::fromStdString(toString(*m_end)));
    else if (const NodeItem* node = m_view.canvas().nodeAt(m_free))
        text = node->toolTipAt(node->mapFromScene(m_free));
    else
        text = m_detached ? CanvasView::tr("Release to remove the wire.") : CanvasView::tr("Release to add a layer here.");
    Q_EMIT m_view.message(text);
    m_view.viewport()->update();
}

void WireGesture::connectTo(const PortRef& end)
{
    const PortRef from = m_from ? *m_from : end;
    const PortRef to = m_from ? end : *m_to;
    if (m_detached && m_detached->to == to)
        return;
    EditBatch batch = m_view.canvas().batch();
    if (m_detached)
        batch.removeWire(*m_detached);
    batch.addWire(from, to);
    m_view.document().perform(m_detached ? CanvasView::tr("Move wire") : CanvasView::tr("Connect"), batch.edits());
}

void WireGesture::finish(const QPointF& point)
{
    if (m_hasMoved)
        move(point);
    const std::optional<PortRef> end = m_end;
    reset();
    if (!m_hasMoved)
        return;
    if (end) {
        connectTo(*end);
        return;
    }
    const auto own = m_view.canvas().portAt(m_free, portReach(m_view.zoom()));
    if (m_view.canvas().nodeAt(m_free) || own)
        return;
    if (m_detached) {
        EditBatch batch = m_view.canvas().batch();
        batch.removeWire(*m_detached);
        m_view.document().perform(CanvasView::tr("Remove wire"), batch.edits());
        return;
    }
    m_view.openSearch(point.toPoint(), m_from, m_to);
}

void WireGesture::cancel()
{
    reset();
}

void WireGesture::paint(QPainter* painter)
{
    if (!m_hasMoved)
        return;
    const Colors& c = themeColors();
    const PortRef& fixed = m_from ? *m_from : *m_to;
    const NodeItem* node = m_view.canvas().node(fixed.node);
    if (!node)
        return;
    const QPointF anchor = node->portPoint(fixed.port, m_to.has_value());
    QPointF free = m_free;
    if (m_end) {
        if (const NodeItem* target = m_view.canvas().node(m_end->node))
            free = target->portPoint(m_end->port, m_from.has_value());
    }
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(c.accent, 2.4, m_end ? Qt::SolidLine : Qt::DashLine));
    painter->drawPath(m_from ? wirePath(anchor, free) : wirePath(free, anchor));
    painter->setBrush(c.accent);
    painter->setPen(Qt::NoPen);
    painter->drawEllipse(free, 4.5, 4.5);
}

} // namespace weft
