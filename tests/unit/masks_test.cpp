// Dropout's masks are those of the generator, on every level of instructions this processor has.
#include <limits>
#include <vector>

#include <QtTest>

#include "core/base/random.h"
#include "core/device/cpu/masks.h"
#include "core/device/cpu/simd.h"

using namespace weft;

namespace {

std::vector<masks::DropFunction> levels()
{
    std::vector<masks::DropFunction> all{masks::dropFunction()};
#if defined(__x86_64__)
    if (simdLevel() != SimdLevel::Baseline)
        all.push_back(masks::avx2::drop);
    if (simdLevel() == SimdLevel::Avx512)
        all.push_back(masks::avx512::drop);
#endif
    return all;
}

} // namespace

class MasksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLevelDropsByTheWordsOfTheGenerator()
    {
        const masks::Drop drop{0x123456789abcdef0ull, 0xfedcba9876543210ull, 5'000'000, 1.5f};
        for (const std::int64_t count : {1, 3, 4, 31, 64, 65, 127, 1000}) {
            std::vector<float> x(static_cast<std::size_t>(count)), expected(x.size());
            for (std::size_t i = 0; i < x.size(); ++i) {
                x[i] = static_cast<float>(i) + 1;
                const std::uint32_t word = philox(drop.seed, drop.stream, i / 4)[i % 4];
                expected[i] = word >> 8 < drop.threshold ? 0.0f : x[i] * drop.scale;
            }
            for (const masks::DropFunction level : levels()) {
                std::vector<float> y(x.size(), -1.0f);
                level(drop, x.data(), y.data(), count);
                QVERIFY(y == expected);
                std::vector<float> inPlace = x;
                level(drop, inPlace.data(), inPlace.data(), count);
                QVERIFY(inPlace == expected);
            }
        }
    }

    void whatIsDroppedIsZeroWhateverItWas()
    {
        const masks::Drop all{1, 2, 1u << 24, 2.0f};
        for (const masks::DropFunction level : levels()) {
            const std::vector<float> x(70, std::numeric_limits<float>::quiet_NaN());
            std::vector<float> y(x.size(), -1.0f);
            level(all, x.data(), y.data(), static_cast<std::int64_t>(x.size()));
            QVERIFY(y == std::vector<float>(x.size()));
        }
    }
};

QTEST_APPLESS_MAIN(MasksTest)
#include "masks_test.moc"
