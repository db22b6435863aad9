// Products of cuBLASLt on the host: sums in float64, of factors rounded as tensor cores take them.
#include <vector>

#include "core/device/sixteen_bits.h"
#include "tests/cuda_host/host_blas.h"
#include "tests/cuda_host/rounding.h"

namespace weft {

namespace {

using Numbers = std::vector<double>;

Precision precisionOf(cublasComputeType_t compute)
{
    switch (compute) {
    case CUBLAS_COMPUTE_32F_FAST_TF32: return Precision::Tf32;
    case CUBLAS_COMPUTE_32F_FAST_16BF: return Precision::BFloat16;
    case CUBLAS_COMPUTE_32F_FAST_16F: return Precision::Float16;
    default: return Precision::Float32;
    }
}

/// Calls with a pointer of the type that stands there.
template <class Use> void visit(cudaDataType_t type, const void* place, Use use)
{
    switch (type) {
    case CUDA_R_16BF: return use(static_cast<const BFloat16*>(place));
    case CUDA_R_16F: return use(static_cast<const Float16*>(place));
    default: return use(static_cast<const float*>(place));
    }
}

/// The numbers of a matrix of a batch, row after row of `length` along which they are summed or which are results at once.
Numbers gathered(const HostMatrix& matrix, const void* place, std::int64_t batch, bool byColumns, Precision precision)
{
    const std::int64_t outer = byColumns ? matrix.columns : matrix.rows, inner = byColumns ? matrix.rows : matrix.columns;
    const std::int64_t outerStep = byColumns ? matrix.stride : 1, innerStep = byColumns ? 1 : matrix.stride;
    Numbers numbers(static_cast<std::size_t>(outer * inner));
    visit(matrix.type, place, [&](const auto* from) {
        double* to = numbers.data();
        for (std::int64_t i = 0; i < outer; ++i) {
            const auto* row = from + batch * matrix.step + i * outerStep;
            for (std::int64_t j = 0; j < inner; ++j)
                *to++ = static_cast<double>(roundedFactor(static_cast<float>(row[j * innerStep]), precision));
        }
    });
    return numbers;
}

double numberAt(cudaDataType_t type, const void* place, std::int64_t at)
{
    double number = 0;
    visit(type, place, [&](const auto* from) { number = static_cast<double>(static_cast<float>(from[at])); });
    return number;
}

void store(cudaDataType_t type, void* place, std::int64_t at, double number)
{
    visit(type, place, [&](const auto* typed) {
        using T = std::remove_cvref_t<decltype(*typed)>;
        static_cast<T*>(place)[at] = static_cast<T>(static_cast<float>(number));
    });
}

/// Whether bit `at` of a mask is set, or sets it.
bool bitAt(const void* mask, std::int64_t at)
{
    return (static_cast<const unsigned char*>(mask)[at / 8] >> at % 8 & 1) != 0;
}
void setBit(void* mask, std::int64_t at, bool isSet)
{
    unsigned char& byte = static_cast<unsigned char*>(mask)[at / 8];
    byte = static_cast<unsigned char>((byte & ~(1u << at % 8)) | static_cast<unsigned>(isSet) << at % 8);
}

/// What becomes of a result in row `i` and column `j`.
double ended(const HostProduct& product, cudaDataType_t type, std::int64_t i, std::int64_t j, double number)
{
    const std::int64_t bit = i + j * product.maskStride;
    if (product.readsMask())
        return bitAt(product.mask, bit) ? number : 0.0;
    if (product.addsBias())
        number += numberAt(type, product.bias, i);
    if ((product.epilogue & CUBLASLT_EPILOGUE_RELU) == 0)
        return number;
    if (product.hasMask())
        setBit(product.mask, bit, number > 0);
    return number < 0 ? 0.0 : number;
}

/// The sums of a factor along the axis that the product sums over.
void sumFactor(const HostProductRun& run, bool ofA)
{
    const HostMatrix& matrix = ofA ? run.ofA : run.ofB;
    const bool byColumns = ofA ? run.product.a == CUBLAS_OP_T : run.product.b == CUBLAS_OP_N;
    const Numbers numbers = gathered(matrix, ofA ? run.a : run.b, 0, byColumns, Precision::Float32);
    const std::int64_t sums = byColumns ? matrix.columns : matrix.rows, length = byColumns ? matrix.rows : matrix.columns;
    for (std::int64_t i = 0; i < sums; ++i) {
        double sum = 0;
        for (std::int64_t k = 0; k < length; ++k)
            sum += numbers[static_cast<std::size_t>(i * length + k)];
        store(run.ofD.type, run.product.bias, i, sum);
    }
}

void multiplyOne(const HostProductRun& run, std::int64_t batch, Numbers& sumsOfRows)
{
    const Precision precision = precisionOf(run.product.compute);
    const std::int64_t rows = run.ofD.rows, columns = run.ofD.columns, depth = run.product.a == CUBLAS_OP_N ? run.ofA.columns : run.ofA.rows;
    const Numbers a = gathered(run.ofA, run.a, batch, run.product.a == CUBLAS_OP_N, precision);
    const Numbers b = gathered(run.ofB, run.b, batch, run.product.b == CUBLAS_OP_N, precision);
    Numbers sums(static_cast<std::size_t>(rows));
    for (std::int64_t j = 0; j < columns; ++j) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (std::int64_t k = 0; k < depth; ++k) {
            const double factor = b[static_cast<std::size_t>(j * depth + k)];
            const double* column = a.data() + k * rows;
            for (std::int64_t i = 0; i < rows; ++i)
                sums[static_cast<std::size_t>(i)] += column[i] * factor;
        }
        for (std::int64_t i = 0; i < rows; ++i) {
            const std::int64_t at = batch * run.ofD.step + j * run.ofD.stride + i;
            double number = static_cast<double>(run.alpha) * sums[static_cast<std::size_t>(i)];
            if (run.beta != 0.0f)
                number += static_cast<double>(run.beta) * numberAt(run.ofC.type, run.c, at);
            number = ended(run.product, run.ofD.type, i, j, number);
            sumsOfRows[static_cast<std::size_t>(i)] += number;
            store(run.ofD.type, run.d, at, number);
        }
    }
}

} // namespace

void multiplyOnHost(const HostProductRun& run)
{
    Numbers sumsOfRows(static_cast<std::size_t>(run.ofD.rows));
    for (std::int64_t batch = 0; batch < run.ofD.batch; ++batch)
        multiplyOne(run, batch, sumsOfRows);
    if (run.product.epilogue == CUBLASLT_EPILOGUE_BGRADA || run.product.epilogue == CUBLASLT_EPILOGUE_BGRADB)
        sumFactor(run, run.product.epilogue == CUBLASLT_EPILOGUE_BGRADA);
    if (run.product.epilogue == CUBLASLT_EPILOGUE_DRELU_BGRAD) {
        for (std::int64_t i = 0; i < run.ofD.rows; ++i)
            store(run.ofD.type, run.product.bias, i, sumsOfRows[static_cast<std::size_t>(i)]);
    }
}

} // namespace weft
