#pragma once

#include <functional>
#include <string>
#include <vector>

#include <QJsonArray>

#include "core/device/device.h"
#include "core/training/step_forecast.h"

namespace weft::cli {

/// A device of this machine and what training would take on it, or why that cannot be said.
struct DeviceForecast {
    DeviceInfo device;
    StepForecast forecast;
    std::string fault; ///< in the user's language
    bool isKnown = false; ///< at least the memory is
};
using DeviceForecasts = std::vector<DeviceForecast>;

/// Forecasts the devices one after another; `news` sees all of them whenever more is known. Where none of those that can
/// compute could be measured, throws the first one's Error; so it does when it was cancelled.
DeviceForecasts forecastDevices(const TrainingJob& job, const std::vector<DeviceInfo>& devices, const MeasureProgress& progress = {},
                                const std::function<void(const DeviceForecasts&)>& news = {});

/// What `weft forecast --json` and the worker say of devices: "reason" where there is no forecast, "problem" null where
/// the memory suffices, the times null where they are not known.
QJsonArray toJson(const DeviceForecasts& devices);

} // namespace weft::cli
