#include <algorithm>

#include "core/device/cpu/channels.h"
#include "core/device/cpu/conv_winograd.h"
#include "core/device/cpu/conv_winograd_detail.h"
#include "core/device/cpu/lanes.h"
#include "core/device/cpu/parallel.h"

namespace weft {

namespace {

using winograd::patch;
using winograd::points;
using winograd::taps;
using winograd::tile;
using winograd::width;

constexpr std::int64_t panelOutputs = 32;

/// How many tiles are transformed at a time: all, or so many that they stay in the caches while the sums of all
/// channels and outputs wait in memory.
std::int64_t tilesAtOnce(const ConvProblem& p, std::int64_t tiles)
{
    constexpr std::int64_t few = 256;
    constexpr std::int64_t cacheFloats = 500000;
    if (tiles <= few)
        return tiles;
    const std::int64_t most = std::max<std::int64_t>(cacheFloats / (points * (p.channels + p.outputs)), 64);
    const std::int64_t parts = (tiles + most - 1) / most;
    return (tiles + parts - 1) / parts;
}

/// dKernel for 3x3 taps from patches of x and tiles of dy: all threads transform tiles, then each sums up those of its
/// own channels and outputs, so that results do not depend on the number of threads.
class WinogradKernelGradient : public Kernel {
public:
    WinogradKernelGradient(const ConvProblem& problem, int threads) :
        m_p(problem), m_grid{problem.n, problem.out[1], problem.out[2]}, m_threads(threads), m_tiles(tilesAtOnce(problem, m_grid.count())),
        m_parts((m_grid.count() + m_tiles - 1) / m_tiles), m_vPoint(winograd::oddLines(problem.channels / width * m_tiles)),
        m_dPoint(winograd::oddLines(problem.outputs / width * m_tiles)), m_sPoint(winograd::oddLines(panelOutputs))
    {
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t sums = m_parts == 1 ? m_threads : panels();
        return static_cast<std::size_t>(points * (m_vPoint + m_dPoint) + sums * panelFloats() + m_threads * smallFloats) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const int threads = std::min(m_threads, context.threads);
#pragma omp parallel num_threads(threads)
        work(context, omp_get_thread_num(), omp_get_num_threads());
        if (m_p.hasBias)
            sumSlopes(context);
    }

private:
    static constexpr std::int64_t smallFloats = width * taps * width; ///< also holds a patch

    std::int64_t inBlocks() const
    {
        return m_p.channels / width;
    }
    std::int64_t outPanels() const
    {
        return (m_p.outputs + panelOutputs - 1) / panelOutputs;
    }
    std::int64_t panels() const
    {
        return inBlocks() * outPanels();
    }
    std::int64_t panelFloats() const
    {
        return points * m_sPoint;
    }

    void work(const KernelContext& context, int rank, int threads) const
    {
        auto* v = static_cast<float*>(context.scratch);
        float* d = v + points * m_vPoint;
        float* sums = d + points * m_dPoint;
        float* small = sums + (m_parts == 1 ? m_threads : panels()) * panelFloats() + rank * smallFloats;
        const Range own = partOf(panels(), rank, threads);
        for (std::int64_t part = 0; part < m_parts; ++part) {
            const Range tiles = partOf(m_grid.count(), part, m_parts);
            const Range mine = partOf(tiles.end - tiles.begin, rank, threads);
            readTiles(context, tiles.begin, mine, v, d, small);
#pragma omp barrier
            for (std::int64_t panel = own.begin; panel < own.end; ++panel) {
                float* s = sums + (m_parts == 1 ? rank : panel) * panelFloats();
                sumPanel(panel, tiles.end - tiles.begin, v, d, s, part == 0);
                if (part + 1 == m_parts)
                    writePanel(context, panel, s, small);
            }
#pragma omp barrier
        }
    }

