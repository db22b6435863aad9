#include "widgets/cluster/job_list.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/training/run_summary.h"
#include "widgets/runs/launch.h"
#include "widgets/runs/run_list.h"
#include "widgets/targets/job_text.h"

namespace weft {
namespace {

constexpr int readEveryMs = 700;
constexpr int mostOver = 20; ///< jobs that are over, the newest

} // namespace

QString jobText(const JobEntry& job)
{
    if (job.stage == JobStage::Cleaned)
        return runStateText(job.endState.toStdString());
    if (job.stage == JobStage::Ended)
        return job.isFollowed ? JobList::tr("has ended; its results are being fetched")
                              : JobList::tr("has ended; its results are still to be fetched");
    if (job.stage == JobStage::Submitting)
        return job.isFollowed ? JobList::tr("is being submitted") : JobList::tr("its submission was interrupted");
    const QString text = job.report ? phaseText(job.report->phase) : JobList::tr("is submitted");
    return job.isFollowed ? text : JobList::tr("%1 (as last seen: nobody follows it now)").arg(text);
}

JobList::JobList(QObject* parent) : QObject(parent), m_memory(std::make_shared<Memory>())
{
    m_timer.setInterval(readEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &JobList::read);
}

JobList::~JobList()
{
    if (m_reader)
        m_reader->wait();
}

void JobList::setProject(const std::string& id)
{
    m_projectId = id;
    if (m_timer.isActive())
        read();
}

void JobList::setWatching(bool isWatching)
{
    if (isWatching == m_timer.isActive())
        return;
    if (!isWatching)
        return m_timer.stop();
    m_timer.start();
    read();
}

void JobList::read()
{
    if (m_reader)
        return;
    auto jobs = std::make_shared<std::vector<JobEntry>>();
    m_reader.reset(QThread::create([project = m_projectId, memory = m_memory, jobs] { *jobs = jobsIn(project, *memory); }));
    connect(m_reader.get(), &QThread::finished, this, [this, jobs] {
        m_reader.reset();
        Q_EMIT changed(*jobs);
    });
    m_reader->start();
}

std::vector<JobEntry> JobList::jobsIn(const std::string& projectId, Memory& memory)
{
    std::vector<JobEntry> jobs;
    const QDir root(QString::fromStdString(defaultRunsRoot()));
    for (const QString& project : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        int over = 0;
        for (const QString& dir : runFolders(project.toStdString())) {
            const std::optional<JobEntry> job = QFile::exists(QString::fromStdString(RunPaths{dir.toStdString()}.target())) ? entryOf(dir, memory)
                                                                                                                      : entryOfRanks(dir, memory);
            if (!job || (job->isOver() && (project.toStdString() != projectId || ++over > mostOver)))
                continue;
            jobs.push_back(*job);
        }
    }
    return jobs;
}

std::optional<JobEntry> JobList::entryOf(const QString& dir, Memory& memory)
{
    const RunPaths run{dir.toStdString()};
    const QFileInfo file(QString::fromStdString(run.target()));
    Known& known = memory[dir];
    try {
        if (known.time != file.lastModified()) {
            const std::optional<TargetJob> record = readTargetJob(run);
            if (!record)
                return std::nullopt;
            known.job = {dir, QString::fromStdString(record->request.projectName), QString::fromStdString(record->target.name), record->target.kind,
                         record->stage};
            if (known.job.isOver())
                known.job.endState = QString::fromStdString(summarizeRun(run.dir).state);
            known.time = file.lastModified();
        }
        known.job.isFollowed = RunLock::isHeld(run.lock());
        known.job.report = readJobReport(run);
        return known.job;
    } catch (const Error&) {
        return std::nullopt; // a damaged record is named by whoever opens the run
    }
}

/// Processes of this machine, of which the one that started them tells. While it starts them anew none of them holds the lock.
std::optional<JobEntry> JobList::entryOfRanks(const QString& dir, Memory& memory)
{
    const RunPaths run{dir.toStdString()};
    const QFileInfo file(QString::fromStdString(run.jobState()));
    if (!file.exists())
        return std::nullopt;
    Known& known = memory[dir];
    try {
        if (known.time != file.lastModified()) {
            known.job = {dir, QString::fromStdString(summarizeRun(run.dir).projectName), QStringLiteral("local"), TargetKind::Local};
            known.job.report = readJobReport(run);
            known.time = file.lastModified();
        }
        const bool isGoing = RunLock::isHeld(run.lock()) || isProcessAlive(known.job.report->processId);
        known.job.isFollowed = isGoing;
        if (!isGoing && !known.job.isOver())
            known.job.endState = QString::fromStdString(summarizeRun(run.dir).state);
        known.job.stage = isGoing ? JobStage::Submitted : JobStage::Cleaned;
        return known.job;
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace weft
