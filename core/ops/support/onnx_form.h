#pragma once

#include <string>
#include <vector>

#include "core/graph/op.h"

namespace weft {

/// One ONNX node with the op's inputs and outputs in order.
OnnxForm onnxNode(const Op& op, const char* type, Attributes attributes = {});

/// A scalar constant of the op's own element type.
OnnxConstant onnxScalar(DType dtype, double value);
/// A list of int64, as ONNX wants axes and shapes.
OnnxConstant onnxList(const std::vector<std::int64_t>& values);

/// ONNX's number of an element type (TensorProto.DataType).
std::int64_t onnxType(DType dtype);

/// ONNX's `shape` input of Reshape for x of shape `from`: 0 keeps an axis, −1 stands for the one that
/// depends on the batch or sequence in another way. Throws Error when two do.
std::vector<std::int64_t> onnxReshape(const Shape& from, const Shape& to);

} // namespace weft
