#pragma once

#include "core/ops/support/cuda_kernel.h"

namespace weft {

/// The elements of an array in groups: those that differ only along reduced axes, where `kept` is 1.
struct Groups {
    std::int64_t count, size; ///< groups, and elements of each
    Places ofGroup; ///< the first element of a group
    Places within; ///< an element of a group, from its first, in row-major order of the array

    /// Groups are counted as the results lie in memory.
    Groups(const Array& array, const Extents& kept, Layout ofResults) :
        count(elementCount(kept)), size(count > 0 ? array.count() / count : 0),
        ofGroup(placesOf(array, {nullptr, {array.type.dtype, kept}, ofResults})), within(reducedOf(array.type.extents, kept), stridesIn(array))
    {
    }
    constexpr std::int64_t at(std::int64_t group, std::int64_t element) const { return ofGroup.at(group) + within.at(element); }

private:
    static Places placesOf(const Array& array, const Array& results)
    {
        const Index own = stridesIn(array);
        const std::size_t rank = array.type.extents.size();
        Index strides{};
        for (std::size_t axis = 0; axis < rank; ++axis)
            strides[storedAxis(results.layout, rank, axis)] = own[axis];
        return Places(storedExtents(results), strides);
    }
    static Extents reducedOf(const Extents& extents, const Extents& kept)
    {
        Extents reduced;
        for (std::size_t i = 0; i < extents.size(); ++i)
            reduced.push_back(kept[i] == extents[i] ? 1 : extents[i]);
        return reduced;
    }
};

/// Whether a thread a group, beside those of the next channels, reads memory better than a team a group.
inline bool isThreadEnough(const Array& x, const Groups& groups)
{
    return x.layout == Layout::ChannelsLast && groups.size <= groups.count;
}

/// y = factor · the sums of the groups of input 0, added up in double.
template <class T, class Sum> void sumGroupsTo(const KernelContext& context, const Groups& groups, double factor, Sum* y)
{
    const T* x = inputData<T>(context, 0);
    if (isThreadEnough(context.inputs[0], groups)) {
        forEach(context, groups.count, [=] WEFT_DEVICE(std::int64_t group) {
            double sum = 0;
            for (std::int64_t i = 0; i < groups.size; ++i)
                sum += static_cast<double>(x[groups.at(group, i)]);
            y[group] = static_cast<Sum>(static_cast<float>(factor * sum));
        });
        return;
    }
    forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
        double sum = 0;
        for (std::int64_t i = team.index(); i < groups.size; i += team.size())
            sum += static_cast<double>(x[groups.at(group, i)]);
        sum = team.sum(sum);
        if (team.index() == 0)
            y[group] = static_cast<Sum>(static_cast<float>(factor * sum));
    });
}

/// Output 0, of the input's type or (`resultType`) float32.
template <class T> void sumGroups(const KernelContext& context, const Groups& groups, double factor)
{
    if (context.outputs[0].type.dtype == DType::Float32)
        sumGroupsTo<T>(context, groups, factor, outputData<float>(context));
    else
        sumGroupsTo<T>(context, groups, factor, outputData<T>(context));
}

} // namespace weft
