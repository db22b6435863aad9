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
    return cases;
}

std::vector<KernelCase> allKernelCases()
{
    std::vector<KernelCase> cases = kernelCases();
    std::ranges::move(cardKernelCases(), std::back_inserter(cases));
    return cases;
}
