#include "core/device/cuda/product.h"
#include "core/ops/recurrent/recurrent_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

// All steps' x·W come from one product; then each step is a product h·R and a body over samples and units. Padding of y
// is 0, so the row of y before a step is the state, whichever way a sequence is walked.

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
        for (std::int64_t turn = 0; turn < p.t; ++turn)
            takeStep(context, p, p.walk.step(turn), turn == 0);
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

    static void takeStep(const KernelContext& context, const Run& p, std::int64_t t, bool isFirst)
    {
        const std::int64_t rowBefore = p.walk.isReverse ? t + 1 : t - 1;
        if (!isFirst)
            multiply(context, {.m = p.samples, .n = p.width, .k = p.units, .rowA = p.t * p.units}, p.y + rowBefore * p.units,
                     inputData<float>(context, 2), p.ofState);
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / p.units, j = i % p.units, row = n * p.t + t, length = p.lengths.of(n);
            float* gates = p.gates + row * p.width;
            if (t >= length) {
                for (int gate = 0; gate < Cell::gates; ++gate)
                    gates[gate * p.units + j] = 0.0f;
                return;
            }
            for (int gate = 0; gate < Cell::gates; ++gate) {
                const std::int64_t column = gate * p.units + j;
                const float ofState = (isFirst ? 0.0f : p.ofState[n * p.width + column]) + p.recurrentBias[column];
                // The last gate of a Gru keeps what comes from the state apart.
                if (Cell::gates == 3 && gate == 2)
                    p.extra[row * p.units + j] = ofState;
                else
                    gates[column] += ofState;
            }
            const std::int64_t before = p.walk.before(t, length);
            float* y = p.y + row * p.units;
            if (Cell::gates == 1)
                y[j] = gates[j];
            Cell::forward({gates, p.extra + row * p.units, y, before < 0 ? p.zeros : p.y + (n * p.t + before) * p.units,
                           before < 0 ? p.zeros : p.extra + (n * p.t + before) * p.units},
                          p.units, j);
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
    };

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const Extents &dGates = request.outputs[0].extents, &dKernel = request.outputs[1].extents;
        const std::int64_t rows = dGates[0] * dGates[1], units = dKernel[0], width = dKernel[1];
        return static_cast<std::size_t>(2 * dGates[0] * units + units + rows * units + (isGru ? rows * width : 0)) * sizeof(float);
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
        for (std::int64_t turn = p.t; turn-- > 0;) {
            const std::int64_t t = p.walk.step(turn);
            takeStep(context, p, t);
            if (turn > 0)
                multiply(context, {.m = p.samples, .n = p.units, .k = p.width, .transposeB = true, .keep = 1.0f, .rowA = p.t * p.width},
                         p.dRecurrent + t * p.width, arrays.recurrentKernel<float>(), p.dState);
        }
        sumWeights(context, p);
    }

    static Run runOf(const KernelContext& context, const RecurrentBackward& arrays, const Attributes& attributes)
    {
        const std::int64_t states = arrays.samples * arrays.units, rows = arrays.samples * arrays.t;
        auto* scratch = static_cast<float*>(context.scratch);
        float* dState = scratch + arrays.units;
        float* before = dState + 2 * states;
        float* dGates = outputData<float>(context, 0);
        return {arrays.samples, arrays.t, arrays.units, arrays.width, {arrays.t, attributes.flag("reverse")}, arrays.lengths, arrays.dy<float>(),
                arrays.y<float>(), arrays.gates<float>(), arrays.extra<float>(), dGates, isGru ? before + rows * arrays.units : dGates, dState,
                dState + states, before, scratch};
    }

    static void takeStep(const KernelContext& context, const Run& p, std::int64_t t)
    {
        forEach(context, p.samples * p.units, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / p.units, j = i % p.units, row = n * p.t + t, length = p.lengths.of(n);
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
        });
    }

    static void sumWeights(const KernelContext& context, const Run& p)
    {
        const std::int64_t rows = p.samples * p.t;
        multiply(context, {.m = p.units, .n = p.width, .k = rows, .transposeA = true}, p.before, p.dRecurrent, outputData<float>(context, 1));
        for (const std::size_t output : {std::size_t(2), std::size_t(3)}) {
            const float* slopes = output == 2 ? p.dGates : p.dRecurrent;
            float* dBias = outputData<float>(context, output);
            forEachTeam(context, p.width, rows, [=] WEFT_DEVICE(std::int64_t column, const Team& team) {
                double sum = 0;
                for (std::int64_t row = team.index(); row < rows; row += team.size())
                    sum += static_cast<double>(slopes[row * p.width + column]);
                sum = team.sum(sum);
                if (team.index() == 0)
                    dBias[column] = static_cast<float>(sum);
            });
        }
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
