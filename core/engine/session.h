#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/device/device.h"
#include "core/graph/graph.h"

namespace weft {

/// How a training plan treats values that its backward pass needs again.
enum class MemoryUse {
    Normal, ///< they are kept
    Lean, ///< most are computed a second time: less memory, more time, the same numbers
};
/// "normal", "lean"
const char* nameOf(MemoryUse use);

class Collectives;

struct SessionOptions {
    DeviceKind device = DeviceKind::Cpu;
    int deviceIndex = 0;
    int threads = 0; ///< 0: all usable cores
    std::uint64_t seed = 0;
    Precision precision = Precision::Float32;
    MemoryUse memory = MemoryUse::Normal;
    std::string withoutKernels = {}; ///< kernels with this in their name are not chosen where there are others; for comparisons
    bool measuresKernels = false; ///< libraries of a card choose by measurement, see Device::setMeasuring
    Collectives* collectives = nullptr; ///< the other ranks of a distributed run; borrowed
};

/// What a plan computes. Ops that lead neither to a fetch nor to an effect are left out.
struct PlanRequest {
    std::int64_t n = 1; ///< batch size
    std::int64_t t = 1; ///< sequence length
    std::vector<Value> fetches;
    bool withEffects = false; ///< also run the ops that overwrite variables (updates, running statistics)
};

/// One step of a plan for reports and profiles.
struct PlanStep {
    std::string op;
    std::string node; ///< layer that made it
    std::string kernel;
    double multiplyAdds = 0; ///< for the whole batch
    double microseconds = 0; ///< mean of the profiled runs, 0 when not profiled
};

/// An executable schedule: kernels chosen, layouts fixed, one arena planned. Made by a Session and
/// owned by it.
class Plan {
public:
    virtual ~Plan() = default;
    virtual std::int64_t n() const = 0;
    virtual std::size_t arenaBytes() const = 0;
    virtual std::vector<PlanStep> steps() const = 0;
};

/// What a plan and the variables of its graph hold, in bytes.
struct PlanMemory {
    std::size_t variables = 0;
    std::size_t arena = 0; ///< values and workspaces of one run; the plans of a session share one
    std::size_t kept = 0; ///< packed weights and constants of this plan alone
};

/// What Session::plan would allocate for the request, found out without allocating it. Throws Error when
/// the device lacks a kernel.
PlanMemory forecastPlan(const Graph& graph, const PlanRequest& request, const SessionOptions& options);

/// Executes graphs on one device. Variables belong to the session by name, so that a training and an
/// inference graph share them; plans of any batch size share one arena. The graphs must outlive it.
/// Not thread-safe. A run allocates nothing.
class Session {
public:
    explicit Session(const SessionOptions& options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const SessionOptions& options() const;

    /// Lets the device add up gradients with those of the other ranks, if there are any. Called on all of them, in the same
    /// order as their other exchanges, before a plan that exchanges something runs; again it does nothing. Throws Error where
    /// the ranks have devices of different kinds, or these cannot reach each other.
    void joinRanks();

    /// Creates the variables of `graph` that this session does not have yet, initialised from the
    /// seed. Throws Error when one exists with another type.
    void addVariables(const Graph& graph);
    bool hasVariable(const std::string& name) const;
    std::vector<std::string> variableNames() const;
    const TensorType& variableType(const std::string& name) const;
    Role variableRole(const std::string& name) const;
    /// Contents in row-major order and the variable's type. `bytes` must be the exact size.
    void readVariable(const std::string& name, std::span<std::byte> bytes) const;
    void writeVariable(const std::string& name, std::span<const std::byte> bytes);

    /// The plan for a request, made on first use and kept. Throws Error when the device lacks a
    /// kernel (names op and layer) or memory.
    Plan& plan(const Graph& graph, const PlanRequest& request);

    /// Runs a plan. `feeds` has one host pointer for each of graph.inputs() that the plan uses, in
    /// the order of graph.inputs() (others may be null); `fetches` one host pointer for each fetch
    /// (null to skip the copy). Data is row-major in the value's own type. No started run may be unfinished.
    void run(Plan& plan, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state = {});
    /// The same, but returns while the device may still compute: `finish` waits for the run that was started first, and only
    /// then is what it fetches there. What is fed may change once this returns. Up to `runsAtOnce` may be under way, one
    /// after the other on the device, so that it need not wait for the host; what reads or writes variables meanwhile comes after them.
    void start(Plan& plan, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state = {});
    void finish();
    static constexpr int runsAtOnce = Device::fetchesAtOnce;
    /// Begins to copy what the next run of `plan` is fed, beside the run at hand. Of those feeds that are not null the data
    /// may not change until then, when `run` is given the same pointers. Where the device reads the host's memory nothing is
    /// to do.
    void stage(Plan& plan, std::span<const void* const> feeds);

    /// Times what the device does between marks that stand between runs.
    std::unique_ptr<Stopwatch> makeStopwatch();
    /// Measure each step of the plans from now on, each run by itself (costs a clock read a kernel).
    void setProfiling(bool isOn);
    /// Bytes held by variables and by the shared arena.
    std::size_t variableBytes() const;
    std::size_t arenaBytes() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weft
