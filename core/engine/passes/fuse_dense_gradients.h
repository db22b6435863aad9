#pragma once

#include <map>
#include <memory>
#include <set>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// Whether the device has such products at all.
bool fusesDenseGradients(const RewriteContext& context);

/// What surrounds the products of a dense layer's gradients becomes part of them, where the device knows products that do it: the sum for
/// its bias is made by the product for its kernel, which reads the same slopes (DenseGradient), and the gradient of a relu is taken by the
/// product behind it (MaskedMatMul), from a mask that the layer's own product writes. A pass for one graph.
class FuseDenseGradients {
public:
    /// Finds them in what `rewriter` copies.
    explicit FuseDenseGradients(const Rewriter& rewriter);

    bool operator()(const Op& op, Rewriter& rewriter);

private:
    /// The gradients of a layer's kernel and bias.
    struct Weights {
        const Op *kernel = nullptr, *bias = nullptr;
        Value x, dy;
        bool isBuilt = false;
        bool isGivenUp = false;
    };
    /// A layer with its relu, the product of the gradient behind it, and the relu's.
    struct Cut {
        const Op *layer = nullptr, *product = nullptr, *relu = nullptr;
        Value mask; ///< in the new graph
    };

    void findWeights(const Rewriter& rewriter, const Op& bias);
    void findCut(const Rewriter& rewriter, const Op& layer);
    static bool build(Weights& weights, Rewriter& rewriter);
    static bool build(Cut& cut, const Op& op, Rewriter& rewriter);

    std::map<const Op*, std::shared_ptr<Weights>> m_weights; ///< by both ops
    std::map<const Op*, std::shared_ptr<Cut>> m_cuts; ///< by all three
};

} // namespace weft
