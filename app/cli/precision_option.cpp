#include "app/cli/precision_option.h"

#include <QCoreApplication>

#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/training/precision.h"

namespace weft::cli {

namespace {

bool asksForTf32(const Arguments& arguments)
{
    return arguments.value("tf32", "off") == "on";
}

Precision namedPrecision(const Arguments& arguments)
{
    const std::string name = arguments.value("precision");
    const Precision precision = name == "bf16" ? Precision::BFloat16 : name == "fp16" ? Precision::Float16 : Precision::Float32;
    if (!asksForTf32(arguments))
        return precision;
    if (precision != Precision::Float32)
        throw UsageError(Cli::tr("--tf32 on is for fp32, and %1 rounds more than it: give one of them.").arg(QString::fromStdString(name)).toStdString());
    return Precision::Tf32;
}

} // namespace

Option tf32Option()
{
    return {"tf32",
            "on|off",
            WEFT_TEXT("cli",
                      "on lets the products of a CUDA card round fp32 operands to TF32, 10 bits behind the point: faster, less exact. off, the "
                      "default, computes full fp32. Processors refuse it."),
            {"on", "off"}};
}

Precision askedPrecision(const Arguments& arguments, const SessionOptions& session)
{
    const Precision precision = namedPrecision(arguments);
    const bool isCard = session.device == DeviceKind::Cuda;
    if (precision == Precision::Float16 && !isCard)
        throw Error(WEFT_TEXT("cli", "--precision fp16 needs a CUDA card. Processors compute in fp32 or bf16."));
    if (precision == Precision::Tf32 && !isCard)
        throw Error(WEFT_TEXT("cli", "--tf32 on needs a CUDA card: processors multiply fp32 in full. Leave it out."));
    if (precision == Precision::BFloat16 && !canUseBFloat16(session))
        throw Error(WEFT_TEXT("cli",
                              "This device does not multiply bfloat16 (processors need AVX512_BF16), so --precision bf16 would only be slower. Use "
                              "--precision fp32."));
    return precision;
}

void checkSamePrecision(const Arguments& arguments, Precision ofRun)
{
    const std::string wanted = arguments.value("precision");
    const bool isOther = !wanted.empty() && wanted != "auto" && wanted != (ofRun == Precision::Tf32 ? "fp32" : nameOf(ofRun));
    if (isOther || (arguments.has("tf32") && asksForTf32(arguments) != (ofRun == Precision::Tf32)))
        throw Error(WEFT_TEXT("cli", "The run computes in %1; its precision cannot change on --resume."), nameOf(ofRun));
}

} // namespace weft::cli
