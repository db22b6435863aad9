#pragma once

#include "core/layers/layer_spec.h"

namespace weft {

/// Adds the parameters, the first port and the lowering of stacked Transformer blocks as PyTorch defines
/// nn.TransformerEncoderLayer and nn.TransformerDecoderLayer. A decoder has a second port, memory, to which each of
/// its blocks attends between its own attention and the feed-forward part. Variables of block i are named
/// layeri.selfAttention.queryKernel, layeri.norm1.scale, layeri.linear1Kernel and so on.
LayerSpec transformerLayer(LayerSpec layer, bool isDecoder);

} // namespace weft
