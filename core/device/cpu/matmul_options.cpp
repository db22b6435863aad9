#include "core/device/cpu/matmul_options.h"

#include "core/device/cpu/onednn.h"

namespace weft {

namespace {

onednn::MatMulProblem problemOf(const KernelRequest& request, bool relu)
{
    onednn::MatMulProblem p;
    const Extents& a = request.inputs[0].extents;
    const Extents& b = request.inputs[1].extents;
    const Extents& y = request.outputs[0].extents;
    p.transposeA = request.attributes.flag("transposeA");
    p.transposeB = request.attributes.flag("transposeB");
    p.m = y[y.size() - 2];
    p.n = y[y.size() - 1];
    p.k = a[a.size() - (p.transposeA ? 2 : 1)];
    for (std::size_t i = 0; i + 2 < y.size(); ++i)
        p.batch *= y[i];
    p.isSharedB = b.size() == 2;
    p.hasBias = request.inputs.size() > 2;
    p.relu = relu;
    return p;
}

} // namespace

std::vector<KernelOption> matMulOptions(const KernelRequest& request, bool relu)
{
    if (request.outputs[0].dtype != DType::Float32)
        return {};
    onednn::MatMulProblem p = problemOf(request, relu);
    if (p.batch * p.m * p.n * p.k == 0)
        return {};
    const int threads = request.threads;
    std::vector<KernelOption> options;
    const double work = static_cast<double>(p.batch) * static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k);
    const auto add = [&](const char* name, double microseconds) {
        if (!onednn::matMul(p, threads))
            return;
        KernelOption option = rowMajorOption(request, name, microseconds, nullptr);
        option.prepare = [p, threads] { return onednn::matMul(p, threads); };
        options.push_back(std::move(option));
    };
    add("onednn:matmul", 5 + work / 45000 / threads);
    if (onednn::mayRound(request)) {
        p.inBFloat16 = true;
        const double operands = static_cast<double>(elementCount(request.inputs[0].extents) + elementCount(request.inputs[1].extents));
        add("onednn:matmul bf16", 10 + work / 90000 / threads + operands / 5000);
    }
    return options;
}

} // namespace weft
