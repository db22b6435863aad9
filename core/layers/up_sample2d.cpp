#include "core/layers/support.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/reshape/reshape.h"

namespace weft {

LayerSpec upSample2d()
{
    return LayerSpec("UpSample2D", Category::Convolution)
        .summary(WEFT_TEXT("UpSample2D", "Enlarges an image by repeating each pixel."))
        .details(WEFT_TEXT("UpSample2D",
                           "The counterpart of pooling in autoencoders and U-Nets: [N, C, 14, 14] becomes [N, C, 28, 28]. Put a Conv2D after it to "
                           "smooth the steps. It has nothing to learn."))
        .integers("size", {2, 2})
        .range(1, 64)
        .label(WEFT_TEXT("UpSample2D", "Factor"))
        .help(WEFT_TEXT("UpSample2D", "How often each pixel is repeated, down and across."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower([](LowerContext& c) {
            const Value x = imageInput(c, "UpSample2D");
            const auto size = c.param<std::vector<std::int64_t>>("size");
            const Shape& s = x.shape();
            const Value apart = reshape(x, {s[0], s[1], s[2], 1, s[3], 1});
            return reshape(broadcastTo(apart, {s[0], s[1], s[2], size[0], s[3], size[1]}), {s[0], s[1], s[2] * size[0], s[3] * size[1]});
        });
}

} // namespace weft
