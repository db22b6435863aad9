#include "core/formats/onnx/onnx_check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/engine/session.h"
#include "core/formats/onnx/onnx_reader.h"
#include "core/training/predictor.h"

namespace weft {

namespace {

constexpr std::int64_t samples = 16;

using Bytes = std::vector<std::byte>;

/// Steps of the sequences that are tried: the smallest bucket, or fewer.
std::int64_t stepsOf(const Predictor& predictor)
{
    return std::clamp<std::int64_t>(predictor.longest(), 1, 32);
}

/// Numbers for one input. Each sample has its own contrast, so that probabilities do not all saturate.
/// Tokens stay 0 or 1, which every vocabulary has; lengths run from 1 to `t`.
Bytes generated(const std::string& column, const TensorType& type, std::int64_t t)
{
    const std::uint64_t stream = fnv1a64(column);
    const bool isLengths = column.ends_with(".lengths");
    const std::int64_t count = elementCount(type.shape.at(samples, t));
    Bytes bytes(static_cast<std::size_t>(count) * sizeOf(type.dtype));
    const auto write
        = [&](std::int64_t i, auto number) { std::memcpy(bytes.data() + static_cast<std::size_t>(i) * sizeof(number), &number, sizeof(number)); };
    for (std::int64_t i = 0; i < count; ++i) {
        const float contrast = static_cast<float>(i / (count / samples) + 1) / static_cast<float>(samples);
        const float share = uniform01(philox(1, stream, static_cast<std::uint64_t>(i))[0]) * contrast;
        switch (type.dtype) {
        case DType::UInt8: write(i, static_cast<std::uint8_t>(share * 255.0f)); break;
        case DType::Int32:
            write(i, isLengths ? static_cast<std::int32_t>(1 + i * (t - 1) / (samples - 1)) : static_cast<std::int32_t>(share * 2.0f));
            break;
        default: write(i, 2.0f * share - contrast); break;
        }
    }
    return bytes;
}

/// Runs the file's graph on inputs given by name, with sequences of `t` steps.
std::vector<std::vector<float>> run(const OnnxModel& model, const std::map<std::string, Bytes>& inputs, std::int64_t t)
{
    Session session({});
    session.addVariables(*model.graph);
    for (const auto& [name, bytes] : model.weights)
        session.writeVariable(name, bytes);
    std::vector<const void*> feeds;
    for (const Value& input : model.graph->inputs()) {
        const auto it = inputs.find(input.name());
        if (it == inputs.end())
            throw Error(WEFT_TEXT("Formats", "The exported file has an input %1, which the network has not."), input.name());
        feeds.push_back(it->second.data());
    }
    std::vector<std::vector<float>> results;
    for (const Value& output : model.outputs)
        results.emplace_back(static_cast<std::size_t>(elementCount(output.shape().at(samples, t))));
    std::vector<void*> fetches;
    for (auto& result : results)
        fetches.push_back(result.data());
    session.run(session.plan(*model.graph, {samples, t, model.outputs, false}), feeds, fetches);
    return results;
}

double largestDifference(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b)
{
    double largest = 0;
    for (std::size_t output = 0; output < a.size(); ++output) {
        for (std::size_t i = 0; i < a[output].size(); ++i) {
            const double difference = std::abs(static_cast<double>(a[output][i]) - static_cast<double>(b[output][i]));
            // A NaN on one side only is a difference that no tolerance allows.
            if (std::isnan(difference))
                largest = std::isnan(a[output][i]) && std::isnan(b[output][i]) ? largest : std::numeric_limits<double>::infinity();
            else
                largest = std::max(largest, difference);
        }
    }
    return largest;
}

} // namespace

void checkOnnx(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    onnx::ModelProto model;
    if (!file || !model.ParseFromIstream(&file))
        throw Error(WEFT_TEXT("Formats", "The file %1 is no ONNX model, or it is damaged."), path);
    try {
        onnx::checker::check_model(model);
        onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), onnx::ShapeInferenceOptions(true, 1, true));
    } catch (const std::exception& fault) {
        throw Error(WEFT_TEXT("Formats", "ONNX's checker refuses %1: %2"), path, fault.what());
    }
}

VerifyReport verifyOnnx(const Network& network, const TensorFile& checkpoint, const std::string& path)
{
    checkOnnx(path);
    const OnnxModel model = readOnnx(path);
    Predictor predictor(network, checkpoint, {});
    const std::int64_t t = stepsOf(predictor);
    std::map<std::string, Bytes> inputs;
    std::vector<const void*> pointers;
    for (const LoweredFeed& feed : predictor.feeds()) {
        Bytes& bytes = inputs[feed.column] = generated(feed.column, feed.value.type(), t);
        pointers.push_back(bytes.data());
    }
    const std::vector<std::vector<float>> expected = predictor.run(samples, pointers, t);
    const std::vector<std::vector<float>> actual = run(model, inputs, t);
    bool isAlike = actual.size() == expected.size();
    for (std::size_t i = 0; isAlike && i < actual.size(); ++i)
        isAlike = actual[i].size() == expected[i].size();
    if (!isAlike)
        throw Error(WEFT_TEXT("Formats", "The outputs of %1 have other sizes than those of the network."), path);
    return {samples, largestDifference(expected, actual)};
}

} // namespace weft
