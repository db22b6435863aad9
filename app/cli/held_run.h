#pragma once

#include "app/cli/arguments.h"
#include "core/base/error.h"

namespace weft::cli {

/// Another process still trains the run. It will end: whoever started this one shall try again, which `savedCode` says.
class HeldRunError : public Error {
public:
    using Error::Error;
};

/// With --continue, in the place of a process that is not quite gone, on this machine or on another that shares the folder:
/// waits for its end, saying so. Throws HeldRunError where that takes too long.
void waitForHeldRun(const Arguments& arguments);

} // namespace weft::cli
