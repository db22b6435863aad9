#include "tests/cuda_host/host_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/device/sixteen_bits.h"
#include "tests/cuda_host/rounding.h"

namespace weft {

std::int64_t HostArray::at(const Axes& index) const
{
    std::int64_t place = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis)
        place += extents[axis] == 1 ? 0 : index[axis] * strides[axis];
    return place;
}

namespace {

double numberIn(const void* data, cudnnDataType_t type, std::int64_t i)
{
    switch (type) {
    case CUDNN_DATA_BFLOAT16: return static_cast<double>(static_cast<float>(static_cast<const BFloat16*>(data)[i]));
    case CUDNN_DATA_HALF: return static_cast<double>(static_cast<float>(static_cast<const Float16*>(data)[i]));
    case CUDNN_DATA_INT32: return static_cast<const std::int32_t*>(data)[i];
    case CUDNN_DATA_INT64: return static_cast<double>(static_cast<const std::int64_t*>(data)[i]);
    default: return static_cast<double>(static_cast<const float*>(data)[i]);
    }
}

void putNumber(void* data, cudnnDataType_t type, std::int64_t i, double number)
{
    switch (type) {
    case CUDNN_DATA_BFLOAT16: static_cast<BFloat16*>(data)[i] = BFloat16(static_cast<float>(number)); return;
    case CUDNN_DATA_HALF: static_cast<Float16*>(data)[i] = Float16(static_cast<float>(number)); return;
    case CUDNN_DATA_INT32: static_cast<std::int32_t*>(data)[i] = static_cast<std::int32_t>(number); return;
    default: static_cast<float*>(data)[i] = static_cast<float>(number);
    }
}

/// An array of a graph, in memory or in room of its own.
struct Numbers {
    const HostArray& array;
    void* data;

    double at(const Axes& index) const { return numberIn(data, array.type, array.at(index)); }
    void put(const Axes& index, double number) const { putNumber(data, array.type, array.at(index), number); }
};

class Arrays {
public:
    explicit Arrays(const HostPlaces& places) : m_places(places) {}

