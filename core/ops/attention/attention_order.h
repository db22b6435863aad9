#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "core/ops/support/reference.h"

namespace weft {

// Layers make queries, keys and values [N, T, H, d], heads behind positions, and an Attention takes them [N, H, T, d]. With the
// attribute `byPosition` it takes and gives its matrices as layers do; sums of softmaxes are [N, H, T] all the same.

inline bool isByPosition(const Attributes& attributes)
{
    return attributes.has("byPosition") && attributes.flag("byPosition");
}

/// [N, T, H, d] to [N, H, T, d], or back.
inline ArrayType withOtherOrder(ArrayType type)
{
    std::swap(type.extents[1], type.extents[2]);
    return type;
}

/// The arrays of a pass with heads before positions, for kernels that know no other order: its matrices are the first
/// `inputs` of its inputs and the first `outputs` of its outputs.
class HeadsFirst {
public:
    /// `take(type)` gives the memory of a copy.
    template <class Take> HeadsFirst(const KernelContext& given, std::size_t inputs, std::size_t outputs, Take take) :
        m_inputs(given.inputs.begin(), given.inputs.end()), m_outputs(given.outputs.begin(), given.outputs.end()), m_context(given)
    {
        const auto replace = [&](std::vector<Array>& arrays, std::size_t count) {
            for (Array& array : std::span(arrays).first(count)) {
                array.type = withOtherOrder(array.type);
                array.data = take(array.type);
            }
        };
        replace(m_inputs, inputs);
        replace(m_outputs, outputs);
        m_context.inputs = m_inputs;
        m_context.outputs = m_outputs;
    }
    const KernelContext& context() const { return m_context; }

private:
    std::vector<Array> m_inputs, m_outputs;
    KernelContext m_context;
};

/// Runs `run(context)` on copies with heads before positions; `turn(from, to)` copies a matrix into the other order.
template <class Take, class Turn, class Run>
void runHeadsFirst(const KernelContext& given, std::size_t inputs, std::size_t outputs, Take take, Turn turn, Run run)
{
    const HeadsFirst turned(given, inputs, outputs, take);
    for (std::size_t i = 0; i < inputs; ++i)
        turn(given.inputs[i], turned.context().inputs[i]);
    run(turned.context());
    for (std::size_t i = 0; i < outputs; ++i)
        turn(turned.context().outputs[i], given.outputs[i]);
}

/// The same on a processor, for references.
template <class T, class Run>
void runHeadsFirst(const KernelContext& given, std::size_t inputs, std::size_t outputs, const Attributes& attributes, Run run)
{
    if (!isByPosition(attributes))
        return run(given);
    std::vector<std::vector<T>> copies;
    const auto take = [&](const ArrayType& type) { return copies.emplace_back(static_cast<std::size_t>(elementCount(type.extents))).data(); };
    const auto turn = [](const Array& from, const Array& to) {
        const std::int64_t outer = to.extent(1), inner = to.extent(2), width = to.extent(3);
        for (std::int64_t row = 0; row < to.extent(0) * outer * inner; ++row) {
            const std::int64_t of = row / (outer * inner) * outer * inner + row % inner * outer + row / inner % outer;
            std::copy_n(from.as<T>() + of * width, width, to.as<T>() + row * width);
        }
    };
    runHeadsFirst(given, inputs, outputs, take, turn, run);
}

} // namespace weft
