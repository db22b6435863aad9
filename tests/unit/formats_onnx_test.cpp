#include <filesystem>
#include <fstream>
#include <set>

#include <QTemporaryDir>
#include <QtTest>

#include <onnx/onnx_pb.h>

#include "core/base/error.h"
#include "core/engine/session.h"
#include "core/formats/export_formats.h"
#include "core/formats/onnx/onnx_check.h"
#include "core/formats/onnx/onnx_export.h"
#include "core/formats/onnx/onnx_reader.h"
#include "core/layers/layer_spec.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/training/variables.h"

using namespace weft;

namespace {

Network networkOf(const std::string& nodes, const std::string& wires)
{
    return parseProject(R"({"weft": 1, "id": "test", "data": {"source": "fashion-mnist"}, "nodes": [)" + nodes + R"(], "wires": [)" + wires + "]}",
                        "test.weft")
        .network;
}

/// A chain of layers: each node's y is wired to the next node's x.
Network chain(const std::vector<std::pair<std::string, std::string>>& layers)
{
    std::string nodes, wires;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string id = "n" + std::to_string(i), before = "n" + std::to_string(i - 1);
        nodes += (i ? ", " : "") + std::string(R"({"id": ")") + id + R"(", "name": ")" + id + R"(", "type": ")" + layers[i].first + R"(", "params": )"
            + layers[i].second + "}";
        const std::string port = "." + (i ? findLayer(layers[i].first)->inputs()[0].name : "");
        if (i)
            wires += (i > 1 ? ", [\"" : "[\"") + before + ".y\", \"" + id + port + "\"]";
    }
    return networkOf(nodes, wires);
}

Network imageNetwork()
{
    return chain({{"Input", R"({"kind": "image", "column": "image", "shape": [3, 9, 8]})"},
                  {"Normalize", R"({"mean": [0.5, 0.4, 0.3], "std": [0.2, 0.25, 0.3]})"},
                  {"Conv2D", R"({"filters": 6, "kernelSize": [3, 3], "padding": "same"})"},
                  {"BatchNorm", "{}"},
                  {"ReLU", "{}"},
                  {"MaxPool2D", "{}"},
                  {"Conv2D", R"({"filters": 4, "kernelSize": [2, 2], "groups": 2, "useBias": false})"},
                  {"Sigmoid", "{}"},
                  {"AveragePool2D", R"({"kernelSize": [2, 2], "stride": [1, 1]})"},
                  {"Flatten", "{}"},
                  {"Dropout", "{}"},
                  {"Dense", R"({"units": 7})"},
                  {"Tanh", "{}"},
                  {"Dense", R"({"units": 5})"},
                  {"CrossEntropy", R"({"target": "label"})"}});
}

Network branchingNetwork()
{
    return networkOf(R"({"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [6]}},
                        {"id": "a", "name": "a", "type": "Dense", "params": {"units": 6}},
                        {"id": "sum", "name": "sum", "type": "Add", "params": {}},
                        {"id": "both", "name": "both", "type": "Concat", "params": {}},
                        {"id": "soft", "name": "soft", "type": "Softmax", "params": {}},
                        {"id": "norm", "name": "norm", "type": "Normalize", "params": {"mean": [1], "std": [2]}},
                        {"id": "out", "name": "out", "type": "Dense", "params": {"units": 1}},
                        {"id": "loss", "name": "loss", "type": "MeanSquaredError", "params": {"target": "label"}})",
                     R"(["in.y", "norm.x"], ["norm.y", "a.x"], ["norm.y", "sum.x"], ["a.y", "sum.x"], ["sum.y", "both.x"], ["a.y", "soft.x"],
                        ["soft.y", "both.x"], ["both.y", "out.x"], ["out.y", "loss.prediction"])");
}

