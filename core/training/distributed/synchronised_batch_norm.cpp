#include "core/training/distributed/synchronised_batch_norm.h"

#include <string_view>

#include "core/base/error.h"
#include "core/ops/all_reduce/all_reduce.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// What makes a biased variance over `positions` elements of each of `samples` an unbiased one: n / max(n − 1, 1).
Value unbiasing(const Value& samples, std::int64_t positions)
{
    const Value n = affine(samples, static_cast<double>(positions));
    return divide(n, maximum(affine(n, 1.0, -1.0), constant(samples.graph(), DType::Float32, {}, {1.0})));
}

/// Appends ops that give the three results of a BatchNorm; their gradients pass through the exchange.
void appendSynchronised(Graph& graph, const Op& op, const Value& share, const Value& samples)
{
    const Value x = op.input(0);
    std::vector<int> axes{0};
    std::vector<Dim> dims(static_cast<std::size_t>(x.shape().rank()), Dim(1));
    dims[1] = x.shape()[1];
    std::int64_t positions = 1;
    for (int axis = 2; axis < x.shape().rank(); ++axis) {
        axes.push_back(axis);
        if (x.shape()[axis].timesT)
            throw Error(WEFT_TEXT("Training",
                                  "The statistics of %1 cannot be taken over all ranks, because its sequences differ in length. Turn "
                                  "training.distributed.synchronisedBatchNorm off."),
                        op.node());
        positions *= x.shape()[axis].factor;
    }
    const Shape aChannel(dims);
    const auto overRanks = [&](const Value& own) { return allReduce(multiply(own, share)); };

    const Value mean = overRanks(reduceMean(x, axes));
    const Value centred = subtract(x, reshape(mean, aChannel));
    const Value variance = overRanks(reduceMean(square(centred), axes));
    const Value factor = divide(op.input(1), sqrt(affine(variance, 1.0, op.attributes().real("epsilon"))));
    graph.replaceUses(op.output(0), add(multiply(centred, reshape(factor, aChannel)), reshape(op.input(2), aChannel)));
    graph.replaceUses(op.output(1), mean);
    graph.replaceUses(op.output(2), multiply(variance, unbiasing(samples, positions)));
}

} // namespace

void synchroniseBatchNorms(Graph& graph, const Value& share, const Value& samples)
{
    for (std::size_t i = 0; i < graph.ops().size(); ++i) {
        const Op& op = *graph.ops()[i];
        if (std::string_view(op.spec().name) != "BatchNorm")
            continue;
        const std::size_t size = graph.ops().size();
        const Graph::NodeScope scope(graph, op.node());
        appendSynchronised(graph, op, share, samples);
        graph.moveAdded(size, i + 1);
    }
}

} // namespace weft