    Numbers operator[](const HostArray& array)
    {
        if (array.kind != HostKind::Between)
            return {array, m_places.at(array.id)};
        std::vector<std::int64_t>& room = m_rooms[array.id]; // wide enough for a number of any type
        room.resize(static_cast<std::size_t>(array.count()));
        return {array, room.data()};
    }

private:
    const HostPlaces& m_places;
    std::map<std::int64_t, std::vector<std::int64_t>> m_rooms;
};

/// Calls visit(index) for every element of these extents.
template <class Visit> void forEachIndex(const Axes& extents, Visit visit)
{
    Axes i{};
    for (i[0] = 0; i[0] < extents[0]; ++i[0])
        for (i[1] = 0; i[1] < extents[1]; ++i[1])
            for (i[2] = 0; i[2] < extents[2]; ++i[2])
                for (i[3] = 0; i[3] < extents[3]; ++i[3])
                    for (i[4] = 0; i[4] < extents[4]; ++i[4])
                        visit(i);
}

/// Calls visit(place in x, place in the kernel, place in y) for every product of a convolution.
template <class Visit> void forEachProduct(const HostOperation& conv, Visit visit)
{
    const HostArray &x = conv.x, &w = conv.b, &y = conv.y;
    const std::int64_t outGroup = y.extents[1] / (x.extents[1] / w.extents[1]);
    forEachIndex(y.extents, [&](const Axes& to) {
        const std::int64_t first = to[1] / outGroup * w.extents[1];
        forEachIndex({1, w.extents[1], w.extents[2], w.extents[3], w.extents[4]}, [&](Axes tap) {
            Axes from{to[0], first + tap[1]};
            tap[0] = to[1];
            for (std::size_t axis = 0; axis < 3; ++axis) {
                from[axis + 2] = to[axis + 2] * conv.strides[axis] - conv.padBegin[axis] + tap[axis + 2] * conv.dilations[axis];
                if (from[axis + 2] < 0 || from[axis + 2] >= x.extents[axis + 2])
                    return;
            }
            visit(x.at(from), w.at(tap), y.at(to));
        });
    });
}

template <class T> std::array<T, 3> ordered(HostOperationType pass, T x, T kernel, T y)
{
    switch (pass) {
    case HostOperationType::Forward: return {x, kernel, y};
    case HostOperationType::InputGradient: return {kernel, y, x};
    default: return {x, y, kernel};
    }
}

/// Sums the products of two of the arrays at the places of the third.
void convolve(const HostOperation& conv, Arrays& arrays, Precision precision)
{
    const auto [a, b, result] = ordered(conv.type, &conv.x, &conv.b, &conv.y);
    const Numbers first = arrays[*a], second = arrays[*b], to = arrays[*result];
    std::vector<double> sums(static_cast<std::size_t>(result->count()));
    const Precision rounding = a->type == CUDNN_DATA_FLOAT ? precision : Precision::Float32; // 16 bits are rounded already
    const auto factor = [&](const Numbers& from, std::int64_t i) {
        return static_cast<double>(roundedFactor(static_cast<float>(numberIn(from.data, from.array.type, i)), rounding));
    };
    forEachProduct(conv, [&](std::int64_t inX, std::int64_t inW, std::int64_t inY) {
        const auto [i, j, at] = ordered(conv.type, inX, inW, inY);
        sums[static_cast<std::size_t>(at)] += factor(first, i) * factor(second, j);
    });
    for (std::size_t i = 0; i < sums.size(); ++i)
        putNumber(to.data, result->type, static_cast<std::int64_t>(i), sums[i]);
}

double computed(cudnnPointwiseMode_t mode, double x, double b, double mask)
{
    switch (mode) {
    case CUDNN_POINTWISE_ADD: return x + b;
    case CUDNN_POINTWISE_SUB: return x - b;
    case CUDNN_POINTWISE_MUL: return x * b;
    case CUDNN_POINTWISE_DIV: return x / b;
    case CUDNN_POINTWISE_EXP: return std::exp(x);
    case CUDNN_POINTWISE_LOG: return std::log(x);
    case CUDNN_POINTWISE_RELU_FWD: return x < 0 ? 0 : x;
    case CUDNN_POINTWISE_CMP_LT: return x < b ? 1 : 0;
    case CUDNN_POINTWISE_CMP_GE: return x >= b ? 1 : 0;
    case CUDNN_POINTWISE_LOGICAL_AND: return x != 0 && b != 0 ? 1 : 0;
    case CUDNN_POINTWISE_BINARY_SELECT: return mask != 0 ? x : b;
    case CUDNN_POINTWISE_GEN_INDEX: break;
    }
    return x;
}

void pointwise(const HostOperation& operation, Arrays& arrays)
{
    const Numbers to = arrays[operation.y], x = arrays[operation.x];
    const auto numbers = [&](const HostArray& array) { return array ? arrays[array] : x; };
    const Numbers b = numbers(operation.b), mask = numbers(operation.mask);
    forEachIndex(operation.y.extents, [&](const Axes& i) {
        if (operation.mode == CUDNN_POINTWISE_GEN_INDEX)
            return to.put(i, static_cast<double>(i[static_cast<std::size_t>(operation.axis)]));
        to.put(i, computed(operation.mode, x.at(i), b.at(i), mask.at(i)));
    });
}

void multiply(const HostOperation& product, Arrays& arrays)
{
    const Numbers a = arrays[product.x], b = arrays[product.b], y = arrays[product.y];
    const auto counted
        = [&](const HostArray& array, const Axes& i, std::int64_t all) { return array ? static_cast<std::int64_t>(arrays[array].at({i[0]})) : all; };
    forEachIndex(product.y.extents, [&](const Axes& i) {
        double sum = 0;
        if (i[3] < counted(product.rows, i, product.y.extents[3]) && i[4] < counted(product.columns, i, product.y.extents[4])) {
            for (std::int64_t k = 0; k < counted(product.depth, i, product.x.extents[4]); ++k)
                sum += a.at({i[0], i[1], 0, i[3], k}) * b.at({i[0], i[1], 0, k, i[4]});
        }
        y.put(i, sum);
    });
}

void reduce(const HostOperation& reduction, Arrays& arrays)
{
    const Numbers x = arrays[reduction.x], y = arrays[reduction.y];
    const bool isMost = reduction.reduction == CUDNN_REDUCE_TENSOR_MAX;
    std::vector<double> results(static_cast<std::size_t>(reduction.y.count()), isMost ? -std::numeric_limits<double>::infinity() : 0.0);
    forEachIndex(reduction.x.extents, [&](const Axes& i) {
        double& result = results[static_cast<std::size_t>(reduction.y.at(i))];
        result = isMost ? std::max(result, x.at(i)) : result + x.at(i);
    });
    for (std::size_t i = 0; i < results.size(); ++i)
        putNumber(y.data, reduction.y.type, static_cast<std::int64_t>(i), results[i]);
}

/// Masks of its own, as cuDNN's are.
void drawMask(const HostOperation& random, Arrays& arrays)
{
    const Numbers y = arrays[random.y];
    const auto seed = static_cast<std::uint64_t>(*static_cast<const std::int64_t*>(arrays[random.x].data));
    const auto kept = static_cast<std::uint32_t>(random.probability * 16777216.0);
    for (std::int64_t i = 0; i < random.y.count(); ++i)
        putNumber(y.data, random.y.type, i, philox(seed, 0, static_cast<std::uint64_t>(i))[0] >> 8 < kept ? 1 : 0);
}

/// The same memory, seen otherwise.
void reshape(const HostOperation& operation, Arrays& arrays)
{
    const Numbers x = arrays[operation.x], y = arrays[operation.y];
    for (std::int64_t i = 0; i < operation.y.count(); ++i)
        putNumber(y.data, operation.y.type, i, numberIn(x.data, operation.x.type, i));
}

} // namespace

void computeOnHost(const HostGraph& graph, const HostPlaces& places, Precision precision)
{
    Arrays arrays(places);
    for (const HostOperation& operation : graph) {
        switch (operation.type) {
        case HostOperationType::Pointwise: pointwise(operation, arrays); break;
        case HostOperationType::Product: multiply(operation, arrays); break;
        case HostOperationType::Reduction: reduce(operation, arrays); break;
        case HostOperationType::Random: drawMask(operation, arrays); break;
        case HostOperationType::Reshape: reshape(operation, arrays); break;
        default: convolve(operation, arrays, precision);
        }
    }
}

} // namespace weft
