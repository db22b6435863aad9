#pragma once

#include <functional>
#include <string>

#include <QJsonArray>

#include "core/device/collectives.h"

namespace weft {

/// This process as the event `started` lists it: {"rank", "host", "pid", "shard"}. `shard` [begin, end) are the
/// places in each full batch of `batchSize` samples of all ranks that this one takes.
QJsonObject rankFacts(int rank, int ranks, std::int64_t batchSize);

/// Tells rank 0 that this rank is ready to train or, with a text, why it is not. On every other rank, once.
void reportRank(Collectives& ranks, std::int64_t batchSize, const std::string& fault = {});
/// On every rank but 0: runs `follow`, which calls `ready` when it is ready to train, and reports that or the Error that
/// it throws before; then it is false. A later one is thrown on.
bool followAndReport(Collectives& ranks, std::int64_t batchSize, const std::function<void(const std::function<void()>& ready)>& follow);
/// On rank 0: hears all of them. Throws Error with rank, host and reason where one is not ready.
QJsonArray hearRanks(Collectives& ranks, std::int64_t batchSize);

} // namespace weft
