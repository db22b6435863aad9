#include "core/base/shape.h"

#include <cassert>

#include "core/base/error.h"

namespace weft {

Dim operator*(const Dim& a, const Dim& b)
{
    if ((a.timesN && b.timesN) || (a.timesT && b.timesT))
        throw Error(WEFT_TEXT("Shape", "The product of %1 and %2 would hold the batch size or the sequence length twice."), toString(a), toString(b));
    Dim product(a.factor * b.factor);
    product.timesN = a.timesN || b.timesN;
    product.timesT = a.timesT || b.timesT;
    return product;
}

std::string toString(const Dim& dim)
{
    const std::string symbols = std::string(dim.timesN ? "N" : "") + (dim.timesT ? "T" : "");
    if (symbols.empty())
        return std::to_string(dim.factor);
    return dim.factor == 1 ? symbols : std::to_string(dim.factor) + symbols;
}

std::int64_t elementCount(const Extents& extents)
{
    std::int64_t count = 1;
    for (const std::int64_t extent : extents)
        count *= extent;
    return count;
}

namespace {
template <class List, class Print> std::string bracketed(const List& list, Print print)
{
    std::string out = "[";
    for (const auto& item : list)
        out += (out.size() > 1 ? ", " : "") + print(item);
    return out + "]";
}
} // namespace

std::string toString(const Extents& extents)
{
    return bracketed(extents, [](std::int64_t extent) { return std::to_string(extent); });
}

std::string toString(const Shape& shape)
{
    return bracketed(shape, [](const Dim& dim) { return toString(dim); });
}

const Dim& Shape::operator[](int axis) const
{
    const int index = axis < 0 ? axis + rank() : axis;
    assert(index >= 0 && index < rank());
    return m_dims[static_cast<std::size_t>(index)];
}

bool Shape::isFixed() const
{
    for (const Dim& dim : m_dims) {
        if (!dim.isFixed())
            return false;
    }
    return true;
}

Extents Shape::at(std::int64_t n, std::int64_t t) const
{
    Extents extents;
    extents.reserve(m_dims.size());
    for (const Dim& dim : m_dims)
        extents.push_back(dim.at(n, t));
    return extents;
}

Dim Shape::elements() const
{
    Dim count(1);
    for (const Dim& dim : m_dims)
        count = count * dim;
    return count;
}

} // namespace weft
