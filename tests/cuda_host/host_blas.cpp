// cuBLASLt on the host, as strictly as NVIDIA describes it: descriptors, what types and epilogues go together, what an algorithm
// needs of addresses and workspace.
#include "tests/cuda_host/host_blas.h"

#include <array>
#include <cstdlib>
#include <cstring>

#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_streams.h"

using namespace weft;

struct HostBlas {
    int card = 0;
};

/// What a search for algorithms may count on.
struct HostPreference {
    std::uint64_t workspaceBytes = 0;
    std::array<std::uint32_t, 4> alignments{256, 256, 256, 256}; ///< of a, b, c and d
};

namespace {

// Its algorithms: the first loads 16 bytes at once and needs a workspace, the other takes everything.

constexpr std::size_t wideAlignment = 16, wideWorkspace = std::size_t(1) << 20;
enum AlgorithmId : std::uint64_t { wide = 1, narrow = 2 };

std::size_t sizeOf(cudaDataType_t type)
{
    return type == CUDA_R_32F ? 4 : 2;
}

template <class Handle> cublasStatus_t made(HostThing kind, Handle* place, Handle thing)
{
    *place = thing;
    isBorn(kind, thing);
    return CUBLAS_STATUS_SUCCESS;
}

template <class Handle> cublasStatus_t destroyed(HostThing kind, Handle thing)
{
    if (!dies(kind, thing))
        return CUBLAS_STATUS_INVALID_VALUE;
    delete thing;
    return CUBLAS_STATUS_SUCCESS;
}

/// Sets what is of exactly that size.
template <class T> cublasStatus_t put(T& to, const void* value, std::size_t size)
{
    if (!value || size != sizeof(T))
        return CUBLAS_STATUS_INVALID_VALUE;
    std::memcpy(&to, value, size);
    return CUBLAS_STATUS_SUCCESS;
}

/// NVIDIA's table for sums in float32: factors alike; of 16 bits they give such, or float32, and float32 may be rounded on the way.
/// A bias is stored as the result is.
bool areTypesKnown(const HostProductRun& run)
{
    const cudaDataType_t factors = run.ofA.type, result = run.ofD.type;
    const bool isRounding = run.product.compute != CUBLAS_COMPUTE_32F;
    const bool isOwnBias = run.product.biasType == -1 || run.product.biasType == result;
    return run.product.scale == CUDA_R_32F && run.ofB.type == factors && run.ofC.type == result && isOwnBias
        && (result == factors || result == CUDA_R_32F) && (!isRounding || factors == CUDA_R_32F);
}

bool fit(const HostMatrix& matrix, std::int64_t rows, std::int64_t columns, std::int32_t batch)
{
    return matrix.rows == rows && matrix.columns == columns && matrix.batch == batch && rows > 0 && columns > 0 && matrix.stride >= rows && batch > 0
        && matrix.step >= 0;
}

/// Whether sizes belong together and epilogues have what they need.
bool isSound(const HostProductRun& run)
{
    const HostProduct& product = run.product;
    const std::int64_t m = run.ofD.rows, n = run.ofD.columns, k = product.a == CUBLAS_OP_N ? run.ofA.columns : run.ofA.rows;
    const std::int32_t batch = run.ofD.batch;
    const bool fits = fit(run.ofA, product.a == CUBLAS_OP_N ? m : k, product.a == CUBLAS_OP_N ? k : m, batch)
        && fit(run.ofB, product.b == CUBLAS_OP_N ? k : n, product.b == CUBLAS_OP_N ? n : k, batch) && fit(run.ofC, m, n, batch)
        && fit(run.ofD, m, n, batch);
    const bool hasBias = product.bias != nullptr || (!product.addsBias() && !product.givesBias());
    const bool hasMask = !product.hasMask() || (product.mask && product.maskStride % 128 == 0 && product.maskStride >= m);
    return fits && hasBias && hasMask;
}

/// Gradients of a batch need strides that we do not set.
bool isKnown(const HostProductRun& run)
{
    const bool isOfGradients = run.product.hasMask() || run.product.givesBias();
    return areTypesKnown(run) && !(isOfGradients && (run.ofD.batch > 1 || std::getenv("WEFT_TEST_WITHOUT_EPILOGUES")));
}

bool isAligned(const void* address, std::size_t bytes)
{
    return reinterpret_cast<std::uintptr_t>(address) % bytes == 0;
}

bool areRowsAligned(const HostMatrix& matrix)
{
    return static_cast<std::size_t>(matrix.stride) * sizeOf(matrix.type) % wideAlignment == 0
        && static_cast<std::size_t>(matrix.step) * sizeOf(matrix.type) % wideAlignment == 0;
}

/// The algorithm is for this product alone.
cublasLtMatmulAlgo_t algorithmFor(const HostProductRun& run, AlgorithmId id)
{
    const auto dims = [](const HostMatrix& matrix) {
        return static_cast<std::uint64_t>((matrix.stride * 31 + matrix.rows) * 31 + matrix.columns) * 4
            + static_cast<std::uint64_t>(matrix.batch > 1);
    };
    const auto kind = static_cast<std::uint64_t>(run.product.epilogue) << 8 | static_cast<std::uint64_t>(run.product.compute);
    return {{id, kind, dims(run.ofA), dims(run.ofB), dims(run.ofD), 0, 0, 0}};
}

/// Whether the card may read and write all that the product does.
bool liesOnCard(const HostProductRun& run, int card)
{
    const auto lies = [card](const void* place, const HostMatrix& matrix) {
        return isCardMemory(card, place, static_cast<std::size_t>(matrix.elements()) * sizeOf(matrix.type));
    };
    const HostProduct& product = run.product;
    const std::int64_t ofBias = product.epilogue == CUBLASLT_EPILOGUE_BGRADB ? run.ofD.columns : run.ofD.rows;
    const bool hasBias = !product.bias || isCardMemory(card, product.bias, static_cast<std::size_t>(ofBias) * sizeOf(run.ofD.type));
    const auto ofMask = static_cast<std::size_t>(product.maskStride * run.ofD.columns / 8);
    return lies(run.a, run.ofA) && lies(run.b, run.ofB) && lies(run.d, run.ofD) && hasBias
        && (!product.hasMask() || isCardMemory(card, product.mask, ofMask));
}

bool isMissed(const HostProductRun& run, std::uint64_t algorithm)
{
    return algorithm == wide && !(isAligned(run.a, wideAlignment) && isAligned(run.b, wideAlignment) && isAligned(run.d, wideAlignment));
}

} // namespace

