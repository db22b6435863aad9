#pragma once

#include "core/base/attributes.h"
#include "core/device/cuda/product.h"

namespace weft {

/// What a MatMul (or FusedMatMul) of the arrays of `context` multiplies. One matrix b for a whole batch makes it one product.
inline Product productOf(const KernelContext& context, const Attributes& attributes, Precision precision)
{
    const Array &a = context.inputs[0], &b = context.inputs[1], &y = context.outputs[0];
    const int rank = static_cast<int>(y.type.extents.size());
    Product product;
    product.transposeA = attributes.flag("transposeA");
    product.transposeB = attributes.flag("transposeB");
    product.precision = precision;
    product.m = y.extent(rank - 2);
    product.n = y.extent(rank - 1);
    product.k = a.extent(product.transposeA ? rank - 2 : rank - 1);
    product.batch = y.count() / (product.m * product.n);
    const bool isShared = b.type.extents.size() == 2;
    if (isShared && !product.transposeA) {
        product.m *= product.batch;
        product.batch = 1;
    }
    product.stepA = product.m * product.k;
    product.stepB = isShared ? 0 : product.k * product.n;
    product.stepY = product.m * product.n;
    return product;
}

} // namespace weft
