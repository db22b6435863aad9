#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/cli/command.h"

namespace weft::cli {

/// Wrong usage: printed with the command's usage line, exit code 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Parsed arguments of one command, checked against its options.
class Arguments {
public:
    /// Throws UsageError for unknown options (with the nearest known one), missing values and
    /// a wrong number of positional arguments.
    Arguments(const Command& command, const std::vector<std::string>& words);

    const std::vector<std::string>& positional() const { return m_positional; }
    const std::string& at(int index) const { return m_positional[static_cast<std::size_t>(index)]; }
    bool has(const std::string& option) const { return m_values.count(option) > 0; }
    std::string value(const std::string& option, const std::string& fallback = {}) const;
    /// Every value of an option that may be repeated, in order.
    std::vector<std::string> values(const std::string& option) const;
    /// All options that were given, with their values; those of one name in order.
    const std::multimap<std::string, std::string>& options() const { return m_values; }
    /// An integer option within bounds. Throws UsageError otherwise.
    std::optional<std::int64_t> integer(const std::string& option, std::int64_t minimum, std::int64_t maximum) const;

private:
    std::vector<std::string> m_positional;
    std::multimap<std::string, std::string> m_values;
};

/// "weft train PROJECT [--device cpu|cuda[:N]] …" with the options explained.
std::string usage(const Command& command);

} // namespace weft::cli
