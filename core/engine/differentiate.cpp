#include "core/engine/differentiate.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/ops/binary/binary.h"
#include "core/ops/constant/constant.h"

namespace weft {

namespace {

bool contains(const std::set<int>& ids, const Value& value)
{
    return value && ids.count(value.id()) > 0;
}

/// Ids of all values that depend on one of `targets`, the targets included.
std::set<int> dependents(const Graph& graph, const std::vector<Value>& targets)
{
    std::set<int> ids;
    for (const Value& target : targets)
        ids.insert(target.id());
    for (const auto& op : graph.ops()) {
        const auto& inputs = op->inputs();
        if (std::any_of(inputs.begin(), inputs.end(), [&](const Value& v) { return contains(ids, v) && isFloating(v.dtype()); })) {
            for (const Value& output : op->outputs())
                ids.insert(output.id());
        }
    }
    return ids;
}

class Backward {
public:
    Backward(const Value& loss, const std::vector<Value>& targets) : m_graph(loss.graph()), m_onPath(dependents(loss.graph(), targets)) {}

    void seed(const Value& loss) { m_gradients[loss.id()] = constant(m_graph, loss.dtype(), loss.shape(), {1.0}); }

    /// Adds `op`'s gradient ops if the loss depends on a target through it.
    void pass(const Op& op)
    {
        std::vector<Value> outputGradients;
        bool isReached = false;
        for (const Value& output : op.outputs()) {
            outputGradients.push_back(contains(m_onPath, output) ? gradient(output) : Value());
            isReached = isReached || outputGradients.back();
        }
        if (!isReached)
            return;
        const Graph::NodeScope scope(m_graph, op.node());
        if (!op.spec().gradient)
            throw noGradient(op);
        const std::vector<Value> inputGradients = op.spec().gradient(op, outputGradients);
        for (std::size_t i = 0; i < inputGradients.size(); ++i) {
            if (inputGradients[i] && contains(m_onPath, op.inputs()[i]))
                accumulate(op.inputs()[i], inputGradients[i]);
        }
    }

    Value gradient(const Value& value) const
    {
        const auto it = m_gradients.find(value.id());
        return it == m_gradients.end() ? Value() : it->second;
    }

private:
    void accumulate(const Value& value, const Value& contribution)
    {
        Value& sum = m_gradients[value.id()];
        sum = sum ? add(sum, contribution) : contribution;
    }

    static Error noGradient(const Op& op)
    {
        if (op.node().empty())
            return Error(WEFT_TEXT("Engine", "The operation %1 has no gradient, so nothing before it can be trained."), op.spec().name);
        return Error(WEFT_TEXT("Engine", "The operation %1 of layer %2 has no gradient, so nothing before it can be trained."), op.spec().name,
                     op.node());
    }

    Graph& m_graph;
    const std::set<int> m_onPath;
    std::map<int, Value> m_gradients;
};

} // namespace

std::vector<Value> differentiate(const Value& loss, const std::vector<Value>& targets)
{
    if (!loss.shape().isScalar())
        throw Error(WEFT_TEXT("Engine", "Only a single number can be differentiated, but the loss has shape %1."), toString(loss.shape()));
    Graph& graph = loss.graph();
    Backward backward(loss, targets);
    const std::size_t forwardOps = graph.ops().size();
    backward.seed(loss);
    // Gradient rules append ops while this goes backwards over the ones that were there before.
    for (std::size_t i = forwardOps; i-- > 0;)
        backward.pass(*graph.ops()[i]);
    std::vector<Value> gradients;
    for (const Value& target : targets)
        gradients.push_back(backward.gradient(target));
    return gradients;
}

} // namespace weft
