#include "core/training/distributed/link_measurement.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include <QJsonDocument>
#include <QJsonObject>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr std::int64_t fewFloats = 64;
constexpr std::int64_t firstFloats = std::int64_t(1) << 18;
constexpr std::int64_t mostFloats = std::int64_t(1) << 24; ///< 64 MiB
constexpr double longEnough = 0.1; ///< seconds of a sum
constexpr int smallRounds = 31;
constexpr int largeRounds = 5;

/// The seconds of one sum, the mean over the ranks: the same number on all of them.
double secondsOfSum(Collectives& ranks, std::vector<float>& data, std::int64_t count)
{
    std::array<double, 1> seconds{};
    ranks.sum(seconds); // all begin together
    const auto start = std::chrono::steady_clock::now();
    ranks.startSum(data.data(), count, WireFormat::Float32);
    ranks.finishSum(data.data());
    seconds[0] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ranks.sum(seconds);
    return seconds[0] / ranks.size();
}

double medianSeconds(Collectives& ranks, std::vector<float>& data, std::int64_t count, int rounds)
{
    std::vector<double> all;
    for (int round = 0; round < rounds; ++round)
        all.push_back(secondsOfSum(ranks, data, count));
    std::nth_element(all.begin(), all.begin() + rounds / 2, all.end());
    return all[static_cast<std::size_t>(rounds / 2)];
}

} // namespace

ScalingLink measureLink(Collectives& ranks)
{
    if (ranks.size() < 2)
        throw Error(WEFT_TEXT("Training", "A link is measured between ranks, but there is only one."));
    std::vector<float> data(static_cast<std::size_t>(mostFloats));
    medianSeconds(ranks, data, fewFloats, largeRounds); // connections are made
    const double small = medianSeconds(ranks, data, fewFloats, smallRounds);
    std::int64_t count = firstFloats;
    while (secondsOfSum(ranks, data, count) < longEnough && count < mostFloats)
        count *= 2;
    const double large = medianSeconds(ranks, data, count, largeRounds);

    const auto n = static_cast<double>(ranks.size());
    const double bytes = 2 * (n - 1) / n * static_cast<double>(count) * sizeof(float);
    ScalingLink link;
    link.measuredRanks = ranks.size();
    // Never less than half of the time is the bytes' own, however a disturbance fell.
    link.bytesPerSecond = bytes / std::max(large - small, large / 2);
    link.usableShare = 1;
    link.latencySeconds = small / (2 * std::ceil(std::log2(n)));
    return link;
}

std::string linkText(const ScalingLink& link)
{
    const QJsonObject object{{QStringLiteral("ranks"), link.measuredRanks},
                             {QStringLiteral("bytes_per_second"), link.bytesPerSecond},
                             {QStringLiteral("latency_us"), link.latencySeconds * 1e6}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

ScalingLink linkFrom(const std::string& text)
{
    for (const QByteArray& line : QByteArray::fromStdString(text).split('\n')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        ScalingLink link;
        link.measuredRanks = object.value(QStringLiteral("ranks")).toInt();
        link.bytesPerSecond = object.value(QStringLiteral("bytes_per_second")).toDouble();
        link.latencySeconds = object.value(QStringLiteral("latency_us")).toDouble() * 1e-6;
        link.usableShare = 1;
        if (link.measuredRanks > 1 && link.bytesPerSecond > 0 && link.latencySeconds > 0)
            return link;
    }
    throw Error(WEFT_TEXT("Training", "The ranks gave no figures of their link: %1"), text);
}

} // namespace weft
