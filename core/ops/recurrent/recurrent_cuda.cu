#include "core/device/cuda/product.h"
#include "core/ops/recurrent/recurrent_ref.h"
#include "core/ops/support/cuda_rows.h"

namespace weft {

namespace {

// All steps' x·W come from one product. Then, where R is small, a team walks each sample by itself, all steps in one kernel;
// else each step is a product h·R and a body over samples and units. Padding of y is 0, so the row of y before a step is the
// state, whichever way a sequence is walked.

/// Whether teams walk alone: each reads R again in every step, which must lie in a multiprocessor's cache or near it, and all of
/// them together must not read more than a product and its launch take.
constexpr bool walksAlone(std::int64_t samples, std::int64_t units, std::int64_t width)
{
    constexpr std::int64_t mostOfTeam = 1 << 16, mostOfAll = 1 << 23;
    return units * width <= mostOfTeam && samples * units * width <= mostOfAll;
}

/// Σ a[k] · column[k · step]
WEFT_DEVICE inline float sumOver(const float* a, const float* column, std::int64_t count, std::int64_t step)
{
    const bool isInFours = count % 4 == 0 && reinterpret_cast<std::uintptr_t>(a) % 16 == 0;
    float sum = 0;
    std::int64_t k = 0;
    for (; isInFours && k < count; k += 4) {
        const auto four = lanesAt<4>(a + k);
        for (int i = 0; i < 4; ++i)
            sum += four.at[i] * column[(k + i) * step];
    }
    for (; k < count; ++k)
        sum += a[k] * column[k * step];
    return sum;
}

template <template <class, class> class CellOf> struct RecurrentCuda {
    using Cell = CellOf<float, ExactMath<float>>;

    /// Where the numbers of a run are.
    struct Run {
        std::int64_t samples, t, units, width;
        Walk walk;
        Lengths lengths;
        const float *bias, *recurrentBias;
        float *y, *last, *gates, *extra, *ofState;
        const float* zeros; ///< [units]
    };

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const std::int64_t samples = request.inputs[0].extents[0], t = request.inputs[0].extents[1];
        const std::int64_t units = request.inputs[2].extents[0], width = request.inputs[2].extents[1];
        const std::int64_t kept = request.outputs.size() > 2 ? 0 : samples * t * (width + units);
        return static_cast<std::size_t>(kept + samples * width + units) * sizeof(float);
    }

    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Run p = runOf(context, attributes);
        for (const Array& output : context.outputs)
            clearOnCard(context, output.data, static_cast<std::size_t>(output.count()) * sizeof(float));
        clearOnCard(context, const_cast<float*>(p.zeros), static_cast<std::size_t>(p.units) * sizeof(float));
        if (context.outputs.size() <= 2)
            clearOnCard(context, p.extra, static_cast<std::size_t>(p.samples * p.t * p.units) * sizeof(float));
        multiply(context, {.m = p.samples * p.t, .n = p.width, .k = context.inputs[0].extent(2), .bias = p.bias}, inputData<float>(context, 0),
                 inputData<float>(context, 1), p.gates);
        if (walksAlone(p.samples, p.units, p.width))
            walkSamples(context, p);
        else
            walkSteps(context, p);
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / p.units;
            p.last[i] = p.y[(n * p.t + p.walk.last(p.lengths.of(n))) * p.units + i % p.units];
        });
    }

    static Run runOf(const KernelContext& context, const Attributes& attributes)
    {
        const RecurrentForward sizes{context};
        const bool keeps = context.outputs.size() > 2;
        auto* scratch = static_cast<float*>(context.scratch);
        float* ofState = scratch + sizes.units;
        float* own = ofState + sizes.samples * sizes.width;
        return {sizes.samples, sizes.t, sizes.units, sizes.width, {sizes.t, attributes.flag("reverse")}, sizes.lengths, inputData<float>(context, 3),
                inputData<float>(context, 4), outputData<float>(context, 0), outputData<float>(context, 1),
                keeps ? outputData<float>(context, 2) : own,
                keeps ? outputData<float>(context, 3) : own + sizes.samples * sizes.t * sizes.width, ofState, scratch};
    }

    /// Adds what comes from the state to a column of the gates. The last gate of a Gru keeps it apart.
    WEFT_DEVICE static void addState(const Run& p, std::int64_t row, std::int64_t column, float ofState)
    {
        if (Cell::gates == 3 && column >= 2 * p.units)
            p.extra[row * p.units + column - 2 * p.units] = ofState;
        else
            p.gates[row * p.width + column] += ofState;
    }
    WEFT_DEVICE static const float* stateBefore(const Run& p, std::int64_t n, std::int64_t before)
    {
        return before < 0 ? p.zeros : p.y + (n * p.t + before) * p.units;
    }
    /// Unit j of a step whose gates are whole.
    WEFT_DEVICE static void finish(const Run& p, std::int64_t n, std::int64_t row, std::int64_t before, std::int64_t j)
    {
        float *gates = p.gates + row * p.width, *y = p.y + row * p.units;
        if (Cell::gates == 1)
            y[j] = gates[j];
        Cell::forward({gates, p.extra + row * p.units, y, stateBefore(p, n, before),
                       before < 0 ? p.zeros : p.extra + (n * p.t + before) * p.units},
                      p.units, j);
    }

    static void walkSamples(const KernelContext& context, const Run& p)
    {
        const float* recurrentKernel = inputData<float>(context, 2);
        forEachTeam(context, p.samples, p.width, [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const std::int64_t length = p.lengths.of(n);
            for (std::int64_t turn = 0; turn < p.t; ++turn) {
                const std::int64_t t = p.walk.step(turn), row = n * p.t + t, before = p.walk.before(t, length);
                if (t >= length) {
                    for (std::int64_t column = team.index(); column < p.width; column += team.size())
                        p.gates[row * p.width + column] = 0.0f;
                    continue;
                }
                const float* state = stateBefore(p, n, before);
                for (std::int64_t column = team.index(); column < p.width; column += team.size()) {
                    const float ofState = before < 0 ? 0.0f : sumOver(state, recurrentKernel + column, p.units, p.width);
                    addState(p, row, column, ofState + p.recurrentBias[column]);
                }
                team.sync();
                for (std::int64_t j = team.index(); j < p.units; j += team.size())
                    finish(p, n, row, before, j);
                team.sync();
            }
        });
    }

    static void walkSteps(const KernelContext& context, const Run& p)
    {
        for (std::int64_t turn = 0; turn < p.t; ++turn)
            takeStep(context, p, p.walk.step(turn), turn == 0);
    }

    static void takeStep(const KernelContext& context, const Run& p, std::int64_t t, bool isFirst)
    {
        const std::int64_t rowBefore = p.walk.isReverse ? t + 1 : t - 1;
        if (!isFirst)
            multiply(context, {.m = p.samples, .n = p.width, .k = p.units, .rowA = p.t * p.units}, p.y + rowBefore * p.units,
                     inputData<float>(context, 2), p.ofState);
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / p.units, j = i % p.units, row = n * p.t + t, length = p.lengths.of(n);
            for (int gate = 0; gate < Cell::gates; ++gate) {
                const std::int64_t column = gate * p.units + j;
                if (t >= length)
                    p.gates[row * p.width + column] = 0.0f;
                else
                    addState(p, row, column, (isFirst ? 0.0f : p.ofState[n * p.width + column]) + p.recurrentBias[column]);
            }
            if (t < length)
                finish(p, n, row, p.walk.before(t, length), j);
        });
    }
};

