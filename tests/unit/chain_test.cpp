// Elementwise ops that a card runs as one: what becomes a chain, what does not, and that its numbers are those of its ops.
#include <QtTest>

#include <cstring>
#include <limits>
#include <span>

#include "core/engine/differentiate.h"
#include "core/engine/passes/passes.h"
#include "core/ops/activation/activation.h"
#include "core/ops/assign/assign.h"
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
#include "core/project/project.h"
#include "core/training/training_graph.h"
#include "tests/unit/card.h"

using namespace weft;

namespace {

constexpr std::int64_t samples = 3;
const Shape rows{Dim::batch(), 5, 7};

SessionOptions on(DeviceKind device, Precision precision = Precision::Float32, const std::string& withoutKernels = {})
{
    SessionOptions options;
    options.device = device;
    options.threads = 1;
    options.seed = 5;
    options.precision = precision;
    options.withoutKernels = withoutKernels;
    return options;
}

/// Numbers of all kinds, with some that are none.
std::vector<float> numbersOf(const Value& value)
{
    std::vector<float> numbers(static_cast<std::size_t>(elementCount(value.shape().at(samples))));
    const float odd[]
        = {0.0f,   -0.0f, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(),
           1e-42f, 90.0f};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t key = i * 31 + static_cast<std::size_t>(value.id()) * 17;
        numbers[i] = key % 11 < 3 ? odd[key / 11 % std::size(odd)] : static_cast<float>(key * 37 % 101) / 25 - 2;
    }
    return numbers;
}

using Results = std::vector<std::vector<float>>;

bool areSameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool areNone = std::isnan(a[i]) && std::isnan(b[i]);
        if (!areNone && std::memcmp(&a[i], &b[i], sizeof(float)) != 0)
            return false;
    }
    return a.size() == b.size();
}

/// A graph with numbers for its inputs.
struct Bench {
    Graph graph;

    Value input(const Shape& shape = rows) { return graph.input("x" + std::to_string(graph.inputs().size()), {DType::Float32, shape}); }

    Results values(const std::vector<Value>& fetches, const SessionOptions& options)
    {
        Session session(options);
        Plan& plan = session.plan(graph, {samples, 1, fetches});
        ops.clear();
        for (const PlanStep& step : plan.steps())
            ops.push_back(step.op);
        Results fed, results;
        std::vector<const void*> feeds;
        std::vector<void*> pointers;
        for (const Value& value : graph.inputs())
            fed.push_back(numbersOf(value));
        for (const Value& fetch : fetches)
            results.emplace_back(static_cast<std::size_t>(elementCount(fetch.shape().at(samples))));
        for (const auto& numbers : fed)
            feeds.push_back(numbers.data());
        for (auto& numbers : results)
            pointers.push_back(numbers.data());
        session.run(plan, feeds, pointers, {5, 3, nullptr});
        return results;
    }
    qsizetype count(const char* op) const { return std::count(ops.begin(), ops.end(), op); }

    std::vector<std::string> ops; ///< of the last plan
};

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
    void whatOthersReadStays();
    void othersThanElementwiseOpsEndAChain();
    void aVariableIsReadBeforeItChanges();
    void nothingLivesLonger();
    void constantsAreComputedOnce();
    void trainingHasTheBitsOfItsOps();
    void templatesTakeNoMoreMemory_data();
    void templatesTakeNoMoreMemory();

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
        const Value down = relu(add(cast(x, type), cast(a, type))), up = affine(tanh(cast(affine(down, 0.5), DType::Float32)), 3.0);
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

void ChainTest::whatOthersReadStays()
{
    need();
    Bench bench;
    const Value x = bench.input(), a = bench.input();
    const Value y = gelu(x), z = add(y, a);
    bench.values({z, y}, on(DeviceKind::Cuda)); // fetched
    QCOMPARE(bench.count("Gelu"), 1);
    QCOMPARE(bench.count("ElementwiseChain"), 0);
    const Value both = reduceSum(y, {1}), twice = add(y, y);
    bench.values({z, both}, on(DeviceKind::Cuda)); // another reader
    QCOMPARE(bench.count("Gelu"), 1);
    QCOMPARE(bench.count("ElementwiseChain"), 0);
    bench.values({twice}, on(DeviceKind::Cuda)); // one that reads it twice
    QCOMPARE(bench.count("Gelu"), 1);
    QCOMPARE(bench.count("ElementwiseChain"), 0);
}

void ChainTest::othersThanElementwiseOpsEndAChain()
{
    need();
    Bench bench;
    const Value row = bench.input({7}), x = bench.input();
    bench.values({add(gelu(row), x)}, on(DeviceKind::Cuda)); // stretched: the row is computed once
    QCOMPARE(bench.count("Gelu"), 1);
    const Value middle = bench.input({5, 1});
    bench.values({relu(add(gelu(x), bench.input({Dim::batch(), 1, 7})))}, on(DeviceKind::Cuda)); // stretched in the middle
    QCOMPARE(bench.count("Add"), 1);
    bench.values({relu(add(gelu(x), middle))}, on(DeviceKind::Cuda));
    QCOMPARE(bench.count("ElementwiseChain"), 1);
    QCOMPARE(bench.ops.size(), 1U);
    bench.values({relu(reduceSum(gelu(x), {2}, true))}, on(DeviceKind::Cuda));
    QCOMPARE(bench.count("ElementwiseChain"), 0);
}

