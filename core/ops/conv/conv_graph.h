#pragma once

#include "core/device/cuda/dnn_plan.h"
#include "core/ops/conv/conv_library.h"

namespace weft {

/// A convolution as a graph of cuDNN: in memory are the inputs of the op and then its output, all stored alike. With `ending` a
/// bias, what is added and what cuts below zero follow the sums.
DnnGraph convGraph(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending = {});

/// What factors may become on their way to the tensor cores: none of float32 unless that is asked for, TF32 for bfloat16 as well,
/// whose 7 bits behind the point are less than its 10. Those of 16 bits are taken as they are.
DnnRules convRules(const ConvStorage& storage);

} // namespace weft
