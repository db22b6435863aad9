#include "core/device/plugin.h"

extern "C" const char* weftPlugin(const char*, weft::KernelTable&)
{
    return "the driver is missing; install it and try again.";
}
