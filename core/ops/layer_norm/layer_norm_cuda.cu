#include "core/ops/layer_norm/held_rows.h"

namespace weft {

namespace {

/// Of the last axis.
struct RowSizes {
    std::int64_t width, rows;

    explicit RowSizes(const Extents& x) : width(x.back()), rows(width > 0 ? elementCount(x) / width : 0) {}
};

/// A team a row.
template <class T, class Shape> struct NormalisedRows {
    const T* x;
    const float *scale, *shift; ///< null where there are none
    T* y;
    std::int64_t width;
    float epsilon;

    struct Item {
        typename Shape::Numbers x;
    };

    WEFT_DEVICE void operator()(std::int64_t row, const Team& team) const
    {
        const std::int64_t at = row * width;
        HeldRow<Shape, Item> held(team, width);
        const auto load = [&](Item& item, std::int64_t d) { item.x = floatsAt<Shape::lanes>(x + at + d); };
        const RowNorm norm = loadedNorm(team, held, width, epsilon, load, load);
        held.visit(load, [&](Item& item, std::int64_t d, bool) {
            for (float& number : item.x.at)
                number = norm.standard(number);
            if (scale)
                stretch(item.x, d);
            putFloats(y + at + d, item.x);
        });
    }
    WEFT_DEVICE void stretch(typename Shape::Numbers& numbers, std::int64_t d) const
    {
        const auto factors = floatsAt<Shape::lanes>(scale + d), addends = floatsAt<Shape::lanes>(shift + d);
        for (int lane = 0; lane < Shape::lanes; ++lane)
            numbers.at[lane] = numbers.at[lane] * factors.at[lane] + addends.at[lane];
    }
};

struct LayerNormCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const RowSizes sizes(context.inputs[0].type.extents);
        const bool isAffine = context.inputs.size() > 1;
        const float *scale = isAffine ? inputData<float>(context, 1) : nullptr, *shift = isAffine ? inputData<float>(context, 2) : nullptr;
        const auto epsilon = static_cast<float>(attributes.real("epsilon"));
        atShapeOf<T>(sizes.width, [&](auto shape) {
            using Shape = decltype(shape);
            forEachTeamOf(context, sizes.rows, (sizes.width + Shape::lanes - 1) / Shape::lanes,
                          NormalisedRows<T, Shape>{inputData<T>(context, 0), scale, shift, outputData<T>(context), sizes.width, epsilon});
        });
    }
};

/// The rows are shared out in parts, whatever the card: the team of a part keeps what its rows add to the slopes of scale and shift.
struct PartsOfRows {
    std::int64_t rows, rowsOfPart, parts;

    explicit PartsOfRows(std::int64_t ofRows) : rows(ofRows)
    {
        constexpr std::int64_t mostParts = 768, fewestRows = 4; // about as many teams as a large card has at once
        rowsOfPart = std::max(fewestRows, (rows + mostParts - 1) / mostParts);
        parts = (rows + rowsOfPart - 1) / rowsOfPart;
    }
};

