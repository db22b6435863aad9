#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/graph/op.h"

namespace weft {

using TypeList = std::vector<TensorType>;
using TypeSpan = std::span<const TensorType>;

/// Largest rank that an op takes: kernels keep indices in arrays of this size.
inline constexpr int maxRank = 8;

// Checks of shape rules. Each throws Error that names op, shapes and a remedy.
void requireFloating(const char* op, const TensorType& type);
void requireSameDType(const char* op, const TensorType& a, const TensorType& b);
void requireRank(const char* op, const TensorType& type, int minimum, int maximum);
/// `axis` counted from the front; negative axes count from the end.
int countedAxis(const char* op, int axis, const Shape& shape);

/// NumPy's rule: aligned at the last axes, extents of 1 stretch. A symbolic dim matches only itself.
Shape broadcastShapes(const char* op, const Shape& a, const Shape& b);

/// An attribute (int, a DType) of ops whose results are wider than what they read: products and sums of 16-bit numbers that
/// leave the layers, such as gradients of weights.
inline constexpr const char* resultTypeAttribute = "resultType";
/// What that says, or `own`.
DType resultType(DType own, const Attributes& attributes);
/// Whether weights stored so go with numbers stored as `activation`: alike, or in float32 with 16 bits.
bool isWeightOf(DType weight, DType activation);

/// "float32 [N, 10]"
std::string describe(const TensorType& type);

/// Elements of one sample of `t` steps: batch factors are dropped (a dim k·N counts as k).
double elementsPerSample(const Shape& shape, std::int64_t t);

/// One floating input; the output has its type.
TypeList inferSame(TypeSpan inputs, const Attributes& attributes);
/// The type of input 0 in the shape that the attribute `shape` encodes: gradients of what has lost its shape.
TypeList inferShaped(TypeSpan inputs, const Attributes& attributes);

} // namespace weft
