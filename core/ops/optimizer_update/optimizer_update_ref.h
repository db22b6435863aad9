#pragma once

#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

/// The rate that the trainer feeds: float32, or the graph's own type.
inline double learningRate(const KernelContext& context)
{
    const Array& rate = context.inputs[0];
    return rate.type.dtype == DType::Float64 ? rate.as<double>()[0] : static_cast<double>(rate.as<float>()[0]);
}

struct SgdUpdateReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T rate = static_cast<T>(learningRate(context));
        const T momentum = static_cast<T>(attributes.real("momentum"));
        const bool nesterov = attributes.flag("nesterov");
        const std::size_t slots = static_cast<std::size_t>(attributes.integer("slots"));
        const std::vector<std::int64_t>& decays = attributes.integers("decays");
        for (std::size_t target = 0; target < decays.size(); ++target) {
            const std::size_t first = 1 + target * (2 + slots);
            const T decay = static_cast<T>(decays[target] ? attributes.real("weightDecay") : 0.0);
            T* parameter = inputData<T>(context, first);
            const T* gradient = inputData<T>(context, first + 1);
            T* velocity = slots ? inputData<T>(context, first + 2) : nullptr;
            for (std::int64_t i = 0, count = context.inputs[first].count(); i < count; ++i) {
                const T g = gradient[i] + decay * parameter[i];
                if (velocity)
                    velocity[i] = momentum * velocity[i] + g;
                const T direction = !velocity ? g : nesterov ? g + momentum * velocity[i] : velocity[i];
                parameter[i] -= rate * direction;
            }
        }
    }
};

struct AdamUpdateReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const double beta1 = attributes.real("beta1"), beta2 = attributes.real("beta2");
        const double step = context.state ? static_cast<double>(context.state->step) : 1.0;
        const T scale = static_cast<T>(learningRate(context) / (1.0 - std::pow(beta1, step)));
        const T correction = static_cast<T>(std::sqrt(1.0 - std::pow(beta2, step)));
        const T epsilon = static_cast<T>(attributes.real("epsilon"));
        const T b1 = static_cast<T>(beta1), b2 = static_cast<T>(beta2);
        // Rounded after the difference: 1 - float(0.999) is off by 5e-5, which the first steps feel.
        const T fresh1 = static_cast<T>(1.0 - beta1), fresh2 = static_cast<T>(1.0 - beta2);
        const std::vector<std::int64_t>& decays = attributes.integers("decays");
        for (std::size_t target = 0; target < decays.size(); ++target) {
            const std::size_t first = 1 + target * 4;
            const T decay = static_cast<T>(decays[target] ? attributes.real("weightDecay") : 0.0);
            T* parameter = inputData<T>(context, first);
            const T* gradient = inputData<T>(context, first + 1);
            T* m = inputData<T>(context, first + 2);
            T* v = inputData<T>(context, first + 3);
            for (std::int64_t i = 0, count = context.inputs[first].count(); i < count; ++i) {
                const T g = gradient[i] + decay * parameter[i];
                m[i] = b1 * m[i] + fresh1 * g;
                v[i] = b2 * v[i] + fresh2 * g * g;
                parameter[i] -= scale * m[i] / (std::sqrt(v[i]) / correction + epsilon);
            }
        }
    }
};

} // namespace weft
