#include <algorithm>

#include "core/layers/support.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/constant/constant.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/transpose/transpose.h"

namespace weft {

namespace {

Value nearest(const Value& x, const std::vector<std::int64_t>& size)
{
    const Shape& s = x.shape();
    const Value apart = reshape(x, {s[0], s[1], s[2], 1, s[3], 1});
    return reshape(broadcastTo(apart, {s[0], s[1], s[2], size[0], s[3], size[1]}), {s[0], s[1], s[2] * size[0], s[3] * size[1]});
}

/// The last axis of x enlarged linearly: each new pixel is a mixture of its two neighbours, which a constant matrix
/// [side, side · factor] holds. Centres of pixels lie at i + 1/2 (PyTorch's align_corners=False).
Value stretched(const Value& x, std::int64_t factor)
{
    const std::int64_t side = x.shape().back().factor;
    const std::int64_t newSide = side * factor;
    std::vector<double> shares(static_cast<std::size_t>(side * newSide), 0.0);
    for (std::int64_t j = 0; j < newSide; ++j) {
        const double place = std::max(0.0, (static_cast<double>(j) + 0.5) / static_cast<double>(factor) - 0.5);
        const auto left = static_cast<std::int64_t>(place);
        const std::int64_t right = std::min(left + 1, side - 1);
        const double share = place - static_cast<double>(left);
        shares[static_cast<std::size_t>(left * newSide + j)] += 1.0 - share;
        shares[static_cast<std::size_t>(right * newSide + j)] += share;
    }
    return matmul(x, constant(x.graph(), x.dtype(), {side, newSide}, std::move(shares)));
}

Value bilinear(const Value& x, const std::vector<std::int64_t>& size)
{
    const Value wide = stretched(x, size[1]);
    return transpose(stretched(transpose(wide, {0, 1, 3, 2}), size[0]), {0, 1, 3, 2});
}

} // namespace

LayerSpec upSample2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "UpSample2D"), Category::Convolution)
        .summary(WEFT_TEXT("UpSample2D", "Enlarges an image by repeating or mixing its pixels."))
        .details(
            WEFT_TEXT("UpSample2D",
                      "The counterpart of pooling in autoencoders and U-Nets: [N, C, 14, 14] becomes [N, C, 28, 28]. nearest repeats each pixel, "
                      "bilinear mixes neighbours without steps. Put a Conv2D after it to sharpen. It has nothing to learn."))
        .formula("y[n, c, i, j] = x[n, c, ⌊i / s⌋, ⌊j / s⌋]")
        .picture(Picture::Enlarge)
        .integers("size", {2, 2})
        .range(1, 64)
        .label(WEFT_TEXT("UpSample2D", "Factor"))
        .help(WEFT_TEXT("UpSample2D", "How many times the image grows, down and across."))
        .param("mode", "nearest")
        .choices({"nearest", "bilinear"})
        .label(WEFT_TEXT("UpSample2D", "Mode"))
        .help(WEFT_TEXT("UpSample2D", "nearest repeats each pixel; bilinear mixes the four pixels around each new one."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower([](LowerContext& c) {
            const Value x = imageInput(c, "UpSample2D");
            const auto size = c.param<std::vector<std::int64_t>>("size");
            return c.param<std::string>("mode") == "bilinear" ? bilinear(x, size) : nearest(x, size);
        });
}

} // namespace weft
