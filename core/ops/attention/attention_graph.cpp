#include "core/ops/attention/attention_graph.h"

#include <limits>

namespace weft {

namespace {

/// What both passes are built of. Names of matrices are those of the op.
class Builder {
public:
    Builder(const AttentionSizes& sizes, DType stored, bool hasLengths) :
        m_sizes(sizes), m_stored(dnnType(stored)), m_hasLengths(hasLengths), m_samples(sizes.samples())
    {
    }

    DnnGraph forward()
    {
        const int q = inMemory(m_sizes.queries, m_sizes.width), k = transposedInMemory(m_sizes.keys, m_sizes.width);
        const int v = inMemory(m_sizes.keys, m_sizes.valueWidth);
        nameMasks();
        const int y = inMemory(m_sizes.queries, m_sizes.valueWidth), logSum = m_graph.inMemory(rowSums());
        const int scores = masked(scaledScores(q, k));
        const int largest = reduced(CUDNN_REDUCE_TENSOR_MAX, scores);
        const int powers = score(CUDNN_POINTWISE_EXP, score(CUDNN_POINTWISE_SUB, scores, largest));
        const int sum = reduced(CUDNN_REDUCE_TENSOR_ADD, powers), logOfSum = m_graph.between(rowSums());
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_LOG, .x = sum, .y = logOfSum});
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_ADD, .x = largest, .b = logOfSum, .y = logSum});
        const int weights = dropped(powers, sum);
        m_graph.addProduct({.a = weights, .b = v, .y = y, .rows = m_countedQueries, .depth = m_countedKeys});
        return std::move(m_graph);
    }

    DnnGraph gradient()
    {
        const int dy = inMemory(m_sizes.queries, m_sizes.valueWidth), q = inMemory(m_sizes.queries, m_sizes.width);
        const int k = transposedInMemory(m_sizes.keys, m_sizes.width), v = transposedInMemory(m_sizes.keys, m_sizes.valueWidth);
        const int y = inMemory(m_sizes.queries, m_sizes.valueWidth), logSum = m_graph.inMemory(rowSums());
        nameMasks();
        const int means = m_graph.inMemory(rowSums());
        const int dq = inMemory(m_sizes.queries, m_sizes.width), dk = inMemory(m_sizes.keys, m_sizes.width);
        const int dv = inMemory(m_sizes.keys, m_sizes.valueWidth);
        const int mask = m_seed >= 0 ? randomMask() : -1;
        averageSlopes(dy, y, means);
        const int undropped = score(CUDNN_POINTWISE_EXP, masked(score(CUDNN_POINTWISE_SUB, scaledScores(q, k), logSum)));
        const int weights = mask >= 0 ? score(CUDNN_POINTWISE_MUL, score(CUDNN_POINTWISE_MUL, undropped, mask), kept()) : undropped;
        m_graph.addProduct({.a = transposed(weights), .b = dy, .y = dv, .rows = m_countedKeys, .depth = m_countedQueries});
        const int slopes = slopesOfScores(product(dy, v), mask, means, undropped);
        m_graph.addProduct({.a = transposed(slopes), .b = q, .y = dk, .rows = m_countedKeys, .depth = m_countedQueries});
        const int keys = m_graph.between(stored(m_sizes.keys, m_sizes.width));
        m_graph.addReshape(k, keys);
        m_graph.addProduct({.a = slopes, .b = keys, .y = dq, .rows = m_countedQueries, .depth = m_countedKeys});
        return std::move(m_graph);
    }

