// Every kernel of the CUDA plugin gives what the op's reference kernel gives. Runs on a card where there is one, and on the
// host with the plugin that is built without nvcc.
#include <QtTest>

#include <set>

#include "core/base/error.h"
#include "core/device/cuda/divider.h"
#include "core/device/device.h"
#include "core/engine/session.h"
#include "core/graph/graph.h"
#include "core/ops/assign/assign.h"
#include "core/ops/binary/binary.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/constant/constant.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/device_arrays.h"

using namespace weft;
using namespace device_arrays;

namespace {

/// What a card computes as its parts, and what picks the numbers of gradients for a slow network: cards send all of them.
const std::set<std::string> withoutKernel{"FusedConvPool", "KeepLargest"};

/// Ops whose arrays may have their channels last, beside those that take them in any order.
const std::set<std::string> spatialOps{"Conv",
                                       "ConvInputGradient",
                                       "ConvKernelGradient",
                                       "FusedConv",
                                       "FusedConvAdd",
                                       "IndexedMaxPool",
                                       "IndexedMaxPoolGradient",
                                       "Pixels",
                                       "MaxPool",
                                       "MaxPoolGradient",
                                       "AveragePool",
                                       "AveragePoolGradient",
                                       "BatchNorm",
                                       "BatchNormGradient",
                                       "BatchNormInference",
                                       "FusedBatchNorm",
                                       "FusedBatchNormGradient",
                                       "Concat",
                                       "Slice",
                                       "SliceGradient",
                                       "Dropout",
                                       "ElementwiseChain",
                                       "GaussianNoise",
                                       "Add",
                                       "Multiply",
                                       "BroadcastTo",
                                       "SumTo",
                                       "ReduceSum",
                                       "ReduceMean",
                                       "ReduceMax",
                                       "ReduceMeanGradient",
                                       "ReduceMaxGradient"};

} // namespace

class CudaKernelsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void agreesWithReference_data();
    void agreesWithReference();
    void agreesWithChannelsLast_data();
    void agreesWithChannelsLast();
    void everySpatialOpTakesChannelsLast();
    void arraysAreTurnedAround();
    void measuredPlansAreKept();
    void productsRoundTheirFactors_data();
    void productsRoundTheirFactors();
    void productsOfRecurrentLayersRoundTheirFactors();
    void stagedFeedsArriveWithTheNextRun();
    void runsMayBeStartedBeforeTheLastHasEnded();
    void dividersDivide();
    void aSessionMayGoBeforeItsRunHasEnded();
    void everyOpHasAKernel();

private:
    void compare(const KernelCase& one, const KernelOption& option, const Arrays& inputs, const std::vector<ArrayType>& types, double tolerance);

    std::vector<KernelCase> m_cases = allKernelCases();
    std::unique_ptr<Device> m_device;
    std::set<std::string> m_spatialOps; ///< that were compared
};

void CudaKernelsTest::initTestCase()
{
    try {
        m_device = openDevice(DeviceKind::Cuda);
    } catch (const Error& error) {
        QSKIP(qPrintable(QStringLiteral("not run: ") + QString::fromUtf8(error.what())));
    }
}

void CudaKernelsTest::agreesWithReference_data()
{
    addRows(m_cases);
}

void CudaKernelsTest::compare(const KernelCase& one, const KernelOption& option, const Arrays& inputs, const std::vector<ArrayType>& types,
                              double tolerance)
{
    const std::vector<ArrayType> inputTypes = typesOf(inputs);
    const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
    const KernelFactory reference = KernelTable::process().find(DeviceKind::Reference, one.op);
    QVERIFY(reference);
    const DeviceArrays own = onDevice(*m_device, inputs, option.inputLayouts);
    Arrays expected;
    for (const ArrayType& type : types)
        expected.emplace_back(type);
    runKernel(reference({one.attributes, inputTypes, types, hints, threads}).at(0), kernel_arrays::viewsOf(inputs), kernel_arrays::viewsOf(expected));

    const DeviceArrays results = runOn(*m_device, option, own, types);
    for (std::size_t i = 0; i < results.size(); ++i) {
        const QString wrong = difference(results[i]->onHost().array, expected[i].array, tolerance);
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("%1, output %2: %3").arg(QLatin1String(option.name)).arg(i).arg(wrong)));
    }
    // What an op overwrites is compared as well; what it reads is as it was.
    for (std::size_t i = 0; i < own.size(); ++i) {
        const QString wrong = difference(own[i]->onHost().array, inputs[i].array, tolerance);
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("%1, input %2: %3").arg(QLatin1String(option.name)).arg(i).arg(wrong)));
    }
}

