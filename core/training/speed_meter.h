#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace weft {

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Samples per second of this process, window by window: from one report of a run to the next.
class SpeedMeter {
public:
    /// Drops what was counted, e.g. after a pause.
    void startWindow()
    {
        m_start = Clock::now();
        m_samples = 0;
    }
    void add(std::int64_t samples) { m_samples += samples; }
    /// The speed of the window; the next one starts.
    double closeWindow()
    {
        const double speed = static_cast<double>(m_samples) / std::max(secondsSince(m_start), 1e-9);
        // The first window holds the planning of the first step.
        if (m_isWarm)
            m_smoothed = m_smoothed > 0 ? newestWeight * speed + (1 - newestWeight) * m_smoothed : speed;
        m_isWarm = true;
        startWindow();
        return speed;
    }
    /// A moving average, for an estimate of the time left; 0 while unknown.
    double smoothed() const { return m_smoothed; }

private:
    static constexpr double newestWeight = 0.1;

    Clock::time_point m_start;
    std::int64_t m_samples = 0;
    double m_smoothed = 0;
    bool m_isWarm = false;
};

} // namespace weft
