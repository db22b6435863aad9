#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/text.h"
#include "core/data/dataset.h"
#include "core/engine/session.h"
#include "core/network/network.h"
#include "core/training/settings.h"

namespace weft {

/// The `memory` of the settings.
MemoryUse memoryUse(const TrainingSettings& settings);

/// What training allocates in the memory it is short of, in bytes: the machine's beside the program and the opened data, or
/// with a card the card's.
struct TrainingMemory {
    std::size_t variables = 0; ///< weights, running statistics, the optimizer's slots, averaged weights
    std::size_t arena = 0; ///< values and gradients of a step, and the kernels' workspaces
    std::size_t packed = 0; ///< weights as the kernels of the validation want them
    std::size_t loader = 0; ///< batches read ahead; on a card, where batches arrive and wait for their step
    std::size_t checkpoint = 0; ///< the copy of the variables that is being written; 0 on a card: the machine holds it
    std::size_t exchange = 0; ///< what NCCL takes to join several cards
    std::size_t total() const { return variables + arena + packed + loader + checkpoint + exchange; }
};

/// Ranks that train together, and those of them that take this machine's memory: each has the variables and computes
/// its part of a batch.
struct RankCount {
    int all = 1;
    int here = 1;
};

/// Says before a training what memory it will take, by planning its steps without allocating them. It plans
/// for the CPU; on other devices it is an estimate. Not thread-safe, but several may live at once.
class MemoryForecast {
public:
    /// `dataset` may be null: then sequences count with the most steps that the network takes. A network
    /// without a loss is planned for inference alone. Throws Error for a network or settings with a fault.
    MemoryForecast(const Network& network, const TrainingSettings& settings, const SessionOptions& session, const Dataset* dataset = nullptr,
                   RankCount ranks = {});
    ~MemoryForecast();

    /// With the batch size and the `memory` of the settings. Some milliseconds; half a second for the largest networks.
    TrainingMemory memory() const;
    /// In batches of `batchSize`, at most all training samples. What was planned once is remembered.
    TrainingMemory memory(std::int64_t batchSize, MemoryUse use) const;
    /// Ranks that share the samples of a batch.
    std::int64_t shares() const;
    /// The batch size of the settings, at most all training samples.
    std::int64_t batchSize() const;
    MemoryUse use() const;
    /// All values of a step side by side, in the widest layouts: a bound that needs no planning.
    double mostBytes() const;

private:
    TrainingMemory planned(std::int64_t batchSize, MemoryUse use) const;

    struct State;
    std::unique_ptr<State> m_state;
};

/// What training needs in all, in bytes: planned, or where it is far beyond `available`, extended from small batches.
std::size_t neededMemory(const MemoryForecast& forecast, std::size_t available);

/// The largest batch of at most `most` samples whose training takes no more than `available`; 0: none. The answer was
/// planned itself and is at most a few per cent below the true one.
std::int64_t largestBatch(const MemoryForecast& forecast, std::size_t available, std::int64_t most, MemoryUse use);

/// One sentence with what training needs, what there is, and the largest batch that fits; nothing where it fits.
/// `available` is what may still be allocated (`availableMemory()`).
std::optional<Message> memoryProblem(const MemoryForecast& forecast, std::size_t available);

/// The memory that training may take on the session's device: what is free of this machine's, or a card's own; 0 where
/// there is no such card.
std::size_t memoryFor(const SessionOptions& session);

/// Throws Error with that sentence when a run on the session's device would need more than there is now.
void requireMemory(const Network& network, const TrainingSettings& settings, const SessionOptions& session, const Dataset* dataset = nullptr,
                   RankCount ranks = {});

/// "1.5 GB": a GB is 10⁹ bytes.
std::string bytesText(std::size_t bytes);

} // namespace weft
