#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QJsonObject>

namespace weft {

/// Paths inside a run folder.
struct RunPaths {
    std::string dir;
    std::string project() const { return dir + "/project.weft"; }
    std::string runJson() const { return dir + "/run.json"; }
    std::string lock() const { return dir + "/run.lock"; }
    std::string events() const { return dir + "/events.jsonl"; }
    std::string control() const { return dir + "/control.jsonl"; }
    std::string checkpoints() const { return dir + "/checkpoints"; }
    std::string checkpoint(std::int64_t step) const;
    std::string best() const { return dir + "/best"; } ///< text file that names a checkpoint
    std::string last() const { return dir + "/last"; }
};

/// `$XDG_DATA_HOME/weft/runs`.
std::string defaultRunsRoot();
/// A new folder `ROOT/PROJECT_ID/UTC-XXXX`.
std::string newRunDir(const std::string& projectId);
/// The path of a checkpoint by "best", "last" or a step number. Throws Error when there is none.
std::string resolveCheckpoint(const RunPaths& run, const std::string& which);

/// Appends events with `seq` and `time`; each is one write of one line.
class EventWriter {
public:
    /// Opens for appending; cuts a torn last line and goes on with its `seq`.
    explicit EventWriter(const std::string& path);
    ~EventWriter();
    void write(const QString& event, QJsonObject fields);
    std::int64_t lastSeq() const { return m_seq; }

private:
    int m_file = -1;
    std::int64_t m_seq = 0;
    std::string m_path;
};

/// Reads new complete lines of an event file at each `poll`; a torn last line waits. Ignores damage
/// in the middle with a count. Also follows `resumed`: see `dropsAfterStep`.
class EventReader {
public:
    explicit EventReader(std::string path) : m_path(std::move(path)) {}
    /// Events since the last poll with seq ≥ from.
    std::vector<QJsonObject> poll();
    std::int64_t damagedLines() const { return m_damaged; }

private:
    std::string m_path;
    std::int64_t m_offset = 0;
    std::int64_t m_damaged = 0;
    std::string m_rest;
};

/// Holds `run.lock` (flock) for the life of the object. Throws Error naming host and pid of the holder.
class RunLock {
public:
    explicit RunLock(const std::string& path);
    ~RunLock();
    /// True when some process holds the lock: the run is alive.
    static bool isHeld(const std::string& path);

private:
    int m_file = -1;
};

/// Appends one command; returns its id.
std::string sendControl(const RunPaths& run, const QString& command, const QString& key = {}, const QString& value = {});

} // namespace weft
