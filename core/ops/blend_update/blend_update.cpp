#include "core/ops/blend_update/blend_update.h"

#include <cassert>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/blend_update/blend_update_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    for (std::size_t i = 2; i + 1 < inputs.size(); i += 2) {
        if (inputs[i] != inputs[i + 1])
            throw Error(WEFT_TEXT("Ops", "A variable %1 cannot take up values %2. Their types must be equal."), describe(inputs[i]),
                        describe(inputs[i + 1]));
    }
    return {};
}

// It overwrites the first of each pair; that the second may be a variable too only makes the order stricter.
const OpSpec spec{.name = "BlendUpdate", .infer = infer, .mutatesVariables = true};

/// The type of the variables decides; the factors may be float32 beside them.
std::vector<KernelOption> factory(const KernelRequest& request)
{
    switch (request.inputs[2].dtype) {
    case DType::Float32: return referenceOption<BlendUpdateReference>(request, &BlendUpdateReference::run<float>);
    case DType::Float64: return referenceOption<BlendUpdateReference>(request, &BlendUpdateReference::run<double>);
    default: return {};
    }
}

} // namespace

void blendUpdate(const Value& keep, const Value& fresh, const std::vector<BlendTarget>& targets)
{
    if (targets.empty())
        return;
    std::vector<Value> inputs{keep, fresh};
    for (const BlendTarget& target : targets) {
        assert(target.variable.variable() && target.value);
        inputs.push_back(target.variable);
        inputs.push_back(target.value);
    }
    keep.graph().add(spec, std::move(inputs));
}

const OpSpec& blendUpdateSpec()
{
    return spec;
}

std::vector<const OpSpec*> blendUpdateOps()
{
    return {&spec};
}

void blendUpdateReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "BlendUpdate", &factory);
}

} // namespace weft
