#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/tree.h"

namespace weft {

// Readers and writers of one map of settings. Both have the same functions, so that one description of
// the fields serves both directions.

/// From where to where a number may go.
struct NumberRange {
    double minimum = 0.0;
    bool isMinimumAllowed = true;
    double limit = std::numeric_limits<double>::infinity(); ///< excluded
};

/// Takes the entries of one map, checks each, and refuses what it does not know.
class FieldReader {
public:
    FieldReader(const Tree& tree, std::string path);

    void integer(std::string_view key, std::int64_t minimum, std::int64_t& to);
    void integers(std::string_view key, std::int64_t minimum, std::vector<std::int64_t>& to);
    void real(std::string_view key, const NumberRange& range, double& to);
    void boolean(std::string_view key, bool& to);
    void choice(std::string_view key, const std::vector<std::string>& choices, std::string& to);
    /// describe(FieldReader&) for the map at `key`, if it is there.
    template <class Describe> void map(std::string_view key, const Describe& describe)
    {
        if (const Tree* tree = take(key)) {
            FieldReader inner(*tree, pathOf(key));
            describe(inner);
            inner.refuseOthers();
        }
    }
    void refuseOthers() const;

private:
    const Tree* take(std::string_view key);
    std::string pathOf(std::string_view key) const { return m_path + "." + std::string(key); }

    const Tree& m_tree;
    std::string m_path;
    std::vector<std::string> m_known;
};

/// Writes every field.
class FieldWriter {
public:
    explicit FieldWriter(Tree& tree) : m_tree(tree) {}

    void integer(std::string_view key, std::int64_t, const std::int64_t& value) { m_tree[key] = value; }
    void integers(std::string_view key, std::int64_t, const std::vector<std::int64_t>& values);
    void real(std::string_view key, const NumberRange&, const double& value) { m_tree[key] = value; }
    void boolean(std::string_view key, const bool& value) { m_tree[key] = value; }
    void choice(std::string_view key, const std::vector<std::string>&, const std::string& value) { m_tree[key] = value; }
    template <class Describe> void map(std::string_view key, const Describe& describe)
    {
        Tree inner = Tree::Map{};
        FieldWriter writer(inner);
        describe(writer);
        m_tree[key] = std::move(inner);
    }

private:
    Tree& m_tree;
};

} // namespace weft
