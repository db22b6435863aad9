// Every way in which the CPU runs an op gives what the op's reference kernel gives.
#include <QtTest>

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>

#include "core/device/cpu/reorder.h"
#include "core/device/cpu_info.h"
#include "core/device/kernel_table.h"
#include "core/ops/op_catalogue.h"
#include "tests/unit/kernel_arrays.h"

using namespace weft;
using namespace kernel_arrays;

namespace {

void runReorder(const Array& from, const Array& to)
{
    const std::vector<Array> inputs{from};
    const std::vector<Array> outputs{to};
    KernelOption option;
    option.prepare = [&] { return makeReorder(from.type, from.layout, to.layout); };
    runKernel(option, inputs, outputs);
}

/// Overwrites what no element of the array occupies: kernels must not let it into their results.
void poison(const Array& a)
{
    if (a.layout == Layout::RowMajor || a.type.dtype != DType::Float32)
        return;
    const std::int64_t stored = storedElements(a.type, a.layout);
    OwnedArray full({DType::Float32, a.type.extents});
    for (std::int64_t i = 0; i < full.array.count(); ++i)
        full.array.as<float>()[i] = 1;
    OwnedArray mask(a.type, a.layout);
    runReorder(full.array, mask.array);
    for (std::int64_t i = 0; i < stored; ++i)
        if (mask.array.as<float>()[i] == 0)
            a.as<float>()[i] = std::numeric_limits<float>::quiet_NaN();
}

Arrays inLayouts(const Arrays& plain, const std::vector<Layout>& layouts)
{
    Arrays result;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        result.emplace_back(plain[i].array.type, layouts[i]);
        runReorder(plain[i].array, result.back().array);
        poison(result.back().array);
    }
    return result;
}

Arrays emptyArrays(const std::vector<ArrayType>& types, const std::vector<Layout>& layouts)
{
    Arrays result;
    for (std::size_t i = 0; i < types.size(); ++i) {
        result.emplace_back(types[i], layouts[i]);
        std::fill(result.back().bytes.begin(), result.back().bytes.end(), std::byte{0xff});
    }
    return result;
}

/// As the planner does: one layout for all arrays of an elementwise op.
std::vector<KernelOption> withElementwiseLayouts(std::vector<KernelOption> options, const OpSpec& spec, const KernelCase& one,
                                                 const std::vector<ArrayType>& outputs)
{
    const bool isUniform = spec.isElementwise && outputs.size() == 1
        && std::all_of(one.inputs.begin(), one.inputs.end(), [&](const CaseInput& input) { return input.extents == outputs[0].extents; });
    if (!isUniform)
        return options;
    std::vector<KernelOption> all;
    for (const KernelOption& option : options)
        for (const Layout layout : {Layout::RowMajor, Layout::BatchLanes16, Layout::ChannelBlocked16}) {
            if (layout != Layout::RowMajor && outputs[0].extents.size() < 2)
                continue;
            all.push_back(option);
            all.back().inputLayouts.assign(one.inputs.size(), layout);
            all.back().outputLayouts.assign(1, layout);
        }
    return all;
}

} // namespace

class KernelsTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithReference_data();
    void agreesWithReference();
    void roundedProductsStayNearTheReference_data() { agreesWithReference_data(); }
    void roundedProductsStayNearTheReference();
    void everyOpHasACpuKernel();
    void everyOpIsTested();
    void repeatsToTheBit_data() { agreesWithReference_data(); }
    void repeatsToTheBit();
    void reordersComeBack_data();
    void reordersComeBack();

private:
    void compare(const KernelCase& one, Precision precision, double tolerance);

    std::vector<KernelCase> m_cases = kernelCases();
};

void KernelsTest::agreesWithReference_data()
{
    addRows(m_cases);
}

void KernelsTest::agreesWithReference()
{
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    compare(one, Precision::Float32, one.tolerance);
}

void KernelsTest::roundedProductsStayNearTheReference()
{
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    static const std::set<std::string> products{"MatMul", "FusedMatMul", "Conv", "FusedConv", "ConvInputGradient", "ConvKernelGradient"};
    if (!products.count(one.op))
        return;
    if (!cpuMultipliesBFloat16())
        QSKIP("not run: this processor does not multiply bfloat16");
    // 8 bits of either factor.
    compare(one, Precision::BFloat16, 0.01);
}

void KernelsTest::compare(const KernelCase& one, Precision precision, double tolerance)
{
    const OpSpec* spec = specOf(one.op);
    QVERIFY2(spec, "no such op");
    const KernelTable& table = KernelTable::process();
    const KernelFactory reference = table.find(DeviceKind::Reference, one.op);
    const KernelFactory cpu = table.find(DeviceKind::Cpu, one.op);
    QVERIFY(reference);
    QVERIFY2(cpu, "no CPU kernel");

    const Arrays inputs = makeInputs(one);
    const std::vector<ArrayType> types = outputTypes(one, *spec);
    std::vector<ArrayType> inputTypes;
    for (const OwnedArray& input : inputs)
        inputTypes.push_back(input.array.type);
    const std::vector<Layout> plainInputs(inputs.size(), Layout::RowMajor);
    const std::vector<Layout> plainOutputs(types.size(), Layout::RowMajor);
    const KernelRequest request{one.attributes, inputTypes, types, plainInputs, threads, false, precision};

    const Arrays referenceInputs = inLayouts(inputs, plainInputs);
    const Arrays expected = emptyArrays(types, plainOutputs);
    runKernel(reference(request).at(0), viewsOf(referenceInputs), viewsOf(expected));

    const std::vector<KernelOption> options = withElementwiseLayouts(cpu(request), *spec, one, types);
    QVERIFY2(!options.empty(), "the CPU has no kernel for these sizes");
    for (const KernelOption& option : options) {
        const Arrays own = inLayouts(inputs, option.inputLayouts);
        const Arrays results = emptyArrays(types, option.outputLayouts);
        runKernel(option, viewsOf(own), viewsOf(results));
        const auto check = [&](const Array& actual, const Array& wanted, const char* what, std::size_t i) {
            OwnedArray plain(actual.type);
            runReorder(actual, plain.array);
            const QString wrong = difference(plain.array, wanted, tolerance);
            QVERIFY2(wrong.isEmpty(),
                     qPrintable(QStringLiteral("%1, %2 %3 (%4): %5").arg(option.name, what).arg(i).arg(nameOf(actual.layout), wrong)));
        };
        for (std::size_t i = 0; i < results.size(); ++i)
            check(results[i].array, expected[i].array, "output", i);
        // What an op overwrites is compared as well; what it reads is as it was.
        for (std::size_t i = 0; i < own.size(); ++i)
            check(own[i].array, referenceInputs[i].array, "input", i);
    }
}

