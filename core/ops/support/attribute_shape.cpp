#include "core/ops/support/attribute_shape.h"

#include <cassert>

namespace weft {

std::vector<std::int64_t> encodeShape(const Shape& shape)
{
    std::vector<std::int64_t> entries;
    entries.reserve(2 * static_cast<std::size_t>(shape.rank()));
    for (const Dim& dim : shape) {
        entries.push_back(dim.factor);
        entries.push_back((dim.timesN ? 1 : 0) + (dim.timesT ? 2 : 0));
    }
    return entries;
}

Shape decodeShape(const std::vector<std::int64_t>& entries)
{
    assert(entries.size() % 2 == 0);
    std::vector<Dim> dims;
    for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
        Dim dim(entries[i]);
        dim.timesN = (entries[i + 1] & 1) != 0;
        dim.timesT = (entries[i + 1] & 2) != 0;
        dims.push_back(dim);
    }
    return Shape(std::move(dims));
}

} // namespace weft
