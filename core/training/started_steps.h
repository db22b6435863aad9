#pragma once

#include <array>
#include <optional>

#include "core/training/step_graph.h"

namespace weft {

/// A step between its start and its end.
struct StartedStep {
    StepGraph::Results results;
    std::int64_t samples = 0;
    std::optional<BatchResult> whole; ///< where it had to end at once
};

/// Those that are under way, by their numbers.
class StartedSteps {
public:
    StartedStep& start()
    {
        StartedStep& step = m_steps[m_started++ % m_steps.size()];
        return step = {};
    }
    const StartedStep& finish() { return m_steps[m_finished++ % m_steps.size()]; }
    std::size_t count() const { return m_started - m_finished; }

private:
    std::array<StartedStep, Session::runsAtOnce> m_steps;
    std::size_t m_started = 0, m_finished = 0;
};

} // namespace weft
