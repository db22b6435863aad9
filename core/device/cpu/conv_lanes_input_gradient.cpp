#include "core/device/cpu/conv_lanes.h"

#include <numeric>

#include "core/device/cpu/conv_lanes_detail.h"

namespace weft::lanes {

namespace {

/// How the rows (or columns) of dx that share a remainder modulo the stride read dy: element
/// first + i·stride of dx sums dy[start + i − j·tapStep] · kernel[tap + j·kernelStep], j < taps.
struct Phase {
    std::int64_t first, count;
    std::int64_t tap, taps, kernelStep;
    std::int64_t start, tapStep;
};

std::vector<Phase> phasesOf(const ConvProblem& p, int axis)
{
    const std::int64_t s = p.stride[axis];
    const std::int64_t d = p.dilation[axis];
    const std::int64_t pad = p.padBegin[axis];
    const std::int64_t common = std::gcd(s, d);
    std::vector<Phase> phases;
    for (std::int64_t first = 0; first < std::min(s, p.in[axis]); ++first) {
        Phase phase{first, ceilDiv(p.in[axis] - first, s), 0, 0, s / common, 0, d / common};
        std::int64_t tap = 0;
        while (tap < p.kernel[axis] && (first + pad - tap * d) % s != 0)
            ++tap;
        if (tap < p.kernel[axis]) {
            phase.tap = tap;
            phase.taps = ceilDiv(p.kernel[axis] - tap, phase.kernelStep);
            phase.start = (first + pad - tap * d) / s;
        }
        phases.push_back(phase);
    }
    return phases;
}

/// Zeros that dy needs before and behind so that no phase reads outside.
void coverPhases(const std::vector<Phase>& phases, std::int64_t extent, std::int64_t& before, std::int64_t& behind)
{
    before = behind = 0;
    for (const Phase& phase : phases)
        if (phase.taps > 0) {
            before = std::max(before, (phase.taps - 1) * phase.tapStep - phase.start);
            behind = std::max(behind, phase.start + phase.count - extent);
        }
}

class InputGradient : public Kernel {
public:
    InputGradient(const ConvProblem& problem, int threads) :
        m_p(problem), m_rowPhases(phasesOf(problem, 1)), m_columnPhases(phasesOf(problem, 2)), m_groups(ceilDiv(problem.n, width)),
        m_threads(problem.work() < serialWork ? 1 : threads), m_blocks(channelBlocks(problem.groups, problem.groupChannels(), kernels().maxOutputs))
    {
        m_plane.rows = m_p.out[1];
        m_plane.columns = m_p.out[2];
        coverPhases(m_columnPhases, m_plane.columns, m_plane.left, m_plane.right);
        const std::int64_t fewestRows = m_rowPhases.back().count;
        m_chunks = rowChunks(m_groups * static_cast<std::int64_t>(m_blocks.size()), std::max<std::int64_t>(fewestRows, 1), m_threads);
        for (const Phase& r : m_rowPhases)
            for (const Phase& c : m_columnPhases) {
                m_phaseWeights.push_back(m_weightCount);
                m_weightCount += m_p.channels * m_p.groupOutputs() * r.taps * c.taps;
            }
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t padded = m_plane.isPlain() ? 0 : m_groups * m_p.outputs * m_plane.size();
        return static_cast<std::size_t>(paddedWeights() + padded) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const float* dy = context.inputs[0].as<const float>();
        auto* packed = static_cast<float*>(context.scratch);
        float* padded = packed + paddedWeights();
        pack(context.inputs[1].as<const float>(), packed);
        const float* source = m_plane.isPlain() ? dy : padded;
        float* dx = context.outputs[0].as<float>();
        const std::int64_t planes = m_groups * m_p.outputs;
        const std::int64_t items = m_groups * static_cast<std::int64_t>(m_blocks.size()) * m_chunks;
        const int threads = std::min(m_threads, context.threads);
        if (threads == 1) {
            padPlanes(dy, padded, {0, planes});
            for (std::int64_t item = 0; item < items; ++item)
                runItem(source, packed, dx, item);
            return;
        }
#pragma omp parallel num_threads(threads)
        {
            padPlanes(dy, padded, ownPart(planes));
#pragma omp barrier
            const Range own = ownPart(items);
            for (std::int64_t item = own.begin; item < own.end; ++item)
                runItem(source, packed, dx, item);
        }
    }

private:
    std::int64_t paddedWeights() const
    {
        return ceilDiv(m_weightCount, width) * width;
    }

