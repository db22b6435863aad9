#include "core/ops/pixels/pixels.h"

#include "core/ops/pixels/pixels_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    return {{resultType(DType::Float32, attributes), inputs[0].shape}};
}

const OpSpec spec{.name = "Pixels", .infer = infer};

} // namespace

const OpSpec& pixelsSpec()
{
    return spec;
}

std::vector<const OpSpec*> pixelsOps()
{
    return {&spec};
}

void pixelsReferenceKernels(KernelTable& table)
{
    addReference<PixelsReference>(table, "Pixels");
}

} // namespace weft
