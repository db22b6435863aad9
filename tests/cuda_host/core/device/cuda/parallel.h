#pragma once

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/queue.h"
#include "tests/cuda_host/host_team.h"

// Stands in for the header of this name where the kernels of the CUDA plugin are built without nvcc: bodies run on the
// host, one after the other, when their stream gets to them. A team has one thread, or some that run at once where a test says so; a thread sanitizer
// then finds what of memory they share without waiting for each other.

#define WEFT_DEVICE

namespace weft {

class Team {
public:
    Team() = default;
    Team(TeamMeeting& meeting, int index) : m_meeting(&meeting), m_index(index) {}

    std::int64_t index() const { return m_index; }
    std::int64_t size() const { return m_meeting ? m_meeting->threads() : 1; }
    void sync() const
    {
        if (m_meeting)
            m_meeting->wait();
    }
    double sum(double value) const
    {
        return combined(value, 0.0, [](double a, double b) { return a + b; });
    }
    std::int64_t sum(std::int64_t value) const
    {
        return combined(value, std::int64_t(0), [](std::int64_t a, std::int64_t b) { return a + b; });
    }
    float max(float value) const
    {
        constexpr double least = -std::numeric_limits<double>::infinity();
        return static_cast<float>(combined(static_cast<double>(value), least, [](double a, double b) { return std::isnan(b) || b > a ? b : a; }));
    }
    std::int64_t min(std::int64_t value) const
    {
        return combined(value, std::numeric_limits<std::int64_t>::max(), [](std::int64_t a, std::int64_t b) { return std::min(a, b); });
    }
    std::int64_t sumBefore(std::int64_t value) const
    {
        const auto add = [](std::int64_t a, std::int64_t b) { return a + b; };
        return m_meeting ? m_meeting->combined(m_index, value, std::int64_t(0), m_index, add) : 0;
    }

private:
    template <class T, class Combine> T combined(T value, T neutral, Combine with) const
    {
        return m_meeting ? m_meeting->combined(m_index, value, neutral, m_meeting->threads(), with) : value;
    }

    TeamMeeting* m_meeting = nullptr; ///< null: alone
    int m_index = 0;
};

inline void launch(const KernelContext& context, HostWork kernel)
{
    launchOnHost(static_cast<cudaStream_t>(queueOf(context).stream), std::move(kernel));
    checkCuda(cudaGetLastError(), "a kernel");
}

template <class Body> void forEach(const KernelContext& context, std::int64_t count, Body body)
{
    if (count <= 0)
        return;
    launch(context, [=] {
        for (std::int64_t i = 0; i < count; ++i)
            body(i);
    });
}

template <class Body> void runHostTeams(std::int64_t count, const Body& body)
{
    TeamMeeting meeting(threadsOfHostTeam());
    // So many show what there is to see; to meet takes longer than to compute.
    const std::int64_t together = meeting.threads() > 1 ? std::min<std::int64_t>(count, 200) : 0;
    for (std::int64_t i = together; i < count; ++i)
        body(i, Team());
    if (together == 0)
        return;
    const auto run = [&](const Team& team) {
        for (std::int64_t i = 0; i < together; ++i) {
            body(i, team);
            team.sync();
        }
    };
    std::vector<std::thread> others;
    for (int index = 1; index < meeting.threads(); ++index)
        others.emplace_back([&run, &meeting, index] { run(Team(meeting, index)); });
    run(Team(meeting, 0));
    for (std::thread& other : others)
        other.join();
}

template <class Body> void forEachTeam(const KernelContext& context, std::int64_t count, std::int64_t, Body body)
{
    if (count > 0)
        launch(context, [=] { runHostTeams(count, body); });
}

} // namespace weft
