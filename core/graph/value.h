#pragma once

#include <string>

#include "core/base/dtype.h"
#include "core/base/shape.h"

namespace weft {

class Graph;
class Op;

/// Type and shape of a value; the shape may hold the symbols N and T.
struct TensorType {
    DType dtype = DType::Float32;
    Shape shape;
    friend bool operator==(const TensorType&, const TensorType&) = default;
};

/// What a variable is for. States are written by `assign` ops, slots belong to the optimizer.
enum class Role { Parameter, State, Slot };

/// How a variable starts. Random kinds draw from Philox keyed by (seed, variable name, element).
struct Initializer {
    enum class Kind {
        Constant,
        Uniform,
        Normal,
        TruncatedNormal,
        GlorotUniform,
        GlorotNormal,
        HeUniform,
        HeNormal,
        LecunUniform,
        LecunNormal,
        Orthogonal
    };
    Kind kind = Kind::Constant;
    double a = 0.0; ///< constant: the value; uniform: lower bound; normal: mean
    double b = 0.0; ///< uniform: upper bound; normal: standard deviation
    std::int64_t fanIn = 0; ///< inputs that one output sees; used by Glorot, He and LeCun kinds
    std::int64_t fanOut = 0; ///< outputs that one input reaches
    std::int64_t zeroRow = -1; ///< an entry of the first axis that starts as zeros: the padding of an embedding
};

/// A named array that outlives a step. `name` is `block/node/variable` and is its identity.
struct Variable {
    std::string name;
    Role role = Role::Parameter;
    Initializer initializer;
    bool decays = true; ///< weight decay applies
    double rateFactor = 1.0; ///< multiplies the learning rate; 0: the parameter is frozen
};

/// A handle to one value of a graph: an input, a variable, or an output of an op. Cheap to copy;
/// lives as long as its graph. Default-constructed handles are empty and test false.
class Value {
public:
    struct Node {
        Graph* graph = nullptr;
        int id = 0;
        TensorType type;
        Op* producer = nullptr; ///< null for inputs and variables
        int outputIndex = 0;
        std::string name; ///< inputs: the feed's name
        const Variable* variable = nullptr;
    };

    Value() = default;
    explicit Value(Node* node) : m_node(node) {}

    explicit operator bool() const { return m_node != nullptr; }
    Graph& graph() const { return *m_node->graph; }
    int id() const { return m_node->id; }
    const TensorType& type() const { return m_node->type; }
    const Shape& shape() const { return m_node->type.shape; }
    DType dtype() const { return m_node->type.dtype; }
    Op* producer() const { return m_node->producer; }
    int outputIndex() const { return m_node->outputIndex; }
    const std::string& name() const { return m_node->name; }
    /// The variable behind this value, or nullptr.
    const Variable* variable() const { return m_node->variable; }
    bool isInput() const { return !producer() && !variable(); }

    friend bool operator==(const Value&, const Value&) = default;

private:
    Node* m_node = nullptr;
};

} // namespace weft
