#include "core/ops/chain/chain.h"
#include "core/ops/chain/chain_cuda.h"
#include "core/ops/dropout/dropout_ref.h"

namespace weft {

namespace {

/// A chain of one link.
std::vector<KernelOption> dropoutOptions(const KernelRequest& request)
{
    const Attributes chain = chainAttributes({dropoutLink(request.attributes)});
    return chainOptions({chain, request.inputs, request.outputs, request.inputLayouts, request.threads});
}

} // namespace

void dropoutCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Dropout", &dropoutOptions);
}

} // namespace weft
