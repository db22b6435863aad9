#pragma once

#include <map>
#include <memory>

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QThread>
#include <QTimer>

namespace weft {

/// Keeps unfinished jobs followed, whatever project they are of. The process that submitted a job follows it too; where that is gone
/// (the machine was started anew, someone ended it) another `weft follow` takes over, detached like every training
/// process, and the run goes on without losing an event. GUI thread; the folders are read on another.
class JobKeeper : public QObject {
    Q_OBJECT

public:
    explicit JobKeeper(QObject* parent = nullptr);
    ~JobKeeper() override;

    /// Now; it looks by itself from time to time as well. Where the user has commanded something since the last follower was
    /// started, the next one is started at once.
    void look();
    /// `processId` was started for the run and may not hold its lock yet.
    void expect(const QString& runDir, qint64 processId);

Q_SIGNALS:
    /// Another process follows the run now.
    void taken(const QString& runDir);

private:
    struct Follower {
        qint64 processId = 0;
        int failures = 0; ///< in a row
        qint64 commands = 0; ///< bytes of control.jsonl that it found
        QElapsedTimer since;
    };

    void take(const QStringList& runDirs);

    std::map<QString, Follower> m_followers;
    std::unique_ptr<QThread> m_reader;
    QTimer m_timer;
    bool m_isStale = false;
};

} // namespace weft
