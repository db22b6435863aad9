#include "widgets/canvas/figure_chooser.h"

#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QToolButton>

#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/layer_meter.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

const QString settingKey = QStringLiteral("canvas/figure");
constexpr int margin = 12;
constexpr int widestFacts = 320;

} // namespace

FigureChooser::FigureChooser(CanvasView* view, LayerMeter* meter) :
    QFrame(view), m_view(view), m_meter(meter), m_menu(new QMenu(tr("Numbers on layers"), this)), m_button(new QToolButton), m_facts(new QLabel)
{
    setObjectName(QStringLiteral("figureChooser"));
    setProperty("role", "popup");
    setAccessibleName(tr("Numbers on layers"));
    m_button->setObjectName(QStringLiteral("figureButton"));
    m_button->setAccessibleName(tr("Numbers on layers"));
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setMenu(m_menu);
    m_facts->setProperty("role", "secondary");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 10, 0);
    layout->setSpacing(4);
    layout->addWidget(m_button);
    layout->addWidget(m_facts);
    buildMenu();
    view->installEventFilter(this);
    view->setCorner(this);
    CanvasScene& scene = view->canvas();
    scene.setFigure(figureOfKey(QSettings().value(settingKey).toString()));
    connect(&scene, &CanvasScene::figureChanged, this, &FigureChooser::refresh);
    connect(&scene, &CanvasScene::contentChanged, this, [this, &scene] { setVisible(!scene.nodes().empty()); });
    connect(&view->document(), &ProjectDocument::analysisChanged, this, &FigureChooser::refresh);
    connect(meter, &LayerMeter::changed, this, &FigureChooser::refresh);
    refresh();
}

void FigureChooser::buildMenu()
{
    m_menu->setToolTipsVisible(true);
    auto* group = new QActionGroup(m_menu);
    for (const NodeFigure figure : nodeFigures) {
        QAction* action = group->addAction(titleOf(figure));
        action->setCheckable(true);
        action->setToolTip(explanationOf(figure));
        action->setData(static_cast<int>(figure));
        m_menu->addAction(action);
        connect(action, &QAction::triggered, this, [this, figure] {
            QSettings().setValue(settingKey, keyOf(figure));
            m_view->canvas().setFigure(figure);
        });
    }
}

void FigureChooser::open()
{
    m_menu->setActiveAction(m_menu->actions().at(static_cast<int>(m_view->canvas().figure())));
    m_menu->popup(m_button->mapToGlobal(QPoint(0, m_button->height() + 4)));
}

bool FigureChooser::eventFilter(QObject*, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        place();
    return false;
}

/// In the upper right corner: the way into a block is at the left, the overview below.
void FigureChooser::place()
{
    adjustSize();
    move(m_view->width() - width() - margin, margin);
}

/// "untrained weights", "weights of step 1,200".
QString FigureChooser::sourceText() const
{
    const qint64 step = m_view->canvas().measured().step;
    return step < 0 ? tr("untrained weights") : tr("weights of step %1").arg(QLocale(QLocale::English).toString(step));
}

QString FigureChooser::facts() const
{
    const CanvasScene& scene = m_view->canvas();
    const NodeFigure figure = scene.figure();
    QStringList parts;
    if (const auto all = figureOfAll(figure, m_view->document().analysis(), scene.measured()))
        parts << tr("%1 in all").arg(*all);
    if (!isMeasured(figure))
        return parts.join(QString());
    if (m_meter->isMeasuring())
        return tr("measuring …");
    if (!m_meter->problem().isEmpty())
        return m_meter->problem();
    parts << sourceText();
    return parts.join(QStringLiteral(" · "));
}

void FigureChooser::refresh()
{
    const CanvasScene& scene = m_view->canvas();
    const NodeFigure figure = scene.figure();
    m_menu->actions().at(static_cast<int>(figure))->setChecked(true);
    m_button->setText(titleOf(figure) + QStringLiteral(" ▾"));
    m_button->setToolTip(explanationOf(figure));
    const QString text = facts();
    m_facts->setText(m_facts->fontMetrics().elidedText(text, Qt::ElideRight, widestFacts));
    m_facts->setVisible(!text.isEmpty());
    const QString note = isMeasured(figure) && m_meter->problem().isEmpty() ? scene.measured().note : QString();
    m_facts->setToolTip(note.isEmpty() ? text : text + QLatin1Char('\n') + note);
    setAccessibleDescription(QStringLiteral("%1: %2").arg(titleOf(figure), text));
    setVisible(!scene.nodes().empty());
    place();
}

} // namespace weft
