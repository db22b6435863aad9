#pragma once

#include <array>
#include <barrier>
#include <cstdint>
#include <type_traits>

namespace weft {

/// Where the threads of a team wait for each other.
class TeamMeeting {
public:
    static constexpr int mostThreads = 16;

    explicit TeamMeeting(int threads) : m_threads(threads), m_barrier(threads) {}
    int threads() const { return m_threads; }
    void wait() { m_barrier.arrive_and_wait(); }

    /// What each brought together with the next, in their order; the same for all. Those before `end` count.
    template <class T, class Combine> T combined(int index, T value, T neutral, int end, Combine with)
    {
        std::array<T, mostThreads>& brought = places<T>();
        brought[static_cast<std::size_t>(index)] = value;
        wait();
        T result = neutral;
        for (int i = 0; i < end; ++i)
            result = with(result, brought[static_cast<std::size_t>(i)]);
        wait();
        return result;
    }

private:
    template <class T> std::array<T, mostThreads>& places()
    {
        if constexpr (std::is_same_v<T, double>)
            return m_numbers;
        else
            return m_counts;
    }

    int m_threads;
    std::barrier<> m_barrier;
    std::array<double, mostThreads> m_numbers{};
    std::array<std::int64_t, mostThreads> m_counts{};
};

/// Threads that a team has on the host: what WEFT_TEST_TEAM says, else one.
int threadsOfHostTeam();

} // namespace weft
