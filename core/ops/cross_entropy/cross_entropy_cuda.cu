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

/// The logits of a sample, and its target.
template <class T> struct TargetRow {
    const T* row;
    std::int64_t classes, target;
    double total; ///< logSumOfRow

    WEFT_DEVICE TargetRow(const Team& team, const T* logits, std::int64_t ofClasses, std::int64_t ofTarget) :
        row(logits), classes(ofClasses), target(ofTarget), total(logSumOfRow(team, logits, ofClasses))
    {
    }
    constexpr bool isKnown() const { return target >= 0 && target < classes; }
    /// NaN where the target is none of the classes, as below.
    WEFT_DEVICE float loss() const
    {
        return isKnown() ? static_cast<float>(total - static_cast<double>(row[target])) : std::numeric_limits<float>::quiet_NaN();
    }
    /// For a slope of the loss.
    WEFT_DEVICE void putGradient(const Team& team, float slope, T* gradient) const
    {
        const float scale = isKnown() ? slope : std::numeric_limits<float>::quiet_NaN();
        for (std::int64_t c = team.index(); c < classes; c += team.size()) {
            const float probability = std::exp(static_cast<float>(static_cast<double>(row[c]) - total));
            gradient[c] = static_cast<T>(scale * (probability - (c == target ? 1.0f : 0.0f)));
        }
    }
};

struct SoftmaxCrossEntropyCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t classes = context.inputs[0].extent(1);
        const T* logits = inputData<T>(context, 0);
        const std::int32_t* target = inputData<std::int32_t>(context, 1);
        float* loss = outputData<float>(context);
        forEachTeam(context, context.inputs[0].extent(0), classes, [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const TargetRow<T> row(team, logits + n * classes, classes, target[n]);
            if (team.index() == 0)
                loss[n] = row.loss();
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
            TargetRow<T>(team, logits + n * classes, classes, target[n]).putGradient(team, dy[n], dLogits + n * classes);
        });
    }
};

/// Whether the first of the largest elements is at `target`. A NaN is larger than none, and smaller than none where it comes first.
template <class T> WEFT_DEVICE inline bool isLargest(const Team& team, const T* row, std::int64_t classes, std::int64_t target)
{
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const auto ranked = [row](std::int64_t c) {
        const float value = static_cast<float>(row[c]);
        return std::isnan(value) ? (c == 0 ? infinity : -infinity) : value;
    };
    float largest = -infinity;
    for (std::int64_t c = team.index(); c < classes; c += team.size())
        largest = ranked(c) > largest ? ranked(c) : largest;
    largest = team.max(largest);
    std::int64_t first = classes;
    for (std::int64_t c = team.index(); c < classes; c += team.size())
        first = c < first && ranked(c) == largest ? c : first;
    return team.min(first) == target;
}

/// A team makes the numbers of a sample, one team adds them up.
struct FusedCrossEntropyCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return 2 * static_cast<std::size_t>(request.inputs[0].extents[0]) * sizeof(float);
    }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t samples = context.inputs[0].extent(0), classes = context.inputs[0].extent(1);
        const bool hasCorrect = attributes.flag("hasCorrect");
        T* dLogits = attributes.flag("hasGradient") ? outputData<T>(context, hasCorrect ? 2 : 1) : nullptr;
        const float slope = static_cast<float>(attributes.real("slope")) / static_cast<float>(samples);
        float* losses = static_cast<float*>(context.scratch);
        float* correct = hasCorrect ? losses + samples : nullptr;
        const T* logits = inputData<T>(context, 0);
        const std::int32_t* target = inputData<std::int32_t>(context, 1);
        forEachTeam(context, samples, classes, [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const TargetRow<T> row(team, logits + n * classes, classes, target[n]);
            const bool isCorrect = correct && isLargest(team, logits + n * classes, classes, target[n]);
            if (team.index() == 0) {
                losses[n] = row.loss();
                if (correct)
                    correct[n] = isCorrect ? 1.0f : 0.0f;
            }
            if (dLogits)
                row.putGradient(team, slope, dLogits + n * classes);
        });
        addUp(context, samples, losses, correct);
    }

    static void addUp(const KernelContext& context, std::int64_t samples, const float* losses, const float* correct)
    {
        float* loss = outputData<float>(context);
        float* count = correct ? outputData<float>(context, 1) : nullptr;
        forEachTeam(context, 1, samples, [=] WEFT_DEVICE(std::int64_t, const Team& team) {
            double sum = 0, right = 0;
            for (std::int64_t n = team.index(); n < samples; n += team.size()) {
                sum += static_cast<double>(losses[n]);
                right += correct ? static_cast<double>(correct[n]) : 0.0;
            }
            sum = team.sum(sum);
            right = team.sum(right);
            if (team.index() != 0)
                return;
            *loss = static_cast<float>(sum / static_cast<double>(samples));
            if (count)
                *count = static_cast<float>(right);
        });
    }
};

} // namespace

void crossEntropyCudaKernels(KernelTable& table)
{
    addStoredCuda<SoftmaxCrossEntropyCuda>(table, "SoftmaxCrossEntropy");
    addStoredCuda<SoftmaxCrossEntropyGradientCuda>(table, "SoftmaxCrossEntropyGradient");
    addStoredCuda<FusedCrossEntropyCuda>(table, "FusedCrossEntropy");
}

} // namespace weft