template <template <class, class> class CellOf> struct RecurrentGradientCuda {
    using Cell = CellOf<float, ExactMath<float>>;
    static constexpr bool isGru = Cell::gates == 3;

    struct Run {
        std::int64_t samples, t, units, width;
        Walk walk;
        Lengths lengths;
        const float *dy, *y, *gates, *extra;
        float *dGates, *dRecurrent, *dState, *dCell, *before;
        const float* zeros;
        float *turned, *parts; ///< Rᵀ, and sums of parts of its columns for each sample; where teams walk alone
        double* sums; ///< of parts of the rows, for the biases
    };
    static constexpr std::int64_t partsOfSum = 4; ///< so many threads add up the slope of a unit's state

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const Extents &dGates = request.outputs[0].extents, &dKernel = request.outputs[1].extents;
        const std::int64_t rows = dGates[0] * dGates[1], units = dKernel[0], width = dKernel[1];
        const std::int64_t ofWalk = walksAlone(dGates[0], units, width) ? units * width + dGates[0] * partsOfSum * units : 0;
        return RowParts(rows, width).scratchBytes()
            + static_cast<std::size_t>(ofWalk + 2 * dGates[0] * units + units + rows * units + (isGru ? rows * width : 0)) * sizeof(float);
    }

    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const RecurrentBackward arrays(context, attributes, Cell::keepsExtra);
        const Run p = runOf(context, arrays, attributes);
        const std::size_t stateBytes = static_cast<std::size_t>(p.samples * p.units) * sizeof(float);
        clearOnCard(context, const_cast<float*>(p.zeros), static_cast<std::size_t>(p.units) * sizeof(float));
        clearOnCard(context, p.dCell, stateBytes);
        if (arrays.hasDLast)
            copyOnCard(context, p.dState, arrays.dLast<float>(), stateBytes);
        else
            clearOnCard(context, p.dState, stateBytes);
        if (walksAlone(p.samples, p.units, p.width))
            walkSamples(context, p, arrays.recurrentKernel<float>());
        else
            walkSteps(context, p, arrays.recurrentKernel<float>());
        sumWeights(context, p);
    }

    static Run runOf(const KernelContext& context, const RecurrentBackward& arrays, const Attributes& attributes)
    {
        const std::int64_t states = arrays.samples * arrays.units, rows = arrays.samples * arrays.t;
        auto* sums = static_cast<double*>(context.scratch);
        auto* scratch = reinterpret_cast<float*>(static_cast<std::byte*>(context.scratch) + RowParts(rows, arrays.width).scratchBytes());
        float* dState = scratch + arrays.units;
        float* before = dState + 2 * states;
        float* dGates = outputData<float>(context, 0);
        float* behind = before + rows * arrays.units + (isGru ? rows * arrays.width : 0);
        return {arrays.samples, arrays.t, arrays.units, arrays.width, {arrays.t, attributes.flag("reverse")}, arrays.lengths, arrays.dy<float>(),
                arrays.y<float>(), arrays.gates<float>(), arrays.extra<float>(), dGates, isGru ? before + rows * arrays.units : dGates, dState,
                dState + states, before, scratch, behind, behind + arrays.units * arrays.width, sums};
    }

    /// Unit j of step t of sample n, what goes past the gates to the state before it included.
    WEFT_DEVICE static void stepBack(const Run& p, std::int64_t n, std::int64_t t, std::int64_t j)
    {
        const std::int64_t row = n * p.t + t, length = p.lengths.of(n);
        const std::int64_t before = p.walk.before(t, length), rowBefore = n * p.t + before;
        float *dGates = p.dGates + row * p.width, *dRecurrent = p.dRecurrent + row * p.width;
        const bool isReal = t < length;
        const float* state = isReal && before >= 0 ? p.y + rowBefore * p.units : p.zeros;
        p.before[row * p.units + j] = state[j];
        if (!isReal) {
            for (int gate = 0; gate < Cell::gates; ++gate)
                dGates[gate * p.units + j] = dRecurrent[gate * p.units + j] = 0.0f;
            return;
        }
        Cell::backward({p.gates ? p.gates + row * p.width : nullptr, p.extra ? p.extra + row * p.units : nullptr, p.y + row * p.units, state,
                        p.extra && before >= 0 ? p.extra + rowBefore * p.units : p.zeros, p.dy ? p.dy + row * p.units : p.zeros,
                        p.dState + n * p.units, p.dCell + n * p.units, dGates, dRecurrent},
                       p.units, j);
    }

    static void walkSamples(const KernelContext& context, const Run& p, const float* recurrentKernel)
    {
        forEach(context, p.units * p.width, [=] WEFT_DEVICE(std::int64_t i) {
            p.turned[i] = recurrentKernel[i % p.units * p.width + i / p.units];
        });
        const std::int64_t shares = partsOfSum * p.units, columns = (p.width + partsOfSum - 1) / partsOfSum;
        forEachTeam(context, p.samples, std::max(p.width, shares), [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const std::int64_t length = p.lengths.of(n);
            float *parts = p.parts + n * shares, *dState = p.dState + n * p.units;
            for (std::int64_t turn = p.t; turn-- > 0;) {
                const std::int64_t t = p.walk.step(turn);
                for (std::int64_t j = team.index(); j < p.units; j += team.size())
                    stepBack(p, n, t, j);
                if (t >= length || p.walk.before(t, length) < 0)
                    continue;
                team.sync();
                for (std::int64_t i = team.index(); i < shares; i += team.size()) {
                    const std::int64_t first = std::min(i / p.units * columns, p.width), count = std::min(columns, p.width - first);
                    parts[i] = sumOver(p.dRecurrent + (n * p.t + t) * p.width + first, p.turned + first * p.units + i % p.units, count, p.units);
                }
                team.sync();
                for (std::int64_t j = team.index(); j < p.units; j += team.size())
                    for (std::int64_t i = j; i < shares; i += p.units)
                        dState[j] += parts[i];
            }
        });
    }

    static void walkSteps(const KernelContext& context, const Run& p, const float* recurrentKernel)
    {
        for (std::int64_t turn = p.t; turn-- > 0;) {
            const std::int64_t t = p.walk.step(turn);
            takeStep(context, p, t);
            if (turn > 0)
                multiply(context, {.m = p.samples, .n = p.units, .k = p.width, .transposeB = true, .keep = 1.0f, .rowA = p.t * p.width},
                         p.dRecurrent + t * p.width, recurrentKernel, p.dState);
        }
    }

    static void takeStep(const KernelContext& context, const Run& p, std::int64_t t)
    {
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) { stepBack(p, i / p.units, t, i % p.units); });
    }

    static void sumWeights(const KernelContext& context, const Run& p)
    {
        const std::int64_t rows = p.samples * p.t;
        multiply(context, {.m = p.units, .n = p.width, .k = rows, .transposeA = true}, p.before, p.dRecurrent, outputData<float>(context, 1));
        sumColumns(context, RowParts(rows, p.width), p.sums, p.dGates, 1.0, outputData<float>(context, 2));
        sumColumns(context, RowParts(rows, p.width), p.sums, p.dRecurrent, 1.0, outputData<float>(context, 3));
    }
};

} // namespace

void recurrentCudaKernels(KernelTable& table)
{
    addCuda<RecurrentCuda<SimpleRnnCell>>(table, "SimpleRnn");
    addCuda<RecurrentCuda<LstmCell>>(table, "Lstm");
    addCuda<RecurrentCuda<GruCell>>(table, "Gru");
    addCuda<RecurrentGradientCuda<SimpleRnnCell>>(table, "SimpleRnnGradient");
    addCuda<RecurrentGradientCuda<LstmCell>>(table, "LstmGradient");
    addCuda<RecurrentGradientCuda<GruCell>>(table, "GruGradient");
}

} // namespace weft
