#pragma once

#include "core/base/attributes.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/product.h"
#include "core/device/kernel.h"

namespace weft {

/// What a MatMul (or FusedMatMul) of the arrays of `context` multiplies. One matrix b for a whole batch makes it one product.
inline Product productOf(const KernelContext& context, const Attributes& attributes, Precision precision)
{
    const Array &a = context.inputs[0], &b = context.inputs[1], &y = context.outputs[0];
    const int rank = static_cast<int>(y.type.extents.size());
    Product product;
    product.factors = a.type.dtype;
    product.result = y.type.dtype;
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

/// Whether products take these arrays: factors of one type, and a result of that or of float32.
inline bool takesProduct(const KernelRequest& request)
{
    const DType factors = request.inputs[0].dtype, result = request.outputs[0].dtype;
    return isStoredOnCard(factors) && request.inputs[1].dtype == factors && (result == factors || result == DType::Float32);
}

} // namespace weft
