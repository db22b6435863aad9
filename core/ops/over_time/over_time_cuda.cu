#include "core/ops/over_time/over_time_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

// One thread for each sample and number of a step: neighbours read neighbouring numbers.

struct MeanOverTimeCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf steps(context.inputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, steps.t);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, steps.samples * steps.width, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / steps.width, length = lengths.of(n);
            double sum = 0;
            for (std::int64_t t = 0; t < length; ++t)
                sum += static_cast<double>(x[steps.at(n, t) + i % steps.width]);
            y[i] = static_cast<T>(static_cast<float>(sum / static_cast<double>(length)));
        });
    }
};

struct MeanOverTimeGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf steps(context.outputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, steps.t);
        const T* dy = inputData<T>(context, 0);
        T* dx = outputData<T>(context);
        const std::int64_t count = context.outputs[0].count();
        const Divisor width(steps.width, count), time(steps.t, count);
        forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) {
            const Divisor::Result ofStep = width(i), ofSample = time(ofStep.quotient);
            const std::int64_t n = ofSample.quotient, length = lengths.of(n);
            const float share = static_cast<float>(dy[n * steps.width + ofStep.remainder]) / static_cast<float>(length);
            dx[i] = static_cast<T>(ofSample.remainder < length ? share : 0.0f);
        });
    }
};

struct MaxOverTimeCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf steps(context.inputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, steps.t);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, steps.samples * steps.width, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / steps.width, d = i % steps.width;
            y[i] = x[steps.at(n, firstMaximum(x, steps, n, d, lengths.of(n))) + d];
        });
    }
};

struct MaxOverTimeGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf steps(context.outputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 2, steps.t);
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        forEach(context, steps.samples * steps.width, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / steps.width, d = i % steps.width;
            const std::int64_t best = firstMaximum(x, steps, n, d, lengths.of(n));
            for (std::int64_t t = 0; t < steps.t; ++t)
                dx[steps.at(n, t) + d] = t == best ? dy[i] : static_cast<T>(0.0f);
        });
    }
};

} // namespace

void overTimeCudaKernels(KernelTable& table)
{
    addStoredCuda<MeanOverTimeCuda>(table, "MeanOverTime");
    addStoredCuda<MeanOverTimeGradientCuda>(table, "MeanOverTimeGradient");
    addStoredCuda<MaxOverTimeCuda>(table, "MaxOverTime");
    addStoredCuda<MaxOverTimeGradientCuda>(table, "MaxOverTimeGradient");
}

} // namespace weft
