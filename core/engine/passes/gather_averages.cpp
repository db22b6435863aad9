#include "core/engine/passes/gather_averages.h"

#include <algorithm>
#include <string_view>

#include "core/ops/blend_update/blend_update.h"
#include "core/ops/constant/constant.h"

namespace weft {

namespace {

/// The op that scales another value for `reader` alone, or null.
const Op* scaling(const Value& value, const Op& reader, const Rewriter& rewriter)
{
    const Op* op = value.producer();
    return is(op, "Affine") && op->attributes().real("shift") == 0.0 && rewriter.onlyReader(value) == &reader ? op : nullptr;
}

} // namespace

std::optional<std::pair<GatherAverages::Factors, GatherAverages::Average>> GatherAverages::averageOf(const Op& assign, const Rewriter& rewriter)
{
    const Value& variable = assign.input(0);
    const Op* sum = assign.input(1).producer();
    if (variable.dtype() != DType::Float32 || !is(sum, "Add") || rewriter.onlyReader(sum->output()) != &assign)
        return {};
    const Op *old = scaling(sum->input(0), *sum, rewriter), *fresh = scaling(sum->input(1), *sum, rewriter);
    if (!old || !fresh || old->input(0) != variable || fresh->input(0).variable())
        return {};
    // What else reads it would read it at another time.
    const auto& readers = rewriter.readers(variable);
    const bool isOwn = std::all_of(readers.begin(), readers.end(), [&](const Op* reader) { return reader == old || reader == &assign; });
    if (!isOwn || rewriter.isFetched(variable))
        return {};
    return std::pair{Factors{old->attributes().real("scale"), fresh->attributes().real("scale")}, Average{&assign, variable, fresh->input(0)}};
}

void GatherAverages::find(const Graph& graph, const Rewriter& rewriter)
{
    m_isFound = true;
    for (const auto& op : graph.ops()) {
        if (!is(op.get(), "Assign"))
            continue;
        const auto average = averageOf(*op, rewriter);
        if (!average)
            continue;
        m_groups[average->first].push_back(average->second);
    }
    for (auto& [factors, averages] : m_groups) {
        std::vector<TensorType> types(2, TensorType{DType::Float32, {}});
        for (const Average& average : averages)
            types.insert(types.end(), 2, average.variable.type());
        if (averages.size() < 2 || !rewriter.canFuse(blendUpdateSpec(), types, {}))
            continue;
        for (const Average& average : averages)
            m_gathered[average.assign] = factors;
    }
}

void GatherAverages::build(const Factors& factors, const std::vector<Average>& averages, Rewriter& rewriter)
{
    const Graph::NodeScope ofNone(rewriter.target(), "");
    const auto number = [&](double value) { return constant(rewriter.target(), DType::Float32, {}, {value}); };
    std::vector<BlendTarget> targets;
    for (const Average& average : averages)
        targets.push_back({rewriter.mapped(average.variable), rewriter.mapped(average.fresh)});
    blendUpdate(number(factors.first), number(factors.second), targets);
}

bool GatherAverages::operator()(const Op& op, Rewriter& rewriter)
{
    if (!is(&op, "Assign"))
        return false;
    if (!m_isFound)
        find(op.input(0).graph(), rewriter);
    const auto gathered = m_gathered.find(&op);
    if (gathered == m_gathered.end())
        return false;
    const std::vector<Average>& averages = m_groups[gathered->second];
    if (averages.back().assign == &op)
        build(gathered->second, averages, rewriter);
    return true;
}

} // namespace weft
