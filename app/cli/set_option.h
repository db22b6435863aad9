#pragma once

#include "app/cli/command.h"
#include "core/project/project.h"

namespace weft::cli {

class Arguments;

/// `--set KEY=VALUE`, for every command that trains with a project's settings.
Option setOption();

/// Changes the settings that `--set` names. Throws UsageError where a word has no "=", and Error where the project
/// has no such setting or the value does not fit.
void applySettings(Project& project, const Arguments& arguments);

} // namespace weft::cli
