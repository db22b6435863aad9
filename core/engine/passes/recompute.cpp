#include "core/engine/passes/recompute.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "core/device/array.h"
#include "core/ops/optimizer_update/optimizer_update.h"

namespace weft {

bool splitUpdates(const Op& op, Rewriter& rewriter)
{
    const std::vector<UpdatePart> parts = updateParts(op);
    for (const UpdatePart& part : parts)
        rewriter.build(op, op.spec(), part.inputs, part.attributes);
    return !parts.empty();
}

namespace {

using Order = std::vector<const Op*>;
/// Cuts of the forward pass: a segment ends behind the op of each index. Ascending.
using Cuts = std::vector<int>;

/// A graph whose forward ops may be computed again.
class LeanPlan {
public:
    LeanPlan(const Graph& graph, const PlanRequest& request);

    Order order() const;

private:
    struct ValueInfo {
        std::size_t bytes = 0; ///< 0: not in the arena (feeds, variables)
        int producer = -1; ///< index of the op
        int buffer = -1; ///< id of the value whose memory it lies in: its own, or what it is a view of
        int lastForwardUse = -1; ///< index of the last op of the forward pass that reads it
        bool isReadBackward = false;
    };

    void findForward();
    void findUses();
    void findFixed();
    void findCrossings();
    Cuts cutsFor(std::size_t held) const;
    bool improve(Cuts& cuts, std::size_t& least) const;
    std::size_t peakWith(const Cuts& cuts) const { return peakOf(orderFor(cuts)); }
    Order orderFor(const Cuts& cuts) const;
    Order withEarlyEffects(const Order& order) const;
    std::size_t peakOf(const Order& order) const;
    std::vector<bool> keptFor(const Cuts& cuts) const;
    std::vector<Order> segmentsFor(const Cuts& cuts, const std::vector<bool>& kept) const;
    static int segmentOf(const Cuts& cuts, int op) { return static_cast<int>(std::lower_bound(cuts.begin(), cuts.end(), op) - cuts.begin()); }

    const ValueInfo& info(const Value& value) const { return m_values[static_cast<std::size_t>(value.id())]; }
    ValueInfo& info(const Value& value) { return m_values[static_cast<std::size_t>(value.id())]; }
    const Op& op(int index) const { return *m_ops[static_cast<std::size_t>(index)]; }

