#include "core/layers/support.h"
#include "core/ops/slice/slice.h"

namespace weft {

LayerSpec zeroPadding2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "ZeroPadding2D"), Category::Convolution)
        .summary(WEFT_TEXT("ZeroPadding2D", "Puts a border of zeros around an image."))
        .details(WEFT_TEXT("ZeroPadding2D",
                           "For borders that differ from side to side, which the padding of Conv2D cannot make, or to bring branches to one size. It "
                           "has nothing to learn."))
        .formula("y[n, c, i + p, j + p] = x[n, c, i, j];  0")
        .picture(Picture::Border)
        .integers("pad", {1, 1, 1, 1})
        .range(0, 4096)
        .label(WEFT_TEXT("ZeroPadding2D", "Border"))
        .help(WEFT_TEXT("ZeroPadding2D", "Pixels added above, below, left and right."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower([](LowerContext& c) {
            const Value x = imageInput(c, "ZeroPadding2D");
            const auto pad = c.param<std::vector<std::int64_t>>("pad");
            return padZeros(padZeros(x, 2, pad[0], pad[1]), 3, pad[2], pad[3]);
        });
}

} // namespace weft
