#include "core/device/cpu/conv_rows.h"

#include <cstring>
#include <vector>

#include "core/device/cpu/lanes.h"
#include "core/device/cpu/parallel.h"
#include "core/device/cpu/simd.h"

namespace weft {

namespace {

std::int64_t roundedUp(std::int64_t n)
{
    return (n + lanes::width - 1) / lanes::width * lanes::width;
}

/// The planes of x get zeros around them and lie as one long line, in which the tap (ky, kx) is a fixed
/// distance ahead. y is computed along the line as well, with the padded width, and cut to rows.
class ConvRows : public Kernel {
public:
    ConvRows(const ConvProblem& problem, int threads) :
        m_p(problem), m_threads(threads), m_rowSize(problem.padBegin[2] + problem.in[2] + problem.padEnd[2]),
        m_lineSize(roundedUp(problem.out[1] * m_rowSize))
    {
        // Vectors reach past the last position; what they read there lands in no result.
        const std::int64_t furthest = (m_p.kernel[1] - 1) * m_p.dilation[1] * m_rowSize + (m_p.kernel[2] - 1) * m_p.dilation[2];
        const std::int64_t rows = m_p.padBegin[1] + m_p.in[1] + m_p.padEnd[1];
        m_planeSize = roundedUp(std::max(m_lineSize + furthest, rows * m_rowSize));
        const std::int64_t perGroup = m_p.groupOutputs();
        const std::int64_t parts = (perGroup + lanes::kernels().maxOutputs - 1) / lanes::kernels().maxOutputs;
        for (std::int64_t group = 0; group < m_p.groups; ++group)
            for (std::int64_t part = 0; part < parts; ++part) {
                const Range r = partOf(perGroup, part, parts);
                m_blocks.push_back({group * perGroup + r.begin, group * perGroup + r.end});
            }
    }

    std::size_t scratchBytes() const override { return static_cast<std::size_t>(weightsSize() + m_threads * threadSize()) * sizeof(float); }

    void run(const KernelContext& context) override
    {
        auto* weights = static_cast<float*>(context.scratch);
        pack(context.inputs[1].as<const float>(), weights);
        const float* bias = m_p.hasBias ? context.inputs[2].as<const float>() : nullptr;
        const auto grain = static_cast<std::int64_t>(1 + 200000 * static_cast<double>(m_p.n) / (m_p.work() + 1));
        parallelFor(std::min(m_threads, context.threads), m_p.n, grain, [&](std::int64_t begin, std::int64_t end) {
            float* padded = weights + weightsSize() + omp_get_thread_num() * threadSize();
            clearBorders(padded);
            for (std::int64_t n = begin; n < end; ++n) {
                fill(context.inputs[0].as<const float>() + n * m_p.channels * m_p.inPositions(), padded);
                convolve(padded, weights, bias, context.outputs[0].as<float>() + n * m_p.outputs * resultSize());
            }
        });
    }

private:
    std::int64_t resultSize() const { return m_p.hasPool ? m_p.pool.out[0] * m_p.pool.out[1] : m_p.outPositions(); }
    std::int64_t weightsSize() const { return roundedUp(m_p.outputs * m_p.taps()); }
    /// The planes of x and a line for each output of a block.
    std::int64_t threadSize() const { return m_p.channels * m_planeSize + lanes::kernels().maxOutputs * m_lineSize; }

    void pack(const float* kernel, float* weights) const
    {
        const std::int64_t taps = m_p.taps();
        for (const Range& block : m_blocks)
            for (std::int64_t tap = 0; tap < taps; ++tap)
                for (std::int64_t o = block.begin; o < block.end; ++o)
                    *weights++ = kernel[o * taps + tap];
    }

    void clearBorders(float* padded) const { std::memset(padded, 0, static_cast<std::size_t>(m_p.channels * m_planeSize) * sizeof(float)); }

    void fill(const float* x, float* padded) const
    {
        for (std::int64_t c = 0; c < m_p.channels; ++c) {
            float* row = padded + c * m_planeSize + m_p.padBegin[1] * m_rowSize + m_p.padBegin[2];
            for (std::int64_t r = 0; r < m_p.in[1]; ++r, row += m_rowSize, x += m_p.in[2])
                std::memcpy(row, x, static_cast<std::size_t>(m_p.in[2]) * sizeof(float));
        }
    }

