#include "widgets/start/project_card.h"

#include <algorithm>

#include <QPainter>
#include <QPainterPath>

#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int cardWidth = 262; ///< at least; cards share what room there is
constexpr int pictureHeight = 118;
constexpr int textHeight = 104;
constexpr int gap = 16;
constexpr double radius = 8;

} // namespace

ProjectCard::ProjectCard(const QString& title, const QString& details, Picture picture, QWidget* parent) :
    QAbstractButton(parent), m_details(details), m_draw(std::move(picture))
{
    setText(title);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    resize(sizeHint());
    describe();
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_picture = {};
        update();
    });
}

QSize ProjectCard::sizeHint() const
{
    return {cardWidth, pictureHeight + textHeight};
}

void ProjectCard::setFigures(const QString& figures)
{
    m_figures = figures;
    describe();
    update();
}

void ProjectCard::describe()
{
    setAccessibleName(text());
    setAccessibleDescription(m_figures.isEmpty() ? m_details : m_details + QLatin1Char(' ') + m_figures);
    setToolTip(m_details);
}

void ProjectCard::paintEvent(QPaintEvent*)
{
    const QSize pictureSize(width(), pictureHeight);
    if (m_picture.isNull() || m_picture.deviceIndependentSize().toSize() != pictureSize)
        m_picture = m_draw(pictureSize, devicePixelRatioF());
    const Colors& c = themeColors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isMarked = underMouse() || hasFocus();
    QPainterPath outline;
    outline.addRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    painter.fillPath(outline, isDown() ? mixed(c.raised, c.text, 0.1) : c.raised);
    painter.save();
    painter.setClipPath(outline);
    painter.drawPixmap(QPoint(0, 0), m_picture);
    painter.restore();
    painter.setPen(QPen(isMarked ? c.accent : c.line, hasFocus() ? 2 : 1));
    painter.drawPath(outline);
    painter.setPen(c.line);
    painter.drawLine(QPointF(1, pictureHeight), QPointF(width() - 1, pictureHeight));

    QRect text(12, pictureHeight + 8, width() - 24, 20);
    QFont bold = Theme::instance().bodyFont();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(c.text);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(this->text(), Qt::ElideRight, text.width()));
    painter.setFont(Theme::instance().smallFont());
    painter.setPen(c.secondary);
    const int figuresHeight = m_figures.isEmpty() ? 0 : 18;
    const QRect details(12, text.bottom() + 4, width() - 24, height() - text.bottom() - 12 - figuresHeight);
    painter.drawText(details, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_details);
    if (figuresHeight > 0)
        painter.drawText(QRect(12, height() - 8 - figuresHeight, width() - 24, figuresHeight), Qt::AlignLeft | Qt::AlignVCenter, m_figures);
}

void CardGrid::add(ProjectCard* card)
{
    card->setParent(this);
    card->show();
    m_cards.append(card);
    place();
}

void CardGrid::clear()
{
    for (ProjectCard* card : m_cards) {
        card->hide();
        card->deleteLater(); // it may be the sender of what leads here
    }
    m_cards.clear();
}

void CardGrid::resizeEvent(QResizeEvent*)
{
    place();
}

void CardGrid::place()
{
    if (m_cards.isEmpty())
        return;
    const QSize size = m_cards.first()->sizeHint();
    const int columns = std::max(1, (width() + gap) / (size.width() + gap));
    const QSize shared(std::max(size.width(), (width() - (columns - 1) * gap) / columns), size.height());
    for (int i = 0; i < m_cards.size(); ++i)
        m_cards[i]->setGeometry(QRect(QPoint(i % columns * (shared.width() + gap), i / columns * (size.height() + gap)), shared));
    const int rows = (static_cast<int>(m_cards.size()) + columns - 1) / columns;
    setFixedHeight(rows * (size.height() + gap) - gap);
}

} // namespace weft