void CudaKernelsTest::agreesWithReference()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    if (withoutKernel.count(one.op))
        return;
    const OpSpec* spec = specOf(one.op);
    QVERIFY2(spec, "no such op");
    const KernelFactory cuda = KernelTable::process().find(DeviceKind::Cuda, one.op);
    QVERIFY2(cuda, "no CUDA kernel");
    const Arrays inputs = makeInputs(one);
    const std::vector<ArrayType> types = outputTypes(one, *spec), inputTypes = typesOf(inputs);
    const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
    const std::vector<KernelOption> options = cuda({one.attributes, inputTypes, types, hints, threads});
    if (options.empty() && isLeftToLibrary(one) && !qEnvironmentVariableIsSet("WEFT_PLUGIN_DIR"))
        QSKIP("not run: cuBLASLt knows no way");
    QVERIFY2(!options.empty(), "the card has no kernel for these sizes");
    compare(one, options[0], inputs, types, one.tolerance);
}

void CudaKernelsTest::agreesWithChannelsLast_data()
{
    addRows(m_cases);
}

/// The other options of the same ops; convolutions have them where tensor cores round their factors.
void CudaKernelsTest::agreesWithChannelsLast()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    const KernelFactory cuda = KernelTable::process().find(DeviceKind::Cuda, one.op);
    if (!cuda)
        return;
    const Arrays inputs = makeInputs(one);
    const std::vector<ArrayType> types = outputTypes(one, *specOf(one.op)), inputTypes = typesOf(inputs);
    const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
    const std::vector<KernelOption> options = cuda({one.attributes, inputTypes, types, hints, threads, false, Precision::Tf32});
    const bool isConv = one.op.find("Conv") != std::string::npos;
    if (options.size() > 1)
        m_spatialOps.insert(one.op);
    for (std::size_t i = 1; i < options.size(); ++i)
        compare(one, options[i], inputs, types, isConv ? 2e-3 : one.tolerance);
}

void CudaKernelsTest::everySpatialOpTakesChannelsLast()
{
    if (m_spatialOps.empty())
        QSKIP("not run: agreesWithChannelsLast has not run before");
    for (const std::string& op : spatialOps)
        QVERIFY2(m_spatialOps.count(op), op.c_str());
}

void CudaKernelsTest::arraysAreTurnedAround()
{
    if (!m_device)
        QSKIP("not run: no card");
    const KernelFactory factory = KernelTable::process().find(DeviceKind::Cuda, "Reorder");
    for (const DType dtype : {DType::Float32, DType::UInt8}) {
        const ArrayType type{dtype, {3, 5, 4, 7}};
        Arrays inputs;
        inputs.emplace_back(type);
        for (std::int64_t i = 0; i < inputs[0].array.count(); ++i)
            setValue(inputs[0].array, i, static_cast<double>(i % 251));
        const Layout hint = Layout::RowMajor;
        for (const KernelOption& option : factory({{}, {&type, 1}, {&type, 1}, {&hint, 1}, threads})) {
            const DeviceArrays turned = runOn(*m_device, option, onDevice(*m_device, inputs, option.inputLayouts), {type});
            QCOMPARE(difference(turned[0]->onHost().array, inputs[0].array, 0), QString());
        }
    }
}

