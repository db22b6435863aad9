#pragma once

#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/data/dataset.h"
#include "core/network/lowering.h"
#include "core/project/project.h"

namespace weft {

/// The diagnostics of a project: those of its network and what is wrong with its data and training
/// settings. Opens no data. `baseDir` resolves relative paths.
std::vector<Diagnostic> checkProject(const Project& project, const Analysis& analysis, const std::string& baseDir);

/// Opens the data of a project without errors and says what of them does not fit its network: columns, shapes,
/// labels, classes, balance. Data that are not on this machine are a warning, since a project may be trained elsewhere.
std::vector<Diagnostic> checkData(const Project& project, const std::string& baseDir);
/// The same for data that are open; of a network with faults as much as can be said.
std::vector<Diagnostic> checkData(const Project& project, const Dataset& dataset);

} // namespace weft
