#include "core/training/distributed/rank_report.h"

#include <unistd.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/training/localized.h"

namespace weft {

namespace {

std::string formatted(const QJsonObject& report)
{
    return QJsonDocument(report).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace

QJsonObject rankFacts(int rank, int ranks, std::int64_t batchSize)
{
    return {{QStringLiteral("rank"), rank},
            {QStringLiteral("host"), QSysInfo::machineHostName()},
            {QStringLiteral("pid"), static_cast<qint64>(::getpid())},
            {QStringLiteral("shard"),
             QJsonArray{static_cast<qint64>(partBegin(batchSize, rank, ranks)), static_cast<qint64>(partBegin(batchSize, rank + 1, ranks))}}};
}

void reportRank(Collectives& ranks, std::int64_t batchSize, const std::string& fault)
{
    QJsonObject report = rankFacts(ranks.rank(), ranks.size(), batchSize);
    if (!fault.empty())
        report.insert(QStringLiteral("fault"), QString::fromStdString(fault));
    ranks.gather(formatted(report));
}

bool followAndReport(Collectives& ranks, std::int64_t batchSize, const std::function<void(const std::function<void()>& ready)>& follow)
{
    bool isReady = false;
    try {
        follow([&] {
            isReady = true;
            reportRank(ranks, batchSize);
        });
        return true;
    } catch (const Error& error) {
        if (isReady)
            throw;
        reportRank(ranks, batchSize, localized(error.message()).toStdString());
        return false;
    }
}

QJsonArray hearRanks(Collectives& ranks, std::int64_t batchSize)
{
    QJsonArray facts;
    for (const std::string& text : ranks.gather(formatted(rankFacts(0, ranks.size(), batchSize)))) {
        const QJsonObject report = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
        if (report.contains(QStringLiteral("fault")))
            throw Error(WEFT_TEXT("Training", "Rank %1 on %2 cannot train: %3"), report.value(QStringLiteral("rank")).toInt(),
                        report.value(QStringLiteral("host")).toString().toStdString(),
                        report.value(QStringLiteral("fault")).toString().toStdString());
        facts.append(report);
    }
    return facts;
}

} // namespace weft
