#include "core/layers/support.h"
#include <algorithm>

#include "core/ops/transpose/transpose.h"

namespace weft {

namespace {

Value lowerPermute(LowerContext& c)
{
    const Value x = c.input(0);
    const auto order = c.param<std::vector<std::int64_t>>("order");
    std::vector<std::int64_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    bool isOrder = static_cast<int>(order.size()) == x.shape().rank() - 1;
    for (std::size_t i = 0; isOrder && i < sorted.size(); ++i)
        isOrder = sorted[i] == static_cast<std::int64_t>(i) + 1;
    if (!isOrder)
        throw LayerFault(
            "param.order",
            message(WEFT_TEXT("Permute", "\"order\" must name each of the axes 1 to %1 of %2 once."), x.shape().rank() - 1, toString(x.shape())));
    std::vector<int> permutation{0};
    permutation.insert(permutation.end(), order.begin(), order.end());
    return transpose(x, std::move(permutation));
}

} // namespace

LayerSpec permute()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Permute"), Category::Core)
        .summary(WEFT_TEXT("Permute", "Changes the order of the axes."))
        .details(WEFT_TEXT("Permute",
                           "Moves numbers so that the axes come in another order, for example channels last: order [2, 3, 1] turns [N, C, H, W] into "
                           "[N, H, W, C]. The batch stays first. It has nothing to learn."))
        .formula("y[n, i, j] = x[n, j, i]")
        .picture(Picture::Swap)
        .shape("order", {2, 1})
        .range(1, 8)
        .label(WEFT_TEXT("Permute", "Order"))
        .help(WEFT_TEXT("Permute", "For each new axis the old one, counted from 1; 0 is the batch and not named."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .lower(lowerPermute);
}

} // namespace weft
