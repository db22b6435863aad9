#include <algorithm>
#include <cmath>

#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

/// Sum of squares in double, in so many chains that vectors hold them.
[[gnu::always_inline]] inline double squareSum(const float* x, std::int64_t count)
{
    constexpr std::int64_t chains = 16;
    double sums[chains] = {};
    const std::int64_t whole = count / chains * chains;
    for (std::int64_t i = 0; i < whole; i += chains) {
        for (std::int64_t c = 0; c < chains; ++c) {
            const auto value = static_cast<double>(x[i + c]);
            sums[c] += value * value;
        }
    }
    double sum = 0;
    for (const double chain : sums)
        sum += chain;
    for (std::int64_t i = whole; i < count; ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    return sum;
}

/// Each thread sums its part of the elements of all inputs; the parts are added in order, so that the
/// same number of threads gives the same bits.
void run(const KernelContext& context)
{
    std::int64_t total = 0;
    for (const Array& input : context.inputs)
        total += input.count();
    auto* partial = static_cast<double*>(context.scratch);
    std::fill_n(partial, context.threads, 0.0);
    parallelFor(context.threads, total, parallelGrain / 4, [&](std::int64_t begin, std::int64_t end) {
        double sum = 0;
        std::int64_t first = 0;
        for (const Array& input : context.inputs) {
            const std::int64_t count = input.count();
            const std::int64_t from = std::max(begin - first, std::int64_t(0));
            const std::int64_t to = std::min(end - first, count);
            if (from < to) {
                const auto* x = input.as<const float>() + from;
                double part = 0;
                simdRun([x, from, to, &part] { part = squareSum(x, to - from); });
                sum += part;
            }
            first += count;
        }
        partial[omp_get_thread_num()] = sum;
    });
    double sum = 0;
    for (int i = 0; i < context.threads; ++i)
        sum += partial[i];
    context.outputs[0].as<float>()[0] = static_cast<float>(std::sqrt(sum));
}

std::vector<KernelOption> globalNorm(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    return {rowMajorOption(request, "chains", elementwiseMicroseconds(request), run, static_cast<std::size_t>(request.threads) * sizeof(double))};
}

} // namespace

void globalNormCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "GlobalNorm", &globalNorm);
}

} // namespace weft
