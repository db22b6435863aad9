#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPointer>
#include <QTest>
#include <QUrl>
#include <QWheelEvent>
#include <QWindow>

#include "core/layers/layer_spec.h"
#include "random_hands.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/theme/theme.h"

// Each kind of event. They go to the window as the platform would send them, so that pop-ups, grabs and modality count.

namespace weft::test {
namespace {

const QList<Qt::KeyboardModifiers>& someModifiers()
{
    static const QList<Qt::KeyboardModifiers> all
        = {Qt::NoModifier, Qt::NoModifier, Qt::NoModifier, Qt::ShiftModifier, Qt::ControlModifier, Qt::AltModifier, Qt::ControlModifier | Qt::ShiftModifier};
    return all;
}

const QList<Qt::Key>& someKeys()
{
    static const QList<Qt::Key> all = {Qt::Key_Tab,  Qt::Key_Backtab, Qt::Key_Return, Qt::Key_Escape,   Qt::Key_Space,  Qt::Key_Delete, Qt::Key_Backspace,
                                       Qt::Key_Left, Qt::Key_Right,   Qt::Key_Up,     Qt::Key_Down,     Qt::Key_Home,   Qt::Key_End,    Qt::Key_PageDown,
                                       Qt::Key_F1,   Qt::Key_F2,      Qt::Key_F6,     Qt::Key_F10,      Qt::Key_Menu,   Qt::Key_Period, Qt::Key_Plus,
                                       Qt::Key_A,    Qt::Key_B,       Qt::Key_C,      Qt::Key_F,        Qt::Key_L,      Qt::Key_V,      Qt::Key_Z};
    return all;
}

QString pointText(const QPoint& point)
{
    return QStringLiteral("(%1, %2)").arg(point.x()).arg(point.y());
}

QString className(const QWidget* widget)
{
    return QString::fromLatin1(widget->metaObject()->className());
}

/// A key and the Shift, Ctrl and Alt held with it. Not by QTest::keyClick, which lets those go over the window even when the key
/// has closed and deleted it: that once wrote into memory of others.
void clickKey(QWidget* top, Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    const QPointer<QWindow> window = top->windowHandle();
    const auto send = [&](bool isPress, Qt::Key which, const QString& text) {
        if (window)
            QTest::simulateEvent(window, isPress, which, modifiers, text, false);
    };
    const std::pair<Qt::KeyboardModifier, Qt::Key> held[]
        = {{Qt::ShiftModifier, Qt::Key_Shift}, {Qt::ControlModifier, Qt::Key_Control}, {Qt::AltModifier, Qt::Key_Alt}};
    const char ascii = QTest::keyToAscii(key);
    const QString text = ascii ? QString(QLatin1Char(ascii)) : QString();
    const auto sendHeld = [&](bool isPress) {
        for (const auto& [modifier, which] : held) {
            if (modifiers.testFlag(modifier))
                send(isPress, which, {});
        }
    };
    sendHeld(true);
    send(true, key, text);
    send(false, key, text);
    sendHeld(false);
}

} // namespace

void RandomHands::mouse(QWidget* top)
{
    const QPointer<QWindow> window = top->windowHandle();
    const QPoint point = pointIn(top);
    const Qt::MouseButton button = chance(80) ? Qt::LeftButton : chance(60) ? Qt::RightButton : Qt::MiddleButton;
    const Qt::KeyboardModifiers keys = oneOf(someModifiers());
    const int kind = below(10);
    say(QStringLiteral("%1 %2 at %3 in %4").arg(kind < 2 ? "move" : kind < 4 ? "double click" : "click").arg(button).arg(pointText(point), className(top)));
    QTest::mouseMove(window, point);
    if (!window)
        return;
    if (kind >= 2 && kind < 4)
        QTest::mouseDClick(window, button, keys, point);
    else if (kind >= 4)
        QTest::mouseClick(window, button, keys, point);
}

void RandomHands::drag(QWidget* top)
{
    const QPointer<QWindow> window = top->windowHandle();
    const QPoint from = pointIn(top), to = pointIn(top);
    const Qt::MouseButton button = chance(85) ? Qt::LeftButton : Qt::MiddleButton;
    const Qt::KeyboardModifiers keys = oneOf(someModifiers());
    const bool isLetGo = chance(90);
    say(QStringLiteral("drag %1 from %2 to %3 in %4").arg(button).arg(pointText(from), pointText(to), className(top)));
    QTest::mousePress(window, button, keys, from);
    for (int i = 1; i <= 4 && window; ++i)
        QTest::mouseMove(window, from + (to - from) * i / 4);
    if (!isLetGo && window)
        QTest::keyClick(window, Qt::Key_Escape); // in the middle of it
    if (window)
        QTest::mouseRelease(window, button, keys, to);
}

void RandomHands::wheel(QWidget* top)
{
    const QPoint point = pointIn(top);
    QWidget* child = top->childAt(point) ? top->childAt(point) : top;
    const QPoint turn = chance(85) ? QPoint(0, chance(50) ? 120 : -120) : QPoint(120, 0);
    const Qt::KeyboardModifiers keys = oneOf(someModifiers());
    say(QStringLiteral("wheel %1 at %2 over %3").arg(pointText(turn), pointText(point), className(child)));
    QWheelEvent event(QPointF(child->mapFrom(top, point)), QPointF(top->mapToGlobal(point)), {}, turn, Qt::NoButton, keys, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(child, &event);
}

void RandomHands::type(QWidget* top)
{
    static const QStringList texts = {"conv", "dense", "7", "0", "-3", "1e9", "3, 3", "relu", "same", "x", "", "99999999999999999999", "Ünïcode 网络", "{"};
    const QString text = oneOf(texts);
    say(QStringLiteral("type '%1' in %2").arg(text, className(top)));
    for (const QChar c : text) {
        if (QWindow* window = target()->windowHandle()) // a key may have opened or closed something
            QTest::sendKeyEvent(QTest::Click, window, Qt::Key_unknown, QString(c), Qt::NoModifier);
    }
}

void RandomHands::pressKey(QWidget* top)
{
    const Qt::Key key = oneOf(someKeys());
    const Qt::KeyboardModifiers modifiers = oneOf(someModifiers());
    say(QStringLiteral("key %1 in %2").arg(QKeySequence(static_cast<int>(key) | static_cast<int>(modifiers.toInt())).toString(), className(top)));
    clickKey(top, key, modifiers);
}

void RandomHands::shortcut(QWidget* top)
{
    const auto& specs = Actions::specs();
    const ActionSpec& spec = specs[static_cast<std::size_t>(below(static_cast<int>(specs.size())))];
    const QList<QKeySequence> keys = Actions::defaultKeys(spec);
    if (keys.isEmpty() || (spec.id == QByteArray("file.quit") && chance(90)))
        return;
    say(QStringLiteral("%1 for %2 in %3").arg(keys.first().toString(), spec.id, className(top)));
    const QKeyCombination combination = keys.first()[0];
    clickKey(top, combination.key(), combination.keyboardModifiers());
}

/// An action, most often the favourite where there is one.
void RandomHands::trigger()
{
    const auto& specs = Actions::specs();
    const auto favourite = std::find_if(specs.begin(), specs.end(), [](const ActionSpec& spec) { return qgetenv("WEFT_SOAK_ACTION") == spec.id; });
    const ActionSpec& spec = favourite != specs.end() && chance(80) ? *favourite : specs[static_cast<std::size_t>(below(static_cast<int>(specs.size())))];
    QAction* action = m_window.actions()[spec.id];
    if (!action->isEnabled() || (spec.id == QByteArray("file.quit") && chance(80)))
        return;
    say(QStringLiteral("action %1").arg(spec.id));
    action->trigger();
}

void RandomHands::openMenu()
{
    const QList<QAction*> menus = m_window.menuBar()->actions();
    QAction* menu = oneOf(menus);
    say(QStringLiteral("menu %1").arg(menu->text()));
    const QPoint point = m_window.menuBar()->actionGeometry(menu).center();
    QTest::mouseClick(m_window.windowHandle(), Qt::LeftButton, {}, m_window.menuBar()->mapTo(&m_window, point));
}

void RandomHands::chooseFromMenu(QWidget* widget)
{
    auto* menu = static_cast<QMenu*>(widget);
    if (menu->actions().isEmpty())
        return;
    QAction* action = oneOf(menu->actions());
    if (action->objectName() == QLatin1String("file.quit") && chance(80))
        return;
    say(QStringLiteral("choose %1 from the menu").arg(action->text()));
    QTest::mouseClick(menu->windowHandle(), Qt::LeftButton, {}, menu->actionGeometry(action).center());
}

/// A layer or a file comes from outside and is let go over something, or taken away again.
void RandomHands::drop()
{
    QMimeData mime;
    const auto& layers = layerCatalogue();
    const QString layer = QString::fromStdString(layers[static_cast<std::size_t>(below(static_cast<int>(layers.size())))].type());
    const QString file = oneOf(m_files);
    const bool isLayer = chance(60);
    if (isLayer)
        mime.setData(QLatin1String(layerMimeType), layer.toUtf8());
    else
        mime.setUrls({QUrl::fromLocalFile(file)});
    const QPoint point = pointIn(&m_window);
    QWidget* child = m_window.childAt(point);
    while (child && !child->acceptDrops())
        child = child->parentWidget();
    if (!child || !child->isEnabled())
        return;
    say(QStringLiteral("drop %1 at %2 on %3").arg(isLayer ? layer : file, pointText(point), className(child)));
    const QPoint inside = child->mapFrom(&m_window, point);
    QDragEnterEvent enter(inside, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(child, &enter);
    if (!enter.isAccepted())
        return;
    QDragMoveEvent move(inside, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(child, &move);
    QDropEvent drop(inside, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QDragLeaveEvent leave;
    QCoreApplication::sendEvent(child, chance(80) ? static_cast<QEvent*>(&drop) : &leave);
}

void RandomHands::fillClipboard()
{
    static const QStringList texts = {"", "nonsense", "{\"weft\": 1}", "{\"nodes\": [{\"id\": \"a\", \"type\": \"Dense\"}]}", "{\"nodes\": 7, \"wires\": null}"};
    const QString held = QGuiApplication::clipboard()->text();
    const QString text = chance(50) ? held.left(below(static_cast<int>(held.size()) + 1)) : oneOf(texts);
    say(QStringLiteral("clipboard of %1 characters").arg(text.size()));
    QGuiApplication::clipboard()->setText(text);
}

void RandomHands::resizeWindow()
{
    const QSize size(600 + below(1400), 400 + below(900));
    say(QStringLiteral("resize to %1 x %2").arg(size.width()).arg(size.height()));
    m_window.resize(size);
}

} // namespace weft::test
