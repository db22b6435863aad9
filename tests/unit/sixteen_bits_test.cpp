// Arrays of a step on a card that are stored in 16 bits: no cast stands between layers, a step takes about half the memory, and
// what training gives is near float32.
#include <QtTest>

#include <map>
#include <numeric>
#include <set>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/engine/passes/passes.h"
#include "core/ops/assign/assign.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "core/project/project.h"
#include "core/training/training_graph.h"
#include "tests/unit/card.h"

using namespace weft;

namespace {

/// A training step of a template on a card.
struct StepOfTemplate {
    StepOfTemplate(const char* name, Precision precision, std::int64_t batch = 2) :
        project(projectFromTemplate(name)), lowered(lower(project.network, {Mode::Train, true}))
    {
        const TrainingGraph training
            = buildTrainingGraph(lowered, trainingSettings(project.training), StepKind::Update, false, precision == Precision::Float16);
        options.device = DeviceKind::Cuda;
        options.precision = precision;
        request = {batch, 32, {training.metrics.loss}, true};
    }
    RewrittenGraph graph() const { return optimised(*lowered.graph, {request, options, KernelTable::process()}); }
    PlanMemory memory() const { return forecastPlan(*lowered.graph, request, options); }

    Project project;
    Lowered lowered;
    SessionOptions options;
    PlanRequest request;
};

bool isStored(const Value& value)
{
    return value.dtype() == DType::BFloat16 || value.dtype() == DType::Float16;
}

bool isCast(const Op& op)
{
    return std::string_view(op.spec().name) == "Cast" && (isStored(op.input(0)) || isStored(op.output()));
}

std::string described(const Op& op)
{
    const Op* from = op.input(0).producer();
    return toString(op.input(0).shape()) + " of " + (from ? from->node() + ": " + from->spec().name : "a feed or a variable");
}

/// Casts of a step that are not of weights, and arrays of float32 that have numbers for each sample.
struct Borders {
    std::vector<std::string> casts, full;
    int weights = 0;

    explicit Borders(const Graph& graph)
    {
        for (const auto& op : graph.ops()) {
            if (isCast(*op) && isOfSamples(op->input(0)))
                casts.push_back(described(*op));
            else if (isCast(*op))
                ++weights;
            // Further outputs are sums: statistics, and those of an attention's softmaxes.
            if (!op->outputs().empty() && op->output().dtype() == DType::Float32 && isOfSamples(op->output()))
                full.push_back(op->node() + ": " + op->spec().name);
        }
    }
};

QString listOf(const std::vector<std::string>& lines)
{
    QString list;
    for (const std::string& line : lines)
        list += QString::fromStdString(line) + QLatin1Char('\n');
    return list;
}

SessionOptions onCard(Precision precision)
{
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    options.precision = precision;
    return options;
}

} // namespace

class SixteenBitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: ") + problem));
    }

    void noCastStandsBetweenLayers_data();
    void noCastStandsBetweenLayers();
    void everyTemplateHasAPlan_data();
    void everyTemplateHasAPlan();
    void picturesThatALossReadsKeepAllBits();
    void weightsAreCastOnceAStep();
    void changedWeightsAreCastAnew();
    void activationsTakeHalfTheMemory_data();
    void activationsTakeHalfTheMemory();
    void gradientsOfWeightsLeaveInFloat32();
    void lossesAreFloat32();
    void statisticsOfABatchKeepAllBits();
    void predictionsAreFloat32();
    void fetchesAreAsTheyWere();
    void otherPrecisionsStoreFloat32();
};

void SixteenBitsTest::noCastStandsBetweenLayers_data()
{
    QTest::addColumn<int>("casts");
    // Pictures are scaled, and tokens looked up, in 16 bits at once.
    for (const char* name : {"lenet", "vgg16", "resnet18", "resnet50", "inception-v3", "mobilenet-v2", "densenet121", "vit-tiny"})
        QTest::newRow(name) << 0;
    QTest::newRow("text-transformer") << 0;
    QTest::newRow("text-bow") << 0;
    QTest::newRow("text-lstm") << 0;
    QTest::newRow("time-series-gru") << 2; // the series as it is fed, and the slope of its loss
}

