#include <string_view>

#include "core/engine/passes/passes.h"
#include "core/ops/fused/fused.h"

namespace weft {

namespace {

/// An Add of a product's result and a bias of one number a column.
struct BiasedProduct {
    const Op* product = nullptr;
    Value bias;
    explicit operator bool() const { return product != nullptr; }
};

BiasedProduct biasedProduct(const Op& op, const Rewriter& rewriter)
{
    if (!is(&op, "Add"))
        return {};
    for (int i = 0; i < 2; ++i) {
        const Value& product = op.input(i);
        const Value& bias = op.input(1 - i);
        const bool fits = is(product.producer(), "MatMul") && rewriter.onlyReader(product) == &op && bias.shape().rank() == 1
            && bias.shape()[0] == product.shape().back() && bias.shape().isFixed() && op.output().type() == product.type();
        if (fits)
            return {product.producer(), bias};
    }
    return {};
}

/// The Relu that alone reads `op`'s first output.
const Op* reluAfter(const Op& op, const Rewriter& rewriter)
{
    const Op* reader = rewriter.onlyReader(op.output());
    return is(reader, "Relu") ? reader : nullptr;
}

Attributes withRelu(const Attributes& attributes, bool relu)
{
    Attributes all = attributes;
    all.set("relu", relu);
    return all;
}

/// The inputs of a FusedMatMul in place of `add`, or nothing where the device has no kernel for it.
std::vector<Value> fusedInputs(const Op& add, const BiasedProduct& biased, const Rewriter& rewriter)
{
    const bool relu = reluAfter(add, rewriter) != nullptr;
    std::vector<Value> inputs{biased.product->input(0), biased.product->input(1), biased.bias};
    if (!rewriter.canFuse(fusedMatMulSpec(), inputs, withRelu(biased.product->attributes(), relu)))
        inputs.clear();
    return inputs;
}

bool fuseAdd(const Op& add, Rewriter& rewriter)
{
    const BiasedProduct biased = biasedProduct(add, rewriter);
    if (!biased)
        return false;
    const std::vector<Value> inputs = fusedInputs(add, biased, rewriter);
    if (inputs.empty())
        return false;
    const Op* relu = reluAfter(add, rewriter);
    const Value y = rewriter.build(*biased.product, fusedMatMulSpec(), inputs, withRelu(biased.product->attributes(), relu != nullptr))[0];
    rewriter.map(relu ? relu->output() : add.output(), y);
    return true;
}

/// Whether `op` is a product or a relu that another op of its pattern stands for.
bool isAbsorbed(const Op& op, const Rewriter& rewriter)
{
    if (is(&op, "MatMul")) {
        const Op* reader = rewriter.onlyReader(op.output());
        const BiasedProduct biased = reader ? biasedProduct(*reader, rewriter) : BiasedProduct();
        return biased.product == &op && !fusedInputs(*reader, biased, rewriter).empty();
    }
    return is(&op, "Relu") && rewriter.mapped(op.output());
}

bool fuseConv(const Op& op, Rewriter& rewriter)
{
    const Op* relu = reluAfter(op, rewriter);
    const Attributes attributes = withRelu(op.attributes(), true);
    if (!relu || !rewriter.canFuse(fusedConvSpec(), op.inputs(), attributes))
        return false;
    rewriter.map(relu->output(), rewriter.build(op, fusedConvSpec(), op.inputs(), attributes)[0]);
    return true;
}

} // namespace

bool fuseBiasAndRelu(const Op& op, Rewriter& rewriter)
{
    if (isAbsorbed(op, rewriter))
        return true;
    if (is(&op, "Conv"))
        return fuseConv(op, rewriter);
    return fuseAdd(op, rewriter);
}

} // namespace weft
