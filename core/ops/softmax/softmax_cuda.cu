#include "core/ops/softmax/softmax_ref.h"
#include "core/ops/support/cuda_rows.h"

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
    /// Whether threads may take that many elements at once.
    bool areInGroupsOf(int width) const { return step == 1 && length % width == 0; }
    constexpr std::int64_t at(std::int64_t line) const { return line / step * step * length + line % step; }
};

/// exp(x − largest) / Σ of the first `count` elements, `step` apart; of several side by side at once, where `step` is 1.
template <int lanes, class T> WEFT_DEVICE inline void softmaxLine(const Team& team, const T* x, T* y, std::int64_t count, std::int64_t step)
{
    float largest = -std::numeric_limits<float>::infinity();
    forEachLanes<lanes>(team, count, [&](std::int64_t i) {
        const Lanes<T, lanes> values = lanesAt<lanes>(x + i * step);
        for (int lane = 0; lane < lanes; ++lane) {
            const float value = static_cast<float>(values.at[lane]);
            largest = value > largest || std::isnan(value) ? value : largest;
        }
    });
    largest = team.max(largest);
    double sum = 0;
    forEachLanes<lanes>(team, count, [&](std::int64_t i) {
        const Lanes<T, lanes> values = lanesAt<lanes>(x + i * step);
        for (int lane = 0; lane < lanes; ++lane)
            sum += static_cast<double>(std::exp(static_cast<float>(values.at[lane]) - largest));
    });
    const float share = static_cast<float>(1.0 / team.sum(sum));
    forEachLanes<lanes>(team, count, [&](std::int64_t i) {
        Lanes<T, lanes> values = lanesAt<lanes>(x + i * step);
        for (int lane = 0; lane < lanes; ++lane)
            values.at[lane] = static_cast<T>(std::exp(static_cast<float>(values.at[lane]) - largest) * share);
        putLanes(y + i * step, values);
    });
}

struct SoftmaxCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Lines lines(context.outputs[0].type.extents, attributes);
        if (lines.areInGroupsOf(lanesAtOnce<T>))
            each<lanesAtOnce<T>, T>(context, lines);
        else
            each<1, T>(context, lines);
    }

    template <int lanes, class T> static void each(const KernelContext& context, const Lines& lines)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEachTeam(context, lines.count, lines.length / lanes, [=] WEFT_DEVICE(std::int64_t line, const Team& team) {
            softmaxLine<lanes>(team, x + lines.at(line), y + lines.at(line), lines.length, lines.step);
        });
    }
};

struct SoftmaxGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Lines lines(context.outputs[0].type.extents, attributes);
        if (lines.areInGroupsOf(lanesAtOnce<T>))
            each<lanesAtOnce<T>, T>(context, lines);
        else
            each<1, T>(context, lines);
    }

    template <int lanes, class T> static void each(const KernelContext& context, const Lines& lines)
    {
        const T *dy = inputData<T>(context, 0), *y = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        forEachTeam(context, lines.count, lines.length / lanes, [=] WEFT_DEVICE(std::int64_t line, const Team& team) {
            const std::int64_t first = lines.at(line);
            double sum = 0;
            forEachLanes<lanes>(team, lines.length, [&](std::int64_t i) {
                const Lanes<T, lanes> slopes = lanesAt<lanes>(dy + first + i * lines.step), values = lanesAt<lanes>(y + first + i * lines.step);
                for (int lane = 0; lane < lanes; ++lane)
                    sum += static_cast<double>(slopes.at[lane]) * static_cast<double>(values.at[lane]);
            });
            const float mean = static_cast<float>(team.sum(sum));
            forEachLanes<lanes>(team, lines.length, [&](std::int64_t i) {
                const Lanes<T, lanes> slopes = lanesAt<lanes>(dy + first + i * lines.step);
                Lanes<T, lanes> values = lanesAt<lanes>(y + first + i * lines.step);
                for (int lane = 0; lane < lanes; ++lane)
                    values.at[lane] = static_cast<T>(static_cast<float>(values.at[lane]) * (static_cast<float>(slopes.at[lane]) - mean));
                putLanes(dx + first + i * lines.step, values);
            });
        });
    }
};

struct MaskedSoftmaxCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ScoreRows rows(context, attributes.flag("causal"));
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        const std::int64_t count = rows.keys > 0 ? context.inputs[0].count() / rows.keys : 0;
        forEachTeam(context, count, rows.keys, [=] WEFT_DEVICE(std::int64_t row, const Team& team) {
            const std::int64_t real = rows.count(row);
            softmaxLine<1>(team, x + row * rows.keys, y + row * rows.keys, real, 1);
            for (std::int64_t i = real + team.index(); i < rows.keys; i += team.size())
                y[row * rows.keys + i] = static_cast<T>(0.0f);
        });
    }
};

} // namespace

void softmaxCudaKernels(KernelTable& table)
{
    addStoredCuda<SoftmaxCuda>(table, "Softmax");
    addStoredCuda<SoftmaxGradientCuda>(table, "SoftmaxGradient");
    addStoredCuda<MaskedSoftmaxCuda>(table, "MaskedSoftmax");
}

} // namespace weft
