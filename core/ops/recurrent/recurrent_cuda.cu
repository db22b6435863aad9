#include "core/device/cuda/product.h"
#include "core/ops/recurrent/recurrent_ref.h"
#include "core/ops/support/cuda_rows.h"
#include "core/ops/support/scratch.h"

namespace weft {

namespace {

// All steps' x·W come from one product. Then, where R is small, a team walks each sample by itself, all steps in one kernel;
// else each step is a product h·R and a body over samples and units. Padding of y is 0, so the row of y before a step is what
// the product takes for the state, whichever way a sequence is walked.

/// Whether teams walk alone: each reads R again in every step, which must lie in a multiprocessor's cache or near it, and all of
/// them together must not read more than a product and its launch take.
constexpr bool walksAlone(std::int64_t samples, std::int64_t units, std::int64_t width)
{
    constexpr std::int64_t mostOfTeam = 1 << 16, mostOfAll = 1 << 23;
    return units * width <= mostOfTeam && samples * units * width <= mostOfAll;
}

/// Σ a[k] · column[k · step]
template <class A, class B> WEFT_DEVICE inline float sumOver(const A* a, const B* column, std::int64_t count, std::int64_t step)
{
    const bool isInFours = count % 4 == 0 && reinterpret_cast<std::uintptr_t>(a) % sizeof(Lanes<A, 4>) == 0;
    float sum = 0;
    std::int64_t k = 0;
    for (; isInFours && k < count; k += 4) {
        const auto four = lanesAt<4>(a + k);
        for (int i = 0; i < 4; ++i)
            sum += static_cast<float>(four.at[i]) * static_cast<float>(column[(k + i) * step]);
    }
    for (; k < count; ++k)
        sum += static_cast<float>(a[k]) * static_cast<float>(column[k * step]);
    return sum;
}

template <class T> constexpr DType storedAs = std::is_same_v<T, BFloat16> ? DType::BFloat16
    : std::is_same_v<T, Float16>                                          ? DType::Float16
                                                                          : DType::Float32;

/// What lies between the layers (x, y and the last states) and what products take (weights) is stored as T; states, gates and
/// sums are float32.
template <template <class, class> class CellOf, class T> struct RecurrentCuda {
    using Cell = CellOf<float, ExactMath<float>>;

    /// Where the numbers of a run are.
    struct Run {
        std::int64_t samples, t, units, width;
        Walk walk{};
        Lengths lengths{nullptr, 0};
        Precision precision{};
        const float *bias = nullptr, *recurrentBias = nullptr;
        T *y = nullptr, *last = nullptr;
        float *gates = nullptr, *extra = nullptr; ///< [N·T, G·H], [N·T, H]
        float *state = nullptr, *ofState = nullptr; ///< [N, H] as it is after a step, [N, G·H]
        float* zeros = nullptr; ///< [H]
    };

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const Extents &x = request.inputs[0].extents, &recurrentKernel = request.inputs[2].extents;
        Run sizes{.samples = x[0], .t = x[1], .units = recurrentKernel[0], .width = recurrentKernel[1]};
        return carve(sizes, nullptr, request.outputs.size() > 2);
    }

    static std::size_t carve(Run& p, void* memory, bool keepsGates)
    {
        Scratch scratch(memory);
        p.state = scratch.take<float>(p.samples * p.units);
        p.zeros = scratch.take<float>(p.units);
        p.ofState = scratch.take<float>(p.samples * p.width);
        if (!keepsGates) {
            p.gates = scratch.take<float>(p.samples * p.t * p.width);
            p.extra = scratch.take<float>(p.samples * p.t * p.units);
        }
        return scratch.bytes();
    }