private:
    DnnArray matrices(cudnnDataType_t type, std::int64_t rows, std::int64_t columns) const
    {
        return DnnArray::packed(type, {m_samples, m_sizes.headsOfSample, rows, columns});
    }
    /// As those of the op lie.
    DnnArray stored(std::int64_t rows, std::int64_t columns) const
    {
        DnnArray array = matrices(m_stored, rows, columns);
        if (m_sizes.isByPosition) {
            array.strides[1] = columns;
            array.strides[2] = m_sizes.headsOfSample * columns;
        }
        return array;
    }
    static DnnArray turned(DnnArray array)
    {
        std::swap(array.extents[2], array.extents[3]);
        std::swap(array.strides[2], array.strides[3]);
        return array;
    }
    int inMemory(std::int64_t rows, std::int64_t columns) { return m_graph.inMemory(stored(rows, columns)); }
    /// The matrices lie as they are, and are named [columns, rows].
    int transposedInMemory(std::int64_t rows, std::int64_t columns) { return m_graph.inMemory(turned(stored(rows, columns))); }
    DnnArray rowSums() const { return matrices(CUDNN_DATA_FLOAT, m_sizes.queries, 1); }
    DnnArray scoresOf(cudnnDataType_t type) const { return matrices(type, m_sizes.queries, m_sizes.keys); }
    int kept() { return m_kept = m_kept < 0 ? m_graph.constant(static_cast<float>(m_sizes.keptScale())) : m_kept; }
    int scale() { return m_scale = m_scale < 0 ? m_graph.constant(static_cast<float>(m_sizes.scale)) : m_scale; }

    void nameMasks()
    {
        if (m_hasLengths) {
            m_countedQueries = m_graph.inMemory(DnnArray::packed(CUDNN_DATA_INT32, {m_samples, 1, 1, 1}));
            m_countedKeys = m_graph.inMemory(DnnArray::packed(CUDNN_DATA_INT32, {m_samples, 1, 1, 1}));
        }
        if (m_sizes.threshold > 0) {
            m_seed = m_graph.inMemory(DnnArray::packed(CUDNN_DATA_INT64, {1, 1, 1, 1}));
            m_offset = m_graph.inMemory(DnnArray::packed(CUDNN_DATA_INT64, {1, 1, 1, 1}));
        }
    }

    // What is given for each query and key.

    int score(cudnnPointwiseMode_t mode, int x, int b = -1, int mask = -1)
    {
        const int y = m_graph.between(scoresOf(CUDNN_DATA_FLOAT));
        m_graph.addPointwise({.mode = mode, .x = x, .b = b, .mask = mask, .y = y});
        return y;
    }
    int product(int ofQueries, int ofKeys)
    {
        const int y = m_graph.between(scoresOf(CUDNN_DATA_FLOAT));
        m_graph.addProduct({.a = ofQueries, .b = ofKeys, .y = y, .rows = m_countedQueries, .columns = m_countedKeys});
        return y;
    }
    int scaledScores(int q, int k) { return score(CUDNN_POINTWISE_MUL, product(q, k), scale()); }

    int index(int scores, std::int64_t axis)
    {
        const int y = m_graph.between(scoresOf(CUDNN_DATA_INT32));
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_GEN_INDEX, .x = scores, .y = y, .axis = axis});
        return y;
    }
    int compared(cudnnPointwiseMode_t mode, int x, int b)
    {
        const int y = m_graph.between(scoresOf(CUDNN_DATA_BOOLEAN));
        m_graph.addPointwise({.mode = mode, .x = x, .b = b, .y = y});
        return y;
    }
    /// The scores where the mask says so, else one so low that its weight is none.
    int selected(int scores, int mask)
    {
        return score(CUDNN_POINTWISE_BINARY_SELECT, scores, m_graph.constant(std::numeric_limits<float>::lowest()), mask);
    }
    int masked(int scores)
    {
        if (m_hasLengths) {
            const int query = index(scores, 2), key = index(scores, 3);
            const int isQuery = compared(CUDNN_POINTWISE_CMP_LT, query, m_countedQueries),
                      isKey = compared(CUDNN_POINTWISE_CMP_LT, key, m_countedKeys);
            scores = selected(scores, compared(CUDNN_POINTWISE_LOGICAL_AND, isQuery, isKey));
        }
        if (m_sizes.isCausal) {
            const int query = index(scores, 2), key = index(scores, 3);
            scores = selected(scores, compared(CUDNN_POINTWISE_CMP_GE, query, key));
        }
        return scores;
    }

    int reduced(cudnnReduceTensorOp_t how, int scores)
    {
        const int y = m_graph.between(rowSums());
        m_graph.addReduction(how, scores, y);
        return y;
    }
    int randomMask()
    {
        const int mask = m_graph.between(scoresOf(CUDNN_DATA_FLOAT));
        m_graph.addRandom(m_seed, m_offset, mask, 1.0 - m_sizes.rate);
        return mask;
    }
    /// powers / sum, and what dropout leaves of it, as the product takes them.
    int dropped(int powers, int sum)
    {
        const int weights = m_graph.between(scoresOf(m_stored));
        if (m_seed < 0) {
            m_graph.addPointwise({.mode = CUDNN_POINTWISE_DIV, .x = powers, .b = sum, .y = weights});
            return weights;
        }
        const int left = score(CUDNN_POINTWISE_MUL, score(CUDNN_POINTWISE_DIV, powers, sum), randomMask());
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_MUL, .x = left, .b = kept(), .y = weights});
        return weights;
    }

    /// Over the weights of a query, the mean of the slopes by them, times what dropout multiplied them by.
    void averageSlopes(int dy, int y, int means)
    {
        const int products = m_graph.between(matrices(CUDNN_DATA_FLOAT, m_sizes.queries, m_sizes.valueWidth)), sums = m_graph.between(rowSums());
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_MUL, .x = dy, .b = y, .y = products});
        m_graph.addReduction(CUDNN_REDUCE_TENSOR_ADD, products, sums);
        const float undone = m_seed >= 0 ? static_cast<float>(1.0 / m_sizes.keptScale()) : 1.0f;
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_MUL, .x = sums, .b = m_graph.constant(undone), .y = means});
    }
    /// From the slopes by the weights that mix.
    int slopesOfScores(int slopes, int mask, int means, int undropped)
    {
        if (mask >= 0)
            slopes = score(CUDNN_POINTWISE_MUL, slopes, mask);
        slopes = score(CUDNN_POINTWISE_MUL, score(CUDNN_POINTWISE_SUB, slopes, means), undropped);
        if (mask >= 0)
            slopes = score(CUDNN_POINTWISE_MUL, slopes, kept());
        const int stored = m_graph.between(scoresOf(m_stored));
        m_graph.addPointwise({.mode = CUDNN_POINTWISE_MUL, .x = slopes, .b = scale(), .y = stored});
        return stored;
    }
    int transposed(int scores)
    {
        const int y = m_graph.between(turned(scoresOf(m_stored)));
        m_graph.addReshape(scores, y);
        return y;
    }

    AttentionSizes m_sizes;
    cudnnDataType_t m_stored;
    bool m_hasLengths;
    std::int64_t m_samples;
    DnnGraph m_graph;
    int m_countedQueries = -1, m_countedKeys = -1, m_seed = -1, m_offset = -1, m_kept = -1, m_scale = -1;
};

} // namespace

DnnGraph attentionGraph(const AttentionSizes& sizes, DType stored, bool hasLengths)
{
    return Builder(sizes, stored, hasLengths).forward();
}

DnnGraph attentionGradientGraph(const AttentionSizes& sizes, DType stored, bool hasLengths)
{
    return Builder(sizes, stored, hasLengths).gradient();
}

} // namespace weft
