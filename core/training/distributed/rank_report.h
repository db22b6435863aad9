#pragma once

#include <string>

#include <QJsonArray>

#include "core/device/collectives.h"

namespace weft {

/// This process as the event `started` lists it: {"rank", "host", "pid", "shard"}. `shard` [begin, end) are the
/// places in each full batch of `batchSize` samples of all ranks that this one takes.
QJsonObject rankFacts(int rank, int ranks, std::int64_t batchSize);

/// Tells rank 0 that this rank is ready to train or, with a text, why it is not. On every other rank, once.
void reportRank(Collectives& ranks, std::int64_t batchSize, const std::string& fault = {});
/// On rank 0: hears all of them. Throws Error with rank, host and reason where one is not ready.
QJsonArray hearRanks(Collectives& ranks, std::int64_t batchSize);

} // namespace weft
