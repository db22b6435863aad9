#include <algorithm>
#include <iterator>
#include <utility>

#include "tests/unit/kernel_cases.h"

using namespace weft;

namespace {

struct AttentionCase {
    Extents heads; ///< and samples before them
    std::int64_t queries, keys, width, valueWidth;
};

void addAttention(std::vector<KernelCase>& cases, const AttentionCase& sizes, bool isCausal, bool hasLengths, double rate)
{
    const auto with = [&](Extents behind, Fill fill = Fill::Signed) {
        behind.insert(behind.begin(), sizes.heads.begin(), sizes.heads.end());
        return CaseInput{std::move(behind), fill};
    };
    const Attributes attributes{{"scale", 0.7}, {"causal", isCausal}, {"rate", rate}, {"stream", std::int64_t(12345)}};
    const CaseInput logSums = with({sizes.queries}, sizes.keys > 1000 ? Fill::LogSums : Fill::Signed), dy = with({sizes.queries, sizes.valueWidth});
    std::vector<CaseInput> inputs{with({sizes.queries, sizes.width}), with({sizes.keys, sizes.width}), with({sizes.keys, sizes.valueWidth})};
    std::vector<CaseInput> backward{dy, inputs[0], inputs[1], inputs[2], dy, logSums};
    if (hasLengths) {
        inputs.push_back({{sizes.heads[0]}, Fill::Classes, DType::Int32});
        backward.push_back(inputs.back());
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

} // namespace

std::vector<KernelCase> cardKernelCases()
{
    std::vector<KernelCase> cases;
    const std::vector<AttentionCase> all{{{1}, 1, 1, 1, 1}, {{5}, 7, 9, 3, 2}, {{6, 3}, 17, 17, 8, 8}, {{3, 2, 2}, 33, 130, 5, 16}};
    for (const AttentionCase& sizes : all)
        for (const bool isCausal : {false, true})
            for (const bool hasLengths : {false, true})
                for (const double rate : {0.0, 0.3})
                    addAttention(cases, sizes, isCausal, hasLengths, rate);
    // Scores that are computed in parts: some heads at a time, some queries of a head.
    addAttention(cases, {{7}, 300, 4000, 2, 1}, true, false, 0.3);
    addAttention(cases, {{1}, 2600, 2600, 1, 1}, false, false, 0.3);
    addPixels(cases);
    return cases;
}

std::vector<KernelCase> allKernelCases()
{
    std::vector<KernelCase> cases = kernelCases();
    std::ranges::move(cardKernelCases(), std::back_inserter(cases));
    return cases;
}
