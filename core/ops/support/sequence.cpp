#include "core/ops/support/sequence.h"

#include "core/base/error.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

void requireLengths(const char* op, const TensorType& lengths, const Dim& batch)
{
    if (lengths != TensorType{DType::Int32, {batch}})
        throw Error(WEFT_TEXT("Ops", "%1 needs the lengths of the sequences as int32 [%2], but they are %3."), op, toString(batch),
                    describe(lengths));
}

std::string onnxSteps(OnnxForm& form, const Dim& t)
{
    if (t.isFixed()) {
        const std::string name = "steps" + std::to_string(t.factor);
        OnnxConstant& numbers = form.constants[name] = {DType::Int32, {t.factor}, {}};
        for (std::int64_t step = 0; step < t.factor; ++step)
            numbers.values.push_back(static_cast<double>(step));
        return name;
    }
    // Both masks of attention count the same steps.
    if (form.constants.count("zero") == 0) {
        form.constants["zero"] = onnxScalar(DType::Int32, 0);
        form.constants["one"] = onnxScalar(DType::Int32, 1);
        form.nodes.push_back({"Cast", {"T"}, {"end"}, {{"to", onnxType(DType::Int32)}}});
        form.nodes.push_back({"Range", {"zero", "end", "one"}, {"steps"}, {}});
    }
    return "steps";
}

std::string onnxLengthMask(OnnxForm& form, const Dim& t, const std::string& lengths)
{
    const std::string steps = onnxSteps(form, t);
    form.constants["behind"] = onnxList({1});
    form.nodes.push_back({"Unsqueeze", {lengths, "behind"}, {"ends"}, {}});
    form.nodes.push_back({"Less", {steps, "ends"}, {"isReal"}, {}});
    form.nodes.push_back({"Cast", {"isReal"}, {"mask"}, {{"to", onnxType(DType::Float32)}}});
    return "mask";
}

std::string onnxMaskBias(OnnxForm& form, const std::string& mask, DType dtype)
{
    form.constants["unit"] = onnxScalar(dtype, 1);
    form.constants["low"] = onnxScalar(dtype, 1e30);
    form.nodes.push_back({"Sub", {mask, "unit"}, {"isPadding"}, {}});
    form.nodes.push_back({"Mul", {"isPadding", "low"}, {"bias"}, {}});
    return "bias";
}

std::string onnxCausalBias(OnnxForm& form, const Dim& queries, const Dim& keys, DType dtype)
{
    form.constants["column"] = onnxList({1});
    form.constants["veryLow"] = onnxScalar(dtype, -1e30);
    form.nodes.push_back({"Unsqueeze", {onnxSteps(form, queries), "column"}, {"ofQueries"}, {}});
    form.nodes.push_back({"Less", {"ofQueries", onnxSteps(form, keys)}, {"isFuture"}, {}});
    form.nodes.push_back({"Cast", {"isFuture"}, {"future"}, {{"to", onnxType(dtype)}}});
    form.nodes.push_back({"Mul", {"future", "veryLow"}, {"causalBias"}, {}});
    return "causalBias";
}

} // namespace weft
