#pragma once

#include "core/ops/support/cuda_rows.h"

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

/// The rows of a matrix whose columns are the groups that leave `kept` of x; none where they are no columns, or few.
inline std::int64_t rowsOfColumns(const Extents& x, const Extents& kept)
{
    constexpr std::int64_t fewest = 64;
    const bool areColumns = !x.empty() && kept.back() == x.back() && elementCount(kept) == x.back() && x.back() > 0;
    const std::int64_t rows = areColumns ? elementCount(x) / x.back() : 0;
    return rows >= fewest ? rows : 0;
}

/// The scratch of `sumGroups`.
inline std::size_t sumScratchBytes(const Extents& x, const Extents& kept)
{
    const std::int64_t rows = rowsOfColumns(x, kept);
    return rows > 0 ? RowParts(rows, x.back()).scratchBytes() : 0;
}

/// y = factor · the sums of the groups of input 0, added up in double.
template <class T, class Sum> void sumGroupsTo(const KernelContext& context, const Extents& kept, double factor, Sum* y)
{
    const Array& array = context.inputs[0];
    const T* x = array.as<T>();
    const std::int64_t rows = array.layout == Layout::RowMajor ? rowsOfColumns(array.type.extents, kept) : 0;
    if (rows > 0) // A team a column would read lines of memory for a number each.
        return sumColumns(context, RowParts(rows, kept.back()), static_cast<double*>(context.scratch), x, factor, y);
    const Groups groups(array, kept, context.outputs[0].layout);
    if (isThreadEnough(array, groups)) {
        forEach(context, groups.count, [=] WEFT_DEVICE(std::int64_t group) {
            const T* first = x + groups.ofGroup.at(group);
            double sum = 0;
            for (std::int64_t i = 0; i < groups.size; ++i)
                sum += static_cast<double>(first[groups.within.at(i)]);
            y[group] = static_cast<Sum>(static_cast<float>(factor * sum));
        });
        return;
    }
    forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
        const T* first = x + groups.ofGroup.at(group);
        double sum = 0;
        for (std::int64_t i = team.index(); i < groups.size; i += team.size())
            sum += static_cast<double>(first[groups.within.at(i)]);
        sum = team.sum(sum);
        if (team.index() == 0)
            y[group] = static_cast<Sum>(static_cast<float>(factor * sum));
    });
}

/// The same to output 0, of the input's type or (`resultType`) float32.
template <class T> void sumGroups(const KernelContext& context, const Extents& kept, double factor)
{
    if (context.outputs[0].type.dtype == DType::Float32)
        sumGroupsTo<T>(context, kept, factor, outputData<float>(context));
    else
        sumGroupsTo<T>(context, kept, factor, outputData<T>(context));
}

} // namespace weft