    /// [phase][block][output channel][tap row][tap column][input channel of the block]
    void pack(const float* kernel, float* packed) const
    {
        const std::int64_t columns = m_p.kernel[2];
        const std::int64_t taps = m_p.taps();
        for (const Phase& r : m_rowPhases)
            for (const Phase& c : m_columnPhases)
                for (const Range& block : m_blocks) {
                    const std::int64_t group = block.begin / m_p.groupChannels();
                    for (std::int64_t o = group * m_p.groupOutputs(); o < (group + 1) * m_p.groupOutputs(); ++o)
                        for (std::int64_t i = 0; i < r.taps; ++i)
                            for (std::int64_t j = 0; j < c.taps; ++j) {
                                const std::int64_t tap = (r.tap + i * r.kernelStep) * columns + c.tap + j * c.kernelStep;
                                for (std::int64_t channel = block.begin; channel < block.end; ++channel)
                                    *packed++ = kernel[o * taps + (channel - group * m_p.groupChannels()) * m_p.kernelSize() + tap];
                            }
                }
    }

    void padPlanes(const float* dy, float* padded, Range planes) const
    {
        if (m_plane.isPlain())
            return;
        for (std::int64_t i = planes.begin; i < planes.end; ++i)
            m_plane.fill(dy + i * m_p.outPositions() * width, padded + i * m_plane.size());
    }

    void runItem(const float* dy, const float* packed, float* dx, std::int64_t item) const
    {
        const std::int64_t blockCount = static_cast<std::int64_t>(m_blocks.size());
        const std::int64_t group = item / (blockCount * m_chunks);
        const Range block = m_blocks[static_cast<std::size_t>(item / m_chunks % blockCount)];
        const std::int64_t firstOutput = block.begin / m_p.groupChannels() * m_p.groupOutputs();
        const float* source = dy + (group * m_p.outputs + firstOutput) * m_plane.size() + m_plane.origin();
        float* target = dx + (group * m_p.channels + block.begin) * m_p.inPositions() * width;
        std::size_t phase = 0;
        for (const Phase& r : m_rowPhases)
            for (const Phase& c : m_columnPhases) {
                const Range rows = partOf(r.count, item % m_chunks, m_chunks);
                ConvBlock b;
                b.xChannel = m_plane.size();
                b.xRow = m_plane.rowStride();
                b.tapRow = -r.tapStep * m_plane.rowStride();
                b.tapColumn = -c.tapStep * width;
                b.x = source + (r.start + rows.begin) * b.xRow + c.start * width;
                b.channels = r.taps * c.taps > 0 ? m_p.groupOutputs() : 0;
                b.kernelColumns = c.taps;
                b.outputs = static_cast<int>(block.end - block.begin);
                b.weights = packed + m_phaseWeights[phase++] + block.begin * m_p.groupOutputs() * r.taps * c.taps;
                b.weightChannel = r.taps * c.taps * b.outputs;
                b.yChannel = m_p.inPositions() * width;
                b.yRow = m_p.in[2] * m_p.stride[1] * width;
                b.yColumn = m_p.stride[2] * width;
                b.y = target + (r.first + rows.begin * m_p.stride[1]) * m_p.in[2] * width + c.first * width;
                b.columns = c.count;
                b.xFirst = c.start;
                b.xExtent = m_plane.columns;
                runRows(b, r, rows);
            }
    }

    /// Rows near the border see fewer rows of dy: only the taps that hit one are computed.
    void runRows(ConvBlock b, const Phase& r, Range rows) const
    {
        const float* x = b.x;
        const float* weights = b.weights;
        float* y = b.y;
        for (std::int64_t row = rows.begin; row < rows.end; row += b.rows) {
            const Range taps = tapsOf(r, row);
            b.rows = 1;
            while (row + b.rows < rows.end && tapsOf(r, row + b.rows) == taps)
                ++b.rows;
            b.kernelRows = taps.end - taps.begin;
            b.x = x + (row - rows.begin) * b.xRow + taps.begin * b.tapRow;
            b.weights = weights + taps.begin * b.kernelColumns * b.outputs;
            b.y = y + (row - rows.begin) * b.yRow;
            kernels().conv(b);
        }
    }

    /// The taps with which row `row` of a phase hits dy.
    Range tapsOf(const Phase& r, std::int64_t row) const
    {
        const std::int64_t at = r.start + row;
        const std::int64_t begin = std::max<std::int64_t>(0, ceilDiv(at - (m_plane.rows - 1), r.tapStep));
        const std::int64_t end = at < 0 ? 0 : std::min(r.taps, at / r.tapStep + 1);
        return begin < end ? Range{begin, end} : Range{};
    }

    ConvProblem m_p;
    std::vector<Phase> m_rowPhases;
    std::vector<Phase> m_columnPhases;
    std::int64_t m_groups;
    int m_threads;
    std::vector<Range> m_blocks;
    std::int64_t m_chunks = 1;
    PaddedPlane m_plane{};
    std::vector<std::int64_t> m_phaseWeights;
    std::int64_t m_weightCount = 0;
};

} // namespace

std::unique_ptr<Kernel> convInputGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<InputGradient>(problem, threads);
}

} // namespace weft::lanes
