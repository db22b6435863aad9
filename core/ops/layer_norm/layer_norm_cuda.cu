#include <cmath>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// The mean of a row and one over its deviation.
struct RowNorm {
    double mean, share;
};

template <class T> WEFT_DEVICE inline RowNorm normOf(const Team& team, const T* x, std::int64_t width, double epsilon)
{
    double sum = 0, squares = 0;
    for (std::int64_t d = team.index(); d < width; d += team.size())
        sum += static_cast<double>(x[d]);
    const double mean = team.sum(sum) / static_cast<double>(width);
    for (std::int64_t d = team.index(); d < width; d += team.size())
        squares += (static_cast<double>(x[d]) - mean) * (static_cast<double>(x[d]) - mean);
    return {mean, 1.0 / std::sqrt(team.sum(squares) / static_cast<double>(width) + epsilon)};
}

struct LayerNormCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.inputs[0].type.extents.back();
        const double epsilon = attributes.real("epsilon");
        const bool isAffine = context.inputs.size() > 1;
        const T* x = inputData<T>(context, 0);
        const float* scale = isAffine ? inputData<float>(context, 1) : nullptr;
        const float* shift = isAffine ? inputData<float>(context, 2) : nullptr;
        T* y = outputData<T>(context);
        forEachTeam(context, width > 0 ? context.inputs[0].count() / width : 0, width, [=] WEFT_DEVICE(std::int64_t row, const Team& team) {
            const RowNorm norm = normOf(team, x + row * width, width, epsilon);
            for (std::int64_t d = team.index(); d < width; d += team.size()) {
                const auto value = static_cast<float>((static_cast<double>(x[row * width + d]) - norm.mean) * norm.share);
                y[row * width + d] = static_cast<T>(scale ? value * scale[d] + shift[d] : value);
            }
        });
    }
};

/// The formulas stand at the reference. The rows' means and shares are kept for the sums over the rows.
struct LayerNormGradientCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const std::int64_t width = request.inputs[1].extents.back();
        return width > 0 ? static_cast<std::size_t>(elementCount(request.inputs[1].extents) / width) * sizeof(RowNorm) : 0;
    }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t width = context.inputs[1].type.extents.back();
        const std::int64_t rows = width > 0 ? context.inputs[1].count() / width : 0;
        const double epsilon = attributes.real("epsilon");
        const bool isAffine = context.inputs.size() > 2;
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        const float* scale = isAffine ? inputData<float>(context, 2) : nullptr;
        T* dx = outputData<T>(context);
        auto* norms = static_cast<RowNorm*>(context.scratch);
        forEachTeam(context, rows, width, [=] WEFT_DEVICE(std::int64_t row, const Team& team) {
            const T *ofX = x + row * width, *ofDy = dy + row * width;
            const RowNorm norm = normOf(team, ofX, width, epsilon);
            const auto slope = [=](std::int64_t d) { return static_cast<double>(ofDy[d]) * (scale ? static_cast<double>(scale[d]) : 1.0); };
            const auto standard = [=](std::int64_t d) { return (static_cast<double>(ofX[d]) - norm.mean) * norm.share; };
            double sum = 0, sumY = 0;
            for (std::int64_t d = team.index(); d < width; d += team.size()) {
                sum += slope(d);
                sumY += slope(d) * standard(d);
            }
            const double mean = team.sum(sum) / static_cast<double>(width), meanY = team.sum(sumY) / static_cast<double>(width);
            for (std::int64_t d = team.index(); d < width; d += team.size())
                dx[row * width + d] = static_cast<T>(static_cast<float>((slope(d) - mean - standard(d) * meanY) * norm.share));
            if (team.index() == 0)
                norms[row] = norm;
        });
        if (isAffine)
            sumOverRows<T>(context, norms, rows, width);
    }

    template <class T> static void sumOverRows(const KernelContext& context, const RowNorm* norms, std::int64_t rows, std::int64_t width)
    {
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        float *dScale = outputData<float>(context, 1), *dShift = outputData<float>(context, 2);
        forEachTeam(context, width, rows, [=] WEFT_DEVICE(std::int64_t d, const Team& team) {
            double ofScale = 0, ofShift = 0;
            for (std::int64_t row = team.index(); row < rows; row += team.size()) {
                const double slope = static_cast<double>(dy[row * width + d]);
                ofScale += slope * (static_cast<double>(x[row * width + d]) - norms[row].mean) * norms[row].share;
                ofShift += slope;
            }
            ofScale = team.sum(ofScale);
            ofShift = team.sum(ofShift);
            if (team.index() == 0) {
                dScale[d] = static_cast<float>(ofScale);
                dShift[d] = static_cast<float>(ofShift);
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
