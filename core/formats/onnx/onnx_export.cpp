#include "core/formats/onnx/onnx_export.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <QJsonArray>
#include <QJsonDocument>

#include <onnx/onnx_pb.h>

#include "core/base/error.h"
#include "core/network/lowering.h"
#include "core/ops/support/onnx_form.h"
#include "core/training/safe_file.h"
#include "core/training/variables.h"
#include "core/version.h"

namespace weft {

namespace {

constexpr int opset = 17;
constexpr int irVersion = 8;

template <class T> void appendRaw(std::string& bytes, double value)
{
    const T number = static_cast<T>(value);
    bytes.append(reinterpret_cast<const char*>(&number), sizeof(T));
}

std::string rawData(const OnnxConstant& constant)
{
    std::string bytes;
    for (const double value : constant.values) {
        switch (constant.dtype) {
        case DType::Int64: appendRaw<std::int64_t>(bytes, value); break;
        case DType::Int32: appendRaw<std::int32_t>(bytes, value); break;
        case DType::UInt8: appendRaw<std::uint8_t>(bytes, value); break;
        case DType::Float64: appendRaw<double>(bytes, value); break;
        default: appendRaw<float>(bytes, value); break;
        }
    }
    return bytes;
}

void describeTensor(onnx::ValueInfoProto& info, const std::string& name, const TensorType& type)
{
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(static_cast<int>(onnxType(type.dtype)));
    auto& shape = *tensor.mutable_shape();
    for (const Dim& dim : type.shape) {
        if (dim.isFixed())
            shape.add_dim()->set_dim_value(dim.factor);
        else
            shape.add_dim()->set_dim_param(toString(dim));
    }
}

/// The values of an attribute in the field that ONNX has for its type.
struct AttributeWriter {
    onnx::AttributeProto& to;

    void operator()(bool value) const { (*this)(std::int64_t(value)); }
    void operator()(std::int64_t value) const
    {
        to.set_type(onnx::AttributeProto::INT);
        to.set_i(value);
    }
    void operator()(double value) const
    {
        to.set_type(onnx::AttributeProto::FLOAT);
        to.set_f(static_cast<float>(value));
    }
    void operator()(const std::string& value) const
    {
        to.set_type(onnx::AttributeProto::STRING);
        to.set_s(value);
    }
    void operator()(const std::vector<std::int64_t>& values) const
    {
        to.set_type(onnx::AttributeProto::INTS);
        to.mutable_ints()->Add(values.begin(), values.end());
    }
    void operator()(const std::vector<double>& values) const
    {
        to.set_type(onnx::AttributeProto::FLOATS);
        for (const double value : values)
            to.add_floats(static_cast<float>(value));
    }
};

/// Writes one lowered network into a GraphProto, in program order.
class GraphWriter {
public:
    GraphWriter(onnx::GraphProto& to, const TensorFile& checkpoint) : m_to(to), m_checkpoint(checkpoint) {}

    void write(Lowered& lowered)
    {
        std::vector<Value> kept;
        for (const LoweredOutput& output : lowered.outputs)
            kept.push_back(output.value);
        lowered.graph->removeUnused(kept);
        std::set<int> used;
        for (const auto& op : lowered.graph->ops()) {
            for (const Value& input : op->inputs())
                used.insert(input.id());
        }
        for (const Value& value : kept)
            used.insert(value.id());
        for (const LoweredFeed& feed : lowered.feeds) {
            if (!used.count(feed.value.id()))
                continue;
            describeTensor(*m_to.add_input(), nameValue(feed.value, feed.column), feed.value.type());
            for (int axis = 0; axis < feed.value.shape().rank() && m_sequence.empty(); ++axis) {
                if (feed.value.shape()[axis] == Dim::time()) {
                    m_sequence = feed.column;
                    m_timeAxis = axis;
                }
            }
        }
        for (const Value& variable : lowered.graph->variables()) {
            if (used.count(variable.id()))
                addWeights(variable);
        }
        nameOutputs(lowered.outputs);
        for (const auto& op : lowered.graph->ops())
            addOp(*op);
        writeOutputs(lowered.outputs);
    }

private:
    /// `wish`, or with a number behind it when the name is taken.
    std::string freshName(const std::string& wish)
    {
        std::string name = wish;
        for (int i = 2; !m_names.insert(name).second; ++i)
            name = wish + "_" + std::to_string(i);
        return name;
    }

