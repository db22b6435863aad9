#include "core/device/cpu/conv_lanes.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "core/device/cpu/lanes.h"
#include "core/device/cpu/parallel.h"

namespace weft::lanes {

namespace {

std::int64_t ceilDiv(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

/// A plane with zeros around it, so that the inner loops need not test for borders.
struct PaddedPlane {
    std::int64_t rows, columns; ///< without the zeros
    std::int64_t top, bottom, left, right;

    bool isPlain() const { return top == 0 && bottom == 0 && left == 0 && right == 0; }
    std::int64_t rowStride() const { return (left + columns + right) * width; }
    std::int64_t size() const { return (top + rows + bottom) * rowStride(); }
    /// From the start of the padded plane to element (0, 0).
    std::int64_t origin() const { return top * rowStride() + left * width; }

    void fill(const float* from, float* to) const
    {
        const auto bytes = [](std::int64_t floats) { return static_cast<std::size_t>(floats) * sizeof(float); };
        std::memset(to, 0, bytes(top * rowStride()));
        float* row = to + top * rowStride();
        for (std::int64_t r = 0; r < rows; ++r, row += rowStride()) {
            std::memset(row, 0, bytes(left * width));
            std::memcpy(row + left * width, from + r * columns * width, bytes(columns * width));
            std::memset(row + (left + columns) * width, 0, bytes(right * width));
        }
        std::memset(row, 0, bytes(bottom * rowStride()));
    }
};

/// Output channels of each group of the convolution, cut into blocks as equal as they can be.
std::vector<Range> channelBlocks(std::int64_t groups, std::int64_t perGroup, std::int64_t most)
{
    std::vector<Range> blocks;
    const std::int64_t parts = ceilDiv(perGroup, most);
    for (std::int64_t g = 0; g < groups; ++g)
        for (std::int64_t part = 0; part < parts; ++part) {
            const Range r = partOf(perGroup, part, parts);
            blocks.push_back({g * perGroup + r.begin, g * perGroup + r.end});
        }
    return blocks;
}

/// Pieces a row range is cut into so that all threads have work of about equal length.
std::int64_t rowChunks(std::int64_t items, std::int64_t rows, int threads)
{
    if (threads == 1 || items % threads == 0 || items >= 8 * threads)
        return 1;
    return std::min(rows, ceilDiv(8 * threads, items));
}

/// Multiply-adds below which a convolution runs on the calling thread.
constexpr double serialWork = 150000;

PaddedPlane paddedInput(const ConvProblem& p)
{
    return {p.in[1], p.in[2], p.padBegin[1], p.padEnd[1], p.padBegin[2], p.padEnd[2]};
}

class Forward : public Kernel {
public:
    Forward(const ConvProblem& problem, int threads) :
        m_p(problem), m_plane(paddedInput(problem)), m_groups(ceilDiv(problem.n, width)), m_threads(problem.work() < serialWork ? 1 : threads),
        m_blocks(channelBlocks(problem.groups, problem.groupOutputs(), kernels().maxOutputs)),
        m_chunks(rowChunks(m_groups * static_cast<std::int64_t>(m_blocks.size()), problem.out[1], m_threads))
    {
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t padded = m_plane.isPlain() ? 0 : m_groups * m_p.channels * m_plane.size();
        return static_cast<std::size_t>(paddedWeights() + padded) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const float* x = context.inputs[0].as<const float>();
        auto* packed = static_cast<float*>(context.scratch);
        float* padded = packed + paddedWeights();
        pack(context.inputs[1].as<const float>(), packed);
        Pass pass{m_plane.isPlain() ? x : padded, packed, m_p.hasBias ? context.inputs[2].as<const float>() : nullptr,
                  context.outputs[0].as<float>()};
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
        float* y;
    };

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
        const Range rows = partOf(m_p.out[1], item % m_chunks, m_chunks);
        const std::int64_t firstChannel = block.begin / m_p.groupOutputs() * m_p.groupChannels();
        ConvBlock b;
        b.xChannel = m_plane.size();
        b.xRow = m_plane.rowStride() * m_p.stride[1];
        b.xColumn = width * m_p.stride[2];
        b.tapRow = m_plane.rowStride() * m_p.dilation[1];
        b.tapColumn = width * m_p.dilation[2];
        b.x = pass.x + (group * m_p.channels + firstChannel) * b.xChannel + rows.begin * b.xRow;
        b.channels = m_p.groupChannels();
        b.kernelRows = m_p.kernel[1];
        b.kernelColumns = m_p.kernel[2];
        b.weights = pass.weights + block.begin * m_p.taps();
        b.bias = pass.bias ? pass.bias + block.begin : nullptr;
        b.outputs = static_cast<int>(block.end - block.begin);
        b.yChannel = m_p.outPositions() * width;
        b.yRow = m_p.out[2] * width;
        b.y = pass.y + (group * m_p.outputs + block.begin) * b.yChannel + rows.begin * b.yRow;
        b.rows = rows.end - rows.begin;
        b.columns = m_p.out[2];
        b.relu = m_p.relu;
        kernels().conv(b);
    }

    ConvProblem m_p;
    PaddedPlane m_plane;
    std::int64_t m_groups;
    int m_threads;
    std::vector<Range> m_blocks;
    std::int64_t m_chunks;
};

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
        coverPhases(m_rowPhases, m_plane.rows, m_plane.top, m_plane.bottom);
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
                b.kernelRows = r.taps;
                b.kernelColumns = c.taps;
                b.weights = packed + m_phaseWeights[phase++] + block.begin * m_p.groupOutputs() * r.taps * c.taps;
                b.outputs = static_cast<int>(block.end - block.begin);
                b.yChannel = m_p.inPositions() * width;
                b.yRow = m_p.in[2] * m_p.stride[1] * width;
                b.yColumn = m_p.stride[2] * width;
                b.y = target + (r.first + rows.begin * m_p.stride[1]) * m_p.in[2] * width + c.first * width;
                b.rows = rows.end - rows.begin;
                b.columns = c.count;
                kernels().conv(b);
            }
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

std::unique_ptr<Kernel> convForward(const ConvProblem& problem, int threads)
{
    return std::make_unique<Forward>(problem, threads);
}

std::unique_ptr<Kernel> convInputGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<InputGradient>(problem, threads);
}

std::unique_ptr<Kernel> convKernelGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<KernelGradient>(problem, threads);
}

} // namespace weft::lanes
