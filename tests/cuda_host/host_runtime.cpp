// What there is, what is wrong, and the environment that says so.
#include "tests/cuda_host/host_runtime.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>
#include <utility>

namespace weft {

namespace {

struct Things {
    std::mutex mutex;
    std::array<std::set<const void*>, static_cast<std::size_t>(HostThing::count)> alive;

    std::set<const void*>& of(HostThing kind) { return alive[static_cast<std::size_t>(kind)]; }
};

Things& things()
{
    static Things all;
    return all;
}

thread_local cudaError_t lastError = cudaSuccess;
std::array<std::atomic<cudaError_t>, hostCards> losses{};

/// Faults after which a process is through with a card.
bool isLoss(cudaError_t code)
{
    return code >= cudaErrorIllegalAddress && code <= cudaErrorLaunchFailure;
}

} // namespace

std::size_t aliveOnHost(HostThing kind)
{
    const std::scoped_lock lock(things().mutex);
    return things().of(kind).size();
}

void isBorn(HostThing kind, const void* thing)
{
    const std::scoped_lock lock(things().mutex);
    things().of(kind).insert(thing);
}

bool isAlive(HostThing kind, const void* thing)
{
    const std::scoped_lock lock(things().mutex);
    return things().of(kind).count(thing) > 0;
}

bool dies(HostThing kind, const void* thing)
{
    const std::scoped_lock lock(things().mutex);
    return things().of(kind).erase(thing) > 0;
}

int numberIn(const char* variable, int otherwise)
{
    const char* text = std::getenv(variable);
    return text ? std::atoi(text) : otherwise;
}

cudaError_t answer(cudaError_t code)
{
    if (code != cudaSuccess)
        lastError = code;
    return code;
}

cudaError_t lossOf(int card)
{
    return losses[static_cast<std::size_t>(card)];
}

void lose(int card, cudaError_t fault)
{
    if (isLoss(fault))
        losses[static_cast<std::size_t>(card)] = fault;
}

bool readsHost()
{
    return std::getenv("WEFT_TEST_READS_HOST") != nullptr;
}

std::size_t memoryOfCard()
{
    return static_cast<std::size_t>(numberIn("WEFT_TEST_CARD_MEMORY", 8192)) << 20;
}

} // namespace weft

using namespace weft;

/// Of a lost card it is always the loss.
cudaError_t cudaGetLastError()
{
    const cudaError_t last = std::exchange(lastError, cudaSuccess), loss = lossOf(cardAtHand());
    return loss != cudaSuccess ? loss : last;
}

const char* cudaGetErrorString(cudaError_t code)
{
    switch (code) {
    case cudaErrorInvalidValue: return "invalid argument";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorInsufficientDriver: return "CUDA driver version is insufficient for CUDA runtime version";
    case cudaErrorDevicesUnavailable: return "CUDA-capable device(s) is/are busy or unavailable";
    case cudaErrorInvalidDevice: return "invalid device ordinal";
    case cudaErrorInvalidResourceHandle: return "invalid resource handle";
    case cudaErrorNotReady: return "device not ready";
    case cudaErrorLaunchFailure: return "unspecified launch failure";
    case cudaErrorStreamCaptureUnsupported: return "operation not permitted when stream is capturing";
    case cudaErrorStreamCaptureUnjoined: return "capturing stream has unjoined work";
    default: return "a fault of the host";
    }
}
