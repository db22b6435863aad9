#include "core/device/cpu/conv_winograd.h"

#include <algorithm>
#include <cstring>
#include <vector>

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

constexpr std::int64_t chunkChannels = 32; ///< whose kernels are transformed at a time
constexpr std::int64_t panelOutputs = 32; ///< that share a transformed input while it is near

/// The convolution whose result is computed: the forward pass, or the gradient of its input, which is the
/// convolution of dy with the kernel turned around and its channels exchanged.
struct Geometry {
    std::int64_t n, channels, outputs; ///< read and written
    std::int64_t inRows, inColumns, outRows, outColumns;
    std::int64_t padRows, padColumns;
    bool isGradient;

    Geometry(const ConvProblem& p, bool gradient) :
        n(p.n), channels(gradient ? p.outputs : p.channels), outputs(gradient ? p.channels : p.outputs), inRows(gradient ? p.out[1] : p.in[1]),
        inColumns(gradient ? p.out[2] : p.in[2]), outRows(gradient ? p.in[1] : p.out[1]), outColumns(gradient ? p.in[2] : p.out[2]),
        padRows(gradient ? 2 - p.padBegin[1] : p.padBegin[1]), padColumns(gradient ? 2 - p.padBegin[2] : p.padBegin[2]), isGradient(gradient)
    {
    }

    winograd::TileGrid grid() const { return {n, outRows, outColumns}; }
    std::int64_t tiles() const { return grid().count(); }
    std::int64_t inBlocks() const { return channels / width; }
    std::int64_t outBlocks() const { return outputs / width; }
    std::int64_t panels() const { return (outputs + panelOutputs - 1) / panelOutputs; }
};

/// How the work is cut: every thread has tiles of its own, or, where these are few, outputs of its own.
struct Cut {
    static constexpr std::int64_t enoughTiles = 56; ///< a thread's, for which transforming all kernels pays
    static constexpr std::int64_t cacheFloats = 140000; ///< of transformed inputs

    bool isByOutputs;
    std::int64_t tiles; ///< that are transformed at a time

    Cut(const Geometry& g, int threads)
    {
        isByOutputs = threads > 1 && g.tiles() < threads * enoughTiles && g.panels() % threads == 0;
        const std::int64_t own = isByOutputs ? g.tiles() : (g.tiles() + threads - 1) / threads;
        const std::int64_t most = std::max(cacheFloats / (points * g.channels), enoughTiles);
        const std::int64_t parts = (own + most - 1) / most;
        tiles = (own + parts - 1) / parts;
    }
};

class ConvWinograd : public Kernel {
public:
    ConvWinograd(const Geometry& geometry, bool hasBias, bool relu, bool keepsKernel, int threads) :
        m_g(geometry), m_cut(geometry, threads), m_hasBias(hasBias), m_relu(relu), m_keepsKernel(keepsKernel), m_threads(threads),
        m_vPoint(winograd::oddLines(geometry.inBlocks() * m_cut.tiles)), m_mPoint(winograd::oddLines(panelOutputs / width * m_cut.tiles)),
        m_uPoint(winograd::oddLines(chunkChannels * panelOutputs / width))
    {
        if (keepsKernel)
            m_kept.resize(static_cast<std::size_t>(keptAt(m_g.panels(), 0)));
    }

    std::size_t scratchBytes() const override
    {
        const std::int64_t inputs = (m_cut.isByOutputs ? 1 : m_threads) * points * m_vPoint;
        return static_cast<std::size_t>(inputs + m_threads * ownFloats()) * sizeof(float);
    }

    void run(const KernelContext& context) override
    {
        const int threads = std::min(m_threads, context.threads);
        if (m_keepsKernel && m_isStale)
            keepKernel(context);
#pragma omp parallel num_threads(threads)
        work(context, omp_get_thread_num(), omp_get_num_threads());
    }

    void variablesChanged() override
    {
        m_isStale = true;
    }

private:
    /// A thread's part of the scratch.
    struct Workspace {
        float* v;
        float* u;
        float* m;
        float* small;
    };

    std::int64_t ownFloats() const
    {
        return points * (m_uPoint + m_mPoint) + chunkChannels * taps * width + patch * patch * width;
    }

    Workspace workspace(void* scratch, int rank) const
    {
        const std::int64_t inputs = points * m_vPoint;
        auto* base = static_cast<float*>(scratch);
        float* own = base + (m_cut.isByOutputs ? 1 : m_threads) * inputs + rank * ownFloats();
        return {base + (m_cut.isByOutputs ? 0 : rank * inputs), own, own + points * m_uPoint, own + points * (m_uPoint + m_mPoint)};
    }

