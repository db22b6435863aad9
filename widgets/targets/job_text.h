#pragma once

#include <QString>

#include "core/launch/job_report.h"

namespace weft {

/// "waits · No node has 2 free GPUs."
QString jobStateText(const JobReport& report);
QString phaseText(JobPhase phase);
/// What a target calls the state of a pod or process, in the user's words where there are some.
QString partStateText(const QString& state);

} // namespace weft
