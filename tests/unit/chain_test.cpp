// Elementwise ops that a card runs as one: their numbers are those of the ops.
#include <QtTest>

#include <span>

#include "core/engine/differentiate.h"
#include "core/ops/activation/activation.h"
#include "core/ops/binary/binary.h"
#include "core/ops/cast/cast.h"
#include "core/ops/chain/chain.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/layer_norm/layer_norm.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/op_catalogue.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/chain_bench.h"

using namespace weft;
using namespace chain_bench;

namespace {

const OpSpec& specOf(std::string_view name)
{
    const auto& all = opCatalogue();
    return **std::find_if(all.begin(), all.end(), [&](const OpSpec* spec) { return name == spec->name; });
}

Attributes attributesOf(std::string_view op)
{
    if (op == "Affine")
        return {{"scale", 0.3}, {"shift", -2.0}};
    if (op == "Dropout")
        return {{"rate", 0.3}, {"stream", std::int64_t(77)}};
    return {{"alpha", 0.3}};
}

/// A block of a Transformer's kind, its loss and the gradients of what it learns.
struct ResidualNet {
    Graph graph;
    Value x = graph.input("x", {DType::Float32, {Dim::batch(), 9, 6}});
    std::vector<Value> parameters;
    Value loss;

    ResidualNet()
    {
        const Value hidden = dropout(gelu(add(matmul(x, parameter("k1", {6, 10})), parameter("b1", {10}))), 0.2, 1);
        const Value out = add(matmul(hidden, parameter("k2", {10, 6})), parameter("b2", {6}));
        const Value y = add(x, dropout(out, 0.3, 2));
        const Value z = relu(add(matmul(layerNorm(y, {}, {}, 1e-5), parameter("k3", {6, 6})), y));
        loss = reduceMean(square(z), {});
        const Value rate = graph.input("rate", {DType::Float32, {}});
        std::vector<UpdateTarget> targets;
        const std::vector<Value> gradients = differentiate(loss, parameters);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            targets.push_back({parameters[i], gradients[i], {}});
        sgdUpdate(rate, targets, 0, false, 0);
    }

private:
    Value parameter(const char* name, const Shape& shape)
    {
        parameters.push_back(graph.variable(name, Role::Parameter, {DType::Float32, shape}, {Initializer::Kind::Uniform, -0.5, 0.5}));
        return parameters.back();
    }
};

struct Trained {
    std::vector<float> losses;
    Results parameters;
    std::vector<std::string> ops;
    qsizetype count(const char* op) const { return std::count(ops.begin(), ops.end(), op); }
};

Trained trained(const ResidualNet& net, const SessionOptions& options)
{
    Session session(options);
    Plan& plan = session.plan(net.graph, {samples, 1, {net.loss}, true});
    std::vector<float> x(static_cast<std::size_t>(samples * 9 * 6));
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<float>(i * 37 % 101) / 50 - 1;
    const float rate = 0.1f;
    const void* const feeds[] = {x.data(), &rate};
    Trained result;
    for (int step = 1; step <= 4; ++step) {
        float loss = 0;
        void* const fetches[] = {&loss};
        session.run(plan, feeds, fetches, {5, step, nullptr});
        result.losses.push_back(loss);
    }
    for (const Value& value : net.parameters) {
        result.parameters.emplace_back(static_cast<std::size_t>(elementCount(value.shape().at(1))));
        session.readVariable(value.name(), std::as_writable_bytes(std::span(result.parameters.back())));
    }
    for (const PlanStep& step : plan.steps())
        result.ops.push_back(step.op);
    return result;
}

} // namespace

class ChainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_hasCard = cardProblem().isEmpty(); }

    void aLinkIsItsOp_data();
    void aLinkIsItsOp();
    void aChainOnACardHasTheBitsOfItsOps();
    void whatStandsBetweenIsNotStored();
    void castsAtTheEndsAreReadAndStored();
    void trainingHasTheBitsOfItsOps();

private:
    void need() const
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
    }
    bool m_hasCard = false;
};

void ChainTest::aLinkIsItsOp_data()
{
    QTest::addColumn<QString>("op");
    QTest::addColumn<int>("running");
    for (const OpSpec* spec : opCatalogue())
        for (const int running : {0, 1})
            if (linkCode(spec->name, running) >= 0)
                QTest::addRow("%s of input %d", spec->name, running) << spec->name << running;
}