/// A convolution that has been measured is found again; what is not whole is measured anew.
void CudaKernelsTest::measuredPlansAreKept()
{
    if (!m_device)
        QSKIP("not run: no card");
    if (qEnvironmentVariableIsSet("WEFT_TEST_WITHOUT_CUDNN"))
        QSKIP("not run: without cuDNN nothing is measured");
    const QTemporaryDir cache;
    qputenv("XDG_CACHE_HOME", cache.path().toUtf8());
    const auto undo = qScopeGuard([&] {
        qunsetenv("XDG_CACHE_HOME");
        m_device->setMeasuring(false);
    });
    m_device->setMeasuring(true);
    const QDir folder(cache.filePath(QStringLiteral("weft/cudnn-plans")));
    const auto plans = [&] {
        QByteArrayList all;
        for (const QString& name : folder.entryList(QDir::Files, QDir::Name)) {
            QFile file(folder.filePath(name));
            if (file.open(QIODevice::ReadOnly))
                all.append(file.readAll());
        }
        return all;
    };
    const auto convolve = [&] {
        for (const KernelCase& one : m_cases) {
            if (one.op != "Conv" || one.inputs[0].extents != Extents{17, 3, 7, 11})
                continue;
            const Arrays inputs = makeInputs(one);
            const std::vector<ArrayType> types = outputTypes(one, *specOf(one.op)), inputTypes = typesOf(inputs);
            const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
            compare(one, KernelTable::process().find(DeviceKind::Cuda, one.op)({one.attributes, inputTypes, types, hints, threads}).at(0), inputs,
                    types, one.tolerance);
        }
    };
    convolve();
    const QByteArrayList kept = plans();
    QCOMPARE(kept.size(), 2); // with bias and without
    QVERIFY2(kept.join().contains(" measured forward+bias float32 fp32 row-major 17 3 5 1 1x7x11 1x7x11 1x3x3"), kept[0].constData());
    QVERIFY2(kept.join().contains(" measured forward float32 fp32 row-major 17 3 5 1 1x7x11 1x7x11 1x3x3"), kept[1].constData());
    convolve();
    QCOMPARE(plans(), kept);
    QFile damaged(folder.filePath(folder.entryList(QDir::Files).front()));
    QVERIFY(damaged.resize(damaged.size() / 2));
    convolve();
    QCOMPARE(plans(), kept);
}

void CudaKernelsTest::productsRoundTheirFactors_data()
{
    QTest::addColumn<int>("precision");
    QTest::addColumn<double>("bound");
    QTest::newRow("tf32") << static_cast<int>(Precision::Tf32) << 1.0 / (1 << 11);
    QTest::newRow("bf16") << static_cast<int>(Precision::BFloat16) << 1.0 / (1 << 8);
    QTest::newRow("fp16") << static_cast<int>(Precision::Float16) << 1.0 / (1 << 11);
}

/// A number that needs all bits of float32 times one: what comes out is how the card rounded it.
void CudaKernelsTest::productsRoundTheirFactors()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, precision);
    QFETCH(double, bound);
    constexpr float number = 1.0f + 0x1p-9f + 0x1p-12f + 0x1p-23f;
    const std::vector<ArrayType> types{{DType::Float32, {64, 64}}, {DType::Float32, {64, 64}}};
    Arrays inputs;
    for (const ArrayType& type : types)
        inputs.emplace_back(type);
    for (std::int64_t i = 0; i < 64 * 64; ++i) {
        inputs[0].array.as<float>()[i] = number;
        inputs[1].array.as<float>()[i] = i / 64 == i % 64 ? 1.0f : 0.0f;
    }
    const Attributes attributes{{"transposeA", false}, {"transposeB", false}};
    const std::vector<Layout> hints(2, Layout::RowMajor);
    const auto product = [&](Precision in) {
        const KernelRequest request{attributes, types, {types.data(), 1}, hints, threads, false, in};
        const std::vector<KernelOption> options = KernelTable::process().find(DeviceKind::Cuda, "MatMul")(request);
        return runOn(*m_device, options.at(0), onDevice(*m_device, inputs, hints), {types[0]})[0]->onHost().array.as<float>()[65];
    };
    QCOMPARE(product(Precision::Float32), number);
    const double wrong = std::abs(static_cast<double>(product(static_cast<Precision>(precision))) - static_cast<double>(number));
    QVERIFY2(wrong > 0 && wrong <= bound, qPrintable(QString::number(wrong)));
}

