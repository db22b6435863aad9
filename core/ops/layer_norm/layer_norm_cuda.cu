#include <cmath>

#include "core/ops/support/cuda_rows.h"

namespace weft {

namespace {

/// The mean of a row and one over its deviation.
struct RowNorm {
    double mean, share;
};

/// What a row is worth in threads: some numbers each, for there are many rows, and each sum makes the team wait.
constexpr std::int64_t workOf(std::int64_t width)
{
    return (width + 7) / 8;
}

template <int lanes, class T> WEFT_DEVICE inline RowNorm normOf(const Team& team, const T* x, std::int64_t width, double epsilon)
{
    double sum = 0, squares = 0;
    forEachLanes<lanes>(team, width, [&](std::int64_t d) {
        const Lanes<T, lanes> values = lanesAt<lanes>(x + d);
        for (int lane = 0; lane < lanes; ++lane)
            sum += static_cast<double>(values.at[lane]);
    });
    const double mean = team.sum(sum) / static_cast<double>(width);
    forEachLanes<lanes>(team, width, [&](std::int64_t d) {
        const Lanes<T, lanes> values = lanesAt<lanes>(x + d);
        for (int lane = 0; lane < lanes; ++lane)
            squares += (static_cast<double>(values.at[lane]) - mean) * (static_cast<double>(values.at[lane]) - mean);
    });
    return {mean, 1.0 / std::sqrt(team.sum(squares) / static_cast<double>(width) + epsilon)};
}

struct LayerNormCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.inputs[0].type.extents.back();
        if (width % lanesAtOnce<T> == 0)
            normalise<lanesAtOnce<T>, T>(context, width, attributes.real("epsilon"));
        else
            normalise<1, T>(context, width, attributes.real("epsilon"));
    }

    template <int lanes, class T> static void normalise(const KernelContext& context, std::int64_t width, double epsilon)
    {
        const bool isAffine = context.inputs.size() > 1;
        const T* x = inputData<T>(context, 0);
        const float* scale = isAffine ? inputData<float>(context, 1) : nullptr;
        const float* shift = isAffine ? inputData<float>(context, 2) : nullptr;
        T* y = outputData<T>(context);
        forEachTeam(context, width > 0 ? context.inputs[0].count() / width : 0, workOf(width), [=] WEFT_DEVICE(std::int64_t row, const Team& team) {
            const RowNorm norm = normOf<lanes>(team, x + row * width, width, epsilon);
            forEachLanes<lanes>(team, width, [&](std::int64_t d) {
                Lanes<T, lanes> values = lanesAt<lanes>(x + row * width + d);
                for (int lane = 0; lane < lanes; ++lane) {
                    const auto value = static_cast<float>((static_cast<double>(values.at[lane]) - norm.mean) * norm.share);
                    values.at[lane] = static_cast<T>(scale ? value * scale[d + lane] + shift[d + lane] : value);
                }
                putLanes(y + row * width + d, values);
            });
        });
    }
};

/// Of each number of dy what it adds to the slopes of scale and shift.
template <class T> struct ScaleProducts {
    const T *dy, *x;
    const RowNorm* norms;
    std::int64_t features;
    template <int width> WEFT_DEVICE void add(std::int64_t, std::int64_t place, Lanes<float, width>& ofScale, Lanes<float, width>& ofShift) const
    {
        const Lanes<T, width> slopes = lanesAt<width>(dy + place), values = lanesAt<width>(x + place);
        const RowNorm norm = norms[place / features];
        const float mean = static_cast<float>(norm.mean), share = static_cast<float>(norm.share);
        for (int lane = 0; lane < width; ++lane) {
            const float slope = static_cast<float>(slopes.at[lane]);
            ofScale.at[lane] += slope * (static_cast<float>(values.at[lane]) - mean) * share;
            ofShift.at[lane] += slope;
        }
    }
};

