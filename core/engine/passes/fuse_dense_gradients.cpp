#include "core/engine/passes/fuse_dense_gradients.h"

#include <algorithm>

#include "core/ops/fused/fused.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

/// Whether a product sums over the rows of both its factors.
bool isOfRows(const Op& product)
{
    return is(&product, "MatMul") && product.attributes().flag("transposeA") && !product.attributes().flag("transposeB")
        && product.output().shape().rank() == 2 && product.input(0).shape().rank() == 2;
}

/// What has been reshaped to the rows that a product reads.
Value beforeRows(const Value& rows)
{
    const Op* reshape = rows.producer();
    return is(reshape, "Reshape") && reshape->input(0).shape().back() == rows.shape().back() ? reshape->input(0) : rows;
}

bool haveSameRows(const Value& a, const Value& b)
{
    const Shape &first = a.shape(), &second = b.shape();
    return first.rank() == second.rank() && std::equal(first.begin(), first.end() - 1, second.begin());
}

/// The product for the kernel that reads the slopes `dy`, perhaps as rows.
const Op* productWith(const Rewriter& rewriter, const Value& dy)
{
    for (const Op* reader : rewriter.readers(dy)) {
        if (isOfRows(*reader) && reader->input(1) == dy)
            return reader;
        if (!is(reader, "Reshape") || reader->output().shape().rank() != 2 || reader->output().shape().back() != dy.shape().back())
            continue;
        for (const Op* product : rewriter.readers(reader->output())) {
            if (isOfRows(*product) && product->input(1) == reader->output())
                return product;
        }
    }
    return nullptr;
}

Attributes gradientAttributes(const Op& product)
{
    Attributes attributes;
    if (product.attributes().has(resultTypeAttribute))
        attributes.set(resultTypeAttribute, product.attributes().integer(resultTypeAttribute));
    return attributes;
}

Attributes withMask(const Attributes& attributes)
{
    Attributes all = attributes;
    all.set("hasMask", true);
    return all;
}

} // namespace

bool fusesDenseGradients(const RewriteContext& context)
{
    return context.options.device != DeviceKind::Reference && context.table.find(context.options.device, denseGradientSpec().name);
}

FuseDenseGradients::FuseDenseGradients(const Rewriter& rewriter)
{
    for (const Op* op : rewriter.ops()) {
        if (is(op, "SumTo"))
            findWeights(rewriter, *op);
        else if (is(op, "FusedMatMul"))
            findCut(rewriter, *op);
    }
}

void FuseDenseGradients::findWeights(const Rewriter& rewriter, const Op& bias)
{
    const Value &dy = bias.input(0), &sum = bias.output();
    if (sum.shape().rank() != 1 || sum.shape()[0] != dy.shape().back() || dy.shape().rank() < 2)
        return;
    const Op* kernel = productWith(rewriter, dy);
    if (!kernel || m_weights.count(kernel) || kernel->output().dtype() != sum.dtype())
        return;
    const Value before = beforeRows(kernel->input(0)), x = haveSameRows(before, dy) ? before : kernel->input(0);
    const std::vector<Value> inputs{x, dy};
    if (!haveSameRows(x, dy) || !rewriter.canFuse(denseGradientSpec(), inputs, gradientAttributes(*kernel)))
        return;
    auto weights = std::make_shared<Weights>();
    *weights = {kernel, &bias, x, dy, false, false};
    m_weights[kernel] = m_weights[&bias] = std::move(weights);
}

void FuseDenseGradients::findCut(const Rewriter& rewriter, const Op& layer)
{
    const Value& y = layer.output();
    if (!layer.attributes().flag("relu") || !y.shape().back().isFixed())
        return;
    for (const Op* relu : rewriter.readers(y)) {
        const Op* product = is(relu, "ReluGradient") && relu->input(1) == y ? relu->input(0).producer() : nullptr;
        if (!is(product, "MatMul") || rewriter.onlyReader(product->output()) != relu || product->attributes().flag("transposeA")
            || product->output().type() != y.type())
            continue;
        const Attributes attributes = withMask(layer.attributes());
        const std::vector<TensorType> ofLayer{layer.input(0).type(), layer.input(1).type(), layer.input(2).type()};
        const TensorType mask = layer.spec().infer(ofLayer, attributes)[1];
        if (!rewriter.canFuse(layer.spec(), ofLayer, attributes)
            || !rewriter.canFuse(maskedMatMulSpec(), {product->input(0).type(), product->input(1).type(), mask}, product->attributes()))
            continue;
        m_cuts[&layer] = m_cuts[product] = m_cuts[relu] = std::make_shared<Cut>(Cut{&layer, product, relu, {}});
        return;
    }
}

bool FuseDenseGradients::operator()(const Op& op, Rewriter& rewriter)
{
    if (const auto weights = m_weights.find(&op); weights != m_weights.end())
        return build(*weights->second, rewriter);
    const auto cut = m_cuts.find(&op);
    return cut != m_cuts.end() && build(*cut->second, op, rewriter);
}

/// In the place of the one that comes first, which may be before what the other reads.
bool FuseDenseGradients::build(Weights& weights, Rewriter& rewriter)
{
    if (weights.isBuilt || weights.isGivenUp)
        return weights.isBuilt;
    if (!rewriter.mapped(weights.x) || !rewriter.mapped(weights.dy)) {
        weights.isGivenUp = true;
        return false;
    }
    const std::vector<Value> inputs{weights.x, weights.dy};
    const std::vector<Value>& gradients = rewriter.build(*weights.kernel, denseGradientSpec(), inputs, gradientAttributes(*weights.kernel));
    rewriter.map(weights.kernel->output(), gradients[0]);
    rewriter.map(weights.bias->output(), gradients[1]);
    return weights.isBuilt = true;
}

bool FuseDenseGradients::build(Cut& cut, const Op& op, Rewriter& rewriter)
{
    if (&op == cut.layer) {
        const std::vector<Value>& results = rewriter.build(op, op.spec(), op.inputs(), withMask(op.attributes()));
        rewriter.map(op.output(), results[0]);
        cut.mask = results[1];
    } else if (&op == cut.relu) {
        const Graph::NodeScope scope(rewriter.target(), op.node());
        std::vector<Value> inputs{rewriter.mapped(cut.product->input(0)), rewriter.mapped(cut.product->input(1)), cut.mask};
        rewriter.map(op.output(), rewriter.target().add(maskedMatMulSpec(), std::move(inputs), cut.product->attributes())[0]);
    }
    return true;
}

} // namespace weft
