#include "app/cli/device_option.h"

#include <algorithm>
#include <charconv>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/device/device.h"

namespace weft::cli {

namespace {

SessionOptions onCuda(int index)
{
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    options.deviceIndex = index;
    return options;
}

/// The index behind "cuda" or "cuda:N".
int cudaIndex(const std::string& device)
{
    int index = 0;
    const std::string text = device == "cuda" ? "0" : device.substr(std::min<std::size_t>(device.size(), 5));
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), index);
    const bool hasPrefix = device == "cuda" || device.rfind("cuda:", 0) == 0;
    if (!hasPrefix || fault != std::errc() || end != text.data() + text.size() || index < 0)
        throw UsageError(Cli::tr("--device takes auto, cpu, cuda or cuda:N, not \"%1\".").arg(QString::fromStdString(device)).toStdString());
    return index;
}

} // namespace

Option deviceOption()
{
    return {"device", "auto|cpu|cuda[:N]", WEFT_TEXT("cli", "Where to compute; auto takes a CUDA card if there is one.")};
}

SessionOptions sessionOn(const std::string& device)
{
    if (device == "cpu")
        return {};
    if (device == "auto" || device.empty()) {
        for (const DeviceInfo& info : listDevices()) {
            if (info.isAvailable && info.id.rfind("cuda:", 0) == 0)
                return onCuda(cudaIndex(info.id));
        }
        return {};
    }
    const int index = cudaIndex(device);
    const std::string id = "cuda:" + std::to_string(index);
    for (const DeviceInfo& info : listDevices()) {
        if (info.id != id && info.id != "cuda")
            continue;
        if (!info.isAvailable)
            throw Error(info.unavailable);
        if (info.id == id)
            return onCuda(index);
    }
    throw Error(WEFT_TEXT("cli", "This machine has no device %1. weft devices lists what it has."), id);
}

std::string deviceId(const SessionOptions& session)
{
    return session.device == DeviceKind::Cuda ? "cuda:" + std::to_string(session.deviceIndex) : "cpu";
}

} // namespace weft::cli
