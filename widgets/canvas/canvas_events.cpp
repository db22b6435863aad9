#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QUrl>

#include "widgets/canvas/arrange_task.h"
#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/wire_fit.h"
#include "widgets/project_document.h"
#include "widgets/theme/icons.h"

// Mouse, keys, and what is dragged onto the canvas.

namespace weft {

void CanvasView::mousePressEvent(QMouseEvent* event)
{
    setFocus();
    m_lastMouse = event->position().toPoint();
    if (m_gesture)
        return;
    const QPointF point = toScene(event->position());
    const bool extends = event->modifiers() & (Qt::ShiftModifier | Qt::ControlModifier);
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_isSpaceHeld)) {
        m_gesture = std::make_unique<PanGesture>(*this, event->position());
        viewport()->setCursor(Qt::ClosedHandCursor);
        return;
    }
    if (event->button() == Qt::RightButton && (event->modifiers() & Qt::ControlModifier)) {
        m_gesture = std::make_unique<CutGesture>(*this, event->position());
        return;
    }
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto hit = m_scene->portAt(point, portReach(zoom()))) {
        m_gesture = hit.port->isInput ? WireGesture::fromInput(*this, hit.ref(), event->position())
                                      : WireGesture::fromOutput(*this, hit.ref(), event->position());
        return;
    }
    if (NodeItem* node = m_scene->nodeAt(point)) {
        if (extends) {
            node->setSelected(!node->isSelected());
            return;
        }
        if (!node->isSelected())
            m_scene->select({node->id()});
        m_gesture = std::make_unique<MoveGesture>(*this, event->position());
        return;
    }
    if (WireItem* wire = m_scene->wireAt(point)) {
        if (!extends)
            m_scene->clearSelection();
        wire->setSelected(!extends || !wire->isSelected());
        if (!extends)
            m_gesture = std::make_unique<BendGesture>(*this, *wire, event->position());
        return;
    }
    if (NoteItem* note = m_scene->noteAt(point)) {
        if (!extends)
            m_scene->clearSelection();
        note->setSelected(true);
        m_gesture = std::make_unique<NoteGesture>(*this, *note, event->position());
        return;
    }
    m_gesture = std::make_unique<BoxGesture>(*this, event->position(), extends);
}

void CanvasView::mouseMoveEvent(QMouseEvent* event)
{
    m_lastMouse = event->position().toPoint();
    if (!m_gesture) {
        QGraphicsView::mouseMoveEvent(event); // hovering
        updateCursor(event->position());
        return;
    }
    m_gesture->move(event->position());
    const QRect inner = viewport()->rect().adjusted(24, 24, -24, -24);
    if (m_gesture->scrollsAtEdges() && !inner.contains(m_lastMouse) && !m_autoScroll.isActive())
        m_autoScroll.start();
    else if (inner.contains(m_lastMouse))
        m_autoScroll.stop();
}

void CanvasView::mouseReleaseEvent(QMouseEvent* event)
{
    m_autoScroll.stop();
    if (!m_gesture)
        return;
    // The gesture may open a search or replace the project: it is gone from here first.
    const std::unique_ptr<CanvasGesture> gesture = std::move(m_gesture);
    gesture->finish(event->position());
    updateCursor(event->position());
    viewport()->update();
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QPointF point = toScene(event->position());
    if (event->button() != Qt::LeftButton || m_scene->portAt(point, portReach(zoom())))
        return mousePressEvent(event);
    if (const NodeItem* node = m_scene->nodeAt(point)) {
        if (m_document->project().network.findBlock(m_scene->sheet().findNode(node->id())->type))
            enterBlock(node->id());
        else
            Q_EMIT renameRequested();
    } else if (const WireItem* wire = m_scene->wireAt(point))
        removeBendAt(*wire, point);
    else if (const NoteItem* note = m_scene->noteAt(point))
        editNote(note->note().id);
    else
        openSearch(event->position().toPoint());
}

void CanvasView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_gesture)
        openMenu(menuPoint(*event));
}

