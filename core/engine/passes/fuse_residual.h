#pragma once

#include <set>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// A convolution with a bias, what a residual block adds to it and the relu behind that, where the device does all in one kernel: a
/// network that predicts has its BatchNorms in its kernels and biases. As `Rewriter::Pass`; one for each run.
class FuseResidual {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    std::set<const Op*> m_absorbed;
};

} // namespace weft
