// The inner loops of batch lanes give the same on every level of instructions this processor has.
#include <QtTest>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "core/device/cpu/lanes.h"
#include "core/device/cpu/simd.h"

using namespace weft;

namespace {

using Floats = std::vector<float>;

/// Numbers of few different values, so that maxima tie.
Floats numbers(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    Floats values(count);
    for (float& value : values)
        value = static_cast<float>(static_cast<int>(random() % 17) - 8) / 8.0f;
    return values;
}

std::vector<const lanes::Kernels*> levels()
{
    std::vector<const lanes::Kernels*> all{&lanes::baseline::kernels()};
#if defined(__x86_64__)
    if (simdLevel() >= SimdLevel::Avx2)
        all.push_back(&lanes::avx2::kernels());
    if (simdLevel() >= SimdLevel::Avx512)
        all.push_back(&lanes::avx512::kernels());
#endif
    return all;
}

/// Calls run(kernels, result) for every level; all results must be those of the first.
void compareLevels(std::size_t resultSize, const std::function<void(const lanes::Kernels&, Floats&)>& run)
{
    Floats expected;
    for (const lanes::Kernels* level : levels()) {
        Floats result(resultSize, -99.0f);
        run(*level, result);
        if (expected.empty())
            expected = result;
        for (std::size_t i = 0; i < resultSize; ++i)
            QVERIFY2(std::abs(result[i] - expected[i]) <= 1e-4f,
                     qPrintable(QStringLiteral("element %1: %2, should be %3").arg(i).arg(double(result[i])).arg(double(expected[i]))));
    }
}

lanes::PoolPlane poolPlane(std::int64_t kernel, std::int64_t stride, std::int64_t pad)
{
    lanes::PoolPlane p;
    p.rows = 7;
    p.columns = 9;
    p.kernelRows = p.kernelColumns = kernel;
    p.strideRows = p.strideColumns = stride;
    p.padRows = p.padColumns = p.padEndRows = p.padEndColumns = pad;
    p.outRows = (p.rows + 2 * pad - kernel) / stride + 1;
    p.outColumns = (p.columns + 2 * pad - kernel) / stride + 1;
    return p;
}

} // namespace

class LanesTest : public QObject {
    Q_OBJECT

private slots:
    void convolves();
    void sumsForKernelGradients();
    void pools();
    void transposes();
};

void LanesTest::convolves()
{
    const Floats x = numbers(3 * 6 * 20 * 16, 1);
    const Floats weights = numbers(6 * 3 * 3 * 3, 2);
    const Floats bias = numbers(6, 3);
    for (int outputs = 1; outputs <= 4; ++outputs)
        for (std::int64_t columns = 1; columns <= 17; ++columns)
            for (const std::int64_t step : {1, 2}) {
                if ((columns - 1) * step + 3 > 20)
                    continue;
                compareLevels(static_cast<std::size_t>(4 * 4 * 17 * 16), [&](const lanes::Kernels& kernels, Floats& y) {
                    lanes::ConvBlock b;
                    b.x = x.data();
                    b.xChannel = 6 * 20 * 16;
                    b.xRow = b.tapRow = 20 * 16;
                    b.xColumn = step * 16;
                    b.channels = b.kernelRows = b.kernelColumns = 3;
                    b.weights = weights.data();
                    b.weightChannel = 9 * outputs;
                    b.bias = bias.data();
                    b.outputs = outputs;
                    b.y = y.data();
                    b.yChannel = 4 * 17 * 16;
                    b.yRow = 17 * 16;
                    b.rows = 4;
                    b.columns = columns;
                    b.relu = step == 2;
                    kernels.conv(b);
                });
            }
}