    const Graph& m_graph;
    const PlanRequest& m_request;
    Order m_ops; ///< in program order
    int m_lastForward = -1; ///< index of the last op that the fetches need; the backward pass comes after it
    std::vector<ValueInfo> m_values; ///< by id
    std::vector<bool> m_isFixed; ///< by op: it is not computed again
    std::vector<std::size_t> m_storedAt; ///< by op: bytes that it makes and the backward pass reads
    std::vector<std::size_t> m_crossing; ///< by op: bytes made up to it that later ops of the forward pass read
    Cuts m_narrow; ///< ops behind which no more bytes cross than behind their neighbours
    std::size_t m_smallBytes = 0; ///< values up to this size are kept
};

std::size_t arenaBytes(const Value& value, const PlanRequest& request)
{
    return value.producer() ? (storedBytes({value.dtype(), value.shape().at(request.n, request.t)}, Layout::RowMajor) + 63) / 64 * 64 : 0;
}

LeanPlan::LeanPlan(const Graph& graph, const PlanRequest& request) :
    m_graph(graph), m_request(request), m_ops(neededOps(graph, request.fetches, request.withEffects)),
    m_values(static_cast<std::size_t>(graph.valueCount()))
{
    findForward();
    findUses();
    findFixed();
    findCrossings();
}

void LeanPlan::findForward()
{
    const Order forward = neededOps(m_graph, m_request.fetches, false);
    for (int i = 0; i < static_cast<int>(m_ops.size()); ++i) {
        if (!forward.empty() && m_ops[static_cast<std::size_t>(i)] == forward.back())
            m_lastForward = i;
    }
}

void LeanPlan::findUses()
{
    for (int i = 0; i < static_cast<int>(m_ops.size()); ++i) {
        for (const Value& output : op(i).outputs()) {
            const bool isView = op(i).spec().isView && info(op(i).input(0)).buffer >= 0;
            info(output) = {arenaBytes(output, m_request), i, isView ? info(op(i).input(0)).buffer : output.id(), -1, false};
            if (i <= m_lastForward)
                m_smallBytes = std::max(m_smallBytes, info(output).bytes);
        }
        for (const Value& input : op(i).inputs()) {
            if (i <= m_lastForward)
                info(input).lastForwardUse = i;
            else if (info(input).producer >= 0 && info(input).producer <= m_lastForward)
                info(input).isReadBackward = true;
        }
    }
    constexpr std::size_t smallShare = 512;
    m_smallBytes /= smallShare;
}

/// Ops with an effect happen once, and what reads a variable that the forward pass itself overwrites would read
/// other contents the second time.
void LeanPlan::findFixed()
{
    std::vector<bool> isOverwritten(m_values.size());
    for (int i = 0; i <= m_lastForward; ++i) {
        for (const int mutated : op(i).mutatedInputs())
            isOverwritten[static_cast<std::size_t>(op(i).input(mutated).id())] = true;
    }
    for (int i = 0; i <= m_lastForward; ++i) {
        const auto& inputs = op(i).inputs();
        m_isFixed.push_back(op(i).hasEffect() || std::any_of(inputs.begin(), inputs.end(), [&](const Value& input) {
                                return isOverwritten[static_cast<std::size_t>(input.id())];
                            }));
    }
}

/// By value: whether it outlives the forward pass because a later segment reads it, or it cannot or need not be
/// computed again. Values that share memory are kept together.
std::vector<bool> LeanPlan::keptFor(const Cuts& cuts) const
{
    std::vector<bool> isKept(m_values.size());
    for (const ValueInfo& value : m_values) {
        if (value.producer < 0 || value.producer > m_lastForward)
            continue;
        const int segment = segmentOf(cuts, value.producer);
        if (segment == static_cast<int>(cuts.size()) || segmentOf(cuts, value.lastForwardUse) > segment || value.bytes <= m_smallBytes
            || m_isFixed[static_cast<std::size_t>(value.producer)])
            isKept[static_cast<std::size_t>(value.buffer)] = true;
    }
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (m_values[i].buffer >= 0)
            isKept[i] = isKept[static_cast<std::size_t>(m_values[i].buffer)];
    }
    return isKept;
}

/// The ops that are computed again for each segment.
std::vector<Order> LeanPlan::segmentsFor(const Cuts& cuts, const std::vector<bool>& kept) const
{
    const auto isLost = [&](const Value& value) {
        const int producer = info(value).producer;
        return producer >= 0 && producer <= m_lastForward && !kept[static_cast<std::size_t>(value.id())];
    };
    std::vector<bool> isAgain(static_cast<std::size_t>(m_lastForward + 1));
    std::vector<Order> segments(cuts.size() + 1);
    for (int i = m_lastForward; i >= 0; --i) {
        const auto& outputs = op(i).outputs();
        const bool isWanted = isAgain[static_cast<std::size_t>(i)]
            || std::any_of(outputs.begin(), outputs.end(), [&](const Value& output) { return isLost(output) && info(output).isReadBackward; });
        if (!isWanted)
            continue;
        for (const Value& input : op(i).inputs()) {
            if (isLost(input))
                isAgain[static_cast<std::size_t>(info(input).producer)] = true;
        }
        segments[static_cast<std::size_t>(segmentOf(cuts, i))].push_back(&op(i));
    }
    for (Order& segment : segments)
        std::reverse(segment.begin(), segment.end());
    return segments;
}

Order LeanPlan::orderFor(const Cuts& cuts) const
{
    const std::vector<bool> kept = keptFor(cuts);
    std::vector<Order> segments = segmentsFor(cuts, kept);
    Order order(m_ops.begin(), m_ops.begin() + m_lastForward + 1);
    for (int i = m_lastForward + 1; i < static_cast<int>(m_ops.size()); ++i) {
        for (const Value& input : op(i).inputs()) {
            const int producer = info(input).producer;
            if (producer < 0 || producer > m_lastForward || kept[static_cast<std::size_t>(input.id())])
                continue;
            Order& segment = segments[static_cast<std::size_t>(segmentOf(cuts, producer))];
            order.insert(order.end(), segment.begin(), segment.end());
            segment.clear();
        }
        order.push_back(&op(i));
    }
    return withEarlyEffects(order);
}

/// Moves ops of the backward pass that overwrite variables to behind what they wait for: the producers of their
/// inputs, and the readers of the old contents.
Order LeanPlan::withEarlyEffects(const Order& order) const
{
    std::vector<int> lastMade(m_values.size(), -1); // position in `order` of the last op that makes, or overwrites, the value
    std::vector<int> lastTouched(m_values.size(), -1); // and of the last that reads it
    std::vector<std::pair<int, std::size_t>> places; // what an op stands behind, and its position before
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Op& now = *order[i];
        const int position = static_cast<int>(i);
        const std::vector<int> mutated = now.mutatedInputs();
        int place = position;
        if (!mutated.empty() && position > m_lastForward) {
            place = m_lastForward;
            for (const Value& input : now.inputs())
                place = std::max(place, lastMade[static_cast<std::size_t>(input.id())]);
            for (const int index : mutated)
                place = std::max(place, lastTouched[static_cast<std::size_t>(now.input(index).id())]);
        }
        places.emplace_back(place, i);
        for (const Value& input : now.inputs())
            lastTouched[static_cast<std::size_t>(input.id())] = position;
        for (const Value& output : now.outputs())
            lastMade[static_cast<std::size_t>(output.id())] = position;
        for (const int index : mutated)
            lastMade[static_cast<std::size_t>(now.input(index).id())] = position;
    }
    std::sort(places.begin(), places.end());
    Order moved;
    for (const auto& [place, position] : places)
        moved.push_back(order[position]);
    return moved;
}

