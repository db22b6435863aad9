// Numbers that go to other ranks in 16 bits.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <QTest>

#include "core/base/random.h"
#include "core/device/wire_format.h"
#include "core/device/wire_halves.h"

using namespace weft;

namespace {

std::vector<std::uint16_t> packed(WireFormat format, const std::vector<float>& numbers)
{
    const auto count = static_cast<std::int64_t>(numbers.size());
    std::vector<std::uint16_t> words(static_cast<std::size_t>(packedWords(count)));
    pack(format, numbers.data(), count, words.data());
    return words;
}

std::vector<float> sentAndBack(WireFormat format, const std::vector<float>& numbers)
{
    std::vector<float> back(numbers.size());
    unpack(format, packed(format, numbers).data(), static_cast<std::int64_t>(numbers.size()), back.data());
    return back;
}

/// Of either sign, from 2^least to 2^most.
std::vector<float> numbersBetween(int least, int most, std::size_t count)
{
    std::vector<float> numbers;
    for (std::size_t i = 0; i < count; ++i) {
        const auto words = philox(5, 1, i);
        const int exponent = least + static_cast<int>(words[0] % static_cast<std::uint32_t>(most - least));
        const float size = std::ldexp(1.0f + static_cast<float>(words[1]) / 4294967296.0f, exponent);
        numbers.push_back(words[2] % 2 == 0 ? size : -size);
    }
    return numbers;
}

class WireFormatTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersAreRoundedWithinTheBound_data();
    void numbersAreRoundedWithinTheBound();
    void everyLengthIsWhole();
    void tiesGoToEven();
    void whatIsNoNumberStaysIt();
    void packedNumbersAreAdded();
    void plainHalvesAreTheProcessors();
    void allHalvesAreReadAlike();
};

void WireFormatTest::numbersAreRoundedWithinTheBound_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("most");
    for (const auto& [name, format] : {std::pair("bfloat16", WireFormat::BFloat16), std::pair("float16", WireFormat::Float16)}) {
        QTest::addRow("%s of gradients", name) << static_cast<int>(format) << -30 << 0;
        QTest::addRow("%s of tiny ones", name) << static_cast<int>(format) << -100 << -70;
        QTest::addRow("%s of huge ones", name) << static_cast<int>(format) << 80 << 120;
    }
}

void WireFormatTest::numbersAreRoundedWithinTheBound()
{
    QFETCH(int, format);
    QFETCH(int, least);
    QFETCH(int, most);
    const auto kind = static_cast<WireFormat>(format);
    const std::vector<float> numbers = numbersBetween(least, most, 1003);
    const std::vector<float> back = sentAndBack(kind, numbers);
    double largest = 0;
    for (const float number : numbers)
        largest = std::max(largest, std::abs(static_cast<double>(number)));
    const double relative = kind == WireFormat::BFloat16 ? std::ldexp(1.0, -8) : std::ldexp(1.0, -11);
    const double absolute = kind == WireFormat::BFloat16 ? 0.0 : std::ldexp(largest, -39);
    bool isRounded = false;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double error = std::abs(static_cast<double>(back[i]) - static_cast<double>(numbers[i]));
        QVERIFY2(error <= relative * std::abs(static_cast<double>(numbers[i])) + absolute, qPrintable(QString::number(numbers[i])));
        isRounded = isRounded || error > 0;
    }
    QVERIFY(isRounded);
}

