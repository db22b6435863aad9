#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weft {

/// A value as project files know it: null, boolean, integer, real, text, list, or a map whose key
/// order is kept. Plain data; reading and writing it as JSON lives in `core/project`.
class Tree {
public:
    using List = std::vector<Tree>;
    using Map = std::vector<std::pair<std::string, Tree>>;

    Tree() = default;
    Tree(std::nullptr_t) {}
    Tree(bool value) : m_value(value) {}
    Tree(int value) : m_value(static_cast<std::int64_t>(value)) {}
    Tree(std::int64_t value) : m_value(value) {}
    Tree(double value) : m_value(value) {}
    Tree(const char* value) : m_value(std::string(value)) {}
    Tree(std::string value) : m_value(std::move(value)) {}
    Tree(List value) : m_value(std::move(value)) {}
    Tree(Map value) : m_value(std::move(value)) {}

    bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    bool isBool() const { return std::holds_alternative<bool>(m_value); }
    bool isInt() const { return std::holds_alternative<std::int64_t>(m_value); }
    /// True for integers as well: every integer is a number.
    bool isNumber() const { return isInt() || std::holds_alternative<double>(m_value); }
    bool isText() const { return std::holds_alternative<std::string>(m_value); }
    bool isList() const { return std::holds_alternative<List>(m_value); }
    bool isMap() const { return std::holds_alternative<Map>(m_value); }

    // Each getter throws std::bad_variant_access when the kind differs: callers check first.
    bool boolean() const { return std::get<bool>(m_value); }
    std::int64_t integer() const { return std::get<std::int64_t>(m_value); }
    double number() const { return isInt() ? static_cast<double>(integer()) : std::get<double>(m_value); }
    const std::string& text() const { return std::get<std::string>(m_value); }
    const List& list() const { return std::get<List>(m_value); }
    List& list() { return std::get<List>(m_value); }
    const Map& map() const { return std::get<Map>(m_value); }
    Map& map() { return std::get<Map>(m_value); }

    /// The entry of a map, or nullptr when this is no map or the key is absent.
    const Tree* find(std::string_view key) const;
    Tree* find(std::string_view key);
    /// The entry of a map; appended as null when absent. Turns null into a map.
    Tree& operator[](std::string_view key);
    /// Removes a key of a map; true when it was there.
    bool erase(std::string_view key);

    friend bool operator==(const Tree&, const Tree&) = default;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> m_value;
};

} // namespace weft
