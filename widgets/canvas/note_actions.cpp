#include <algorithm>

#include <QInputDialog>

#include "widgets/canvas/canvas_gesture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/note_item.h"
#include "widgets/project_document.h"

// Comments and frames: added, written, moved with what lies on them, resized.

namespace weft {

NoteGesture::NoteGesture(CanvasView& view, NoteItem& item, const QPointF& start) :
    CanvasGesture(view), m_note(item.note()), m_start(view.toScene(start)), m_isResizing(item.isCorner(m_start))
{
    if (m_isResizing)
        return;
    for (const std::string& id : view.canvas().nodesOn(m_note))
        m_nodes[id] = view.canvas().node(id)->pos();
}

void NoteGesture::move(const QPointF& point)
{
    const QPointF raw = m_view.toScene(point) - m_start;
    m_delta = raw.manhattanLength() < 4 / m_view.zoom() ? QPointF() : snapped(m_note.rect.topLeft() + raw) - m_note.rect.topLeft();
    show(m_delta);
}

void NoteGesture::show(const QPointF& delta)
{
    NoteItem* item = m_view.canvas().note(m_note.id);
    if (!item)
        return;
    item->setRect(rectFor(delta));
    std::unordered_map<std::string, QPointF> places;
    for (const auto& [id, from] : m_nodes)
        places[id] = from + delta;
    m_view.canvas().moveItems(places, delta);
}

QRectF NoteGesture::rectFor(const QPointF& delta) const
{
    if (!m_isResizing)
        return m_note.rect.translated(delta);
    const QSizeF size(m_note.rect.width() + delta.x(), m_note.rect.height() + delta.y());
    return {m_note.rect.topLeft(), size.expandedTo(QSizeF(smallestNote, smallestNote))};
}

void NoteGesture::finish(const QPointF&)
{
    EditBatch batch = m_view.canvas().batch();
    Note moved = m_note;
    moved.rect = rectFor(m_delta);
    setNote(batch, moved);
    std::unordered_map<std::string, QPointF> places;
    for (const auto& [id, from] : m_nodes)
        places[id] = from + m_delta;
    if (!m_delta.isNull()) {
        batch.setPositions(places);
        batch.moveBends(places, m_delta);
    }
    m_view.document().perform(m_isResizing ? CanvasView::tr("Resize the comment") : CanvasView::tr("Move the comment"), batch.edits());
}

void NoteGesture::cancel()
{
    show({});
}

/// A frame around the selection, or a comment at the cursor.
void CanvasView::addNote()
{
    QRectF around;
    for (const std::string& id : m_scene->selectedNodes())
        around |= m_scene->node(id)->mapRectToScene(m_scene->node(id)->body());
    Note note;
    note.id = freshNoteId(m_document->project(), m_scene->block());
    note.rect = around.isEmpty() ? QRectF(snapped(cursorPoint()), QSizeF(220, 80)) : around.adjusted(-20, -20 - noteHeading, 20, 20);
    note.rect = QRectF(snapped(note.rect.topLeft()), note.rect.size());
    note.text = around.isEmpty() ? tr("Comment") : tr("Frame");
    EditBatch batch = m_scene->batch();
    setNote(batch, note);
    perform(around.isEmpty() ? tr("Add a comment") : tr("Frame the selection"), batch);
    m_scene->clearSelection();
    if (NoteItem* item = m_scene->note(note.id))
        item->setSelected(true);
}

void CanvasView::showNote(const std::string& id)
{
    NoteItem* item = m_scene->note(id);
    if (!item)
        return;
    m_scene->clearSelection();
    item->setSelected(true);
    const QPointF shift = toScene(QPointF(viewport()->rect().center())) - item->rect().center();
    panBy(shift * zoom());
    setFocus();
}

void CanvasView::editNote(const std::string& id)
{
    const NoteItem* item = m_scene->note(id);
    if (!item)
        return;
    Note note = item->note();
    bool isTaken = false;
    const QString text = QInputDialog::getMultiLineText(this, tr("Comment"), tr("The first line is the heading."), note.text, &isTaken);
    if (!isTaken)
        return;
    note.text = text.trimmed();
    EditBatch batch = m_scene->batch();
    setNote(batch, note);
    perform(tr("Write the comment"), batch);
}

} // namespace weft
