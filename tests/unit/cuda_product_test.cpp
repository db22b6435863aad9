// Products of the CUDA plugin by cuBLASLt, against sums by hand: the stand-in refuses what NVIDIA's library would.
#include <QTest>

#include "core/device/cuda/product.h"
#include "core/device/sixteen_bits.h"
#include "tests/cuda_host/host_runtime.h"
#include "tests/unit/card_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Small numbers that all types hold, and whose products and sums they do.
float numberAt(std::size_t i, int salt)
{
    return static_cast<float>(static_cast<int>((i * 7 + static_cast<std::size_t>(salt) * 5) % 9) - 4) / 2;
}

std::vector<std::byte> stored(const Floats& numbers, DType type)
{
    std::vector<std::byte> bytes(numbers.size() * sizeOf(type));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (type == DType::BFloat16)
            reinterpret_cast<BFloat16*>(bytes.data())[i] = BFloat16(numbers[i]);
        else if (type == DType::Float16)
            reinterpret_cast<Float16*>(bytes.data())[i] = Float16(numbers[i]);
        else
            reinterpret_cast<float*>(bytes.data())[i] = numbers[i];
    }
    return bytes;
}

float loaded(const std::vector<std::byte>& bytes, std::size_t i, DType type)
{
    if (type == DType::BFloat16)
        return static_cast<float>(reinterpret_cast<const BFloat16*>(bytes.data())[i]);
    if (type == DType::Float16)
        return static_cast<float>(reinterpret_cast<const Float16*>(bytes.data())[i]);
    return reinterpret_cast<const float*>(bytes.data())[i];
}

/// An array on the card that begins `shift` elements behind where blocks do.
class Stored {
public:
    Stored(Device& device, const Floats& numbers, DType type, std::size_t shift) :
        m_device(device), m_count(numbers.size()), m_type(type), m_shift(shift * sizeOf(type)),
        m_memory(static_cast<std::byte*>(device.allocate(m_shift + m_count * sizeOf(type))))
    {
        const std::vector<std::byte> bytes = stored(numbers, type);
        device.copyFromHost(data(), bytes.data(), bytes.size());
    }
    ~Stored() { m_device.free(m_memory, m_shift + m_count * sizeOf(m_type)); }
    Stored(const Stored&) = delete;
    Stored& operator=(const Stored&) = delete;

    std::byte* data() const { return m_memory + m_shift; }
    Floats read() const
    {
        std::vector<std::byte> bytes(m_count * sizeOf(m_type));
        m_device.copyToHost(bytes.data(), data(), bytes.size());
        Floats numbers(m_count);
        for (std::size_t i = 0; i < m_count; ++i)
            numbers[i] = loaded(bytes, i, m_type);
        return numbers;
    }

private:
    Device& m_device;
    std::size_t m_count;
    DType m_type;
    std::size_t m_shift;
    std::byte* m_memory;
};

/// What a product reads and writes, on the host.
struct Arrays {
    Floats a, b, y, bias;
};

std::int64_t rowOf(std::int64_t row, std::int64_t width)
{
    return row > 0 ? row : width;
}

Arrays arraysOf(const Product& p)
{
    const auto filled = [](std::int64_t count, int salt) {
        Floats numbers(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = numberAt(i, salt);
        return numbers;
    };
    const auto span = [&](std::int64_t step, std::int64_t rows, std::int64_t row) { return (p.batch - 1) * step + rows * row; };
    return {filled(span(p.stepA, p.transposeA ? p.k : p.m, rowOf(p.rowA, p.transposeA ? p.m : p.k)), 1),
            filled(span(p.stepB, p.transposeB ? p.n : p.k, rowOf(p.rowB, p.transposeB ? p.k : p.n)), 2),
            filled(span(p.stepY, p.m, rowOf(p.rowY, p.n)), 3), filled(p.n, 4)};
}

/// y by hand; what stands between rows stays.
Floats expectedOf(const Product& p, const Arrays& arrays)
{
    Floats y = arrays.y;
    const std::int64_t rowA = rowOf(p.rowA, p.transposeA ? p.m : p.k), rowB = rowOf(p.rowB, p.transposeB ? p.k : p.n);
    for (std::int64_t batch = 0; batch < p.batch; ++batch) {
        for (std::int64_t i = 0; i < p.m; ++i) {
            for (std::int64_t j = 0; j < p.n; ++j) {
                float& result = y[static_cast<std::size_t>(batch * p.stepY + i * rowOf(p.rowY, p.n) + j)];
                float sum = p.keep * result + (p.bias ? arrays.bias[static_cast<std::size_t>(j)] : 0.0f);
                for (std::int64_t k = 0; k < p.k; ++k)
                    sum += arrays.a[static_cast<std::size_t>(batch * p.stepA + (p.transposeA ? k * rowA + i : i * rowA + k))]
                        * arrays.b[static_cast<std::size_t>(batch * p.stepB + (p.transposeB ? j * rowB + k : k * rowB + j))];
                result = p.relu ? std::max(0.0f, sum) : sum;
            }
        }
    }
    return y;
}

} // namespace

class CudaProductTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isThatByHand_data();
    void isThatByHand();
    void roundsAsTheRunAsks();
    void hasNothingToDoForNothing();
    void typesThatDoNotFitAreRefused();
    void nothingIsLeft() { QCOMPARE(aliveOnHost(HostThing::BlasDescriptor) + aliveOnHost(HostThing::Blas), std::size_t(0)); }
};

void CudaProductTest::isThatByHand_data()
{
    QTest::addColumn<Product>("product");
    QTest::addColumn<int>("shift");
    static const float some = 0;
    const auto add = [](const std::string& name, const Product& product, int shift = 0) {
        for (const bool a : {false, true}) {
            for (const bool b : {false, true}) {
                Product one = product;
                one.transposeA = a;
                one.transposeB = b;
                QTest::addRow("%s%s%s", name.c_str(), a ? ", a turned" : "", b ? ", b turned" : "") << one << shift;
            }
        }
    };
    const Product plain{.m = 5, .n = 7, .k = 3}, even{.m = 8, .n = 16, .k = 24};
    add("plain", plain);
    add("even", even);
    for (const int shift : {1, 2, 4, 63})
        add("shifted by " + std::to_string(shift), even, shift);
    add("one", {.m = 1, .n = 1, .k = 1});
    Product one = plain;
    one.keep = 1;
    add("added to what is there", one);
    one.keep = -0.5f;
    add("added to a part of it", one);
    one = plain;
    one.bias = &some;
    add("bias", one);
    one.relu = true;
    add("bias and relu", one);
    one.batch = 2;
    one.stepA = 15, one.stepB = 0, one.stepY = 35;
    add("a batch of them", one);
    one.bias = nullptr;
    one.stepB = 21;
    add("a batch, relu", one);
    one = even;
    one.rowA = 32, one.rowB = 40, one.rowY = 20;
    add("parts of larger ones", one);
    one.batch = 3;
    one.stepA = 1000, one.stepB = 2000, one.stepY = 200;
    add("a batch of parts", one);
    for (const DType type : {DType::BFloat16, DType::Float16}) {
        for (const DType result : {type, DType::Float32}) {
            one = even;
            one.factors = type;
            one.result = result;
            one.bias = &some;
            one.relu = true;
            const std::string name = std::string(type == DType::Float16 ? "fp16" : "bf16") + (result == type ? "" : " into float32");
            add(name, one);
            one.keep = 1;
            one.bias = nullptr;
            one.m = 5, one.n = 7, one.k = 3;
            add(name + ", odd", one, 1);
        }
    }
}

void CudaProductTest::isThatByHand()
{
    QFETCH(Product, product);
    QFETCH(int, shift);
    const Arrays arrays = arraysOf(product);
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const auto by = static_cast<std::size_t>(shift);
    const Stored a(*device, arrays.a, product.factors, by), b(*device, arrays.b, product.factors, by), y(*device, arrays.y, product.result, by),
        bias(*device, arrays.bias, product.result, by);
    if (product.bias)
        product.bias = bias.data();
    multiply(contextOf(*device), product, a.data(), b.data(), y.data());
    QCOMPARE(y.read(), expectedOf(product, arrays));
}

void CudaProductTest::roundsAsTheRunAsks()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const float one = 1.0f + 1.0f / 512; // ten bits of tf32 and of float16 hold it, seven of bfloat16 do not
    const float two = 1.0f + 1.0f / 4096; // float32 alone
    for (const auto& [precision, x, expected] : {std::tuple{Precision::Float32, two, two},
                                                 {Precision::Tf32, two, 1.0f},
                                                 {Precision::Tf32, one, one},
                                                 {Precision::Float16, one, one},
                                                 {Precision::Float16, two, 1.0f},
                                                 {Precision::BFloat16, one, 1.0f}}) {
        const Stored a(*device, {x}, DType::Float32, 0), b(*device, {1}, DType::Float32, 0), y(*device, {0}, DType::Float32, 0);
        multiply(contextOf(*device), {.m = 1, .n = 1, .k = 1, .precision = precision}, a.data(), b.data(), y.data());
        QCOMPARE(y.read(), Floats{expected});
    }
}

void CudaProductTest::hasNothingToDoForNothing()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const Stored some(*device, {1, 2, 3}, DType::Float32, 0);
    multiply(contextOf(*device), {.m = 0, .n = 3, .k = 1}, some.data(), some.data(), some.data());
    multiply(contextOf(*device), {.m = 3, .n = 0, .k = 1}, some.data(), some.data(), some.data());
    multiply(contextOf(*device), {.m = 1, .n = 3, .k = 1, .batch = 0}, some.data(), some.data(), some.data());
    QCOMPARE(some.read(), (Floats{1, 2, 3}));
}

void CudaProductTest::typesThatDoNotFitAreRefused()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const Stored a(*device, {1}, DType::Float32, 0), y(*device, {0}, DType::Float32, 0);
    const Product product{.m = 1, .n = 1, .k = 1, .result = DType::Float16};
    QVERIFY_EXCEPTION_THROWN(multiply(contextOf(*device), product, a.data(), a.data(), y.data()), Error);
}

QTEST_GUILESS_MAIN(CudaProductTest)
#include "cuda_product_test.moc"