/// The formulas stand at the reference. A team a part.
template <class T, class Shape> struct SlopesOfRows {
    using Numbers = typename Shape::Numbers;
    const T *dy, *x;
    const float* scale; ///< null where there is none, as are the sums then
    T* dx;
    float* sums; ///< [parts, 2, width]: of dy · the standardised x, and of dy
    std::int64_t width;
    float epsilon;
    PartsOfRows parts;

    struct Item {
        Numbers x, dy;
        Numbers ofScale{}, ofShift{}; ///< sums over some rows
    };

    WEFT_DEVICE void operator()(std::int64_t part, const Team& team) const
    {
        // So many are added up by themselves, which keeps the small from drowning in the large.
        constexpr std::int64_t rowsAtOnce = 64;
        HeldRow<Shape, Item> held(team, width);
        const std::int64_t begin = part * parts.rowsOfPart, end = std::min(begin + parts.rowsOfPart, parts.rows);
        for (std::int64_t first = begin; first < end; first += rowsAtOnce) {
            for (std::int64_t row = first; row < std::min(first + rowsAtOnce, end); ++row)
                pass(row, part, row == begin, held, team);
            if (sums)
                held.forHeld([&](Item& item, std::int64_t d) { moveSums(item, part, d, first == begin); });
        }
    }

    WEFT_DEVICE void pass(std::int64_t row, std::int64_t part, bool isFirst, HeldRow<Shape, Item>& held, const Team& team) const
    {
        const std::int64_t at = row * width;
        const auto load = [&](Item& item, std::int64_t d) {
            item.x = floatsAt<Shape::lanes>(x + at + d);
            item.dy = floatsAt<Shape::lanes>(dy + at + d);
        };
        const RowNorm norm = loadedNorm(team, held, width, epsilon, load, load);
        // From here on an item has the standardised x.
        const auto standardise = [&](Item& item, std::int64_t) {
            for (float& number : item.x.at)
                number = norm.standard(number);
        };
        const auto loadStandard = [&](Item& item, std::int64_t d) {
            load(item, d);
            standardise(item, d);
        };
        held.forHeld(standardise);
        float means[2] = {};
        held.visit(loadStandard, [&](const Item& item, std::int64_t d, bool) {
            const Numbers slopes = scaled(item.dy, d);
            for (int lane = 0; lane < Shape::lanes; ++lane) {
                means[0] += slopes.at[lane];
                means[1] += slopes.at[lane] * item.x.at[lane];
            }
        });
        sumEach(team, means);
        for (float& mean : means)
            mean *= 1.0f / static_cast<float>(width);
        held.visit(loadStandard, [&](Item& item, std::int64_t d, bool isHeld) {
            Numbers slopes = scaled(item.dy, d);
            for (int lane = 0; lane < Shape::lanes; ++lane) {
                slopes.at[lane] = (slopes.at[lane] - means[0] - item.x.at[lane] * means[1]) * norm.share;
                item.ofScale.at[lane] += item.dy.at[lane] * item.x.at[lane];
                item.ofShift.at[lane] += item.dy.at[lane];
            }
            putFloats(dx + at + d, slopes);
            if (sums && !isHeld)
                moveSums(item, part, d, isFirst);
        });
    }

    WEFT_DEVICE Numbers scaled(const Numbers& dys, std::int64_t d) const
    {
        if (!scale)
            return dys;
        Numbers slopes = dys;
        const Numbers factors = floatsAt<Shape::lanes>(scale + d);
        for (int lane = 0; lane < Shape::lanes; ++lane)
            slopes.at[lane] *= factors.at[lane];
        return slopes;
    }
    /// Adds the sums of an item to those of the part, or sets these.
    WEFT_DEVICE void moveSums(Item& item, std::int64_t part, std::int64_t d, bool isFirst) const
    {
        float* to = sums + 2 * part * width + d;
        for (Numbers* of : {&item.ofScale, &item.ofShift}) {
            const Numbers before = isFirst ? Numbers{} : lanesAt<Shape::lanes>(to);
            for (int lane = 0; lane < Shape::lanes; ++lane)
                of->at[lane] += before.at[lane];
            putLanes(to, *of);
            *of = {};
            to += width;
        }
    }
};

/// A team some columns of the sums.
template <int lanes> struct SumsOfParts {
    const float* sums;
    std::int64_t parts, width;
    float *dScale, *dShift;

    WEFT_DEVICE void operator()(std::int64_t group, const Team& team) const
    {
        const std::int64_t column = group * lanes;
        Lanes<float, lanes> sum{};
        for (std::int64_t part = team.index(); part < parts; part += team.size()) {
            const Lanes<float, lanes> of = lanesAt<lanes>(sums + 2 * part * width + column);
            for (int lane = 0; lane < lanes; ++lane)
                sum.at[lane] += of.at[lane];
        }
        sumEach(team, sum.at);
        if (team.index() == 0)
            putLanes(column < width ? dScale + column : dShift + (column - width), sum);
    }
};

struct LayerNormGradientCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const RowSizes sizes(request.inputs[1].extents);
        return request.inputs.size() > 2 ? static_cast<std::size_t>(2 * PartsOfRows(sizes.rows).parts * sizes.width) * sizeof(float) : 0;
    }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const RowSizes sizes(context.inputs[1].type.extents);
        const PartsOfRows parts(sizes.rows);
        const bool isAffine = context.inputs.size() > 2;
        const float* scale = isAffine ? inputData<float>(context, 2) : nullptr;
        float* sums = isAffine ? static_cast<float*>(context.scratch) : nullptr;
        const auto epsilon = static_cast<float>(attributes.real("epsilon"));
        atShapeOf<T>(sizes.width, [&](auto shape) {
            using Shape = decltype(shape);
            forEachTeamOf(context, parts.parts, (sizes.width + Shape::lanes - 1) / Shape::lanes,
                          SlopesOfRows<T, Shape>{inputData<T>(context, 0), inputData<T>(context, 1), scale, outputData<T>(context), sums, sizes.width,
                                                 epsilon, parts});
        });
        if (isAffine && sizes.width % 4 == 0)
            addParts<4>(context, parts.parts, sizes.width);
        else if (isAffine)
            addParts<1>(context, parts.parts, sizes.width);
    }

    template <int lanes> static void addParts(const KernelContext& context, std::int64_t parts, std::int64_t width)
    {
        constexpr std::int64_t partsOfThread = 8;
        forEachTeamOf(context, 2 * width / lanes, parts / partsOfThread,
                      SumsOfParts<lanes>{static_cast<const float*>(context.scratch), parts, width, outputData<float>(context, 1),
                                         outputData<float>(context, 2)});
    }
};

} // namespace

void layerNormCudaKernels(KernelTable& table)
{
    addStoredCuda<LayerNormCuda>(table, "LayerNorm");
    addStoredCuda<LayerNormGradientCuda>(table, "LayerNormGradient");
}

} // namespace weft
