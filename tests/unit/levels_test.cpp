// Winograd's loops and the loops over channels, on every level of instructions this processor has, against plain sums.
#include <QtTest>

#include <cmath>
#include <random>
#include <vector>

#include "core/device/cpu/channel_kernels.h"
#include "core/device/cpu/simd.h"
#include "core/device/cpu/winograd.h"

using namespace weft;

namespace {

using Floats = std::vector<float>;
using winograd::patch;
using winograd::points;
using winograd::taps;
using winograd::tile;
using winograd::width;

Floats numbers(std::int64_t count, unsigned seed)
{
    std::mt19937 random(seed);
    Floats values(static_cast<std::size_t>(count));
    for (float& value : values)
        value = static_cast<float>(static_cast<int>(random() % 17) - 8) / 8.0f;
    return values;
}

float at(const Floats& values, std::int64_t index)
{
    return values[static_cast<std::size_t>(index)];
}

void addLevels()
{
    QTest::addColumn<int>("level");
    QTest::newRow("baseline") << 0;
    if (simdLevel() >= SimdLevel::Avx2)
        QTest::newRow("avx2") << 1;
    if (simdLevel() >= SimdLevel::Avx512)
        QTest::newRow("avx512") << 2;
}

const winograd::Kernels& winogradLevel(int level)
{
#if defined(__x86_64__)
    if (level > 0)
        return level == 1 ? winograd::avx2::kernels() : winograd::avx512::kernels();
#endif
    return winograd::baseline::kernels();
}

const channels::Kernels& channelLevel(int level)
{
#if defined(__x86_64__)
    if (level > 0)
        return level == 1 ? channels::avx2::kernels() : channels::avx512::kernels();
#endif
    return channels::baseline::kernels();
}

void compare(float actual, double expected)
{
    QVERIFY2(std::abs(static_cast<double>(actual) - expected) < 1e-3,
             qPrintable(QStringLiteral("%1, should be %2").arg(double(actual)).arg(expected)));
}

} // namespace

class LevelsTest : public QObject {
    Q_OBJECT

private slots:
    void winogradConvolves_data() { addLevels(); }
    void winogradConvolves();
    void winogradMakesGradientsOfKernels_data() { addLevels(); }
    void winogradMakesGradientsOfKernels();
    void channelsAreSummedAndScaled_data() { addLevels(); }
    void channelsAreSummedAndScaled();
};

void LevelsTest::winogradConvolves()
{
    QFETCH(int, level);
    const winograd::Kernels& kernels = winogradLevel(level);
    // More tiles than registers hold, two blocks of channels, one and two blocks of outputs.
    const std::int64_t channelCount = 2 * width;
    for (const std::int64_t tiles : {std::int64_t(1), std::int64_t(17)})
        for (const std::int64_t outputs : {width, 2 * width}) {
            const Floats x = numbers(2 * tiles * patch * patch * width, 1); // [blocks][tiles][6][6][16]
            const Floats w = numbers(channelCount * outputs * taps, 2); // [channels][output blocks][9][16]
            const Floats bias = numbers(outputs, 3);
            const std::int64_t vPoint = 2 * tiles * width, uPoint = channelCount * outputs, mPoint = outputs * tiles;
            Floats v(static_cast<std::size_t>(points * vPoint)), u(static_cast<std::size_t>(points * uPoint)),
                m(static_cast<std::size_t>(points * mPoint));
            for (std::int64_t i = 0; i < 2 * tiles; ++i)
                kernels.transformInput(x.data() + i * patch * patch * width, patch * width, v.data() + i * width, vPoint);
            for (std::int64_t c = 0; c < channelCount; ++c)
                for (std::int64_t o = 0; o < outputs; o += width)
                    kernels.transformKernel(w.data() + (c * outputs + o) * taps, u.data() + c * outputs + o, uPoint);
            for (std::int64_t point = 0; point < points; ++point)
                kernels.multiply({v.data() + point * vPoint, tiles * width, 2, tiles, u.data() + point * uPoint, outputs, m.data() + point * mPoint,
                                  tiles * width, true});
            for (std::int64_t t = 0; t < tiles; ++t)
                for (std::int64_t o = 0; o < outputs; o += width) {
                    Floats y(tile * tile * width);
                    kernels.transformOutput(m.data() + (o / width * tiles + t) * width, mPoint, bias.data() + o, true, y.data(), tile * width);
                    for (std::int64_t i = 0; i < tile * tile * width; ++i) {
                        const std::int64_t lane = i % width, column = i / width % tile, row = i / width / tile;
                        double sum = at(bias, o + lane);
                        for (std::int64_t c = 0; c < channelCount; ++c)
                            for (std::int64_t tap = 0; tap < taps; ++tap)
                                sum += at(x, (((c / width * tiles + t) * patch + row + tap / 3) * patch + column + tap % 3) * width + c % width)
                                    * at(w, (c * outputs + o) * taps + tap * width + lane);
                        compare(at(y, i), std::max(sum, 0.0));
                    }
                }
        }
}

