#include "widgets/tour/tour.h"

#include <algorithm>

#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QPainter>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

#include "widgets/main_window.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

constexpr int bubbleWidth = 300;
constexpr int gap = 14;
constexpr int followMs = 120; ///< lists scroll and docks move without telling

/// A ring around the place to click; the mouse goes through it.
class Ring : public QWidget {
public:
    explicit Ring(QWidget* parent) : QWidget(parent)
    {
        setObjectName(QStringLiteral("tourRing"));
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(themeColors().accent, 2.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), 8, 8);
    }
};

} // namespace

Tour::Tour(MainWindow& window) : QObject(&window), m_window(window), m_steps(lenetTour())
{
    buildBubble();
    m_ring = new Ring(&window);
    connect(&window.document(), &ProjectDocument::edited, this, &Tour::look);
    connect(&window.document(), &ProjectDocument::reset, this, &Tour::look);
    connect(&window.runs(), &RunController::runChanged, this, &Tour::look);
    connect(&window.runs(), &RunController::progressChanged, this, &Tour::look);
    connect(window.findChild<QTabWidget*>(QStringLiteral("resultTabs")), &QTabWidget::currentChanged, this, &Tour::look);
    m_timer.setInterval(followMs);
    connect(&m_timer, &QTimer::timeout, this, &Tour::place);
    m_timer.start();
    window.installEventFilter(this);
    show();
    look();
}

Tour::~Tour()
{
    delete m_bubble;
    delete m_ring;
}

QFrame* Tour::bubble() const
{
    return m_bubble;
}

void Tour::leave()
{
    deleteLater();
    m_timer.stop();
    m_bubble->hide();
    m_ring->hide();
}

void Tour::buildBubble()
{
    m_bubble = new QFrame(&m_window);
    m_bubble->setObjectName(QStringLiteral("tourBubble"));
    m_bubble->setProperty("role", "popup");
    m_bubble->setFixedWidth(bubbleWidth);
    m_count = new QLabel;
    m_count->setProperty("role", "secondary");
    m_title = new QLabel;
    m_title->setProperty("role", "title");
    m_text = new QLabel;
    m_text->setWordWrap(true);
    m_leave = new QPushButton(tr("Leave the tour"));
    m_leave->setObjectName(QStringLiteral("leaveTour"));
    m_leave->setFocusPolicy(Qt::TabFocus);
    connect(m_leave, &QPushButton::clicked, this, &Tour::leave);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_count);
    auto* foot = new QHBoxLayout;
    foot->addStretch();
    foot->addWidget(m_leave);
    auto* layout = new QVBoxLayout(m_bubble);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_text);
    layout->addLayout(foot);
}

/// The first step that is not done is the one to do: what is undone brings its step back, until training.
void Tour::look()
{
    std::size_t step = m_furthest;
    while (step + 1 < m_steps.size() && m_steps[step].isDone(m_window))
        ++step;
    if (!m_window.runs().runDir().isEmpty())
        m_furthest = step;
    if (step == m_step)
        return;
    m_step = step;
    // What the user has just done may not have settled yet: a list that scrolls, a panel that is built.
    QMetaObject::invokeMethod(this, &Tour::show, Qt::QueuedConnection);
}

void Tour::show()
{
    const TourStep& step = m_steps[m_step];
    if (step.prepare)
        step.prepare(m_window);
    const bool isLast = m_step + 1 == m_steps.size();
    m_title->setText(step.title);
    m_count->setText(tr("%1 of %2").arg(m_step + 1).arg(m_steps.size()));
    m_text->setText(step.text);
    m_bubble->setAccessibleName(step.title);
    m_bubble->setAccessibleDescription(step.text);
    m_leave->setText(isLast ? tr("End the tour") : tr("Leave the tour"));
    m_bubble->show();
    place();
}

/// The bubble lies beside the place to click, on the side that has room.
void Tour::place()
{
    const TourStep& step = m_steps[m_step];
    const QRect target = step.place ? step.place(m_window) : QRect();
    m_ring->setVisible(!target.isEmpty());
    if (!target.isEmpty())
        m_ring->setGeometry(target.adjusted(-5, -5, 5, 5));
    const QSize size(bubbleWidth, m_bubble->heightForWidth(bubbleWidth) > 0 ? m_bubble->heightForWidth(bubbleWidth) : m_bubble->sizeHint().height());
    m_bubble->resize(size);
    const QRect room = m_window.rect().adjusted(gap, m_window.menuBar()->height() + gap, -gap, -gap);
    QPoint corner = room.center() - QPoint(size.width() / 2, size.height() / 2);
    if (!target.isEmpty()) {
        const bool hasRight = target.right() + gap + size.width() <= room.right();
        const bool hasLeft = target.left() - gap - size.width() >= room.left();
        const int across = hasRight ? target.right() + gap : hasLeft ? target.left() - gap - size.width() : target.center().x() - size.width() / 2;
        int down = target.center().y() - size.height() / 2;
        if (!hasRight && !hasLeft)
            down = target.top() - gap - size.height() >= room.top() ? target.top() - gap - size.height() : target.bottom() + gap;
        corner = {across, down};
    }
    corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - size.width())));
    corner.setY(std::clamp(corner.y(), room.top(), std::max(room.top(), room.bottom() - size.height())));
    m_bubble->move(corner);
    m_ring->raise();
    m_bubble->raise();
}

bool Tour::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QObject::eventFilter(watched, event);
}

} // namespace weft
