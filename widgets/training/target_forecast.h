#pragma once

#include <QJsonObject>

#include "core/training/distributed/scaling_forecast.h"
#include "core/training/settings.h"
#include "widgets/training/forecast_table.h"

namespace weft {

class ProjectDocument;

/// What a scaling forecast needs of the open project; its step is 0 until someone has timed it. Throws Error for settings
/// that are none.
ScalingSubject scalingSubject(const ProjectDocument& document);

/// Where a project shall train that this machine cannot measure.
struct Elsewhere {
    QString target; ///< its name; empty is this machine
    qint64 ranks = 0;
};

/// What an epoch takes on a target if each of its ranks is as fast as this machine (`here` is the worker's forecast of it)
/// and their hosts are linked as `ScalingLink` says; and that it is no more than that.
ForecastText targetForecastText(const QJsonObject& here, const ProjectDocument& document, const Elsewhere& place);

} // namespace weft
