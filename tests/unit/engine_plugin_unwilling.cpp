#include "core/device/plugin.h"

extern "C" const char* weftPlugin(const char*, weft::KernelTable&, weft::RefusalArguments& arguments)
{
    arguments.push_back("13.0");
    return "The plugin %1 needs a driver for %2; install it and try again.";
}