    void work(const KernelContext& context, int rank, int threads) const
    {
        const Workspace space = workspace(context.scratch, rank);
        const Range own = m_cut.isByOutputs ? Range{0, m_g.tiles()} : partOf(m_g.tiles(), rank, threads);
        const Range panels = m_cut.isByOutputs ? partOf(m_g.panels(), rank, threads) : Range{0, m_g.panels()};
        const std::int64_t parts = (own.end - own.begin + m_cut.tiles - 1) / m_cut.tiles;
        for (std::int64_t part = 0; part < parts; ++part) {
            Range tiles = partOf(own.end - own.begin, part, parts);
            tiles = {own.begin + tiles.begin, own.begin + tiles.end};
            const Range blocks = m_cut.isByOutputs ? partOf(m_g.inBlocks(), rank, threads) : Range{0, m_g.inBlocks()};
            for (std::int64_t block = blocks.begin; block < blocks.end; ++block)
                readTiles(context, tiles, block, space);
            if (m_cut.isByOutputs) {
#pragma omp barrier
            }
            for (std::int64_t panel = panels.begin; panel < panels.end; ++panel)
                computePanel(context, tiles, panel, space);
            if (m_cut.isByOutputs) {
#pragma omp barrier
            }
        }
    }

    void readTiles(const KernelContext& context, Range tiles, std::int64_t block, const Workspace& space) const
    {
        const auto* x = context.inputs[0].as<const float>();
        const std::int64_t plane = m_g.inRows * m_g.inColumns * width;
        for (std::int64_t t = tiles.begin; t < tiles.end; ++t) {
            const auto at = m_g.grid().placeOf(t);
            const float* from = x + (at.sample * m_g.inBlocks() + block) * plane;
            const winograd::Square square(from, m_g.inRows, m_g.inColumns, at.row - m_g.padRows, at.column - m_g.padColumns, patch, space.small);
            winograd::kernels().transformInput(square.data, square.row, space.v + (block * m_cut.tiles + t - tiles.begin) * width, m_vPoint);
        }
    }

    void computePanel(const KernelContext& context, Range tiles, std::int64_t panel, const Workspace& space) const
    {
        const std::int64_t firstOutput = panel * panelOutputs;
        winograd::Product product;
        product.outputs = std::min(panelOutputs, m_g.outputs - firstOutput);
        product.tiles = tiles.end - tiles.begin;
        product.vBlock = m_cut.tiles * width;
        product.mBlock = m_cut.tiles * width;
        for (std::int64_t channel = 0; channel < m_g.channels; channel += chunkChannels) {
            const float* u = space.u;
            if (m_keepsKernel)
                u = m_kept.data() + keptAt(panel, channel);
            else
                transformChunk(context.inputs[1].as<const float>(), panel, channel, space.u, space.small);
            product.blocks = std::min(chunkChannels, m_g.channels - channel) / width;
            product.isFirst = channel == 0;
            for (std::int64_t point = 0; point < points; ++point) {
                product.v = space.v + point * m_vPoint + channel / width * product.vBlock;
                product.u = u + point * m_uPoint;
                product.m = space.m + point * m_mPoint;
                winograd::kernels().multiply(product);
            }
        }
        for (std::int64_t output = 0; output < product.outputs; output += width)
            writeTiles(context, tiles, firstOutput + output, space.m + output / width * product.mBlock, space);
    }

    /// Transforms the kernels of up to 32 channels from `channel` on to the outputs of a panel.
    void transformChunk(const float* kernel, std::int64_t panel, std::int64_t channel, float* u, float* small) const
    {
        const std::int64_t first = panel * panelOutputs;
        const std::int64_t outputs = std::min(panelOutputs, m_g.outputs - first);
        const Range channels{channel, std::min(channel + chunkChannels, m_g.channels)};
        for (std::int64_t output = 0; output < outputs; output += width)
            readKernel(kernel, channels, first + output, outputs, u + output, small);
    }

    std::int64_t keptAt(std::int64_t panel, std::int64_t channel) const
    {
        const std::int64_t chunks = (m_g.channels + chunkChannels - 1) / chunkChannels;
        return (panel * chunks + channel / chunkChannels) * points * m_uPoint;
    }

    void keepKernel(const KernelContext& context)
    {
        for (std::int64_t panel = 0; panel < m_g.panels(); ++panel)
            for (std::int64_t channel = 0; channel < m_g.channels; channel += chunkChannels)
                transformChunk(context.inputs[1].as<const float>(), panel, channel, m_kept.data() + keptAt(panel, channel),
                               workspace(context.scratch, 0).small);
        m_isStale = false;
    }

