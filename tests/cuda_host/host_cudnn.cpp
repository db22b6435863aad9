// cuDNN's graphs on the host, as strictly as we know it of the real one: what is finished has all that it needs, arrays of a
// graph are in one format, and a run has every array and the workspace that was asked for.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>

#include <cudnn.h>

#include "tests/cuda_host/host_clock.h"
#include "tests/cuda_host/host_descriptor.h"

using namespace weft;

struct HostDnn {
    cudaStream_t stream = nullptr;
};

namespace {

using Names = std::vector<cudnnBackendAttributeName_t>;

std::size_t sizeOf(cudnnBackendAttributeType_t type)
{
    switch (type) {
    case CUDNN_TYPE_BOOLEAN:
    case CUDNN_TYPE_CHAR: return 1;
    case CUDNN_TYPE_DATA_TYPE:
    case CUDNN_TYPE_CONVOLUTION_MODE:
    case CUDNN_TYPE_POINTWISE_MODE:
    case CUDNN_TYPE_REDUCTION_OPERATOR_TYPE:
    case CUDNN_TYPE_RNG_DISTRIBUTION:
    case CUDNN_TYPE_NAN_PROPOGATION:
    case CUDNN_TYPE_HEUR_MODE:
    case CUDNN_TYPE_NUMERICAL_NOTE: return 4;
    default: return 8;
    }
}

/// What has to be there before a descriptor is finished.
Names needsOf(cudnnBackendDescriptorType_t type)
{
    switch (type) {
    case CUDNN_BACKEND_TENSOR_DESCRIPTOR:
        return {CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_ATTR_TENSOR_STRIDES,
                CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT};
    case CUDNN_BACKEND_POINTWISE_DESCRIPTOR: return {CUDNN_ATTR_POINTWISE_MODE, CUDNN_ATTR_POINTWISE_MATH_PREC};
    case CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR:
        return {CUDNN_ATTR_CONVOLUTION_COMP_TYPE,      CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS,
                CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS,
                CUDNN_ATTR_CONVOLUTION_POST_PADDINGS};
    case CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR:
        return {CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, CUDNN_ATTR_OPERATION_POINTWISE_YDESC};
    case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR:
        return {CUDNN_ATTR_OPERATION_MATMUL_DESC, CUDNN_ATTR_OPERATION_MATMUL_ADESC, CUDNN_ATTR_OPERATION_MATMUL_BDESC,
                CUDNN_ATTR_OPERATION_MATMUL_CDESC};
    case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR:
        return {CUDNN_ATTR_OPERATION_REDUCTION_DESC, CUDNN_ATTR_OPERATION_REDUCTION_XDESC, CUDNN_ATTR_OPERATION_REDUCTION_YDESC};
    case CUDNN_BACKEND_OPERATION_RNG_DESCRIPTOR:
        return {CUDNN_ATTR_OPERATION_RNG_DESC, CUDNN_ATTR_OPERATION_RNG_SEED, CUDNN_ATTR_OPERATION_RNG_OFFSET_DESC, CUDNN_ATTR_OPERATION_RNG_YDESC};
    case CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR: return {CUDNN_ATTR_OPERATION_RESHAPE_XDESC, CUDNN_ATTR_OPERATION_RESHAPE_YDESC};
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR: return {CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_ATTR_OPERATIONGRAPH_HANDLE};
    case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR: return {CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, CUDNN_ATTR_ENGINEHEUR_MODE};
    case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR: return {CUDNN_ATTR_EXECUTION_PLAN_HANDLE};
    case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
        return {CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_ATTR_VARIANT_PACK_WORKSPACE};
    default: return {};
    }
}

cudnnStatus_t finishGraph(HostDescriptor& graph)
{
    for (const HostDescriptor* operation : graph.all<const HostDescriptor*>(CUDNN_ATTR_OPERATIONGRAPH_OPS)) {
        if (!operation->isFinished)
            return CUDNN_STATUS_BAD_PARAM;
        graph.graph.push_back(operationOf(*operation));
    }
    return fit(graph.graph);
}

cudnnStatus_t finishArray(const HostDescriptor& array)
{
    const std::size_t rank = array.all<std::int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS).size();
    return rank >= 4 && rank <= 5 && rank == array.all<std::int64_t>(CUDNN_ATTR_TENSOR_STRIDES).size() ? CUDNN_STATUS_SUCCESS
                                                                                                       : CUDNN_STATUS_BAD_PARAM;
}

// Its engines: the first gives other bits in each run, the next round factors of float32 to float16 and to TF32, and the last
// takes them as they are. That is also what always works, and the fastest.

