// Gradients of dense layers whose products do what surrounds them: which these are, and that the numbers are those of the ops by
// themselves. Runs on a card where there is one, and on the host with the plugin that is built without nvcc.
#include <QtTest>

#include <cstring>
#include <span>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/binary/binary.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "core/project/project.h"
#include "core/training/training_graph.h"
#include "tests/unit/card.h"

using namespace weft;

namespace {

constexpr std::int64_t samples = 21;
constexpr const char* products = "cublas:"; // the names of these begin so

SessionOptions onCard(Precision precision = Precision::Float32, const char* without = "")
{
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    options.threads = 1;
    options.seed = 5;
    options.precision = precision;
    options.withoutKernels = without;
    return options;
}

/// Three dense layers, the first two with a relu; of each sample, or of each of its steps.
struct Perceptron {
    Graph graph;
    std::vector<Value> parameters;
    Value x, first, loss;

    explicit Perceptron(bool isOfSteps = false)
    {
        x = graph.input("x", {DType::Float32, isOfSteps ? Shape{Dim::batch(), 6, 20} : Shape{Dim::batch(), 20}});
        first = relu(dense(x, "a", 20, 130));
        loss = reduceMean(square(dense(relu(dense(first, "b", 130, 40)), "c", 40, 10)), {});
        const Value rate = graph.input("rate", {DType::Float32, {}});
        std::vector<UpdateTarget> targets;
        gradients = differentiate(loss, parameters);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            targets.push_back({parameters[i], gradients[i], {}});
        sgdUpdate(rate, targets, 0, false, 0);
    }
    std::vector<Value> gradients;

private:
    Value dense(const Value& input, const std::string& name, std::int64_t in, std::int64_t out)
    {
        const auto parameter = [&](const std::string& of, const Shape& shape) {
            parameters.push_back(graph.variable(name + of, Role::Parameter, {DType::Float32, shape}, {Initializer::Kind::Uniform, -0.3, 0.3}));
            return parameters.back();
        };
        return add(matmul(input, parameter("k", {in, out})), parameter("b", {out}));
    }
};

struct Trained {
    std::vector<std::vector<float>> results; ///< losses, gradients of the last step, weights
    std::vector<std::string> ops;
    qsizetype count(const char* op) const { return std::count(ops.begin(), ops.end(), op); }
};

Trained trained(const Perceptron& net, const SessionOptions& options, std::vector<Value> alsoFetched = {})
{
    Session session(options);
    std::vector<Value> fetches{net.loss};
    fetches.insert(fetches.end(), net.gradients.begin(), net.gradients.end());
    fetches.insert(fetches.end(), alsoFetched.begin(), alsoFetched.end());
    Plan& plan = session.plan(net.graph, {samples, 1, fetches, true});
    const auto countOf = [](const Value& value) { return static_cast<std::size_t>(elementCount(value.shape().at(samples))); };
    std::vector<float> x(countOf(net.x));
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<float>(i * 37 % 101) / 50 - 1;
    const float rate = 0.1f;
    const void* const feeds[] = {x.data(), &rate};
    Trained result;
    std::vector<void*> places;
    for (const Value& fetch : fetches) {
        result.results.emplace_back(countOf(fetch));
        places.push_back(result.results.back().data()); // which stays when the others come
    }
    for (int step = 1; step <= 4; ++step)
        session.run(plan, feeds, places, {5, step, nullptr});
    for (const Value& value : net.parameters) {
        result.results.emplace_back(countOf(value));
        session.readVariable(value.name(), std::as_writable_bytes(std::span(result.results.back())));
    }
    for (const PlanStep& step : plan.steps())
        result.ops.push_back(step.op);
    return result;
}

/// Empty where all is within `tolerance` of the largest number of its array.
QString difference(const Trained& actual, const Trained& expected, float tolerance)
{
    for (std::size_t i = 0; i < expected.results.size(); ++i) {
        float largest = 0;
        for (const float number : expected.results[i])
            largest = std::max(largest, std::abs(number));
        for (std::size_t j = 0; j < expected.results[i].size(); ++j) {
            const float a = actual.results[i][j], e = expected.results[i][j];
            if (!(std::abs(a - e) <= tolerance * largest))
                return QStringLiteral("array %1, element %2: %3 instead of %4").arg(i).arg(j).arg(a).arg(e);
        }
    }
    return {};
}

/// The kernels of a training step of a template.
std::vector<std::string> stepsOf(const char* name, const SessionOptions& options)
{
    const Project project = projectFromTemplate(name);
    Lowered lowered = lower(project.network, {Mode::Train, true});
    const TrainingGraph training = buildTrainingGraph(lowered, trainingSettings(project.training));
    Session session(options);
    std::vector<std::string> ops;
    for (const PlanStep& step : session.plan(*lowered.graph, {32, 32, {training.metrics.loss}, true}).steps())
        ops.push_back(step.op);
    return ops;
}

} // namespace

class DenseGradientsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!cardProblem().isEmpty())
            QSKIP("not run: no card");
        m_isOnHost = qEnvironmentVariableIsSet("WEFT_PLUGIN_DIR");
    }
    void theyAreThoseOfTheOps_data();
    void theyAreThoseOfTheOps();
    void repetitionGivesTheSameBits();
    void leanMemoryGivesTheSameBits();
    void whatOthersReadStays();
    void whereTheLibraryKnowsNoWayTheOpsStay();
    void stepsHaveFewerKernels_data();
    void stepsHaveFewerKernels();