/// By the references, and on a card.
void ChainTest::aLinkIsItsOp()
{
    QFETCH(QString, op);
    QFETCH(int, running);
    const std::string name = op.toStdString();
    Bench bench;
    std::vector<Value> inputs{bench.input(), bench.input()};
    const bool isBinary = running == 1 || operandOf({linkCode(name, running)}) == LinkOperand::Array;
    const std::vector<Value> own = isBinary ? inputs : std::vector<Value>{inputs[0]};
    const Value alone = bench.graph.add(specOf(name), own, attributesOf(name))[0];
    const std::optional<ChainLink> link = chainLink(*alone.producer(), running);
    QVERIFY(link);
    if (running == 1)
        std::swap(inputs[0], inputs[1]);
    if (!isBinary)
        inputs.pop_back();
    const Value chain = bench.graph.add(elementwiseChainSpec(), inputs, chainAttributes({*link}))[0];
    for (const DeviceKind device : {DeviceKind::Reference, DeviceKind::Cuda}) {
        if (device == DeviceKind::Cuda && !m_hasCard)
            continue;
        const Results results = bench.values({alone, chain}, on(device));
        QVERIFY2(areSameBits(results[0], results[1]), nameOf(device));
    }
}

void ChainTest::aChainOnACardHasTheBitsOfItsOps()
{
    need();
    Bench bench;
    const Value x = bench.input(), a = bench.input(), b = bench.input(), row = bench.input({7}), scalar = bench.input({});
    const Value first = add(dropout(gelu(x), 0.4, 9), a);
    const Value second = divide(b, affine(tanh(subtract(a, multiply(x, row))), 0.5, 2.0));
    const Value third = maximum(minimum(multiply(scalar, leakyRelu(sigmoid(add(x, b)), 0.2)), a), negate(row));
    const Results fused = bench.values({first, second, third}, on(DeviceKind::Cuda));
    QCOMPARE(bench.count("ElementwiseChain"), 3);
    QCOMPARE(bench.ops.size(), 4U); // and what the last maximum reads of the row
    const Results apart = bench.values({first, second, third}, on(DeviceKind::Cuda, Precision::Float32, "chain"));
    QCOMPARE(bench.count("ElementwiseChain"), 0);
    for (std::size_t i = 0; i < fused.size(); ++i)
        QVERIFY2(areSameBits(fused[i], apart[i]), qPrintable(QString::number(i)));
}

void ChainTest::whatStandsBetweenIsNotStored()
{
    need();
    const ResidualNet residual;
    const Trained fused = trained(residual, on(DeviceKind::Cuda)), apart = trained(residual, on(DeviceKind::Cuda, Precision::Float32, "chain"));
    for (const char* op : {"Gelu", "Dropout", "GeluGradient"}) {
        QVERIFY2(apart.count(op) > 0, op);
        QCOMPARE(fused.count(op), 0);
    }
    QVERIFY(fused.count("ElementwiseChain") > 0);
    QVERIFY(fused.ops.size() < apart.ops.size());
    const Trained onCpu = trained(residual, on(DeviceKind::Cpu));
    QCOMPARE(onCpu.count("ElementwiseChain"), 0);
}

/// Between float32 and 16 bits a chain rounds once, at its end.
void ChainTest::castsAtTheEndsAreReadAndStored()
{
    need();
    for (const DType type : {DType::BFloat16, DType::Float16}) {
        Bench bench;
        const Value x = bench.input(), a = bench.input();
        const Value down = relu(add(cast(x, type), cast(a, type))), up = add(a, affine(tanh(cast(affine(down, 0.5), DType::Float32)), 3.0));
        const Results fused = bench.values({cast(down, DType::Float32), up}, on(DeviceKind::Cuda));
        QCOMPARE(bench.count("Affine") + bench.count("Tanh") + bench.count("Relu") + bench.count("Add"), 0);
        const Results apart = bench.values({cast(down, DType::Float32), up}, on(DeviceKind::Cuda, Precision::Float32, "chain"));
        for (std::size_t i = 0; i < fused.size(); ++i)
            for (std::size_t j = 0; j < fused[i].size(); ++j) {
                const float expected = apart[i][j], actual = fused[i][j];
                const bool isNear = expected == actual || (std::isnan(expected) && std::isnan(actual))
                    || std::abs(expected - actual) <= 0.02f * std::max(1.0f, std::abs(expected));
                QVERIFY2(isNear, qPrintable(QStringLiteral("%1, should be %2").arg(actual).arg(expected)));
            }
    }
}

/// With dropout's masks, and where the forward pass is computed again.
void ChainTest::trainingHasTheBitsOfItsOps()
{
    need();
    const ResidualNet residual;
    for (const MemoryUse memory : {MemoryUse::Normal, MemoryUse::Lean}) {
        SessionOptions options = on(DeviceKind::Cuda), others = on(DeviceKind::Cuda, Precision::Float32, "chain");
        options.memory = others.memory = memory;
        const Trained fused = trained(residual, options), apart = trained(residual, others);
        QVERIFY(fused.count("ElementwiseChain") > 0);
        QCOMPARE(apart.count("ElementwiseChain"), 0);
        QCOMPARE(fused.losses, apart.losses);
        QCOMPARE(fused.parameters, apart.parameters);
    }
}

QTEST_GUILESS_MAIN(ChainTest)
#include "chain_test.moc"