Network normalizedNetwork()
{
    return chain({{"Input", R"({"kind": "image", "column": "image", "shape": [4, 8, 8]})"},
                  {"InstanceNorm", R"({"affine": true})"},
                  {"LeakyReLU", "{}"},
                  {"GroupNorm", R"({"groups": 2})"},
                  {"PReLU", "{}"},
                  {"SpatialDropout2D", "{}"},
                  {"UpSample2D", R"({"size": [2, 1]})"},
                  {"HardSwish", "{}"},
                  {"ClippedReLU", R"({"maximum": 0.7})"},
                  {"Permute", R"({"order": [2, 1, 3]})"},
                  {"GlobalAveragePool2D", "{}"},
                  {"LayerNorm", "{}"},
                  {"Dense", R"({"units": 12})"},
                  {"GELU", "{}"},
                  {"Reshape", R"({"shape": [3, 2, 2]})"},
                  {"Mish", "{}"},
                  {"SELU", "{}"},
                  {"GlobalMaxPool2D", "{}"},
                  {"RMSNorm", "{}"},
                  {"Dense", R"({"units": 5})"},
                  {"CrossEntropy", R"({"target": "label"})"}});
}

Network mergingNetwork()
{
    return networkOf(R"({"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [6]}},
                        {"id": "a", "name": "a", "type": "ELU", "params": {"alpha": 0.5}},
                        {"id": "b", "name": "b", "type": "Softplus", "params": {}},
                        {"id": "c", "name": "c", "type": "SiLU", "params": {}},
                        {"id": "less", "name": "less", "type": "Subtract", "params": {}},
                        {"id": "times", "name": "times", "type": "Multiply", "params": {}},
                        {"id": "most", "name": "most", "type": "Maximum", "params": {}},
                        {"id": "mean", "name": "mean", "type": "Average", "params": {}},
                        {"id": "out", "name": "out", "type": "Dense", "params": {"units": 1}},
                        {"id": "loss", "name": "loss", "type": "MeanSquaredError", "params": {"target": "label"}})",
                     R"(["in.y", "a.x"], ["in.y", "b.x"], ["in.y", "c.x"], ["a.y", "less.a"], ["b.y", "less.b"], ["less.y", "times.x"],
                        ["c.y", "times.x"], ["times.y", "most.x"], ["a.y", "most.x"], ["most.y", "mean.x"], ["b.y", "mean.x"], ["c.y", "mean.x"],
                        ["mean.y", "out.x"], ["out.y", "loss.prediction"])");
}

/// One network that ends in several losses, which gives as many outputs.
Network lossesNetwork()
{
    std::string nodes = R"({"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [5]}})";
    std::string wires;
    for (const char* type : {"BinaryCrossEntropy", "Focal", "Hinge", "MeanAbsoluteError", "Huber", "KLDivergence", "CosineSimilarity"}) {
        const std::string loss = type, dense = "before" + loss, params = loss == "BinaryCrossEntropy" ? R"({"labels": "numbers"})" : "{}";
        nodes += R"(, {"id": ")" + dense + R"(", "name": ")" + dense + R"(", "type": "Dense", "params": {"units": 5}})";
        nodes += R"(, {"id": ")" + loss + R"(", "name": ")" + loss + R"(", "type": ")" + loss + R"(", "params": )" + params + "}";
        wires += std::string(wires.empty() ? "" : ", ") + R"(["in.y", ")" + dense + R"(.x"], [")" + dense + R"(.y", ")" + loss + R"(.prediction"])";
        if (loss != "Focal" && loss != "Hinge")
            wires += R"(, ["in.y", ")" + loss + R"(.target"])";
    }
    return networkOf(nodes, wires);
}