/// The formulas stand at the reference. The rows' means and shares are kept for the sums over the rows.
struct LayerNormGradientCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const std::int64_t width = request.inputs[1].extents.back(), rows = width > 0 ? elementCount(request.inputs[1].extents) / width : 0;
        return static_cast<std::size_t>(rows) * sizeof(RowNorm) + (request.inputs.size() > 2 ? RowParts(rows, width).scratchBytes() : 0);
    }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.inputs[1].type.extents.back();
        const std::int64_t rows = width > 0 ? context.inputs[1].count() / width : 0;
        if (width % lanesAtOnce<T> == 0)
            slopesOfRows<lanesAtOnce<T>, T>(context, rows, width, attributes.real("epsilon"));
        else
            slopesOfRows<1, T>(context, rows, width, attributes.real("epsilon"));
        if (context.inputs.size() > 2)
            sumOverRows<T>(context, static_cast<const RowNorm*>(context.scratch), rows, width);
    }

    template <int lanes, class T> static void slopesOfRows(const KernelContext& context, std::int64_t rows, std::int64_t width, double epsilon)
    {
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        const float* scale = context.inputs.size() > 2 ? inputData<float>(context, 2) : nullptr;
        T* dx = outputData<T>(context);
        auto* norms = static_cast<RowNorm*>(context.scratch);
        forEachTeam(context, rows, workOf(width), [=] WEFT_DEVICE(std::int64_t row, const Team& team) {
            const T *ofX = x + row * width, *ofDy = dy + row * width;
            const RowNorm norm = normOf<lanes>(team, ofX, width, epsilon);
            const auto slope
                = [&](const T& number, std::int64_t d) { return static_cast<double>(number) * (scale ? static_cast<double>(scale[d]) : 1.0); };
            const auto standard = [&](const T& number) { return (static_cast<double>(number) - norm.mean) * norm.share; };
            double sum = 0, sumY = 0;
            forEachLanes<lanes>(team, width, [&](std::int64_t d) {
                const Lanes<T, lanes> slopes = lanesAt<lanes>(ofDy + d), values = lanesAt<lanes>(ofX + d);
                for (int lane = 0; lane < lanes; ++lane) {
                    sum += slope(slopes.at[lane], d + lane);
                    sumY += slope(slopes.at[lane], d + lane) * standard(values.at[lane]);
                }
            });
            const double mean = team.sum(sum) / static_cast<double>(width), meanY = team.sum(sumY) / static_cast<double>(width);
            forEachLanes<lanes>(team, width, [&](std::int64_t d) {
                const Lanes<T, lanes> slopes = lanesAt<lanes>(ofDy + d);
                Lanes<T, lanes> values = lanesAt<lanes>(ofX + d);
                for (int lane = 0; lane < lanes; ++lane) {
                    const double part = slope(slopes.at[lane], d + lane) - mean - standard(values.at[lane]) * meanY;
                    values.at[lane] = static_cast<T>(static_cast<float>(part * norm.share));
                }
                putLanes(dx + row * width + d, values);
            });
            if (team.index() == 0)
                norms[row] = norm;
        });
    }

    template <class T> static void sumOverRows(const KernelContext& context, const RowNorm* norms, std::int64_t rows, std::int64_t width)
    {
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        float *dScale = outputData<float>(context, 1), *dShift = outputData<float>(context, 2);
        const RowParts parts(rows, width);
        auto* sums = reinterpret_cast<double*>(static_cast<RowNorm*>(context.scratch) + rows);
        sumParts<T>(context, parts, sums, ScaleProducts<T>{dy, x, norms, width});
        forEachTeam(context, width, parts.parts, [=] WEFT_DEVICE(std::int64_t d, const Team& team) {
            const PairOfSums sum = addParts(parts, sums, d, team);
            if (team.index() == 0) {
                dScale[d] = static_cast<float>(sum.first);
                dShift[d] = static_cast<float>(sum.second);
            }
        });
    }
};

} // namespace

void layerNormCudaKernels(KernelTable& table)
{
    addStoredCuda<LayerNormCuda>(table, "LayerNorm");
    addStoredCuda<LayerNormGradientCuda>(table, "LayerNormGradient");
}

} // namespace weft