    static void run(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const Run p = runOf(context, attributes, precision);
        for (const Array& output : context.outputs)
            clearOnCard(context, output.data, static_cast<std::size_t>(output.count()) * sizeOf(output.type.dtype));
        if (p.samples * p.t == 0)
            return;
        clearOnCard(context, p.state, static_cast<std::size_t>(p.samples * p.units) * sizeof(float));
        clearOnCard(context, p.zeros, static_cast<std::size_t>(p.units) * sizeof(float));
        if (context.outputs.size() <= 2)
            clearOnCard(context, p.extra, static_cast<std::size_t>(p.samples * p.t * p.units) * sizeof(float));
        multiply(
            context,
            {.m = p.samples * p.t, .n = p.width, .k = context.inputs[0].extent(2), .factors = storedAs<T>, .bias = p.bias, .precision = precision},
            context.inputs[0].data, context.inputs[1].data, p.gates);
        if (walksAlone(p.samples, p.units, p.width))
            walkSamples(context, p);
        else
            walkSteps(context, p);
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / p.units;
            p.last[i] = p.y[(n * p.t + p.walk.last(p.lengths.of(n))) * p.units + i % p.units];
        });
    }

    static Run runOf(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const RecurrentForward sizes{context};
        const bool keeps = context.outputs.size() > 2;
        Run p{sizes.samples,
              sizes.t,
              sizes.units,
              sizes.width,
              {sizes.t, attributes.flag("reverse")},
              sizes.lengths,
              precision,
              inputData<float>(context, 3),
              inputData<float>(context, 4),
              outputData<T>(context, 0),
              outputData<T>(context, 1)};
        if (keeps) {
            p.gates = outputData<float>(context, 2);
            p.extra = outputData<float>(context, 3);
        }
        carve(p, context.scratch, keeps);
        return p;
    }

    /// Adds what comes from the state to a column of the gates. The last gate of a Gru keeps it apart.
    WEFT_DEVICE static void addState(const Run& p, std::int64_t row, std::int64_t column, float ofState)
    {
        if (Cell::gates == 3 && column >= 2 * p.units)
            p.extra[row * p.units + column - 2 * p.units] = ofState;
        else
            p.gates[row * p.width + column] += ofState;
    }
    /// Unit j of a step whose gates are whole.
    WEFT_DEVICE static void finish(const Run& p, std::int64_t n, std::int64_t row, std::int64_t before, std::int64_t j)
    {
        float *gates = p.gates + row * p.width, *state = p.state + n * p.units;
        if (Cell::gates == 1)
            state[j] = gates[j];
        Cell::forward({gates, p.extra + row * p.units, state, state, before < 0 ? p.zeros : p.extra + (n * p.t + before) * p.units}, p.units, j);
        p.y[row * p.units + j] = static_cast<T>(state[j]);
    }

    static void walkSamples(const KernelContext& context, const Run& p)
    {
        const T* recurrentKernel = inputData<T>(context, 2);
        forEachTeam(context, p.samples, p.width, [=] WEFT_DEVICE(std::int64_t n, const Team& team) {
            const std::int64_t length = p.lengths.of(n);
            for (std::int64_t turn = 0; turn < p.t; ++turn) {
                const std::int64_t t = p.walk.step(turn), row = n * p.t + t, before = p.walk.before(t, length);
                if (t >= length) {
                    for (std::int64_t column = team.index(); column < p.width; column += team.size())
                        p.gates[row * p.width + column] = 0.0f;
                    continue;
                }
                const float* state = p.state + n * p.units;
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
            multiply(context, {.m = p.samples, .n = p.width, .k = p.units, .rowA = p.t * p.units, .factors = storedAs<T>, .precision = p.precision},
                     p.y + rowBefore * p.units, context.inputs[2].data, p.ofState);
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

/// The slopes of what lies between the layers, and what products take, are stored as T; gates, the slopes of states and of weights,
/// and sums are float32.
template <template <class, class> class CellOf, class T> struct RecurrentGradientCuda {
    using Cell = CellOf<float, ExactMath<float>>;
    static constexpr bool isGru = Cell::gates == 3;

    struct Run {
        std::int64_t samples, t, units, width;
        Walk walk{};
        Lengths lengths{nullptr, 0};
        Precision precision{};
        const T *dy = nullptr, *y = nullptr; ///< dy: of no layer where only the last state has a slope
        const float *gates = nullptr, *extra = nullptr; ///< a SimpleRnn has none
        T *dGates = nullptr, *dRecurrent = nullptr, *before = nullptr; ///< before: the state that each step found
        float *dState = nullptr, *dCell = nullptr; ///< [N, H]
        T* turned = nullptr; ///< Rᵀ where teams walk alone
        float* parts = nullptr; ///< sums of parts of its columns for each sample
        double* sums = nullptr; ///< of parts of the rows, for the biases
    };
    static constexpr std::int64_t partsOfSum = 4; ///< so many threads add up the slope of a unit's state

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const Extents &dGates = request.outputs[0].extents, &dKernel = request.outputs[1].extents;
        Run sizes{.samples = dGates[0], .t = dGates[1], .units = dKernel[0], .width = dKernel[1]};
        return carve(sizes, nullptr);
    }

    static std::size_t carve(Run& p, void* memory)
    {
        const std::int64_t rows = p.samples * p.t;
        Scratch scratch(memory);
        p.sums = reinterpret_cast<double*>(scratch.take<std::byte>(static_cast<std::int64_t>(RowParts(rows, p.width).scratchBytes())));
        p.dState = scratch.take<float>(p.samples * p.units);
        p.dCell = scratch.take<float>(p.samples * p.units);
        p.before = scratch.take<T>(rows * p.units);
        p.dRecurrent = isGru ? scratch.take<T>(rows * p.width) : p.dGates;
        if (walksAlone(p.samples, p.units, p.width)) {
            p.turned = scratch.take<T>(p.units * p.width);
            p.parts = scratch.take<float>(p.samples * partsOfSum * p.units);
        }
        return scratch.bytes();
    }

    static void run(const KernelContext& context, const Attributes& attributes, Precision precision)
    {
        const RecurrentBackward arrays(context, attributes, Cell::keepsExtra);
        const Run p = runOf(context, arrays, attributes, precision);
        if (p.samples * p.t == 0) {
            for (const Array& output : context.outputs)
                clearOnCard(context, output.data, static_cast<std::size_t>(output.count()) * sizeOf(output.type.dtype));
            return;
        }
        clearOnCard(context, p.dCell, static_cast<std::size_t>(p.samples * p.units) * sizeof(float));
        const T* dLast = arrays.hasDLast ? arrays.dLast<T>() : nullptr;
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) { p.dState[i] = dLast ? static_cast<float>(dLast[i]) : 0.0f; });
        if (walksAlone(p.samples, p.units, p.width))
            walkSamples(context, p, arrays.recurrentKernel<T>());
        else
            walkSteps(context, p, arrays.recurrentKernel<T>());
        sumWeights(context, p);
    }

    static Run runOf(const KernelContext& context, const RecurrentBackward& arrays, const Attributes& attributes, Precision precision)
    {
        Run p{arrays.samples,
              arrays.t,
              arrays.units,
              arrays.width,
              {arrays.t, attributes.flag("reverse")},
              arrays.lengths,
              precision,
              arrays.dy<T>(),
              arrays.y<T>(),
              arrays.gates<float>(),
              arrays.extra<float>(),
              outputData<T>(context, 0)};
        carve(p, context.scratch);
        return p;
    }

    /// Unit j of step t of sample n, what goes past the gates to the state before it included.
    WEFT_DEVICE static void stepBack(const Run& p, std::int64_t n, std::int64_t t, std::int64_t j)
    {
        const std::int64_t row = n * p.t + t, length = p.lengths.of(n), before = p.walk.before(t, length);
        const std::int64_t here = row * p.units + j, there = (n * p.t + before) * p.units + j, ofSample = n * p.units + j;
        const bool isReal = t < length, hasBefore = isReal && before >= 0;
        const float state = hasBefore ? static_cast<float>(p.y[there]) : 0.0f;
        p.before[here] = static_cast<T>(state);
        float gates[Cell::gates] = {}, dGates[Cell::gates] = {}, dRecurrent[Cell::gates] = {};
        if (isReal) {
            for (int gate = 0; p.gates && gate < Cell::gates; ++gate)
                gates[gate] = p.gates[row * p.width + gate * p.units + j];
            const float extra = p.extra ? p.extra[here] : 0.0f, extraBefore = p.extra && hasBefore ? p.extra[there] : 0.0f;
            const float y = static_cast<float>(p.y[here]), dy = p.dy ? static_cast<float>(p.dy[here]) : 0.0f;
            Cell::backward(
                {gates, &extra, &y, &state, &extraBefore, &dy, p.dState + ofSample, p.dCell + ofSample, dGates, isGru ? dRecurrent : dGates}, 1, 0);
        }
        for (int gate = 0; gate < Cell::gates; ++gate) {
            p.dGates[row * p.width + gate * p.units + j] = static_cast<T>(dGates[gate]);
            if (isGru)
                p.dRecurrent[row * p.width + gate * p.units + j] = static_cast<T>(dRecurrent[gate]);
        }
    }

    static void walkSamples(const KernelContext& context, const Run& p, const T* recurrentKernel)
    {
        forEach(context, p.units * p.width, [=] WEFT_DEVICE(std::int64_t i) { p.turned[i] = recurrentKernel[i % p.units * p.width + i / p.units]; });
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

    static void walkSteps(const KernelContext& context, const Run& p, const T* recurrentKernel)
    {
        for (std::int64_t turn = p.t; turn-- > 0;) {
            const std::int64_t t = p.walk.step(turn);
            takeStep(context, p, t);
            if (turn > 0)
                multiply(context,
                         {.m = p.samples,
                          .n = p.units,
                          .k = p.width,
                          .transposeB = true,
                          .keep = 1.0f,
                          .rowA = p.t * p.width,
                          .factors = storedAs<T>,
                          .precision = p.precision},
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
        multiply(context, {.m = p.units, .n = p.width, .k = rows, .transposeA = true, .factors = storedAs<T>, .precision = p.precision}, p.before,
                 p.dRecurrent, outputData<float>(context, 1));
        sumColumns(context, RowParts(rows, p.width), p.sums, p.dGates, 1.0, outputData<float>(context, 2));
        sumColumns(context, RowParts(rows, p.width), p.sums, p.dRecurrent, 1.0, outputData<float>(context, 3));
    }
};

template <class Kernel> std::vector<KernelOption> optionsOf(const KernelRequest& request)
{
    const auto run = [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
        Kernel::run(context, attributes, precision);
    };
    return {rowMajorOption(request, "cuda", 1.0, run, Kernel::scratchBytes(request))};
}

template <template <class, class> class Cell> std::vector<KernelOption> forwards(const KernelRequest& request)
{
    return visitStored(storedType(request), [&](auto number) { return optionsOf<RecurrentCuda<Cell, decltype(number)>>(request); });
}
template <template <class, class> class Cell> std::vector<KernelOption> backwards(const KernelRequest& request)
{
    return visitStored(storedType(request), [&](auto number) { return optionsOf<RecurrentGradientCuda<Cell, decltype(number)>>(request); });
}

template <template <class, class> class Cell> void addCell(KernelTable& table, const char* forward, const char* backward)
{
    table.add(DeviceKind::Cuda, forward, &forwards<Cell>);
    table.add(DeviceKind::Cuda, backward, &backwards<Cell>);
}

} // namespace

void recurrentCudaKernels(KernelTable& table)
{
    addCell<SimpleRnnCell>(table, "SimpleRnn", "SimpleRnnGradient");
    addCell<LstmCell>(table, "Lstm", "LstmGradient");
    addCell<GruCell>(table, "Gru", "GruGradient");
}

} // namespace weft
