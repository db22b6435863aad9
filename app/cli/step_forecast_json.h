#pragma once

#include <QJsonObject>

#include "core/training/step_forecast.h"

namespace weft::cli {

/// What `weft forecast --json` and the worker say of a device; "problem" is null where the memory suffices.
QJsonObject toJson(const StepForecast& forecast);

} // namespace weft::cli