Network convolutionsNetwork()
{
    return chain({{"Input", R"({"kind": "image", "column": "image", "shape": [4, 8, 9]})"},
                  {"ZeroPadding2D", R"({"pad": [1, 0, 2, 1]})"},
                  {"DepthwiseConv2D", R"({"multiplier": 2})"},
                  {"LocalResponseNorm", R"({"size": 3, "alpha": 0.5})"},
                  {"SeparableConv2D", R"({"filters": 6, "padding": "same"})"},
                  {"GaussianNoise", "{}"},
                  {"Conv2DTranspose",
                   R"({"filters": 4, "kernelSize": [3, 2], "stride": [2, 3], "padding": "explicit", "pad": [1, 0], "outputPadding": [1, 2],
                       "dilation": [2, 1], "groups": 2})"},
                  {"Cropping2D", R"({"crop": [3, 2, 1, 1]})"},
                  {"UpSample2D", R"({"mode": "bilinear", "size": [2, 3]})"},
                  {"Slice", R"({"axis": -1, "begin": 4, "length": 20})"},
                  {"AdaptiveAveragePool2D", R"({"size": [2, 5]})"},
                  {"Reshape", R"({"shape": [10, 4]})"},
                  {"Conv1D", R"({"filters": 6, "padding": "same", "dilation": 2, "groups": 2})"},
                  {"MaxPool1D", R"({"kernelSize": 3, "stride": 1})"},
                  {"AveragePool1D", R"({"kernelSize": 3, "padding": "explicit", "pad": 1, "countPadding": false})"},
                  {"Flatten", "{}"},
                  {"Dense", R"({"units": 5})"},
                  {"CrossEntropy", R"({"target": "label", "labelSmoothing": 0.1})"}});
}

Network vectorsNetwork()
{
    return networkOf(R"({"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [6]}},
                        {"id": "a", "name": "a", "type": "Repeat", "params": {"times": 3}},
                        {"id": "b", "name": "b", "type": "Dense", "params": {"units": 6}},
                        {"id": "dot", "name": "dot", "type": "Dot", "params": {"normalize": true}},
                        {"id": "plain", "name": "plain", "type": "Dot", "params": {}},
                        {"id": "sum", "name": "sum", "type": "Add", "params": {}},
                        {"id": "flat", "name": "flat", "type": "Flatten", "params": {}},
                        {"id": "out", "name": "out", "type": "Dense", "params": {"units": 1}},
                        {"id": "loss", "name": "loss", "type": "Huber", "params": {"target": "label"}})",
                     R"(["in.y", "a.x"], ["a.y", "b.x"], ["a.y", "dot.a"], ["b.y", "dot.b"], ["a.y", "plain.a"], ["b.y", "plain.b"],
                        ["dot.y", "sum.x"], ["plain.y", "sum.x"], ["sum.y", "flat.x"], ["flat.y", "out.x"], ["out.y", "loss.prediction"])");
}

Network samplingNetwork()
{
    return networkOf(R"({"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [6]}},
                        {"id": "mean", "name": "mean", "type": "Dense", "params": {"units": 3}},
                        {"id": "spread", "name": "spread", "type": "Dense", "params": {"units": 3}},
                        {"id": "code", "name": "code", "type": "Sampling", "params": {}},
                        {"id": "out", "name": "out", "type": "Dense", "params": {"units": 6}},
                        {"id": "near", "name": "near", "type": "GaussianKL", "params": {}},
                        {"id": "loss", "name": "loss", "type": "MeanSquaredError", "params": {}})",
                     R"(["in.y", "mean.x"], ["in.y", "spread.x"], ["mean.y", "code.mean"], ["spread.y", "code.logVariance"], ["mean.y", "near.mean"],
                        ["spread.y", "near.logVariance"], ["code.y", "out.x"], ["out.y", "loss.prediction"], ["in.y", "loss.target"])");
}

