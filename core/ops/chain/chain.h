#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/graph/op.h"

namespace weft {

// Elementwise ops that follow each other as one, which keeps what stands between them in registers. Only the engine's passes build it,
// where the device has a kernel: cards.

/// One op of a chain.
struct ChainLink {
    int code = 0; ///< its place in the table (chain_links.h)
    double a = 0, b = 0; ///< the op's numbers: scale and shift; alpha; what dropout multiplies by, and its rate
    std::int64_t stream = 0; ///< of dropout
};

/// What a link combines the running value with.
enum class LinkOperand {
    None,
    Array, ///< an input of the chain
    Mask, ///< 1 for what dropout keeps, 0 for what it drops
};

/// The code of the link that does what the op of this name does to its input `running`; −1 where there is none.
int linkCode(std::string_view op, int running = 0);
/// That link with the numbers of `op`.
std::optional<ChainLink> chainLink(const Op& op, int running);
ChainLink dropoutLink(const Attributes& attributes);
LinkOperand operandOf(const ChainLink& link);

/// Inputs x, then the operands of the links, in their order: of x's shape, or such as stretch to it. The result has x's shape, and its
/// type unless `resultTypeAttribute` says another.
const OpSpec& elementwiseChainSpec();
Attributes chainAttributes(const std::vector<ChainLink>& links);
std::vector<ChainLink> chainLinks(const Attributes& attributes);

/// So many a kernel takes.
inline constexpr std::size_t mostLinks = 16;

} // namespace weft
