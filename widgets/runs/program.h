#pragma once

#include <QString>

namespace weft {

/// The command-line program `weft`: beside the running program, else $WEFT_PROGRAM, else from $PATH.
QString weftProgram();
/// What starts it from a shell: `weft` where $PATH leads to this one, else its full path.
QString weftWord();

} // namespace weft
