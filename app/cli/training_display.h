#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <QJsonObject>
#include <QString>

namespace weft::cli {

/// What `weft train` shows while it works. Calls may come from two threads.
class TrainingDisplay {
public:
    virtual ~TrainingDisplay() = default;
    virtual void event(const QJsonObject& event) = 0;
    virtual void progress(std::int64_t epoch, std::int64_t step, std::int64_t stepsPerEpoch, double loss, double accuracy, double samplesPerSecond)
        = 0;
};

/// A line for each epoch, and in a terminal a bar with loss, accuracy, speed and time left below them.
std::unique_ptr<TrainingDisplay> progressDisplay(const std::string& runDir);
/// Every event as one line of JSON.
std::unique_ptr<TrainingDisplay> jsonlDisplay();

/// "0:42", "12:05", "3:20:00"
QString durationText(double seconds);

} // namespace weft::cli
