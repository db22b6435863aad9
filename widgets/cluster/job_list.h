#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include "core/launch/job_report.h"
#include "core/launch/target_job.h"

namespace weft {

/// A job of a target, or a run of several ranks on this machine, as its run folder tells.
struct JobEntry {
    QString runDir;
    QString project; ///< its name
    QString target; ///< name of the target
    TargetKind kind = TargetKind::Local;
    JobStage stage = JobStage::Submitting;
    std::optional<JobReport> report = {};
    QString endState = {}; ///< of a run whose job is cleaned up: "finished", "failed", …
    bool isFollowed = false; ///< a process of this machine mirrors it, or trains it

    bool isOver() const { return stage == JobStage::Cleaned; }
};

/// "waits", "is being submitted", …
QString jobText(const JobEntry& job);

/// The jobs of all projects that are not over, and the newest ones of one project that are: read again and again from
/// the run folders, on a thread of its own. GUI thread.
class JobList : public QObject {
    Q_OBJECT

public:
    explicit JobList(QObject* parent = nullptr);
    ~JobList() override;

    void setProject(const std::string& id);
    /// Reads while someone looks, and not otherwise.
    void setWatching(bool isWatching);
    void read();

Q_SIGNALS:
    void changed(const std::vector<weft::JobEntry>& jobs);

private:
    /// What does not change while the file does not.
    struct Known {
        QDateTime time;
        JobEntry job;
    };
    using Memory = std::map<QString, Known>;

    static std::vector<JobEntry> jobsIn(const std::string& projectId, Memory& memory);
    static std::optional<JobEntry> entryOf(const QString& dir, Memory& memory);
    static std::optional<JobEntry> entryOfRanks(const QString& dir, Memory& memory);

    std::string m_projectId;
    std::shared_ptr<Memory> m_memory; ///< of the thread that reads
    std::unique_ptr<QThread> m_reader;
    QTimer m_timer;
};

} // namespace weft
