#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/graph/value.h"

namespace weft {

/// The first contents of a variable, row-major. Random kinds draw from Philox keyed by (seed, FNV of
/// the name, element), so they depend neither on threads nor on the device nor on other variables.
/// Sources: Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998; Saxe et al. 2014 (orthogonal).
std::vector<double> initialValues(const Initializer& initializer, const std::string& name, const Extents& extents, std::uint64_t seed);

} // namespace weft
