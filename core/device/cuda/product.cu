#include "core/device/cuda/product.h"

#include <map>

#include <cublasLt.h>
#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/queue.h"

namespace weft {

namespace {

constexpr std::uintptr_t planAlignment = 64; ///< of the arrays of plans

void checkBlas(cublasStatus_t status)
{
    if (status != CUBLAS_STATUS_SUCCESS)
        throw Error(WEFT_TEXT("Cuda", "cuBLASLt refused a product: %1."), cublasLtGetStatusString(status));
}

// cuBLAS thinks in columns: our row-major y = a·b is its yᵀ = bᵀ·aᵀ, whose matrices lie in memory as ours do.

/// Destroys a descriptor of cuBLASLt at the end of a scope.
template <class Handle, cublasStatus_t (*destroy)(Handle)> class Owned {
public:
    Owned() = default;
    ~Owned()
    {
        if (m_handle)
            destroy(m_handle);
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    Handle* place() { return &m_handle; }
    Handle get() const { return m_handle; }

private:
    Handle m_handle = nullptr;
};

using Operation = Owned<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>;
using Matrix = Owned<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>;
using Preference = Owned<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>;

template <class T> void set(const Operation& operation, cublasLtMatmulDescAttributes_t attribute, const T& value)
{
    checkBlas(cublasLtMatmulDescSetAttribute(operation.get(), attribute, &value, sizeof value));
}

cudaDataType_t typeOf(DType type)
{
    return type == DType::BFloat16 ? CUDA_R_16BF : type == DType::Float16 ? CUDA_R_16F : CUDA_R_32F;
}

/// A stored matrix of `rows` rows of `columns`, `row` elements apart.
void describe(Matrix& matrix, DType type, std::int64_t rows, std::int64_t columns, std::int64_t row, std::int64_t batch, std::int64_t step)
{
    checkBlas(cublasLtMatrixLayoutCreate(matrix.place(), typeOf(type), static_cast<std::uint64_t>(columns), static_cast<std::uint64_t>(rows),
                                         row > 0 ? row : columns));
    const auto count = static_cast<std::int32_t>(batch);
    checkBlas(cublasLtMatrixLayoutSetAttribute(matrix.get(), CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count, sizeof count));
    checkBlas(cublasLtMatrixLayoutSetAttribute(matrix.get(), CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &step, sizeof step));
}

/// The library rounds factors of float32 itself: same memory, products of the tensor cores, sums in float32. Those of 16 bits
/// are as the tensor cores take them.
cublasComputeType_t computeType(const Product& product)
{
    if (product.factors != DType::Float32)
        return CUBLAS_COMPUTE_32F;
    switch (product.precision) {
    case Precision::Tf32: return CUBLAS_COMPUTE_32F_FAST_TF32;
    case Precision::BFloat16: return CUBLAS_COMPUTE_32F_FAST_16BF;
    case Precision::Float16: return CUBLAS_COMPUTE_32F_FAST_16F;
    case Precision::Float32: break;
    }
    return CUBLAS_COMPUTE_32F;
}

cublasLtEpilogue_t epilogueOf(const Product& product)
{
    if (product.biasGradient)
        return CUBLASLT_EPILOGUE_BGRADA;
    if (product.mask && !product.relu)
        return CUBLASLT_EPILOGUE_DRELU;
    if (product.mask)
        return product.bias ? CUBLASLT_EPILOGUE_RELU_AUX_BIAS : CUBLASLT_EPILOGUE_RELU_AUX;
    if (product.bias)
        return product.relu ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_BIAS;
    return product.relu ? CUBLASLT_EPILOGUE_RELU : CUBLASLT_EPILOGUE_DEFAULT;
}

void describe(Operation& operation, const Product& product)
{
    checkBlas(cublasLtMatmulDescCreate(operation.place(), computeType(product), CUDA_R_32F));
    set(operation, CUBLASLT_MATMUL_DESC_TRANSA, product.transposeB ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(operation, CUBLASLT_MATMUL_DESC_TRANSB, product.transposeA ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(operation, CUBLASLT_MATMUL_DESC_EPILOGUE, epilogueOf(product));
    if (product.bias)
        set(operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, product.bias);
    if (product.biasGradient)
        set(operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, product.biasGradient);
    if (!product.mask)
        return;
    set(operation, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, product.mask);
    set(operation, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, 8 * product.maskRow);
}

/// The library takes matrices to begin at multiples of 256 bytes unless it is told.
void describe(const Preference& preference, cublasLtMatmulPreferenceAttributes_t alignment, const void* matrix)
{
    constexpr std::uintptr_t most = 256;
    const auto address = reinterpret_cast<std::uintptr_t>(matrix) | most;
    const auto bytes = static_cast<std::uint32_t>(address & (~address + 1)); // the lowest bit that is set
    checkBlas(cublasLtMatmulPreferenceSetAttribute(preference.get(), alignment, &bytes, sizeof bytes));
}

/// The matrices of a product, and the way that the library knows for it.
struct Way {
    Operation operation;
    Matrix a, b, y;
    cublasLtMatmulHeuristicResult_t best{};

    Way(const Product& p)
    {
        describe(operation, p);
        describe(a, p.factors, p.transposeA ? p.k : p.m, p.transposeA ? p.m : p.k, p.rowA, p.batch, p.stepA);
        describe(b, p.factors, p.transposeB ? p.n : p.k, p.transposeB ? p.k : p.n, p.rowB, p.batch, p.stepB);
        describe(y, p.result, p.m, p.n, p.rowY, p.batch, p.stepY);
    }

    /// False where it knows none for arrays that begin at these addresses.
    bool find(cublasLtHandle_t blas, std::size_t workspaceBytes, const void* atA, const void* atB, const void* atY)
    {
        Preference preference;
        checkBlas(cublasLtMatmulPreferenceCreate(preference.place()));
        checkBlas(
            cublasLtMatmulPreferenceSetAttribute(preference.get(), CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspaceBytes, sizeof workspaceBytes));
        describe(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, atB);
        describe(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, atA);
        describe(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, atY);
        describe(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, atY);
        int found = 0;
        const cublasStatus_t status
            = cublasLtMatmulAlgoGetHeuristic(blas, operation.get(), b.get(), a.get(), y.get(), y.get(), preference.get(), 1, &best, &found);
        if (status != CUBLAS_STATUS_NOT_SUPPORTED)
            checkBlas(status);
        return status == CUBLAS_STATUS_SUCCESS && found > 0;
    }
};

/// For questions before there is a device. Of the card at hand, and of this thread.
cublasLtHandle_t blasAtHand()
{
    thread_local std::map<int, cublasLtHandle_t> handles;
    int card = 0;
    checkCuda(cudaGetDevice(&card), "to be named");
    cublasLtHandle_t& handle = handles[card];
    if (!handle)
        checkBlas(cublasLtCreate(&handle));
    return handle;
}

} // namespace

bool canMultiply(const Product& product)
{
    void* const somewhere = reinterpret_cast<void*>(planAlignment);
    Product p = product;
    p.bias = p.bias ? somewhere : nullptr;
    p.mask = p.mask ? somewhere : nullptr;
    p.biasGradient = p.biasGradient ? somewhere : nullptr;
    return p.m > 0 && p.n > 0 && p.k > 0 && p.batch > 0 && Way(p).find(blasAtHand(), productWorkspaceBytes, somewhere, somewhere, somewhere);
}

void multiply(const KernelContext& context, const Product& p, const void* a, const void* b, void* y)
{
    if (p.m == 0 || p.n == 0 || p.batch == 0)
        return;
    const CudaQueue& queue = queueOf(context);
    const auto handle = static_cast<cublasLtHandle_t>(queue.blas);
    Way way(p);
    if (!way.find(handle, queue.workspaceBytes, a, b, y))
        throw Error(WEFT_TEXT("Cuda", "cuBLASLt knows no way to multiply [%1, %2] by [%2, %3]."), p.m, p.k, p.n);
    const float one = 1.0f;
    checkBlas(cublasLtMatmul(handle, way.operation.get(), &one, b, way.b.get(), a, way.a.get(), &p.keep, y, way.y.get(), y, way.y.get(),
                             &way.best.algo, queue.workspace, queue.workspaceBytes, static_cast<cudaStream_t>(queue.stream)));
}

} // namespace weft
