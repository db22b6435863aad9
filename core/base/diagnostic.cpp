#include "core/base/diagnostic.h"

#include <algorithm>

namespace weft {

bool hasErrors(const std::vector<Diagnostic>& diagnostics)
{
    return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

} // namespace weft