const char* cublasLtGetStatusString(cublasStatus_t status)
{
    switch (status) {
    case CUBLAS_STATUS_NOT_SUPPORTED: return "the functionality requested is not supported";
    case CUBLAS_STATUS_INVALID_VALUE: return "an unsupported value or parameter was passed to the function";
    default: return "a fault of the host";
    }
}

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle)
{
    if (lossOf(cardAtHand()) != cudaSuccess)
        return CUBLAS_STATUS_NOT_INITIALIZED;
    return made(HostThing::Blas, handle, new HostBlas{cardAtHand()});
}
cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle)
{
    return destroyed(HostThing::Blas, handle);
}
cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* product, cublasComputeType_t compute, cudaDataType_t scale)
{
    auto* fresh = new HostProduct;
    fresh->compute = compute;
    fresh->scale = scale;
    return made(HostThing::BlasDescriptor, product, fresh);
}
cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t product)
{
    return destroyed(HostThing::BlasDescriptor, product);
}
cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t product, cublasLtMatmulDescAttributes_t name, const void* value, std::size_t size)
{
    switch (name) {
    case CUBLASLT_MATMUL_DESC_TRANSA: return put(product->a, value, size);
    case CUBLASLT_MATMUL_DESC_TRANSB: return put(product->b, value, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE: return put(product->epilogue, value, size);
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER: return put(product->bias, value, size);
    case CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE: return put(product->biasType, value, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER: return put(product->mask, value, size);
    case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD: return put(product->maskStride, value, size);
    }
    return CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* matrix, cudaDataType_t type, std::uint64_t rows, std::uint64_t columns,
                                          std::int64_t stride)
{
    auto* fresh = new HostMatrix;
    fresh->type = type;
    fresh->rows = static_cast<std::int64_t>(rows);
    fresh->columns = static_cast<std::int64_t>(columns);
    fresh->stride = stride;
    return made(HostThing::BlasDescriptor, matrix, fresh);
}
cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t matrix)
{
    return destroyed(HostThing::BlasDescriptor, matrix);
}
cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t matrix, cublasLtMatrixLayoutAttribute_t name, const void* value,
                                                std::size_t size)
{
    return name == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT ? put(matrix->batch, value, size) : put(matrix->step, value, size);
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference)
{
    return made(HostThing::BlasDescriptor, preference, new HostPreference);
}
cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference)
{
    return destroyed(HostThing::BlasDescriptor, preference);
}
cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference, cublasLtMatmulPreferenceAttributes_t name,
                                                    const void* value, std::size_t size)
{
    if (name == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES)
        return put(preference->workspaceBytes, value, size);
    return put(preference->alignments[static_cast<std::size_t>(name - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES)], value, size);
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t product, cublasLtMatrixLayout_t a,
                                              cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                              cublasLtMatmulPreference_t preference, int most, cublasLtMatmulHeuristicResult_t* results, int* found)
{
    *found = 0;
    HostProductRun run;
    run.product = *product;
    run.ofA = *a, run.ofB = *b, run.ofC = *c, run.ofD = *d;
    if (!isAlive(HostThing::Blas, handle))
        return CUBLAS_STATUS_NOT_INITIALIZED;
    if (most < 1 || !isSound(run))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (!isKnown(run))
        return CUBLAS_STATUS_NOT_SUPPORTED;
    bool isWide = preference->workspaceBytes >= wideWorkspace && areRowsAligned(run.ofA) && areRowsAligned(run.ofB) && areRowsAligned(run.ofD);
    for (const std::uint32_t alignment : preference->alignments)
        isWide = isWide && alignment >= wideAlignment;
    results[0] = {algorithmFor(run, isWide ? wide : narrow), isWide ? wideWorkspace : 0, CUBLAS_STATUS_SUCCESS, 1.0f, {}};
    *found = 1;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t product, const void* alpha, const void* a, cublasLtMatrixLayout_t ofA,
                              const void* b, cublasLtMatrixLayout_t ofB, const void* beta, const void* c, cublasLtMatrixLayout_t ofC, void* d,
                              cublasLtMatrixLayout_t ofD, const cublasLtMatmulAlgo_t* algo, void* workspace, std::size_t workspaceBytes,
                              cudaStream_t stream)
{
    if (!isAlive(HostThing::Blas, handle))
        return CUBLAS_STATUS_NOT_INITIALIZED;
    const HostProductRun run{*product, *ofA, *ofB, *ofC, *ofD, a, b, c, d, *static_cast<const float*>(alpha), *static_cast<const float*>(beta)};
    const AlgorithmId id = algo->data[0] == wide ? wide : narrow;
    const cublasLtMatmulAlgo_t fitting = algorithmFor(run, id);
    const std::size_t scratch = id == wide ? wideWorkspace : 0;
    if (!isSound(run) || c != d || handle->card != cardAtHand() || std::memcmp(&fitting, algo, sizeof fitting) != 0 || isMissed(run, id)
        || workspaceBytes < scratch || !isAligned(workspace, 256) || !isAligned(product->mask, wideAlignment))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (!isKnown(run))
        return CUBLAS_STATUS_NOT_SUPPORTED;
    if (!liesOnCard(run, handle->card) || !isCardMemory(handle->card, workspace, scratch))
        return CUBLAS_STATUS_EXECUTION_FAILED;
    const int fault = enqueueOnHost(stream, [=] {
        std::memset(workspace, 0xff, scratch / 256);
        multiplyOnHost(run);
    });
    return fault == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}
