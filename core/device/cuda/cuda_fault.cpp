#include "core/device/cuda/cuda_fault.h"

#include <algorithm>
#include <iterator>

namespace weft {

namespace {

// Values of cudaError_t, which are CUDA's interface. They stand here as numbers so that this builds without its headers.
enum Code : int {
    success = 0,
    memoryAllocation = 2,
    insufficientDriver = 35,
    devicesUnavailable = 46,
    invalidDeviceFunction = 98,
    noDevice = 100,
    noKernelImage = 209,
};

/// Faults after which this process can use the card no more: it fell out, its memory failed, or a kernel went wrong on it.
bool isLost(int code)
{
    constexpr int lost[] = {noDevice, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 999};
    return std::find(std::begin(lost), std::end(lost), code) != std::end(lost);
}

} // namespace

std::string cudaVersionText(int version)
{
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

Error cudaFault(int code, const char* what, const std::string& words)
{
    if (code == memoryAllocation)
        return Error(
            WEFT_TEXT(
                "Cuda",
                "The memory of the GPU is full: it refused %1. Choose a smaller batch, --memory lean, or close other programs that use the card."),
            what);
    if (code == devicesUnavailable)
        return Error(WEFT_TEXT("Cuda",
                               "The GPU is busy: it refused %1 (%2). Another program has it for itself; wait for it to end, or choose another "
                               "device: weft devices lists them."),
                     what, words);
    if (code == noKernelImage || code == invalidDeviceFunction)
        return Error(WEFT_TEXT("Cuda",
                               "This build of Weft has no code for the GPU: it refused %1 (%2). Build it for this card (cmake --preset cuda "
                               "-DCMAKE_CUDA_ARCHITECTURES=native), or choose another device."),
                     what, words);
    if (isLost(code))
        return Error(WEFT_TEXT("Cuda",
                               "The GPU was lost (%1: %2). This process cannot use it any more; the system's log says why (dmesg, nvidia-smi). A run "
                               "goes on from its last checkpoint: weft train --resume --run-dir DIR, with --device cpu on the processor."),
                     what, words);
    return Error(WEFT_TEXT("Cuda", "The GPU refused %1: %2."), what, words);
}

const char* refusalOf(int code, int driver, int built, const std::string& words, RefusalArguments& arguments)
{
    switch (code) {
    case success: return nullptr;
    case insufficientDriver:
        if (driver == 0)
            return WEFT_TEXT(
                       "Plugin",
                       "No graphics card can be used: no NVIDIA driver is running here. Install the driver of the card, or compute on the processor.")
                .source;
        arguments.push_back(cudaVersionText(driver));
        arguments.push_back(cudaVersionText(built));
        return WEFT_TEXT("Plugin",
                         "No graphics card can be used: the NVIDIA driver here knows CUDA %2, and Weft needs %3. Install a newer driver, or compute "
                         "on the processor.")
            .source;
    case noDevice:
        return WEFT_TEXT("Plugin",
                         "No graphics card can be used: there is an NVIDIA driver, but no card that it shows. See nvidia-smi, and whether "
                         "CUDA_VISIBLE_DEVICES hides it.")
            .source;
    default:
        arguments.push_back(words);
        return WEFT_TEXT("Plugin", "No graphics card can be used: CUDA says \"%2\". See whether nvidia-smi works, or compute on the processor.")
            .source;
    }
}

Message refusalOfCard(const std::string& name, int capability, const std::vector<int>& compiled)
{
    const auto text = [](int number) { return std::to_string(number / 10) + "." + std::to_string(number % 10); };
    const auto oldest = std::min_element(compiled.begin(), compiled.end());
    if (oldest == compiled.end() || capability >= *oldest)
        return {};
    return message(WEFT_TEXT("Cuda", "%1 is too old for this build of Weft: it has compute capability %2, and %3 is needed. Choose another device."),
                   name, text(capability), text(*oldest));
}

} // namespace weft