/// Texts of variable length through every layer for sequences.
Network sequencesNetwork()
{
    return chain({{"Input", R"({"kind": "tokens", "column": "text", "shape": [24], "variableLength": true})"},
                  {"Embedding", R"({"vocabulary": 11, "dimension": 8})"},
                  {"PositionalEncoding", "{}"},
                  {"TransformerEncoder", R"({"heads": 2, "feedForward": 12, "numLayers": 2, "causal": true})"},
                  {"LSTM", R"({"units": 5, "numLayers": 2, "bidirectional": true, "returnSequence": true})"},
                  {"GRU", R"({"units": 6, "bidirectional": true, "returnSequence": true})"},
                  {"SimpleRNN", R"({"units": 4, "returnSequence": true})"},
                  {"MaxOverTime", "{}"},
                  {"Dense", R"({"units": 5})"},
                  {"CrossEntropy", R"({"target": "label"})"}});
}

/// Two sequences, one of them of variable length, that attend to each other.
Network attentionNetwork()
{
    return networkOf(R"({"id": "text", "name": "text", "type": "Input",
                         "params": {"kind": "tokens", "column": "text", "shape": [20], "variableLength": true}},
                        {"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "series", "shape": [7, 6]}},
                        {"id": "embed", "name": "embed", "type": "Embedding", "params": {"vocabulary": 9, "dimension": 6}},
                        {"id": "place", "name": "place", "type": "PositionalEncoding", "params": {"kind": "learned", "maxLength": 30}},
                        {"id": "many", "name": "many", "type": "MultiHeadAttention", "params": {"heads": 3}},
                        {"id": "dot", "name": "dot", "type": "ScaledDotProductAttention", "params": {"causal": true}},
                        {"id": "decode", "name": "decode", "type": "TransformerDecoder",
                         "params": {"heads": 2, "feedForward": 10, "normFirst": true, "activation": "gelu"}},
                        {"id": "last", "name": "last", "type": "LSTM", "params": {"units": 3}},
                        {"id": "mean", "name": "mean", "type": "MeanOverTime", "params": {}},
                        {"id": "both", "name": "both", "type": "Concat", "params": {}},
                        {"id": "out", "name": "out", "type": "Dense", "params": {"units": 5}},
                        {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}})",
                     R"(["text.y", "embed.x"], ["embed.y", "place.x"], ["place.y", "many.query"], ["in.y", "dot.query"], ["in.y", "dot.key"],
                        ["in.y", "dot.value"], ["dot.y", "decode.x"], ["many.y", "decode.memory"], ["many.y", "last.x"], ["decode.y", "mean.x"],
                        ["last.y", "both.x"], ["mean.y", "both.x"], ["both.y", "out.x"], ["out.y", "loss.prediction"])");
}

/// Volumes, parts that overlap, and a learned step before the others.
Network volumesNetwork()
{
    return chain({{"Input", R"({"kind": "numbers", "column": "features", "shape": [2, 5, 6, 7]})"},
                  {"Conv3D", R"({"filters": 4, "kernelSize": [2, 3, 2], "padding": "same", "groups": 2})"},
                  {"MaxPool3D", R"({"kernelSize": [2, 2, 2], "stride": [1, 1, 2], "ceilMode": true})"},
                  {"AveragePool3D", R"({"stride": [2, 1, 1], "padding": "explicit", "pad": [1, 0, 1], "ceilMode": true})"},
                  {"Reshape", R"({"shape": [3, 8, 10]})"},
                  {"AdaptiveMaxPool2D", R"({"size": [5, 7]})"},
                  {"AdaptiveAveragePool2D", R"({"size": [3, 4]})"},
                  {"Reshape", R"({"shape": [4, 9]})"},
                  {"ClassToken", "{}"},
                  {"Reshape", R"({"shape": [3, 3, 5, 1]})"},
                  {"GlobalAveragePool3D", "{}"},
                  {"Dense", R"({"units": 8})"},
                  {"Reshape", R"({"shape": [2, 2, 2, 1]})"},
                  {"GlobalMaxPool3D", "{}"},
                  {"Dense", R"({"units": 5})"},
                  {"CrossEntropy", R"({"target": "label"})"}});
}

