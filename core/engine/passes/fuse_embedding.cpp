#include <algorithm>
#include <string_view>

#include "core/engine/passes/passes.h"
#include "core/ops/embedding/embedding.h"

namespace weft {

namespace {

/// The mean over time that alone reads the vectors of an embedding of sequences.
const Op* meanOf(const Op& embedding, const Rewriter& rewriter)
{
    if (!is(&embedding, "Embedding") || embedding.input(1).shape().rank() != 2)
        return nullptr;
    const Op* reader = rewriter.onlyReader(embedding.output());
    return is(reader, "MeanOverTime") ? reader : nullptr;
}

/// The inputs of an EmbeddingMean in place of both, or nothing where the device has no kernel for it.
std::vector<Value> meanInputs(const Op& embedding, const Op& mean, const Rewriter& rewriter)
{
    std::vector<Value> inputs = embedding.inputs();
    inputs.insert(inputs.end(), mean.inputs().begin() + 1, mean.inputs().end());
    if (!rewriter.canFuse(embeddingMeanSpec(), inputs, {}))
        inputs.clear();
    return inputs;
}

bool isUpdate(const Op& op)
{
    return op.spec().mutatesVariables && op.attributes().has("byRows");
}

/// Where the inputs of target `target` of an update begin.
std::size_t firstInput(const Op& update, std::size_t target)
{
    return (update.attributes().flag("isScaled") ? 2 : 1) + target * (2 + static_cast<std::size_t>(update.attributes().integer("slots")));
}

/// The gradient of an embedding's table as the rows that its tokens name.
struct RowsPattern {
    const Op* meanGradient = nullptr; ///< the gradient of a mean over time that the rows can be taken from
    std::vector<Value> inputs;
    Attributes attributes;
};

/// Empty unless all that read the gradient can do with rows: the update of the table, and the norm of all gradients.
RowsPattern rowsPattern(const Op& gradient, const Rewriter& rewriter)
{
    const std::vector<const Op*>& readers = rewriter.readers(gradient.output());
    const auto takesRows = [](const Op* op) { return isUpdate(*op) || is(op, "GlobalNorm"); };
    const bool isUpdated = std::any_of(readers.begin(), readers.end(), [](const Op* op) { return isUpdate(*op); });
    if (!isUpdated || !std::all_of(readers.begin(), readers.end(), takesRows) || rewriter.isFetched(gradient.output()))
        return {};
    RowsPattern pattern{nullptr, gradient.inputs(), gradient.attributes()};
    pattern.attributes.set("isMean", false);
    const Op* mean = gradient.input(0).producer();
    if (is(mean, "MeanOverTimeGradient") && rewriter.onlyReader(mean->output()) == &gradient && gradient.input(1).shape().rank() == 2) {
        pattern.meanGradient = mean;
        pattern.inputs = {mean->input(0), gradient.input(1)};
        pattern.inputs.insert(pattern.inputs.end(), mean->inputs().begin() + 1, mean->inputs().end());
        pattern.attributes.set("isMean", true);
    }
    if (!rewriter.canFuse(embeddingRowsSpec(), pattern.inputs, pattern.attributes))
        return {};
    return pattern;
}

bool giveRows(const Op& gradient, Rewriter& rewriter)
{
    const RowsPattern pattern = rowsPattern(gradient, rewriter);
    if (pattern.inputs.empty())
        return false;
    rewriter.map(gradient.output(), rewriter.build(gradient, embeddingRowsSpec(), pattern.inputs, pattern.attributes)[0]);
    return true;
}

bool takeRows(const Op& update, Rewriter& rewriter)
{
    std::vector<Value> inputs;
    for (const Value& input : update.inputs())
        inputs.push_back(rewriter.mapped(input));
    std::vector<std::int64_t> byRows;
    for (std::size_t target = 0; target < update.attributes().integers("decays").size(); ++target) {
        const Value gradient = inputs[firstInput(update, target) + 1];
        if (!is(gradient.producer(), "EmbeddingRows"))
            continue;
        byRows.push_back(static_cast<std::int64_t>(target));
        inputs.push_back(gradient.producer()->output(1));
    }
    if (byRows.empty())
        return false;
    Attributes attributes = update.attributes();
    attributes.set("byRows", std::move(byRows));
    rewriter.target().add(update.spec(), std::move(inputs), std::move(attributes));
    return true;
}

} // namespace

bool fuseEmbeddingMeans(const Op& op, Rewriter& rewriter)
{
    if (const Op* mean = meanOf(op, rewriter))
        return !meanInputs(op, *mean, rewriter).empty();
    const Op* embedding = is(&op, "MeanOverTime") ? op.input(0).producer() : nullptr;
    if (!embedding || meanOf(*embedding, rewriter) != &op)
        return false;
    const std::vector<Value> inputs = meanInputs(*embedding, op, rewriter);
    if (inputs.empty())
        return false;
    rewriter.map(op.output(), rewriter.build(*embedding, embeddingMeanSpec(), inputs, {})[0]);
    return true;
}

bool keepGradientsAsRows(const Op& op, Rewriter& rewriter)
{
    if (is(&op, "MeanOverTimeGradient")) {
        const Op* reader = rewriter.onlyReader(op.output());
        return is(reader, "EmbeddingGradient") && rowsPattern(*reader, rewriter).meanGradient == &op;
    }
    if (is(&op, "EmbeddingGradient"))
        return giveRows(op, rewriter);
    return isUpdate(op) && takeRows(op, rewriter);
}

} // namespace weft
