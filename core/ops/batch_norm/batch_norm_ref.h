#pragma once

#include <algorithm>
#include <cmath>

#include "core/ops/batch_norm/norm_activation.h"
#include "core/ops/support/reference.h"

namespace weft {

/// x [N, C, …] as N · C planes of `area` elements.
struct ChannelSizes {
    std::int64_t samples, channels, area;

    explicit ChannelSizes(const Extents& x) : samples(x[0]), channels(x[1]), area(elementCount(x) / std::max<std::int64_t>(1, x[0] * x[1])) {}
    double perChannel() const { return static_cast<double>(samples * area); }

    /// Calls visit(offset) for each element of a channel.
    template <class Visit> void forEachOf(std::int64_t channel, Visit visit) const
    {
        for (std::int64_t n = 0; n < samples; ++n) {
            for (std::int64_t i = 0; i < area; ++i)
                visit((n * channels + channel) * area + i);
        }
    }
};

struct BatchNormReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[0].type.extents);
        const T* x = inputData<T>(context, 0);
        const double count = sizes.perChannel();
        for (std::int64_t c = 0; c < sizes.channels; ++c) {
            double sum = 0, squares = 0;
            sizes.forEachOf(c, [&](std::int64_t i) { sum += static_cast<double>(x[i]); });
            const double mean = sum / count;
            sizes.forEachOf(c, [&](std::int64_t i) { squares += (static_cast<double>(x[i]) - mean) * (static_cast<double>(x[i]) - mean); });
            const double factor = static_cast<double>(inputData<T>(context, 1)[c]) / std::sqrt(squares / count + attributes.real("epsilon"));
            const double shift = static_cast<double>(inputData<T>(context, 2)[c]);
            sizes.forEachOf(c,
                            [&](std::int64_t i) { outputData<T>(context)[i] = static_cast<T>((static_cast<double>(x[i]) - mean) * factor + shift); });
            outputData<T>(context, 1)[c] = static_cast<T>(mean);
            outputData<T>(context, 2)[c] = static_cast<T>(squares / std::max(count - 1.0, 1.0));
        }
    }
};

/// Source: Ioffe & Szegedy, "Batch Normalization", 2015, section 3.
struct BatchNormGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[1].type.extents);
        const T* dy = inputData<T>(context, 0);
        const T* x = inputData<T>(context, 1);
        const double count = sizes.perChannel();
        for (std::int64_t c = 0; c < sizes.channels; ++c) {
            const double mean = static_cast<double>(inputData<T>(context, 3)[c]);
            const double biased = static_cast<double>(inputData<T>(context, 4)[c]) * std::max(count - 1.0, 1.0) / count;
            const double inverse = 1.0 / std::sqrt(biased + attributes.real("epsilon"));
            double sumDy = 0, sumDyX = 0;
            sizes.forEachOf(c, [&](std::int64_t i) {
                sumDy += static_cast<double>(dy[i]);
                sumDyX += static_cast<double>(dy[i]) * (static_cast<double>(x[i]) - mean) * inverse;
            });
            const double factor = static_cast<double>(inputData<T>(context, 2)[c]) * inverse;
            sizes.forEachOf(c, [&](std::int64_t i) {
                const double normal = (static_cast<double>(x[i]) - mean) * inverse;
                outputData<T>(context)[i] = static_cast<T>(factor * (static_cast<double>(dy[i]) - sumDy / count - normal * sumDyX / count));
            });
            outputData<T>(context, 1)[c] = static_cast<T>(sumDyX);
            outputData<T>(context, 2)[c] = static_cast<T>(sumDy);
        }
    }
};

struct BatchNormInferenceReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[0].type.extents);
        const T* x = inputData<T>(context, 0);
        for (std::int64_t c = 0; c < sizes.channels; ++c) {
            const auto of = [&](std::size_t input) { return static_cast<double>(inputData<T>(context, input)[c]); };
            const double factor = of(1) / std::sqrt(of(4) + attributes.real("epsilon"));
            const double shift = of(2), mean = of(3);
            sizes.forEachOf(c,
                            [&](std::int64_t i) { outputData<T>(context)[i] = static_cast<T>((static_cast<double>(x[i]) - mean) * factor + shift); });
        }
    }
};

struct FusedBatchNormReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        BatchNormReference::run<T>(context, attributes);
        const NormActivation activation = normActivationOf(attributes.text("activation"));
        const T alpha = static_cast<T>(attributes.real("alpha"));
        const T* addend = context.inputs.size() > 3 ? inputData<T>(context, 3) : nullptr;
        T* y = outputData<T>(context);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
            y[i] = activated(activation, addend ? y[i] + addend[i] : y[i], alpha);
    }
};

struct FusedBatchNormGradientReference {
    static std::size_t scratchBytes(const KernelRequest& request) { return storedBytes(request.inputs[0], Layout::RowMajor); }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[1].type.extents);
        const NormActivation activation = normActivationOf(attributes.text("activation"));
        const T alpha = static_cast<T>(attributes.real("alpha"));
        const double count = sizes.perChannel();
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        T* between = static_cast<T*>(context.scratch);
        for (std::int64_t c = 0; c < sizes.channels; ++c) {
            const auto of = [&](std::size_t input) { return static_cast<double>(inputData<T>(context, input)[c]); };
            const double factor = of(2) / std::sqrt(of(4) * std::max(count - 1.0, 1.0) / count + attributes.real("epsilon"));
            sizes.forEachOf(c, [&](std::int64_t i) {
                const T normal = static_cast<T>((static_cast<double>(x[i]) - of(3)) * factor + of(5));
                between[i] = dy[i] * slopeOfActivated(activation, normal, alpha);
            });
        }
        const Array slopes{context.scratch, context.inputs[0].type};
        std::vector<Array> inputs(context.inputs.begin(), context.inputs.end());
        inputs[0] = slopes;
        KernelContext plain = context;
        plain.inputs = inputs;
        BatchNormGradientReference::run<T>(plain, attributes);
    }
};

} // namespace weft
