#pragma once

#include <string>

#include "core/formats/export_formats.h"

namespace weft {

/// Runs ONNX's own checker and strict shape inference over a file. Throws Error with what they find.
void checkOnnx(const std::string& path);

/// Checks the file, reads it back, runs 16 generated samples through it and through the network, and
/// compares all outputs. Throws Error when the file is refused or its inputs and outputs are not those
/// of the network.
VerifyReport verifyOnnx(const Network& network, const TensorFile& checkpoint, const std::string& path);

} // namespace weft
