#include <string_view>
#include <vector>

#include "core/engine/passes/passes.h"
#include "core/ops/fused/fused.h"

namespace weft {

bool fuseResidual(const Op& op, Rewriter& rewriter)
{
    const Op* sum = is(&op, "Conv") && op.inputs().size() > 2 ? rewriter.onlyReader(op.output()) : nullptr;
    if (!is(sum, "Add") || sum->input(0) == sum->input(1))
        return false;
    const Value& addend = sum->input(sum->input(0) == op.output() ? 1 : 0);
    // What is not there yet may be a convolution that takes this one in.
    if (addend.type() != op.output().type() || !rewriter.mapped(addend))
        return false;
    const Op* behind = rewriter.onlyReader(sum->output());
    const Op* relu = is(behind, "Relu") ? behind : nullptr;
    std::vector<Value> inputs = op.inputs();
    inputs.push_back(addend);
    Attributes attributes = op.attributes();
    attributes.set("relu", relu != nullptr);
    if (!rewriter.canFuse(fusedConvAddSpec(), inputs, attributes))
        return false;
    rewriter.map((relu ? relu : sum)->output(), rewriter.build(op, fusedConvAddSpec(), inputs, attributes)[0]);
    rewriter.absorb(sum);
    rewriter.absorb(relu);
    return true;
}

} // namespace weft
