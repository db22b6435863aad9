#include "widgets/targets/job_keeper.h"

#include <algorithm>
#include <utility>

#include <QDir>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/launch/target_job.h"
#include "widgets/runs/launch.h"
#include "widgets/runs/run_list.h"

namespace weft {
namespace {

constexpr int lookEveryMs = 5000;
constexpr int soonMs = 200;
constexpr qint64 firstPauseMs = 2000;
constexpr qint64 longestPauseMs = 120000;

QStringList unfollowed()
{
    QStringList dirs;
    for (const QString& project : QDir(QString::fromStdString(defaultRunsRoot())).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QString& dir : runFolders(project.toStdString())) {
            try {
                if (isUnfollowedJob(RunPaths{dir.toStdString()}))
                    dirs << dir;
            } catch (const Error&) {
                // What is damaged is named where the run is shown.
            }
        }
    }
    return dirs;
}

qint64 commandsOf(const QString& runDir)
{
    return QFileInfo(QString::fromStdString(RunPaths{runDir.toStdString()}.control())).size();
}

} // namespace

JobKeeper::JobKeeper(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(lookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &JobKeeper::look);
    m_timer.start();
    look();
}

JobKeeper::~JobKeeper()
{
    if (m_reader)
        m_reader->wait();
}

void JobKeeper::look()
{
    m_isStale = true;
    if (m_reader)
        return;
    m_isStale = false;
    auto found = std::make_shared<QStringList>();
    m_reader.reset(QThread::create([found] { *found = unfollowed(); }));
    connect(m_reader.get(), &QThread::finished, this, [this, found] {
        m_reader.reset();
        take(*found);
        if (m_isStale)
            look();
    });
    m_reader->start();
}

void JobKeeper::expect(const QString& runDir, qint64 processId)
{
    m_followers[runDir].processId = processId;
}

/// A follower that ends at once, since the target refuses or cannot be reached, is started again ever more rarely. A command
/// of the user does not wait for that.
void JobKeeper::take(const QStringList& runDirs)
{
    for (const QString& dir : runDirs) {
        Follower& follower = m_followers[dir];
        const qint64 commands = commandsOf(dir);
        if (isProcessAlive(follower.processId)) {
            // It may not have heard of the command, and be about to end.
            if (commands != follower.commands)
                QTimer::singleShot(soonMs, this, &JobKeeper::look);
            continue;
        }
        if (commands != std::exchange(follower.commands, commands))
            follower = {0, 0, commands, {}};
        const qint64 pause = std::min(firstPauseMs << std::min(follower.failures, 10), longestPauseMs);
        if (follower.since.isValid() && follower.since.elapsed() < pause)
            continue;
        const bool wasShort = follower.since.isValid() && follower.since.elapsed() < longestPauseMs;
        follower.failures = wasShort ? follower.failures + 1 : 0;
        follower.processId = startFollowing(dir);
        follower.since.start();
        Q_EMIT taken(dir);
    }
}

} // namespace weft
