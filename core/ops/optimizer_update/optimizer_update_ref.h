#pragma once

#include "core/device/kernel.h"
#include "core/ops/optimizer_update/optimizer_rules.h"

namespace weft {

/// The inputs of an update op as kernels see them.
class UpdateInputs {
public:
    UpdateInputs(const KernelContext& context, const Attributes& attributes, std::size_t slots) :
        m_context(context), m_first(attributes.flag("isScaled") ? 2 : 1), m_stride(2 + slots), m_slots(slots)
    {
    }

    double learningRate() const { return scalar(0); }
    /// What all gradients are multiplied by.
    double gradientScale() const { return m_first == 2 ? scalar(1) : 1.0; }
    /// The number of this update, from 1.
    double update() const
    {
        const StepState* state = m_context.state;
        return !state ? 1.0 : static_cast<double>(state->update > 0 ? state->update : state->step);
    }
    std::int64_t count(std::size_t target) const { return parameter(target).count(); }
    template <class T> T* weights(std::size_t target) const { return parameter(target).template as<T>(); }
    template <class T> const T* gradient(std::size_t target) const
    {
        return m_context.inputs[m_first + target * m_stride + 1].template as<const T>();
    }
    template <class T> std::array<T*, 2> slots(std::size_t target) const
    {
        std::array<T*, 2> arrays{};
        for (std::size_t i = 0; i < m_slots; ++i)
            arrays[i] = m_context.inputs[m_first + target * m_stride + 2 + i].template as<T>();
        return arrays;
    }

private:
    const Array& parameter(std::size_t target) const { return m_context.inputs[m_first + target * m_stride]; }
    /// Float32 as the trainer feeds it, or the graph's own type.
    double scalar(std::size_t index) const
    {
        const Array& array = m_context.inputs[index];
        return array.type.dtype == DType::Float64 ? array.as<double>()[0] : static_cast<double>(array.as<float>()[0]);
    }

    const KernelContext& m_context;
    std::size_t m_first;
    std::size_t m_stride;
    std::size_t m_slots;
};

template <template <class> class Rule> struct OptimizerReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const UpdateInputs inputs(context, attributes, Rule<T>::slots);
        const auto& factors = attributes.get<std::vector<double>>("rateFactors");
        for (std::size_t t = 0; t < factors.size(); ++t) {
            const double rate = inputs.learningRate() * factors[t];
            const Rule<T> rule(attributes, rate, inputs.update());
            const Penalty<T> penalty(attributes, rate, inputs.gradientScale(), attributes.integers("decays")[t] != 0);
            updateElements<false>(rule, penalty, inputs.weights<T>(t), inputs.gradient<T>(t), inputs.slots<T>(t), 0, inputs.count(t));
        }
    }
};

} // namespace weft
