#pragma once

#include <span>

#include "core/base/text.h"

namespace weft {

/// What the blocks that templates bring are called and say, marked for translation: a project file holds these texts in
/// English, and they are shown in the user's language as long as nobody has changed them.
std::span<const Text> templateBlockTexts();

} // namespace weft
