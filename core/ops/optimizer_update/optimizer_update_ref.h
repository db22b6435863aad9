#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "core/device/kernel.h"
#include "core/ops/optimizer_update/optimizer_rules.h"

namespace weft {

/// A gradient by rows: that of row r is rows[places[r]], or `zeros` where places[r] is −1.
template <class T> struct RowGradient {
    const T* rows;
    const std::int32_t* places; ///< null: the gradient is whole
    std::int64_t width;
    const T* zeros; ///< [width]

    bool isZero(std::int64_t row) const { return places[row] < 0; }
    const T* at(std::int64_t row) const { return isZero(row) ? zeros : rows + places[row] * width; }
};

/// The inputs of an update op as kernels see them.
class UpdateInputs {
public:
    UpdateInputs(const KernelContext& context, const Attributes& attributes, std::size_t slots) :
        m_context(context), m_byRows(attributes.integers("byRows")), m_first(attributes.flag("isScaled") ? 2 : 1), m_stride(2 + slots), m_slots(slots)
    {
    }

    double learningRate() const { return scalar(0); }
    /// What all gradients are multiplied by.
    double gradientScale() const { return m_first == 2 ? scalar(1) : 1.0; }
    /// Nothing is to change.
    bool isSkipped() const { return gradientScale() < 0.0; }
    /// The number of this update, from 1; those that were skipped do not count.
    double update() const
    {
        const StepState* state = m_context.state;
        const double number = !state ? 1.0 : static_cast<double>(state->update > 0 ? state->update : state->step);
        return m_first == 2 && m_context.inputs[1].count() == 2 ? number - scalar(1, 1) : number;
    }
    std::int64_t count(std::size_t target) const { return parameter(target).count(); }
    template <class T> T* weights(std::size_t target) const { return parameter(target).template as<T>(); }
    template <class T> const T* gradient(std::size_t target) const
    {
        return m_context.inputs[m_first + target * m_stride + 1].template as<const T>();
    }
    /// The gradient of a target by rows. `zeros`: at least as many as a row has numbers.
    template <class T> RowGradient<T> rows(std::size_t target, const T* zeros) const
    {
        const auto found = std::find(m_byRows.begin(), m_byRows.end(), static_cast<std::int64_t>(target));
        if (found == m_byRows.end())
            return {};
        const auto back = static_cast<std::size_t>(m_byRows.end() - found);
        return {gradient<T>(target), m_context.inputs[m_context.inputs.size() - back].template as<const std::int32_t>(), parameter(target).extent(1),
                zeros};
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
    double scalar(std::size_t index, std::size_t element = 0) const
    {
        const Array& array = m_context.inputs[index];
        return array.type.dtype == DType::Float64 ? array.as<double>()[element] : static_cast<double>(array.as<float>()[element]);
    }

    const KernelContext& m_context;
    const std::vector<std::int64_t>& m_byRows;
    std::size_t m_first;
    std::size_t m_stride;
    std::size_t m_slots;
};

/// As `updateElements`, for the elements [begin, end) of a parameter whose gradient is given by rows. Rows that would
/// stay as they are, since they have no slope, are passed over.
template <bool isPlain, class T, class Rule>
[[gnu::always_inline]] inline void updateRows(const Rule& rule, const Penalty<T>& penalty, T* p, const RowGradient<T>& gradient,
                                              const std::array<T*, 2>& slots, std::int64_t begin, std::int64_t end)
{
    const std::int64_t width = gradient.width;
    constexpr bool mayRest = isPlain && requires
    {
        Rule::restsWithoutSlope;
    };
    const bool rests = mayRest && penalty.l2 == T(0);
    const auto update = [&](std::int64_t row, std::int64_t from, std::int64_t to) {
        if (rests && gradient.isZero(row))
            return;
        const std::int64_t first = row * width;
        std::array<T*, 2> ofRow{};
        for (std::size_t i = 0; i < Rule::slots; ++i)
            ofRow[i] = slots[i] + first;
        updateElements<isPlain>(rule, penalty, p + first, gradient.at(row), ofRow, from, to);
    };
    // The first and the last row may be shared with another part.
    const std::int64_t firstWhole = (begin + width - 1) / width, lastWhole = end / width;
    if (firstWhole > lastWhole)
        return update(lastWhole, begin % width, end % width);
    if (begin % width != 0)
        update(firstWhole - 1, begin % width, width);
    for (std::int64_t row = firstWhole; row < lastWhole; ++row)
        update(row, 0, width);
    if (end % width != 0)
        update(lastWhole, 0, end % width);
}

/// The most columns of a target whose gradient is given by rows.
inline std::size_t widestRow(const Attributes& attributes, std::span<const ArrayType> inputs, std::size_t slots)
{
    std::int64_t widest = 0;
    for (const std::int64_t target : attributes.integers("byRows"))
        widest = std::max(widest, inputs[(attributes.flag("isScaled") ? 2 : 1) + static_cast<std::size_t>(target) * (2 + slots)].extents[1]);
    return static_cast<std::size_t>(widest);
}

template <template <class> class Rule> struct OptimizerReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const UpdateInputs inputs(context, attributes, Rule<T>::slots);
        if (inputs.isSkipped())
            return;
        const auto& factors = attributes.get<std::vector<double>>("rateFactors");
        std::vector<ArrayType> types;
        for (const Array& input : context.inputs)
            types.push_back(input.type);
        const std::vector<T> zeros(widestRow(attributes, types, Rule<T>::slots));
        for (std::size_t t = 0; t < factors.size(); ++t) {
            const double rate = inputs.learningRate() * factors[t];
            const Rule<T> rule(attributes, rate, inputs.update());
            const Penalty<T> penalty(attributes, rate, inputs.gradientScale(), attributes.integers("decays")[t] != 0);
            if (const RowGradient<T> rows = inputs.rows<T>(t, zeros.data()); rows.places)
                updateRows<false>(rule, penalty, inputs.weights<T>(t), rows, inputs.slots<T>(t), 0, inputs.count(t));
            else
                updateElements<false>(rule, penalty, inputs.weights<T>(t), inputs.gradient<T>(t), inputs.slots<T>(t), 0, inputs.count(t));
        }
    }
};

} // namespace weft
