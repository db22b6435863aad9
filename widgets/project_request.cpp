#include "widgets/project_request.h"

#include "core/project/project.h"
#include "widgets/project_document.h"

namespace weft {

QJsonObject projectRequest(const ProjectDocument& document)
{
    Project project = document.project();
    project.view = Tree::Map{}; // where things lie changes nothing that is computed
    return {{QStringLiteral("project"), QString::fromStdString(formatProject(project))}, {QStringLiteral("baseDir"), document.baseDir()}};
}

} // namespace weft
