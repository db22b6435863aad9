#include "core/ops/support/window.h"

#include "core/base/error.h"
#include "core/base/shape.h"

namespace weft {

Dim windowPositions(const char* op, const Shape& x, const Dim& in, std::int64_t kernel, std::int64_t stride, std::int64_t padBegin,
                    std::int64_t padEnd, std::int64_t dilation)
{
    if (kernel < 1 || stride < 1 || dilation < 1 || padBegin < 0 || padEnd < 0)
        throw Error(WEFT_TEXT("Ops",
                              "%1 has a window of %2, stride %3, padding %4 and %5, dilation %6. Window, stride and dilation are at least 1, "
                              "padding at least 0."),
                    op, kernel, stride, padBegin, padEnd, dilation);
    const std::int64_t reach = dilation * (kernel - 1);
    if (!in.isFixed()) {
        if (stride == 1 && padBegin + padEnd == reach)
            return in;
        throw Error(WEFT_TEXT("Ops", "%1 along the sequence axis of %2 must keep its length. Use stride 1 and padding of %3 in all."), op,
                    toString(x), reach);
    }
    if (in.factor + padBegin + padEnd <= reach)
        throw Error(WEFT_TEXT("Ops",
                              "%1: a window that reaches over %2 elements does not fit into %3 (shape %4, padding %5 and %6). Use a smaller "
                              "window or more padding."),
                    op, reach + 1, in.factor, toString(x), padBegin, padEnd);
    return (in.factor + padBegin + padEnd - reach - 1) / stride + 1;
}

} // namespace weft