void CanvasView::openMenu(const QPoint& place)
{
    const QPointF point = toScene(QPointF(place));
    NodeItem* node = m_scene->nodeAt(point);
    WireItem* wire = node ? nullptr : m_scene->wireAt(point);
    if (node && !node->isSelected())
        m_scene->select({node->id()});
    if (wire && !wire->isSelected()) {
        m_scene->clearSelection();
        wire->setSelected(true);
    }
    QMenu menu;
    const auto add = [&](const QString& name, const QString& text, const QKeySequence& keys, auto slot) {
        QAction* action = menu.addAction(icon(name), text, this, slot);
        action->setShortcut(keys);
        action->setShortcutVisibleInContextMenu(true);
    };
    const Node* entry = node ? m_scene->sheet().findNode(node->id()) : nullptr;
    const bool isBlock = entry && m_document->project().network.findBlock(entry->type);
    if (isBlock)
        add(QStringLiteral("open"), tr("Open the block"), Qt::Key_Return, &CanvasView::enterSelected);
    if (node) {
        add(QStringLiteral("pencil"), tr("Rename"), Qt::Key_F2, [this] { Q_EMIT renameRequested(); });
        add(QStringLiteral("help"), tr("Help on %1").arg(node->face().type), Qt::Key_F1,
            [this, type = QString::fromStdString(entry->type)] { Q_EMIT helpRequested(type); });
        if (node->face().hasFault)
            add(QStringLiteral("check"), tr("Fix the problem"), QKeySequence(Qt::ALT | Qt::Key_Return), &CanvasView::applyFirstFix);
        menu.addSeparator();
        add(QStringLiteral("cut"), tr("Cut"), QKeySequence::Cut, &CanvasView::cut);
        add(QStringLiteral("copy"), tr("Copy"), QKeySequence::Copy, &CanvasView::copy);
        add(QStringLiteral("duplicate"), tr("Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D), &CanvasView::duplicate);
        add(QStringLiteral("bypass"), entry->isBypassed ? tr("Use again") : tr("Bypass"), QKeySequence(Qt::CTRL | Qt::Key_B),
            &CanvasView::toggleBypass);
        menu.addSeparator();
        add(QStringLiteral("group"), tr("Group into a block"), QKeySequence(Qt::CTRL | Qt::Key_G), &CanvasView::group);
        if (isBlock) {
            add(QStringLiteral("ungroup"), tr("Ungroup"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G), &CanvasView::ungroup);
            add(QStringLiteral("save"), tr("Save the block to the palette"), {}, &CanvasView::saveBlock);
        }
        menu.addSeparator();
        add(QStringLiteral("delete"), tr("Delete"), Qt::Key_Delete, &CanvasView::deleteSelection);
        add(QStringLiteral("link"), tr("Delete and join the wires"), Qt::Key_Backspace, &CanvasView::deleteAndHeal);
    } else if (wire) {
        if (!wire->bends().empty())
            add(QStringLiteral("straighten"), tr("Straighten"), {}, &CanvasView::straighten);
        add(QStringLiteral("delete"), tr("Delete wire"), Qt::Key_Delete, &CanvasView::deleteSelection);
    } else {
        add(QStringLiteral("add"), tr("Add layer …"), Qt::Key_Tab, [this, place] { openSearch(place); });
        add(QStringLiteral("paste"), tr("Paste"), QKeySequence::Paste, &CanvasView::paste);
        add(QStringLiteral("pencil"), tr("Add a comment"), QKeySequence(Qt::SHIFT | Qt::Key_C), &CanvasView::addNote);
        menu.addSeparator();
        add(QStringLiteral("arrange"), tr("Arrange"), QKeySequence(Qt::Key_L), &CanvasView::arrange);
        add(QStringLiteral("fit"), tr("Show everything"), Qt::Key_F, &CanvasView::fitAll);
    }
    menu.exec(viewport()->mapToGlobal(place));
}

void CanvasView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_isSpaceHeld = true;
        updateCursor(QPointF(m_lastMouse));
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        if (m_arrangeTask->isRunning()) {
            m_arrangeTask->cancel();
            Q_EMIT message(tr("Arranging was given up."));
        } else if (m_gesture) {
            m_autoScroll.stop();
            const std::unique_ptr<CanvasGesture> gesture = std::move(m_gesture);
            gesture->cancel();
            viewport()->update();
        } else if (!m_scene->selectedItems().isEmpty()) {
            m_scene->clearSelection();
        } else {
            leaveBlock();
        }
        return;
    }
    if (!handleKey(event))
        QGraphicsView::keyPressEvent(event);
}

