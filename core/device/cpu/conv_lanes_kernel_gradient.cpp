#include "core/device/cpu/conv_lanes.h"

#include "core/device/cpu/conv_lanes_detail.h"

namespace weft::lanes {

namespace {

class KernelGradient : public Kernel {
public:
    KernelGradient(const ConvProblem& problem, int threads) :
        m_p(problem), m_plane(paddedInput(problem)), m_groups(ceilDiv(problem.n, width)), m_threads(problem.work() < serialWork ? 1 : threads),
        m_blocks(channelBlocks(problem.groups, problem.groupOutputs(), kernels().gradientOutputs)),
        m_tapBlocks(channelBlocks(1, problem.taps(), kernels().gradientTaps))
    {
        for (std::int64_t c = 0; c < m_p.groupChannels(); ++c)
            for (std::int64_t ky = 0; ky < m_p.kernel[1]; ++ky)
                for (std::int64_t kx = 0; kx < m_p.kernel[2]; ++kx)
                    m_tapOffsets.push_back(c * m_plane.size() + ky * m_p.dilation[1] * m_plane.rowStride() + kx * m_p.dilation[2] * width);
        // Blocks of the result need no sum over threads. Only when there are too few of them for the
        // threads is the batch split as well, and the parts are added in order.
        const auto items = static_cast<std::int64_t>(m_blocks.size() * m_tapBlocks.size());
        m_splits = std::clamp<std::int64_t>(ceilDiv(4 * m_threads, items), 1, m_groups);
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t padded = m_plane.isPlain() ? 0 : m_groups * m_p.channels * m_plane.size();
        return static_cast<std::size_t>(padded + (m_splits > 1 ? m_splits * resultSize() : 0)) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const float* x = context.inputs[0].as<const float>();
        const float* dy = context.inputs[1].as<const float>();
        float* dKernel = context.outputs[0].as<float>();
        float* dBias = m_p.hasBias ? context.outputs[1].as<float>() : nullptr;
        float* parts = static_cast<float*>(context.scratch);
        float* padded = parts + (m_splits > 1 ? m_splits * resultSize() : 0);
        const Pass pass{m_plane.isPlain() ? x : padded, dy, m_splits > 1 ? parts : dKernel, dBias};
        const std::int64_t planes = m_groups * m_p.channels;
        const int threads = std::min(m_threads, context.threads);
        if (threads == 1) {
            padPlanes(x, padded, {0, planes});
            runItems(pass, {0, itemCount()});
        } else {
#pragma omp parallel num_threads(threads)
            {
                padPlanes(x, padded, ownPart(planes));
#pragma omp barrier
                runItems(pass, ownPart(itemCount()));
            }
        }
        if (m_splits > 1)
            for (std::int64_t i = 0; i < m_p.outputs * m_p.taps(); ++i) {
                float total = 0;
                for (std::int64_t split = 0; split < m_splits; ++split)
                    total += parts[split * resultSize() + i];
                dKernel[i] = total;
            }
    }

private:
    struct Pass {
        const float* x;
        const float* dy;
        float* result;
        float* dBias;
    };

    std::int64_t resultSize() const
    {
        return ceilDiv(m_p.outputs * m_p.taps(), width) * width;
    }

    /// Blocks of the kernel's gradient, then one item a channel for the bias.
    std::int64_t kernelItems() const
    {
        return m_splits * static_cast<std::int64_t>(m_blocks.size() * m_tapBlocks.size());
    }
    std::int64_t itemCount() const
    {
        return kernelItems() + (m_p.hasBias ? static_cast<std::int64_t>(m_blocks.size()) : 0);
    }

    void padPlanes(const float* x, float* padded, Range planes) const
    {
        if (m_plane.isPlain())
            return;
        for (std::int64_t i = planes.begin; i < planes.end; ++i)
            m_plane.fill(x + i * m_p.inPositions() * width, padded + i * m_plane.size());
    }

    void runItems(const Pass& pass, Range items) const
    {
        for (std::int64_t item = items.begin; item < items.end; ++item)
            if (item < kernelItems())
                runKernelItem(pass, item);
            else
                runBiasItem(pass, m_blocks[static_cast<std::size_t>(item - kernelItems())]);
    }

    void runKernelItem(const Pass& pass, std::int64_t item) const
    {
        const auto tapBlocks = static_cast<std::int64_t>(m_tapBlocks.size());
        const std::int64_t split = item % m_splits;
        const Range taps = m_tapBlocks[static_cast<std::size_t>(item / m_splits % tapBlocks)];
        const Range block = m_blocks[static_cast<std::size_t>(item / m_splits / tapBlocks)];
        const Range groups = partOf(m_groups, split, m_splits);
        const std::int64_t firstChannel = block.begin / m_p.groupOutputs() * m_p.groupChannels();
        KernelGradientBlock b;
        b.dyChannel = m_p.outPositions() * width;
        b.dyRow = m_p.out[2] * width;
        b.dyGroup = m_p.outputs * b.dyChannel;
        b.dy = pass.dy + groups.begin * b.dyGroup + block.begin * b.dyChannel;
        b.xRow = m_plane.rowStride() * m_p.stride[1];
        b.xColumn = width * m_p.stride[2];
        b.xGroup = m_p.channels * m_plane.size();
        b.x = pass.x + groups.begin * b.xGroup + firstChannel * m_plane.size();
        b.tapOffsets = m_tapOffsets.data() + taps.begin;
        b.outputs = static_cast<int>(block.end - block.begin);
        b.taps = static_cast<int>(taps.end - taps.begin);
        b.rows = m_p.out[1];
        b.columns = m_p.out[2];
        b.groups = groups.end - groups.begin;
        b.samples = std::min(m_p.n - groups.begin * width, b.groups * width);
        b.resultOutput = m_p.taps();
        b.result = pass.result + (m_splits > 1 ? split * resultSize() : 0) + block.begin * m_p.taps() + taps.begin;
        kernels().kernelGradient(b);
    }

    void runBiasItem(const Pass& pass, Range outputs) const
    {
        const std::int64_t plane = m_p.outPositions() * width;
        for (std::int64_t o = outputs.begin; o < outputs.end; ++o)
            pass.dBias[o] = kernels().sum(pass.dy + o * plane, m_p.outputs * plane, m_p.outPositions(), m_groups, m_p.n);
    }

    ConvProblem m_p;
    PaddedPlane m_plane;
    std::int64_t m_groups;
    int m_threads;
    std::vector<Range> m_blocks;
    std::vector<Range> m_tapBlocks;
    std::vector<std::ptrdiff_t> m_tapOffsets;
    std::int64_t m_splits = 1;
};

} // namespace

std::unique_ptr<Kernel> convKernelGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<KernelGradient>(problem, threads);
}

} // namespace weft::lanes