private:
    bool m_isOnHost = false; ///< whose library knows all of them
};

void DenseGradientsTest::theyAreThoseOfTheOps_data()
{
    QTest::addColumn<int>("precision");
    QTest::addColumn<bool>("isOfSteps");
    QTest::addColumn<float>("tolerance");
    for (const bool isOfSteps : {false, true}) {
        const auto add = [&](const char* name, Precision precision, float tolerance) {
            QTest::addRow("%s%s", name, isOfSteps ? ", of steps" : "") << static_cast<int>(precision) << isOfSteps << tolerance;
        };
        add("fp32", Precision::Float32, 1e-5f);
        add("tf32", Precision::Tf32, 1e-3f);
        add("bf16", Precision::BFloat16, 2e-2f);
        add("fp16", Precision::Float16, 2e-3f);
    }
}

void DenseGradientsTest::theyAreThoseOfTheOps()
{
    QFETCH(int, precision);
    QFETCH(bool, isOfSteps);
    QFETCH(float, tolerance);
    const Perceptron net(isOfSteps);
    const auto rounding = static_cast<Precision>(precision);
    const Trained apart = trained(net, onCard(rounding, products)), fused = trained(net, onCard(rounding));
    QCOMPARE(apart.count("DenseGradient") + apart.count("MaskedMatMul"), 0);
    if (m_isOnHost) {
        QCOMPARE(fused.count("DenseGradient"), 3);
        QCOMPARE(fused.count("MaskedMatMul"), 2);
        QCOMPARE(fused.count("SumTo") + fused.count("ReluGradient"), 0);
        QCOMPARE(fused.count("MatMul"), 0);
        QCOMPARE(fused.ops.size() + 5, apart.ops.size() - static_cast<std::size_t>(apart.count("Reshape")));
    }
    const QString wrong = difference(fused, apart, tolerance);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
}

void DenseGradientsTest::repetitionGivesTheSameBits()
{
    const Perceptron net;
    for (const Precision precision : {Precision::Tf32, Precision::BFloat16})
        QCOMPARE(trained(net, onCard(precision)).results, trained(net, onCard(precision)).results);
}

void DenseGradientsTest::leanMemoryGivesTheSameBits()
{
    const Perceptron net;
    SessionOptions lean = onCard();
    lean.memory = MemoryUse::Lean;
    QCOMPARE(trained(net, lean).results, trained(net, onCard()).results);
}

/// A relu that is fetched keeps its numbers and its mask; a slope that others read is made by itself.
void DenseGradientsTest::whatOthersReadStays()
{
    const Perceptron net;
    const Trained apart = trained(net, onCard(Precision::Float32, products), {net.first});
    const Trained fused = trained(net, onCard(), {net.first});
    if (m_isOnHost)
        QCOMPARE(fused.count("MaskedMatMul"), 2);
    QVERIFY(difference(fused, apart, 1e-5f).isEmpty());
    std::vector<Value> slopes;
    for (const auto& op : net.graph.ops()) {
        if (std::strcmp(op->spec().name, "ReluGradient") == 0)
            slopes.push_back(op->input(0));
    }
    QCOMPARE(slopes.size(), std::size_t(2));
    const Trained read = trained(net, onCard(), slopes);
    QCOMPARE(read.count("MaskedMatMul"), 0);
    QVERIFY(difference(read, trained(net, onCard(Precision::Float32, products), slopes), 1e-5f).isEmpty());
}

void DenseGradientsTest::whereTheLibraryKnowsNoWayTheOpsStay()
{
    if (!m_isOnHost)
        QSKIP("not run: a card's library knows what it knows");
    qputenv("WEFT_TEST_WITHOUT_EPILOGUES", "1");
    const auto undo = qScopeGuard([] { qunsetenv("WEFT_TEST_WITHOUT_EPILOGUES"); });
    const Perceptron net;
    const Trained without = trained(net, onCard());
    QCOMPARE(without.count("DenseGradient") + without.count("MaskedMatMul"), 0);
    QCOMPARE(without.results, trained(net, onCard(Precision::Float32, products)).results);
}

void DenseGradientsTest::stepsHaveFewerKernels_data()
{
    QTest::addColumn<int>("fewer"); // a sum for each bias, a relu's gradient between two dense layers
    QTest::newRow("mlp") << 5;
    QTest::newRow("lenet") << 3;
}

void DenseGradientsTest::stepsHaveFewerKernels()
{
    QFETCH(int, fewer);
    for (const Precision precision : {Precision::Tf32, Precision::BFloat16}) {
        const std::size_t apart = stepsOf(QTest::currentDataTag(), onCard(precision, products)).size(),
                          fused = stepsOf(QTest::currentDataTag(), onCard(precision)).size();
        qInfo("%s: %zu kernels a step instead of %zu", nameOf(precision), fused, apart);
        if (m_isOnHost)
            QCOMPARE(fused + static_cast<std::size_t>(fewer), apart);
    }
}

QTEST_GUILESS_MAIN(DenseGradientsTest)
#include "dense_gradients_test.moc"
