// Included once for each level of instructions, with WEFT_LEVEL (a namespace), WEFT_VECTOR (floats in a register)
// and WEFT_ROWS (tiles whose sums of two vectors fit into the registers; WEFT_GRADIENT_ROWS divides 16) set. No function of the standard library
// may be called here that is not always inlined: another file could end up with this level's copy of it.

namespace weft::winograd::WEFT_LEVEL {

namespace {

using std::int64_t;
using std::ptrdiff_t;

constexpr int vectorFloats = WEFT_VECTOR;
constexpr int tileRows = WEFT_ROWS;
constexpr int64_t gradientChunk = 32; ///< tiles whose products are added up in registers

typedef float Vector __attribute__((vector_size(WEFT_VECTOR * 4)));
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

// The points and what the transforms are made of.
constexpr float p = 0.625f;
constexpr float q = 1.5f;
constexpr float pp = p * p;
constexpr float qq = q * q;
/// The kernel's value at a point is divided by the product of its distances from the other points.
constexpr float atZero = 1 / (pp * qq);
constexpr float atP = 1 / (2 * pp * (pp - qq));
constexpr float atQ = 1 / (2 * qq * (qq - pp));

/// Six inputs in a line at the six points.
inline void lineOfInput(const Vector* d, Vector* v)
{
    v[0] = pp * qq * d[0] - (pp + qq) * d[2] + d[4];
    const Vector evenP = d[4] - qq * d[2];
    const Vector oddP = p * (d[3] - qq * d[1]);
    v[1] = evenP + oddP;
    v[2] = evenP - oddP;
    const Vector evenQ = d[4] - pp * d[2];
    const Vector oddQ = q * (d[3] - pp * d[1]);
    v[3] = evenQ + oddQ;
    v[4] = evenQ - oddQ;
    v[5] = pp * qq * d[1] - (pp + qq) * d[3] + d[5];
}

/// Three taps at the six points.
inline void lineOfKernel(const Vector* g, Vector* u)
{
    u[0] = atZero * g[0];
    const Vector evenP = atP * (g[0] + pp * g[2]);
    const Vector oddP = atP * p * g[1];
    u[1] = evenP + oddP;
    u[2] = evenP - oddP;
    const Vector evenQ = atQ * (g[0] + qq * g[2]);
    const Vector oddQ = atQ * q * g[1];
    u[3] = evenQ + oddQ;
    u[4] = evenQ - oddQ;
    u[5] = g[2];
}

/// Four outputs from the sums at the six points.
inline void lineOfOutput(const Vector* m, Vector* y)
{
    const Vector sumP = m[1] + m[2];
    const Vector sumQ = m[3] + m[4];
    const Vector differenceP = m[1] - m[2];
    const Vector differenceQ = m[3] - m[4];
    y[0] = m[0] + sumP + sumQ;
    y[1] = p * differenceP + q * differenceQ;
    y[2] = pp * sumP + qq * sumQ;
    y[3] = (p * pp) * differenceP + ((q * qq) * differenceQ + m[5]);
}

/// Four slopes at the six points, as if they were the kernel.
inline void lineOfSlopes(const Vector* g, Vector* d)
{
    d[0] = atZero * g[0];
    const Vector evenP = atP * (g[0] + pp * g[2]);
    const Vector oddP = atP * p * (g[1] + pp * g[3]);
    d[1] = evenP + oddP;
    d[2] = evenP - oddP;
    const Vector evenQ = atQ * (g[0] + qq * g[2]);
    const Vector oddQ = atQ * q * (g[1] + qq * g[3]);
    d[3] = evenQ + oddQ;
    d[4] = evenQ - oddQ;
    d[5] = g[3];
}

/// Three taps from the sums at the six points.
inline void lineOfTaps(const Vector* s, Vector* y)
{
    const Vector sumP = s[1] + s[2];
    const Vector sumQ = s[3] + s[4];
    y[0] = s[0] + sumP + sumQ;
    y[1] = p * (s[1] - s[2]) + q * (s[3] - s[4]);
    y[2] = pp * sumP + (qq * sumQ + s[5]);
}

void transformInput(const float* x, ptrdiff_t row, float* v, ptrdiff_t point)
{
    for (int64_t lane = 0; lane < width; lane += vectorFloats) {
        Vector columns[patch][patch];
#pragma GCC unroll 6
        for (int j = 0; j < patch; ++j) {
            Vector d[patch];
#pragma GCC unroll 6
            for (int i = 0; i < patch; ++i)
                d[i] = load(x + i * row + j * width + lane);
            Vector line[patch];
            lineOfInput(d, line);
#pragma GCC unroll 6
            for (int i = 0; i < patch; ++i)
                columns[i][j] = line[i];
        }
#pragma GCC unroll 6
        for (int i = 0; i < patch; ++i) {
            Vector line[patch];
            lineOfInput(columns[i], line);
#pragma GCC unroll 6
            for (int j = 0; j < patch; ++j)
                store(v + (i * patch + j) * point + lane, line[j]);
        }
    }
}

void transformKernel(const float* taps, float* u, ptrdiff_t point)
{
    for (int64_t lane = 0; lane < width; lane += vectorFloats) {
        Vector columns[patch][3];
#pragma GCC unroll 3
        for (int j = 0; j < 3; ++j) {
            const Vector g[3] = {load(taps + j * width + lane), load(taps + (3 + j) * width + lane), load(taps + (6 + j) * width + lane)};
            Vector line[patch];
            lineOfKernel(g, line);
#pragma GCC unroll 6
            for (int i = 0; i < patch; ++i)
                columns[i][j] = line[i];
        }
#pragma GCC unroll 6
        for (int i = 0; i < patch; ++i) {
            Vector line[patch];
            lineOfKernel(columns[i], line);
#pragma GCC unroll 6
            for (int j = 0; j < patch; ++j)
                store(u + (i * patch + j) * point + lane, line[j]);
        }
    }
}

void transformOutput(const float* m, ptrdiff_t point, const float* bias, bool relu, float* y, ptrdiff_t row)
{
    for (int64_t lane = 0; lane < width; lane += vectorFloats) {
        Vector columns[tile][patch];
#pragma GCC unroll 6
        for (int j = 0; j < patch; ++j) {
            Vector sums[patch];
#pragma GCC unroll 6
            for (int i = 0; i < patch; ++i)
                sums[i] = load(m + (i * patch + j) * point + lane);
            Vector line[tile];
            lineOfOutput(sums, line);
#pragma GCC unroll 4
            for (int i = 0; i < tile; ++i)
                columns[i][j] = line[i];
        }
        const Vector shift = bias ? load(bias + lane) : Vector{};
#pragma GCC unroll 4
        for (int i = 0; i < tile; ++i) {
            Vector line[tile];
            lineOfOutput(columns[i], line);
#pragma GCC unroll 4
            for (int j = 0; j < tile; ++j) {
                Vector value = line[j] + shift;
                if (relu)
                    value = value <= Vector{} ? Vector{} : value; // a NaN stays
                store(y + i * row + j * width + lane, value);
            }
        }
    }
}

void transformSlopes(const float* dy, ptrdiff_t row, float* d, ptrdiff_t point)
{
    for (int64_t lane = 0; lane < width; lane += vectorFloats) {
        Vector columns[patch][tile];
#pragma GCC unroll 4
        for (int j = 0; j < tile; ++j) {
            Vector g[tile];
#pragma GCC unroll 4
            for (int i = 0; i < tile; ++i)
                g[i] = load(dy + i * row + j * width + lane);
            Vector line[patch];
            lineOfSlopes(g, line);
#pragma GCC unroll 6
            for (int i = 0; i < patch; ++i)
                columns[i][j] = line[i];
        }
#pragma GCC unroll 6
        for (int i = 0; i < patch; ++i) {
            Vector line[patch];
            lineOfSlopes(columns[i], line);
#pragma GCC unroll 6
            for (int j = 0; j < patch; ++j)
                store(d + (i * patch + j) * point + lane, line[j]);
        }
    }
}

void transformTaps(const float* s, ptrdiff_t point, float* taps)
{
    for (int64_t lane = 0; lane < width; lane += vectorFloats) {
        Vector columns[3][patch];
#pragma GCC unroll 6
        for (int j = 0; j < patch; ++j) {
            Vector sums[patch];
#pragma GCC unroll 6
            for (int i = 0; i < patch; ++i)
                sums[i] = load(s + (i * patch + j) * point + lane);
            Vector line[3];
            lineOfTaps(sums, line);
#pragma GCC unroll 3
            for (int i = 0; i < 3; ++i)
                columns[i][j] = line[i];
        }
#pragma GCC unroll 3
        for (int i = 0; i < 3; ++i) {
            Vector line[3];
            lineOfTaps(columns[i], line);
#pragma GCC unroll 3
            for (int j = 0; j < 3; ++j)
                store(taps + (i * 3 + j) * width + lane, line[j]);
        }
    }
}

/// Sums that are kept in registers: `rows` rows of v times `vectors` vectors of u, over `depth` products.
/// Where `isTurned`, the rows of v lie side by side, else the products do.
template <int rows, int vectors, bool isTurned> struct Sums {
    static void run(const float* v, int64_t depth, const float* u, ptrdiff_t uStep, float* m, ptrdiff_t mBlock, bool isFirst)
    {
        Vector sums[rows][vectors] = {};
        for (int64_t k = 0; k < depth; ++k, u += uStep) {
            Vector weights[vectors];
#pragma GCC unroll 2
            for (int i = 0; i < vectors; ++i)
                weights[i] = load(u + i * vectorFloats);
#pragma GCC unroll 14
            for (int r = 0; r < rows; ++r) {
                const Vector value = splat(isTurned ? v[k * width + r] : v[r * width + k]);
#pragma GCC unroll 2
                for (int i = 0; i < vectors; ++i)
                    sums[r][i] += value * weights[i];
            }
        }
#pragma GCC unroll 2
        for (int i = 0; i < vectors; ++i) {
            float* to = m + (i * vectorFloats / width) * mBlock + i * vectorFloats % width;
#pragma GCC unroll 14
            for (int r = 0; r < rows; ++r)
                store(to + r * width, isFirst ? sums[r][i] : load(to + r * width) + sums[r][i]);
        }
    }
};

/// Sums<wanted, ...>::run, for 1 to `rows` rows.
template <int rows, int vectors, bool isTurned, class... Arguments> void sumRows(int64_t wanted, Arguments... arguments)
{
    if (wanted == rows)
        Sums<rows, vectors, isTurned>::run(arguments...);
    else if constexpr (rows > 1)
        sumRows<rows - 1, vectors, isTurned>(wanted, arguments...);
}

void multiply(const Product& job)
{
    // The tiles are cut into the fewest groups, as equal as they can be.
    const int64_t groups = (job.tiles + tileRows - 1) / tileRows;
    for (int64_t block = 0; block < job.blocks; ++block) {
        const bool isFirst = job.isFirst && block == 0;
        for (int64_t output = 0; output < job.outputs; output += 2 * vectorFloats) {
            const float* u = job.u + block * width * job.outputs + output;
            const float* v = job.v + block * job.vBlock;
            float* m = job.m + output / width * job.mBlock + output % width;
            for (int64_t group = 0; group < groups; ++group) {
                const int64_t rows = job.tiles / groups + (group < job.tiles % groups ? 1 : 0);
                if (job.outputs - output >= 2 * vectorFloats)
                    sumRows<tileRows, 2, false>(rows, v, width, u, job.outputs, m, job.mBlock, isFirst);
                else
                    sumRows<tileRows, 1, false>(rows, v, width, u, job.outputs, m, job.mBlock, isFirst);
                v += rows * width;
                m += rows * width;
            }
        }
    }
}

void multiplyGradient(const GradientProduct& job)
{
    constexpr int rows = WEFT_GRADIENT_ROWS;
    for (int64_t first = 0; first < job.tiles; first += gradientChunk) {
        const int64_t tiles = job.tiles - first < gradientChunk ? job.tiles - first : gradientChunk;
        const bool isFirst = job.isFirst && first == 0;
        for (int64_t output = 0; output < job.outputs; output += 2 * vectorFloats) {
            const float* d = job.d + first * job.outputs + output;
            for (int64_t row = 0; row < width; row += rows) {
                const float* v = job.v + first * width + row;
                float* s = job.s + output / width * (width * width) + row * width + output % width;
                if (job.outputs - output >= 2 * vectorFloats)
                    Sums<rows, 2, true>::run(v, tiles, d, job.outputs, s, width * width, isFirst);
                else
                    Sums<rows, 1, true>::run(v, tiles, d, job.outputs, s, width * width, isFirst);
            }
        }
    }
}

} // namespace

const Kernels& kernels()
{
    static constexpr Kernels all{transformInput, transformKernel, multiply, transformOutput, transformSlopes, multiplyGradient, transformTaps};
    return all;
}

} // namespace weft::winograd::WEFT_LEVEL
