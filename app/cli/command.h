#pragma once

#include <string>
#include <vector>

#include "core/base/text.h"

namespace weft::cli {

/// Exit codes of every command.
enum ExitCode { done = 0, failed = 1, wrongUsage = 2 };

/// An option of a command: `--name` or `--name VALUE`.
struct Option {
    const char* name; ///< without the dashes
    const char* value = ""; ///< what stands for the value in the usage line; "" for a switch
    Text help;
    std::vector<const char*> choices{}; ///< allowed values, if limited
};

class Arguments;

/// Whether a command computes with a team of threads.
enum class Threads { One, Team };

/// A command of `weft`. `positional` is shown in the usage line, e.g. "PROJECT" or "RUN INPUT...".
struct Command {
    const char* name;
    const char* positional;
    int minPositional;
    int maxPositional; ///< −1: any number
    Text summary;
    std::vector<Option> options;
    int (*run)(const Arguments& arguments);
    Threads threads = Threads::One;
    const char* paintingVerb = ""; ///< the first argument with which it paints text and so needs a QGuiApplication
    std::vector<Option> settings{}; ///< of the project, by --set, that belong to the command; `name` is the whole key
};

/// All commands, in the order of `weft --help`.
const std::vector<Command>& commands();

} // namespace weft::cli