constexpr int engines = 4, lastEngine = engines - 1;

std::vector<cudnnBackendNumericalNote_t> notesOf(int engine)
{
    switch (engine) {
    case 0: return {CUDNN_NUMERICAL_NOTE_TENSOR_CORE, CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC};
    case 1: return {CUDNN_NUMERICAL_NOTE_TENSOR_CORE, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS};
    case 2: return {CUDNN_NUMERICAL_NOTE_TENSOR_CORE};
    default: return {};
    }
}

Precision precisionOf(int engine)
{
    return engine == 1 ? Precision::Float16 : engine == 2 ? Precision::Tf32 : Precision::Float32;
}

std::size_t scratchOf(int engine)
{
    return 64 * static_cast<std::size_t>(engine);
}

static_assert(std::is_trivially_copyable_v<HostOperation>);

/// Engine and operations, as bytes.
std::string textOf(const HostDescriptor& plan)
{
    std::string text(1, static_cast<char>(plan.engine));
    for (const HostOperation& operation : plan.graph)
        text.append(reinterpret_cast<const char*>(&operation), sizeof operation);
    return text;
}

cudnnStatus_t finishPlan(HostDescriptor& plan)
{
    if (const auto* configuration = plan.one<const HostDescriptor*>(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)) {
        plan.engine = configuration->engine;
        plan.graph = configuration->of->graph;
        return CUDNN_STATUS_SUCCESS;
    }
    const std::vector<char> text = plan.all<char>(CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION);
    if (text.size() % sizeof(HostOperation) != 1)
        return CUDNN_STATUS_BAD_PARAM;
    plan.engine = text.front();
    plan.graph.resize(text.size() / sizeof(HostOperation));
    std::copy(text.begin() + 1, text.end(), reinterpret_cast<char*>(plan.graph.data()));
    return CUDNN_STATUS_SUCCESS;
}

/// Every array that is not between operations lies somewhere, those in memory aligned.
bool hasPlaces(const HostGraph& graph, const HostPlaces& places)
{
    const auto hasPlace = [&](const HostArray& array) {
        const auto place = places.find(array.id);
        const auto address = place == places.end() ? 0 : reinterpret_cast<std::uintptr_t>(place->second);
        return !array || array.kind == HostKind::Between || (address != 0 && (array.kind == HostKind::Constant || address % 16 == 0));
    };
    return std::all_of(graph.begin(), graph.end(), [&](const HostOperation& operation) {
        const std::array<const HostArray*, 7> arrays{&operation.x,    &operation.b,       &operation.mask, &operation.y,
                                                     &operation.rows, &operation.columns, &operation.depth};
        return std::all_of(arrays.begin(), arrays.end(), [&](const HostArray* array) { return hasPlace(*array); });
    });
}

