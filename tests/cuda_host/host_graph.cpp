#include "tests/cuda_host/host_graph.h"

#include "core/device/sixteen_bits.h"
#include "tests/cuda_host/rounding.h"

namespace weft {

namespace {

float numberIn(const void* data, cudnnDataType_t type, std::int64_t i)
{
    switch (type) {
    case CUDNN_DATA_BFLOAT16: return static_cast<const BFloat16*>(data)[i];
    case CUDNN_DATA_HALF: return static_cast<const Float16*>(data)[i];
    default: return static_cast<const float*>(data)[i];
    }
}

void putNumber(void* data, cudnnDataType_t type, std::int64_t i, float number)
{
    switch (type) {
    case CUDNN_DATA_BFLOAT16: static_cast<BFloat16*>(data)[i] = BFloat16(number); return;
    case CUDNN_DATA_HALF: static_cast<Float16*>(data)[i] = Float16(number); return;
    default: static_cast<float*>(data)[i] = number;
    }
}

/// The arrays of a graph: those in memory, and room for the others.
class Arrays {
public:
    explicit Arrays(const HostPlaces& places) : m_places(places) {}

    void* data(const HostArray& array)
    {
        if (!array.isVirtual)
            return m_places.at(array.id);
        std::vector<float>& room = m_rooms[array.id];
        room.resize(static_cast<std::size_t>(array.count()));
        return room.data();
    }

private:
    const HostPlaces& m_places;
    std::map<std::int64_t, std::vector<float>> m_rooms;
};

template <class Body> void forPositions(Positions& i, const Axes& extents, const Body& body)
{
    for (i[0] = 0; i[0] < extents[2]; ++i[0])
        for (i[1] = 0; i[1] < extents[3]; ++i[1])
            for (i[2] = 0; i[2] < extents[4]; ++i[2])
                body();
}

/// Calls visit(place in x, place in the kernel, place in y) for every product.
template <class Visit> void forEachProduct(const HostConvolution& conv, Visit visit)
{
    const HostArray &x = conv.x, &w = conv.kernel, &y = conv.y;
    const std::int64_t outGroup = y.extents[1] / (x.extents[1] / w.extents[1]);
    Positions p{}, k{}, q{};
    const auto seen = [&] {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            q[axis] = p[axis] * conv.strides[axis] - conv.padBegin[axis] + k[axis] * conv.dilations[axis];
            if (q[axis] < 0 || q[axis] >= x.extents[axis + 2])
                return false;
        }
        return true;
    };
    for (std::int64_t n = 0; n < y.extents[0]; ++n) {
        for (std::int64_t filter = 0; filter < y.extents[1]; ++filter) {
            const std::int64_t first = filter / outGroup * w.extents[1];
            forPositions(p, y.extents, [&] {
                forPositions(k, w.extents, [&] {
                    for (std::int64_t c = 0; seen() && c < w.extents[1]; ++c)
                        visit(x.at(n, first + c, q), w.at(filter, c, k), y.at(n, filter, p));
                });
            });
        }
    }
}

/// Sums the products of two of the arrays at the places of the third, which `pick` orders: first, second, result.
template <class Pick> void sumProducts(const HostConvolution& conv, Arrays& arrays, Precision precision, Pick pick)
{
    const auto [a, b, result] = pick(&conv.x, &conv.kernel, &conv.y);
    const void *first = arrays.data(*a), *second = arrays.data(*b);
    std::vector<double> sums(static_cast<std::size_t>(result->count()));
    const cudnnDataType_t type = a->type;
    const Precision rounding = type == CUDNN_DATA_FLOAT ? precision : Precision::Float32; // 16 bits are rounded already
    forEachProduct(conv, [&](std::int64_t inX, std::int64_t inW, std::int64_t inY) {
        const auto [i, j, to] = pick(inX, inW, inY);
        sums[static_cast<std::size_t>(to)] += static_cast<double>(roundedFactor(numberIn(first, type, i), rounding))
            * static_cast<double>(roundedFactor(numberIn(second, type, j), rounding));
    });
    void* to = arrays.data(*result);
    for (std::size_t i = 0; i < sums.size(); ++i)
        putNumber(to, result->type, static_cast<std::int64_t>(i), static_cast<float>(sums[i]));
}

template <class T> std::array<T, 3> ordered(HostPass pass, T x, T kernel, T y)
{
    switch (pass) {
    case HostPass::Forward: return {x, kernel, y};
    case HostPass::InputGradient: return {kernel, y, x};
    case HostPass::KernelGradient: break;
    }
    return {x, y, kernel};
}

void compute(const HostPointwise& ending, Arrays& arrays)
{
    const HostArray& y = ending.y;
    const void* x = arrays.data(ending.x);
    const void* b = ending.mode == CUDNN_POINTWISE_ADD ? arrays.data(ending.b) : nullptr;
    void* to = arrays.data(y);
    for (std::int64_t i = 0; i < y.count(); ++i) {
        const float number = numberIn(x, ending.x.type, i);
        if (b) // one for each channel
            putNumber(to, y.type, i, number + numberIn(b, ending.b.type, i / y.strides[1] % y.extents[1]));
        else
            putNumber(to, y.type, i, number < 0.0f ? 0.0f : number);
    }
}

} // namespace

void computeOnHost(const HostGraph& graph, const HostPlaces& places, Precision precision)
{
    Arrays arrays(places);
    sumProducts(graph.conv, arrays, precision, [&](auto x, auto kernel, auto y) { return ordered(graph.conv.pass, x, kernel, y); });
    for (const HostPointwise& ending : graph.endings)
        compute(ending, arrays);
}

} // namespace weft
