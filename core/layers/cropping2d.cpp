#include "core/layers/support.h"
#include "core/ops/slice/slice.h"

namespace weft {

namespace {

Value lowerCropping(LowerContext& c)
{
    const Value x = imageInput(c, "Cropping2D");
    const auto crop = c.param<std::vector<std::int64_t>>("crop");
    const std::int64_t height = x.shape()[2].factor, width = x.shape()[3].factor;
    if (crop[0] + crop[1] >= height || crop[2] + crop[3] >= width)
        throw LayerFault(
            "shape.tooSmall",
            message(WEFT_TEXT("Cropping2D",
                              "Cropping2D takes %1 rows and %2 columns away, but images of %3 x %4 do not have more, so nothing would be "
                              "left. Take less away."),
                    crop[0] + crop[1], crop[2] + crop[3], height, width),
            {Remedy::setParam(message(WEFT_TEXT("Cropping2D", "Take nothing away")), "crop", Tree::List{0, 0, 0, 0})});
    return slice(slice(x, 2, crop[0], height - crop[1]), 3, crop[2], width - crop[3]);
}

} // namespace

LayerSpec cropping2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Cropping2D"), Category::Convolution)
        .summary(WEFT_TEXT("Cropping2D", "Cuts a border off an image."))
        .details(
            WEFT_TEXT("Cropping2D",
                      "Keeps the middle of an image, for example to bring the skip connections of a U-Net to the size of the branch they join. It "
                      "has nothing to learn."))
        .formula("y[n, c, i, j] = x[n, c, i + c₁, j + c₃]")
        .picture(Picture::Crop)
        .integers("crop", {1, 1, 1, 1})
        .range(0, 4096)
        .label(WEFT_TEXT("Cropping2D", "Border"))
        .help(WEFT_TEXT("Cropping2D", "Pixels cut off above, below, left and right."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower(lowerCropping);
}

} // namespace weft