void ChainTest::aVariableIsReadBeforeItChanges()
{
    need();
    Bench bench;
    const Value x = bench.input({7}), a = bench.input({7});
    const Value variable = bench.graph.variable("v", Role::State, {DType::Float32, {7}}, {Initializer::Kind::Constant, 2});
    const Value sum = add(x, variable);
    assign(variable, a);
    const Value y = relu(multiply(sum, a));
    Session session(on(DeviceKind::Cuda));
    Plan& plan = session.plan(bench.graph, {samples, 1, {y}, true});
    const std::vector<float> ofX(7, 3), ofA(7, 10);
    std::vector<float> result(7);
    const void* const feeds[] = {ofX.data(), ofA.data()};
    void* const fetches[] = {result.data()};
    session.run(plan, feeds, fetches);
    QCOMPARE(result, std::vector<float>(7, 50));
    std::vector<std::string> ops;
    for (const PlanStep& step : plan.steps())
        ops.push_back(step.op);
    QCOMPARE(ops, (std::vector<std::string>{"Add", "Assign", "ElementwiseChain"}));
}

/// A sum of two arrays that end in it is made where it stands, if something else is computed before it goes on.
void ChainTest::nothingLivesLonger()
{
    need();
    Bench bench;
    const Value x = bench.input({Dim::batch(), 7});
    const Value weights = bench.graph.variable("w", Role::Parameter, {DType::Float32, {7, 7}}, {Initializer::Kind::Uniform, -1, 1});
    const auto product = [&] { return matmul(x, weights); };
    const Value sum = add(product(), product());
    bench.values({relu(add(sum, product()))}, on(DeviceKind::Cuda));
    QCOMPARE(bench.count("ElementwiseChain"), 1);
    QCOMPARE(bench.count("Add"), 1);
    Bench other;
    const Value y = other.input({Dim::batch(), 7});
    const Value gate = other.graph.variable("w", Role::Parameter, {DType::Float32, {7, 7}}, {Initializer::Kind::Uniform, -1, 1});
    const Value scaled = affine(matmul(y, gate), 2); // one array instead of another
    other.values({relu(add(scaled, matmul(y, gate)))}, on(DeviceKind::Cuda));
    QCOMPARE(other.count("ElementwiseChain"), 1);
    QCOMPARE(other.count("Affine"), 0);
}

void ChainTest::constantsAreComputedOnce()
{
    need();
    Bench bench;
    const Value x = bench.input({Dim::batch(), 7});
    const Value weights = bench.graph.variable("w", Role::Parameter, {DType::Float32, {7, 7}}, {Initializer::Kind::Uniform, -1, 1});
    Session session(on(DeviceKind::Cuda));
    int kept = 0;
    for (const PlanStep& step : session.plan(bench.graph, {samples, 1, {matmul(x, relu(affine(weights, 2)))}}).steps())
        kept += step.kernel.ends_with("(kept)") ? 1 : 0;
    QCOMPARE(kept, 2);
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

void ChainTest::templatesTakeNoMoreMemory_data()
{
    QTest::addColumn<QString>("name");
    for (const TemplateInfo& one : projectTemplates())
        QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
}

void ChainTest::templatesTakeNoMoreMemory()
{
    need();
    const Project project = projectFromTemplate(QTest::currentDataTag());
    for (const Precision precision : {Precision::Tf32, Precision::BFloat16})
        for (const MemoryUse memory : {MemoryUse::Normal, MemoryUse::Lean}) {
            std::size_t arena[2];
            for (const bool isFused : {false, true}) {
                Lowered lowered = lower(project.network, {Mode::Train, true});
                const TrainingGraph training = buildTrainingGraph(lowered, trainingSettings(project.training));
                SessionOptions options = on(DeviceKind::Cuda, precision, isFused ? "" : "chain");
                options.memory = memory;
                arena[isFused] = forecastPlan(*lowered.graph, {16, 32, {training.metrics.loss}, true}, options).arena;
            }
            // Blocks of other sizes leave other gaps.
            QVERIFY2(static_cast<double>(arena[1]) <= 1.001 * static_cast<double>(arena[0]),
                     qPrintable(QStringLiteral("%1, %2: %3 instead of %4 bytes")
                                    .arg(QLatin1String(nameOf(precision)), QLatin1String(nameOf(memory)))
                                    .arg(arena[1])
                                    .arg(arena[0])));
        }
}

QTEST_GUILESS_MAIN(ChainTest)
#include "chain_test.moc"