/// Three branches with the weights of the first.
Network tripletNetwork()
{
    return networkOf(R"({"id": "in", "name": "in", "type": "Input", "params": {"kind": "numbers", "column": "features", "shape": [6]}},
                        {"id": "a", "name": "a", "type": "Dense", "params": {"units": 3}},
                        {"id": "tanh", "name": "tanh", "type": "Tanh", "params": {}},
                        {"id": "p", "name": "p", "type": "Dense", "params": {"units": 3}, "sharesWith": "a"},
                        {"id": "relu", "name": "relu", "type": "ReLU", "params": {}},
                        {"id": "n", "name": "n", "type": "Dense", "params": {"units": 3}, "sharesWith": "a"},
                        {"id": "loss", "name": "loss", "type": "Triplet", "params": {}})",
                     R"(["in.y", "a.x"], ["in.y", "tanh.x"], ["tanh.y", "p.x"], ["in.y", "relu.x"], ["relu.y", "n.x"], ["a.y", "loss.anchor"],
                        ["p.y", "loss.positive"], ["n.y", "loss.negative"])");
}

std::vector<Network> networks()
{
    return {imageNetwork(),   branchingNetwork(), normalizedNetwork(), mergingNetwork(),  lossesNetwork(),  convolutionsNetwork(),
            vectorsNetwork(), sequencesNetwork(), attentionNetwork(),  samplingNetwork(), volumesNetwork(), tripletNetwork()};
}

/// What training would have left: variables as the seed initialises them, running statistics moved.
TensorFile weightsOf(const Network& network)
{
    const Lowered lowered = lower(network, {Mode::Infer, false});
    SessionOptions options;
    options.device = DeviceKind::Reference;
    options.seed = 3;
    Session session(options);
    session.addVariables(*lowered.graph);
    TensorFile file;
    saveVariables(session, file);
    for (auto& [key, tensor] : file.tensors) {
        auto* numbers = reinterpret_cast<float*>(tensor.bytes.data());
        for (std::int64_t i = 0; i < elementCount(tensor.extents); ++i)
            numbers[i] += 0.05f * static_cast<float>(i % 7);
    }
    return file;
}

onnx::ModelProto parsed(const std::string& path)
{
    onnx::ModelProto model;
    std::ifstream file(path, std::ios::binary);
    model.ParseFromIstream(&file);
    return model;
}

