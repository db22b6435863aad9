#include "core/ops/gaussian_noise/gaussian_noise.h"

#include <bit>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/gaussian_noise/gaussian_noise_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const double deviation = attributes.real("deviation");
    requireFloating("GaussianNoise", inputs[0]);
    if (!(deviation >= 0.0))
        throw Error(WEFT_TEXT("Ops", "GaussianNoise has the deviation %1. Choose one that is not negative."), deviation);
    if (inputs[0].shape.isScalar() || inputs[0].shape[0] != Dim::batch())
        throw Error(WEFT_TEXT("Ops", "GaussianNoise needs the batch as the first axis, because each sample has its own noise, but the shape is %1."),
                    toString(inputs[0].shape));
    return {inputs[0]};
}

std::vector<Value> gradient(const Op&, std::span<const Value> dy)
{
    return {dy[0]};
}

const OpSpec spec{.name = "GaussianNoise", .infer = infer, .gradient = gradient, .readsState = true};

} // namespace

Value gaussianNoise(const Value& x, double deviation, std::uint64_t stream)
{
    return x.graph().add(spec, {x}, {{"deviation", deviation}, {"stream", std::bit_cast<std::int64_t>(stream)}})[0];
}

std::vector<const OpSpec*> gaussianNoiseOps()
{
    return {&spec};
}

void gaussianNoiseReferenceKernels(KernelTable& table)
{
    addReference<GaussianNoiseReference>(table, "GaussianNoise");
}

} // namespace weft
