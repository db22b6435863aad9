#pragma once

#include "core/ops/support/cuda_kernel.h"

namespace weft {

/// The elements of an array in groups: those that differ only along reduced axes, where `kept` is 1.
struct Groups {
    std::int64_t count, size; ///< groups, and elements of each
    Places ofGroup; ///< the first element of a group
    Places within; ///< an element of a group, from its first, in row-major order of the array

    Groups(const Extents& extents, const Extents& kept) :
        count(elementCount(kept)), size(count > 0 ? elementCount(extents) / count : 0), ofGroup(kept, stridesOf(extents)),
        within(reducedOf(extents, kept), stridesOf(extents))
    {
    }
    constexpr std::int64_t at(std::int64_t group, std::int64_t element) const { return ofGroup.at(group) + within.at(element); }

private:
    static Extents reducedOf(const Extents& extents, const Extents& kept)
    {
        Extents reduced;
        for (std::size_t i = 0; i < extents.size(); ++i)
            reduced.push_back(kept[i] == extents[i] ? 1 : extents[i]);
        return reduced;
    }
};

/// Output 0 = factor · the sums of the groups of input 0, added up in double.
inline void sumGroups(const KernelContext& context, const Groups& groups, double factor)
{
    const float* x = inputData<float>(context, 0);
    float* y = outputData<float>(context);
    forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
        double sum = 0;
        for (std::int64_t i = team.index(); i < groups.size; i += team.size())
            sum += static_cast<double>(x[groups.at(group, i)]);
        sum = team.sum(sum);
        if (team.index() == 0)
            y[group] = static_cast<float>(factor * sum);
    });
}

} // namespace weft
