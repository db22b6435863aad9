#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "core/launch/job_report.h"

namespace weft {

/// Keeps what the parts of a job print, as it comes, in the run folder: it stays when a pod is gone. Goes on after the
/// link or the program was gone, where the files end. Of one thread.
class PartLogs {
public:
    PartLogs(const RunPaths& run, Launcher& launcher, std::string id) : m_run(run), m_launcher(launcher), m_id(std::move(id)) {}

    /// The parts that there are now. At most 8 of them are read: each is a process.
    void follow(const std::vector<JobPart>& parts);
    /// Writes what has come and waits for nothing.
    void poll();
    /// The job has ended: reads on until its logs have, or nothing has come for half a second.
    void drain();

private:
    using Clock = std::chrono::steady_clock;
    struct Log {
        JobPart part;
        KnownLog known;
        std::unique_ptr<LineStream> stream;
        Clock::time_point nextTry;
        bool isWhole = false; ///< read to its end after the part was over
        bool isGone = false; ///< the target has the part no longer
        bool beganOver = false; ///< the part was over when the stream began
    };

    void start(Log& log);
    void read(Log& log);
    void end(Log& log);
    void take(Log& log, const QByteArray& line, QByteArray& fresh) const;

    RunPaths m_run;
    Launcher& m_launcher;
    std::string m_id;
    std::map<std::string, Log> m_logs;
    Clock::time_point m_lastCame; ///< something, or a stream
};

} // namespace weft
