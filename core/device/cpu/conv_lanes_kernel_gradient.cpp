#include "core/device/cpu/conv_lanes.h"

#include "core/device/cpu/conv_lanes_detail.h"

namespace weft::lanes {

namespace {

/// Floats of dy and x that one pass over all taps reads again and again: they stay in the first-level cache.
constexpr std::int64_t cachedFloats = 10000;
/// Positions below which a tile's sums cost more to fetch than its products.
constexpr std::int64_t fewPositions = 64;

/// The work is cut into units: some rows of a group of 16 samples (or, where planes are tiny, several groups). Each
/// thread takes an equal share of them in order and adds to sums of its own, a vector for each entry of the gradient.
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
        cutIntoUnits();
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t padded = m_plane.isPlain() ? 0 : m_groups * m_p.channels * m_plane.size();
        return static_cast<std::size_t>(m_threads * shareSize() + padded) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const float* x = context.inputs[0].as<const float>();
        auto* shares = static_cast<float*>(context.scratch);
        float* padded = shares + m_threads * shareSize();
        const Pass pass{m_plane.isPlain() ? x : padded, context.inputs[1].as<const float>(), shares,
                        m_p.hasBias ? context.outputs[1].as<float>() : nullptr};
        const std::int64_t planes = m_groups * m_p.channels;
        const int threads = std::min(m_threads, context.threads);
        if (threads == 1) {
            padPlanes(x, padded, {0, planes});
            runShares(pass, {0, m_threads});
        } else {
#pragma omp parallel num_threads(threads)
            {
                padPlanes(x, padded, ownPart(planes));
#pragma omp barrier
                runShares(pass, ownPart(m_threads));
            }
        }
        float* dKernel = context.outputs[0].as<float>();
        for (std::int64_t i = 0; i < entries(); ++i) {
            float total = shares[i];
            for (int share = 1; share < m_threads; ++share)
                total += shares[share * shareSize() + i];
            dKernel[i] = total;
        }
    }

private:
    struct Pass {
        const float* x;
        const float* dy;
        float* shares; ///< for each thread its part of the result, then its sums
        float* dBias;
    };

    std::int64_t entries() const { return m_p.outputs * m_p.taps(); }
    std::int64_t resultSize() const { return ceilDiv(entries(), width) * width; }
    std::int64_t shareSize() const { return resultSize() + entries() * width; }

    void cutIntoUnits()
    {
        const std::int64_t overlap = (m_p.kernel[1] - 1) * m_p.dilation[1] * m_plane.rowStride();
        const std::int64_t row = kernels().gradientOutputs * m_p.out[2] * width + m_p.stride[1] * m_plane.rowStride();
        m_unitRows = std::clamp<std::int64_t>((cachedFloats - overlap) / row, 1, std::max<std::int64_t>(m_p.out[1], 1));
        m_unitsPerGroup = ceilDiv(m_p.out[1], m_unitRows);
        m_unitGroups = m_unitsPerGroup > 1 ? 1 : std::max<std::int64_t>(1, fewPositions / std::max<std::int64_t>(m_p.outPositions(), 1));
    }

    void padPlanes(const float* x, float* padded, Range planes) const
    {
        if (m_plane.isPlain())
            return;
        for (std::int64_t i = planes.begin; i < planes.end; ++i)
            m_plane.fill(x + i * m_p.inPositions() * width, padded + i * m_plane.size());
    }

    void runShares(const Pass& pass, Range shares) const
    {
        for (std::int64_t share = shares.begin; share < shares.end; ++share) {
            runShare(pass, share);
            if (pass.dBias)
                runBias(pass, partOf(m_p.outputs, share, m_threads));
        }
    }

    /// The last group apart when it is partial: its empty lanes may hold anything, even NaN.
    void runShare(const Pass& pass, std::int64_t share) const
    {
        const std::int64_t full = m_p.n / width;
        std::fill_n(pass.shares + share * shareSize(), entries(), 0.0f);
        addGroups(pass, share, {0, full}, width);
        addGroups(pass, share, {full, m_groups}, m_p.n - full * width);
    }

    /// Adds what `lanes` samples of each of these groups give to a share of the result.
    void addGroups(const Pass& pass, std::int64_t share, Range groups, std::int64_t lanes) const
    {
        if (groups.begin == groups.end)
            return;
        float* result = pass.shares + share * shareSize();
        float* sums = result + resultSize();
        std::fill_n(sums, entries() * width, 0.0f);
        const Range units = partOf(ceilDiv(m_groups, m_unitGroups) * m_unitsPerGroup, share, m_threads);
        for (std::int64_t unit = units.begin; unit < units.end; ++unit)
            runUnit(pass, sums, unit, groups);
        kernels().addLanes(sums, entries(), lanes, result);
    }

    /// The part of a unit that lies in these groups.
    void runUnit(const Pass& pass, float* sums, std::int64_t unit, Range among) const
    {
        const std::int64_t first = unit / m_unitsPerGroup * m_unitGroups;
        const Range groups{std::max(first, among.begin), std::min(first + m_unitGroups, among.end)};
        if (groups.begin >= groups.end)
            return;
        const std::int64_t row = unit % m_unitsPerGroup * m_unitRows;
        KernelGradientBlock b;
        b.dyChannel = m_p.outPositions() * width;
        b.dyRow = m_p.out[2] * width;
        b.dyGroup = m_p.outputs * b.dyChannel;
        b.xRow = m_plane.rowStride() * m_p.stride[1];
        b.xColumn = width * m_p.stride[2];
        b.xGroup = m_p.channels * m_plane.size();
        b.rows = std::min(m_unitRows, m_p.out[1] - row);
        b.columns = m_p.out[2];
        b.groups = groups.end - groups.begin;
        b.sumsOutput = m_p.taps() * width;
        for (const Range& block : m_blocks) {
            const std::int64_t channel = block.begin / m_p.groupOutputs() * m_p.groupChannels();
            b.dy = pass.dy + groups.begin * b.dyGroup + block.begin * b.dyChannel + row * b.dyRow;
            b.x = pass.x + groups.begin * b.xGroup + channel * m_plane.size() + row * b.xRow;
            b.outputs = static_cast<int>(block.end - block.begin);
            for (const Range& taps : m_tapBlocks) {
                b.tapOffsets = m_tapOffsets.data() + taps.begin;
                b.taps = static_cast<int>(taps.end - taps.begin);
                b.sums = sums + block.begin * b.sumsOutput + taps.begin * width;
                kernels().kernelGradient(b);
            }
        }
    }

    void runBias(const Pass& pass, Range outputs) const
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
    std::int64_t m_unitRows = 1;
    std::int64_t m_unitsPerGroup = 1;
    std::int64_t m_unitGroups = 1;
};

} // namespace

std::unique_ptr<Kernel> convKernelGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<KernelGradient>(problem, threads);
}

} // namespace weft::lanes
