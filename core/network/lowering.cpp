#include "core/network/lowering.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/network/network_lowering.h"

namespace weft {

Lowered lower(const Network& network, const LowerOptions& options)
{
    NetworkLowering lowering(network, options, false);
    lowering.run();
    for (const Diagnostic& diagnostic : lowering.diagnostics()) {
        if (diagnostic.severity != Severity::Error)
            continue;
        if (diagnostic.inner.empty())
            throw Error(diagnostic.message);
        throw Error(WEFT_TEXT("Network", "%1/%2: %3"), diagnostic.node, diagnostic.inner, english(diagnostic.message));
    }
    if (network.nodes.empty())
        throw Error(WEFT_TEXT("Network", "The network is empty. Add an Input and the layers that should learn."));
    return std::move(lowering.lowered());
}

} // namespace weft
