#include "core/version.h"

const char* weft::versionText()
{
    return WEFT_VERSION;
}
