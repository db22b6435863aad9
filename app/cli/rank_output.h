#pragma once

#include <string>

namespace weft::cli {

/// From now on each line on the standard error of this process begins with "[RANK] ", so that whoever started several
/// can tell them apart. A process of its own passes them on: the last words of one that crashes come through. Call it
/// before any thread is started.
void tagErrors(const std::string& rank);
/// Waits until all that was printed has been passed on, for a rank that ends all at once. What it prints later is lost.
void finishTaggedErrors();

} // namespace weft::cli
