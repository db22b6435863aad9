#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/device/kernel_table.h"
#include "core/engine/session.h"
#include "core/graph/graph.h"

namespace weft {

/// What passes know about the plan they work for.
struct RewriteContext {
    const PlanRequest& request;
    const SessionOptions& options;
    const KernelTable& table;
};

/// A graph that a plan owns, with the plan's fetches in it. Its inputs are those of the original, in order.
struct RewrittenGraph {
    std::unique_ptr<Graph> graph;
    std::vector<Value> fetches;
};

/// Copies a graph op by op in program order; a pass builds other ops in place of some on the way.
/// Ops that nothing needs are left out before.
class Rewriter {
public:
    Rewriter(const Graph& from, const std::vector<Value>& fetches, const RewriteContext& context);

    /// Handles `op` of the old graph and returns true, or returns false to have it copied. What a pass
    /// leaves unmapped must have no other reader.
    using Pass = std::function<bool(const Op& op, Rewriter& rewriter)>;
    RewrittenGraph run(const Pass& pass);
    /// Copies the ops in the order given. One that comes again is computed again; what follows reads the newer result.
    RewrittenGraph run(const std::vector<const Op*>& order);

    /// What is copied, in program order.
    const std::vector<const Op*>& ops() const { return m_ops; }
    /// The ops that read `value`, each once; values that a fetch reads have `isFetched`.
    const std::vector<const Op*>& readers(const Value& value) const { return m_readers[static_cast<std::size_t>(value.id())]; }
    bool isFetched(const Value& value) const { return m_isFetched[static_cast<std::size_t>(value.id())]; }
    /// The one op that reads `value`, or nullptr when there are none or several, or it is fetched.
    const Op* onlyReader(const Value& value) const;

    /// Whether running the plan leaves variables as they are, so that what is made of them is kept.
    bool hasConstantVariables() const { return !m_context.request.withEffects; }
    /// Whether the device has a kernel of its own for `spec` on these (old) inputs: for ops that there are in any case.
    bool canRun(const OpSpec& spec, std::span<const Value> inputs, const Attributes& attributes) const;
    bool canRun(const OpSpec& spec, const std::vector<TensorType>& inputs, const Attributes& attributes) const;
    /// The same of an op that stands for others, which are there as well: kernels that the session leaves out do not count.
    bool canFuse(const OpSpec& spec, std::span<const Value> inputs, const Attributes& attributes) const;
    bool canFuse(const OpSpec& spec, const std::vector<TensorType>& inputs, const Attributes& attributes) const;
    /// What an array of this type takes in the plan.
    std::size_t bytesOf(const TensorType& type) const;

    /// Builds an op in the new graph in place of `op`, from values of the old one.
    const std::vector<Value>& build(const Op& op, const OpSpec& spec, std::span<const Value> inputs, Attributes attributes);
    /// Says which new value stands for an old one.
    void map(const Value& old, const Value& now) { m_mapped[static_cast<std::size_t>(old.id())] = now; }
    /// Has `op`, which comes later, left out because another stands for it or, with `build`, made by that when it comes. Null is no op.
    void absorb(const Op* op, std::function<void()> build = {}) { m_absorbed[op] = std::move(build); }
    Value mapped(const Value& old) const { return m_mapped[static_cast<std::size_t>(old.id())]; }
    Graph& target() { return *m_target; }

private:
    static std::vector<TensorType> typesOf(std::span<const Value> values);
    std::vector<KernelOption> optionsOf(const OpSpec& spec, const std::vector<TensorType>& types, const Attributes& attributes) const;
    void findReaders();
    void copy(const Op& op);
    RewrittenGraph finish();

    const Graph& m_from;
    const std::vector<Value>& m_fetches;
    const RewriteContext& m_context;
    std::vector<const Op*> m_ops;
    std::vector<std::vector<const Op*>> m_readers;
    std::vector<bool> m_isFetched;
    std::vector<Value> m_mapped;
    std::map<const Op*, std::function<void()>> m_absorbed;
    std::unique_ptr<Graph> m_target;
};

/// Whether there is an op, and it is one of that name.
inline bool is(const Op* op, std::string_view name)
{
    return op && op->spec().name == name;
}

/// Whether a value has numbers for each sample: others are weights, statistics of a batch, and gradients of weights.
bool isOfSamples(const Value& value);

/// The ops of `graph` that the request needs, in program order.
std::vector<const Op*> neededOps(const Graph& graph, const std::vector<Value>& fetches, bool withEffects);

} // namespace weft
