#include "random_hands.h"

#include <utility>

#include <QAbstractButton>
#include <QApplication>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QThread>
#include <QTimer>

#include "core/base/error.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"

namespace weft::test {
namespace {

constexpr int mostLayers = 150;
constexpr int patience = 40; ///< events until a dialog or a menu is closed

QString nameOf(const QWidget* widget)
{
    return widget ? QStringLiteral("%1 '%2'").arg(QLatin1String(widget->metaObject()->className()), widget->objectName()) : QStringLiteral("nothing");
}

QAbstractButton* discardButton(const QMessageBox& box)
{
    for (QAbstractButton* button : box.buttons()) {
        if (box.buttonRole(button) == QMessageBox::DestructiveRole)
            return button;
    }
    return nullptr;
}

} // namespace

RandomHands::RandomHands(MainWindow& window, std::mt19937& random, QFile& log, const QString& home, QStringList files) :
    m_window(window), m_random(random), m_log(log), m_home(home), m_files(std::move(files))
{
}

void RandomHands::play(int count, const std::function<bool()>& isOver, const std::function<void()>& open)
{
    m_left = count;
    m_isOver = isOver;
    next();
    open();
    while (m_left > 0)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// The next event comes by a timer of its own, so that it also comes while this one waits in a dialog's event loop.
void RandomHands::next()
{
    QTimer::singleShot(1, Qt::PreciseTimer, this, &RandomHands::act);
}

void RandomHands::act()
{
    // Qt Test works off events behind each key and click: only a loop that someone entered since counts.
    if (m_depth > 0 && QThread::currentThread()->loopLevel() <= m_loopLevel)
        return next();
    QWidget* top = target();
    const bool isFree = top == &m_window && m_depth == 0;
    const bool isEnough = m_left <= 1 || m_isOver() || !m_window.isVisible();
    if (isEnough && isFree) {
        m_left = 0;
        return;
    }
    m_left = std::max(1, m_left - 1); // what is open must close before the end
    ++m_innerEvents;
    next();
    m_sinceTop = top == m_lastTop ? m_sinceTop + 1 : 0;
    m_lastTop = top;
    timed([&] {
        if (isFree && m_window.document().project().network.nodes.size() > mostLayers)
            return keepSmall();
        if (top != &m_window && (isEnough || m_sinceTop > patience))
            return closeOverdue(top);
        if (auto* files = qobject_cast<QFileDialog*>(top))
            return useFileDialog(*files);
        if (auto* box = qobject_cast<QMessageBox*>(top); box && chance(60))
            return pressMessageButton(*box);
        if (qobject_cast<QMenu*>(top) && chance(60))
            return chooseFromMenu(top);
        switch (below(24)) {
        case 0:
        case 1:
        case 2: return drag(top);
        case 3:
        case 4: return wheel(top);
        case 5:
        case 6: return type(top);
        case 7:
        case 8:
        case 9: return pressKey(top);
        case 10:
        case 11:
        case 12: return shortcut(top);
        case 13: return isFree ? openMenu() : pressKey(top);
        case 14:
        case 15: return isFree ? trigger() : mouse(top);
        case 16: return isFree ? drop() : mouse(top);
        case 17: return chance(30) ? fillClipboard() : wheel(top);
        case 18: return isFree && chance(15) ? resizeWindow() : mouse(top);
        default: return mouse(top);
        }
    });
}

/// Notes how long an event kept the GUI thread, unless another event came while it waited in a dialog.
void RandomHands::timed(const std::function<void()>& work)
{
    const int inner = m_innerEvents;
    const int outerLevel = std::exchange(m_loopLevel, QThread::currentThread()->loopLevel());
    ++m_depth;
    QElapsedTimer timer;
    timer.start();
    try {
        work();
    } catch (const Error&) {
        // said to the user, in the Studio
    }
    --m_depth;
    m_loopLevel = outerLevel;
    const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    if (m_innerEvents == inner && ms > m_longest) {
        m_longest = ms;
        m_longestName = m_what;
    }
}

void RandomHands::say(const QString& what)
{
    m_what = what;
    m_log.write(what.toUtf8() + '\n'); // unbuffered: it is there even when the next call never returns
}

void RandomHands::keepSmall()
{
    say(QStringLiteral("too many layers: the project is given up"));
    m_window.document().discardChanges();
    m_window.document().setProject(projectFromTemplate("lenet"), {});
}

/// The window that takes events now.
QWidget* RandomHands::target()
{
    if (QWidget* popup = QApplication::activePopupWidget())
        return popup;
    if (QWidget* modal = QApplication::activeModalWidget())
        return modal;
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (widget != &m_window && widget->isVisible() && widget->windowHandle() && qobject_cast<QDialog*>(widget) && chance(70))
            return widget;
    }
    return &m_window;
}

void RandomHands::closeOverdue(QWidget* top)
{
    say(QStringLiteral("close ") + nameOf(top));
    // A dialog that asks whether its changes may go would come back for ever where the answer is always no.
    if (auto* box = qobject_cast<QMessageBox*>(top); box && discardButton(*box))
        discardButton(*box)->click();
    else if (auto* dialog = qobject_cast<QDialog*>(top))
        dialog->reject();
    else
        top->close();
}

/// Chooses one of the known files or a name to save to: nothing outside the test's folder may be written or deleted.
void RandomHands::useFileDialog(QDialog& dialog)
{
    auto& files = static_cast<QFileDialog&>(dialog);
    if (chance(30) || m_sinceTop > 3) {
        say(QStringLiteral("reject the file dialog"));
        return dialog.reject();
    }
    const bool isSave = files.acceptMode() == QFileDialog::AcceptSave;
    const QString suffix = QStringList{"weft", "onnx", "svg", "png"}[below(4)];
    const QString path = isSave ? QStringLiteral("%1/saved%2.%3").arg(m_home).arg(below(5)).arg(suffix) : oneOf(m_files);
    say(QStringLiteral("choose the file ") + path);
    files.selectFile(path);
    dialog.accept();
}

void RandomHands::pressMessageButton(QDialog& dialog)
{
    const QList<QAbstractButton*> buttons = static_cast<QMessageBox&>(dialog).buttons();
    if (buttons.isEmpty())
        return dialog.reject();
    QAbstractButton* button = oneOf(buttons);
    say(QStringLiteral("press '%1' of a message: %2").arg(button->text(), static_cast<QMessageBox&>(dialog).text()));
    button->click();
}

/// Mostly the middle of something that can be used; else a layer, a port beside it, or anywhere.
QPoint RandomHands::pointIn(QWidget* top)
{
    if (top == &m_window && m_window.canvas().isVisible() && chance(35))
        return m_window.canvas().viewport()->mapTo(&m_window, nodePoint());
    if (chance(70)) {
        QList<QWidget*> visible;
        for (QWidget* child : top->findChildren<QWidget*>()) {
            if (child->isVisible() && child->isEnabled() && child->window() == top && child->width() > 0 && child->height() > 0)
                visible << child;
        }
        if (!visible.isEmpty()) {
            QWidget* child = oneOf(visible);
            const QRect inner = child->rect();
            return child->mapTo(top, chance(50) ? inner.center() : QPoint(below(inner.width()), below(inner.height())));
        }
    }
    return {below(top->width()), below(top->height())};
}

QPoint RandomHands::nodePoint()
{
    CanvasView& view = m_window.canvas();
    const auto& nodes = view.canvas().sheet().nodes;
    if (nodes.empty())
        return view.viewport()->rect().center();
    const NodeItem* item = view.canvas().node(nodes[static_cast<std::size_t>(below(static_cast<int>(nodes.size())))].id);
    const QRectF body = item->mapRectToScene(item->body());
    const QPointF points[] = {body.center(), {body.left(), body.center().y()}, {body.right(), body.center().y()}, body.bottomRight() + QPointF(30, 10)};
    const QPoint point = view.viewportTransform().map(points[below(4)]).toPoint();
    return view.viewport()->rect().contains(point) ? point : view.viewport()->rect().center(); // it may lie far outside
}

} // namespace weft::test