void SixteenBitsTest::noCastStandsBetweenLayers()
{
    QFETCH(int, casts);
    for (const Precision precision : {Precision::BFloat16, Precision::Float16}) {
        const Borders borders(*StepOfTemplate(QTest::currentDataTag(), precision).graph().graph);
        QVERIFY2(static_cast<int>(borders.casts.size()) == casts, qPrintable(listOf(borders.casts)));
        // What stays float32: the loss of each sample (of two ends, in Inception), and the rows of a
        // table's gradient.
        QVERIFY2(borders.full.size() <= 8, qPrintable(listOf(borders.full)));
    }
}

void SixteenBitsTest::everyTemplateHasAPlan_data()
{
    QTest::addColumn<QString>("name");
    for (const TemplateInfo& one : projectTemplates())
        QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
}

/// Whatever its layers are, kernels are found for what the casts leave.
void SixteenBitsTest::everyTemplateHasAPlan()
{
    for (const Precision precision : {Precision::BFloat16, Precision::Float16}) {
        const StepOfTemplate step(QTest::currentDataTag(), precision);
        QVERIFY(step.memory().arena > 0);
        const Lowered predicting = lower(step.project.network, {Mode::Infer, false});
        QVERIFY(forecastPlan(*predicting.graph, {3, 32, {predicting.outputs[0].value}, false}, step.options).arena > 0);
    }
}

/// One op scales a picture; where a loss compares with it, that gives float32, and the first layer has a copy.
void SixteenBitsTest::picturesThatALossReadsKeepAllBits()
{
    for (const auto& [name, type] :
         {std::pair{"resnet18", DType::BFloat16}, {"autoencoder", DType::Float32}, {"variational-autoencoder", DType::Float32}}) {
        const RewrittenGraph rewritten = StepOfTemplate(name, Precision::BFloat16).graph();
        int pictures = 0;
        for (const auto& op : rewritten.graph->ops()) {
            if (std::string_view(op->spec().name) != "Pixels")
                continue;
            ++pictures;
            QCOMPARE(op->output().dtype(), type);
        }
        QCOMPARE(pictures, 1);
    }
}

/// One kernel casts them all; a lean plan, which gives memory back between segments, casts each where it is needed.
void SixteenBitsTest::weightsAreCastOnceAStep()
{
    for (const MemoryUse memory : {MemoryUse::Normal, MemoryUse::Lean}) {
        StepOfTemplate step("resnet18", Precision::BFloat16);
        step.options.memory = memory;
        std::map<std::string, int> casts;
        int together = 0;
        const RewrittenGraph rewritten = step.graph();
        for (const auto& op : rewritten.graph->ops()) {
            const bool isOfAll = std::string_view(op->spec().name) == "CastAll";
            together += isOfAll ? 1 : 0;
            for (const Value& input : op->inputs()) {
                if ((isOfAll || isCast(*op)) && input.variable())
                    ++casts[input.name()];
            }
        }
        QCOMPARE(casts.size(), 22U); // 20 convolutions, and kernel and bias of the Dense
        QCOMPARE(together, memory == MemoryUse::Lean ? 0 : 1);
        if (memory != MemoryUse::Lean)
            QVERIFY(std::all_of(casts.begin(), casts.end(), [](const auto& one) { return one.second == 1; }));
    }
}

