#pragma once

#include "core/ops/dropout/dropout_ref.h"
#include "core/ops/layer_norm/held_rows.h"
#include "core/ops/layer_norm/layer_norm.h"

namespace weft {

// Where a LayerNorm and its gradient on a card get their rows from and put them: arrays, or what a residual block does around them.

template <class T> struct PlainRows {
    const T* x;

    template <int lanes> WEFT_DEVICE void load(Lanes<float, lanes>& numbers, std::int64_t, std::int64_t, std::int64_t place) const
    {
        loadAgain(numbers, place);
    }
    template <int lanes> WEFT_DEVICE void loadAgain(Lanes<float, lanes>& numbers, std::int64_t place) const { numbers = floatsAt<lanes>(x + place); }
};

template <class T> struct PlainSlopes {
    const T* dy;
    T* dx;

    template <int lanes> WEFT_DEVICE void load(Lanes<float, lanes>& numbers, std::int64_t place) const { numbers = floatsAt<lanes>(dy + place); }
    template <int lanes> WEFT_DEVICE void put(const Lanes<float, lanes>& numbers, std::int64_t, std::int64_t, std::int64_t place) const
    {
        putFloats(dx + place, numbers);
    }
};

/// The mask of a Dropout op, by rows.
class RowDropout {
public:
    /// Of arrays as the first input.
    RowDropout(const KernelContext& context, const Attributes& attributes) :
        m_rate(attributes.real("rate")), m_state(queueOf(context).state), m_stream(static_cast<std::uint64_t>(attributes.integer("stream"))),
        m_threshold(dropThreshold(m_rate)), m_factor(static_cast<float>(m_rate < 1.0 ? 1.0 / (1.0 - m_rate) : 0.0))
    {
        const Extents& extents = context.inputs[0].type.extents;
        m_width = extents.back();
        for (std::size_t axis = 1; axis + 1 < extents.size(); ++axis)
            m_rowsOfSample *= static_cast<std::uint32_t>(extents[axis]);
    }
    /// Rows are counted in 32 bits.
    static bool canCount(const Extents& extents) { return elementCount(extents) <= extents.back() * std::int64_t(UINT32_MAX); }

    constexpr bool isNone() const { return m_rate <= 0; }
    /// To numbers of a row from d on.
    template <int lanes> WEFT_DEVICE void apply(Lanes<float, lanes>& numbers, std::int64_t row, std::int64_t d) const
    {
        const auto number = static_cast<std::uint32_t>(row); // Cards divide these by themselves.
        const DropoutMask mask(*m_state, m_stream, m_threshold, number / m_rowsOfSample);
        const std::int64_t element = number % m_rowsOfSample * m_width + d;
        constexpr int ofDraw = lanes % 4 == 0 ? 4 : 1; // Rows of whole groups of lanes begin with a draw.
        for (int first = 0; first < lanes; first += ofDraw) {
            const unsigned kept = mask.keepsFour((element + first) / 4) >> (element + first) % 4;
            for (int lane = 0; lane < ofDraw; ++lane)
                numbers.at[first + lane] = (kept >> lane & 1u) != 0 ? numbers.at[first + lane] * m_factor : 0.0f;
        }
    }

private:
    double m_rate;
    const StepState* m_state;
    std::uint64_t m_stream;
    std::uint32_t m_threshold;
    float m_factor;
    std::int64_t m_width = 1;
    std::uint32_t m_rowsOfSample = 1;
};

template <int lanes> WEFT_DEVICE inline void addTo(Lanes<float, lanes>& numbers, const Lanes<float, lanes>& others)
{
    for (int lane = 0; lane < lanes; ++lane)
        numbers.at[lane] += others.at[lane];
}

/// x + dropout(branch), which is stored: it goes on as it can be read again.
template <class T> struct ResidualRows {
    const T *x, *branch;
    T* sum;
    RowDropout dropout;

    template <int lanes> WEFT_DEVICE void load(Lanes<float, lanes>& numbers, std::int64_t row, std::int64_t d, std::int64_t place) const
    {
        const Lanes<float, lanes> ofX = floatsAt<lanes>(x + place);
        numbers = floatsAt<lanes>(branch + place);
        if (!dropout.isNone())
            dropout.apply(numbers, row, d);
        addTo(numbers, ofX);
        putFloats(sum + place, numbers);
        for (float& number : numbers.at)
            number = static_cast<float>(static_cast<T>(number));
    }
    template <int lanes> WEFT_DEVICE void loadAgain(Lanes<float, lanes>& numbers, std::int64_t place) const
    {
        numbers = floatsAt<lanes>(sum + place);
    }
};

/// dy is a sum, dx has something added, and goes through the branch's dropout as well; null: what is not there.
template <class T> struct ResidualSlopes {
    const T* dy;
    const T* more[mostMoreSlopes];
    const T* addend;
    T *dx, *dBranch;
    RowDropout dropout;

    template <int lanes> WEFT_DEVICE void load(Lanes<float, lanes>& numbers, std::int64_t place) const
    {
        numbers = floatsAt<lanes>(dy + place);
        for (const T* of : more) {
            if (!of)
                return;
            addTo(numbers, floatsAt<lanes>(of + place));
        }
    }
    template <int lanes> WEFT_DEVICE void put(Lanes<float, lanes>& numbers, std::int64_t row, std::int64_t d, std::int64_t place) const
    {
        if (addend)
            addTo(numbers, floatsAt<lanes>(addend + place));
        putFloats(dx + place, numbers);
        if (!dBranch)
            return;
        dropout.apply(numbers, row, d);
        putFloats(dBranch + place, numbers);
    }
};

} // namespace weft
