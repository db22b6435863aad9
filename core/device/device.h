#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/device/kernel_table.h"

namespace weft {

class Collectives;

/// Kernels enqueued once, to be run again.
class Recording {
public:
    virtual ~Recording() = default;
    virtual void run() = 0;
};

/// Memory of the host and what of a device comes there.
struct HostCopy {
    void* to = nullptr;
    const void* from = nullptr;
    std::size_t bytes = 0;
};

/// Where what the runs of one plan read gets to a device with memory of its own: parts of one place there, put down on the host
/// while the device still computes the run before.
class Inbox {
public:
    virtual ~Inbox() = default;
    /// On the device; stays where it is.
    virtual std::byte* place() = 0;
    /// Puts down a part for the next run; `from` may change once this returns.
    virtual void put(std::size_t offset, const void* from, std::size_t bytes) = 0;
    /// Begins to copy what has been put down, beside the run at hand where the device can.
    virtual void send() = 0;
    /// All that was put down lies in its place for the kernels that are enqueued from now on, and they find `state` with the
    /// indices of its samples.
    virtual void open(const StepState& state) = 0;
};

/// Times what a device does between marks.
class Stopwatch {
public:
    virtual ~Stopwatch() = default;
    /// Has the mark `index` stand behind what has been enqueued.
    virtual void mark(std::size_t index) = 0;
    /// From one mark to a later one; waits until that is reached.
    virtual double seconds(std::size_t from, std::size_t to) = 0;
};

/// A place that owns memory and runs kernels. CPU and reference devices use host memory; the CUDA
/// plugin brings its own. One Session uses one Device; a process may hold several.
class Device {
public:
    virtual ~Device() = default;
    virtual DeviceKind kind() const = 0;
    /// Memory of `bytes`, aligned to 64 bytes (2 MiB pages where large), zeroed. Throws Error when full.
    virtual void* allocate(std::size_t bytes) = 0;
    virtual void free(void* memory, std::size_t bytes) = 0;
    virtual void copyFromHost(void* to, const void* from, std::size_t bytes) = 0;
    virtual void copyToHost(void* to, const void* from, std::size_t bytes) = 0;
    /// Several such copies; a device that the host has to wait for is waited for once.
    virtual void fetch(std::span<const HostCopy> copies)
    {
        for (const HostCopy& copy : copies)
            copyToHost(copy.to, copy.from, copy.bytes);
    }
    /// The same behind what has been enqueued, but not waited for: `finishFetch` does that for the oldest of them, and not for
    /// what was enqueued later. No more than `fetchesAtOnce` may be under way.
    virtual void beginFetch(std::span<const HostCopy> copies) { fetch(copies); }
    virtual void finishFetch() {}
    static constexpr int fetchesAtOnce = 2;
    virtual void synchronize() = 0;
    /// Ends the exchange with other ranks, so that nothing waits for one that is lost, and waits for what is still under way. No
    /// recording may be left; what comes after this may only free. Throws nothing.
    virtual void endWork() {}
    /// For `bytes` of feeds and the indices of `samples` samples; nullptr: kernels read the host's memory.
    virtual std::unique_ptr<Inbox> makeInbox(std::size_t /*bytes*/, std::int64_t /*samples*/) { return nullptr; }
    virtual std::unique_ptr<Stopwatch> makeStopwatch() = 0;
    /// Has the device add up gradients with those of the other ranks by its own means, if it has any. The ranks do this
    /// together; throws Error where that cannot be.
    virtual void joinRanks(Collectives& /*ranks*/) {}
    /// What kernels of this device find as `KernelContext::stream`.
    virtual void* stream() { return nullptr; }
    /// What `enqueue` enqueues, to be run again with the same addresses at less cost; nullptr: this device cannot.
    virtual std::unique_ptr<Recording> record(const std::function<void()>& /*enqueue*/) { return nullptr; }
    /// Whether kernels that are prepared from now on measure which of their libraries' algorithms is the fastest here, and
    /// remember it on disk; else the libraries' own rules choose.
    virtual void setMeasuring(bool) {}
};

/// `kind` with its index (0 but for CUDA cards). Throws Error with the reason when it cannot be used.
std::unique_ptr<Device> openDevice(DeviceKind kind, int index = 0);

/// A device of this machine or, with `unavailable` set, why there is none.
struct DeviceInfo {
    std::string id; ///< "cpu", "cuda:0", …: what --device takes
    std::string name; ///< e.g. the processor's name
    std::size_t memoryBytes = 0;
    std::string driver; ///< its version, of cards: "580.65"
    int threads = 0; ///< usable cores (CPU only)
    bool isAvailable = true;
    Message unavailable;
};

std::vector<DeviceInfo> listDevices();

} // namespace weft
