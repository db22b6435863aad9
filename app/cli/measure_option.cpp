#include "app/cli/measure_option.h"

#include "core/base/error.h"

namespace weft::cli {

Option measureOption()
{
    return {
        "measure-kernels",
        "on|off",
        WEFT_TEXT("cli",
                  "on has cuDNN try its algorithms for each size of convolution once a card, and notes the fastest in the user's cache folder for "
                  "later runs. off, the default, takes what cuDNN's rules choose."),
        {"on", "off"}};
}

bool asksForMeasuring(const Arguments& arguments, const SessionOptions& session)
{
    const bool isOn = arguments.value("measure-kernels", "off") == "on";
    if (isOn && session.device != DeviceKind::Cuda)
        throw Error(WEFT_TEXT("cli", "--measure-kernels on needs a CUDA card: processors choose their kernels without measuring. Leave it out."));
    return isOn;
}

} // namespace weft::cli
