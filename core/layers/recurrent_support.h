#pragma once

#include "core/layers/layer_spec.h"
#include "core/ops/recurrent/recurrent.h"

namespace weft {

/// Adds parameters, ports and lowering of a recurrent layer of this kind of cell: stacked layers in one or both
/// directions, with PyTorch's definitions, initialisers and weights. The variables of layer i are kernel_li
/// [in, G·units], recurrentKernel_li, bias_li and recurrentBias_li, those of the way back have _reverse behind
/// them; PyTorch's weight_ih_li is the kernel transposed.
LayerSpec recurrentLayer(LayerSpec layer, Cell cell);

} // namespace weft
