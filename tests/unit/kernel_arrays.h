#pragma once

#include <QString>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "core/device/kernel_table.h"
#include "core/device/sixteen_bits.h"
#include "core/ops/op_catalogue.h"
#include "tests/unit/kernel_cases.h"

// Inputs and expected outputs of the kernel cases, for the tests of every device.

namespace kernel_arrays {

using namespace weft;

constexpr int threads = 2;

/// An array with its memory; aligned as a plan's arena is.
struct OwnedArray {
    explicit OwnedArray(const ArrayType& type, Layout layout = Layout::RowMajor) : bytes(storedBytes(type, layout) + 64)
    {
        const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
        array = {bytes.data() + (64 - address % 64) % 64, type, layout};
    }
    OwnedArray(OwnedArray&&) = default;
    OwnedArray(const OwnedArray&) = delete;

    std::vector<std::byte> bytes;
    Array array;
};

using Arrays = std::vector<OwnedArray>;

inline std::vector<Array> viewsOf(const Arrays& arrays)
{
    std::vector<Array> views;
    for (const OwnedArray& a : arrays)
        views.push_back(a.array);
    return views;
}

inline double valueAt(const Array& a, std::int64_t i)
{
    switch (a.type.dtype) {
    case DType::Float32: return static_cast<double>(a.as<float>()[i]);
    case DType::BFloat16: return static_cast<double>(a.as<BFloat16>()[i]);
    case DType::Float16: return static_cast<double>(a.as<Float16>()[i]);
    case DType::Int32: return a.as<std::int32_t>()[i];
    case DType::UInt8: return a.as<std::uint8_t>()[i];
    default: return std::numeric_limits<double>::quiet_NaN();
    }
}

inline void setValue(const Array& a, std::int64_t i, double value)
{
    switch (a.type.dtype) {
    case DType::Float32: a.as<float>()[i] = static_cast<float>(value); break;
    case DType::BFloat16: a.as<BFloat16>()[i] = BFloat16(static_cast<float>(value)); break;
    case DType::Float16: a.as<Float16>()[i] = Float16(static_cast<float>(value)); break;
    case DType::Int32: a.as<std::int32_t>()[i] = static_cast<std::int32_t>(value); break;
    default: a.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(value); break;
    }
}

inline double draw(Fill fill, std::mt19937& random, std::int64_t i)
{
    const double unit = static_cast<double>(random()) / 4294967296.0;
    switch (fill) {
    case Fill::Signed: return 2 * unit - 1;
    case Fill::Positive: return unit + 0.5;
    case Fill::Negative: return -unit - 0.5;
    case Fill::Infinite: return std::numeric_limits<double>::infinity();
    case Fill::Coarse: return std::floor(unit * 5) - 2;
    case Fill::Classes: return i == 3 ? 10 : std::floor(unit * 10);
    case Fill::Distant: return 2 * unit + 999;
    case Fill::LogSums: return 2 * unit + 7;
    case Fill::Places: return std::floor(unit * 6) - 1;
    case Fill::Taps: return i % 5 == 4 ? 255 : std::floor(unit * 4);
    case Fill::MaxPooled: break;
    }
    return 0;
}

inline void fillMaxPooled(const Attributes& attributes, const Array& x, const Array& y);

inline Arrays makeInputs(const KernelCase& one)
{
    std::mt19937 random(7);
    Arrays inputs;
    for (const CaseInput& input : one.inputs) {
        inputs.emplace_back(ArrayType{input.dtype, input.extents});
        const Array& a = inputs.back().array;
        for (std::int64_t i = 0; i < a.count(); ++i)
            setValue(a, i,
                     input.dtype == DType::UInt8 && input.fill != Fill::Taps ? static_cast<double>(random() % 256) : draw(input.fill, random, i));
        if (input.fill == Fill::MaxPooled)
            fillMaxPooled(one.attributes, inputs[inputs.size() - 2].array, a);
    }
    return inputs;
}

inline const OpSpec* specOf(const std::string& op)
{
    for (const OpSpec* spec : opCatalogue())
        if (op == spec->name)
            return spec;
    return nullptr;
}

inline std::vector<ArrayType> outputTypes(const KernelCase& one, const OpSpec& spec)
{
    std::vector<TensorType> inputs;
    std::int64_t batch = 1;
    for (const CaseInput& input : one.inputs) {
        std::vector<Dim> dims(input.extents.begin(), input.extents.end());
        if (spec.readsState && one.inputs.size() == 1) { // a mask by sample: the first axis is the batch
            batch = input.extents[0];
            dims[0] = Dim::batch();
        }
        inputs.push_back({input.dtype, Shape(std::move(dims))});
    }
    std::vector<ArrayType> types;
    for (const TensorType& type : spec.infer(inputs, one.attributes))
        types.push_back({type.dtype, type.shape.at(batch)});
    return types;
}

/// Global indices of the samples of a batch, larger than any case has.
inline std::vector<std::int64_t> sampleIndices()
{
    std::vector<std::int64_t> samples(40000);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<std::int64_t>(i * 37 % 101);
    return samples;
}

inline void runKernel(const KernelOption& option, const std::vector<Array>& inputs, const std::vector<Array>& outputs)
{
    const std::unique_ptr<Kernel> kernel = option.prepare();
    std::vector<std::byte> scratch(kernel->scratchBytes() + 64, std::byte{0xff});
    const auto address = reinterpret_cast<std::uintptr_t>(scratch.data());
    const std::vector<std::int64_t> samples = sampleIndices();
    const StepState state{5, 3, samples.data()};
    kernel->run({inputs, outputs, scratch.data() + (64 - address % 64) % 64, threads, nullptr, &state});
}

inline void fillMaxPooled(const Attributes& attributes, const Array& x, const Array& y)
{
    const std::vector<ArrayType> inputs{x.type};
    const std::vector<ArrayType> outputs{y.type};
    const std::vector<Layout> layouts{Layout::RowMajor};
    const KernelFactory factory = KernelTable::process().find(DeviceKind::Reference, "MaxPool");
    const std::vector<Array> from{x};
    const std::vector<Array> to{y};
    runKernel(factory({attributes, inputs, outputs, layouts, 1, false}).at(0), from, to);
}

/// A row "index" for each case, named by its op and sizes.
inline void addRows(const std::vector<KernelCase>& cases)
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::string name = cases[i].op;
        for (const CaseInput& input : cases[i].inputs)
            name += " " + toString(input.extents);
        QTest::newRow((std::to_string(i) + " " + name).c_str()) << static_cast<int>(i);
    }
}

/// Empty when equal within the tolerance, else what differs.
inline QString difference(const Array& actual, const Array& expected, double tolerance)
{
    double largest = 0;
    for (std::int64_t i = 0; i < expected.count(); ++i)
        if (std::isfinite(valueAt(expected, i)))
            largest = std::max(largest, std::abs(valueAt(expected, i)));
    for (std::int64_t i = 0; i < expected.count(); ++i) {
        const double a = valueAt(actual, i);
        const double e = valueAt(expected, i);
        const bool isEqual = a == e || (std::isnan(a) && std::isnan(e)) || std::abs(a - e) <= tolerance * std::max(largest, 1e-3);
        if (!isEqual)
            return QStringLiteral("element %1 is %2, should be %3").arg(i).arg(a).arg(e);
    }
    return {};
}

} // namespace kernel_arrays
