#include "app/cli/device_forecasts.h"

#include <optional>

#include <QJsonObject>

#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/training/memory_forecast.h"

namespace weft::cli {

namespace {

QJsonObject toJson(const StepForecast& forecast)
{
    const auto timed = [&](double number) { return forecast.isTimed() ? QJsonValue(number) : QJsonValue(); };
    return {{QStringLiteral("batch_size"), static_cast<qint64>(forecast.batchSize)},
            {QStringLiteral("timed_batch_size"), static_cast<qint64>(forecast.timedBatch)},
            {QStringLiteral("timed_steps"), static_cast<qint64>(forecast.timedSteps)},
            {QStringLiteral("step_ms"), timed(forecast.stepMilliseconds)},
            {QStringLiteral("samples_per_second"), timed(forecast.samplesPerSecond())},
            {QStringLiteral("steps_per_epoch"), static_cast<qint64>(forecast.stepsPerEpoch())},
            {QStringLiteral("validation_seconds"), timed(forecast.validationSeconds)},
            {QStringLiteral("epoch_seconds"), timed(forecast.epochSeconds())},
            {QStringLiteral("memory_bytes"), static_cast<qint64>(forecast.memoryBytes)},
            {QStringLiteral("available_memory_bytes"), static_cast<qint64>(forecast.availableBytes)},
            {QStringLiteral("largest_batch_size"), static_cast<qint64>(forecast.largestBatch)},
            {QStringLiteral("problem"), forecast.problem ? QJsonValue(translated(*forecast.problem)) : QJsonValue()}};
}

QJsonObject toJson(const DeviceForecast& of)
{
    QJsonObject object = of.isKnown ? toJson(of.forecast) : QJsonObject{};
    object.insert(QStringLiteral("device"), QString::fromStdString(of.device.id));
    object.insert(QStringLiteral("name"), QString::fromStdString(of.device.name));
    if (!of.fault.empty())
        object.insert(QStringLiteral("reason"), QString::fromStdString(of.fault));
    return object;
}

} // namespace

DeviceForecasts forecastDevices(const TrainingJob& job, const std::vector<DeviceInfo>& devices, const MeasureProgress& progress,
                                const std::function<void(const DeviceForecasts&)>& news)
{
    DeviceForecasts all;
    for (const DeviceInfo& device : devices)
        all.push_back({device, {}, device.isAvailable ? std::string() : translated(device.unavailable).toStdString(), false});
    bool isCancelled = false;
    bool isAnyKnown = false;
    std::optional<Error> first;
    for (std::size_t i = 0; i < all.size(); ++i) {
        DeviceForecast& one = all[i];
        if (!one.device.isAvailable)
            continue;
        const auto share = [&](double fraction) {
            isCancelled = progress && !progress((static_cast<double>(i) + fraction) / static_cast<double>(all.size()));
            return !isCancelled;
        };
        const auto take = [&](const StepForecast& forecast) {
            one.forecast = forecast;
            one.isKnown = true;
            if (news)
                news(all);
        };
        try {
            const SessionOptions session = sessionOn(one.device.id);
            take(forecastSteps(job, session, memoryFor(session), share, {}, take));
            isAnyKnown = true;
        } catch (const Error& error) {
            if (isCancelled)
                throw;
            // A fault of the data would be met on each; one of a card leaves the others.
            one.fault = translated(error.message()).toStdString();
            one.isKnown = false;
            if (!first)
                first = error;
        }
    }
    if (first && !isAnyKnown)
        throw *first;
    return all;
}

QJsonArray toJson(const DeviceForecasts& devices)
{
    QJsonArray list;
    for (const DeviceForecast& device : devices)
        list.append(toJson(device));
    return list;
}

} // namespace weft::cli
