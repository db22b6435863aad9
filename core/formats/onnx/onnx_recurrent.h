#pragma once

#include <string>

#include "core/formats/onnx/onnx_operators.h"
#include "core/ops/recurrent/recurrent.h"

namespace weft {

/// True for RNN, LSTM and GRU.
bool isRecurrentOnnx(const std::string& type);
/// Adds the ops of such a node: Y as [T, 1, N, H] and Y_h as [1, N, H]. Throws Error for settings that our exporter
/// does not write.
RecurrentResult buildRecurrentOnnx(const OnnxOperator& node);

} // namespace weft
