#include <cmath>
#include <limits>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// log Σ exp(row), against overflow: the largest element is taken out of the exponent.
template <class T> WEFT_DEVICE inline double logSumOfRow(const Team& team, const T* row, std::int64_t classes)
{
    float largest = -std::numeric_limits<float>::infinity();
    for (std::int64_t c = team.index(); c < classes; c += team.size()) {
        const float value = static_cast<float>(row[c]);
        largest = value > largest || std::isnan(value) ? value : largest;
    }
    largest = team.max(largest);
    double sum = 0;
    for (std::int64_t c = team.index(); c < classes; c += team.size())
        sum += static_cast<double>(std::exp(static_cast<float>(row[c]) - largest));
    return static_cast<double>(largest) + std::log(team.sum(sum));
}

struct SoftmaxCrossEntropyCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t classes = context.inputs[0].extent(1);
        const T* logits = inputData<T>(context, 0);
        const std::int32_t* target = inputData<std::int32_t>(context, 1);
        float* loss = outputData<float>(context);
        forEachTeam(context, context.inputs[0].extent(0), classes, [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const T* row = logits + n * classes;
            const double total = logSumOfRow(team, row, classes);
            const bool isKnown = target[n] >= 0 && target[n] < classes;
            if (team.index() == 0)
                loss[n] = isKnown ? static_cast<float>(total - static_cast<double>(row[target[n]])) : std::numeric_limits<float>::quiet_NaN();
        });
    }
};

struct SoftmaxCrossEntropyGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t classes = context.inputs[1].extent(1);
        const float* dy = inputData<float>(context, 0);
        const T* logits = inputData<T>(context, 1);
        const std::int32_t* target = inputData<std::int32_t>(context, 2);
        T* dLogits = outputData<T>(context);
        forEachTeam(context, context.inputs[1].extent(0), classes, [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const T* row = logits + n * classes;
            const double total = logSumOfRow(team, row, classes);
            const bool isKnown = target[n] >= 0 && target[n] < classes;
            const float scale = isKnown ? dy[n] : std::numeric_limits<float>::quiet_NaN();
            for (std::int64_t c = team.index(); c < classes; c += team.size()) {
                const float probability = std::exp(static_cast<float>(static_cast<double>(row[c]) - total));
                dLogits[n * classes + c] = static_cast<T>(scale * (probability - (c == target[n] ? 1.0f : 0.0f)));
            }
        });
    }
};

} // namespace

void crossEntropyCudaKernels(KernelTable& table)
{
    addStoredCuda<SoftmaxCrossEntropyCuda>(table, "SoftmaxCrossEntropy");
    addStoredCuda<SoftmaxCrossEntropyGradientCuda>(table, "SoftmaxCrossEntropyGradient");
}

} // namespace weft
