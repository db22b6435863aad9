#include "core/training/distributed/gradient_exchange.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/graph/graph.h"
#include "core/ops/all_reduce/all_reduce.h"
#include "core/ops/concat/concat.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/slice/slice.h"

namespace weft {

namespace {

std::int64_t countOf(const Value& value)
{
    return elementCount(value.shape().at(1));
}

/// Gradients that travel together.
struct Bucket {
    std::vector<std::size_t> members; ///< indices of gradients
    std::size_t place = 0; ///< index of the op after which all are there
    Value sent;
};

class Exchange {
public:
    Exchange(const std::vector<Value>& gradients, std::int64_t bucketBytes, WireFormat format) :
        m_gradients(gradients), m_graph(gradients.front().graph()), m_bucketFloats(bucketBytes / static_cast<std::int64_t>(sizeof(float))),
        m_format(format)
    {
        for (std::size_t i = 0; i < m_graph.ops().size(); ++i)
            m_places[m_graph.ops()[i].get()] = i + 1;
    }

    std::vector<Value> run()
    {
        fillBuckets();
        // From the back, so that places before stay what they are.
        for (auto bucket = m_buckets.rbegin(); bucket != m_buckets.rend(); ++bucket)
            send(*bucket);
        std::vector<Value> sums(m_gradients.size());
        for (const Bucket& bucket : m_buckets)
            receive(bucket, sums);
        return sums;
    }

private:
    /// Gathered gradients are variables, which the last op before this may have changed.
    std::size_t placeOf(const Value& value) const { return value.producer() ? m_places.at(value.producer()) : m_places.size(); }

    void fillBuckets()
    {
        std::vector<std::size_t> order(m_gradients.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return placeOf(m_gradients[a]) < placeOf(m_gradients[b]); });
        Bucket gathering;
        std::int64_t gathered = 0;
        const auto close = [&](Bucket& bucket) {
            if (!bucket.members.empty())
                m_buckets.push_back(std::move(bucket));
            bucket = {};
        };
        for (const std::size_t i : order) {
            const std::int64_t count = countOf(m_gradients[i]);
            Bucket alone;
            Bucket& bucket = count * 4 > m_bucketFloats ? alone : gathering;
            bucket.members.push_back(i);
            bucket.place = placeOf(m_gradients[i]);
            close(alone);
            gathered = gathering.members.empty() ? 0 : gathered + (&bucket == &gathering ? count : 0);
            if (gathered >= m_bucketFloats) {
                close(gathering);
                gathered = 0;
            }
        }
        close(gathering);
        std::stable_sort(m_buckets.begin(), m_buckets.end(), [](const Bucket& a, const Bucket& b) { return a.place < b.place; });
    }

    void send(Bucket& bucket)
    {
        const std::size_t size = m_graph.ops().size();
        if (bucket.members.size() == 1) {
            bucket.sent = allReduceStart(m_gradients[bucket.members.front()], m_format);
        } else {
            std::vector<Value> flat;
            for (const std::size_t i : bucket.members)
                flat.push_back(reshape(m_gradients[i], {Dim(countOf(m_gradients[i]))}));
            bucket.sent = allReduceStart(concat(flat, 0), m_format);
        }
        m_graph.moveAdded(size, bucket.place);
    }

    void receive(const Bucket& bucket, std::vector<Value>& sums) const
    {
        const Value sum = allReduceFinish(bucket.sent);
        if (bucket.members.size() == 1) {
            sums[bucket.members.front()] = sum;
            return;
        }
        std::int64_t begin = 0;
        for (const std::size_t i : bucket.members) {
            const std::int64_t end = begin + countOf(m_gradients[i]);
            sums[i] = reshape(slice(sum, 0, begin, end), m_gradients[i].shape());
            begin = end;
        }
    }

    const std::vector<Value>& m_gradients;
    Graph& m_graph;
    std::int64_t m_bucketFloats;
    WireFormat m_format;
    std::map<const Op*, std::size_t> m_places; ///< one behind the op
    std::vector<Bucket> m_buckets;
};

} // namespace

std::vector<Value> exchanged(const std::vector<Value>& gradients, std::int64_t bucketBytes, WireFormat format)
{
    return gradients.empty() ? gradients : Exchange(gradients, bucketBytes, format).run();
}

} // namespace weft
