#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/vector_math.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

struct LeakyRelu {
    static float value(float x, float alpha) { return x > 0.0f ? x : alpha * x; }
    static float slope(float x, float alpha) { return x > 0.0f ? 1.0f : alpha; }
};
struct Elu {
    static float value(float x, float alpha)
    {
        const float below = alpha * vectorExpm1(x < 0.0f ? x : 0.0f);
        return x > 0.0f ? x : x == x ? below : x;
    }
    static float slope(float x, float alpha)
    {
        const float below = alpha * vectorExp(x);
        return x > 0.0f ? 1.0f : below;
    }
};
struct Softplus {
    static float value(float x, float) { return vectorSoftplus(x); }
    static float slope(float x, float) { return vectorSigmoid(x); }
};
struct Gelu {
    static float phi(float x) { return 0.5f * (1.0f + vectorErf(x * 0.70710678f)); }
    static float value(float x, float) { return x * phi(x); }
    static float slope(float x, float)
    {
        // e^(−x²/2) serves the error function and the density.
        const float bell = vectorExp(-0.5f * x * x);
        return 0.5f * (1.0f + vectorErf(x * 0.70710678f, bell)) + x * 0.39894228f * bell;
    }
};
struct Silu {
    static float value(float x, float) { return x * vectorSigmoid(x); }
    static float slope(float x, float)
    {
        const float s = vectorSigmoid(x);
        return s * (1.0f + x * (1.0f - s));
    }
};
struct Mish {
    static float value(float x, float) { return x * vectorTanh(vectorSoftplus(x)); }
    static float slope(float x, float)
    {
        const float t = vectorTanh(vectorSoftplus(x));
        return t + x * vectorSigmoid(x) * (1.0f - t * t);
    }
};
struct HardSwish {
    static float value(float x, float)
    {
        const float inside = x * (x + 3.0f) * (1.0f / 6.0f);
        const float upper = x >= 3.0f ? x : inside;
        return x <= -3.0f ? 0.0f : upper;
    }
    static float slope(float x, float)
    {
        const float inside = x * (1.0f / 3.0f) + 0.5f;
        const float upper = x > 3.0f ? 1.0f : inside;
        return x < -3.0f ? 0.0f : upper;
    }
};
struct ClippedRelu {
    static float value(float x, float alpha)
    {
        const float below = x >= alpha ? alpha : x;
        return x <= 0.0f ? 0.0f : below;
    }
    static float slope(float x, float alpha)
    {
        const float below = x >= alpha ? 0.0f : 1.0f;
        return x <= 0.0f ? 0.0f : below;
    }
};
struct Erf {
    static float value(float x, float) { return vectorErf(x); }
    static float slope(float x, float) { return 1.12837917f * vectorExp(-x * x); }
};

template <class Function> Options values(const KernelRequest& request)
{
    const auto alpha = static_cast<float>(request.attributes.real("alpha"));
    return unaryOptions(request, [alpha](float x) { return Function::value(x, alpha); });
}

/// Inputs dy and x.
template <class Function> Options gradients(const KernelRequest& request)
{
    const auto alpha = static_cast<float>(request.attributes.real("alpha"));
    return pairOptions(request, [alpha](float dy, float x) { return dy * Function::slope(x, alpha); });
}

template <class Function> void addKernels(KernelTable& table, const std::string& name)
{
    table.add(DeviceKind::Cpu, name, &values<Function>);
    table.add(DeviceKind::Cpu, name + "Gradient", &gradients<Function>);
}

} // namespace

void activationCpuKernels(KernelTable& table)
{
    addKernels<LeakyRelu>(table, "LeakyRelu");
    addKernels<Elu>(table, "Elu");
    addKernels<Softplus>(table, "Softplus");
    addKernels<Gelu>(table, "Gelu");
    addKernels<Silu>(table, "Silu");
    addKernels<Mish>(table, "Mish");
    addKernels<HardSwish>(table, "HardSwish");
    addKernels<ClippedRelu>(table, "ClippedRelu");
    addKernels<Erf>(table, "Erf");
}

} // namespace weft
