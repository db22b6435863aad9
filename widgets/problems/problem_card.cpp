#include "widgets/problems/problem_card.h"

#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionFocusRect>
#include <QStylePainter>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/canvas/fix_edits.h"
#include "widgets/canvas/node_item.h"
#include "widgets/project_document.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

/// A link that takes several lines where a narrow panel has no room for it in one.
class FixLink : public QPushButton {
public:
    explicit FixLink(const QString& text) : QPushButton(text)
    {
        setObjectName(QStringLiteral("fixLink"));
        setProperty("link", true);
        setCursor(Qt::PointingHandCursor);
        QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
    }
    QSize sizeHint() const override { return textRect(QWIDGETSIZE_MAX).size() + QSize(0, 2 * margin); }
    QSize minimumSizeHint() const override { return {40, fontMetrics().height() + 2 * margin}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return textRect(width).height() + 2 * margin; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QStylePainter painter(this);
        painter.setFont(font());
        painter.setPen(themeColors().accent);
        painter.drawText(rect().adjusted(0, margin, 0, -margin), flags, text());
        if (hasFocus()) {
            QStyleOptionFocusRect option;
            option.initFrom(this);
            painter.drawPrimitive(QStyle::PE_FrameFocusRect, option);
        }
    }

private:
    static constexpr int margin = 2;
    static constexpr int flags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

    QRect textRect(int width) const { return fontMetrics().boundingRect(QRect(0, 0, width, QWIDGETSIZE_MAX), flags, text()); }
};

} // namespace

void applyFix(ProjectDocument* document, const Fix& fix)
{
    try {
        performFix(*document, fix);
    } catch (const Error&) {
        // The network has changed since the remedy was made; the next analysis brings a fitting one.
    }
}

ProblemCard::ProblemCard(const Diagnostic& diagnostic, const QString& title, ProjectDocument* document, QWidget* parent) :
    QFrame(parent), m_diagnostic(diagnostic)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(36, 8, 12, 8);
    layout->setSpacing(2);
    if (!title.isEmpty()) {
        auto* heading = new QLabel(title);
        QFont bold = Theme::instance().bodyFont();
        bold.setBold(true);
        heading->setFont(bold);
        layout->addWidget(heading);
    }
    auto* text = new QLabel(translated(diagnostic));
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(text);
    for (const Fix& fix : diagnostic.fixes) {
        auto* link = new FixLink(translated(fix.label));
        connect(link, &QPushButton::clicked, document, [document, fix] { applyFix(document, fix); });
        layout->addWidget(link);
    }
    setCursor(Qt::PointingHandCursor);
}

void ProblemCard::paintEvent(QPaintEvent*)
{
    const Colors& c = themeColors();
    const QColor color = m_diagnostic.severity == Severity::Error ? c.error : m_diagnostic.severity == Severity::Warning ? c.warning : c.accent;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(mixed(c.panel, color, 0.7));
    painter.setBrush(mixed(c.panel, color, Theme::instance().isDark() ? 0.12 : 0.08));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    paintSign(&painter, QRectF(11, 10, 16, 16), m_diagnostic.severity);
}

void ProblemCard::mousePressEvent(QMouseEvent* event)
{
    event->accept();
}

void ProblemCard::mouseReleaseEvent(QMouseEvent* event)
{
    if (rect().contains(event->position().toPoint()))
        Q_EMIT activated(m_diagnostic.inner.empty() ? m_diagnostic.node : m_diagnostic.node + "/" + m_diagnostic.inner);
}

} // namespace weft
