#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/base/dim.h"

namespace weft {

/// Extents of an array whose size is known.
using Extents = std::vector<std::int64_t>;

std::int64_t elementCount(const Extents& extents);
/// "[64, 1, 28, 28]"
std::string toString(const Extents& extents);

/// A list of dims, outermost first. Empty for a scalar.
class Shape {
public:
    Shape() = default;
    Shape(std::initializer_list<Dim> dims) : m_dims(dims) {}
    explicit Shape(std::vector<Dim> dims) : m_dims(std::move(dims)) {}

    int rank() const { return static_cast<int>(m_dims.size()); }
    bool isScalar() const { return m_dims.empty(); }
    /// Dim `axis`; negative axes count from the end.
    const Dim& operator[](int axis) const;
    const Dim& back() const { return m_dims.back(); }
    const std::vector<Dim>& dims() const { return m_dims; }
    auto begin() const { return m_dims.begin(); }
    auto end() const { return m_dims.end(); }

    bool isFixed() const;
    /// Extents for batch size `n` and sequence length `t`.
    Extents at(std::int64_t n, std::int64_t t = 1) const;
    /// The number of elements as a Dim (k·N for [N, …]).
    Dim elements() const;

    friend bool operator==(const Shape&, const Shape&) = default;

private:
    std::vector<Dim> m_dims;
};

/// "[N, 16, 10, 10]"
std::string toString(const Shape& shape);

} // namespace weft
