#pragma once

#include <string>
#include <vector>

#include "core/base/attributes.h"
#include "core/graph/value.h"

namespace weft {

/// An input of an ONNX node: a value of the graph, a list of numbers known beforehand, or extents of a shape,
/// which may hold N and T.
struct OnnxOperand {
    Value value;
    std::vector<std::int64_t> list;
    std::vector<Dim> dims;
};

/// An ONNX node as plain data.
struct OnnxOperator {
    std::string type;
    std::string name;
    std::vector<OnnxOperand> inputs;
    Attributes attributes;
};

/// Adds the ops that compute an ONNX node and returns its outputs. Throws Error for operators and settings that
/// our exporter does not write.
std::vector<OnnxOperand> buildOnnxOperator(const OnnxOperator& node);

} // namespace weft
