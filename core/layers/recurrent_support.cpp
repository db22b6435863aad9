#include "core/layers/recurrent_support.h"

#include <cmath>

#include "core/base/random.h"
#include "core/layers/sequence_support.h"
#include "core/ops/concat/concat.h"
#include "core/ops/dropout/dropout.h"

namespace weft {

namespace {

/// The weights of layer `index` in one direction, all uniform within 1 / √units.
CellWeights weightsOf(LowerContext& c, Cell cell, std::int64_t features, std::int64_t units, int index, bool isReverse)
{
    const std::string suffix = "_l" + std::to_string(index) + (isReverse ? "_reverse" : "");
    const double bound = 1.0 / std::sqrt(static_cast<double>(units));
    const Initializer uniform{Initializer::Kind::Uniform, -bound, bound};
    const std::int64_t width = gatesOf(cell) * units;
    return {c.parameter("kernel" + suffix, {features, width}, uniform), c.parameter("recurrentKernel" + suffix, {units, width}, uniform),
            c.parameter("bias" + suffix, {width}, uniform), c.parameter("recurrentBias" + suffix, {width}, uniform)};
}

Value lowerRecurrent(LowerContext& c, Cell cell, const char* layer)
{
    Value x = sequenceInput(c, layer);
    const auto units = c.param<std::int64_t>("units");
    const int layers = c.param<int>("numLayers");
    const bool isTraining = c.mode() == Mode::Train;
    const auto rate = c.param<double>("dropout");
    std::vector<Value> last;
    for (int index = 0; index < layers; ++index) {
        if (index > 0 && rate > 0.0 && isTraining)
            x = dropout(x, rate, mixKeys(c.randomStream(), static_cast<std::uint64_t>(index)));
        std::vector<Value> all;
        last.clear();
        for (const bool isReverse : {false, true}) {
            if (isReverse && !c.param<bool>("bidirectional"))
                continue;
            const CellWeights weights = weightsOf(c, cell, x.shape()[2].factor, units, index, isReverse);
            const RecurrentResult result = recurrent(cell, x, weights, c.lengths(0), isReverse, isTraining);
            all.push_back(result.y);
            last.push_back(result.last);
        }
        x = all.size() == 1 ? all[0] : concat(all, 2);
    }
    if (c.param<bool>("returnSequence")) {
        c.giveLengths(c.lengths(0));
        return x;
    }
    return last.size() == 1 ? last[0] : concat(last, 1);
}

} // namespace

LayerSpec recurrentLayer(LayerSpec layer, Cell cell)
{
    const std::string type = layer.type();
    return layer.param("units", 128)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Recurrent", "Units"))
        .help(WEFT_TEXT("Recurrent", "Numbers in the state that is carried from step to step; features of the output for each direction."))
        .param("numLayers", 1)
        .range(1, 64)
        .label(WEFT_TEXT("Recurrent", "Layers"))
        .help(WEFT_TEXT("Recurrent", "How many are stacked: each reads the states of the one below."))
        .param("bidirectional", false)
        .label(WEFT_TEXT("Recurrent", "Both directions"))
        .help(WEFT_TEXT("Recurrent", "Reads the sequence backwards as well; the output holds both states side by side."))
        .param("returnSequence", false)
        .label(WEFT_TEXT("Recurrent", "Return the sequence"))
        .help(WEFT_TEXT("Recurrent", "Gives the state after every step, [N, T, units], instead of only the last, [N, units]."))
        .param("dropout", 0.0)
        .range(0.0, 0.99)
        .label(WEFT_TEXT("Recurrent", "Dropout"))
        .help(WEFT_TEXT("Recurrent", "Probability that a value between two stacked layers is dropped while training."))
        .input("x", "[N, T, features]")
        .output("y", "[N, units] / [N, T, units]")
        .mask(Mask::Use)
        .lower([cell, type](LowerContext& c) { return lowerRecurrent(c, cell, type.c_str()); });
}

} // namespace weft