/// The most bytes that are alive at once.
std::size_t LeanPlan::peakOf(const Order& order) const
{
    struct Buffer {
        std::size_t bytes = 0;
        std::size_t last = 0;
    };
    std::vector<Buffer> buffers;
    std::vector<int> bufferOf(m_values.size(), -1); // of the newest result
    std::vector<std::vector<int>> reads(order.size());
    std::vector<std::vector<int>> makes(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (const Value& input : order[i]->inputs()) {
            const int buffer = bufferOf[static_cast<std::size_t>(input.id())];
            if (buffer < 0)
                continue;
            buffers[static_cast<std::size_t>(buffer)].last = i;
            reads[i].push_back(buffer);
        }
        for (const Value& output : order[i]->outputs()) {
            int& buffer = bufferOf[static_cast<std::size_t>(output.id())];
            if (order[i]->spec().isView && !reads[i].empty()) {
                buffer = reads[i].front();
                continue;
            }
            buffer = static_cast<int>(buffers.size());
            buffers.push_back({info(output).bytes, i});
            makes[i].push_back(buffer);
        }
    }
    std::size_t alive = 0;
    std::size_t peak = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        std::size_t made = 0;
        std::size_t freed = 0;
        for (const int buffer : makes[i])
            made += buffers[static_cast<std::size_t>(buffer)].bytes;
        std::sort(reads[i].begin(), reads[i].end());
        reads[i].erase(std::unique(reads[i].begin(), reads[i].end()), reads[i].end());
        for (const int buffer : reads[i])
            freed += buffers[static_cast<std::size_t>(buffer)].last == i ? buffers[static_cast<std::size_t>(buffer)].bytes : 0;
        // Elementwise ops work in place of an input that ends here.
        peak = std::max(peak, alive + made - (order[i]->spec().isElementwise ? std::min(made, freed) : 0));
        for (const int buffer : makes[i])
            freed += buffers[static_cast<std::size_t>(buffer)].last == i ? buffers[static_cast<std::size_t>(buffer)].bytes : 0;
        alive = alive + made - freed;
    }
    return peak;
}