cudnnStatus_t give(const void* from, std::size_t count, std::size_t size, std::int64_t most, std::int64_t* given, void* to)
{
    *given = static_cast<std::int64_t>(count);
    if (most > 0 && count > 0)
        std::memcpy(to, from, std::min(count, static_cast<std::size_t>(most)) * size);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t giveConfigurations(const HostDescriptor& rules, std::int64_t most, std::int64_t* count, void* to)
{
    const bool isFallback = rules.one<cudnnBackendHeurMode_t>(CUDNN_ATTR_ENGINEHEUR_MODE) == CUDNN_HEUR_MODE_FALLBACK;
    const int first = std::getenv("WEFT_TEST_WITHOUT_CUDNN") ? engines : isFallback ? lastEngine : 0;
    *count = engines - first;
    for (std::int64_t i = 0; i < std::min(most, *count); ++i) {
        HostDescriptor& configuration = *static_cast<HostDescriptor**>(to)[i];
        configuration.engine = first + static_cast<int>(i);
        configuration.of = rules.one<const HostDescriptor*>(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
        configuration.isFinished = true;
    }
    return CUDNN_STATUS_SUCCESS;
}

} // namespace

std::size_t cudnnGetVersion()
{
    return 0;
}
const char* cudnnGetErrorString(cudnnStatus_t status)
{
    return status == CUDNN_STATUS_NOT_SUPPORTED ? "not supported" : "a bad parameter";
}
void cudnnGetLastErrorString(char* words, std::size_t)
{
    *words = 0;
}
cudnnStatus_t cudnnCreate(cudnnHandle_t* handle)
{
    *handle = new HostDnn;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream)
{
    handle->stream = stream;
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t type, cudnnBackendDescriptor_t* descriptor)
{
    *descriptor = new HostDescriptor{.type = type, .attributes = {}, .graph = {}};
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t descriptor)
{
    delete static_cast<HostDescriptor*>(descriptor);
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t descriptor, cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                                       std::int64_t count, const void* values)
{
    HostDescriptor& told = *static_cast<HostDescriptor*>(descriptor);
    if (told.isFinished || count < 1)
        return CUDNN_STATUS_BAD_PARAM;
    const auto* bytes = static_cast<const char*>(values);
    told.attributes[name] = {type, {bytes, bytes + static_cast<std::size_t>(count) * sizeOf(type)}};
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnBackendGetAttribute(cudnnBackendDescriptor_t asked, cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t,
                                       std::int64_t most, std::int64_t* count, void* values)
{
    const HostDescriptor& descriptor = *static_cast<HostDescriptor*>(asked);
    const bool isText = name == CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION; // whose length may be asked for
    if (!descriptor.isFinished || (most < 1 && !isText))
        return CUDNN_STATUS_BAD_PARAM;
    const std::int64_t engine = descriptor.engine;
    switch (name) {
    case CUDNN_ATTR_ENGINEHEUR_RESULTS: return giveConfigurations(descriptor, most, count, values);
    case CUDNN_ATTR_ENGINECFG_ENGINE:
        *count = 1;
        (*static_cast<HostDescriptor**>(values))->engine = descriptor.engine;
        (*static_cast<HostDescriptor**>(values))->of = descriptor.of;
        (*static_cast<HostDescriptor**>(values))->isFinished = true;
        return CUDNN_STATUS_SUCCESS;
    case CUDNN_ATTR_ENGINE_GLOBAL_INDEX: return give(&engine, 1, sizeof engine, most, count, values);
    case CUDNN_ATTR_ENGINE_NUMERICAL_NOTE: {
        const std::vector<cudnnBackendNumericalNote_t> notes = notesOf(descriptor.engine);
        return give(notes.data(), notes.size(), sizeof(cudnnBackendNumericalNote_t), most, count, values);
    }
    case CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE: {
        // What is no convolution it compiles.
        const cudnnBackendBehaviorNote_t note = CUDNN_BEHAVIOR_NOTE_RUNTIME_COMPILATION;
        return give(&note, descriptor.of->graph.front().isConvolution() ? 0 : 1, sizeof note, most, count, values);
    }
    case CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION: {
        const std::string text = textOf(descriptor);
        return give(text.data(), text.size(), 1, most, count, values);
    }
    case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE: {
        const auto bytes = static_cast<std::int64_t>(scratchOf(descriptor.engine));
        return give(&bytes, 1, sizeof bytes, most, count, values);
    }
    default: return CUDNN_STATUS_NOT_SUPPORTED;
    }
}
cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t finished)
{
    HostDescriptor& descriptor = *static_cast<HostDescriptor*>(finished);
    const Names needs = needsOf(descriptor.type);
    if (!std::all_of(needs.begin(), needs.end(), [&](cudnnBackendAttributeName_t name) { return descriptor.has(name); }))
        return CUDNN_STATUS_BAD_PARAM;
    cudnnStatus_t status = CUDNN_STATUS_SUCCESS;
    if (descriptor.type == CUDNN_BACKEND_TENSOR_DESCRIPTOR)
        status = finishArray(descriptor);
    else if (descriptor.type == CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)
        status = finishGraph(descriptor);
    else if (descriptor.type == CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)
        status = finishPlan(descriptor);
    descriptor.isFinished = status == CUDNN_STATUS_SUCCESS;
    return status;
}
cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t executed, cudnnBackendDescriptor_t places)
{
    const HostDescriptor &plan = *static_cast<HostDescriptor*>(executed), &pack = *static_cast<HostDescriptor*>(places);
    const int engine = plan.engine;
    const HostGraph graph = plan.graph;
    const auto ids = pack.all<std::int64_t>(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
    const auto arrays = pack.all<void*>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
    auto* scratch = pack.one<void*>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE);
    if (engine == 0 || ids.size() != arrays.size() || reinterpret_cast<std::uintptr_t>(scratch) % 256 != 0)
        return CUDNN_STATUS_BAD_PARAM;
    HostPlaces lies;
    for (std::size_t i = 0; i < ids.size(); ++i)
        lies[ids[i]] = arrays[i];
    if (!hasPlaces(graph, lies))
        return CUDNN_STATUS_BAD_PARAM;
    const int fault = enqueueOnHost(handle->stream, [=] {
        std::memset(scratch, 0xff, scratchOf(engine));
        computeOnHost(graph, lies, precisionOf(engine));
        passOnHost(static_cast<double>(engines - engine));
    });
    return fault == cudaSuccess ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_BAD_PARAM;
}
