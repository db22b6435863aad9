#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weft {

/// Names and what they stand for, in the order in which messages list them.
using NamedIntegers = std::vector<std::pair<std::string, std::int64_t>>;

/// The value of an integer expression such as "filters * 4" or "max(1, width // 16)":
/// + - * with the usual precedence and parentheses, `/` that must divide evenly, `//` rounded down, `%` the
/// remainder of `//` (so that it has the divisor's sign), min and max of two or more values.
/// Throws Error that quotes the expression: what is wrong at which character, an unknown name with the known
/// ones, a division by zero or one with a remainder, a value beyond 64 bits.
std::int64_t evaluateExpression(const std::string& text, const NamedIntegers& names);

} // namespace weft