    /// Transforms the kernels of some channels to the 16 outputs from `output` on; `stride` outputs lie side by side.
    void readKernel(const float* kernel, Range channels, std::int64_t output, std::int64_t stride, float* u, float* small) const
    {
        const lanes::Kernels& copies = lanes::kernels();
        if (!m_g.isGradient) {
            copies.gather(kernel + (output * m_g.channels + channels.begin) * taps, m_g.channels * taps, width,
                          (channels.end - channels.begin) * taps, small);
            for (std::int64_t channel = channels.begin; channel < channels.end; ++channel, small += taps * width, u += stride)
                winograd::kernels().transformKernel(small, u, m_uPoint);
            return;
        }
        const float* end = kernel + m_g.channels * m_g.outputs * taps;
        for (std::int64_t channel = channels.begin; channel < channels.end; ++channel, u += stride) {
            const float* from = kernel + (channel * m_g.outputs + output) * taps;
            // Whole squares are turned faster than 9 columns; their further rows are those of the next output.
            const bool isSquareInside = from + (width - 1) * taps + width <= end;
            copies.gather(from, taps, width, isSquareInside ? width : taps, small);
            for (std::int64_t tap = 0; tap < taps / 2; ++tap)
                std::swap_ranges(small + tap * width, small + (tap + 1) * width, small + (taps - 1 - tap) * width);
            winograd::kernels().transformKernel(small, u, m_uPoint);
        }
    }

    void writeTiles(const KernelContext& context, Range tiles, std::int64_t output, const float* m, const Workspace& space) const
    {
        const float* bias = m_hasBias ? context.inputs[2].as<const float>() + output : nullptr;
        auto* y = context.outputs[0].as<float>();
        const std::int64_t plane = m_g.outRows * m_g.outColumns * width;
        for (std::int64_t t = tiles.begin; t < tiles.end; ++t, m += width) {
            const auto at = m_g.grid().placeOf(t);
            float* to = y + (at.sample * m_g.outBlocks() + output / width) * plane + (at.row * m_g.outColumns + at.column) * width;
            const std::int64_t rows = std::min(tile, m_g.outRows - at.row);
            const std::int64_t columns = std::min(tile, m_g.outColumns - at.column);
            if (rows == tile && columns == tile) {
                winograd::kernels().transformOutput(m, m_mPoint, bias, m_relu, to, m_g.outColumns * width);
                continue;
            }
            winograd::kernels().transformOutput(m, m_mPoint, bias, m_relu, space.small, tile * width);
            for (std::int64_t i = 0; i < rows; ++i)
                std::memcpy(to + i * m_g.outColumns * width, space.small + i * tile * width,
                            static_cast<std::size_t>(columns * width) * sizeof(float));
        }
    }

    Geometry m_g;
    Cut m_cut;
    bool m_hasBias;
    bool m_relu;
    bool m_keepsKernel; ///< transformed once, where it is constant
    bool m_isStale = true;
    std::vector<float> m_kept; ///< [panels][chunks of channels][points][…]
    int m_threads;
    std::int64_t m_vPoint, m_mPoint, m_uPoint; ///< floats between points
};

constexpr std::int64_t busyTiles = 6; ///< fewer leave the sums waiting for each other

/// A constant kernel is kept transformed, with four times its bytes, unless reading them costs more than making them.
bool keepsKernel(const ConvProblem& p)
{
    constexpr std::int64_t mostFloats = 600000;
    return p.hasConstantKernel && points * p.channels * p.outputs <= mostFloats;
}

double costOf(const Geometry& g, bool hasKept, int threads)
{
    const Cut cut(g, threads);
    const std::int64_t parts = (g.tiles() + cut.tiles - 1) / cut.tiles;
    const std::int64_t rows = cut.tiles < busyTiles ? parts * busyTiles : g.tiles();
    const std::int64_t transformed = g.tiles() * (g.channels + g.outputs) + (hasKept ? 0 : parts * g.channels * g.outputs);
    return winograd::microseconds(rows * g.channels * g.outputs, transformed,
                                  cut.isByOutputs ? threads : static_cast<int>(std::min<std::int64_t>(threads, g.tiles())));
}

} // namespace

bool fitsWinograd(const ConvProblem& p)
{
    const auto both = [](const std::int64_t* values, std::int64_t wanted) { return values[1] == wanted && values[2] == wanted; };
    return p.spatialAxes == 2 && p.groups == 1 && p.channels % width == 0 && p.outputs % width == 0 && both(p.kernel, 3) && both(p.stride, 1)
        && both(p.dilation, 1) && !p.hasPool;
}

std::unique_ptr<Kernel> winogradForward(const ConvProblem& problem, int threads)
{
    return std::make_unique<ConvWinograd>(Geometry(problem, false), problem.hasBias, problem.relu, keepsKernel(problem), threads);
}

std::unique_ptr<Kernel> winogradInputGradient(const ConvProblem& problem, int threads)
{
    return std::make_unique<ConvWinograd>(Geometry(problem, true), false, false, false, threads);
}

double winogradForwardCost(const ConvProblem& problem, int threads)
{
    return costOf(Geometry(problem, false), keepsKernel(problem), threads);
}

double winogradInputGradientCost(const ConvProblem& problem, int threads)
{
    return costOf(Geometry(problem, true), false, threads);
}

} // namespace weft
