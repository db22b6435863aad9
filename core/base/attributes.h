#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace weft {

using Attribute = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;

/// The fixed settings of an op (stride, axis, …), by name. Getters assert that the entry is there:
/// ops are built by their builder functions, which always set every attribute.
class Attributes {
public:
    using Entry = std::pair<const std::string, Attribute>;

    Attributes() = default;
    Attributes(std::initializer_list<Entry> entries) : m_entries(entries) {}

    bool has(const std::string& name) const { return m_entries.count(name) > 0; }
    template <class T> const T& get(const std::string& name) const { return std::get<T>(m_entries.at(name)); }
    bool flag(const std::string& name) const { return get<bool>(name); }
    std::int64_t integer(const std::string& name) const { return get<std::int64_t>(name); }
    double real(const std::string& name) const { return get<double>(name); }
    const std::string& text(const std::string& name) const { return get<std::string>(name); }
    const std::vector<std::int64_t>& integers(const std::string& name) const { return get<std::vector<std::int64_t>>(name); }
    void set(const std::string& name, Attribute value) { m_entries[name] = std::move(value); }
    const std::map<std::string, Attribute>& entries() const { return m_entries; }

    friend bool operator==(const Attributes&, const Attributes&) = default;

private:
    std::map<std::string, Attribute> m_entries;
};

} // namespace weft
