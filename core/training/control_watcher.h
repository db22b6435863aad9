#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/training/run_log.h"

namespace weft {

/// What commands have asked for since the trainer last looked.
struct ControlWishes {
    std::optional<double> learningRate;
    std::optional<std::int64_t> epochs;
    bool checkpoint = false;
    bool pause = false; ///< stays until `resume`
    bool stop = false; ///< stays

    bool isAny() const { return learningRate || epochs || checkpoint || pause || stop; }
};

/// Reads `control.jsonl` on a thread of its own, so that a command is answered within 200 ms however
/// long a batch takes. The trainer fetches the wishes at the end of each batch.
class ControlWatcher {
public:
    ControlWatcher(ControlReader reader, RunLog& log);
    ~ControlWatcher();
    ControlWatcher(const ControlWatcher&) = delete;
    ControlWatcher& operator=(const ControlWatcher&) = delete;

    /// The wishes so far; those of one time are cleared. Rethrows what the thread failed of.
    ControlWishes take();
    /// Whether `take` would give any, or rethrow.
    bool hasWishes() const;
    /// Waits until there may be something to `take`, or for a moment.
    void wait();
    /// The epoch being trained, below which the number of epochs cannot be set.
    void setEpoch(std::int64_t epoch) { m_epoch = epoch; }
    /// Answers what has come so far and ends the thread.
    void finish();

private:
    void loop();
    void answerNew();
    void answer(const ControlCommand& command);
    /// Empty when accepted, else why not. Adds to the wishes.
    QString accept(const ControlCommand& command, ControlWishes& wishes) const;
    QString acceptSetting(const ControlCommand& command, ControlWishes& wishes) const;

    ControlReader m_reader;
    RunLog& m_log;
    std::atomic<std::int64_t> m_epoch = 1;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    ControlWishes m_wishes;
    std::exception_ptr m_failure;
    bool m_isEnding = false;
    std::thread m_thread;
};

} // namespace weft
