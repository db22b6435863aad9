// Included once for each level of instructions, with WEFT_LEVEL (a namespace), WEFT_VECTOR (floats in a
// register), WEFT_ROWS and WEFT_COLUMNS (rows of a, and vectors of b, that a tile holds) set. No function of the
// standard library may be called here that is not always inlined: another file could end up with this level's
// copy of it.

namespace weft::panels::WEFT_LEVEL
{

namespace
{

using std::int64_t;

constexpr int vectorFloats = WEFT_VECTOR;
constexpr int tileRows = WEFT_ROWS;
constexpr int tileVectors = WEFT_COLUMNS;
constexpr int64_t panelWidth = vectorFloats * tileVectors;

typedef float Vector __attribute__((vector_size(WEFT_VECTOR * 4)));
typedef float LooseVector __attribute__((vector_size(WEFT_VECTOR * 4), aligned(4), may_alias));

inline Vector load(const float* p)
{
    return *reinterpret_cast<const LooseVector*>(p);
}

/// `rows` rows of c, one panel wide: the sums stay in registers over all k. Only the first `columns` of the panel
/// exist in c.
template <int rows>
void tile(const float* a, int64_t aStride, const float* packed, int64_t k, float* c, int64_t cStride, int64_t columns)
{
    Vector sums[rows][tileVectors] = {};
    for (int64_t i = 0; i < k; ++i, packed += panelWidth) {
        Vector b[tileVectors];
#pragma GCC unroll 8
        for (int v = 0; v < tileVectors; ++v)
            b[v] = load(packed + v * vectorFloats);
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r) {
            const Vector value = a[r * aStride + i] - Vector{};
#pragma GCC unroll 8
            for (int v = 0; v < tileVectors; ++v)
                sums[r][v] += value * b[v];
        }
    }
    for (int r = 0; r < rows; ++r) {
        float* row = c + r * cStride;
        if (columns == panelWidth) {
#pragma GCC unroll 8
            for (int v = 0; v < tileVectors; ++v)
                *reinterpret_cast<LooseVector*>(row + v * vectorFloats) = load(row + v * vectorFloats) + sums[r][v];
        } else {
            for (int64_t j = 0; j < columns; ++j)
                row[j] += sums[r][j / vectorFloats][j % vectorFloats];
        }
    }
}

using Tile = void (*)(const float*, int64_t, const float*, int64_t, float*, int64_t, int64_t);

void multiplyAdd(const float* a, int64_t aStride, int64_t m, const float* packed, int64_t k, int64_t columns, float* c, int64_t cStride)
{
    constexpr Tile tiles[6] = {tile<1>, tile<2>, tile<3>, tile<4>, tile<5>, tile<6>};
    for (int64_t first = 0; first < columns; first += panelWidth, packed += panelWidth * k) {
        const int64_t present = columns - first < panelWidth ? columns - first : panelWidth;
        for (int64_t row = 0; row < m; row += tileRows) {
            const int64_t rows = m - row < tileRows ? m - row : tileRows;
            tiles[rows - 1](a + row * aStride, aStride, packed, k, c + row * cStride + first, cStride, present);
        }
    }
}

} // namespace

const Kernels& kernels()
{
    static constexpr Kernels all{panelWidth, multiplyAdd};
    return all;
}

} // namespace weft::panels::WEFT_LEVEL