    std::string nameValue(const Value& value, const std::string& wish) { return m_nameOf[value.id()] = freshName(wish); }

    const std::string& nameOf(const Value& value)
    {
        const auto it = m_nameOf.find(value.id());
        if (it != m_nameOf.end())
            return it->second;
        const Op& op = *value.producer();
        nameValue(value, (op.node().empty() ? "" : op.node() + "/") + op.spec().name);
        return m_nameOf[value.id()];
    }

    void addWeights(const Value& variable)
    {
        const std::string key = checkpointKey(variable.name(), variable.variable()->role);
        const auto it = m_checkpoint.tensors.find(key);
        const Extents extents = variable.shape().at(1);
        if (it == m_checkpoint.tensors.end())
            throw Error(WEFT_TEXT("Formats", "The checkpoint has no %1. It belongs to another network."), key);
        if (it->second.extents != extents || it->second.dtype != variable.dtype())
            throw Error(WEFT_TEXT("Formats", "The checkpoint's %1 is %2 %3, but the network needs %4 %5. It belongs to another network."), key,
                        weft::nameOf(it->second.dtype), toString(it->second.extents), weft::nameOf(variable.dtype()), toString(extents));
        onnx::TensorProto& tensor = *m_to.add_initializer();
        tensor.set_name(nameValue(variable, variable.name()));
        tensor.set_data_type(static_cast<int>(onnxType(variable.dtype())));
        tensor.mutable_dims()->Add(extents.begin(), extents.end());
        tensor.set_raw_data(it->second.bytes.data(), it->second.bytes.size());
    }

    /// Outputs computed by an op carry their own name from the start.
    void nameOutputs(const std::vector<LoweredOutput>& outputs)
    {
        for (const LoweredOutput& output : outputs) {
            if (!m_nameOf.count(output.value.id()))
                nameValue(output.value, output.name);
        }
    }

    void writeOutputs(const std::vector<LoweredOutput>& outputs)
    {
        std::set<int> written;
        for (const LoweredOutput& output : outputs) {
            std::string name = nameOf(output.value);
            // An input, a weight or a value that is an output already needs a node to become one.
            if (!output.value.producer() || !written.insert(output.value.id()).second) {
                onnx::NodeProto& node = *m_to.add_node();
                node.set_op_type("Identity");
                node.add_input(name);
                name = freshName(output.name);
                node.set_name(name);
                node.add_output(name);
            }
            describeTensor(*m_to.add_output(), name, output.value.type());
        }
    }

    void addConstant(const std::string& name, const OnnxConstant& constant)
    {
        onnx::TensorProto& tensor = *m_to.add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(static_cast<int>(onnxType(constant.dtype)));
        tensor.mutable_dims()->Add(constant.dims.begin(), constant.dims.end());
        tensor.set_raw_data(rawData(constant));
    }

    /// The name of the number of steps, which is found in the shape of an input.
    const std::string& steps()
    {
        if (!m_steps.empty())
            return m_steps;
        if (m_sequence.empty())
            throw Error(WEFT_TEXT("Formats", "No input of the network is a sequence, so that its number of steps cannot be written as ONNX."));
        const auto add = [&](const char* type, const std::vector<std::string>& inputs, const std::string& output) {
            onnx::NodeProto& node = *m_to.add_node();
            node.set_op_type(type);
            node.set_name(output);
            for (const std::string& input : inputs)
                node.add_input(input);
            node.add_output(output);
        };
        const std::string axis = freshName("steps/axis"), shape = freshName("steps/shape");
        addConstant(axis, {DType::Int64, {}, {static_cast<double>(m_timeAxis)}});
        m_steps = freshName("steps");
        add("Shape", {m_sequence}, shape);
        add("Gather", {shape, axis}, m_steps);
        return m_steps;
    }

