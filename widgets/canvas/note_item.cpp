#include "widgets/canvas/note_item.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr double radius = 10;
constexpr double corner = 16;
constexpr double textDetail = 0.3;

std::string notesPath(const std::string& block)
{
    return block.empty() ? "view/notes" : "view/blockNotes/" + block;
}

const Tree* notesTree(const Project& project, const std::string& block)
{
    if (block.empty())
        return project.view.find("notes");
    const Tree* all = project.view.find("blockNotes");
    return all ? all->find(block) : nullptr;
}

} // namespace

Tree toTree(const Note& note)
{
    const auto whole = [](double value) { return Tree(static_cast<std::int64_t>(std::llround(value))); };
    return Tree::Map{{"rect", Tree::List{whole(note.rect.x()), whole(note.rect.y()), whole(note.rect.width()), whole(note.rect.height())}},
                     {"text", note.text.toStdString()}};
}

std::optional<Note> noteFrom(const std::string& id, const Tree& tree)
{
    const Tree* rect = tree.find("rect");
    const Tree* text = tree.find("text");
    const bool isRect = rect && rect->isList() && rect->list().size() == 4
        && std::all_of(rect->list().begin(), rect->list().end(), [](const Tree& number) { return number.isNumber(); });
    if (!isRect || !text || !text->isText())
        return std::nullopt;
    const Tree::List& r = rect->list();
    return Note{id, QRectF(r[0].number(), r[1].number(), r[2].number(), r[3].number()), QString::fromStdString(text->text())};
}

std::vector<Note> notesOf(const Project& project, const std::string& block)
{
    std::vector<Note> notes;
    const Tree* tree = notesTree(project, block);
    if (!tree || !tree->isMap())
        return notes;
    for (const auto& [id, entry] : tree->map()) {
        if (auto note = noteFrom(id, entry))
            notes.push_back(std::move(*note));
    }
    return notes;
}

void setNote(EditBatch& batch, const Note& note)
{
    const Tree* all = notesTree(batch.project(), batch.block());
    const Tree* known = all ? all->find(note.id) : nullptr;
    const Tree before = known ? *known : Tree();
    batch.add(Edit{notesPath(batch.block()) + "/" + note.id, before, note.rect.isEmpty() ? Tree() : toTree(note)});
}

std::string freshNoteId(const Project& project, const std::string& block)
{
    const Tree* all = notesTree(project, block);
    for (int number = 1;; ++number) {
        std::string id = "note" + std::to_string(number);
        if (!all || !all->find(id))
            return id;
    }
}

NoteItem::NoteItem(Note note)
{
    setFlags(ItemIsSelectable);
    setZValue(-1);
    setNote(note);
}

void NoteItem::setNote(const Note& note)
{
    m_note = note;
    setRect(note.rect);
    update();
}

void NoteItem::setRect(const QRectF& rect)
{
    if (rect == m_rect)
        return;
    prepareGeometryChange();
    m_rect = rect;
}

bool NoteItem::isHandle(const QPointF& scenePoint) const
{
    QRectF strip = m_rect;
    if (m_rect.height() > noteHeading * 3)
        strip.setHeight(noteHeading);
    return strip.contains(scenePoint) || isCorner(scenePoint);
}

bool NoteItem::isCorner(const QPointF& scenePoint) const
{
    return QRectF(m_rect.bottomRight() - QPointF(corner, corner), QSizeF(corner, corner)).contains(scenePoint);
}

QRectF NoteItem::boundingRect() const
{
    return m_rect.adjusted(-2, -2, 2, 2);
}

QPainterPath NoteItem::shape() const
{
    QPainterPath path;
    path.addRect(m_rect);
    return path;
}

void NoteItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const Colors& c = themeColors();
    const double detail = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    painter->setRenderHint(QPainter::Antialiasing, detail > textDetail);
    QPen pen(isSelected() ? c.accent : c.line, isSelected() ? 2 : 1);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->setBrush(withAlpha(c.raised, 0.45));
    painter->drawRoundedRect(m_rect, radius, radius);
    if (detail < textDetail)
        return;
    QFont font = Theme::instance().bodyFont();
    font.setBold(true);
    painter->setFont(font);
    painter->setPen(c.text);
    const QStringList lines = m_note.text.split(QLatin1Char('\n'));
    const QRectF room = m_rect.adjusted(14, 7, -14, -7);
    painter->drawText(QRectF(room.topLeft(), QSizeF(room.width(), 20)), Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetricsF(font).elidedText(lines.first(), Qt::ElideRight, room.width()));
    painter->setFont(Theme::instance().bodyFont());
    painter->setPen(c.secondary);
    if (lines.size() > 1)
        painter->drawText(room.adjusted(0, 22, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, lines.mid(1).join(QLatin1Char('\n')));
    painter->setPen(QPen(c.secondary, 1.4));
    for (const double step : {5.0, 9.0})
        painter->drawLine(m_rect.bottomRight() - QPointF(step, 3), m_rect.bottomRight() - QPointF(3, step));
}

} // namespace weft
