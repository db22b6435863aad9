#pragma once

#include <string>

#include <QString>

namespace weft {

/// What a port is called in the user's language; names that a block's author gave stay as they are.
QString portTitle(const std::string& name);

} // namespace weft
