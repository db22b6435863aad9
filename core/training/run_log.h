#pragma once

#include <functional>
#include <mutex>

#include "core/training/run_folder.h"

namespace weft {

/// The event file as the trainer and the control thread share it.
class RunLog {
public:
    RunLog(const std::string& path, std::function<void(const QJsonObject&)> onEvent) : m_writer(path), m_onEvent(std::move(onEvent)) {}

    /// Thread-safe; listeners are called one at a time, in the order of the file. Throws Error.
    void write(const QString& event, const QJsonObject& fields)
    {
        const std::scoped_lock lock(m_mutex);
        const QJsonObject written = m_writer.write(event, fields);
        if (m_onEvent)
            m_onEvent(written);
    }

private:
    std::mutex m_mutex;
    EventWriter m_writer;
    std::function<void(const QJsonObject&)> m_onEvent;
};

} // namespace weft
