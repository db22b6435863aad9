#include "core/device/plugin.h"

extern "C" const char* weftPlugin(const char* buildId, weft::KernelTable&, weft::RefusalArguments&)
{
    return weft::pluginRefusal(buildId, "0.0.1-of-another-day");
}
