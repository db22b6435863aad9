#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace weft {

/// One extent of a shape: an integer k, or k times the batch size N and/or the sequence length T,
/// both known only when a plan is made.
struct Dim {
    std::int64_t factor = 1;
    bool timesN = false;
    bool timesT = false;

    constexpr Dim() = default;
    constexpr Dim(std::int64_t value) : factor(value) {}
    constexpr Dim(int value) : factor(value) {}
    static constexpr Dim batch(std::int64_t k = 1) { return symbolic(k, true, false); }
    static constexpr Dim time(std::int64_t k = 1) { return symbolic(k, false, true); }

    constexpr bool isFixed() const { return !timesN && !timesT; }
    /// The extent for batch size `n` and sequence length `t`.
    constexpr std::int64_t at(std::int64_t n, std::int64_t t = 1) const { return factor * (timesN ? n : 1) * (timesT ? t : 1); }

    friend constexpr bool operator==(const Dim&, const Dim&) = default;

private:
    static constexpr Dim symbolic(std::int64_t k, bool n, bool t)
    {
        Dim dim(k);
        dim.timesN = n;
        dim.timesT = t;
        return dim;
    }
};

/// The product of two dims. Throws Error when it would hold N² or T².
Dim operator*(const Dim& a, const Dim& b);
/// "28", "N", "2N", "T".
std::string toString(const Dim& dim);

} // namespace weft