void LanesTest::sumsForKernelGradients()
{
    const Floats x = numbers(2 * 5 * 8 * 16 + 64, 4);
    const Floats dy = numbers(2 * 4 * 5 * 8 * 16, 5);
    const std::ptrdiff_t offsets[4] = {0, 16, 32, 48};
    for (int outputs = 1; outputs <= 3; ++outputs)
        for (int taps = 1; taps <= 4; ++taps)
            compareLevels(3 * 4 * 16, [&](const lanes::Kernels& kernels, Floats& sums) {
                std::fill(sums.begin(), sums.end(), 0.5f);
                lanes::KernelGradientBlock b;
                b.dy = dy.data();
                b.dyChannel = 5 * 8 * 16;
                b.dyRow = b.xRow = 8 * 16;
                b.dyGroup = 4 * 5 * 8 * 16;
                b.x = x.data();
                b.xGroup = 5 * 8 * 16;
                b.tapOffsets = offsets;
                b.outputs = outputs;
                b.taps = taps;
                b.rows = 5;
                b.columns = 8;
                b.groups = 2;
                b.sums = sums.data();
                b.sumsOutput = 4 * 16;
                kernels.kernelGradient(b);
            });
    for (const std::int64_t count : {1, 16, 39})
        for (const std::int64_t samples : {1, 7, 8, 16})
            compareLevels(static_cast<std::size_t>(count), [&](const lanes::Kernels& kernels, Floats& result) {
                std::fill(result.begin(), result.end(), 0.5f);
                kernels.addLanes(x.data(), count, samples, result.data());
            });
    compareLevels(1, [&](const lanes::Kernels& kernels, Floats& result) { result[0] = kernels.sum(x.data(), 5 * 8 * 16, 39, 2, 21); });
}

void LanesTest::pools()
{
    const Floats x = numbers(7 * 9 * 16, 6);
    for (const auto& p : {poolPlane(2, 2, 0), poolPlane(3, 2, 1), poolPlane(2, 3, 0)}) {
        const auto in = static_cast<std::size_t>(p.rows * p.columns * 16);
        const auto out = static_cast<std::size_t>(p.outRows * p.outColumns * 16);
        const Floats dy = numbers(out, 7);
        Floats best(out);
        std::vector<std::uint8_t> index(out);
        lanes::baseline::kernels().indexedMaxPool(p, true, x.data(), best.data(), index.data());
        compareLevels(out, [&](const lanes::Kernels& k, Floats& y) { k.averagePool(p, x.data(), y.data()); });
        compareLevels(in, [&](const lanes::Kernels& k, Floats& dx) { k.averagePoolGradient(p, dy.data(), dx.data()); });
        compareLevels(out, [&](const lanes::Kernels& k, Floats& y) { k.maxPool(p, x.data(), y.data()); });
        compareLevels(in, [&](const lanes::Kernels& k, Floats& dx) { k.maxPoolGradient(p, dy.data(), x.data(), best.data(), dx.data()); });
        compareLevels(in, [&](const lanes::Kernels& k, Floats& dx) { k.indexedMaxPoolGradient(p, dy.data(), index.data(), dx.data()); });
        compareLevels(2 * out, [&](const lanes::Kernels& k, Floats& both) {
            std::vector<std::uint8_t> places(out);
            k.indexedMaxPool(p, true, x.data(), both.data(), places.data());
            std::copy(places.begin(), places.end(), both.begin() + static_cast<std::ptrdiff_t>(out));
        });
    }
}

void LanesTest::transposes()
{
    for (const std::int64_t count : {1, 15, 16, 37})
        for (const std::int64_t samples : {1, 7, 16}) {
            const Floats rows = numbers(static_cast<std::size_t>(16 * count), 8);
            compareLevels(static_cast<std::size_t>(16 * count),
                          [&](const lanes::Kernels& k, Floats& result) { k.gather(rows.data(), count, samples, count, result.data()); });
            compareLevels(static_cast<std::size_t>(16 * count),
                          [&](const lanes::Kernels& k, Floats& result) { k.scatter(rows.data(), count, samples, count, result.data()); });
        }
}

QTEST_GUILESS_MAIN(LanesTest)
#include "lanes_test.moc"
