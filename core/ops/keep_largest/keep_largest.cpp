#include "core/ops/keep_largest/keep_largest.h"

#include <cassert>

#include "core/graph/graph.h"
#include "core/ops/keep_largest/keep_largest_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFloating("KeepLargest", inputs[0]);
    return {inputs[0]};
}

const OpSpec spec{.name = "KeepLargest", .infer = infer};

} // namespace

Value keepLargest(const Value& x, std::int64_t count)
{
    assert(count > 0);
    return x.graph().add(spec, {x}, {{"count", count}})[0];
}

std::vector<const OpSpec*> keepLargestOps()
{
    return {&spec};
}

void keepLargestReferenceKernels(KernelTable& table)
{
    addReference<KeepLargestReference>(table, "KeepLargest");
}

} // namespace weft
