#include "core/formats/export_formats.h"

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/formats/onnx/onnx_check.h"
#include "core/formats/onnx/onnx_export.h"

namespace weft {

namespace {

void writeOnnx(const ExportJob& job, const std::string& path)
{
    exportOnnx(job.network, job.checkpoint, job.classNames, path);
}

VerifyReport checkOnnx(const ExportJob& job, const std::string& path)
{
    return verifyOnnx(job.network, job.checkpoint, path);
}

} // namespace

const std::vector<ExportFormat>& exportFormats()
{
    static const std::vector<ExportFormat> formats{{"onnx", ".onnx", WEFT_TEXT("Formats", "ONNX model"), writeOnnx, checkOnnx}};
    return formats;
}

const ExportFormat& exportFormat(const std::string& name)
{
    std::string known;
    std::vector<std::string> names;
    for (const ExportFormat& format : exportFormats()) {
        if (format.name == name)
            return format;
        names.push_back(format.name);
        known += (known.empty() ? "" : ", ") + names.back();
    }
    const std::string guess = nearest(name, names);
    if (!guess.empty())
        throw Error(WEFT_TEXT("Formats", "There is no export format \"%1\". Did you mean %2? Known formats: %3."), name, guess, known);
    throw Error(WEFT_TEXT("Formats", "There is no export format \"%1\". Known formats: %2."), name, known);
}

} // namespace weft
