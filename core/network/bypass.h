#pragma once

#include <optional>

#include "core/base/diagnostic.h"
#include "core/network/wiring.h"

namespace weft {

/// Why a layer of this kind cannot be bypassed; nullopt where it can, its first input standing for its output.
std::optional<Message> whyNotBypassed(const LayerSpec& layer);
/// The fix that ends the bypass of a node.
Fix useAgainFix(const Sheet& sheet, const Node& node);
/// Wires what bypassed nodes feed to what their first input is wired to, as if they were not there. Wants `order`.
void passBypassed(const Sheet& sheet, Wiring& wiring);
/// Says of bypassed nodes that they cannot be where something fits only as long as they are used.
void blameBypassed(const Network& network, std::vector<Diagnostic>& diagnostics);

} // namespace weft
