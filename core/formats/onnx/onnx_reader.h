#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/graph/graph.h"

namespace weft {

/// An ONNX file as a graph of our own ops. Weights are variables; their contents lie beside it.
struct OnnxModel {
    std::unique_ptr<Graph> graph;
    std::map<std::string, std::vector<std::byte>> weights; ///< by name of the variable
    std::vector<Value> outputs;
    std::vector<std::string> outputNames;
};

/// Reads a model of the operators that our exporter writes (opset 13 to 17). Throws Error, naming node
/// and reason, for damaged files and operators that it does not know.
OnnxModel readOnnx(const std::string& path);

} // namespace weft