    /// Transforms tiles `mine`, counted from tile `first` of the batch.
    void readTiles(const KernelContext& context, std::int64_t first, Range mine, float* v, float* d, float* small) const
    {
        const auto* x = context.inputs[0].as<const float>();
        const auto* dy = context.inputs[1].as<const float>();
        const std::int64_t outBlocks = m_p.outputs / width;
        for (std::int64_t block = 0; block < inBlocks(); ++block)
            for (std::int64_t t = mine.begin; t < mine.end; ++t) {
                const auto at = m_grid.placeOf(first + t);
                const float* plane = x + (at.sample * inBlocks() + block) * m_p.inPositions() * width;
                const winograd::Square square(plane, m_p.in[1], m_p.in[2], at.row - m_p.padBegin[1], at.column - m_p.padBegin[2], patch, small);
                winograd::kernels().transformInput(square.data, square.row, v + (block * m_tiles + t) * width, m_vPoint);
            }
        for (std::int64_t block = 0; block < outBlocks; ++block) {
            const std::int64_t output = block * width;
            float* to = d + slopesAt(output / panelOutputs) + output % panelOutputs;
            for (std::int64_t t = mine.begin; t < mine.end; ++t) {
                const auto at = m_grid.placeOf(first + t);
                const float* plane = dy + (at.sample * outBlocks + block) * m_p.outPositions() * width;
                const winograd::Square square(plane, m_p.out[1], m_p.out[2], at.row, at.column, tile, small);
                winograd::kernels().transformSlopes(square.data, square.row, to + t * panelWidth(output / panelOutputs), m_dPoint);
            }
        }
    }

    std::int64_t panelWidth(std::int64_t outPanel) const
    {
        return std::min(panelOutputs, m_p.outputs - outPanel * panelOutputs);
    }
    /// Where the transformed slopes of a panel begin: [tiles][outputs of the panel].
    std::int64_t slopesAt(std::int64_t outPanel) const
    {
        return outPanel * panelOutputs * m_tiles;
    }

    void sumPanel(std::int64_t panel, std::int64_t tiles, const float* v, const float* d, float* s, bool isFirst) const
    {
        const std::int64_t outPanel = panel / inBlocks();
        winograd::GradientProduct product;
        product.tiles = tiles;
        product.outputs = panelWidth(outPanel);
        product.isFirst = isFirst;
        for (std::int64_t point = 0; point < points; ++point) {
            product.v = v + point * m_vPoint + panel % inBlocks() * m_tiles * width;
            product.d = d + point * m_dPoint + slopesAt(outPanel);
            product.s = s + point * m_sPoint;
            winograd::kernels().multiplyGradient(product);
        }
    }

    void writePanel(const KernelContext& context, std::int64_t panel, const float* s, float* small) const
    {
        const std::int64_t outPanel = panel / inBlocks();
        const std::int64_t channel = panel % inBlocks() * width;
        for (std::int64_t output = 0; output < panelWidth(outPanel); output += width) {
            for (std::int64_t i = 0; i < width; ++i)
                winograd::kernels().transformTaps(s + (output + i) * width, m_sPoint, small + i * taps * width);
            float* kernel = context.outputs[0].as<float>() + ((outPanel * panelOutputs + output) * m_p.channels + channel) * taps;
            lanes::kernels().scatter(small, width * taps, width, m_p.channels * taps, kernel);
        }
    }

    void sumSlopes(const KernelContext& context) const
    {
        const Array& dy = context.inputs[1];
        const ChannelUnits units(dy.type.extents, dy.layout);
        const float zeros[width] = {};
        for (std::int64_t unit = 0; unit < units.count; ++unit) {
            const LaneSums sums = momentsOf(units, unit, dy.as<const float>(), zeros);
            for (std::int64_t c = 0; c < width; ++c)
                context.outputs[1].as<float>()[unit * width + c] = static_cast<float>(sums.first[c]);
        }
    }

    ConvProblem m_p;
    winograd::TileGrid m_grid;
    int m_threads;
    std::int64_t m_tiles; ///< that are transformed at a time
    std::int64_t m_parts;
    std::int64_t m_vPoint, m_dPoint, m_sPoint; ///< floats between points
};

} // namespace

double winogradKernelGradientCost(const ConvProblem& p, int threads)
{
    const winograd::TileGrid grid{p.n, p.out[1], p.out[2]};
    const std::int64_t tiles = grid.count();
    const std::int64_t transformed
        = tiles * (p.channels + p.outputs) + (tiles + tilesAtOnce(p, tiles) - 1) / tilesAtOnce(p, tiles) * p.channels * p.outputs;
    return winograd::microseconds(tiles * p.channels * p.outputs, transformed, threads);
}

std::unique_ptr<Kernel> winogradKernelGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<WinogradKernelGradient>(problem, threads);
}

} // namespace weft
