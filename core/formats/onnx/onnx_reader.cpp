#include "core/formats/onnx/onnx_reader.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <onnx/onnx_pb.h>

#include "core/base/error.h"
#include "core/formats/onnx/onnx_operators.h"

namespace weft {

namespace {

DType elementType(int type, const std::string& name)
{
    switch (type) {
    case onnx::TensorProto::FLOAT: return DType::Float32;
    case onnx::TensorProto::DOUBLE: return DType::Float64;
    case onnx::TensorProto::UINT8: return DType::UInt8;
    case onnx::TensorProto::INT32: return DType::Int32;
    case onnx::TensorProto::INT64: return DType::Int64;
    default: throw Error(WEFT_TEXT("Formats", "The tensor %1 has the ONNX element type %2, which Weft does not read."), name, type);
    }
}

/// "N", "T" and multiples of them, as our exporter writes them.
Dim dimOf(const onnx::TensorShapeProto::Dimension& dim, const std::string& name)
{
    if (dim.has_dim_value())
        return dim.dim_value();
    for (const Dim& symbol : {Dim::batch(), Dim::time(), Dim::batch() * Dim::time()}) {
        if (dim.dim_param() == toString(symbol))
            return symbol;
    }
    throw Error(WEFT_TEXT("Formats", "The tensor %1 has a dimension \"%2\"; Weft knows only N, the batch, and T, the length of a sequence."), name,
                dim.dim_param());
}

class Reader {
public:
    explicit Reader(OnnxModel& model) : m_model(model) { m_model.graph = std::make_unique<Graph>(); }

    void read(const onnx::GraphProto& graph)
    {
        for (const onnx::TensorProto& tensor : graph.initializer())
            readWeights(tensor);
        for (const onnx::ValueInfoProto& input : graph.input())
            readInput(input);
        for (const onnx::NodeProto& node : graph.node())
            readNode(node);
        for (const onnx::ValueInfoProto& output : graph.output()) {
            m_model.outputs.push_back(value(output.name(), "graph"));
            m_model.outputNames.push_back(output.name());
        }
    }

private:
    void readWeights(const onnx::TensorProto& tensor)
    {
        const DType dtype = elementType(tensor.data_type(), tensor.name());
        std::vector<Dim> dims;
        std::int64_t count = 1;
        for (const std::int64_t extent : tensor.dims()) {
            dims.emplace_back(extent);
            count *= extent;
        }
        const std::string& raw = tensor.raw_data();
        if (count < 0 || raw.size() != static_cast<std::size_t>(count) * sizeOf(dtype))
            throw Error(WEFT_TEXT("Formats", "The weights %1 have %2 bytes, but their shape needs %3 elements of %4 bytes. The file is damaged."),
                        tensor.name(), raw.size(), count, sizeOf(dtype));
        if (dtype == DType::Int64) {
            // Axes and shapes: numbers that the graph is built from.
            std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
            std::memcpy(numbers.data(), raw.data(), raw.size());
            m_known[tensor.name()].list = std::move(numbers);
            return;
        }
        m_values[tensor.name()] = m_model.graph->variable(tensor.name(), Role::Parameter, {dtype, Shape(std::move(dims))}, {});
        const auto* bytes = reinterpret_cast<const std::byte*>(raw.data());
        m_model.weights[tensor.name()].assign(bytes, bytes + raw.size());
    }

    void readInput(const onnx::ValueInfoProto& input)
    {
        const auto& type = input.type().tensor_type();
        std::vector<Dim> dims;
        for (const auto& dim : type.shape().dim())
            dims.push_back(dimOf(dim, input.name()));
        m_values[input.name()] = m_model.graph->input(input.name(), {elementType(type.elem_type(), input.name()), Shape(std::move(dims))});
    }

    Value value(const std::string& name, const std::string& user) const
    {
        const auto it = m_values.find(name);
        if (it == m_values.end() || !it->second)
            throw Error(WEFT_TEXT("Formats", "The node %1 uses %2, which nothing before it computes. The file is damaged."), user, name);
        return it->second;
    }

    void readNode(const onnx::NodeProto& node)
    {
        OnnxOperator op{node.op_type(), node.name(), {}, {}};
        for (const std::string& input : node.input()) {
            const auto known = m_known.find(input);
            op.inputs.push_back(known != m_known.end() ? known->second : OnnxOperand{value(input, node.name()), {}, {}});
        }
        for (const onnx::AttributeProto& attribute : node.attribute()) {
            switch (attribute.type()) {
            case onnx::AttributeProto::INT: op.attributes.set(attribute.name(), std::int64_t(attribute.i())); break;
            case onnx::AttributeProto::FLOAT: op.attributes.set(attribute.name(), static_cast<double>(attribute.f())); break;
            case onnx::AttributeProto::INTS:
                op.attributes.set(attribute.name(), std::vector<std::int64_t>(attribute.ints().begin(), attribute.ints().end()));
                break;
            default: op.attributes.set(attribute.name(), attribute.s()); break;
            }
        }
        const std::vector<OnnxOperand> results = buildOnnxOperator(op);
        for (int i = 0; i < std::min(node.output_size(), static_cast<int>(results.size())); ++i) {
            const OnnxOperand& result = results[static_cast<std::size_t>(i)];
            if (result.value)
                m_values[node.output(i)] = result.value;
            else
                m_known[node.output(i)] = result;
        }
    }

    OnnxModel& m_model;
    std::map<std::string, Value> m_values;
    std::map<std::string, OnnxOperand> m_known; ///< lists and extents
};

} // namespace

OnnxModel readOnnx(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(WEFT_TEXT("Formats", "The file %1 cannot be opened."), path);
    onnx::ModelProto proto;
    if (!proto.ParseFromIstream(&file) || !proto.has_graph())
        throw Error(WEFT_TEXT("Formats", "The file %1 is no ONNX model, or it is damaged."), path);
    for (const auto& operators : proto.opset_import()) {
        if (operators.domain().empty() && (operators.version() < 13 || operators.version() > 17))
            throw Error(WEFT_TEXT("Formats", "The file %1 uses version %2 of ONNX's operators; Weft reads 13 to 17."), path, operators.version());
    }
    OnnxModel model;
    Reader(model).read(proto.graph());
    return model;
}

} // namespace weft
