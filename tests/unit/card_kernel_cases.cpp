#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/ops/chain/chain.h"
#include "core/ops/op_catalogue.h"
#include "tests/unit/kernel_cases.h"

using namespace weft;

namespace {

struct AttentionCase {
    Extents heads; ///< and samples before them
    std::int64_t queries, keys, width, valueWidth;
};

void addAttention(std::vector<KernelCase>& cases, const AttentionCase& sizes, bool isCausal, bool hasLengths, double rate, bool byPosition = false)
{
    const auto with = [&](Extents behind, Fill fill = Fill::Signed) {
        behind.insert(behind.begin(), sizes.heads.begin(), sizes.heads.end());
        return CaseInput{std::move(behind), fill};
    };
    Attributes attributes{{"scale", 0.7}, {"causal", isCausal}, {"rate", rate}, {"stream", std::int64_t(12345)}};
    const CaseInput logSums = with({sizes.queries}, sizes.keys > 1000 ? Fill::LogSums : Fill::Signed), dy = with({sizes.queries, sizes.valueWidth});
    std::vector<CaseInput> inputs{with({sizes.queries, sizes.width}), with({sizes.keys, sizes.width}), with({sizes.keys, sizes.valueWidth})};
    std::vector<CaseInput> backward{dy, inputs[0], inputs[1], inputs[2], dy, logSums};
    if (hasLengths) {
        inputs.push_back({{sizes.heads[0]}, Fill::Classes, DType::Int32});
        backward.push_back(inputs.back());
    }
    if (byPosition) {
        attributes.set("byPosition", true);
        for (CaseInput* input : {&inputs[0], &inputs[1], &inputs[2], &backward[0], &backward[1], &backward[2], &backward[3], &backward[4]})
            std::swap(input->extents[1], input->extents[2]);
    }
    cases.push_back({"Attention", attributes, inputs});
    cases.push_back({"AttentionGradient", attributes, backward});
}

/// Alike in all channels, and of each its own; groups of 16 bytes that end between planes, positions and samples.
void addPixels(std::vector<KernelCase>& cases)
{
    using Reals = std::vector<double>;
    const std::pair<Reals, Reals> alike{{1 / 255.0}, {0.0}}, each{{0.017, 0.0175, 0.0174}, {-2.1, -2.04, -1.8}};
    for (const Extents& extents :
         {Extents{1, 3, 1, 1}, Extents{2, 3, 8, 8}, Extents{3, 3, 7, 11}, Extents{17, 3, 2, 1}, Extents{5, 3}, Extents{3, 3, 2, 3, 5}})
        for (const auto& [scale, shift] : {alike, each, std::pair{each.first, alike.second}})
            for (const bool isForConv : {false, true})
                cases.push_back({"Pixels", {{"scale", scale}, {"shift", shift}, {"forConv", isForConv}}, {{extents, Fill::Taps, DType::UInt8}}});
    cases.push_back({"Pixels", {{"scale", alike.first}, {"shift", alike.second}}, {{{3, 11, 5, 5}, Fill::Taps, DType::UInt8}}});
    cases.push_back({"Pixels", {{"scale", alike.first}, {"shift", alike.second}}, {{{7}, Fill::Taps, DType::UInt8}}});
}

ChainLink linkOf(const char* op, int running = 0)
{
    if (op == std::string_view("Dropout"))
        return dropoutLink({{"rate", 0.3}, {"stream", std::int64_t(12345)}});
    return {linkCode(op, running), 0.3, -2.0};
}

/// A chain of `links` on an array of `shape` and operands of theirs.
KernelCase chainCase(const std::vector<ChainLink>& links, const Extents& shape, const std::vector<Extents>& operands, Fill fill = Fill::Signed)
{
    KernelCase one{"ElementwiseChain", chainAttributes(links), {{shape, fill}}};
    for (const Extents& operand : operands)
        one.inputs.push_back({operand, fill});
    return one;
}

/// Each link by itself, on numbers that its function is made for, and chains as networks have them; with operands that are stretched, and
/// extents that are no whole groups of lanes.
void addChains(std::vector<KernelCase>& cases)
{
    const std::vector<Extents> shapes{{1}, {7}, {17, 3}, {24, 5, 3, 7}, {33, 2, 13, 5}, {16, 8, 4, 4}, {140, 1000}};
    for (const Extents& shape : shapes) {
        for (const OpSpec* op : opCatalogue())
            for (const int running : {0, 1}) {
                const std::string_view name = op->name;
                if (linkCode(name, running) < 0 || elementCount(shape) > 10000)
                    continue;
                const ChainLink link = linkOf(op->name, running);
                const Fill fill = name == "Log" || name == "Sqrt" || name == "Divide" ? Fill::Positive : Fill::Signed;
                const std::size_t operands = operandOf(link) == LinkOperand::Array ? 1 : 0;
                cases.push_back(chainCase({link}, shape, std::vector<Extents>(operands, shape), fill));
            }
        const Extents row = shape.size() > 2 ? Extents{shape[1], 1, 1} : Extents{shape.back()};
        const ChainLink dropout = linkOf("Dropout"), add = linkOf("Add");
        cases.push_back(chainCase({linkOf("Gelu"), dropout, add}, shape, {shape}));
        cases.push_back(chainCase({add, add, linkOf("ReluGradient")}, shape, {shape, shape, shape}));
        cases.push_back(chainCase({dropout, linkOf("GeluGradient"), linkOf("Affine")}, shape, {shape}));
        cases.push_back(chainCase(std::vector<ChainLink>(mostLinks, add), shape, std::vector<Extents>(mostLinks, shape)));
        cases.push_back(chainCase({linkOf("Multiply"), linkOf("Subtract", 1)}, shape, {{}, row}));
    }
    const ChainLink multiply = linkOf("Multiply"), relu = linkOf("Relu");
    for (const Extents& operand : {Extents{8}, Extents{6, 8}, Extents{1, 6, 1}, Extents{6, 1}, Extents{5, 1, 1}, Extents{5, 1, 8}})
        cases.push_back(chainCase({multiply, relu}, {5, 6, 8}, {operand}));
    const Extents channels{16, 1, 1}, positions{7, 5}, sample{16, 7, 5}, gates{3, 16, 1, 1}, samples{3, 1, 1, 1}, masks{3, 1, 7, 5};
    for (const Extents& operand : {channels, positions, sample, gates, samples, masks})
        cases.push_back(chainCase({relu, multiply}, {3, 16, 7, 5}, {operand}));
}

/// Matrices, planes and rows; channels in groups of 16 bytes, of four and of one.
void addFusedBatchNorm(std::vector<KernelCase>& cases)
{
    const std::pair<const char*, double> activations[]
        = {{"", 0}, {"Relu", 0}, {"LeakyRelu", 0.1}, {"ClippedRelu", 1.5}, {"Silu", 0}, {"HardSwish", 0}};
    for (const Extents& x :
         {Extents{1, 1, 3, 3}, Extents{17, 5}, Extents{64, 36}, Extents{24, 7, 5, 3}, Extents{5, 12, 4, 4}, Extents{33, 16, 9, 9}}) {
        const CaseInput channels{{x[1]}}, positive{{x[1]}, Fill::Positive};
        for (const auto& [activation, alpha] : activations) {
            const Attributes attributes{{"epsilon", 1e-5}, {"activation", std::string(activation)}, {"alpha", alpha}};
            cases.push_back({"FusedBatchNorm", attributes, {{x}, channels, channels}, 2e-5});
            cases.push_back({"FusedBatchNorm", attributes, {{x}, channels, channels, {x}}, 2e-5});
            if (*activation)
                cases.push_back({"FusedBatchNormGradient", attributes, {{x}, {x}, channels, channels, positive, channels}, 2e-5});
        }
    }
}

/// Rows that are held in registers in all ways, and such as are too wide for that; more rows than are added up at once, and means that
/// float32 cannot hold exactly.
void addLayerNorm(std::vector<KernelCase>& cases)
{
    const Attributes attributes{{"epsilon", 1e-5}};
    const auto add = [&](const Extents& x, Fill fill) {
        const CaseInput features{{x.back()}};
        cases.push_back({"LayerNorm", attributes, {{x, fill}, features, features}, 2e-5});
        cases.push_back({"LayerNormGradient", attributes, {{x}, {x, fill}, features}, 2e-5});
    };
    for (const Extents& x : {Extents{5, 768}, Extents{3, 2051}, Extents{2, 4104}, Extents{2, 8712}, Extents{50000, 3}})
        add(x, Fill::Signed);
    for (const Extents& x : {Extents{40, 768}, Extents{9, 67}, Extents{2, 8712}})
        add(x, Fill::Distant);
}

/// With and without dropout, an addend, and more slopes; samples of one row and of several.
void addFusedLayerNorm(std::vector<KernelCase>& cases)
{
    for (const Extents& extents : {Extents{7, 5}, Extents{5, 3, 24}, Extents{40, 768}, Extents{2, 2, 3, 67}, Extents{2, 1, 4104}}) {
        const CaseInput x{extents}, features{{extents.back()}};
        for (const double rate : {0.0, 0.3}) {
            const Attributes attributes{{"epsilon", 1e-5}, {"rate", rate}, {"stream", std::int64_t(12345)}};
            cases.push_back({"FusedLayerNorm", attributes, {x, x, features, features}, 2e-5});
            for (const std::int64_t more : {0, 1, 3})
                for (const bool hasAddend : {false, true}) {
                    KernelCase one{"FusedLayerNormGradient", attributes, {x, x, features}, 2e-5};
                    one.attributes.set("more", more);
                    one.attributes.set("hasAddend", hasAddend);
                    one.inputs.resize(one.inputs.size() + static_cast<std::size_t>(more) + (hasAddend ? 1 : 0), x);
                    cases.push_back(std::move(one));
                }
        }
    }
}

void addFusedCrossEntropy(std::vector<KernelCase>& cases)
{
    for (const Extents& logits : {Extents{1, 1}, Extents{5, 10}, Extents{70, 37}, Extents{3, 1500}, Extents{600, 10}})
        for (const bool hasCorrect : {false, true})
            for (const bool hasGradient : {false, true})
                for (const Fill fill : {Fill::Signed, Fill::Coarse}) {
                    const Attributes attributes{{"hasCorrect", hasCorrect}, {"hasGradient", hasGradient}, {"slope", 0.7}};
                    cases.push_back({"FusedCrossEntropy", attributes, {{logits, fill}, {{logits[0]}, Fill::Classes, DType::Int32}}});
                }
}

/// Of a point and wider, in planes and groups of channels that lie side by side, and padded otherwise at both ends.
void addFusedConvAdd(std::vector<KernelCase>& cases)
{
    struct Conv {
        Extents x, kernel, y;
        std::int64_t stride, padBegin, padEnd;
    };
    using Ints = std::vector<std::int64_t>;
    for (const auto& [x, kernel, y, stride, padBegin, padEnd] :
         {Conv{{1, 8, 7, 7}, {16, 8, 1, 1}, {1, 16, 7, 7}, 1, 0, 0}, Conv{{5, 3, 9, 9}, {7, 3, 3, 3}, {5, 7, 9, 9}, 1, 1, 1},
          Conv{{3, 16, 8, 8}, {8, 16, 3, 3}, {3, 8, 4, 4}, 2, 0, 1}})
        for (const bool relu : {false, true}) {
            const Attributes attributes{{"groups", std::int64_t(1)},      {"strides", Ints{stride, stride}}, {"padBegin", Ints{padBegin, padBegin}},
                                        {"padEnd", Ints{padEnd, padEnd}}, {"dilations", Ints{1, 1}},         {"relu", relu}};
            cases.push_back({"FusedConvAdd", attributes, {{x}, {kernel}, {{kernel[0]}}, {y}}});
        }
}

/// Products that do what surrounds the gradients of dense layers.
void addDenseGradients(std::vector<KernelCase>& cases)
{
    for (const auto& [m, n, k] : std::vector<std::array<std::int64_t, 3>>{{1, 1, 1}, {17, 13, 31}, {64, 120, 84}, {3, 128, 400}, {40, 256, 10}}) {
        for (const bool swap : {false, true}) {
            const Attributes attributes{{"transposeA", false}, {"transposeB", swap}};
            const CaseInput b{swap ? Extents{n, k} : Extents{k, n}};
            cases.push_back({"MaskedMatMul", attributes, {{{m, k}}, b, {{m, (n + 127) / 128 * 16}, Fill::Signed, DType::UInt8}}});
            // Behind a row the bits are whatever they were.
            Attributes masked = attributes;
            masked.set("relu", true);
            masked.set("hasMask", true);
            if (n % 128 == 0)
                cases.push_back({"FusedMatMul", masked, {{{m, k}}, b, {{n}}}});
        }
        cases.push_back({"DenseGradient", {}, {{{m, k}}, {{m, n}}}});
    }
    cases.push_back({"DenseGradient", {}, {{{5, 7, 12}}, {{5, 7, 9}}}});
    cases.push_back({"DenseGradient", {}, {{{2000, 3}}, {{2000, 8}}}});
}

} // namespace

