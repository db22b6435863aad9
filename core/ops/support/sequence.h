#pragma once

#include <algorithm>
#include <string>

#include "core/device/array.h"
#include "core/graph/op.h"

namespace weft {

// What ops over sequences [N, T, ...] share. Lengths are int32 [N]: how many steps of each sample are real, the
// first ones.

/// Throws Error unless `lengths` is int32 [N] for this batch.
void requireLengths(const char* op, const TensorType& lengths, const Dim& batch);

/// The real steps of each sample as kernels count them: at least 1, at most T.
class Lengths {
public:
    /// `lengths` null: all T steps are real.
    Lengths(const Array* lengths, std::int64_t t) : m_lengths(lengths ? lengths->as<const std::int32_t>() : nullptr), m_t(t) {}
    constexpr std::int64_t of(std::int64_t sample) const
    {
        return m_lengths ? std::clamp<std::int64_t>(m_lengths[sample], 1, std::max<std::int64_t>(m_t, 1)) : m_t;
    }

private:
    const std::int32_t* m_lengths;
    std::int64_t m_t;
};

/// Adds nodes that number the steps 0 … t − 1 as int32 [T]; returns the name of the result.
std::string onnxSteps(OnnxForm& form, const Dim& t);
/// Adds nodes that give 1 for real steps and 0 for others, float32 [N, T], from the input `lengths`.
std::string onnxLengthMask(OnnxForm& form, const Dim& t, const std::string& lengths);
/// Adds nodes that turn a mask of 1 and 0 into 0 and a number so low that no maximum and no softmax sees it.
std::string onnxMaskBias(OnnxForm& form, const std::string& mask, DType dtype);
/// Adds nodes that give such a low number where a key stands behind its query, else 0: [queries, keys].
std::string onnxCausalBias(OnnxForm& form, const Dim& queries, const Dim& keys, DType dtype);

} // namespace weft
