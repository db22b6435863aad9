#include "core/training/distributed/batch_of_ranks.h"

#include <algorithm>

#include "core/base/error.h"

namespace weft {

int ranksOfBatch(const TrainingSettings& settings, const Collectives* ranks)
{
    return ranks ? ranksOfBatch(settings, ranks->size()) : 1;
}

int ranksOfBatch(const TrainingSettings& settings, int ranks)
{
    const DistributedSettings& distributed = settings.distributed;
    if (!distributed.hasServer())
        return ranks;
    const bool isShared = distributed.update == "parameterServer";
    return isShared ? std::max(ranks - static_cast<int>(distributed.servers + distributed.backupWorkers), 1) : 1;
}

std::int64_t globalBatchSize(const TrainingSettings& settings, const Collectives* ranks, std::int64_t available)
{
    return globalBatchSize(settings, ranks ? ranks->size() : 1, available);
}

std::int64_t globalBatchSize(const TrainingSettings& settings, int ranks, std::int64_t available)
{
    const std::int64_t times = settings.distributed.batch == "perRank" ? ranksOfBatch(settings, ranks) : 1;
    // Compared before it is multiplied: a batch size may be as large as an integer goes.
    const std::int64_t most = std::max<std::int64_t>(available, 1);
    return settings.batchSize >= most / times + 1 ? most : std::min(settings.batchSize * times, most);
}

void checkNumberOfRanks(const TrainingSettings& settings, int before, int now)
{
    if (now == before)
        return;
    if (settings.distributed.batch == "perRank")
        throw Error(WEFT_TEXT("Training",
                              "The run began with %1 ranks, each with a batch of its own (training.distributed.batch), and cannot go on with %2. "
                              "Resume it with --ranks %1."),
                    before, now);
    if (settings.distributed.shuffle == "perRank")
        throw Error(WEFT_TEXT("Training",
                              "The run began with %1 ranks, each with samples of its own (training.distributed.shuffle), and cannot go on with %2. "
                              "Resume it with --ranks %1."),
                    before, now);
}

double rateScale(const TrainingSettings& settings, int ranksOfBatch, std::int64_t stepsPerEpoch, std::int64_t step)
{
    const DistributedSettings& distributed = settings.distributed;
    if (distributed.batch != "perRank" || distributed.learningRateScaling != "linear")
        return 1.0;
    const std::int64_t warmupSteps = distributed.warmupEpochs * stepsPerEpoch;
    const double warmth = step < warmupSteps ? static_cast<double>(step) / static_cast<double>(warmupSteps) : 1.0;
    return 1.0 + (ranksOfBatch - 1) * warmth;
}

} // namespace weft
