#include "core/project/template_block_texts.h"

namespace weft {

std::span<const Text> templateBlockTexts()
{
    static constexpr Text texts[] = {
        WEFT_TEXT("TemplateBlock", "Dense layer"),
        WEFT_TEXT("TemplateBlock", "A 1 x 1 and a 3 x 3 convolution; what they find is joined to what came in."),
        WEFT_TEXT("TemplateBlock", "Channels that are added."),
        WEFT_TEXT("TemplateBlock", "Four dense layers"),
        WEFT_TEXT("TemplateBlock", "Four dense layers, each seeing all that came before."),
        WEFT_TEXT("TemplateBlock", "Channels that each layer adds."),
        WEFT_TEXT("TemplateBlock", "Transition"),
        WEFT_TEXT("TemplateBlock", "Narrows the channels and halves the image between two stages."),
        WEFT_TEXT("TemplateBlock", "Channels of the output."),
        WEFT_TEXT("TemplateBlock", "Convolution"),
        WEFT_TEXT("TemplateBlock", "A convolution with batch normalisation and ReLU."),
        WEFT_TEXT("TemplateBlock", "Height of the kernel."),
        WEFT_TEXT("TemplateBlock", "Width of the kernel."),
        WEFT_TEXT("TemplateBlock", "2 halves height and width."),
        WEFT_TEXT("TemplateBlock", "Rows added above and below."),
        WEFT_TEXT("TemplateBlock", "Columns added left and right."),
        WEFT_TEXT("TemplateBlock", "Inception A"),
        WEFT_TEXT("TemplateBlock", "1 x 1, 5 x 5, double 3 x 3 and pooling side by side, for 35 x 35 images."),
        WEFT_TEXT("TemplateBlock", "Channels of the pooling branch."),
        WEFT_TEXT("TemplateBlock", "Inception B"),
        WEFT_TEXT("TemplateBlock", "Halves 35 x 35 images: 3 x 3, double 3 x 3 and pooling with stride 2."),
        WEFT_TEXT("TemplateBlock", "Inception C"),
        WEFT_TEXT("TemplateBlock", "1 x 1, 7 x 7 split into 1 x 7 and 7 x 1, the same twice, and pooling, for 17 x 17 images."),
        WEFT_TEXT("TemplateBlock", "Channels inside the 7 x 7 branches."),
        WEFT_TEXT("TemplateBlock", "Inception D"),
        WEFT_TEXT("TemplateBlock", "Halves 17 x 17 images: 3 x 3, 7 x 7 then 3 x 3, and pooling with stride 2."),
        WEFT_TEXT("TemplateBlock", "Inception E"),
        WEFT_TEXT("TemplateBlock", "1 x 1, 3 x 3 split into 1 x 3 beside 3 x 1, the same behind a 3 x 3, and pooling, for 8 x 8 images."),
        WEFT_TEXT("TemplateBlock", "Inverted bottleneck"),
        WEFT_TEXT("TemplateBlock", "Widens the channels, filters each by itself, narrows them again; may halve the image."),
        WEFT_TEXT("TemplateBlock", "Channels that come in."),
        WEFT_TEXT("TemplateBlock", "How many times the channels are widened inside."),
        WEFT_TEXT("TemplateBlock", "Inverted residual"),
        WEFT_TEXT("TemplateBlock", "Widens the channels, filters each by itself, narrows them again, and adds what came in."),
        WEFT_TEXT("TemplateBlock", "Residual block"),
        WEFT_TEXT("TemplateBlock", "Two 3 x 3 convolutions whose result is added to what came in."),
        WEFT_TEXT("TemplateBlock", "Residual block, halving"),
        WEFT_TEXT("TemplateBlock", "Two 3 x 3 convolutions; a 1 x 1 convolution fits the shortcut to their shape."),
        WEFT_TEXT("TemplateBlock", "Bottleneck"),
        WEFT_TEXT("TemplateBlock", "1 x 1, 3 x 3 and 1 x 1 convolutions whose result is added to what came in."),
        WEFT_TEXT("TemplateBlock", "Channels inside; the output has four times as many."),
        WEFT_TEXT("TemplateBlock", "Bottleneck, new shape"),
        WEFT_TEXT("TemplateBlock", "1 x 1, 3 x 3 and 1 x 1 convolutions; a 1 x 1 convolution fits the shortcut to their shape."),
        WEFT_TEXT("TemplateBlock", "Two convolutions"),
        WEFT_TEXT("TemplateBlock", "Two 3 x 3 convolutions with batch normalisation and ReLU."),
        WEFT_TEXT("TemplateBlock", "Up"),
        WEFT_TEXT("TemplateBlock", "Doubles the image, joins what the way down kept at this size, and mixes both."),
        WEFT_TEXT("TemplateBlock", "Two 3 x 3 convolutions with ReLU, then a pooling that halves the image."),
        WEFT_TEXT("TemplateBlock", "Three convolutions"),
        WEFT_TEXT("TemplateBlock", "Three 3 x 3 convolutions with ReLU, then a pooling that halves the image."),
    };
    return texts;
}

} // namespace weft