void LeanPlan::findCrossings()
{
    const auto count = static_cast<std::size_t>(m_lastForward + 1);
    m_storedAt.resize(count);
    m_crossing.resize(count);
    for (const ValueInfo& value : m_values) {
        if (value.producer < 0 || value.producer > m_lastForward)
            continue;
        if (value.isReadBackward)
            m_storedAt[static_cast<std::size_t>(value.producer)] += value.bytes;
        for (int i = value.producer; i < value.lastForwardUse; ++i)
            m_crossing[static_cast<std::size_t>(i)] += value.bytes;
    }
    for (std::size_t i = 1; i + 1 < count; ++i) {
        if (m_crossing[i] < m_crossing[i - 1] && m_crossing[i] <= m_crossing[i + 1])
            m_narrow.push_back(static_cast<int>(i));
    }
}

/// Cuts the forward pass where its segments hold about `held` bytes for the backward pass, at the narrowest places.
Cuts LeanPlan::cutsFor(std::size_t held) const
{
    const std::size_t count = m_crossing.size();
    Cuts cuts;
    std::size_t sum = 0;
    std::size_t narrowest = count;
    for (std::size_t i = 0; i < count; ++i) {
        sum += m_storedAt[i];
        if (sum >= held / 2 && (narrowest == count || m_crossing[i] <= m_crossing[narrowest]))
            narrowest = i;
        if (sum < held || narrowest == count)
            continue;
        cuts.push_back(static_cast<int>(narrowest));
        i = narrowest;
        sum = 0;
        narrowest = count;
    }
    return cuts;
}

/// Takes the best of the cuts with one more, one less, or one at another narrow place; false when none is better by a percent.
bool LeanPlan::improve(Cuts& cuts, std::size_t& least) const
{
    Cuts best;
    const auto consider = [&](Cuts candidate) {
        std::sort(candidate.begin(), candidate.end());
        const std::size_t peak = peakWith(candidate);
        if (peak >= least - least / 100)
            return;
        least = peak;
        best = std::move(candidate);
    };
    const Cuts before = cuts;
    for (const int place : m_narrow) {
        if (std::binary_search(before.begin(), before.end(), place))
            continue;
        Cuts more = before;
        more.push_back(place);
        consider(std::move(more));
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        Cuts fewer = before;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        consider(fewer);
        const auto next = std::lower_bound(m_narrow.begin(), m_narrow.end(), before[i]);
        for (auto place = next - std::min<std::ptrdiff_t>(2, next - m_narrow.begin()); place != m_narrow.end() && place <= next + 2; ++place) {
            Cuts moved = fewer;
            moved.push_back(*place);
            consider(std::move(moved));
        }
    }
    if (best.empty())
        return false;
    cuts = std::move(best);
    return true;
}

Order LeanPlan::order() const
{
    if (m_lastForward < 0)
        return m_ops;
    std::size_t stored = 0;
    for (const ValueInfo& value : m_values)
        stored += value.isReadBackward ? value.bytes : 0;
    Cuts best;
    std::size_t least = peakWith(best);
    constexpr double nextSize = 0.85;
    constexpr double smallestShare = 0.02;
    for (double share = 0.7; share > smallestShare; share *= nextSize) {
        Cuts candidate = cutsFor(static_cast<std::size_t>(share * static_cast<double>(stored)));
        const std::size_t peak = peakWith(candidate);
        if (peak >= least)
            continue;
        least = peak;
        best = std::move(candidate);
    }
    // Large networks have many places to try and gain little from it.
    constexpr std::size_t mostPlaces = 100;
    constexpr int rounds = 6;
    for (int i = 0; i < rounds && m_narrow.size() <= mostPlaces && improve(best, least); ++i) {}
    return orderFor(best);
}

} // namespace

std::vector<const Op*> leanOrder(const Graph& graph, const PlanRequest& request)
{
    return LeanPlan(graph, request).order();
}

} // namespace weft
