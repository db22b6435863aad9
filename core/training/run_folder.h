#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <QJsonObject>

namespace weft {

/// Paths inside a run folder.
struct RunPaths {
    std::string dir;
    std::string project() const { return dir + "/project.weft"; }
    std::string runJson() const { return dir + "/run.json"; }
    std::string vocabulary() const { return dir + "/vocabulary.json"; } ///< of runs that read texts
    std::string lock() const { return dir + "/run.lock"; }
    std::string events() const { return dir + "/events.jsonl"; }
    std::string control() const { return dir + "/control.jsonl"; }
    std::string checkpoints() const { return dir + "/checkpoints"; }
    std::string checkpoint(std::int64_t step) const;
    std::string best() const { return dir + "/best"; } ///< text file that names a checkpoint relative to `dir`
    std::string last() const { return dir + "/last"; }
    std::string log() const { return dir + "/train.log"; } ///< what a process in the background printed
    std::string target() const { return dir + "/target.json"; } ///< of a run that a target trains: how to find its job
    std::string submission() const { return dir + "/submission.txt"; } ///< YAML, script or commands that were given to the target
    std::string jobLog() const { return dir + "/job.log"; } ///< what that job printed
    std::string jobState() const { return dir + "/job.json"; } ///< how that job and its parts stood when the target was last asked
    std::string dataShards() const { return dir + "/shards"; } ///< which files of the data go to which host of a target
    std::string partLogs() const { return dir + "/logs"; } ///< what each of its parts prints, as it comes: NAME.log
};

/// `$XDG_DATA_HOME/weft/runs`.
std::string defaultRunsRoot();
/// Makes a new folder `ROOT/PROJECT_ID/UTC-XXXX` and returns its path. Throws Error.
std::string newRunDir(const std::string& projectId);
/// The path of a checkpoint by "best", "last" or a step number. Throws Error when there is none.
std::string resolveCheckpoint(const RunPaths& run, const std::string& which);
/// The path of the checkpoint that a run goes on from: what `last` names or, when that was removed, the
/// newest there is. Empty without any.
std::string newestCheckpoint(const RunPaths& run);
/// Steps of the checkpoints in the folder, ascending.
std::vector<std::int64_t> checkpointSteps(const RunPaths& run);

/// A JSON object from a file. Throws Error when it is missing or damaged.
QJsonObject readJsonObject(const std::string& path);

/// Appends events with `seq` (from 1) and `time` (UTC, ISO 8601 with milliseconds); each is one
/// write of one line. Not thread-safe.
class EventWriter {
public:
    /// Opens for appending; cuts a torn last line and goes on with its `seq`.
    explicit EventWriter(const std::string& path);
    ~EventWriter();
    EventWriter(const EventWriter&) = delete;
    EventWriter& operator=(const EventWriter&) = delete;

    /// Returns the event as written. Throws Error (full disk); the file then ends with the event before.
    QJsonObject write(const QString& event, QJsonObject fields);
    std::int64_t lastSeq() const { return m_seq; }

private:
    void cutTornLine();

    int m_file = -1;
    std::int64_t m_seq = 0;
    std::string m_path;
};

/// Reads new complete lines of a JSON lines file at each `poll`; a torn last line waits. Damaged
/// lines are skipped and counted. Starts over when the file was replaced by a shorter one.
class LineReader {
public:
    explicit LineReader(std::string path) : m_path(std::move(path)) {}
    std::vector<QJsonObject> poll();
    std::int64_t damagedLines() const { return m_damaged; }

private:
    std::string m_path;
    std::int64_t m_offset = 0; ///< behind the last complete line
    std::int64_t m_size = -1; ///< with the time of change, at the last poll: an unchanged file is not read again
    std::int64_t m_modified = 0;
    std::int64_t m_damaged = 0;
};

/// Reads the events of a run as they appear. A `resumed` event makes earlier events of later steps
/// void: pass the whole list to `dropUndoneEvents`.
class EventReader {
public:
    explicit EventReader(std::string path, std::int64_t fromSeq = 0) : m_lines(std::move(path)), m_from(fromSeq) {}
    /// Events since the last poll with seq ≥ fromSeq.
    std::vector<QJsonObject> poll();
    std::int64_t damagedLines() const { return m_lines.damagedLines(); }

private:
    LineReader m_lines;
    std::int64_t m_from;
};

/// Removes events of steps that a later `resumed` event took back: after it they come again.
void dropUndoneEvents(std::vector<QJsonObject>& events);

/// Holds `run.lock` (flock) for the life of the object. Throws Error naming host and pid of the holder.
class RunLock {
public:
    explicit RunLock(const std::string& path);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;
    /// True when some process holds the lock: the run is alive.
    static bool isHeld(const std::string& path);

private:
    int m_file = -1;
};

/// A line of `control.jsonl`.
struct ControlCommand {
    std::string id;
    QString command; ///< pause, resume, stop, checkpoint, set
    QString key; ///< of set: a project-file path with dots
    QString value;
};

/// The ids of those that the run has answered so far.
std::set<std::string> answeredCommands(const RunPaths& run);

/// Reads commands as they are appended; those whose id was answered before are left out.
class ControlReader {
public:
    ControlReader(std::string path, std::set<std::string> answered) : m_lines(std::move(path)), m_answered(std::move(answered)) {}
    std::vector<ControlCommand> poll();

private:
    LineReader m_lines;
    std::set<std::string> m_answered;
};

/// Appends one command; returns its id. Throws Error when the folder is no run.
std::string sendControl(const RunPaths& run, const QString& command, const QString& key = {}, const QString& value = {});

} // namespace weft