    OnnxForm formOf(const Op& op) const
    {
        if (!op.spec().onnx && op.node().empty())
            throw Error(WEFT_TEXT("Formats", "The operation %1 has no form in ONNX, so this network cannot be exported."), op.spec().name);
        if (!op.spec().onnx)
            throw Error(WEFT_TEXT("Formats", "The operation %1 of layer %2 has no form in ONNX, so this network cannot be exported."), op.spec().name,
                        op.node());
        return op.spec().onnx(op);
    }

    void addOp(const Op& op)
    {
        const OnnxForm form = formOf(op);
        const std::string prefix = nameOf(op.output());
        std::map<std::string, std::string> names;
        for (std::size_t i = 0; i < op.inputs().size(); ++i)
            names["x" + std::to_string(i)] = nameOf(op.inputs()[i]);
        for (std::size_t i = 0; i < op.outputs().size(); ++i)
            names["y" + std::to_string(i)] = nameOf(op.outputs()[i]);
        for (const auto& [local, constant] : form.constants) {
            names[local] = freshName(prefix + "/" + local);
            addConstant(names[local], constant);
        }
        for (const OnnxNode& node : form.nodes) {
            if (std::find(node.inputs.begin(), node.inputs.end(), "T") != node.inputs.end())
                names["T"] = steps();
        }
        const auto global = [&](const std::string& local) {
            auto [it, isNew] = names.try_emplace(local);
            if (isNew)
                it->second = freshName(prefix + "/" + local);
            return it->second;
        };
        for (const OnnxNode& from : form.nodes) {
            onnx::NodeProto& node = *m_to.add_node();
            node.set_op_type(from.type);
            for (const std::string& input : from.inputs)
                node.add_input(global(input));
            for (const std::string& output : from.outputs)
                node.add_output(global(output));
            node.set_name(node.output(0));
            for (const auto& [key, attribute] : from.attributes.entries()) {
                onnx::AttributeProto& to = *node.add_attribute();
                to.set_name(key);
                std::visit(AttributeWriter{to}, attribute);
            }
        }
    }

    onnx::GraphProto& m_to;
    const TensorFile& m_checkpoint;
    std::string m_sequence; ///< an input whose axis m_timeAxis has T steps; empty: none
    int m_timeAxis = 0;
    std::string m_steps; ///< the name of the node that counts them; empty: not written yet
    std::map<int, std::string> m_nameOf;
    std::set<std::string> m_names;
};

} // namespace

std::string onnxModel(const Network& network, const TensorFile& checkpoint, const std::vector<std::string>& classNames)
{
    Lowered lowered = lower(network, {Mode::Infer, false});
    onnx::ModelProto model;
    model.set_ir_version(irVersion);
    model.set_producer_name("weft");
    model.set_producer_version(versionText());
    onnx::OperatorSetIdProto& operators = *model.add_opset_import();
    operators.set_domain("");
    operators.set_version(opset);
    model.mutable_graph()->set_name("weft");
    GraphWriter(*model.mutable_graph(), checkpoint).write(lowered);
    if (!classNames.empty()) {
        QJsonArray names;
        for (const std::string& name : classNames)
            names.append(QString::fromStdString(name));
        onnx::StringStringEntryProto& entry = *model.add_metadata_props();
        entry.set_key("class_names");
        entry.set_value(QJsonDocument(names).toJson(QJsonDocument::Compact).toStdString());
    }
    if (model.ByteSizeLong() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        throw Error(WEFT_TEXT("Formats", "The network is larger than the 2 GB that one ONNX file can hold."));
    return model.SerializeAsString();
}

void exportOnnx(const Network& network, const TensorFile& checkpoint, const std::vector<std::string>& classNames, const std::string& path)
{
    const std::string model = onnxModel(network, checkpoint, classNames);
    SafeFile file(path);
    file.write(model);
    file.commit();
}

} // namespace weft
