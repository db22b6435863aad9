// The driver and the cards that it shows.
#include <cstdlib>
#include <cstring>

#include "tests/cuda_host/host_runtime.h"

using namespace weft;

namespace {

thread_local int chosen = 0;

int driver()
{
    return numberIn("WEFT_TEST_DRIVER", CUDART_VERSION);
}

/// Times 10.
int capabilityOf(int card)
{
    if (card < numberIn("WEFT_TEST_OLD_CARDS", 0))
        return 70;
    return std::getenv("WEFT_TEST_WITHOUT_BFLOAT16") ? 75 : 90;
}

/// What every call says of a card that is not there, cannot be used or was lost.
cudaError_t faultOf(int card)
{
    if (driver() < CUDART_VERSION)
        return cudaErrorInsufficientDriver;
    if (card < 0 || card >= hostCards)
        return cudaErrorInvalidDevice;
    return card == numberIn("WEFT_TEST_BAD_CARD", -1) ? cudaErrorDevicesUnavailable : lossOf(card);
}

} // namespace

int weft::cardAtHand()
{
    return chosen;
}

cudaError_t cudaDriverGetVersion(int* version)
{
    *version = driver();
    return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count)
{
    const cudaError_t fault = driver() < CUDART_VERSION ? cudaErrorInsufficientDriver : cudaSuccess;
    *count = fault == cudaSuccess ? hostCards : 0;
    return answer(fault);
}

cudaError_t cudaSetDevice(int card)
{
    const cudaError_t fault = faultOf(card);
    if (fault == cudaSuccess)
        chosen = card;
    return answer(fault);
}

cudaError_t cudaGetDevice(int* card)
{
    *card = chosen;
    return answer(faultOf(chosen));
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int card)
{
    if (const cudaError_t fault = faultOf(card); fault != cudaSuccess)
        return answer(fault);
    std::strcpy(properties->name, "kernels of the CUDA plugin on the host");
    properties->totalGlobalMem = memoryOfCard();
    properties->major = capabilityOf(card) / 10;
    properties->minor = capabilityOf(card) % 10;
    return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int card)
{
    if (const cudaError_t fault = faultOf(card); fault != cudaSuccess)
        return answer(fault);
    *value = attribute == cudaDevAttrComputeCapabilityMajor ? capabilityOf(card) / 10 : readsHost();
    return cudaSuccess;
}

/// There is no code for cards that are older than all that kernels were compiled for.
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, void (*)())
{
    constexpr int architectures[] = {__CUDA_ARCH_LIST__};
    attributes->binaryVersion = capabilityOf(chosen);
    if (const cudaError_t fault = faultOf(chosen); fault != cudaSuccess)
        return answer(fault);
    return answer(10 * capabilityOf(chosen) < architectures[0] ? cudaErrorInvalidDeviceFunction : cudaSuccess);
}
