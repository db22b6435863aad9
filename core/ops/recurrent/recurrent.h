#pragma once

#include "core/graph/value.h"

namespace weft {

/// Which cell a recurrent layer repeats. Definitions and the order of the gates are PyTorch's; x is the
/// step's input, h the state before it, W the kernel, R the recurrent kernel, b and c their biases:
///   SimpleRnn  h' = tanh(x·W + b + h·R + c)
///   Lstm       gates i, f, g, o = x·W + b + h·R + c (sigmoid, but g tanh); cell' = f·cell + i·g; h' = o·tanh(cell')
///   Gru        r, z = sigmoid(x·W + b + h·R + c); n = tanh(x·W + b + r·(h·R + c)); h' = (1 − z)·n + z·h
enum class Cell { SimpleRnn, Lstm, Gru };
/// Gates of a cell: 1, 4, 3.
int gatesOf(Cell cell);

/// The weights of one direction of one layer; G gates, H units, F features of the input.
struct CellWeights {
    Value kernel; ///< [F, G·H], gates side by side
    Value recurrentKernel; ///< [H, G·H]
    Value bias; ///< [G·H]
    Value recurrentBias; ///< [G·H]
};

struct RecurrentResult {
    Value y; ///< [N, T, H], the state after each step; zeros where a step is not real
    Value last; ///< [N, H], the state after the last step that was walked
};

/// Walks the sequences x [N, T, F], forwards, or backwards from their ends, from a state of zeros. lengths
/// int32 [N]: how many steps of each sample are real, at least 1 and at most T; padding passes the state
/// through. Empty: all are real. What the gradient needs is kept only where `forTraining`.
RecurrentResult recurrent(Cell cell, const Value& x, const CellWeights& weights, const Value& lengths, bool isReverse, bool forTraining);

} // namespace weft
