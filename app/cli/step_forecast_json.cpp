#include "app/cli/step_forecast_json.h"

#include "app/cli/output.h"

namespace weft::cli {

QJsonObject toJson(const StepForecast& forecast)
{
    const bool isTimed = forecast.timedBatch > 0;
    const auto timed = [isTimed](double number) { return isTimed ? QJsonValue(number) : QJsonValue(); };
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

} // namespace weft::cli
