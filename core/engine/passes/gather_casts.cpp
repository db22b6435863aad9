#include "core/engine/passes/gather_casts.h"

#include <set>
#include <string_view>

#include "core/device/sixteen_bits.h"
#include "core/ops/cast/cast.h"

namespace weft {

GatherCasts::GatherCasts(const Graph& graph)
{
    std::set<int> changed; // what ops have written: later casts store other numbers
    for (const auto& op : graph.ops()) {
        const bool isCast = std::string_view(op->spec().name) == "Cast" && isSixteenBits(op->output().dtype());
        if (isCast && op->input(0).variable() && !changed.count(op->input(0).id()))
            m_casts.push_back(op.get());
        for (const int mutated : op->mutatedInputs())
            changed.insert(op->input(mutated).id());
    }
}

bool GatherCasts::operator()(const Op& op, Rewriter& rewriter)
{
    if (m_casts.size() < 2 || m_next == m_casts.size() || m_casts[m_next] != &op)
        return false;
    if (m_next++ == 0)
        build(rewriter);
    return m_isBuilt;
}

void GatherCasts::build(Rewriter& rewriter)
{
    std::vector<Value> from, now;
    std::vector<std::int64_t> forConv;
    for (const Op* one : m_casts) {
        from.push_back(one->input(0));
        now.push_back(rewriter.mapped(one->input(0)));
        forConv.push_back(isForConv(one->attributes()) ? 1 : 0);
    }
    const Attributes attributes{{"dtype", m_casts[0]->attributes().integer("dtype")}, {"forConv", forConv}};
    if (!rewriter.canFuse(castAllSpec(), from, attributes))
        return;
    const Graph::NodeScope ofNone(rewriter.target(), "");
    const std::vector<Value>& results = rewriter.target().add(castAllSpec(), std::move(now), attributes);
    for (std::size_t i = 0; i < m_casts.size(); ++i)
        rewriter.map(m_casts[i]->output(), results[i]);
    m_isBuilt = true;
}

} // namespace weft
