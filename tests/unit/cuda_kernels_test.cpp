// Every kernel of the CUDA plugin gives what the op's reference kernel gives. Runs on a card where there is one, and on the
// host with the plugin that is built without nvcc.
#include <QtTest>

#include <set>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/engine/session.h"
#include "core/graph/graph.h"
#include "core/ops/binary/binary.h"
#include "tests/unit/kernel_arrays.h"

using namespace weft;
using namespace kernel_arrays;

namespace {

/// An array on the device, poisoned until it is filled.
class DeviceArray {
public:
    DeviceArray(Device& device, const ArrayType& type) : m_device(device), m_bytes(storedBytes(type, Layout::RowMajor))
    {
        array = {device.allocate(m_bytes), type};
        const std::vector<std::byte> poison(m_bytes, std::byte{0xff});
        device.copyFromHost(array.data, poison.data(), m_bytes);
    }
    ~DeviceArray() { m_device.free(array.data, m_bytes); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    void fill(const Array& from) { m_device.copyFromHost(array.data, from.data, m_bytes); }
    OwnedArray onHost() const
    {
        OwnedArray copy(array.type);
        m_device.copyToHost(copy.array.data, array.data, m_bytes);
        return copy;
    }

    Array array;

private:
    Device& m_device;
    std::size_t m_bytes;
};

using DeviceArrays = std::vector<std::unique_ptr<DeviceArray>>;

std::vector<Array> viewsOf(const DeviceArrays& arrays)
{
    std::vector<Array> views;
    for (const auto& a : arrays)
        views.push_back(a->array);
    return views;
}

/// What only plans of several ranks or files read back need, and what a card computes as its parts.
const std::set<std::string> composed{"FusedConvPool"};

} // namespace

class CudaKernelsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void agreesWithReference_data();
    void agreesWithReference();
    void productsRoundTheirFactors_data();
    void productsRoundTheirFactors();
    void stagedFeedsArriveWithTheNextRun();
    void aSmallerBatchTakesNoMoreThanItsPlace();
    void everyOpHasAKernel();

private:
    DeviceArrays onDevice(const Arrays& arrays);
    DeviceArrays run(const KernelOption& option, const DeviceArrays& inputs, const std::vector<ArrayType>& outputs);

    std::vector<KernelCase> m_cases = kernelCases();
    std::unique_ptr<Device> m_device;
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

DeviceArrays CudaKernelsTest::onDevice(const Arrays& arrays)
{
    DeviceArrays copies;
    for (const OwnedArray& a : arrays) {
        copies.push_back(std::make_unique<DeviceArray>(*m_device, a.array.type));
        copies.back()->fill(a.array);
    }
    return copies;
}

DeviceArrays CudaKernelsTest::run(const KernelOption& option, const DeviceArrays& inputs, const std::vector<ArrayType>& types)
{
    DeviceArrays outputs;
    for (const ArrayType& type : types)
        outputs.push_back(std::make_unique<DeviceArray>(*m_device, type));
    const std::unique_ptr<Kernel> kernel = option.prepare();
    const DeviceArray scratch(*m_device, {DType::UInt8, {static_cast<std::int64_t>(kernel->scratchBytes()) + 1}});
    const std::vector<std::int64_t> samples = sampleIndices();
    m_device->beginRun(StepState{5, 3, samples.data()}, static_cast<std::int64_t>(samples.size()));
    const std::vector<Array> from = viewsOf(inputs), to = viewsOf(outputs);
    kernel->run({from, to, scratch.array.data, threads, m_device->stream(), nullptr});
    m_device->synchronize();
    return outputs;
}

void CudaKernelsTest::agreesWithReference()
{
    if (!m_device)
        QSKIP("not run: no card");
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    if (composed.count(one.op))
        return;
    const OpSpec* spec = specOf(one.op);
    QVERIFY2(spec, "no such op");
    const KernelFactory reference = KernelTable::process().find(DeviceKind::Reference, one.op);
    const KernelFactory cuda = KernelTable::process().find(DeviceKind::Cuda, one.op);
    QVERIFY(reference);
    QVERIFY2(cuda, "no CUDA kernel");

    const Arrays inputs = makeInputs(one);
    const std::vector<ArrayType> types = outputTypes(one, *spec);
    std::vector<ArrayType> inputTypes;
    for (const OwnedArray& input : inputs)
        inputTypes.push_back(input.array.type);
    const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
    const KernelRequest request{one.attributes, inputTypes, types, hints, threads, false};

    const DeviceArrays own = onDevice(inputs);
    Arrays expected;
    for (const ArrayType& type : types)
        expected.emplace_back(type);
    runKernel(reference(request).at(0), kernel_arrays::viewsOf(inputs), kernel_arrays::viewsOf(expected));

    const std::vector<KernelOption> options = cuda(request);
    QVERIFY2(!options.empty(), "the card has no kernel for these sizes");
    const DeviceArrays results = run(options[0], own, types);
    for (std::size_t i = 0; i < results.size(); ++i) {
        const QString wrong = difference(results[i]->onHost().array, expected[i].array, one.tolerance);
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("%1, output %2: %3").arg(QLatin1String(options[0].name)).arg(i).arg(wrong)));
    }
    // What an op overwrites is compared as well; what it reads is as it was.
    for (std::size_t i = 0; i < own.size(); ++i) {
        const QString wrong = difference(own[i]->onHost().array, inputs[i].array, one.tolerance);
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("%1, input %2: %3").arg(QLatin1String(options[0].name)).arg(i).arg(wrong)));
    }
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
        return run(options.at(0), onDevice(inputs), {types[0]})[0]->onHost().array.as<float>()[65];
    };
    QCOMPARE(product(Precision::Float32), number);
    const double wrong = std::abs(static_cast<double>(product(static_cast<Precision>(precision))) - static_cast<double>(number));
    QVERIFY2(wrong > 0 && wrong <= bound, qPrintable(QString::number(wrong)));
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
    session.run(plan, feeds, fetches, {}, [&] {
        session.stage(plan, none);
        session.stage(plan, next);
        second = {0, 0, 0};
    });
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

/// The last batch of an epoch lies where a full one did, with something else behind it.
void CudaKernelsTest::aSmallerBatchTakesNoMoreThanItsPlace()
{
    if (!m_device)
        QSKIP("not run: no card");
    DeviceArray place(*m_device, {DType::Float32, {4}});
    const auto arrives = [&](const std::vector<float>& numbers) {
        m_device->stage(place.array.data, numbers.data(), numbers.size() * sizeof(float));
        m_device->beginRun({}, 0);
    };
    arrives({1, 2, 3, 4});
    const std::vector<float> behind{0, 0, 30, 40};
    m_device->copyFromHost(place.array.data, behind.data(), behind.size() * sizeof(float));
    arrives({5, 6});
    std::vector<float> found(4);
    m_device->copyToHost(found.data(), place.array.data, found.size() * sizeof(float));
    QCOMPARE(found, (std::vector<float>{5, 6, 30, 40}));
}

void CudaKernelsTest::everyOpHasAKernel()
{
    if (!m_device)
        QSKIP("not run: no card");
    for (const OpSpec* spec : opCatalogue())
        if (KernelTable::process().find(DeviceKind::Reference, spec->name) && !composed.count(spec->name))
            QVERIFY2(KernelTable::process().find(DeviceKind::Cuda, spec->name), spec->name);
}

QTEST_GUILESS_MAIN(CudaKernelsTest)
#include "cuda_kernels_test.moc"