bool isLeftToLibrary(const KernelCase& one)
{
    return one.op == "MaskedMatMul" || one.op == "DenseGradient" || one.attributes.has("hasMask");
}

std::vector<KernelCase> cardKernelCases()
{
    std::vector<KernelCase> cases;
    const std::vector<AttentionCase> all{{{1}, 1, 1, 1, 1}, {{5}, 7, 9, 3, 2}, {{6, 3}, 17, 17, 8, 8}, {{3, 2, 2}, 33, 130, 5, 16}};
    for (const AttentionCase& sizes : all)
        for (const bool isCausal : {false, true})
            for (const bool hasLengths : {false, true})
                for (const double rate : {0.0, 0.3})
                    for (const bool byPosition : {false, true})
                        if (!byPosition || sizes.heads.size() == 2)
                            addAttention(cases, sizes, isCausal, hasLengths, rate, byPosition);
    // Scores that are computed in parts: some heads at a time, some queries of a head.
    addAttention(cases, {{7}, 300, 4000, 2, 1}, true, false, 0.3);
    addAttention(cases, {{1}, 2600, 2600, 1, 1}, false, false, 0.3);
    addPixels(cases);
    addChains(cases);
    addFusedBatchNorm(cases);
    addLayerNorm(cases);
    addFusedLayerNorm(cases);
    addFusedCrossEntropy(cases);
    addFusedConvAdd(cases);
    addDenseGradients(cases);
    return cases;
}

std::vector<KernelCase> allKernelCases()
{
    std::vector<KernelCase> cases = kernelCases();
    std::ranges::move(cardKernelCases(), std::back_inserter(cases));
    return cases;
}
