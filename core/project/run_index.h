#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QSqlDatabase>

namespace weft {

/// What the index knows of a run.
struct RunEntry {
    std::string dir;
    std::string projectId;
    std::string projectName;
    std::string created; ///< UTC, ISO 8601
    std::string state; ///< as in RunSummary
    std::int64_t epoch = 0;
    std::int64_t epochs = 0;
    double seconds = 0;
    std::optional<double> bestAccuracy; ///< on validation, else on training data
    std::optional<double> bestLoss;
    friend bool operator==(const RunEntry&, const RunEntry&) = default;
};

/// A cache of run folders in SQLite, so that thousands of runs list at once. It can always be rebuilt
/// from the folders, and also remembers runs in other places. Of one thread; several processes may
/// use the same file.
class RunIndex {
public:
    /// `$XDG_DATA_HOME/weft/runs.sqlite`.
    static std::string defaultPath();
    /// Opens or makes the file; one that is damaged is made anew. Throws Error when its folder cannot
    /// be written.
    explicit RunIndex(const std::string& path = defaultPath());
    ~RunIndex();
    RunIndex(const RunIndex&) = delete;
    RunIndex& operator=(const RunIndex&) = delete;

    /// Brings the index up to date with the folders under `root` and those remembered: new and
    /// changed runs are read, runs whose folder is gone are dropped.
    void refresh(const std::string& root);
    /// Reads the run in `dir` into the index, wherever it lies. Throws Error when it is no run.
    void remember(const std::string& dir);
    void forget(const std::string& dir);
    /// The newest first; of one project when `projectId` is given.
    std::vector<RunEntry> runs(const std::string& projectId = {}) const;

private:
    void open(const std::string& path);
    void makeTable();
    void store(const RunEntry& entry, std::int64_t changed);

    QString m_connection;
    QSqlDatabase m_database;
};

} // namespace weft