void LevelsTest::winogradMakesGradientsOfKernels()
{
    QFETCH(int, level);
    const winograd::Kernels& kernels = winogradLevel(level);
    const std::int64_t tiles = 35; // more than are added up in registers
    for (const std::int64_t outputs : {width, 2 * width}) {
        const Floats x = numbers(tiles * patch * patch * width, 1);
        const Floats dy = numbers(tiles * outputs * tile * tile, 2); // [tiles][output blocks][4][4][16]
        const std::int64_t vPoint = tiles * width, dPoint = tiles * outputs, sPoint = outputs * width;
        Floats v(static_cast<std::size_t>(points * vPoint)), d(static_cast<std::size_t>(points * dPoint)),
            s(static_cast<std::size_t>(points * sPoint));
        for (std::int64_t t = 0; t < tiles; ++t) {
            kernels.transformInput(x.data() + t * patch * patch * width, patch * width, v.data() + t * width, vPoint);
            for (std::int64_t o = 0; o < outputs; o += width)
                kernels.transformSlopes(dy.data() + (t * outputs + o) * tile * tile, tile * width, d.data() + t * outputs + o, dPoint);
        }
        for (std::int64_t point = 0; point < points; ++point)
            kernels.multiplyGradient({v.data() + point * vPoint, d.data() + point * dPoint, tiles, outputs, s.data() + point * sPoint, true});
        for (std::int64_t o = 0; o < outputs; o += width)
            for (std::int64_t c = 0; c < width; ++c) {
                Floats result(taps * width);
                kernels.transformTaps(s.data() + (o + c) * width, sPoint, result.data());
                for (std::int64_t i = 0; i < taps * width; ++i) {
                    double sum = 0;
                    for (std::int64_t t = 0; t < tiles; ++t)
                        for (std::int64_t place = 0; place < tile * tile; ++place) {
                            const std::int64_t row = place / tile + i / width / 3, column = place % tile + i / width % 3;
                            sum += at(x, ((t * patch + row) * patch + column) * width + c)
                                * at(dy, ((t * outputs + o) * tile * tile) + place * width + i % width);
                        }
                    compare(at(result, i), sum);
                }
            }
    }
}

void LevelsTest::channelsAreSummedAndScaled()
{
    QFETCH(int, level);
    const channels::Kernels& kernels = channelLevel(level);
    const Floats center = numbers(16, 3), a = numbers(16, 4), b = numbers(16, 5), c = numbers(16, 6);
    for (const std::int64_t length : {5, 16, 16 * 7 + 3, 4096 + 16 * 3}) {
        const Floats x = numbers(length, 1), dy = numbers(length, 2);
        double moments[2][16] = {}, products[2][16] = {}, expected[4][16] = {};
        kernels.moments(x.data(), length, center.data(), moments[0], moments[1]);
        kernels.products(dy.data(), x.data(), length, center.data(), products[0], products[1]);
        Floats scaled(x.size()), combined(x.size());
        kernels.scale(x.data(), length, a.data(), b.data(), scaled.data());
        kernels.combine(dy.data(), x.data(), length, a.data(), b.data(), c.data(), combined.data());
        for (std::int64_t i = 0; i < length; ++i) {
            const std::int64_t lane = i % 16;
            const double distance = static_cast<double>(at(x, i)) - at(center, lane);
            expected[0][lane] += distance;
            expected[1][lane] += distance * distance;
            expected[2][lane] += at(dy, i);
            expected[3][lane] += at(dy, i) * distance;
            compare(at(scaled, i), static_cast<double>(at(x, i)) * at(a, lane) + at(b, lane));
            compare(at(combined, i), static_cast<double>(at(a, lane)) * at(dy, i) + static_cast<double>(at(b, lane)) * at(x, i) + at(c, lane));
        }
        for (int lane = 0; lane < 16; ++lane)
            for (int k = 0; k < 2; ++k) {
                compare(static_cast<float>(moments[k][lane]), expected[k][lane]);
                compare(static_cast<float>(products[k][lane]), expected[2 + k][lane]);
            }
    }
}

QTEST_APPLESS_MAIN(LevelsTest)
#include "levels_test.moc"
