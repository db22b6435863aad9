#include <cmath>

#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/vector_math.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

// A NaN stays a NaN, so that training can report it.
Options relu(const KernelRequest& r)
{
    return unaryOptions(r, [](float x) { return x <= 0.0f ? 0.0f : x; });
}
Options sigmoid(const KernelRequest& r)
{
    return unaryOptions(r, vectorSigmoid);
}
Options tanhOptions(const KernelRequest& r)
{
    return unaryOptions(r, vectorTanh);
}
Options expOptions(const KernelRequest& r)
{
    return unaryOptions(r, vectorExp);
}
Options logOptions(const KernelRequest& r)
{
    return unaryOptions(r, [](float x) { return std::log(x); });
}
Options sqrtOptions(const KernelRequest& r)
{
    return unaryOptions(r, [](float x) { return __builtin_sqrtf(x); });
}
Options square(const KernelRequest& r)
{
    return unaryOptions(r, [](float x) { return x * x; });
}
Options negate(const KernelRequest& r)
{
    return unaryOptions(r, [](float x) { return -x; });
}

Options affine(const KernelRequest& r)
{
    const auto scale = static_cast<float>(r.attributes.real("scale"));
    const auto shift = static_cast<float>(r.attributes.real("shift"));
    return unaryOptions(r, [scale, shift](float x) { return scale * x + shift; });
}

// Inputs dy and the result y.
Options reluGradient(const KernelRequest& r)
{
    return pairOptions(r, [](float dy, float y) { return y > 0.0f ? dy : 0.0f; });
}
Options sigmoidGradient(const KernelRequest& r)
{
    return pairOptions(r, [](float dy, float y) { return dy * y * (1.0f - y); });
}
Options tanhGradient(const KernelRequest& r)
{
    return pairOptions(r, [](float dy, float y) { return dy * (1.0f - y * y); });
}

} // namespace

void unaryCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Relu", &relu);
    table.add(DeviceKind::Cpu, "Sigmoid", &sigmoid);
    table.add(DeviceKind::Cpu, "Tanh", &tanhOptions);
    table.add(DeviceKind::Cpu, "Exp", &expOptions);
    table.add(DeviceKind::Cpu, "Log", &logOptions);
    table.add(DeviceKind::Cpu, "Sqrt", &sqrtOptions);
    table.add(DeviceKind::Cpu, "Square", &square);
    table.add(DeviceKind::Cpu, "Negate", &negate);
    table.add(DeviceKind::Cpu, "Affine", &affine);
    table.add(DeviceKind::Cpu, "ReluGradient", &reluGradient);
    table.add(DeviceKind::Cpu, "SigmoidGradient", &sigmoidGradient);
    table.add(DeviceKind::Cpu, "TanhGradient", &tanhGradient);
}

} // namespace weft
