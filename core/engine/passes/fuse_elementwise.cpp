#include "core/engine/passes/fuse_elementwise.h"

#include <algorithm>
#include <set>

#include "core/device/sixteen_bits.h"
#include "core/ops/cast/cast.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

bool isNumber(DType type)
{
    return type == DType::Float32 || isSixteenBits(type);
}

/// A cast that a chain does by reading or storing. Those of weights are gathered, or turn them around for convolutions.
bool isInnerCast(const Op& op)
{
    return is(&op, "Cast") && isNumber(op.input(0).dtype()) && isNumber(op.output().dtype()) && !isForConv(op.attributes())
        && !op.input(0).variable();
}

/// The input of `op` that is `value`; −1 where there are several.
int inputOf(const Op& op, const Value& value)
{
    const auto& inputs = op.inputs();
    const auto found = std::find(inputs.begin(), inputs.end(), value);
    return std::count(inputs.begin(), inputs.end(), value) == 1 ? static_cast<int>(found - inputs.begin()) : -1;
}

} // namespace

bool fusesElementwise(const RewriteContext& context)
{
    return context.options.device != DeviceKind::Reference && context.table.find(context.options.device, elementwiseChainSpec().name);
}

FuseElementwise::FuseElementwise(const Rewriter& rewriter, bool isLean) : m_lifetimes(rewriter)
{
    // The rest is for the scratch of kernels, and for gaps between blocks.
    if (!isLean)
        m_mostBytes = m_lifetimes.mostBytes() / 4 * 3;
    for (const Op* op : rewriter.ops()) {
        for (const int mutated : op->mutatedInputs())
            m_changes[op->input(mutated).id()].push_back(positionOf(op));
    }
    for (const Op* op : rewriter.ops()) {
        for (int running = 0; running < 2 && !m_chains.count(op); ++running) {
            const auto chain = std::make_shared<const Chain>(longestFrom(rewriter, *op, running));
            for (const Op* one : chain->ops)
                m_chains[one] = chain;
            for (std::size_t i = 0; i + 1 < chain->ops.size(); ++i)
                m_lifetimes.add(positionOf(chain->ops[i]) + 1, positionOf(chain->ops[i + 1]), bytesMore(rewriter, *chain, i));
        }
    }
}

bool FuseElementwise::operator()(const Op& op, Rewriter& rewriter)
{
    const auto found = m_chains.find(&op);
    if (found == m_chains.end())
        return false;
    const Chain& chain = *found->second;
    if (chain.ops[chain.place] == &op)
        rewriter.map(chain.output(), rewriter.build(*chain.ops[0], elementwiseChainSpec(), chain.inputs, chain.attributes())[0]);
    return true;
}

Attributes FuseElementwise::Chain::attributes() const
{
    Attributes attributes = chainAttributes(links);
    if (output().dtype() != inputs[0].dtype())
        attributes.set(resultTypeAttribute, static_cast<std::int64_t>(output().dtype()));
    return attributes;
}

/// An empty one where there are no two ops.
FuseElementwise::Chain FuseElementwise::longestFrom(const Rewriter& rewriter, const Op& op, int running) const
{
    Chain chain;
    // What is made of constants alone is computed once for all runs.
    const bool isKept = rewriter.hasConstantVariables() && !op.outputs().empty() && !isOfSamples(op.output());
    if (isKept || !append(chain, op, running))
        return {};
    while (const Op* next = rewriter.onlyReader(chain.output())) {
        Chain longer = chain;
        if (m_chains.count(next) || !append(longer, *next, inputOf(*next, chain.output())) || !fits(rewriter, longer))
            break;
        chain = std::move(longer);
    }
    return chain.ops.size() > 1 && !chain.links.empty() ? chain : Chain();
}

/// Whether `op` does something to its input `running`, element by element.
bool FuseElementwise::append(Chain& chain, const Op& op, int running)
{
    if (running < 0 || running >= static_cast<int>(op.inputs().size()) || op.outputs().size() != 1)
        return false;
    const Value& x = op.input(running);
    if (!isNumber(x.dtype()) || !isNumber(op.output().dtype()) || op.output().shape() != x.shape())
        return false;
    if (chain.ops.empty())
        chain.inputs.push_back(x);
    chain.ops.push_back(&op);
    if (isInnerCast(op))
        return true;
    const std::optional<ChainLink> link = chainLink(op, running);
    if (!link || chain.links.size() == mostLinks)
        return false;
    chain.links.push_back(*link);
    if (operandOf(*link) == LinkOperand::Array)
        chain.inputs.push_back(op.input(1 - running));
    return true;
}

/// Whether it can stand for its ops, and where.
bool FuseElementwise::fits(const Rewriter& rewriter, Chain& chain) const
{
    int latest = -1;
    for (const Value& input : chain.inputs)
        latest = std::max(latest, input.producer() ? positionOf(input.producer()) : -1);
    chain.place = 0;
    while (positionOf(chain.ops[chain.place]) <= latest)
        ++chain.place;
    return !readsWhatChanges(chain) && leavesRoom(rewriter, chain)
        && (chain.links.empty() || rewriter.canFuse(elementwiseChainSpec(), chain.inputs, chain.attributes()));
}

/// Whether a variable is overwritten between where an op would read it and where the chain does.
bool FuseElementwise::readsWhatChanges(const Chain& chain) const
{
    const int first = positionOf(chain.ops.front()), last = positionOf(chain.ops.back());
    return std::any_of(chain.inputs.begin(), chain.inputs.end(), [&](const Value& input) {
        const auto changes = m_changes.find(input.id());
        return changes != m_changes.end()
            && std::any_of(changes->second.begin(), changes->second.end(), [&](int at) { return at > first && at < last; });
    });
}

/// Whether the plan has room for what lives longer while other ops stand between those of the chain.
bool FuseElementwise::leavesRoom(const Rewriter& rewriter, const Chain& chain) const
{
    for (std::size_t i = 0; i + 1 < chain.ops.size(); ++i) {
        const int next = positionOf(chain.ops[i + 1]);
        const std::int64_t more = bytesMore(rewriter, chain, i);
        for (int position = positionOf(chain.ops[i]) + 1; more > 0 && position < next; ++position) {
            if (m_lifetimes.bytesAt(position) + more > m_mostBytes)
                return false;
        }
    }
    return true;
}

/// What is alive instead of the result of the op at `index`, less that: before the place of the chain what it and those before it read, and
/// nothing reads any more when the next one comes; behind it the chain's result.
std::int64_t FuseElementwise::bytesMore(const Rewriter& rewriter, const Chain& chain, std::size_t index) const
{
    const auto bytesOf = [&](const Value& value) { return static_cast<std::int64_t>(rewriter.bytesOf(value.type())); };
    const std::int64_t gone = bytesOf(chain.ops[index]->output());
    if (index >= chain.place)
        return bytesOf(chain.output()) - gone;
    std::set<int> seen;
    std::int64_t held = 0;
    for (std::size_t i = 0; i <= index; ++i) {
        for (const Value& input : chain.ops[i]->inputs()) {
            const bool isInner = i > 0 && input == chain.ops[i - 1]->output();
            if (!isInner && input.producer() && !m_lifetimes.isReadFrom(input, positionOf(chain.ops[index + 1])) && seen.insert(input.id()).second)
                held += bytesOf(input);
        }
    }
    return held - gone;
}

} // namespace weft
