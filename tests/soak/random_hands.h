#pragma once

#include <functional>
#include <random>

#include <QDialog>
#include <QElapsedTimer>
#include <QFile>
#include <QObject>
#include <QStringList>

#include "widgets/main_window.h"

namespace weft::test {

/// Uses a window without sense or plan: mouse, wheel, keys, menus, dialogs, drops. The same seed does the same things, as far as
/// what the Studio hears from other processes comes at the same time. Each event goes to the log before it happens.
class RandomHands : public QObject {
    Q_OBJECT

public:
    /// `files` are those that dialogs choose and drops bring; all lie in the folder `home`.
    RandomHands(MainWindow& window, std::mt19937& random, QFile& log, const QString& home, QStringList files);

    /// Opens the window by `open`, which may ask things, and does `count` events, or fewer where the window was closed or the
    /// time is over; leaves no dialog open.
    void play(int count, const std::function<bool()>& isOver, const std::function<void()>& open);

    double longestStep() const { return m_longest; } ///< of the GUI thread, in ms
    QString longestName() const { return m_longestName; }

private:
    int below(int count) { return count <= 0 ? 0 : static_cast<int>(m_random() % static_cast<unsigned>(count)); }
    bool chance(int percent) { return below(100) < percent; }
    template <class T> const T& oneOf(const QList<T>& list) { return list[below(static_cast<int>(list.size()))]; }

    void next();
    void act();
    void timed(const std::function<void()>& work);
    void say(const QString& what);
    void keepSmall();
    void closeOverdue(QWidget* top);
    void useFileDialog(QDialog& dialog);
    void pressMessageButton(QDialog& dialog);

    QWidget* target();
    QPoint pointIn(QWidget* top);
    QPoint nodePoint();
    void mouse(QWidget* top);
    void drag(QWidget* top);
    void wheel(QWidget* top);
    void type(QWidget* top);
    void pressKey(QWidget* top);
    void shortcut(QWidget* top);
    void trigger();
    void openMenu();
    void chooseFromMenu(QWidget* menu);
    void drop();
    void fillClipboard();
    void resizeWindow();

    MainWindow& m_window;
    std::mt19937& m_random;
    QFile& m_log;
    QString m_home;
    QStringList m_files;
    std::function<bool()> m_isOver;
    QWidget* m_lastTop = nullptr;
    int m_sinceTop = 0; ///< events since the topmost window is what it is
    int m_left = 0;
    int m_depth = 0; ///< event loops inside each other: a dialog that is open blocks the event that opened it
    int m_loopLevel = 0; ///< of the loop from which the event came that is being handled
    int m_innerEvents = 0;
    double m_longest = 0;
    QString m_what, m_longestName;
};

} // namespace weft::test