template <class Act> std::string errorOf(Act act)
{
    try {
        act();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class FormatsOnnxTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_path = m_dir->filePath("model.onnx").toStdString();
    }

    void exportedNetworksGiveTheSameNumbers()
    {
        for (const Network& network : networks()) {
            const TensorFile weights = weightsOf(network);
            exportOnnx(network, weights, {}, m_path);
            const VerifyReport report = verifyOnnx(network, weights, m_path);
            QCOMPARE(report.samples, 16);
            QVERIFY2(report.hasPassed(), qPrintable(QString::number(report.largestDifference)));
        }
    }

    void theseTestsCoverEveryLayer()
    {
        std::set<std::string> covered;
        for (const Network& network : networks()) {
            for (const Node& node : network.nodes)
                covered.insert(node.type);
        }
        for (const LayerSpec& layer : layerCatalogue())
            QVERIFY2(covered.count(layer.type()), layer.type().c_str());
    }

    void headSaysWhatTheModelTakesAndGives()
    {
        const Network network = imageNetwork();
        exportOnnx(network, weightsOf(network), {"Hose", "Mütze", "鞋", "\"quoted\"", "e"}, m_path);
        const onnx::ModelProto model = parsed(m_path);
        QCOMPARE(model.ir_version(), 8);
        QCOMPARE(model.opset_import(0).version(), 17);
        QCOMPARE(model.graph().input_size(), 1);
        const auto& input = model.graph().input(0);
        QCOMPARE(input.name(), std::string("image"));
        QCOMPARE(input.type().tensor_type().elem_type(), int(onnx::TensorProto::UINT8));
        QCOMPARE(input.type().tensor_type().shape().dim(0).dim_param(), std::string("N"));
        QCOMPARE(input.type().tensor_type().shape().dim(1).dim_value(), 3);
        QCOMPARE(model.graph().output_size(), 1);
        QCOMPARE(model.graph().output(0).type().tensor_type().shape().dim(1).dim_value(), 5);
        QCOMPARE(model.graph().node(model.graph().node_size() - 1).op_type(), std::string("Softmax"));
        QCOMPARE(model.metadata_props(0).key(), std::string("class_names"));
        QCOMPARE(model.metadata_props(0).value(), std::string("[\"Hose\",\"Mütze\",\"鞋\",\"\\\"quoted\\\"\",\"e\"]"));
    }

    void aChangedWeightIsNoticed()
    {
        const Network network = branchingNetwork();
        const TensorFile weights = weightsOf(network);
        TensorFile others = weights;
        reinterpret_cast<float*>(others.tensors.begin()->second.bytes.data())[0] += 0.5f;
        exportOnnx(network, others, {}, m_path);
        QVERIFY(!verifyOnnx(network, weights, m_path).hasPassed());
    }

    void aCheckpointOfAnotherNetworkIsRefused()
    {
        const Network network = branchingNetwork();
        QVERIFY(errorOf([&] { exportOnnx(network, weightsOf(imageNetwork()), {}, m_path); }).find("belongs to another network") != std::string::npos);
        TensorFile weights = weightsOf(network);
        weights.tensors.begin()->second.extents.push_back(1);
        QVERIFY(errorOf([&] { exportOnnx(network, weights, {}, m_path); }).find("belongs to another network") != std::string::npos);
        QVERIFY(!std::filesystem::exists(m_path));
    }

    void damagedFilesAreRefused()
    {
        const Network network = branchingNetwork();
        const std::string model = onnxModel(network, weightsOf(network), {});
        for (std::size_t length = 0; length < model.size(); length += 13) {
            std::ofstream(m_path, std::ios::binary | std::ios::trunc).write(model.data(), static_cast<std::streamsize>(length));
            QVERIFY2(!errorOf([&] {
                          checkOnnx(m_path);
                          readOnnx(m_path);
                      }).empty(),
                     std::to_string(length).c_str());
        }
        QVERIFY(!errorOf([&] { readOnnx("/no/such/file.onnx"); }).empty());
    }

    void operatorsThatAreNotKnownAreNamed()
    {
        const Network network = branchingNetwork();
        onnx::ModelProto model;
        model.ParseFromString(onnxModel(network, weightsOf(network), {}));
        model.mutable_graph()->mutable_node(0)->set_op_type("Einsum");
        std::ofstream file(m_path, std::ios::binary);
        model.SerializeToOstream(&file);
        file.close();
        QVERIFY(errorOf([&] { readOnnx(m_path); }).find("Einsum") != std::string::npos);
    }

    void theCheckerRefusesWhatOnnxForbids()
    {
        const Network network = branchingNetwork();
        onnx::ModelProto model;
        model.ParseFromString(onnxModel(network, weightsOf(network), {}));
        model.mutable_graph()->mutable_node(0)->add_attribute()->set_name("unheardOf");
        std::ofstream file(m_path, std::ios::binary);
        model.SerializeToOstream(&file);
        file.close();
        QVERIFY(errorOf([&] { checkOnnx(m_path); }).find("ONNX's checker refuses") != std::string::npos);
    }

    void unknownFormatsListTheKnownOnes()
    {
        QCOMPARE(errorOf([] { exportFormat("onx"); }), std::string("There is no export format \"onx\". Did you mean onnx? Known formats: onnx."));
        QCOMPARE(errorOf([] { exportFormat("coreml"); }), std::string("There is no export format \"coreml\". Known formats: onnx."));
        QCOMPARE(std::string(exportFormat("onnx").extension), std::string(".onnx"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_path;
};

QTEST_GUILESS_MAIN(FormatsOnnxTest)
#include "formats_onnx_test.moc"
