#pragma once

#include <string>

#include "core/data/dataset.h"

namespace weft::cli {

/// Writes a picture with a row of samples for each class, its name above. Needs a QGuiApplication for
/// the font. Throws Error when the file cannot be written.
void writeContactSheet(const Dataset& dataset, const std::string& path);

} // namespace weft::cli