/// Vectors of eight and what is left of them: a number does not depend on its place.
void WireFormatTest::everyLengthIsWhole()
{
    std::vector<float> numbers = numbersBetween(-8, 0, 24);
    numbers.front() = 1.5f; // the largest of every length, so that all have one scale
    for (const WireFormat format : {WireFormat::BFloat16, WireFormat::Float16}) {
        const std::vector<float> whole = sentAndBack(format, numbers);
        for (std::size_t length = 1; length < numbers.size(); ++length)
            QCOMPARE(sentAndBack(format, {numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(length)}),
                     std::vector<float>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
        QVERIFY(sentAndBack(format, {}).empty());
    }
}

void WireFormatTest::tiesGoToEven()
{
    const auto above = [](int steps, int bits) { return 1.0f + std::ldexp(static_cast<float>(steps), -bits); };
    QCOMPARE(sentAndBack(WireFormat::BFloat16, {above(1, 8), above(3, 8), -above(3, 8)}), (std::vector<float>{1.0f, above(1, 6), -above(1, 6)}));
    QCOMPARE(sentAndBack(WireFormat::Float16, {above(1, 11), above(3, 11), -above(3, 11)}), (std::vector<float>{1.0f, above(1, 9), -above(1, 9)}));
}

void WireFormatTest::whatIsNoNumberStaysIt()
{
    const float infinity = std::numeric_limits<float>::infinity();
    for (const WireFormat format : {WireFormat::BFloat16, WireFormat::Float16}) {
        const std::vector<float> back = sentAndBack(format, {std::nanf(""), infinity, -infinity, 0.0f, 1.0f});
        QVERIFY(std::isnan(back[0]));
        QCOMPARE(back[1], infinity);
        QCOMPARE(back[2], -infinity);
        QCOMPARE(back[3], 0.0f);
        QCOMPARE(back[4], 1.0f);
        QVERIFY(std::isnan(sentAndBack(format, std::vector<float>(9, std::nanf("")))[0]));
        QCOMPARE(sentAndBack(format, std::vector<float>(9, 0.0f)), std::vector<float>(9, 0.0f));
    }
}

void WireFormatTest::packedNumbersAreAdded()
{
    const std::vector<float> numbers = numbersBetween(-10, 0, 21);
    for (const WireFormat format : {WireFormat::BFloat16, WireFormat::Float16}) {
        std::vector<float> sum(numbers.size(), 3.0f);
        addPacked(format, packed(format, numbers).data(), static_cast<std::int64_t>(numbers.size()), sum.data());
        std::vector<float> expected = sentAndBack(format, numbers);
        for (float& number : expected)
            number += 3.0f;
        QCOMPARE(sum, expected);
    }
}

/// Bits of every kind of float, next to every half and to the middles between halves: vectors and single numbers agree.
void WireFormatTest::plainHalvesAreTheProcessors()
{
    std::vector<float> numbers;
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        const auto bits = std::bit_cast<std::uint32_t>(floatOfHalf(static_cast<std::uint16_t>(half)));
        for (const std::uint32_t offset : {0u, 1u, 0xfffu, 0x1000u, 0x1001u, 0xffffffffu})
            numbers.push_back(std::bit_cast<float>(bits + offset));
    }
    for (std::size_t i = 0; i < 200'000; ++i)
        numbers.push_back(std::bit_cast<float>(philox(11, 3, i)[0]));
    // With infinity among them the scale is 1: numbers are rounded as they are.
    QVERIFY(std::any_of(numbers.begin(), numbers.end(), [](float number) { return std::isinf(number); }));
    const std::vector<std::uint16_t> words = packed(WireFormat::Float16, numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        QVERIFY2(words[i + 2] == halfOf(numbers[i]), qPrintable(QString::number(std::bit_cast<std::uint32_t>(numbers[i]), 16)));
}

void WireFormatTest::allHalvesAreReadAlike()
{
    std::vector<std::uint16_t> words(2 + 0x10000);
    const float one = 1;
    std::memcpy(words.data(), &one, sizeof one);
    for (std::size_t half = 0; half < 0x10000; ++half)
        words[half + 2] = static_cast<std::uint16_t>(half);
    std::vector<float> numbers(0x10000);
    unpack(WireFormat::Float16, words.data(), 0x10000, numbers.data());
    for (std::size_t half = 0; half < numbers.size(); ++half)
        QCOMPARE(std::bit_cast<std::uint32_t>(numbers[half]), std::bit_cast<std::uint32_t>(floatOfHalf(static_cast<std::uint16_t>(half))));
}

} // namespace

QTEST_GUILESS_MAIN(WireFormatTest)
#include "wire_format_test.moc"
