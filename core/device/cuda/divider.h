#pragma once

#include <algorithm>
#include <cstdint>

namespace weft {

/// Divides numbers below 2³¹ by one that is known beforehand: a multiplication, a sum and a shift, where a card needs some thirty
/// instructions for a division (T. Granlund and P. L. Montgomery, "Division by invariant integers using multiplication", 1994).
class Divider {
public:
    struct Result {
        std::uint32_t quotient, remainder;
    };
    static constexpr std::int64_t limit = std::int64_t(1) << 31; ///< of both

    /// `divisor` is at least 1 and less than `limit`.
    explicit constexpr Divider(std::int64_t divisor = 1) : m_divisor(static_cast<std::uint32_t>(divisor))
    {
        while ((std::uint64_t(1) << m_shift) < m_divisor)
            ++m_shift;
        m_factor = static_cast<std::uint32_t>((((std::uint64_t(1) << m_shift) - m_divisor) << 32) / m_divisor + 1);
    }

    constexpr std::uint32_t quotient(std::uint32_t number) const
    {
        const auto high = static_cast<std::uint32_t>((static_cast<std::uint64_t>(number) * m_factor) >> 32);
        return (high + number) >> m_shift;
    }
    constexpr Result operator()(std::uint32_t number) const
    {
        const std::uint32_t result = quotient(number);
        return {result, number - result * m_divisor};
    }

private:
    std::uint32_t m_divisor, m_factor = 1, m_shift = 0;
};

/// What elements of an array are divided by: without a division where 31 bits number them all.
struct Divisor {
    std::int64_t value = 1;
    Divider divider;
    bool isShort = true;

    Divisor() = default;
    Divisor(std::int64_t divisor, std::int64_t count) :
        value(std::max<std::int64_t>(1, divisor)), divider(count < Divider::limit ? value : 1), isShort(count < Divider::limit)
    {
    }
    struct Result {
        std::int64_t quotient, remainder;
    };
    constexpr Result operator()(std::int64_t number) const
    {
        if (!isShort)
            return {number / value, number % value};
        const Divider::Result result = divider(static_cast<std::uint32_t>(number));
        return {result.quotient, result.remainder};
    }
};

} // namespace weft