/// Those of x, of the state, of its slope, and of the recurrent kernel's gradient.
void CudaKernelsTest::productsOfRecurrentLayersRoundTheirFactors()
{
    if (!m_device)
        QSKIP("not run: no card");
    constexpr std::int64_t units = 260; // so wide that steps take products
    const Attributes attributes{{"reverse", false}, {"forTraining", true}, {"hasDy", true}, {"hasDLast", false}};
    const KernelCase forward{"SimpleRnn", attributes, {{{3, 2, 8}}, {{8, units}}, {{units, units}}, {{units}}, {{units}}}};
    const KernelCase backward{"SimpleRnnGradient", attributes, {{{3, 2, units}}, {{units, units}}, {{3, 2, units}}}};
    const auto run = [&](const KernelCase& one, const Arrays& inputs, Precision precision) {
        const std::vector<ArrayType> types = outputTypes(one, *specOf(one.op)), inputTypes = typesOf(inputs);
        const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
        const KernelFactory factory = KernelTable::process().find(DeviceKind::Cuda, one.op);
        return runOn(*m_device, factory({attributes, inputTypes, types, hints, threads, false, precision}).at(0), onDevice(*m_device, inputs, hints),
                     types);
    };
    /// By how much TF32 changes the numbers of an output that begin at a row of [N, T] (or [units]).
    const auto change = [&](const KernelCase& one, const Arrays& inputs, std::size_t output, std::int64_t row) {
        const auto full = run(one, inputs, Precision::Float32), rounded = run(one, inputs, Precision::Tf32);
        float most = 0;
        for (std::int64_t j = row * units; j < (row + 1) * units; ++j)
            most = std::max(most, std::abs(full[output]->onHost().array.as<float>()[j] - rounded[output]->onHost().array.as<float>()[j]));
        return most;
    };
    const auto isRounding = [](float most) { return most > 1e-6f && most < 5e-2f; };
    Arrays inputs = makeInputs(forward);
    QVERIFY(isRounding(change(forward, inputs, 0, 0)));
    std::fill_n(inputs[0].array.as<float>(), inputs[0].array.count(), 0.0f);
    QCOMPARE(change(forward, inputs, 0, 0), 0.0f);
    QVERIFY(isRounding(change(forward, inputs, 0, 1)));
    const Arrays slopes = makeInputs(backward);
    QCOMPARE(change(backward, slopes, 0, 1), 0.0f);
    QVERIFY(isRounding(change(backward, slopes, 0, 0)));
    QVERIFY(isRounding(change(backward, slopes, 1, 0)));
}

/// What is staged lies there for the next run, whatever the host's memory holds by then, and not for the one at hand.
void CudaKernelsTest::stagedFeedsArriveWithTheNextRun()
{
    if (!m_device)
        QSKIP("not run: no card");
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {Dim::batch()}});
    const Value y = add(x, x);
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    Session session(options);
    Plan& plan = session.plan(graph, {3, 1, {y}});
    std::vector<float> first{1, 2, 3}, second{4, 5, 6}, result(3);
    const std::vector<const void*> feeds{first.data()}, next{second.data()}, none{nullptr};
    void* const fetches[] = {result.data()};
    session.stage(plan, feeds); // nothing has run yet: then it is copied as always
    session.run(plan, feeds, fetches);
    QCOMPARE(result, (std::vector<float>{2, 4, 6}));
    first = {7, 8, 9};
    session.start(plan, feeds, fetches);
    session.stage(plan, none);
    session.stage(plan, next);
    second = {0, 0, 0};
    session.finish();
    QCOMPARE(result, (std::vector<float>{14, 16, 18}));
    session.run(plan, next, fetches);
    QCOMPARE(result, (std::vector<float>{8, 10, 12}));
    session.run(plan, next, fetches);
    QCOMPARE(result, (std::vector<float>{0, 0, 0}));
    session.stage(plan, next);
    first = {1, 1, 1};
    session.run(plan, feeds, fetches); // another batch after all
    QCOMPARE(result, (std::vector<float>{2, 2, 2}));
}

