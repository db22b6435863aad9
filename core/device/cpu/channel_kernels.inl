// Included once for each level of instructions, with WEFT_LEVEL (a namespace) and WEFT_VECTOR (floats in a register)
// set. No function of the standard library may be called here that is not always inlined: another file could end up
// with this level's copy of it.

namespace weft::channels::WEFT_LEVEL {

namespace {

using std::int64_t;

constexpr int vectorFloats = WEFT_VECTOR;
constexpr int pieces = 16 / vectorFloats; ///< vectors that hold the 16 lanes
constexpr int unroll = pieces > 2 ? 1 : 4 / pieces; ///< sums side by side, so that additions need not wait for each other
constexpr int64_t chunk = 4096; ///< floats that are summed before the sums go into doubles

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

/// Adds both numbers of `visit(i, center, first, second)`, which takes vectors or floats, over the segment.
template <class Visit> inline void sumUp(int64_t length, const float* center, double* first, double* second, const Visit& visit)
{
    Vector centers[pieces];
    for (int piece = 0; piece < pieces; ++piece)
        centers[piece] = load(center + piece * vectorFloats);
    int64_t i = 0;
    while (i + width <= length) {
        const int64_t end = i + chunk < length ? i + chunk : length;
        Vector a[unroll][pieces] = {};
        Vector b[unroll][pieces] = {};
        for (; i + unroll * width <= end; i += unroll * width)
#pragma GCC unroll 4
            for (int u = 0; u < unroll; ++u)
#pragma GCC unroll 4
                for (int piece = 0; piece < pieces; ++piece)
                    visit.vectors(i + u * width + piece * vectorFloats, centers[piece], a[u][piece], b[u][piece]);
        for (; i + width <= end; i += width)
#pragma GCC unroll 4
            for (int piece = 0; piece < pieces; ++piece)
                visit.vectors(i + piece * vectorFloats, centers[piece], a[0][piece], b[0][piece]);
        for (int u = 0; u < unroll; ++u)
            for (int lane = 0; lane < width; ++lane) {
                first[lane] += static_cast<double>(a[u][lane / vectorFloats][lane % vectorFloats]);
                second[lane] += static_cast<double>(b[u][lane / vectorFloats][lane % vectorFloats]);
            }
    }
    for (int lane = 0; i < length; ++i, ++lane) {
        float a = 0;
        float b = 0;
        visit.floats(i, center[lane], a, b);
        first[lane] += static_cast<double>(a);
        second[lane] += static_cast<double>(b);
    }
}

struct Moments {
    const float* x;
    void vectors(int64_t i, Vector center, Vector& first, Vector& second) const
    {
        const Vector value = load(x + i) - center;
        first += value;
        second += value * value;
    }
    void floats(int64_t i, float center, float& first, float& second) const
    {
        first = x[i] - center;
        second = first * first;
    }
};

struct Products {
    const float* dy;
    const float* x;
    void vectors(int64_t i, Vector center, Vector& first, Vector& second) const
    {
        const Vector slope = load(dy + i);
        first += slope;
        second += slope * (load(x + i) - center);
    }
    void floats(int64_t i, float center, float& first, float& second) const
    {
        first = dy[i];
        second = dy[i] * (x[i] - center);
    }
};

void moments(const float* x, int64_t length, const float* center, double* first, double* second)
{
    sumUp(length, center, first, second, Moments{x});
}

void products(const float* dy, const float* x, int64_t length, const float* center, double* first, double* second)
{
    sumUp(length, center, first, second, Products{dy, x});
}

void scale(const float* x, int64_t length, const float* factor, const float* shift, float* y)
{
    int64_t i = 0;
    for (int piece = 0; piece < pieces; ++piece) {
        const Vector f = load(factor + piece * vectorFloats);
        const Vector s = load(shift + piece * vectorFloats);
        for (i = 0; i + width <= length; i += width)
            store(y + i + piece * vectorFloats, load(x + i + piece * vectorFloats) * f + s);
    }
    for (int lane = 0; i < length; ++i, ++lane)
        y[i] = x[i] * factor[lane] + shift[lane];
}

void combine(const float* dy, const float* x, int64_t length, const float* a, const float* b, const float* c, float* dx)
{
    int64_t i = 0;
    for (int piece = 0; piece < pieces; ++piece) {
        const Vector ofSlope = load(a + piece * vectorFloats);
        const Vector ofX = load(b + piece * vectorFloats);
        const Vector constant = load(c + piece * vectorFloats);
        for (i = 0; i + width <= length; i += width) {
            const int64_t at = i + piece * vectorFloats;
            store(dx + at, ofSlope * load(dy + at) + (ofX * load(x + at) + constant));
        }
    }
    for (int lane = 0; i < length; ++i, ++lane)
        dx[i] = a[lane] * dy[i] + (b[lane] * x[i] + c[lane]);
}

} // namespace

const Kernels& kernels()
{
    static constexpr Kernels all{moments, products, scale, combine};
    return all;
}

} // namespace weft::channels::WEFT_LEVEL
