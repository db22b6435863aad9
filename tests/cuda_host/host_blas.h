#pragma once

#include <cublasLt.h>

/// A matrix as cuBLASLt takes it: its columns lie `stride` elements apart, those of a batch `step`.
struct HostMatrix {
    cudaDataType_t type = CUDA_R_32F;
    std::int64_t rows = 0, columns = 0, stride = 0;
    std::int32_t batch = 1;
    std::int64_t step = 0;

    std::int64_t elements() const { return (batch - 1) * step + (columns - 1) * stride + rows; }
};

/// What is done with two of them.
struct HostProduct {
    cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
    cudaDataType_t scale = CUDA_R_32F;
    cublasOperation_t a = CUBLAS_OP_N, b = CUBLAS_OP_N;
    cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
    void* bias = nullptr; ///< or its gradient
    std::int32_t biasType = -1; ///< −1: that of the result
    void* mask = nullptr;
    std::int64_t maskStride = 0; ///< in bits

    bool hasMask() const { return (epilogue & 128) != 0; }
    bool readsMask() const { return (epilogue & 8) != 0; }
    bool addsBias() const { return (epilogue & CUBLASLT_EPILOGUE_BIAS) != 0; }
    bool givesBias() const { return (epilogue & (16 | CUBLASLT_EPILOGUE_BGRADA | CUBLASLT_EPILOGUE_BGRADB)) != 0; }
};

namespace weft {

/// A product with all that it reads and writes.
struct HostProductRun {
    HostProduct product;
    HostMatrix ofA, ofB, ofC, ofD;
    const void *a = nullptr, *b = nullptr, *c = nullptr;
    void* d = nullptr;
    float alpha = 1, beta = 0;
};

void multiplyOnHost(const HostProductRun& run);

} // namespace weft
