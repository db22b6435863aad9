#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// When the values of what a pass copies are alive, and how many bytes that are at each op.
class Lifetimes {
public:
    explicit Lifetimes(const Rewriter& rewriter);

    /// Of the op in program order.
    int positionOf(const Op* op) const { return m_positions.at(op); }
    /// Whether the op at `position` or a later one reads `value`, or a fetch does.
    bool isReadFrom(const Value& value, int position) const { return m_lastRead[static_cast<std::size_t>(value.id())] >= position; }
    std::int64_t bytesAt(int position) const { return m_bytes[static_cast<std::size_t>(position)]; }
    /// At the op where they are most.
    std::int64_t mostBytes() const;
    /// Counts so many bytes more from one op to another, both included.
    void add(int first, int last, std::int64_t bytes);

private:
    void findReads(const Rewriter& rewriter);
    void countBytes(const Rewriter& rewriter);

    std::unordered_map<const Op*, int> m_positions;
    std::vector<int> m_lastRead; ///< by id of the value
    std::vector<std::int64_t> m_bytes; ///< by position
};

} // namespace weft
