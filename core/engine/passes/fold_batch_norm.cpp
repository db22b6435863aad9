#include <algorithm>
#include <string_view>

#include "core/engine/passes/passes.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// The convolution whose result this batch normalisation alone reads, if all weights of both are variables
/// and the device has a convolution of its own.
const Op* foldable(const Op& norm, const Rewriter& rewriter)
{
    if (norm.spec().name != std::string_view("BatchNormInference"))
        return nullptr;
    const Op* conv = norm.input(0).producer();
    if (!conv || conv->spec().name != std::string_view("Conv") || rewriter.onlyReader(conv->output()) != &norm)
        return nullptr;
    const auto areVariables = [](const Op& op) {
        return std::all_of(op.inputs().begin() + 1, op.inputs().end(), [](const Value& input) { return input.variable() != nullptr; });
    };
    return areVariables(norm) && areVariables(*conv) && rewriter.canRun(conv->spec(), conv->inputs(), conv->attributes()) ? conv : nullptr;
}

} // namespace

bool foldBatchNorms(const Op& op, Rewriter& rewriter)
{
    if (!rewriter.hasConstantVariables())
        return false;
    if (op.spec().name == std::string_view("Conv")) {
        const Op* reader = rewriter.onlyReader(op.output());
        return reader && foldable(*reader, rewriter) == &op;
    }
    const Op* conv = foldable(op, rewriter);
    if (!conv)
        return false;
    const Value scale = rewriter.mapped(op.input(1));
    const Value shift = rewriter.mapped(op.input(2));
    const Value mean = rewriter.mapped(op.input(3));
    const Value variance = rewriter.mapped(op.input(4));
    const Value kernel = rewriter.mapped(conv->input(1));
    const Value factor = divide(scale, sqrt(affine(variance, 1.0, op.attributes().real("epsilon"))));
    std::vector<Dim> dims(static_cast<std::size_t>(kernel.shape().rank()), Dim(1));
    dims[0] = kernel.shape()[0];
    Value bias = subtract(shift, multiply(mean, factor));
    if (conv->inputs().size() > 2)
        bias = add(bias, multiply(rewriter.mapped(conv->input(2)), factor));
    const Value folded = multiply(kernel, reshape(factor, Shape(std::move(dims))));
    rewriter.map(op.output(), rewriter.target().add(conv->spec(), {rewriter.mapped(conv->input(0)), folded, bias}, conv->attributes())[0]);
    return true;
}

} // namespace weft
