#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/device/device.h"
#include "core/engine/schedule.h"
#include "core/engine/session.h"

namespace weft {

/// Memory that a session's plans share.
struct SharedMemory {
    std::byte* arena = nullptr;
    std::size_t arenaBytes = 0;
    std::uint64_t generation = 1; ///< grows when the addresses change
    std::uint64_t variableVersion = 1; ///< grows when variables change
};

/// A schedule bound to addresses: arrays of prepared calls.
class ExecutablePlan : public Plan {
public:
    ExecutablePlan(Device& device, std::unique_ptr<Graph> graph, const PlanRequest& request, Schedule schedule, const SessionOptions& options);
    ~ExecutablePlan() override;

    std::int64_t n() const override { return m_n; }
    std::size_t arenaBytes() const override { return m_schedule.arenaBytes; }
    std::vector<PlanStep> steps() const override;
    double bytesMoved() const;
    bool changesVariables() const { return m_changesVariables; }

    void run(const SharedMemory& memory, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state,
             bool isProfiling);
    void start(const SharedMemory& memory, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state,
               bool isProfiling);
    void stage(std::span<const void* const> feeds);
    /// The next run enqueues the calls one by one.
    void forgetRecording();

private:
    struct Call {
        Kernel* kernel = nullptr;
        std::size_t firstArray = 0;
        std::uint32_t inputs = 0;
        std::uint32_t outputs = 0;
        std::size_t scratch = 0; ///< offset in the arena
    };
    /// A value that the caller feeds: where it is now, and the calls' arrays that read it.
    struct Feed {
        int input = 0;
        std::string name;
        std::size_t bytes = 0;
        const void* current = nullptr;
        void* copy = nullptr; ///< made when the caller's memory on the host is not aligned
        std::size_t offset = 0; ///< in the inbox
        const void* staged = nullptr; ///< what is on its way there for the next run
        std::vector<std::size_t> arrays;
    };

    void bindCalls(const std::vector<Step>& steps, std::vector<Call>& calls);
    void bindFeeds();
    void setAddresses(const SharedMemory& memory);
    void setFeeds(std::span<const void* const> feeds);
    void makeInbox();
    void put(Feed& feed, const void* data);
    const void* aligned(Feed& feed, const void* data);
    void bindFeed(Feed& feed, const void* data);
    KernelContext contextOf(const StepState& state) const;
    void execute(const std::vector<Call>& calls, const SharedMemory& memory, const StepState& state);
    void executeProfiled(const SharedMemory& memory, const StepState& state);
    void readStopwatch();
    void enqueue(const SharedMemory& memory, std::span<const void* const> feeds, const StepState& state, bool isProfiling);
    bool replay(const SharedMemory& memory, const StepState& state);
    std::span<const HostCopy> copiesOf(std::span<void* const> fetches);

    Device& m_device;
    std::unique_ptr<Graph> m_graph; ///< the ops of the schedule
    Schedule m_schedule;
    std::int64_t m_n;
    int m_threads;
    Collectives* m_collectives;
    bool m_changesVariables;
    std::vector<Array> m_arrays; ///< those of all calls, inputs then outputs, then the fetches
    std::vector<int> m_arrayInstances;
    std::size_t m_firstFetch = 0;
    std::vector<HostCopy> m_copies; ///< of the fetches of the run at hand
    std::vector<Call> m_keptCalls;
    std::vector<Call> m_calls;
    std::vector<Feed> m_feeds;
    std::unique_ptr<Inbox> m_inbox; ///< of the feeds, on a device with memory of its own
    std::byte* m_kept = nullptr;
    std::uint64_t m_generation = 0; ///< of the addresses in m_arrays
    std::uint64_t m_variableVersion = 0; ///< that the kept results were made from
    std::vector<double> m_seconds; ///< measured, for each step
    std::int64_t m_profiledRuns = 0;
    std::unique_ptr<Stopwatch> m_stopwatch; ///< of profiles
    std::unique_ptr<Recording> m_recording; ///< of all calls, for the addresses at hand
    bool m_isWarm = false; ///< the calls have run with these addresses
    bool m_mayRecord = true;
};

} // namespace weft
