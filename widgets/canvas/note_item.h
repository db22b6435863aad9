#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QGraphicsItem>

#include "widgets/canvas/network_edits.h"

namespace weft {

/// A comment on the canvas, or a frame around nodes: a rectangle with a text at its top. It lives in the project's
/// `view` alone and changes nothing that is computed.
struct Note {
    std::string id;
    QRectF rect;
    QString text;
    friend bool operator==(const Note&, const Note&) = default;
};

/// The notes of a sheet: "view/notes/ID", those inside blocks "view/blockNotes/BLOCK/ID", each
/// {"rect": [x, y, width, height], "text"}. What is no note is passed over.
std::vector<Note> notesOf(const Project& project, const std::string& block);
/// One of them; nothing when the tree is no note.
std::optional<Note> noteFrom(const std::string& id, const Tree& tree);
Tree toTree(const Note& note);
/// Adds, changes or (for an empty rectangle) removes a note.
void setNote(EditBatch& batch, const Note& note);
/// A free id.
std::string freshNoteId(const Project& project, const std::string& block);

/// Height of the strip at a note's top by which it is grabbed.
inline constexpr double noteHeading = 30;
inline constexpr double smallestNote = 60;

/// A note as the canvas shows it, behind wires and nodes.
class NoteItem : public QGraphicsItem {
public:
    enum { Type = UserType + 3 };

    explicit NoteItem(Note note);

    int type() const override { return Type; }
    const Note& note() const { return m_note; }
    void setNote(const Note& note);
    /// Where it is in the scene while it is dragged; `note` keeps what the project says.
    void setRect(const QRectF& rect);
    const QRectF& rect() const { return m_rect; }
    /// The strip by which it is grabbed; comments without room below it are grabbed anywhere.
    bool isHandle(const QPointF& scenePoint) const;
    /// The corner by which it is resized.
    bool isCorner(const QPointF& scenePoint) const;

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    Note m_note;
    QRectF m_rect;
};

} // namespace weft
