#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/device/wire_format.h"

namespace weft {

/// What the ranks of a distributed run do together. One object a process; rank 0 reports. All functions but
/// `startSum` and `finishSum` are called by one thread, on every rank in the same order, and throw Error when a
/// rank is lost or does not answer in time.
class Collectives {
public:
    virtual ~Collectives() = default;
    virtual int rank() const = 0;
    virtual int size() const = 0;

    /// Begins to add `data` over all ranks, in place, while the caller goes on; the ranks begin their sums in the
    /// same order. Nobody touches the data until `finishSum` with the same address has returned. In a `format` of 16
    /// bits what each rank sends is rounded, added in float32 in the order of the ranks, and the sum rounded again:
    /// every rank gets the same bits.
    virtual void startSum(float* data, std::int64_t count, WireFormat format) = 0;
    virtual void finishSum(const float* data) = 0;

    /// Adds a few numbers over all ranks, in place.
    virtual void sum(std::span<double> numbers) = 0;
    /// Gives every rank the bytes of rank 0, which may come late: the others wait without taking a core.
    virtual void broadcast(std::vector<std::byte>& bytes) = 0;
    /// The texts of all ranks in their order on rank 0, nothing elsewhere.
    virtual std::vector<std::string> gather(const std::string& text) = 0;

    /// A message to one rank: some numbers and an array. Waits until it is on its way.
    virtual void send(int to, std::span<const double> head, std::span<const float> body) = 0;
    /// The next message to this rank, whoever sent it; returns the sender.
    virtual int receive(std::vector<double>& head, std::vector<float>& body) = 0;

    /// Ends the processes of all ranks at once, this one too: what is left to do after a fault. mpirun ends with
    /// `exitCode` as well.
    virtual void abandon(int exitCode) = 0;

    /// Hears of ranks that have given no sign of life for long; called in the thread that waits for them.
    std::function<void(const Message&)> onWarning;
};

/// When ranks that do not answer are given up.
struct CollectivesOptions {
    int expectedSize = 0; ///< ranks there must be; 0: any number
    double warnSeconds = 60; ///< without a sign of life before `onWarning` hears of it
    double abortSeconds = 300; ///< before the waiting ends with a LostRankError
};

/// A rank has gone or does not answer: the run can go on only when it is started again.
class LostRankError : public Error {
public:
    using Error::Error;
};

/// Joins the ranks that a launcher such as mpirun started beside this process: by the MPI plugin. Throws Error when
/// there is none, or the world has another size.
std::unique_ptr<Collectives> joinRanks(const CollectivesOptions& options);
/// Whether this process was started as one of several ranks, by mpirun or srun.
bool isRank();
/// How many processes the launcher says it has started; 0 where it does not say.
int launchedProcesses();

} // namespace weft
