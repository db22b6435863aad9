#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/attributes.h"
#include "core/base/text.h"
#include "core/graph/value.h"

namespace weft {

/// Work of an op for one sample of T steps: batch factors are dropped (a dim k·N counts as k).
struct Cost {
    double multiplyAdds = 0; ///< products of conv, matmul and recurrent ops only
    double elementwise = 0; ///< other arithmetic, one per element touched
};

/// A constant that an ONNX form needs, dims row-major.
struct OnnxConstant {
    DType dtype = DType::Float32;
    Extents dims;
    std::vector<double> values;
};

/// One ONNX node as plain data. Names: `x0`, `x1`, … are the op's inputs, `y0`, … its outputs, `T` is the
/// number of steps of sequences (int64 []); anything else is local to the form (constants or
/// intermediate results).
struct OnnxNode {
    std::string type;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    Attributes attributes;
};

struct OnnxForm {
    std::vector<OnnxNode> nodes;
    std::map<std::string, OnnxConstant> constants;
};

/// What kind of op this is, in one record. Filled by a folder of `core/ops`; functions are plain
/// function pointers so that a spec is a constant without initialisation order.
struct OpSpec {
    const char* name = "";

    /// Types of the outputs. Throws Error with both shapes when inputs do not fit.
    std::vector<TensorType> (*infer)(std::span<const TensorType> inputs, const Attributes& attributes) = nullptr;

    /// Builds the gradient ops: for each input its gradient or an empty Value. `outputGradients` may
    /// hold empty values for outputs that nothing depends on. Null: not differentiable.
    std::vector<Value> (*gradient)(const Op& op, std::span<const Value> outputGradients) = nullptr;

    Cost (*cost)(const Op& op, std::int64_t t) = nullptr; ///< `t`: what T is; null: elementwise, one per output element
    OnnxForm (*onnx)(const Op& op) = nullptr; ///< null: the op has no inference meaning in ONNX

    std::vector<int> mutates = {}; ///< inputs (variables) that running the op overwrites
    bool mutatesVariables = false; ///< running the op overwrites every input that is a variable (optimizer updates)
    bool isElementwise = false; ///< every output element depends on the same element of equally shaped inputs:
                                ///< works in any physical layout, and in place
    bool readsState = false; ///< the kernel reads StepState (dropout, Adam): never computed ahead
    bool worksInPlace = false; ///< one input and one output of the same type, which may be at one place
    bool isView = false; ///< the output is the input's bytes under another shape (reshape)
};

/// An instance of an OpSpec in a graph.
class Op {
public:
    Op(const OpSpec& spec, std::vector<Value> inputs, Attributes attributes, std::string node) :
        m_spec(&spec), m_inputs(std::move(inputs)), m_attributes(std::move(attributes)), m_node(std::move(node))
    {
    }

    const OpSpec& spec() const { return *m_spec; }
    const std::vector<Value>& inputs() const { return m_inputs; }
    const Value& input(int i) const { return m_inputs[static_cast<std::size_t>(i)]; }
    const std::vector<Value>& outputs() const { return m_outputs; }
    const Value& output(int i = 0) const { return m_outputs[static_cast<std::size_t>(i)]; }
    const Attributes& attributes() const { return m_attributes; }
    /// Id of the layer (node of the network) that made this op; empty for the trainer's own ops.
    const std::string& node() const { return m_node; }
    bool hasEffect() const { return !m_spec->mutates.empty() || m_spec->mutatesVariables; }
    /// Indices of the inputs that running the op overwrites.
    std::vector<int> mutatedInputs() const
    {
        std::vector<int> indices = m_spec->mutates;
        for (int i = 0; m_spec->mutatesVariables && i < static_cast<int>(m_inputs.size()); ++i) {
            if (input(i).variable())
                indices.push_back(i);
        }
        return indices;
    }

private:
    friend class Graph;
    const OpSpec* m_spec;
    std::vector<Value> m_inputs;
    std::vector<Value> m_outputs;
    Attributes m_attributes;
    std::string m_node;
};

} // namespace weft