/// Keys that belong to the canvas alone; the rest are the window's actions.
bool CanvasView::handleKey(QKeyEvent* event)
{
    const bool isFine = event->modifiers() & Qt::AltModifier;
    const double step = isFine ? 1 : event->modifiers() & Qt::ShiftModifier ? gridStep * 5 : gridStep;
    QPointF way;
    switch (event->key()) {
    case Qt::Key_Tab: openSearchAtCursor(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: enterSelected(); return true;
    case Qt::Key_Left: way = {-1, 0}; break;
    case Qt::Key_Right: way = {1, 0}; break;
    case Qt::Key_Up: way = {0, -1}; break;
    case Qt::Key_Down: way = {0, 1}; break;
    default: return false;
    }
    // Without something to move the arrows go from layer to layer, with Ctrl always, with Shift as well collecting them.
    if (event->modifiers() & Qt::ControlModifier || m_scene->selectedNodes().empty())
        selectNext(way, event->modifiers() & Qt::ShiftModifier);
    else
        nudge(way * step);
    return true;
}

void CanvasView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_isSpaceHeld = false;
        updateCursor(QPointF(m_lastMouse));
        return;
    }
    QGraphicsView::keyReleaseEvent(event);
}

void CanvasView::focusOutEvent(QFocusEvent* event)
{
    m_isSpaceHeld = false;
    QGraphicsView::focusOutEvent(event);
}

bool CanvasView::focusNextPrevChild(bool)
{
    return false; // Tab opens the search; F6 leaves the canvas
}

void CanvasView::dragEnterEvent(QDragEnterEvent* event)
{
    const QString type = QString::fromUtf8(event->mimeData()->data(QLatin1String(layerMimeType)));
    if (!type.isEmpty() || event->mimeData()->hasUrls())
        event->acceptProposedAction();
    m_ghostType = type;
    for (const LayerOffer& offer : type.isEmpty() ? std::vector<LayerOffer>() : layerOffers(m_document->project().network, m_scene->block())) {
        if (offer.type == type)
            m_ghostType = offer.title;
    }
}

void CanvasView::dragMoveEvent(QDragMoveEvent* event)
{
    event->acceptProposedAction();
    if (!event->mimeData()->hasFormat(QLatin1String(layerMimeType)))
        return;
    m_hasGhost = true;
    const QPointF point = toScene(event->position());
    m_ghost = snapped(point - QPointF(nodeWidth / 2, nodeHeight / 2));
    targetWireAt(point);
    viewport()->update();
}

void CanvasView::dragLeaveEvent(QDragLeaveEvent*)
{
    m_hasGhost = false;
    targetWireAt(QPointF(1e9, 1e9));
    viewport()->update();
}

void CanvasView::dropEvent(QDropEvent* event)
{
    m_hasGhost = false;
    targetWireAt(QPointF(1e9, 1e9));
    event->acceptProposedAction();
    if (event->mimeData()->hasFormat(QLatin1String(layerMimeType))) {
        dropLayer(QString::fromUtf8(event->mimeData()->data(QLatin1String(layerMimeType))), toScene(event->position()));
        setFocus();
    } else if (event->mimeData()->hasUrls()) {
        Q_EMIT fileDropped(event->mimeData()->urls().first().toLocalFile());
    }
    viewport()->update();
}

void CanvasView::targetWireAt(const QPointF& scenePoint)
{
    const WireItem* hit = m_scene->nodeAt(scenePoint) ? nullptr : m_scene->wireAt(scenePoint);
    for (WireItem* item : m_scene->wires())
        item->setTargeted(item == hit);
}

} // namespace weft
