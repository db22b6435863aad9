#pragma once

#include <array>
#include <vector>

#include "core/ops/dropout/dropout_ref.h"
#include "core/ops/layer_norm/layer_norm_ref.h"

namespace weft {

// The ops that they stand for, one after the other.

/// y = dropout(x), or x where nothing is dropped.
template <class T> void dropReference(const KernelContext& context, const Attributes& attributes, const Array& x, const Array& y)
{
    KernelContext inner = context;
    inner.inputs = {&x, 1};
    inner.outputs = {&y, 1};
    if (attributes.real("rate") > 0)
        DropoutReference::run<T>(inner, attributes);
    else
        std::copy_n(x.as<const T>(), x.count(), y.as<T>());
}

template <class T> void addReferenceTo(const Array& y, const Array& x)
{
    std::transform(x.as<const T>(), x.as<const T>() + x.count(), y.as<T>(), y.as<T>(), [](T a, T b) { return a + b; });
}

struct FusedLayerNormReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& sum = context.outputs[0];
        dropReference<T>(context, attributes, context.inputs[1], sum);
        addReferenceTo<T>(sum, context.inputs[0]);
        const std::array<Array, 3> inputs{sum, context.inputs[2], context.inputs[3]};
        KernelContext norm = context;
        norm.inputs = inputs;
        norm.outputs = context.outputs.subspan(1);
        LayerNormReference::run<T>(norm, attributes);
    }
};

struct FusedLayerNormGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto more = static_cast<std::size_t>(attributes.integer("more"));
        std::array<Array, 3> inputs{context.inputs[0], context.inputs[1], context.inputs[2]};
        std::vector<T> slopes(inputs[0].as<const T>(), inputs[0].as<const T>() + inputs[0].count());
        inputs[0].data = slopes.data();
        for (std::size_t i = 0; i < more; ++i)
            addReferenceTo<T>(inputs[0], context.inputs[3 + i]);
        KernelContext norm = context;
        norm.inputs = inputs;
        LayerNormGradientReference::run<T>(norm, attributes);
        const Array& dx = context.outputs[0];
        if (attributes.flag("hasAddend"))
            addReferenceTo<T>(dx, context.inputs[3 + more]);
        if (attributes.real("rate") > 0)
            dropReference<T>(context, attributes, dx, context.outputs[3]);
    }
};

} // namespace weft
