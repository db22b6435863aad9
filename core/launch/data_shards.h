#pragma once

#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/launch/target.h"
#include "core/training/settings.h"

namespace weft {

/// Data that are cut for the hosts of a target: each gets the files of the training samples that its ranks read
/// (`training.distributed.shuffle` perRank), and all of those that are set aside.
struct DataShards {
    std::string index; ///< what every shard holds under the name `partIndexName`
    std::vector<std::vector<std::string>> files; ///< of each host, relative to the data's folder
    std::string name; ///< differs where other ranks, hosts or batches cut the data otherwise
};

/// Throws Error where the source is read as a whole, or the update rule leaves no samples with a rank.
DataShards cutData(const Dataset& dataset, TrainingSettings settings, const Target& target);

/// Keeps the shards in a folder, as the launcher reads them: the index, and a list of files for each host, by its number.
void writeShards(const std::string& folder, const DataShards& shards);
std::string shardList(const std::string& folder, std::size_t host);
/// The index. Throws Error where it cannot be read.
std::string shardIndex(const std::string& folder);

} // namespace weft
