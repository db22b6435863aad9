#include "core/launch/data_shards.h"

#include <filesystem>

#include <QFile>

#include "core/base/error.h"
#include "core/data/fingerprint.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/safe_file.h"

namespace weft {

DataShards cutData(const Dataset& dataset, TrainingSettings settings, const Target& target)
{
    DataShards shards;
    shards.index = dataset.partIndex();
    if (shards.index.empty())
        throw Error(WEFT_TEXT("Launch",
                              "Only folders of pictures can be cut into shards: IDX files, tables and texts are read as a whole by every rank. Set "
                              "data=copy for the target %1."),
                    target.name);
    settings.distributed.shuffle = "perRank";
    if (settings.distributed.hasServer())
        throw Error(WEFT_TEXT("Launch",
                              "The data cannot be cut into shards: a parameter server hands every batch to whichever worker is free. Set data=copy for "
                              "the target %1, or training.distributed.update to \"allReduce\"."),
                    target.name);
    const int ranks = static_cast<int>(rankCount(target));
    const std::int64_t size = dataset.size(Split::Train);
    const std::int64_t batch = globalBatchSize(settings, ranks, size);
    std::vector<std::size_t> hostOfRank;
    const std::vector<HostSlots> hosts = target.hosts("hosts");
    shards.files.resize(hosts.size());
    Fingerprint print;
    print.add(static_cast<std::uint64_t>(batch));
    for (std::size_t host = 0; host < hosts.size(); ++host) {
        hostOfRank.insert(hostOfRank.end(), static_cast<std::size_t>(hosts[host].ranks), host);
        print.add(hosts[host].host);
        print.add(static_cast<std::uint64_t>(hosts[host].ranks));
    }
    shards.name = print.text(dataset.fingerprint());
    const std::vector<int> rankOf = ranksOfPlaces(size, batch, ranks);
    for (std::int64_t i = 0; i < size; ++i)
        shards.files[hostOfRank[static_cast<std::size_t>(rankOf[static_cast<std::size_t>(i)])]].push_back(dataset.sampleName(Split::Train, i));
    for (const Split split : {Split::Validation, Split::Test}) {
        for (std::int64_t i = 0; i < dataset.size(split); ++i) {
            for (std::vector<std::string>& files : shards.files)
                files.push_back(dataset.sampleName(split, i));
        }
    }
    return shards;
}

void writeShards(const std::string& folder, const DataShards& shards)
{
    std::filesystem::create_directories(folder);
    writeTextSafely(folder + "/" + partIndexName, shards.index);
    for (std::size_t host = 0; host < shards.files.size(); ++host) {
        std::string list;
        for (const std::string& file : shards.files[host])
            list += file + '\0';
        writeTextSafely(shardList(folder, host), list);
    }
}

std::string shardList(const std::string& folder, std::size_t host)
{
    return folder + "/" + std::to_string(host);
}

std::string shardIndex(const std::string& folder)
{
    QFile file(QString::fromStdString(folder + "/" + partIndexName));
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("Launch", "%1 could not be read: %2."), file.fileName().toStdString(), file.errorString().toStdString());
    return file.readAll().toStdString();
}

} // namespace weft
