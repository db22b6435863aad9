#pragma once

#include <cstddef>
#include <span>

#include <QString>

#include "app/cli/arguments.h"

namespace weft::cli {

/// A first argument of a command that has several, such as `weft runs list`.
struct Verb {
    const char* name;
    const char* usage; ///< told where the number of arguments is wrong
    std::size_t minimum; ///< of arguments, the verb among them
    std::size_t maximum;
    int (*run)(const Arguments&);
};

/// Runs the verb that the first argument names. Throws UsageError, with `unknown` where there is none of that name.
int runVerb(const Arguments& arguments, std::span<const Verb> verbs, const QString& unknown);

} // namespace weft::cli