/// The card goes on while the host looks at what came before.
void CudaKernelsTest::runsMayBeStartedBeforeTheLastHasEnded()
{
    if (!m_device)
        QSKIP("not run: no card");
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {3}}), rate = graph.input("rate", {DType::Float32, {1}});
    const Value all = graph.variable("all", Role::State, {DType::Float32, {3}}, {Initializer::Kind::Constant, 100});
    assign(all, add(all, multiply(x, broadcastTo(rate, x.shape()))));
    const Value mean = reduceMean(all, {0}), fed = affine(x, 1);
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    Session session(options);
    Plan& plan = session.plan(graph, {1, 1, {mean, fed}, true});
    std::vector<float> batch(3), means(8), back(3 * 8);
    float factor = 0;
    const std::vector<const void*> feeds{batch.data(), &factor}, ahead{batch.data(), nullptr};
    const auto start = [&](int step) {
        factor = static_cast<float>(step % 2);
        void* const fetches[] = {&means[static_cast<std::size_t>(step)], &back[3 * static_cast<std::size_t>(step)]};
        session.start(plan, feeds, fetches, {5, step + 1});
        factor = -1000;
        batch.assign(3, static_cast<float>(step + 1));
        session.stage(plan, ahead);
    };
    start(0);
    for (int step = 1; step < 8; ++step) {
        start(step);
        session.finish();
    }
    session.finish();
    QCOMPARE(means, (std::vector<float>{100, 101, 101, 104, 104, 109, 109, 116}));
    for (std::size_t step = 0; step < 8; ++step)
        QCOMPARE(back[3 * step + 2], static_cast<float>(step));
}

void CudaKernelsTest::dividersDivide()
{
    const std::uint32_t most = static_cast<std::uint32_t>(Divider::limit - 1);
    for (const std::uint32_t divisor :
         {1u, 2u, 3u, 5u, 6u, 7u, 9u, 64u, 96u, 97u, 641u, 65535u, 65536u, 65537u, 1000003u, most / 2, most / 2 + 1, most - 1, most}) {
        const Divider divider(divisor);
        for (const std::uint32_t times : {0u, 1u, 2u, 3u, 1000u, most / divisor - 1, most / divisor}) {
            for (const std::int64_t off : {-1, 0, 1}) {
                const std::int64_t number = static_cast<std::int64_t>(times) * divisor + off;
                if (number < 0 || number > most)
                    continue;
                const Divider::Result result = divider(static_cast<std::uint32_t>(number));
                QCOMPARE(std::int64_t(result.quotient), number / divisor);
                QCOMPARE(std::int64_t(result.remainder), number % divisor);
            }
        }
    }
}

/// A fault leaves it behind, and a card that reads the host's memory by itself has not read all of its plan by then.
void CudaKernelsTest::aSessionMayGoBeforeItsRunHasEnded()
{
    if (!m_device)
        QSKIP("not run: no card");
    qputenv("WEFT_TEST_READS_HOST", "1");
    const auto undo = qScopeGuard([] { qunsetenv("WEFT_TEST_READS_HOST"); });
    Graph graph;
    const Value x = graph.input("x", {DType::Float32, {3}});
    const Value sum = add(x, constant(graph, DType::Float32, {3}, {1, 2, 3}));
    const float batch[3] = {};
    const std::vector<const void*> feeds{batch};
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    Session session(options);
    session.start(session.plan(graph, {1, 1, {sum}}), feeds, {});
}

void CudaKernelsTest::everyOpHasAKernel()
{
    if (!m_device)
        QSKIP("not run: no card");
    for (const OpSpec* spec : opCatalogue())
        if (KernelTable::process().find(DeviceKind::Reference, spec->name) && !withoutKernel.count(spec->name))
            QVERIFY2(KernelTable::process().find(DeviceKind::Cuda, spec->name), spec->name);
}

QTEST_GUILESS_MAIN(CudaKernelsTest)
#include "cuda_kernels_test.moc"
