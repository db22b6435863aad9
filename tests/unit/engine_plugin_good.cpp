#include "core/device/plugin.h"

#include "weft_build_id.h"

namespace {

std::vector<weft::KernelOption> doubled(const weft::KernelRequest& request)
{
    return {weft::rowMajorOption(request, "test:doubled", 1, [](const weft::KernelContext& context) {
        for (std::int64_t i = 0; i < context.inputs[0].count(); ++i)
            context.outputs[0].as<float>()[i] = 2.0f * context.inputs[0].as<float>()[i];
    })};
}

} // namespace

extern "C" const char* weftPlugin(const char* buildId, weft::KernelTable& table, weft::RefusalArguments&)
{
    if (const char* reason = weft::pluginRefusal(buildId, WEFT_BUILD_ID))
        return reason;
    table.add(weft::DeviceKind::Cuda, "Doubled", doubled);
    return nullptr;
}