    void convolve(const float* padded, const float* weights, const float* bias, float* y) const
    {
        float* line = const_cast<float*>(padded) + m_p.channels * m_planeSize;
        for (const Range& block : m_blocks) {
            lanes::ConvBlock b;
            b.x = padded + block.begin / m_p.groupOutputs() * m_p.groupChannels() * m_planeSize;
            b.xChannel = m_planeSize;
            b.tapRow = m_p.dilation[1] * m_rowSize;
            b.tapColumn = m_p.dilation[2];
            b.channels = m_p.groupChannels();
            b.kernelRows = m_p.kernel[1];
            b.kernelColumns = m_p.kernel[2];
            b.weights = weights + block.begin * m_p.taps();
            b.bias = bias ? bias + block.begin : nullptr;
            b.outputs = static_cast<int>(block.end - block.begin);
            b.weightChannel = m_p.kernelSize() * b.outputs;
            b.y = line;
            b.yChannel = m_lineSize;
            b.rows = 1;
            b.columns = m_lineSize / lanes::width;
            b.relu = m_p.relu; // before a pooling it does the same as behind
            lanes::kernels().conv(b);
            for (std::int64_t o = block.begin; o < block.end; ++o) {
                const float* plane = line + (o - block.begin) * m_lineSize;
                if (m_p.hasPool)
                    pool(plane, y + o * m_p.pool.out[0] * m_p.pool.out[1]);
                else
                    for (std::int64_t r = 0; r < m_p.out[1]; ++r)
                        std::memcpy(y + o * m_p.outPositions() + r * m_p.out[2], plane + r * m_rowSize,
                                    static_cast<std::size_t>(m_p.out[2]) * sizeof(float));
            }
        }
    }

    /// Max pooling of one plane with padded rows; a NaN wins.
    void pool(const float* plane, float* y) const
    {
        const ConvProblem::Pool p = m_p.pool;
        const std::int64_t rowSize = m_rowSize;
        const bool isByTwo = p.kernel[1] == 2 && p.stride[1] == 2;
        simdRun([=] {
            for (std::int64_t i = 0; i < p.out[0]; ++i) {
                const float* rows = plane + i * p.stride[0] * rowSize;
                float* to = y + i * p.out[1];
                for (std::int64_t r = 0; r < p.kernel[0]; ++r) {
                    const float* row = rows + r * rowSize;
                    if (isByTwo)
                        joinPairs(row, to, p.out[1], r == 0);
                    else
                        joinWindows(row, to, p, r == 0);
                }
            }
        });
    }

    static float larger(float best, float value) { return (value > best) | (value != value) ? value : best; }

    /// The usual windows; written for the vectoriser, which wants the distance 2 as a constant.
    static void joinPairs(const float* row, float* to, std::int64_t count, bool isFirst)
    {
        for (std::int64_t j = 0; j < count; ++j) {
            const float pair = larger(row[2 * j], row[2 * j + 1]);
            to[j] = isFirst ? pair : larger(to[j], pair);
        }
    }

    static void joinWindows(const float* row, float* to, const ConvProblem::Pool& p, bool isFirst)
    {
        for (std::int64_t j = 0; j < p.out[1]; ++j) {
            float best = isFirst ? row[j * p.stride[1]] : to[j];
            for (std::int64_t c = 0; c < p.kernel[1]; ++c)
                best = larger(best, row[j * p.stride[1] + c]);
            to[j] = best;
        }
    }

    ConvProblem m_p;
    int m_threads;
    std::int64_t m_rowSize;
    std::int64_t m_lineSize;
    std::int64_t m_planeSize = 0;
    std::vector<Range> m_blocks;
};

} // namespace

bool fitsConvRows(const ConvProblem& problem)
{
    return problem.spatialAxes <= 2 && problem.stride[1] == 1 && problem.stride[2] == 1 && !problem.hasIndex;
}

double convRowsWaste(const ConvProblem& problem)
{
    const std::int64_t line = roundedUp(problem.out[1] * (problem.padBegin[2] + problem.in[2] + problem.padEnd[2]));
    return static_cast<double>(line) / static_cast<double>(problem.outPositions());
}

std::unique_ptr<Kernel> convRows(const ConvProblem& problem, int threads)
{
    return std::make_unique<ConvRows>(problem, threads);
}

} // namespace weft
