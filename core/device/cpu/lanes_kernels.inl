// Included once for each level of instructions, with WEFT_LEVEL (a namespace), WEFT_VECTOR (floats in
// a register) and WEFT_REGISTERS set. No function of the standard library may be called here that is
// not always inlined: another file could end up with this level's copy of it.

namespace weft::lanes::WEFT_LEVEL
{

namespace
{

using std::int64_t;
using std::ptrdiff_t;

constexpr int vectorFloats = WEFT_VECTOR;
constexpr int pieces = 16 / vectorFloats; ///< vectors that hold one position's 16 samples

typedef float Vector __attribute__((vector_size(WEFT_VECTOR * 4)));
typedef int IntVector __attribute__((vector_size(WEFT_VECTOR * 4)));
typedef float LooseVector __attribute__((vector_size(WEFT_VECTOR * 4), aligned(4), may_alias));

inline Vector load(const float* p)
{
    return *reinterpret_cast<const LooseVector*>(p);
}
inline void store(float* p, Vector v)
{
    *reinterpret_cast<LooseVector*>(p) = v;
}
inline Vector splat(float value)
{
    return value - Vector{}; // subtracting zero folds away, adding it would not (−0 + 0)
}
inline int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
inline int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/// The sum of the first `lanes` of 16 samples that lie in `pieces` vectors.
inline float sumLanes(const Vector* v, int64_t lanes)
{
    float total = 0;
    for (int64_t i = 0; i < lanes; ++i)
        total += v[i / vectorFloats][i % vectorFloats];
    return total;
}

// ---- convolution -----------------------------------------------------------------------------------

/// Columns of the kernel, from `begin` to before `end`.
struct Taps {
    int64_t begin;
    int64_t end;
};

/// `outputs` channels times `positions` columns of one row, held in registers over all taps. Its
/// products need outputs + positions loads for outputs · positions multiply-adds.
template <int outputs, int positions, bool isDense> void convTile(const ConvBlock& b, const float* x, float* y, Taps taps)
{
    const ptrdiff_t step = isDense ? ptrdiff_t(width) : b.xColumn;
    Vector sums[outputs][positions];
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o) {
        const Vector start = splat(b.bias ? b.bias[o] : 0.0f);
#pragma GCC unroll 8
        for (int p = 0; p < positions; ++p)
            sums[o][p] = start;
    }
    const int64_t left = (b.kernelColumns - (taps.end - taps.begin)) * outputs;
    x += taps.begin * b.tapColumn;
    for (int64_t c = 0; c < b.channels; ++c) {
        const float* row = x + c * b.xChannel;
        const float* w = b.weights + c * b.weightChannel + taps.begin * outputs;
        for (int64_t ky = 0; ky < b.kernelRows; ++ky, row += b.tapRow, w += left) {
            const float* tap = row;
            for (int64_t kx = taps.begin; kx < taps.end; ++kx, tap += b.tapColumn, w += outputs) {
                Vector weight[outputs];
#pragma GCC unroll 8
                for (int o = 0; o < outputs; ++o)
                    weight[o] = splat(w[o]);
#pragma GCC unroll 8
                for (int p = 0; p < positions; ++p) {
                    const Vector value = load(tap + p * step);
#pragma GCC unroll 8
                    for (int o = 0; o < outputs; ++o)
                        sums[o][p] += weight[o] * value;
                }
            }
        }
    }
#pragma GCC unroll 8
    for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 8
        for (int p = 0; p < positions; ++p) {
            Vector value = sums[o][p];
            if (b.relu)
                value = value <= Vector{} ? Vector{} : value; // a NaN stays
            store(y + o * b.yChannel + p * b.yColumn, value);
        }
}

using ConvTile = void (*)(const ConvBlock&, const float*, float*, Taps);

/// Columns a tile may have so that sums, weights and one value fit into the registers.
constexpr int tileColumns(int outputs)
{
    const int fit = (WEFT_REGISTERS - 1 - outputs) / outputs;
    return fit < 1 ? 1 : fit > 8 ? 8 : fit;
}

/// Six outputs halve the loads of four, where there are registers enough.
constexpr int maxOutputs = WEFT_REGISTERS == 32 ? 6 : 4;

template <int outputs, bool isDense> ConvTile convTileFor(int64_t positions)
{
    constexpr int most = tileColumns(outputs);
    constexpr ConvTile tiles[8] = {convTile<outputs, 1, isDense>,
                                   convTile < outputs,
                                   most < 2 ? most : 2,
                                   isDense >,
                                   convTile < outputs,
                                   most < 3 ? most : 3,
                                   isDense >,
                                   convTile < outputs,
                                   most < 4 ? most : 4,
                                   isDense >,
                                   convTile < outputs,
                                   most < 5 ? most : 5,
                                   isDense >,
                                   convTile < outputs,
                                   most < 6 ? most : 6,
                                   isDense >,
                                   convTile < outputs,
                                   most < 7 ? most : 7,
                                   isDense >,
                                   convTile < outputs,
                                   most < 8 ? most : 8,
                                   isDense > };
    return tiles[positions - 1];
}

/// The taps with which at least one of the columns [first, first + columns) meets x, not its padding.
inline Taps tapsThatMeet(const ConvBlock& b, int64_t first, int64_t columns)
{
    Taps taps = {0, b.kernelColumns};
    if (b.xExtent == 0)
        return taps;
    const int64_t from = b.xFirst + first * (b.xColumn / width);
    const int64_t to = from + (columns - 1) * (b.xColumn / width);
    const int64_t step = b.tapColumn / width;
    const auto misses = [&](int64_t tap) { return to + tap * step < 0 || from + tap * step >= b.xExtent; };
    while (taps.begin < taps.end && misses(taps.begin))
        ++taps.begin;
    while (taps.begin < taps.end && misses(taps.end - 1))
        --taps.end;
    return taps;
}

template <int outputs, bool isDense> void convRows(const ConvBlock& b)
{
    // A row is cut into the fewest tiles, as equal as they can be; each goes down all rows, which share most of x.
    const int64_t tileCount = (b.columns + tileColumns(outputs) - 1) / tileColumns(outputs);
    const int64_t size = b.columns / tileCount;
    const int64_t rest = b.columns % tileCount;
    int64_t column = 0;
    for (int64_t t = 0; t < tileCount; ++t) {
        const int64_t columns = t < rest ? size + 1 : size;
        const ConvTile tile = convTileFor<outputs, isDense>(columns);
        const Taps taps = tapsThatMeet(b, column, columns);
        for (int64_t row = 0; row < b.rows; ++row)
            for (int piece = 0; piece < pieces; ++piece)
                tile(b, b.x + row * b.xRow + column * b.xColumn + piece * vectorFloats,
                     b.y + row * b.yRow + column * b.yColumn + piece * vectorFloats, taps);
        column += columns;
    }
}

template <int outputs> void convOf(const ConvBlock& b)
{
    b.xColumn == width ? convRows<outputs, true>(b) : convRows<outputs, false>(b);
}

void conv(const ConvBlock& b)
{
    if (b.columns == 0)
        return;
    switch (b.outputs) {
    case 1: return convOf<1>(b);
    case 2: return convOf<2>(b);
    case 3: return convOf<3>(b);
    case 4: return convOf<4>(b);
    case 5: return convOf < maxOutputs < 5 ? 4 : 5 > (b);
    default: return convOf < maxOutputs < 6 ? 4 : 6 > (b);
    }
}

// ---- gradient of the kernel ------------------------------------------------------------------------

constexpr int gradientOutputs = WEFT_REGISTERS == 32 ? 4 : 3;
constexpr int gradientTaps = WEFT_REGISTERS == 32 ? 6 : 4;

/// Adds to the sums of `outputs` channels times `taps` taps, held in registers over all positions.
template <int outputs, int taps> void gradientTile(const KernelGradientBlock& b)
{
    const float* tapStart[taps];
#pragma GCC unroll 8
    for (int t = 0; t < taps; ++t)
        tapStart[t] = b.x + b.tapOffsets[t];
    for (int piece = 0; piece < pieces; ++piece) {
        float* total = b.sums + piece * vectorFloats;
        Vector sums[outputs][taps];
#pragma GCC unroll 8
        for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 8
            for (int t = 0; t < taps; ++t)
                sums[o][t] = load(total + o * b.sumsOutput + t * width);
        for (int64_t group = 0; group < b.groups; ++group)
            for (int64_t row = 0; row < b.rows; ++row) {
                const float* dy = b.dy + group * b.dyGroup + row * b.dyRow + piece * vectorFloats;
                ptrdiff_t offset = group * b.xGroup + row * b.xRow + piece * vectorFloats;
                for (int64_t column = 0; column < b.columns; ++column, dy += width, offset += b.xColumn) {
                    Vector slope[outputs];
#pragma GCC unroll 8
                    for (int o = 0; o < outputs; ++o)
                        slope[o] = load(dy + o * b.dyChannel);
#pragma GCC unroll 8
                    for (int t = 0; t < taps; ++t) {
                        const Vector value = load(tapStart[t] + offset);
#pragma GCC unroll 8
                        for (int o = 0; o < outputs; ++o)
                            sums[o][t] += slope[o] * value;
                    }
                }
            }
#pragma GCC unroll 8
        for (int o = 0; o < outputs; ++o)
#pragma GCC unroll 8
            for (int t = 0; t < taps; ++t)
                store(total + o * b.sumsOutput + t * width, sums[o][t]);
    }
}

template <int outputs> void gradientOf(const KernelGradientBlock& b)
{
    switch (b.taps) {
    case 1: return gradientTile<outputs, 1>(b);
    case 2: return gradientTile<outputs, 2>(b);
    case 3: return gradientTile<outputs, 3>(b);
    case 4: return gradientTile<outputs, 4>(b);
    case 5: return gradientTile < outputs, gradientTaps < 5 ? 4 : 5 > (b);
    default: return gradientTile < outputs, gradientTaps < 6 ? 4 : 6 > (b);
    }
}

void kernelGradient(const KernelGradientBlock& b)
{
    switch (b.outputs) {
    case 1: return gradientOf<1>(b);
    case 2: return gradientOf<2>(b);
    case 3: return gradientOf<3>(b);
    default: return gradientOf < gradientOutputs < 4 ? 3 : 4 > (b);
    }
}

float sum(const float* x, ptrdiff_t stride, int64_t count, int64_t groups, int64_t samples)
{
    float total = 0;
    for (int64_t group = 0; group < groups; ++group) {
        // Four chains hide the latency of the additions.
        Vector sums[4][pieces] = {};
        const float* p = x + group * stride;
        int64_t i = 0;
        for (; i + 4 <= count; i += 4)
#pragma GCC unroll 4
            for (int chain = 0; chain < 4; ++chain)
#pragma GCC unroll 4
                for (int piece = 0; piece < pieces; ++piece)
                    sums[chain][piece] += load(p + (i + chain) * width + piece * vectorFloats);
        for (; i < count; ++i)
            for (int piece = 0; piece < pieces; ++piece)
                sums[0][piece] += load(p + i * width + piece * vectorFloats);
        for (int piece = 0; piece < pieces; ++piece)
            sums[0][piece] = (sums[0][piece] + sums[1][piece]) + (sums[2][piece] + sums[3][piece]);
        total += sumLanes(sums[0], smaller(width, samples - group * width));
    }
    return total;
}

// ---- pooling ---------------------------------------------------------------------------------------

/// Rows or columns of x that window `index` covers.
struct Window {
    int64_t begin;
    int64_t end;
};
inline Window windowOf(int64_t index, int64_t stride, int64_t pad, int64_t kernel, int64_t extent)
{
    const int64_t begin = index * stride - pad;
    return {larger(begin, 0), smaller(begin + kernel, extent)};
}

void maxPool(const PoolPlane& p, const float* x, float* y)
{
    for (int64_t i = 0; i < p.outRows; ++i) {
        const Window rows = windowOf(i, p.strideRows, p.padRows, p.kernelRows, p.rows);
        for (int64_t j = 0; j < p.outColumns; ++j, y += width) {
            const Window columns = windowOf(j, p.strideColumns, p.padColumns, p.kernelColumns, p.columns);
            for (int piece = 0; piece < pieces; ++piece) {
                Vector best = splat(-__builtin_inff());
                for (int64_t r = rows.begin; r < rows.end; ++r)
                    for (int64_t c = columns.begin; c < columns.end; ++c) {
                        const Vector value = load(x + (r * p.columns + c) * width + piece * vectorFloats);
                        best = (value > best) | (value != value) ? value : best; // a NaN wins
                    }
                store(y + piece * vectorFloats, best);
            }
        }
    }
}

void clear(float* p, int64_t vectors)
{
    for (int64_t i = 0; i < vectors * pieces; ++i)
        store(p + i * vectorFloats, Vector{});
}

void maxPoolGradient(const PoolPlane& p, const float* dy, const float* x, const float* y, float* dx)
{
    // Windows that do not overlap write each element once; what no window covers stays zero.
    clear(dx, p.rows * p.columns);
    for (int64_t i = 0; i < p.outRows; ++i) {
        const Window rows = windowOf(i, p.strideRows, p.padRows, p.kernelRows, p.rows);
        for (int64_t j = 0; j < p.outColumns; ++j, y += width, dy += width) {
            const Window columns = windowOf(j, p.strideColumns, p.padColumns, p.kernelColumns, p.columns);
            for (int piece = 0; piece < pieces; ++piece) {
                const Vector best = load(y + piece * vectorFloats);
                Vector left = load(dy + piece * vectorFloats);
                for (int64_t r = rows.begin; r < rows.end; ++r)
                    for (int64_t c = columns.begin; c < columns.end; ++c) {
                        const ptrdiff_t at = (r * p.columns + c) * width + piece * vectorFloats;
                        const IntVector hit = load(x + at) == best;
                        store(dx + at, load(dx + at) + (hit ? left : Vector{}));
                        left = hit ? Vector{} : left; // the first maximum takes it all
                    }
            }
        }
    }
}

typedef std::uint8_t ByteVector __attribute__((vector_size(WEFT_VECTOR)));
typedef std::uint8_t LooseBytes __attribute__((vector_size(WEFT_VECTOR), aligned(1), may_alias));

void indexedMaxPool(const PoolPlane& p, bool relu, const float* x, float* y, std::uint8_t* index)
{
    for (int64_t i = 0; i < p.outRows; ++i) {
        const Window rows = windowOf(i, p.strideRows, p.padRows, p.kernelRows, p.rows);
        for (int64_t j = 0; j < p.outColumns; ++j, y += width) {
            const Window columns = windowOf(j, p.strideColumns, p.padColumns, p.kernelColumns, p.columns);
            const int64_t firstTap = (rows.begin - (i * p.strideRows - p.padRows)) * p.kernelColumns + columns.begin - (j * p.strideColumns - p.padColumns);
            for (int piece = 0; piece < pieces; ++piece) {
                Vector best = splat(-__builtin_inff());
                IntVector place = IntVector {} + static_cast<int>(firstTap);
                for (int64_t r = rows.begin; r < rows.end; ++r)
                    for (int64_t c = columns.begin; c < columns.end; ++c) {
                        const Vector value = load(x + (r * p.columns + c) * width + piece * vectorFloats);
                        const IntVector wins = (value > best) | (value != value);
                        const int tap = static_cast<int>(firstTap + (r - rows.begin) * p.kernelColumns + c - columns.begin);
                        best = wins ? value : best;
                        place = wins ? IntVector {} + tap : place;
                    }
                if (relu) {
                    place = best > Vector {} ? place : IntVector {} + static_cast<int>(noTap);
                    best = best <= Vector {} ? Vector {} : best;
                }
                store(y + piece * vectorFloats, best);
                if (index)
                    *reinterpret_cast<LooseBytes*>(index + piece * vectorFloats) = __builtin_convertvector(place, ByteVector);
            }
            if (index)
                index += width;
        }
    }
}

void indexedMaxPoolGradient(const PoolPlane& p, const float* dy, const std::uint8_t* index, float* dx)
{
    // Windows side by side write each of their elements once; only what no window covers is cleared.
    const bool isDisjoint = p.strideRows >= p.kernelRows && p.strideColumns >= p.kernelColumns;
    const bool isTiled = p.strideRows == p.kernelRows && p.strideColumns == p.kernelColumns && p.padRows == 0 && p.padColumns == 0
        && p.outRows * p.kernelRows == p.rows && p.outColumns * p.kernelColumns == p.columns;
    if (!isTiled)
        clear(dx, p.rows * p.columns);
    for (int64_t i = 0; i < p.outRows; ++i) {
        const Window rows = windowOf(i, p.strideRows, p.padRows, p.kernelRows, p.rows);
        for (int64_t j = 0; j < p.outColumns; ++j, dy += width, index += width) {
            const Window columns = windowOf(j, p.strideColumns, p.padColumns, p.kernelColumns, p.columns);
            const int64_t firstTap = (rows.begin - (i * p.strideRows - p.padRows)) * p.kernelColumns + columns.begin - (j * p.strideColumns - p.padColumns);
            for (int piece = 0; piece < pieces; ++piece) {
                const Vector slope = load(dy + piece * vectorFloats);
                const ByteVector bytes = *reinterpret_cast<const LooseBytes*>(index + piece * vectorFloats);
                const IntVector place = __builtin_convertvector(bytes, IntVector);
                for (int64_t r = rows.begin; r < rows.end; ++r)
                    for (int64_t c = columns.begin; c < columns.end; ++c) {
                        float* at = dx + (r * p.columns + c) * width + piece * vectorFloats;
                        const int tap = static_cast<int>(firstTap + (r - rows.begin) * p.kernelColumns + c - columns.begin);
                        const Vector own = place == IntVector {} + tap ? slope : Vector {};
                        store(at, isDisjoint ? own : load(at) + own);
                    }
            }
        }
    }
}

/// What an average divides by.
inline float shareOf(const PoolPlane& p, int64_t i, int64_t j, Window rows, Window columns)
{
    if (!p.countPadding)
        return 1.0f / static_cast<float>((rows.end - rows.begin) * (columns.end - columns.begin));
    // Padding counts, what lies beyond the padding does not.
    const int64_t top = i * p.strideRows - p.padRows;
    const int64_t left = j * p.strideColumns - p.padColumns;
    const int64_t height = smaller(top + p.kernelRows, p.rows + p.padEndRows) - top;
    const int64_t breadth = smaller(left + p.kernelColumns, p.columns + p.padEndColumns) - left;
    return 1.0f / static_cast<float>(height * breadth);
}

void averagePool(const PoolPlane& p, const float* x, float* y)
{
    for (int64_t i = 0; i < p.outRows; ++i) {
        const Window rows = windowOf(i, p.strideRows, p.padRows, p.kernelRows, p.rows);
        for (int64_t j = 0; j < p.outColumns; ++j, y += width) {
            const Window columns = windowOf(j, p.strideColumns, p.padColumns, p.kernelColumns, p.columns);
            const float share = shareOf(p, i, j, rows, columns);
            for (int piece = 0; piece < pieces; ++piece) {
                Vector total = {};
                for (int64_t r = rows.begin; r < rows.end; ++r)
                    for (int64_t c = columns.begin; c < columns.end; ++c)
                        total += load(x + (r * p.columns + c) * width + piece * vectorFloats);
                store(y + piece * vectorFloats, total * share);
            }
        }
    }
}

void averagePoolGradient(const PoolPlane& p, const float* dy, float* dx)
{
    clear(dx, p.rows * p.columns);
    for (int64_t i = 0; i < p.outRows; ++i) {
        const Window rows = windowOf(i, p.strideRows, p.padRows, p.kernelRows, p.rows);
        for (int64_t j = 0; j < p.outColumns; ++j, dy += width) {
            const Window columns = windowOf(j, p.strideColumns, p.padColumns, p.kernelColumns, p.columns);
            const float share = shareOf(p, i, j, rows, columns);
            for (int piece = 0; piece < pieces; ++piece) {
                const Vector slope = load(dy + piece * vectorFloats) * share;
                for (int64_t r = rows.begin; r < rows.end; ++r)
                    for (int64_t c = columns.begin; c < columns.end; ++c) {
                        float* at = dx + (r * p.columns + c) * width + piece * vectorFloats;
                        store(at, load(at) + slope);
                    }
            }
        }
    }
}

// ---- transposition -------------------------------------------------------------------------------------

/// One stage of a transposition by halves: swaps blocks of `distance` between rows i and i + distance.
template <int distance> void exchange(Vector* rows)
{
    IntVector low;
    IntVector high;
    for (int i = 0; i < vectorFloats; ++i) {
        const bool isFirst = (i & distance) == 0;
        low[i] = isFirst ? i : vectorFloats + i - distance;
        high[i] = isFirst ? i + distance : vectorFloats + i;
    }
#pragma GCC unroll 16
    for (int i = 0; i < vectorFloats; ++i)
        if ((i & distance) == 0) {
            const Vector a = rows[i];
            const Vector b = rows[i + distance];
            rows[i] = __builtin_shuffle(a, b, low);
            rows[i + distance] = __builtin_shuffle(a, b, high);
        }
}

inline void transposeSquare(Vector* rows)
{
    exchange<1>(rows);
    exchange<2>(rows);
    if constexpr (vectorFloats >= 8)
        exchange<4>(rows);
    if constexpr (vectorFloats >= 16)
        exchange<8>(rows);
}

/// A vector of sums at a time, each lane after lane, by transposing them.
void addLanes(const float* sums, int64_t count, int64_t lanes, float* result)
{
    int64_t i = 0;
    for (; i + vectorFloats <= count; i += vectorFloats) {
        Vector total = {};
        for (int piece = 0; piece * vectorFloats < lanes; ++piece) {
            Vector square[vectorFloats];
#pragma GCC unroll 16
            for (int k = 0; k < vectorFloats; ++k)
                square[k] = load(sums + (i + k) * width + piece * vectorFloats);
            transposeSquare(square);
            const int64_t valid = smaller(vectorFloats, lanes - piece * vectorFloats);
#pragma GCC unroll 16
            for (int lane = 0; lane < vectorFloats; ++lane)
                if (lane < valid)
                    total += square[lane];
        }
        store(result + i, load(result + i) + total);
    }
    for (; i < count; ++i) {
        float total = 0;
        for (int64_t lane = 0; lane < lanes; ++lane)
            total += sums[i * width + lane];
        result[i] += total;
    }
}

void gather(const float* rows, ptrdiff_t rowStride, int64_t samples, int64_t count, float* lanes)
{
    int64_t i = 0;
    for (; i + vectorFloats <= count; i += vectorFloats)
        for (int piece = 0; piece < pieces; ++piece) {
            Vector square[vectorFloats];
#pragma GCC unroll 16
            for (int s = 0; s < vectorFloats; ++s) {
                const int64_t sample = piece * vectorFloats + s;
                square[s] = sample < samples ? load(rows + sample * rowStride + i) : Vector{};
            }
            transposeSquare(square);
#pragma GCC unroll 16
            for (int k = 0; k < vectorFloats; ++k)
                store(lanes + (i + k) * width + piece * vectorFloats, square[k]);
        }
    for (; i < count; ++i)
        for (int64_t s = 0; s < width; ++s)
            lanes[i * width + s] = s < samples ? rows[s * rowStride + i] : 0.0f;
}

void scatter(const float* lanes, int64_t count, int64_t samples, ptrdiff_t rowStride, float* rows)
{
    int64_t i = 0;
    for (; i + vectorFloats <= count; i += vectorFloats)
        for (int piece = 0; piece < pieces; ++piece) {
            Vector square[vectorFloats];
#pragma GCC unroll 16
            for (int k = 0; k < vectorFloats; ++k)
                square[k] = load(lanes + (i + k) * width + piece * vectorFloats);
            transposeSquare(square);
#pragma GCC unroll 16
            for (int s = 0; s < vectorFloats; ++s) {
                const int64_t sample = piece * vectorFloats + s;
                if (sample < samples)
                    store(rows + sample * rowStride + i, square[s]);
            }
        }
    for (; i < count; ++i)
        for (int64_t s = 0; s < samples; ++s)
            rows[s * rowStride + i] = lanes[i * width + s];
}

} // namespace

const Kernels& kernels()
{
    static constexpr Kernels all = {.maxOutputs = WEFT_LEVEL::maxOutputs,
                                    .gradientOutputs = WEFT_LEVEL::gradientOutputs,
                                    .gradientTaps = WEFT_LEVEL::gradientTaps,
                                    .conv = conv,
                                    .kernelGradient = kernelGradient,
                                    .addLanes = addLanes,
                                    .sum = sum,
                                    .maxPool = maxPool,
                                    .maxPoolGradient = maxPoolGradient,
                                    .indexedMaxPool = indexedMaxPool,
                                    .indexedMaxPoolGradient = indexedMaxPoolGradient,
                                    .averagePool = averagePool,
                                    .averagePoolGradient = averagePoolGradient,
                                    .gather = gather,
                                    .scatter = scatter};
    return all;
}

} // namespace weft::lanes::WEFT_LEVEL
