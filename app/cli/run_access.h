#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli/arguments.h"
#include "core/data/dataset.h"
#include "core/project/project.h"
#include "core/training/checkpoint.h"
#include "core/training/run_folder.h"

namespace weft::cli {

/// `--checkpoint best|last|STEP`.
Option checkpointOption();

/// The run that the user names: a folder, or the name of one in the default place (its beginning or
/// end will do when only one fits). Throws Error.
RunPaths findRun(const std::string& name);

/// The project that the run trains, and where its relative data paths start.
Project projectOfRun(const RunPaths& run);
std::string baseDirOfRun(const RunPaths& run);

/// The data of the run. Throws Error when they cannot be opened, or texts have changed since.
std::unique_ptr<Dataset> openRunData(const RunPaths& run, const Project& project);

/// The checkpoint of `--checkpoint`, else the best. Throws Error.
TensorFile checkpointOfRun(const RunPaths& run, const Arguments& arguments);

/// The names of the classes as the run recorded them, in class order; empty when there are none. The
/// data need not be there any more.
std::vector<std::string> recordedClassNames(const RunPaths& run);

} // namespace weft::cli