/// A variable that changes between its readers is cast again for the later ones.
void SixteenBitsTest::changedWeightsAreCastAnew()
{
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 2}});
    const auto weights = [&](const char* name, double value) {
        return graph.variable(name, Role::Parameter, {DType::Float32, {2, 2}}, {Initializer::Kind::Constant, value, 0});
    };
    const Value changing = weights("w", 1), other = weights("v", 2);
    const Value before = matmul(x, changing), beside = matmul(x, other);
    assign(changing, constant(graph, DType::Float32, {2, 2}, {3}));
    const Value after = matmul(x, changing);
    Session session(onCard(Precision::BFloat16));
    Plan& plan = session.plan(graph, {1, 1, {before, beside, after}, true});
    const std::vector<float> fed{1, 1};
    std::vector<float> results[3] = {std::vector<float>(2), std::vector<float>(2), std::vector<float>(2)};
    const void* const feeds[] = {fed.data()};
    void* const fetches[] = {results[0].data(), results[1].data(), results[2].data()};
    session.run(plan, feeds, fetches);
    QCOMPARE(results[0], (std::vector<float>{2, 2}));
    QCOMPARE(results[1], (std::vector<float>{4, 4}));
    QCOMPARE(results[2], (std::vector<float>{6, 6}));
}

void SixteenBitsTest::activationsTakeHalfTheMemory_data()
{
    QTest::addColumn<int>("batch");
    QTest::newRow("resnet50") << 256;
    QTest::newRow("inception-v3") << 128;
    QTest::newRow("text-transformer") << 64;
}

void SixteenBitsTest::activationsTakeHalfTheMemory()
{
    QFETCH(int, batch);
    const auto planned = [&](Precision precision) { return StepOfTemplate(QTest::currentDataTag(), precision, batch).memory(); };
    const PlanMemory full = planned(Precision::Tf32), stored = planned(Precision::BFloat16);
    QCOMPARE(stored.variables, full.variables);
    const double share = static_cast<double>(stored.arena) / static_cast<double>(full.arena);
    qInfo("batch %d: %.0f MB in float32, %.0f MB in bfloat16, %.2f of it", batch, static_cast<double>(full.arena) / 1e6,
          static_cast<double>(stored.arena) / 1e6, share);
    QVERIFY2(share < (batch > 100 ? 0.55 : 0.65), qPrintable(QString::number(share)));
}

/// What updates read is float32, and no cast made it so.
void SixteenBitsTest::gradientsOfWeightsLeaveInFloat32()
{
    for (const char* name : {"resnet18", "text-transformer"}) {
        const RewrittenGraph rewritten = StepOfTemplate(name, Precision::BFloat16).graph();
        for (const auto& op : rewritten.graph->ops()) {
            for (const Value& input : op->inputs()) {
                if (!op->hasEffect() || !input.producer())
                    continue;
                QVERIFY2(!isStored(input), op->spec().name);
                if (isCast(*input.producer()))
                    QFAIL(described(*input.producer()).c_str());
            }
        }
    }
}

void SixteenBitsTest::lossesAreFloat32()
{
    for (const char* name : {"resnet18", "unet", "variational-autoencoder", "time-series-gru"}) {
        const StepOfTemplate step(name, Precision::Float16);
        const RewrittenGraph rewritten = step.graph();
        QCOMPARE(rewritten.fetches[0].dtype(), DType::Float32);
        std::set<std::string> losses;
        for (const LoweredLoss& loss : step.lowered.losses)
            losses.insert(loss.perSample.producer()->node());
        QVERIFY(!losses.empty());
        for (const auto& op : rewritten.graph->ops()) {
            const bool givesLogitsTheirSlope = std::string_view(op->spec().name) == "SoftmaxCrossEntropyGradient";
            for (const Value& output : op->outputs()) {
                if (losses.count(op->node()) && !isCast(*op) && !givesLogitsTheirSlope)
                    QVERIFY2(!isStored(output), op->spec().name);
            }
        }
    }
}

