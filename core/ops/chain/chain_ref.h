#pragma once

#include "core/ops/chain/chain.h"
#include "core/ops/chain/chain_links.h"
#include "core/ops/dropout/dropout_ref.h"

namespace weft {

struct ElementwiseChainReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Extents& extents = context.outputs[0].type.extents;
        const std::vector<ChainLink> links = chainLinks(attributes);
        std::vector<Operand<T>> operands; // by link
        std::size_t next = 1;
        for (const ChainLink& link : links) {
            const bool isArray = operandOf(link) == LinkOperand::Array;
            operands.push_back(isArray ? Operand<T>(context.inputs[next++], extents) : Operand<T>());
        }
        forEachIndex(extents, [&](std::int64_t flat, const Index& index) {
            T value = inputData<T>(context, 0)[flat];
            for (std::size_t i = 0; i < links.size(); ++i) {
                const T operand = operandOf(links[i]) == LinkOperand::Mask ? T(keeps(context, links[i], flat)) : operands[i].at(index);
                visitLink(links[i].code,
                          [&](auto of) { value = decltype(of)::of(value, operand, static_cast<T>(links[i].a), static_cast<T>(links[i].b)); });
            }
            outputData<T>(context)[flat] = value;
        });
    }

private:
    /// An array that is stretched to the extents of the result; 0 where there is none.
    template <class T> struct Operand {
        const T* data = nullptr;
        Index strides{};

        Operand() = default;
        Operand(const Array& array, const Extents& to) : data(array.as<T>()), strides(stretchedStrides(array.type.extents, to)) {}
        T at(const Index& index) const { return data ? data[offsetOf(index, strides)] : T(0); }
    };

    static bool keeps(const KernelContext& context, const ChainLink& link, std::int64_t flat)
    {
        const Array& y = context.outputs[0];
        const StepState none;
        const std::int64_t elements = y.count() / y.extent(0);
        const DropoutMask mask(context.state ? *context.state : none, static_cast<std::uint64_t>(link.stream), dropThreshold(link.b),
                               flat / elements);
        return mask.keeps(flat % elements);
    }
};

} // namespace weft
