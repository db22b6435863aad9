#pragma once

#include <QJsonObject>

namespace weft {

class ProjectDocument;

/// What the worker is told of a project: {"project", "baseDir"}, without how its canvas looks.
QJsonObject projectRequest(const ProjectDocument& document);

} // namespace weft
