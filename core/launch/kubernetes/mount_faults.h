#pragma once

#include <optional>
#include <string>

#include <QJsonArray>
#include <QJsonObject>

#include "core/base/text.h"
#include "core/launch/target.h"

namespace weft {

/// The newest of the events that name an object; empty without one.
QJsonObject newestEvent(const QJsonArray& events, const std::string& name);

/// Why the volumes of a pod are not there, in words with what to do: where the newest event of the pod says so. Nothing while
/// all is well, or while what belongs to the job itself is still being made.
std::optional<Message> mountFault(const QJsonArray& events, const std::string& pod, const std::string& job, const Target& target);

} // namespace weft