void KernelsTest::repeatsToTheBit()
{
    QFETCH(int, index);
    const KernelCase& one = m_cases[static_cast<std::size_t>(index)];
    const OpSpec* spec = specOf(one.op);
    QVERIFY(spec);
    const KernelFactory cpu = KernelTable::process().find(DeviceKind::Cpu, one.op);
    QVERIFY(cpu);
    const Arrays inputs = makeInputs(one);
    std::vector<ArrayType> inputTypes;
    for (const OwnedArray& input : inputs)
        inputTypes.push_back(input.array.type);
    const std::vector<ArrayType> types = outputTypes(one, *spec);
    const std::vector<Layout> hints(inputs.size(), Layout::RowMajor);
    for (const KernelOption& option : cpu({one.attributes, inputTypes, types, hints, threads, false})) {
        std::vector<Arrays> results;
        for (int turn = 0; turn < 2; ++turn) {
            const Arrays own = inLayouts(inputs, option.inputLayouts);
            results.push_back(emptyArrays(types, option.outputLayouts));
            runKernel(option, viewsOf(own), viewsOf(results.back()));
        }
        for (std::size_t i = 0; i < types.size(); ++i) {
            OwnedArray first(types[i]);
            OwnedArray second(types[i]);
            runReorder(results[0][i].array, first.array);
            runReorder(results[1][i].array, second.array);
            QVERIFY2(std::memcmp(first.array.data, second.array.data, storedBytes(types[i], Layout::RowMajor)) == 0, option.name);
        }
    }
}

void KernelsTest::everyOpHasACpuKernel()
{
    const KernelTable& table = KernelTable::process();
    std::set<std::string> ofCards;
    for (const KernelCase& one : cardKernelCases())
        ofCards.insert(one.op);
    for (const KernelCase& one : kernelCases())
        ofCards.erase(one.op);
    for (const OpSpec* spec : opCatalogue())
        if (table.find(DeviceKind::Reference, spec->name))
            QVERIFY2(static_cast<bool>(table.find(DeviceKind::Cpu, spec->name)) != ofCards.contains(spec->name), spec->name);
}

void KernelsTest::everyOpIsTested()
{
    std::set<std::string> tested;
    for (const KernelCase& one : allKernelCases())
        tested.insert(one.op);
    for (const OpSpec* spec : opCatalogue())
        if (KernelTable::process().find(DeviceKind::Reference, spec->name))
            QVERIFY2(tested.count(spec->name), spec->name);
}

void KernelsTest::reordersComeBack_data()
{
    QTest::addColumn<QList<qint64>>("extents");
    QTest::newRow("one") << QList<qint64>{1, 1, 1, 1};
    QTest::newRow("primes") << QList<qint64>{17, 19, 7, 5};
    QTest::newRow("rows") << QList<qint64>{24, 67};
    QTest::newRow("full") << QList<qint64>{32, 32, 8, 8};
    QTest::newRow("large") << QList<qint64>{50, 3, 33, 31};
}

void KernelsTest::reordersComeBack()
{
    QFETCH(QList<qint64>, extents);
    for (const DType dtype : {DType::Float32, DType::UInt8}) {
        const ArrayType type{dtype, Extents(extents.begin(), extents.end())};
        OwnedArray plain(type);
        for (std::int64_t i = 0; i < plain.array.count(); ++i)
            setValue(plain.array, i, static_cast<double>(i % 251 + 1));
        const std::vector<Layout> layouts{Layout::RowMajor, Layout::ChannelBlocked16, Layout::BatchLanes16, Layout::ChannelsLast};
        for (const Layout from : layouts)
            for (const Layout to : layouts) {
                OwnedArray first(type, from);
                OwnedArray second(type, to);
                OwnedArray back(type);
                runReorder(plain.array, first.array);
                runReorder(first.array, second.array);
                runReorder(second.array, back.array);
                const QString wrong = difference(back.array, plain.array, 0);
                QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("%1 to %2: %3").arg(nameOf(from), nameOf(to), wrong)));
                double sum = 0;
                for (std::int64_t i = 0; i < storedElements(type, to); ++i)
                    sum += valueAt(second.array, i);
                double expected = 0;
                for (std::int64_t i = 0; i < plain.array.count(); ++i)
                    expected += valueAt(plain.array, i);
                QCOMPARE(sum, expected); // the padding is zero
            }
    }
}

QTEST_GUILESS_MAIN(KernelsTest)
#include "kernels_test.moc"
