#include <cmath>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// Every input is summed in so many parts, which then are added up.
constexpr std::int64_t parts = 64;

struct GlobalNormCuda {
    static std::size_t scratchBytes(const KernelRequest& request) { return request.inputs.size() * static_cast<std::size_t>(parts) * sizeof(double); }

    static void run(const KernelContext& context, const Attributes&)
    {
        auto* sums = static_cast<double*>(context.scratch);
        for (std::size_t input = 0; input < context.inputs.size(); ++input) {
            const float* x = inputData<float>(context, input);
            const std::int64_t count = context.inputs[input].count(), share = (count + parts - 1) / parts;
            double* of = sums + input * static_cast<std::size_t>(parts);
            forEachTeam(context, parts, share, [=] WEFT_DEVICE(std::int64_t part, const Team& team) {
                const std::int64_t end = (part + 1) * share < count ? (part + 1) * share : count;
                double sum = 0;
                for (std::int64_t i = part * share + team.index(); i < end; i += team.size())
                    sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
                sum = team.sum(sum);
                if (team.index() == 0)
                    of[part] = sum;
            });
        }
        const std::int64_t all = static_cast<std::int64_t>(context.inputs.size()) * parts;
        float* y = outputData<float>(context);
        forEachTeam(context, 1, all, [=] WEFT_DEVICE(std::int64_t, const Team& team) {
            double sum = 0;
            for (std::int64_t i = team.index(); i < all; i += team.size())
                sum += sums[i];
            sum = team.sum(sum);
            if (team.index() == 0)
                *y = static_cast<float>(std::sqrt(sum));
        });
    }
};

} // namespace

void globalNormCudaKernels(KernelTable& table)
{
    addCuda<GlobalNormCuda>(table, "GlobalNorm");
}

} // namespace weft
