#pragma once

#include <QJsonArray>
#include <QJsonObject>

#include "core/launch/launcher.h"

namespace weft {

/// How a job stands, from what the cluster says of it: the job itself, its pods, and the events that name it.
JobState kubernetesState(const QJsonObject& job, const QJsonArray& pods, const QJsonArray& events, const Target& target);
/// Why a pod waits for a node, from the scheduler's sentence.
Message pendingReason(const std::string& sentence, const Target& target);

} // namespace weft
