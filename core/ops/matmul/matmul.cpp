#include "core/ops/matmul/matmul.h"

#include <numeric>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/matmul/matmul_ref.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/transpose/transpose.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const TensorType& a = inputs[0];
    const TensorType& b = inputs[1];
    requireFloating("MatMul", a);
    requireSameDType("MatMul", a, b);
    requireRank("MatMul", a, 2, maxRank);
    requireRank("MatMul", b, 2, maxRank);
    const bool transposeA = attributes.flag("transposeA");
    const bool transposeB = attributes.flag("transposeB");
    const Dim inner = a.shape[transposeA ? -2 : -1];
    const Dim innerB = b.shape[transposeB ? -1 : -2];
    if (inner != innerB)
        throw Error(WEFT_TEXT("Ops", "The matrices %1 and %2 cannot be multiplied: %3 columns meet %4 rows. Make the two equal."), toString(a.shape),
                    toString(b.shape), toString(inner), toString(innerB));
    std::vector<Dim> dims(a.shape.begin(), a.shape.end() - 2);
    if (b.shape.rank() > 2 && dims != std::vector<Dim>(b.shape.begin(), b.shape.end() - 2))
        throw Error(WEFT_TEXT("Ops", "The matrices %1 and %2 cannot be multiplied: the axes before the last two differ. Make them equal."),
                    toString(a.shape), toString(b.shape));
    dims.push_back(a.shape[transposeA ? -1 : -2]);
    dims.push_back(b.shape[transposeB ? -2 : -1]);
    return {{resultType(a.dtype, attributes), Shape(std::move(dims))}};
}

std::vector<int> lastTwoSwapped(int rank)
{
    std::vector<int> permutation(static_cast<std::size_t>(rank));
    std::iota(permutation.begin(), permutation.end(), 0);
    std::swap(permutation[permutation.size() - 1], permutation[permutation.size() - 2]);
    return permutation;
}

Value swapped(const Value& x)
{
    return transpose(x, lastTwoSwapped(x.shape().rank()));
}

/// [b…, m, k] as [b…·m, k].
Value asMatrix(const Value& x)
{
    Dim rows(1);
    for (int i = 0; i + 1 < x.shape().rank(); ++i)
        rows = rows * x.shape()[i];
    return reshape(x, {rows, x.shape().back()});
}

std::vector<Value> gradient(const Op& op, std::span<const Value> outputGradients)
{
    const Value& a = op.input(0);
    const Value& b = op.input(1);
    const Value& dy = outputGradients[0];
    const bool transposeA = op.attributes().flag("transposeA");
    const bool transposeB = op.attributes().flag("transposeB");
    if (a.shape().rank() > 2 && b.shape().rank() == 2) {
        // One matrix for all: its gradient sums over the batch, which one large product does.
        const Value da = matmul(dy, b, false, !transposeB);
        const Value rows = asMatrix(transposeA ? swapped(a) : a);
        const Value dyRows = asMatrix(dy);
        return {transposeA ? swapped(da) : da, transposeB ? matmul(dyRows, rows, true, false) : matmul(rows, dyRows, true, false)};
    }
    return {transposeA ? matmul(b, dy, transposeB, true) : matmul(dy, b, false, !transposeB),
            transposeB ? matmul(dy, a, true, transposeA) : matmul(a, dy, !transposeA, false)};
}

Cost cost(const Op& op, std::int64_t t)
{
    const bool transposeA = op.attributes().flag("transposeA");
    return {elementsPerSample(op.output().shape(), t) * static_cast<double>(op.input(0).shape()[transposeA ? -2 : -1].at(1, t)), 0};
}

OnnxForm onnx(const Op& op)
{
    OnnxForm form;
    OnnxNode product{"MatMul", {"x0", "x1"}, {"y0"}, {}};
    const auto swapLastTwo = [&](int input, const char* name) {
        std::vector<std::int64_t> permutation;
        for (const int axis : lastTwoSwapped(op.input(input).shape().rank()))
            permutation.push_back(axis);
        form.nodes.push_back({"Transpose", {product.inputs[static_cast<std::size_t>(input)]}, {name}, {{"perm", permutation}}});
        product.inputs[static_cast<std::size_t>(input)] = name;
    };
    if (op.attributes().flag("transposeA"))
        swapLastTwo(0, "a");
    if (op.attributes().flag("transposeB"))
        swapLastTwo(1, "b");
    form.nodes.push_back(std::move(product));
    return form;
}

const OpSpec spec{.name = "MatMul", .infer = infer, .gradient = gradient, .cost = cost, .onnx = onnx};

} // namespace

Value matmul(const Value& a, const Value& b, bool transposeA, bool transposeB)
{
    return a.graph().add(spec, {a, b}, {{"transposeA", transposeA}, {"transposeB", transposeB}})[0];
}

std::vector<const OpSpec*> matmulOps()
{
    return {&spec};
}

void matmulReferenceKernels(KernelTable& table)
{
    addReference<MatMulReference>(table, "MatMul");
}

} // namespace weft
