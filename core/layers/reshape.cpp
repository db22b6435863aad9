#include "core/ops/reshape/reshape.h"
#include "core/layers/support.h"

namespace weft {

namespace {

Value lowerReshape(LowerContext& c)
{
    const Value x = c.input(0);
    std::vector<Dim> dims{x.shape()[0]};
    std::int64_t wanted = 1;
    for (const std::int64_t extent : c.param<std::vector<std::int64_t>>("shape")) {
        dims.emplace_back(extent);
        wanted *= extent;
    }
    Dim features(1);
    for (int axis = 1; axis < x.shape().rank(); ++axis)
        features = features * x.shape()[axis];
    if (!features.isFixed() || features.factor != wanted)
        throw LayerFault("shape.count",
                         message(WEFT_TEXT("Reshape", "Reshape cannot turn %1 into %2: each sample has %3 numbers, but the new shape holds %4."),
                                 toString(x.shape()), toString(Shape(dims)), toString(features), wanted));
    return reshape(x, Shape(std::move(dims)));
}

} // namespace

LayerSpec reshape()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Reshape"), Category::Core)
        .summary(WEFT_TEXT("Reshape", "Gives the numbers of each sample another shape."))
        .details(WEFT_TEXT("Reshape",
                           "The numbers keep their order; only the shape around them changes, for example from [N, 784] to [N, 1, 28, 28]. The batch "
                           "axis stays first and is not part of the shape. It has nothing to learn."))
        .formula("y[n, …] : N × shape,  y.flat = x.flat")
        .picture(Picture::Roll)
        .shape("shape", {1, 28, 28})
        .range(1, 1 << 24)
        .label(WEFT_TEXT("Reshape", "Shape"))
        .help(WEFT_TEXT("Reshape", "Shape of a sample, without the batch."))
        .input("x", "[N, ...]")
        .output("y", "[N, shape]")
        .lower(lowerReshape);
}

} // namespace weft
