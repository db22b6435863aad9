#pragma once

#include <string>
#include <vector>

#include "core/network/network.h"
#include "core/training/checkpoint.h"

namespace weft {

/// The network with the checkpoint's weights as an ONNX model (opset 17, IR 8), serialised. Inputs are
/// named after the columns and have the batch dimension "N"; images are uint8 [N, C, H, W], cast and
/// divided by 255 in the graph. Outputs are what inference gives (probabilities, not logits).
/// `classNames` go into the metadata as a JSON list, key "class_names". Throws Error, naming layer and
/// operation, for what ONNX cannot express, and when the checkpoint does not fit the network.
std::string onnxModel(const Network& network, const TensorFile& checkpoint, const std::vector<std::string>& classNames);

/// The same into a file, which appears whole or not at all.
void exportOnnx(const Network& network, const TensorFile& checkpoint, const std::vector<std::string>& classNames, const std::string& path);

} // namespace weft
