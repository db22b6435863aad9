#include "core/device/cpu/conv_lanes.h"

#include "core/device/cpu/conv_lanes_detail.h"

namespace weft::lanes {

namespace {

class Forward : public Kernel {
public:
    Forward(const ConvProblem& problem, int threads) :
        m_p(problem), m_plane(paddedInput(problem)), m_groups(ceilDiv(problem.n, width)), m_threads(problem.work() < serialWork ? 1 : threads),
        m_blocks(channelBlocks(problem.groups, problem.groupOutputs(), kernels().maxOutputs)),
        m_chunks(rowChunks(m_groups * static_cast<std::int64_t>(m_blocks.size()), rowCount(), m_threads))
    {
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t padded = m_plane.isPlain() ? 0 : m_groups * m_p.channels * m_plane.size();
        return static_cast<std::size_t>(paddedWeights() + m_threads * stripSize() + padded) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const float* x = context.inputs[0].as<const float>();
        auto* packed = static_cast<float*>(context.scratch);
        float* strips = packed + paddedWeights();
        float* padded = strips + m_threads * stripSize();
        pack(context.inputs[1].as<const float>(), packed);
        Pass pass{m_plane.isPlain() ? x : padded,
                  packed,
                  m_p.hasBias ? context.inputs[2].as<const float>() : nullptr,
                  strips,
                  context.outputs[0].as<float>(),
                  m_p.hasIndex ? context.outputs[1].as<std::uint8_t>() : nullptr};
        const std::int64_t planes = m_groups * m_p.channels;
        const std::int64_t items = m_groups * static_cast<std::int64_t>(m_blocks.size()) * m_chunks;
        const int threads = std::min(m_threads, context.threads);
        if (threads == 1) {
            padPlanes(x, padded, {0, planes});
            for (std::int64_t item = 0; item < items; ++item)
                runItem(pass, item);
            return;
        }
#pragma omp parallel num_threads(threads)
        {
            padPlanes(x, padded, ownPart(planes));
#pragma omp barrier
            const Range own = ownPart(items);
            for (std::int64_t item = own.begin; item < own.end; ++item)
                runItem(pass, item);
        }
    }

private:
    struct Pass {
        const float* x;
        const float* weights;
        const float* bias;
        float* strips; ///< for each thread the rows under one row of pooling windows
        float* y;
        std::uint8_t* index;
    };

    /// Rows of the result.
    std::int64_t rowCount() const
    {
        return m_p.hasPool ? m_p.pool.out[0] : m_p.out[1];
    }
    std::int64_t stripPlane() const
    {
        return m_p.pool.kernel[0] * m_p.out[2] * width;
    }
    std::int64_t stripSize() const
    {
        return m_p.hasPool ? kernels().maxOutputs * stripPlane() : 0;
    }

    std::int64_t paddedWeights() const
    {
        return ceilDiv(m_p.outputs * m_p.taps(), width) * width;
    }

    /// [block][channel][row][column][output of the block]
    void pack(const float* kernel, float* packed) const
    {
        const std::int64_t taps = m_p.taps();
        for (const Range& block : m_blocks)
            for (std::int64_t tap = 0; tap < taps; ++tap)
                for (std::int64_t o = block.begin; o < block.end; ++o)
                    *packed++ = kernel[o * taps + tap];
    }

    void padPlanes(const float* x, float* padded, Range planes) const
    {
        if (m_plane.isPlain())
            return;
        for (std::int64_t i = planes.begin; i < planes.end; ++i)
            m_plane.fill(x + i * m_p.inPositions() * width, padded + i * m_plane.size());
    }

    void runItem(const Pass& pass, std::int64_t item) const
    {
        const std::int64_t blockCount = static_cast<std::int64_t>(m_blocks.size());
        const std::int64_t group = item / (blockCount * m_chunks);
        const Range block = m_blocks[static_cast<std::size_t>(item / m_chunks % blockCount)];
        const Range rows = partOf(rowCount(), item % m_chunks, m_chunks);
        const std::int64_t firstChannel = block.begin / m_p.groupOutputs() * m_p.groupChannels();
        ConvBlock b;
        b.xChannel = m_plane.size();
        b.xRow = m_plane.rowStride() * m_p.stride[1];
        b.xColumn = width * m_p.stride[2];
        b.tapRow = m_plane.rowStride() * m_p.dilation[1];
        b.tapColumn = width * m_p.dilation[2];
        b.x = pass.x + (group * m_p.channels + firstChannel) * b.xChannel;
        b.channels = m_p.groupChannels();
        b.kernelRows = m_p.kernel[1];
        b.kernelColumns = m_p.kernel[2];
        b.weights = pass.weights + block.begin * m_p.taps();
        b.bias = pass.bias ? pass.bias + block.begin : nullptr;
        b.outputs = static_cast<int>(block.end - block.begin);
        b.weightChannel = m_p.kernelSize() * b.outputs;
        b.yRow = m_p.out[2] * width;
        b.columns = m_p.out[2];
        b.xFirst = -m_p.padBegin[2];
        b.xExtent = m_p.in[2];
        if (m_p.hasPool) {
            for (std::int64_t row = rows.begin; row < rows.end; ++row)
                runPooledRow(pass, b, group * m_p.outputs + block.begin, row);
            return;
        }
        b.x += rows.begin * b.xRow;
        b.yChannel = m_p.outPositions() * width;
        b.y = pass.y + (group * m_p.outputs + block.begin) * b.yChannel + rows.begin * b.yRow;
        b.rows = rows.end - rows.begin;
        b.relu = m_p.relu;
        kernels().conv(b);
    }

    /// The convolution's rows under one row of windows stay in the first-level cache.
    void runPooledRow(const Pass& pass, ConvBlock b, std::int64_t plane, std::int64_t row) const
    {
        b.x += row * m_p.pool.stride[0] * b.xRow;
        b.rows = m_p.pool.kernel[0];
        b.yChannel = stripPlane();
        b.y = pass.strips + omp_get_thread_num() * stripSize();
        kernels().conv(b);
        PoolPlane window;
        window.rows = m_p.pool.kernel[0];
        window.columns = m_p.out[2];
        window.outRows = 1;
        window.outColumns = m_p.pool.out[1];
        window.kernelRows = m_p.pool.kernel[0];
        window.kernelColumns = m_p.pool.kernel[1];
        window.strideRows = m_p.pool.stride[0];
        window.strideColumns = m_p.pool.stride[1];
        for (int o = 0; o < b.outputs; ++o) {
            const std::int64_t to = ((plane + o) * rowCount() + row) * m_p.pool.out[1] * width;
            kernels().indexedMaxPool(window, m_p.relu, b.y + o * b.yChannel, pass.y + to, pass.index ? pass.index + to : nullptr);
        }
    }

    ConvProblem m_p;
    PaddedPlane m_plane;
    std::int64_t m_groups;
    int m_threads;
    std::vector<Range> m_blocks;
    std::int64_t m_chunks;
};

} // namespace

std::unique_ptr<Kernel> convForward(const ConvProblem& problem, int threads)
{
    return std::make_unique<Forward>(problem, threads);
}

} // namespace weft::lanes
