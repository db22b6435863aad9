#include "core/device/cpu/conv_options.h"

#include <algorithm>

#include "core/device/cpu/conv_lanes.h"
#include "core/device/cpu/conv_rows.h"
#include "core/device/cpu/conv_winograd.h"
#include "core/device/cpu/onednn.h"

namespace weft {

using onednn::ConvMethod;

ConvProblem convProblem(const Attributes& attributes, const Extents& x, const Extents& kernel, const Extents& y)
{
    ConvProblem p;
    p.n = x[0];
    p.channels = x[1];
    p.outputs = kernel[0];
    p.groups = attributes.integer("groups");
    p.spatialAxes = static_cast<int>(x.size()) - 2;
    for (std::size_t i = 0; i + 2 < x.size(); ++i) {
        const std::size_t axis = 5 - x.size() + i;
        p.in[axis] = x[i + 2];
        p.out[axis] = y[i + 2];
        p.kernel[axis] = kernel[i + 2];
        p.stride[axis] = attributes.integers("strides")[i];
        p.padBegin[axis] = attributes.integers("padBegin")[i];
        p.padEnd[axis] = attributes.integers("padEnd")[i];
        p.dilation[axis] = attributes.integers("dilations")[i];
    }
    return p;
}

namespace {

// Which convolution for which sizes. Rates are multiply-adds a microsecond and thread, measured on a
// Zen 4 with AVX-512 (peak 71,000) for 3x3 and 5x5 kernels on 7 to 32 positions and 1 to 128 channels;
// only their proportions matter. oneDNN reaches 90 % of the peak, but on channels padded to 16, and it
// packs the weights first. Batch lanes reach 77 % of the peak for any channels, and pad only the batch;
// a sixth of that is lost when a group of 16 samples outgrows the second-level cache. So oneDNN wins for
// multiples of 16 and for many channels, batch lanes for the others. A pooling can be fused with batch
// lanes and rows, which saves more than their lower rate costs where the two are near each other.
constexpr double lanesRate = 54000;
constexpr double lanesRateBeyondCache = 44000;
constexpr double cacheFloats = 250000;
constexpr double lanesStart = 3; ///< microseconds
constexpr double rowsRate = 44000;
constexpr double onednnRate = 64000;
constexpr double onednnPlainRate = 55000; ///< from row-major x with up to four channels
constexpr double onednnPlainGradientRate = 10000; ///< into such an x
constexpr double onednnColumnsRate = 20000; ///< all row-major, by way of a matrix of windows
constexpr double onednnStart = 10;
constexpr double bfloat16RoundingRate = 5000; ///< numbers a microsecond

/// Winograd's rounding error hardly grows with the channels, that of a direct sum does: on 64 channels they are 1.5 apart,
/// on 32 twice. What the forward pass rounds opens and closes ReLUs; the two such layers at the start of Inception-v3
/// alone made its gradients 1.27 times as far from float64 as direct sums do.
constexpr std::int64_t leastWinogradChannels = 64;

std::int64_t roundedUp(std::int64_t n)
{
    return (n + 15) / 16 * 16;
}

/// All but the index of a pooling.
bool isFloat32(const KernelRequest& request)
{
    const auto isFloat = [](const ArrayType& type) { return type.dtype == DType::Float32; };
    return std::all_of(request.inputs.begin(), request.inputs.end(), isFloat) && isFloat(request.outputs[0]);
}

bool isEmpty(const ConvProblem& p)
{
    return p.n * p.channels * p.outputs * p.inPositions() * p.outPositions() == 0;
}

double lanesCost(const ConvProblem& p, int threads)
{
    const double padding = static_cast<double>(roundedUp(p.n)) / static_cast<double>(p.n);
    // A block of outputs reads all planes of a group of 16 samples again.
    const double planes = 16.0 * static_cast<double>(p.groupChannels() * p.inPositions());
    return lanesStart + p.work() * padding / (planes > cacheFloats ? lanesRateBeyondCache : lanesRate) / threads;
}

/// `plainRate` holds where x (or dx) is row-major.
double onednnCost(const ConvProblem& p, Layout x, double plainRate, int threads)
{
    const auto padded = [&](std::int64_t channels) { return static_cast<double>(roundedUp(channels)) / static_cast<double>(channels); };
    const bool isPlain = x == Layout::RowMajor;
    const double padding = p.groups > 1 ? 1.0 : (isPlain ? 1.0 : padded(p.channels)) * padded(p.outputs);
    return onednnStart + p.work() * padding / (isPlain ? plainRate : onednnRate) / threads;
}

double columnsCost(const ConvProblem& p, int threads)
{
    return onednnStart + p.work() / onednnColumnsRate / threads;
}

/// Operands are rounded at each run, which costs their bytes. For the gradient of the kernel oneDNN's
/// bfloat16 is several times slower than its float32, so that there is no such option there.
double bfloat16Cost(const ConvProblem& p, Layout x, double plainRate, std::int64_t rounded, int threads)
{
    return onednnCost(p, x, plainRate, threads) / 1.6 + static_cast<double>(rounded) / bfloat16RoundingRate;
}

KernelOption option(std::vector<Layout> inputs, std::vector<Layout> outputs, double microseconds, const char* name,
                    std::function<std::unique_ptr<Kernel>()> prepare)
{
    return {std::move(inputs), std::move(outputs), microseconds, name, std::move(prepare)};
}

constexpr Layout plain = Layout::RowMajor;
constexpr Layout blocked = Layout::ChannelBlocked16;
constexpr Layout inLanes = Layout::BatchLanes16;

/// Row-major x without padded channels where it has few; oneDNN does not have that for every geometry.
std::vector<Layout> onednnInputLayouts(const ConvProblem& p)
{
    return p.channels <= 4 && p.groups == 1 ? std::vector<Layout>{plain, blocked} : std::vector<Layout>{blocked};
}

} // namespace

std::vector<KernelOption> convForwardOptions(const KernelRequest& request, const ConvProblem& problem)
{
    if (!isFloat32(request) || isEmpty(problem))
        return {};
    ConvProblem p = problem;
    p.hasConstantKernel = request.hasConstantWeights;
    const int threads = request.threads;
    std::vector<KernelOption> options;
    const auto add = [&](Layout x, Layout y, double microseconds, const char* name, auto prepare) {
        std::vector<Layout> inputs(request.inputs.size(), plain);
        inputs[0] = x;
        options.push_back(option(std::move(inputs), std::vector<Layout>(request.outputs.size(), y), microseconds, name, prepare));
    };
    if (p.spatialAxes <= 2)
        add(inLanes, inLanes, lanesCost(p, threads), "lanes", [p, threads] { return lanes::convForward(p, threads); });
    if (fitsConvRows(p)) {
        const double cost = 1 + p.work() * convRowsWaste(p) / rowsRate / static_cast<double>(std::min<std::int64_t>(threads, p.n));
        add(plain, plain, cost, "rows", [p, threads] { return convRows(p, threads); });
    }
    if (p.hasPool) {
        // Fused only where oneDNN, which has no such kernel, would not be chosen without the pooling.
        const double alone = onednnCost(p, onednnInputLayouts(p).front(), onednnPlainRate, threads);
        std::erase_if(options, [&](const KernelOption& candidate) { return candidate.microseconds > 1.25 * alone; });
        return options;
    }
    for (const Layout x : onednnInputLayouts(p))
        if (onednn::convForward(p, ConvMethod::Direct, x, blocked, threads))
            add(x, blocked, onednnCost(p, x, onednnPlainRate, threads), "onednn:direct",
                [p, x, threads] { return onednn::convForward(p, ConvMethod::Direct, x, blocked, threads); });
    // Volumes have no batch lanes: where no direct convolution fits their groups or the processor, oneDNN's matrices do.
    if (p.spatialAxes == 3 && onednn::convForward(p, ConvMethod::Direct, plain, plain, threads))
        add(plain, plain, columnsCost(p, threads), "onednn:columns",
            [p, threads] { return onednn::convForward(p, ConvMethod::Direct, plain, plain, threads); });
    const std::int64_t inputs = p.n * p.channels * p.inPositions();
    for (const Layout x : onednnInputLayouts(p))
        if (onednn::mayRound(request) && onednn::convForward(p, ConvMethod::BFloat16, x, blocked, threads))
            add(x, blocked, bfloat16Cost(p, x, onednnPlainRate, inputs, threads), "onednn:bf16",
                [p, x, threads] { return onednn::convForward(p, ConvMethod::BFloat16, x, blocked, threads); });
    if (fitsWinograd(p) && p.channels >= leastWinogradChannels)
        add(blocked, blocked, winogradForwardCost(p, threads), "winograd", [p, threads] { return winogradForward(p, threads); });
    return options;
}

std::vector<KernelOption> convInputGradientOptions(const KernelRequest& request, const ConvProblem& p)
{
    if (!isFloat32(request) || isEmpty(p))
        return {};
    const int threads = request.threads;
    std::vector<KernelOption> options;
    if (p.spatialAxes <= 2)
        options.push_back(
            option({inLanes, plain}, {inLanes}, lanesCost(p, threads), "lanes", [p, threads] { return lanes::convInputGradient(p, threads); }));
    for (const Layout dx : onednnInputLayouts(p))
        if (onednn::convInputGradient(p, ConvMethod::Direct, blocked, dx, threads))
            options.push_back(option({blocked, plain}, {dx}, onednnCost(p, dx, onednnPlainGradientRate, threads), "onednn:direct",
                                     [p, dx, threads] { return onednn::convInputGradient(p, ConvMethod::Direct, blocked, dx, threads); }));
    if (p.spatialAxes == 3 && onednn::convInputGradient(p, ConvMethod::Direct, plain, plain, threads))
        options.push_back(option({plain, plain}, {plain}, columnsCost(p, threads), "onednn:columns",
                                 [p, threads] { return onednn::convInputGradient(p, ConvMethod::Direct, plain, plain, threads); }));
    const std::int64_t outputs = p.n * p.outputs * p.outPositions();
    if (onednn::mayRound(request) && onednn::convInputGradient(p, ConvMethod::BFloat16, blocked, blocked, threads))
        options.push_back(option({blocked, plain}, {blocked}, bfloat16Cost(p, blocked, 0, outputs, threads), "onednn:bf16",
                                 [p, threads] { return onednn::convInputGradient(p, ConvMethod::BFloat16, blocked, blocked, threads); }));
    if (fitsWinograd(p))
        options.push_back(option({blocked, plain}, {blocked}, winogradInputGradientCost(p, threads), "winograd",
                                 [p, threads] { return winogradInputGradient(p, threads); }));
    return options;
}

std::vector<KernelOption> convKernelGradientOptions(const KernelRequest& request, const ConvProblem& p)
{
    if (!isFloat32(request) || isEmpty(p))
        return {};
    const int threads = request.threads;
    const std::vector<Layout> outputs(request.outputs.size(), plain);
    std::vector<KernelOption> options;
    if (p.spatialAxes <= 2)
        options.push_back(
            option({inLanes, inLanes}, outputs, lanesCost(p, threads), "lanes", [p, threads] { return lanes::convKernelGradient(p, threads); }));
    for (const Layout x : onednnInputLayouts(p))
        if (onednn::convKernelGradient(p, ConvMethod::Direct, x, blocked, threads))
            options.push_back(option({x, blocked}, outputs, onednnCost(p, x, onednnPlainRate, threads), "onednn:direct",
                                     [p, x, threads] { return onednn::convKernelGradient(p, ConvMethod::Direct, x, blocked, threads); }));
    if (p.spatialAxes == 3 && onednn::convKernelGradient(p, ConvMethod::Direct, plain, plain, threads))
        options.push_back(option({plain, plain}, outputs, columnsCost(p, threads), "onednn:columns",
                                 [p, threads] { return onednn::convKernelGradient(p, ConvMethod::Direct, plain, plain, threads); }));
    if (fitsWinograd(p))
        options.push_back(option({blocked, blocked}, outputs, winogradKernelGradientCost(p, threads), "winograd",
                                 [p, threads] { return winogradKernelGradient(p, threads); }));
    return options;
}

} // namespace weft