/// As a batch norm over several ranks subtracts them: a mean in 16 bits would be off by a part of itself.
void SixteenBitsTest::statisticsOfABatchKeepAllBits()
{
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 8}});
    const Value weights = graph.variable("w", Role::Parameter, {DType::Float32, {8, 8}}, {Initializer::Kind::Uniform, -1, 1});
    const Value y = matmul(x, weights), mean = reduceMean(y, {0});
    const Value fetched = relu(subtract(y, mean));
    SessionOptions options = onCard(Precision::BFloat16);
    options.withoutKernels = "chain"; // each op by itself
    const PlanRequest request{4, 1, {fetched}};
    const RewrittenGraph rewritten = optimised(graph, {request, options, KernelTable::process()});
    std::map<std::string, DType> types;
    for (const auto& op : rewritten.graph->ops())
        types[op->spec().name] = op->output().dtype();
    QCOMPARE(types.at("ReduceMean"), DType::Float32);
    QCOMPARE(types.at("Subtract"), DType::Float32);
}

/// Probabilities add up to 1: the last softmax computes in float32 and does not round what it gives.
void SixteenBitsTest::predictionsAreFloat32()
{
    const Project project = projectFromTemplate("lenet");
    const Lowered lowered = lower(project.network, {Mode::Infer, false});
    Session session(onCard(Precision::BFloat16));
    Plan& plan = session.plan(*lowered.graph, {1, 1, {lowered.outputs[0].value}, false});
    std::vector<std::uint8_t> picture(28 * 28);
    for (std::size_t i = 0; i < picture.size(); ++i)
        picture[i] = static_cast<std::uint8_t>(i * 37 % 256);
    std::vector<float> probabilities(10);
    const void* const feeds[] = {picture.data()};
    void* const fetches[] = {probabilities.data()};
    session.run(plan, feeds, fetches);
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    QVERIFY2(std::abs(sum - 1) < 1e-6, qPrintable(QString::number(sum, 'g', 9)));
}

void SixteenBitsTest::fetchesAreAsTheyWere()
{
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {Dim::batch(), 3}});
    const Value weights = graph.variable("w", Role::Parameter, {DType::Float32, {3, 2}}, {Initializer::Kind::Constant, 0.5, 0});
    const Value product = matmul(x, weights), y = relu(product);
    Session session(onCard(Precision::BFloat16));
    Plan& plan = session.plan(graph, {2, 1, {y, product}});
    const std::vector<float> fed{1, 2, 3, 4, 5, -100};
    std::vector<float> first(4), second(4);
    const void* const feeds[] = {fed.data()};
    void* const fetches[] = {first.data(), second.data()};
    session.run(plan, feeds, fetches);
    QCOMPARE(first, (std::vector<float>{3, 3, 0, 0}));
    QCOMPARE(second, (std::vector<float>{3, 3, -45.5, -45.5}));
}

void SixteenBitsTest::otherPrecisionsStoreFloat32()
{
    for (const Precision precision : {Precision::Float32, Precision::Tf32}) {
        const RewrittenGraph rewritten = StepOfTemplate("resnet18", precision).graph();
        for (const auto& op : rewritten.graph->ops())
            QVERIFY(std::none_of(op->outputs().begin(), op->outputs().end(), isStored));
    }
    // A card before Ampere has no bfloat16, and processors store none.
    StepOfTemplate step("resnet18", Precision::BFloat16);
    qputenv("WEFT_TEST_WITHOUT_BFLOAT16", "1");
    const auto undo = qScopeGuard([] { qunsetenv("WEFT_TEST_WITHOUT_BFLOAT16"); });
    const auto stores = [&] {
        const RewrittenGraph rewritten = step.graph();
        const auto& ops = rewritten.graph->ops();
        return std::any_of(ops.begin(), ops.end(), [](const auto& op) { return std::any_of(op->outputs().begin(), op->outputs().end(), isStored); });
    };
    if (qEnvironmentVariableIsSet("WEFT_PLUGIN_DIR"))
        QVERIFY(!stores());
    step.options.device = DeviceKind::Cpu;
    step.options.threads = 1;
    QVERIFY(!stores());
}

QTEST_GUILESS_MAIN(SixteenBitsTest)
#include "sixteen_bits_test.moc"
