#include "core/ops/layer_norm/held_rows.h"
#include "core/ops/layer_norm/residual_rows.h"

namespace weft {

namespace {

/// Of the last axis.
struct RowSizes {
    std::int64_t width, rows;

    explicit RowSizes(const Extents& x) : width(x.back()), rows(width > 0 ? elementCount(x) / width : 0) {}
};

/// A team a row, which it gets from a Source.
template <class T, class Shape, class Source> struct NormalisedRows {
    Source source;
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
        const auto load = [&](Item& item, std::int64_t d) { source.load(item.x, row, d, at + d); };
        const auto again = [&](Item& item, std::int64_t d) { source.loadAgain(item.x, at + d); };
        const RowNorm norm = loadedNorm(team, held, width, epsilon, load, again);
        held.visit(again, [&](Item& item, std::int64_t d, bool) {
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

/// Of a layer's LayerNorm, whose scale is the input of that number, where there is one.
template <class T, class Source>
void normalise(const KernelContext& context, const Attributes& attributes, const Source& source, std::size_t ofScale, T* y)
{
    const RowSizes sizes(context.inputs[0].type.extents);
    const bool isAffine = context.inputs.size() > ofScale;
    const float *scale = isAffine ? inputData<float>(context, ofScale) : nullptr,
                *shift = isAffine ? inputData<float>(context, ofScale + 1) : nullptr;
    const auto epsilon = static_cast<float>(attributes.real("epsilon"));
    atShapeOf<T>(sizes.width, [&](auto shape) {
        using Shape = decltype(shape);
        forEachTeamOf(context, sizes.rows, (sizes.width + Shape::lanes - 1) / Shape::lanes,
                      NormalisedRows<T, Shape, Source>{source, scale, shift, y, sizes.width, epsilon});
    });
}

struct LayerNormCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        normalise<T>(context, attributes, PlainRows<T>{inputData<T>(context, 0)}, 1, outputData<T>(context));
    }
};

struct FusedLayerNormCuda {
    static constexpr const char* name = "cuda:residual-norm";
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const RowDropout dropout(context, attributes);
        normalise<T>(context, attributes, ResidualRows<T>{inputData<T>(context, 0), inputData<T>(context, 1), outputData<T>(context), dropout}, 2,
                     outputData<T>(context, 1));
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

/// The formulas stand at the reference. A team a part; Slopes gives dy and takes dx.
template <class T, class Shape, class Slopes> struct SlopesOfRows {
    using Numbers = typename Shape::Numbers;
    Slopes slopes;
    const T* x;
    const float* scale; ///< null where there is none, as are the sums then
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
            slopes.load(item.dy, at + d);
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
            const Numbers dys = scaled(item.dy, d);
            for (int lane = 0; lane < Shape::lanes; ++lane) {
                means[0] += dys.at[lane];
                means[1] += dys.at[lane] * item.x.at[lane];
            }
        });
        sumEach(team, means);
        for (float& mean : means)
            mean *= 1.0f / static_cast<float>(width);
        held.visit(loadStandard, [&](Item& item, std::int64_t d, bool isHeld) {
            Numbers dx = scaled(item.dy, d);
            for (int lane = 0; lane < Shape::lanes; ++lane) {
                dx.at[lane] = (dx.at[lane] - means[0] - item.x.at[lane] * means[1]) * norm.share;
                item.ofScale.at[lane] += item.dy.at[lane] * item.x.at[lane];
                item.ofShift.at[lane] += item.dy.at[lane];
            }
            slopes.put(dx, row, d, at + d);
            if (sums && !isHeld)
                moveSums(item, part, d, isFirst);
        });
    }

    WEFT_DEVICE Numbers scaled(const Numbers& dys, std::int64_t d) const
    {
        if (!scale)
            return dys;
        Numbers all = dys;
        const Numbers factors = floatsAt<Shape::lanes>(scale + d);
        for (int lane = 0; lane < Shape::lanes; ++lane)
            all.at[lane] *= factors.at[lane];
        return all;
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

template <int lanes> void addParts(const KernelContext& context, std::int64_t parts, std::int64_t width)
{
    constexpr std::int64_t partsOfThread = 8;
    forEachTeamOf(
        context, 2 * width / lanes, parts / partsOfThread,
        SumsOfParts<lanes>{static_cast<const float*>(context.scratch), parts, width, outputData<float>(context, 1), outputData<float>(context, 2)});
}

template <class T, class Slopes> void differentiate(const KernelContext& context, const Attributes& attributes, const Slopes& slopes)
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
                      SlopesOfRows<T, Shape, Slopes>{slopes, inputData<T>(context, 1), scale, sums, sizes.width, epsilon, parts});
    });
    if (isAffine && sizes.width % 4 == 0)
        addParts<4>(context, parts.parts, sizes.width);
    else if (isAffine)
        addParts<1>(context, parts.parts, sizes.width);
}

struct LayerNormGradientCuda {
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        const RowSizes sizes(request.inputs[1].extents);
        return request.inputs.size() > 2 ? static_cast<std::size_t>(2 * PartsOfRows(sizes.rows).parts * sizes.width) * sizeof(float) : 0;
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        differentiate<T>(context, attributes, PlainSlopes<T>{inputData<T>(context, 0), outputData<T>(context)});
    }
};

struct FusedLayerNormGradientCuda : LayerNormGradientCuda {
    static constexpr const char* name = "cuda:residual-norm";
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto more = static_cast<std::size_t>(attributes.integer("more"));
        const RowDropout dropout(context, attributes);
        ResidualSlopes<T> slopes{inputData<T>(context, 0),
                                 {},
                                 attributes.flag("hasAddend") ? inputData<T>(context, 3 + more) : nullptr,
                                 outputData<T>(context),
                                 dropout.isNone() ? nullptr : outputData<T>(context, 3),
                                 dropout};
        for (std::size_t i = 0; i < more; ++i)
            slopes.more[i] = inputData<T>(context, 3 + i);
        differentiate<T>(context, attributes, slopes);
    }
};

/// Under a name by which a session can leave it out.
template <class Kernel> std::vector<KernelOption> namedOptions(const KernelRequest& request)
{
    if (!RowDropout::canCount(request.inputs[0].extents))
        return {};
    std::vector<KernelOption> options = storedCudaFactory<Kernel>(request);
    for (KernelOption& option : options)
        option.name = Kernel::name;
    return options;
}

} // namespace

void layerNormCudaKernels(KernelTable& table)
{
    addStoredCuda<LayerNormCuda>(table, "LayerNorm");
    addStoredCuda<LayerNormGradientCuda>(table, "LayerNormGradient");
    table.add(DeviceKind::Cuda, "FusedLayerNorm", &namedOptions<FusedLayerNormCuda>);
    table.add(DeviceKind::Cuda, "FusedLayerNormGradient", &namedOptions<FusedLayerNormGradientCuda>);
}

} // namespace weft
