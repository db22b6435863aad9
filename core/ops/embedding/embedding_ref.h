#pragma once

#include <algorithm>
#include <limits>

#include "core/ops/over_time/over_time_ref.h"
#include "core/ops/support/reference.h"

namespace weft {

struct EmbeddingReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Array& table = context.inputs[0];
        const std::int64_t rows = table.extent(0), width = table.extent(1);
        const std::int32_t* tokens = inputData<std::int32_t>(context, 1);
        T* y = outputData<T>(context);
        for (std::int64_t i = 0; i < context.inputs[1].count(); ++i, y += width) {
            if (tokens[i] >= 0 && tokens[i] < rows)
                std::copy_n(table.as<T>() + tokens[i] * width, width, y);
            else
                std::fill_n(y, width, std::numeric_limits<T>::quiet_NaN());
        }
    }
};

struct EmbeddingGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dTable = context.outputs[0];
        const std::int64_t rows = dTable.extent(0), width = dTable.extent(1), padding = attributes.integer("padding");
        const T* dy = inputData<T>(context, 0);
        const std::int32_t* tokens = inputData<std::int32_t>(context, 1);
        std::fill_n(dTable.as<T>(), dTable.count(), T(0));
        for (std::int64_t i = 0; i < context.inputs[1].count(); ++i) {
            if (tokens[i] < 0 || tokens[i] >= rows || tokens[i] == padding)
                continue;
            T* row = dTable.as<T>() + tokens[i] * width;
            for (std::int64_t d = 0; d < width; ++d)
                row[d] += dy[i * width + d];
        }
    }
};

struct EmbeddingMeanReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Array &table = context.inputs[0], &tokens = context.inputs[1];
        const std::int64_t rows = table.extent(0), width = table.extent(1), t = tokens.extent(1);
        const Lengths lengths = lengthsBehind(context, 2, t);
        for (std::int64_t n = 0; n < tokens.extent(0); ++n) {
            const std::int64_t length = lengths.of(n);
            for (std::int64_t d = 0; d < width; ++d) {
                double sum = 0;
                for (std::int64_t step = 0; step < length; ++step) {
                    const std::int64_t token = tokens.as<const std::int32_t>()[n * t + step];
                    const bool isRow = token >= 0 && token < rows;
                    sum += isRow ? static_cast<double>(table.as<T>()[token * width + d]) : std::numeric_limits<double>::quiet_NaN();
                }
                outputData<T>(context)[n * width + d] = static_cast<T>(sum / static_cast<double>(length));
            }
        }
    }
};

/// The tokens of an EmbeddingRows.
class NamedRows {
public:
    NamedRows(const KernelContext& context, const Attributes& attributes) :
        m_tokens(context.inputs[1]), m_rows(attributes.integer("rows")), m_padding(attributes.integer("padding")),
        m_isMean(attributes.flag("isMean")), m_t(m_isMean ? m_tokens.extent(1) : m_tokens.count()), m_lengths(lengthsBehind(context, 2, m_t))
    {
    }
    std::int64_t count() const { return m_tokens.count(); }

    /// Calls visit(i, row, source, share) for each token that is real, in order: it gives `share` times row `source`
    /// of dy to `row` of the table, or to none where that is −1.
    template <class Visit> [[gnu::always_inline]] void forEach(const Visit& visit) const
    {
        const auto* tokens = m_tokens.as<const std::int32_t>();
        const std::int64_t samples = m_isMean ? m_tokens.extent(0) : 1;
        for (std::int64_t n = 0; n < samples; ++n) {
            const std::int64_t length = m_isMean ? m_lengths.of(n) : m_t;
            const double share = m_isMean ? 1.0 / static_cast<double>(length) : 1.0;
            for (std::int64_t i = n * m_t; i < n * m_t + length; ++i) {
                const std::int64_t token = tokens[i];
                visit(i, token >= 0 && token < m_rows && token != m_padding ? token : std::int64_t(-1), m_isMean ? n : i, share);
            }
        }
    }

private:
    const Array& m_tokens;
    std::int64_t m_rows, m_padding;
    bool m_isMean;
    std::int64_t m_t;
    Lengths m_lengths;
};

struct EmbeddingRowsReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array &rows = context.outputs[0], &places = context.outputs[1];
        const std::int64_t width = rows.extent(1);
        std::fill_n(rows.as<T>(), rows.count(), T(0));
        std::fill_n(places.as<std::int32_t>(), places.count(), -1);
        std::int32_t used = 0;
        NamedRows(context, attributes).forEach([&](std::int64_t, std::int64_t row, std::int64_t source, double share) {
            if (row < 0)
                return;
            std::int32_t& place = places.as<std::int32_t>()[row];
            if (place < 0)
                place = used++;
            for (std::int64_t d = 0; d < width; ++d)
                rows.as<T>()[place * width + d] += static_cast<T>(share * static_cast<double>(inputData<T>(context, 0)[source * width + d]));
        });
    }
};

} // namespace weft
