// Which elementwise ops become one on a card, and which do not.
#include <QtTest>

#include "core/engine/passes/passes.h"
#include "core/ops/activation/activation.h"
#include "core/ops/assign/assign.h"
#include "core/ops/binary/binary.h"
#include "core/ops/conv/conv.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "core/project/project.h"
#include "core/training/training_graph.h"
#include "tests/unit/chain_bench.h"

using namespace weft;
using namespace chain_bench;

class FuseElementwiseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: ") + problem));
    }
    void whatOthersReadStays();
    void othersThanElementwiseOpsEndAChain();
    void aVariableIsReadBeforeItChanges();
    void nothingLivesLongerWhereMostIsAlive();
    void sumsWaitForTheirLastPartWhereThereIsRoom();
    void constantsAreComputedOnce();
    void whatIsLeftOutStillStoresSixteenBits();
    void channelsStayLast();
    void templatesTakeNoMoreMemory_data();
    void templatesTakeNoMoreMemory();
};

void FuseElementwiseTest::whatOthersReadStays()
{
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

void FuseElementwiseTest::othersThanElementwiseOpsEndAChain()
{
    Bench bench;
    const Value row = bench.input({7}), x = bench.input();
    bench.values({add(gelu(row), x)}, on(DeviceKind::Cuda)); // stretched: the row is computed once
    QCOMPARE(bench.count("Gelu"), 1);
    bench.values({relu(add(gelu(x), row))}, on(DeviceKind::Cuda)); // the other way round
    QCOMPARE(bench.ops, (std::vector<std::string>{"ElementwiseChain"}));
    const Value picture = bench.input({Dim::batch(), 2, 5, 7});
    bench.values({relu(add(gelu(picture), bench.input({5, 1})))}, on(DeviceKind::Cuda)); // along some positions
    QCOMPARE(bench.count("Add"), 1);
    QCOMPARE(bench.count("ElementwiseChain"), 0);
    bench.values({relu(reduceSum(gelu(x), {2}, true))}, on(DeviceKind::Cuda));
    QCOMPARE(bench.count("ElementwiseChain"), 0);
}

void FuseElementwiseTest::aVariableIsReadBeforeItChanges()
{
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
void FuseElementwiseTest::nothingLivesLongerWhereMostIsAlive()
{
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

/// As gradients of what several layers read: far from the step's most bytes all parts are added at once. Lean plans may have their most
/// bytes just there.
void FuseElementwiseTest::sumsWaitForTheirLastPartWhereThereIsRoom()
{
    Bench bench;
    const Value x = bench.input({Dim::batch(), 7});
    const auto product = [&](const char* name, std::int64_t width) {
        return matmul(x, bench.graph.variable(name, Role::Parameter, {DType::Float32, {7, width}}, {Initializer::Kind::Uniform, -1, 1}));
    };
    const Value large = reduceSum(product("large", 500), {1});
    const Value first = product("a", 7), second = product("b", 7), sum = add(first, second);
    const Value y = add(sum, product("c", 7));
    const PlanRequest request{samples, 1, {large, y}, true};
    for (const MemoryUse memory : {MemoryUse::Normal, MemoryUse::Lean}) {
        SessionOptions options = on(DeviceKind::Cuda);
        options.memory = memory;
        const RewrittenGraph graph = optimised(bench.graph, {request, options, KernelTable::process()});
        const auto& ops = graph.graph->ops();
        const auto sums = std::count_if(ops.begin(), ops.end(), [](const auto& op) { return std::string_view(op->spec().name) == "Add"; });
        QCOMPARE(sums, memory == MemoryUse::Lean ? 2 : 0);
    }
}

void FuseElementwiseTest::constantsAreComputedOnce()
{
    Bench bench;
    const Value x = bench.input({Dim::batch(), 7});
    const Value weights = bench.graph.variable("w", Role::Parameter, {DType::Float32, {7, 7}}, {Initializer::Kind::Uniform, -1, 1});
    Session session(on(DeviceKind::Cuda));
    int kept = 0;
    for (const PlanStep& step : session.plan(bench.graph, {samples, 1, {matmul(x, relu(affine(weights, 2)))}}).steps())
        kept += step.kernel.ends_with("(kept)") ? 1 : 0;
    QCOMPARE(kept, 2);
}

/// Dropout has no other kernel than the chain's.
void FuseElementwiseTest::whatIsLeftOutStillStoresSixteenBits()
{
    Bench bench;
    const Value x = bench.input({Dim::batch(), 7});
    const Value weights = bench.graph.variable("w", Role::Parameter, {DType::Float32, {7, 7}}, {Initializer::Kind::Uniform, -1, 1});
    const Value y = matmul(dropout(gelu(matmul(x, weights)), 0.5, 1), weights);
    const PlanRequest request{samples, 1, {y}};
    const SessionOptions options = on(DeviceKind::Cuda, Precision::BFloat16, "chain");
    const RewrittenGraph graph = optimised(bench.graph, {request, options, KernelTable::process()});
    int found = 0;
    for (const auto& op : graph.graph->ops()) {
        if (!is(op.get(), "Dropout") && !is(op.get(), "Gelu"))
            continue;
        ++found;
        QCOMPARE(op->output().dtype(), DType::BFloat16);
    }
    QCOMPARE(found, 2);
    QVERIFY(!bench.values({y}, options)[0].empty());
}

/// Between convolutions, with a gate for each channel of a sample.
void FuseElementwiseTest::channelsStayLast()
{
    Bench bench;
    const Value x = bench.input({Dim::batch(), 8, 6, 6});
    const auto convolved = [&](const Value& from, const char* name) {
        return conv(from, bench.graph.variable(name, Role::Parameter, {DType::Float32, {8, 8, 3, 3}}, {Initializer::Kind::Uniform, -1, 1}), {});
    };
    const Value y = convolved(x, "first"), gate = reduceMean(y, {2, 3}, true), z = convolved(relu(multiply(y, sigmoid(gate))), "second");
    for (const Precision precision : {Precision::Tf32, Precision::BFloat16}) {
        bench.values({z}, on(DeviceKind::Cuda, precision));
        const qsizetype reorders = bench.count("Reorder");
        QCOMPARE(bench.count("ElementwiseChain"), 1);
        bench.values({z}, on(DeviceKind::Cuda, precision, "chain"));
        QCOMPARE(bench.count("ElementwiseChain"), 0);
        QCOMPARE(bench.count("Reorder"), reorders);
    }
}

void FuseElementwiseTest::templatesTakeNoMoreMemory_data()
{
    QTest::addColumn<QString>("name");
    for (const TemplateInfo& one : projectTemplates())
        QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
}

void FuseElementwiseTest::templatesTakeNoMoreMemory()
{
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

QTEST_GUILESS_MAIN(FuseElementwiseTest)
#include "fuse_elementwise_test.moc"
