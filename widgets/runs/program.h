#pragma once

#include <QString>

namespace weft {

/// The command-line program `weft`: beside the running program, else $WEFT_PROGRAM, else from $PATH.
QString weftProgram();

} // namespace weft
