#include <algorithm>
#include <cmath>

#include <QtTest>

#include "core/base/random.h"
#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/binary/binary.h"
#include "core/ops/conv/conv.h"
#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/ops/fused/fused.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/pool/pool.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

using namespace weft;

namespace {

/// Two convolutions, one with the relu before and one with it behind its pooling, and two products.
struct SmallNet {
    Graph graph;
    Value x = graph.input("x", {DType::Float32, {Dim::batch(), 1, 12, 12}});
    Value target = graph.input("target", {DType::Int32, {Dim::batch()}});
    std::vector<Value> parameters;
    Value activation;
    Value logits;
    Value loss;
    std::vector<Value> gradients;

    SmallNet()
    {
        activation = relu(conv(x, parameter("k1", {6, 1, 3, 3}), parameter("b1", {6})));
        const Value first = maxPool(activation, {});
        const Value second = relu(maxPool(conv(first, parameter("k2", {8, 6, 2, 2}), parameter("b2", {8})), {}));
        const Value flat = reshape(second, {Dim::batch(), 8 * 2 * 2});
        const Value hidden = relu(add(matmul(flat, parameter("k3", {32, 16})), parameter("b3", {16})));
        logits = add(matmul(hidden, parameter("k4", {16, 5})), parameter("b4", {5}));
        loss = reduceMean(softmaxCrossEntropy(logits, target), {});
        gradients = differentiate(loss, parameters);
    }

private:
    Value parameter(const std::string& name, const Shape& shape)
    {
        const Initializer init{Initializer::Kind::Uniform, -0.5, 0.5, 0, 0};
        parameters.push_back(graph.variable(name, Role::Parameter, {DType::Float32, shape}, init));
        return parameters.back();
    }
};

struct Results {
    std::vector<std::vector<float>> values;
    std::vector<std::string> ops;
    bool has(const std::string& op) const { return std::find(ops.begin(), ops.end(), op) != ops.end(); }
};

Results evaluate(DeviceKind device, const SmallNet& net, const std::vector<Value>& fetches, std::int64_t n = 19)
{
    SessionOptions options;
    options.device = device;
    options.seed = 5;
    Session session(options);
    Plan& plan = session.plan(net.graph, {n, 1, fetches});
    std::vector<float> x(static_cast<std::size_t>(n * 144));
    std::vector<std::int32_t> target(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = 2 * uniform01(philox(1, 2, i)[0]) - 1;
    for (std::size_t i = 0; i < target.size(); ++i)
        target[i] = static_cast<std::int32_t>(i % 5);
    const void* const feeds[] = {x.data(), target.data()};
    Results results;
    std::vector<void*> pointers;
    for (const Value& fetch : fetches)
        results.values.emplace_back(static_cast<std::size_t>(elementCount(fetch.shape().at(n))));
    for (auto& values : results.values)
        pointers.push_back(values.data());
    session.run(plan, feeds, pointers);
    for (const PlanStep& step : plan.steps())
        results.ops.push_back(step.op);
    return results;
}

double largestDifference(const Results& a, const Results& b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        for (std::size_t j = 0; j < a.values[i].size(); ++j)
            largest = std::max(largest, static_cast<double>(std::abs(a.values[i][j] - b.values[i][j])));
    }
    return largest;
}

} // namespace

class PassesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFusedTrainingStepAgreesWithTheOriginal()
    {
        const SmallNet net;
        std::vector<Value> fetches = net.gradients;
        fetches.push_back(net.loss);
        const Results fused = evaluate(DeviceKind::Cpu, net, fetches);
        const Results original = evaluate(DeviceKind::Reference, net, fetches);
        QVERIFY2(largestDifference(fused, original) < 1e-5, qPrintable(QString::number(largestDifference(fused, original))));
        for (const char* op : {"FusedMatMul", "IndexedMaxPoolGradient"})
            QVERIFY2(fused.has(op), op);
        QVERIFY(fused.has("FusedConvPool") || fused.has("IndexedMaxPool"));
        for (const char* op : {"Relu", "MaxPool", "MaxPoolGradient"})
            QVERIFY2(!fused.has(op), op);
        QVERIFY(original.has("Relu") && original.has("MaxPool") && !original.has("FusedMatMul"));
    }

    void fusedInferenceAgreesWithTheOriginal()
    {
        const SmallNet net;
        for (const std::int64_t n : {std::int64_t(1), std::int64_t(16), std::int64_t(33)}) {
            const Results fused = evaluate(DeviceKind::Cpu, net, {net.logits}, n);
            const Results original = evaluate(DeviceKind::Reference, net, {net.logits}, n);
            QVERIFY2(largestDifference(fused, original) < 1e-5, qPrintable(QString::number(largestDifference(fused, original))));
        }
    }

    void aFetchedActivationIsNotFusedAway()
    {
        const SmallNet net;
        const std::vector<Value> fetches{net.activation, net.gradients[0]};
        const Results fused = evaluate(DeviceKind::Cpu, net, fetches);
        const Results original = evaluate(DeviceKind::Reference, net, fetches);
        QVERIFY(largestDifference(fused, original) < 1e-5);
    }

    void aSumOfTwoProductsKeepsItsAddition()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 3}});
        const auto square = [&](const char* name) {
            return matmul(x, graph.variable(name, Role::Parameter, {DType::Float32, {3, 3}}, {Initializer::Kind::Constant, 0.5}));
        };
        const Value y = relu(add(square("a"), square("b")));
        Session session({});
        Plan& plan = session.plan(graph, {1, 1, {y}});
        const float data[3] = {1, 2, 3};
        const void* const feed = data;
        float out[3] = {};
        void* const fetch = out;
        session.run(plan, {&feed, 1}, {&fetch, 1});
        QCOMPARE(out[2], 6.0f);
        for (const PlanStep& step : plan.steps())
            QVERIFY(step.op != "FusedMatMul");
    }

    /// The reference of each fused op against the ops that it stands for.
    void normalisationsFoldIntoConvolutions()
    {
        Graph graph;
        const auto variable = [&](const char* name, const Shape& shape, double low, double high) {
            return graph.variable(name, Role::State, {DType::Float32, shape}, {Initializer::Kind::Uniform, low, high, 0, 0});
        };
        const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 64, 18, 18}});
        const Value kernel = variable("kernel", {32, 64, 3, 3}, -0.07, 0.07);
        const Value mean = variable("mean", {32}, -1, 1);
        const Value convolved = conv(x, kernel, variable("bias", {32}, -1, 1));
        const Value y = relu(batchNormInference(convolved, variable("scale", {32}, 0.5, 2), variable("shift", {32}, -1, 1), mean,
                                                variable("variance", {32}, 0.1, 3), 1e-5));
        std::vector<float> pixels(64 * 18 * 18);
        for (std::size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = 2 * uniform01(philox(1, 2, i)[0]) - 1;
        const void* const feeds[] = {pixels.data()};
        const std::vector<float> means(32, 0.25f);
        std::vector<Results> results;
        for (const DeviceKind device : {DeviceKind::Reference, DeviceKind::Cpu}) {
            SessionOptions options;
            options.device = device;
            Session session(options);
            Plan& plan = session.plan(graph, {1, 1, {y}});
            const auto run = [&] {
                std::vector<float> result(32 * 16 * 16);
                void* const to[] = {result.data()};
                session.run(plan, feeds, to);
                results.push_back({{result}, {}});
            };
            run();
            // What was folded and packed follows its variables.
            session.writeVariable("mean", std::as_bytes(std::span(means)));
            run();
            const std::vector<PlanStep> steps = plan.steps();
            const bool hasNorm = std::any_of(steps.begin(), steps.end(), [](const PlanStep& step) { return step.op == "BatchNormInference"; });
            QCOMPARE(hasNorm, device == DeviceKind::Reference);
            const bool isWinograd = std::any_of(steps.begin(), steps.end(), [](const PlanStep& step) { return step.kernel == "winograd"; });
            QCOMPARE(isWinograd, device == DeviceKind::Cpu);
        }
        QVERIFY(largestDifference(results[0], results[1]) > 0.1);
        QVERIFY(largestDifference(results[0], results[2]) < 1e-5);
        QVERIFY(largestDifference(results[1], results[3]) < 1e-5);
    }

    void fusedOpsAreTheirExpansions()
    {
        Graph graph;
        const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 1, 12, 12}});
        graph.input("target", {DType::Int32, {Dim::batch()}});
        const Initializer init{Initializer::Kind::Uniform, -0.5, 0.5, 0, 0};
        const Value kernel = graph.variable("kernel", Role::Parameter, {DType::Float32, {4, 1, 3, 3}}, init);
        const Value bias = graph.variable("bias", Role::Parameter, {DType::Float32, {4}}, init);
        // A window of three with padding overlaps its neighbours.
        const PoolGeometry window{{3, 3}, {2, 2}, {1, 1}, {1, 1}};
        const Value before = conv(x, kernel, bias, {{1, 1}, {1, 1}, {1, 1}});
        const Value activated = relu(before);
        const Value pooled = maxPool(activated, window);

        Attributes convAttributes = before.producer()->attributes();
        convAttributes.set("relu", true);
        Attributes poolAttributes = pooled.producer()->attributes();
        poolAttributes.set("relu", true);
        poolAttributes.set("hasIndex", true);
        const Value fusedConv = graph.add(fusedConvSpec(), {x, kernel, bias}, convAttributes)[0];
        const auto pool = graph.add(indexedMaxPoolSpec(), {before}, poolAttributes);
        const auto convPool = graph.add(fusedConvPoolSpec(), {x, kernel, bias}, fusedConvPoolAttributes(convAttributes, poolAttributes));
        QVERIFY(fusedConv.type() == activated.type() && pool[0].type() == pooled.type() && convPool[0].type() == pooled.type());

        const auto run = [&](const std::vector<Value>& fetches) {
            SessionOptions options;
            options.device = DeviceKind::Reference;
            Session session(options);
            Plan& plan = session.plan(graph, {19, 1, fetches});
            std::vector<float> data(19 * 144);
            for (std::size_t i = 0; i < data.size(); ++i)
                data[i] = 2 * uniform01(philox(1, 2, i)[0]) - 1;
            std::vector<std::vector<std::byte>> out;
            std::vector<void*> pointers;
            for (const Value& fetch : fetches)
                out.emplace_back(static_cast<std::size_t>(elementCount(fetch.shape().at(19))) * sizeOf(fetch.dtype()));
            for (auto& bytes : out)
                pointers.push_back(bytes.data());
            const void* const feeds[] = {data.data(), data.data()};
            session.run(plan, feeds, pointers);
            return out;
        };
        const auto expanded = run({activated, pooled});
        const auto fused = run({fusedConv, pool[0], convPool[0], pool[1], convPool[1]});
        QVERIFY(fused[0] == expanded[0]);
        QVERIFY(fused[1] == expanded[1]);
        QVERIFY(fused[2] == expanded[1]);
        QVERIFY(fused[3] == fused[4]);
    }
};

QTEST_APPLESS_MAIN(PassesTest)
#include "engine_passes_test.moc"
