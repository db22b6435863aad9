#include "core/ops/softmax/softmax_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// The lines along an axis: line l begins at at(l), its elements are `step` apart.
struct Lines {
    std::int64_t count, length, step;

    Lines(const Extents& extents, const Attributes& attributes)
    {
        const auto axis = static_cast<std::size_t>(attributes.integer("axis"));
        length = extents[axis];
        step = stridesOf(extents)[axis];
        count = length > 0 ? elementCount(extents) / length : 0;
    }
    constexpr std::int64_t at(std::int64_t line) const { return line / step * step * length + line % step; }
};

/// exp(x − largest) / Σ of the first `count` elements, `step` apart.
WEFT_DEVICE inline void softmaxLine(const Team& team, const float* x, float* y, std::int64_t count, std::int64_t step)
{
    float largest = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = team.index(); i < count; i += team.size())
        largest = x[i * step] > largest || std::isnan(x[i * step]) ? x[i * step] : largest;
    largest = team.max(largest);
    double sum = 0;
    for (std::int64_t i = team.index(); i < count; i += team.size())
        sum += static_cast<double>(std::exp(x[i * step] - largest));
    const float share = static_cast<float>(1.0 / team.sum(sum));
    for (std::int64_t i = team.index(); i < count; i += team.size())
        y[i * step] = std::exp(x[i * step] - largest) * share;
}

struct SoftmaxCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Lines lines(context.outputs[0].type.extents, attributes);
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEachTeam(context, lines.count, lines.length, [=] WEFT_DEVICE(std::int64_t line, const Team& team) {
            softmaxLine(team, x + lines.at(line), y + lines.at(line), lines.length, lines.step);
        });
    }
};

struct SoftmaxGradientCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Lines lines(context.outputs[0].type.extents, attributes);
        const float *dy = inputData<float>(context, 0), *y = inputData<float>(context, 1);
        float* dx = outputData<float>(context);
        forEachTeam(context, lines.count, lines.length, [=] WEFT_DEVICE(std::int64_t line, const Team& team) {
            const std::int64_t first = lines.at(line);
            double sum = 0;
            for (std::int64_t i = team.index(); i < lines.length; i += team.size())
                sum += static_cast<double>(dy[first + i * lines.step]) * static_cast<double>(y[first + i * lines.step]);
            const float mean = static_cast<float>(team.sum(sum));
            for (std::int64_t i = team.index(); i < lines.length; i += team.size()) {
                const std::int64_t at = first + i * lines.step;
                dx[at] = y[at] * (dy[at] - mean);
            }
        });
    }
};

struct MaskedSoftmaxCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ScoreRows rows(context, attributes.flag("causal"));
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        const std::int64_t count = rows.keys > 0 ? context.inputs[0].count() / rows.keys : 0;
        forEachTeam(context, count, rows.keys, [=] WEFT_DEVICE(std::int64_t row, const Team& team) {
            const std::int64_t real = rows.count(row);
            softmaxLine(team, x + row * rows.keys, y + row * rows.keys, real, 1);
            for (std::int64_t i = real + team.index(); i < rows.keys; i += team.size())
                y[row * rows.keys + i] = 0.0f;
        });
    }
};

} // namespace

void softmaxCudaKernels(KernelTable& table)
{
    addCuda<SoftmaxCuda>(table, "Softmax");
    addCuda<SoftmaxGradientCuda>(table, "SoftmaxGradient");
    addCuda<MaskedSoftmaxCuda>(table, "MaskedSoftmax");
}

} // namespace weft
