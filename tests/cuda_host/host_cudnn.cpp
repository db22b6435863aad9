// cuDNN's graphs on the host, as strictly as we know it of the real one: what is finished has all that it needs, arrays of a
// graph are in one format, and a run has every array and the workspace that was asked for.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <cudnn.h>

#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_clock.h"
#include "tests/cuda_host/host_graph.h"

using namespace weft;

struct HostDnn {
    cudaStream_t stream = nullptr;
};

struct HostDescriptor {
    struct Attribute {
        cudnnBackendAttributeType_t type;
        std::vector<char> bytes;
    };

    cudnnBackendDescriptorType_t type;
    bool isFinished = false;
    std::map<cudnnBackendAttributeName_t, Attribute> attributes;
    HostGraph graph; ///< of a graph
    int engine = 0; ///< of an engine or a configuration
    const HostDescriptor* of = nullptr; ///< the graph of a configuration

    bool has(cudnnBackendAttributeName_t name) const { return attributes.count(name) > 0; }
    template <class T> std::vector<T> all(cudnnBackendAttributeName_t name) const
    {
        const auto found = attributes.find(name);
        if (found == attributes.end())
            return {};
        std::vector<T> values(found->second.bytes.size() / sizeof(T));
        std::copy_n(found->second.bytes.data(), values.size() * sizeof(T), reinterpret_cast<char*>(values.data()));
        return values;
    }
    template <class T> T one(cudnnBackendAttributeName_t name) const
    {
        const std::vector<T> values = all<T>(name);
        return values.empty() ? T() : values.front();
    }
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
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR: return {CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_ATTR_OPERATIONGRAPH_HANDLE};
    case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR: return {CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, CUDNN_ATTR_ENGINEHEUR_MODE};
    case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR: return {CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_ATTR_EXECUTION_PLAN_HANDLE};
    case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
        return {CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_ATTR_VARIANT_PACK_WORKSPACE};
    default: return {};
    }
}

/// The attributes of a convolution's operation: how, x, kernel, y; nothing where it is none.
struct ConvNames {
    HostPass pass;
    cudnnBackendAttributeName_t how, x, kernel, y;
};

std::optional<ConvNames> convNames(cudnnBackendDescriptorType_t type)
{
    switch (type) {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
        return ConvNames{HostPass::Forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
        return ConvNames{HostPass::InputGradient, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
        return ConvNames{HostPass::KernelGradient, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};
    default: return {};
    }
}

HostArray arrayOf(const HostDescriptor& operation, cudnnBackendAttributeName_t name)
{
    const auto* from = operation.one<const HostDescriptor*>(name);
    HostArray array;
    if (!from)
        return array;
    const auto extents = from->all<std::int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS), strides = from->all<std::int64_t>(CUDNN_ATTR_TENSOR_STRIDES);
    array.id = from->one<std::int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID);
    array.type = from->one<cudnnDataType_t>(CUDNN_ATTR_TENSOR_DATA_TYPE);
    array.isVirtual = from->one<char>(CUDNN_ATTR_TENSOR_IS_VIRTUAL) != 0;
    for (std::size_t i = 0; i < extents.size(); ++i) {
        const std::size_t axis = i < 2 ? i : i + 5 - extents.size();
        array.extents[axis] = extents[i];
        array.strides[axis] = strides[i];
    }
    return array;
}

Positions positionsOf(const HostDescriptor& how, cudnnBackendAttributeName_t name, std::int64_t missing)
{
    const auto values = how.all<std::int64_t>(name);
    Positions positions{missing, missing, missing};
    std::copy(values.begin(), values.end(), positions.end() - static_cast<std::ptrdiff_t>(values.size()));
    return positions;
}

HostConvolution convolutionOf(const HostDescriptor& operation, const ConvNames& names)
{
    const auto* how = operation.one<const HostDescriptor*>(names.how);
    return {names.pass,
            arrayOf(operation, names.x),
            arrayOf(operation, names.kernel),
            arrayOf(operation, names.y),
            positionsOf(*how, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 0),
            positionsOf(*how, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 0),
            positionsOf(*how, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 1),
            positionsOf(*how, CUDNN_ATTR_CONVOLUTION_DILATIONS, 1)};
}

/// Of one format and type, and of sizes that belong together.
cudnnStatus_t fit(const HostConvolution& conv)
{
    const HostArray &x = conv.x, &w = conv.kernel, &y = conv.y;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t seen
            = x.extents[axis + 2] + conv.padBegin[axis] + conv.padEnd[axis] - (w.extents[axis + 2] - 1) * conv.dilations[axis] - 1;
        if (conv.padEnd[axis] < 0 || seen / conv.strides[axis] + 1 != y.extents[axis + 2])
            return CUDNN_STATUS_BAD_PARAM;
    }
    if (x.extents[1] % w.extents[1] != 0 || w.extents[0] != y.extents[1] || x.extents[0] != y.extents[0] || x.type != w.type)
        return CUDNN_STATUS_BAD_PARAM;
    const bool areLast = x.isLast() && w.isLast() && y.isLast(), arePlanes = x.isPlanes() && w.isPlanes() && y.isPlanes();
    return (areLast || arePlanes) && (y.isVirtual ? y.type == CUDNN_DATA_FLOAT : y.type == x.type) ? CUDNN_STATUS_SUCCESS
                                                                                                   : CUDNN_STATUS_NOT_SUPPORTED;
}

/// Endings follow a convolution of pictures, on whose result they are as it is; a bias is stored as that is.
cudnnStatus_t fit(const HostGraph& graph)
{
    const HostArray* last = &graph.conv.y;
    for (const HostPointwise& ending : graph.endings) {
        if (graph.conv.pass != HostPass::Forward || graph.conv.x.extents[2] > 1)
            return CUDNN_STATUS_NOT_SUPPORTED;
        if (ending.x.id != last->id || ending.y.strides != last->strides)
            return CUDNN_STATUS_BAD_PARAM;
        if (ending.mode == CUDNN_POINTWISE_ADD && (ending.b.extents != Axes{1, last->extents[1], 1, 1, 1} || ending.b.type != graph.conv.x.type))
            return CUDNN_STATUS_BAD_PARAM;
        last = &ending.y;
    }
    return last->isVirtual || last->type != graph.conv.x.type ? CUDNN_STATUS_BAD_PARAM : fit(graph.conv);
}

cudnnStatus_t finishGraph(HostDescriptor& graph)
{
    bool hasConvolution = false;
    for (const HostDescriptor* operation : graph.all<const HostDescriptor*>(CUDNN_ATTR_OPERATIONGRAPH_OPS)) {
        if (!operation->isFinished)
            return CUDNN_STATUS_BAD_PARAM;
        if (const std::optional<ConvNames> names = convNames(operation->type); names && !hasConvolution) {
            graph.graph.conv = convolutionOf(*operation, *names);
            hasConvolution = true;
            continue;
        }
        const auto* how = operation->one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
        if (!how || !hasConvolution)
            return CUDNN_STATUS_NOT_SUPPORTED;
        const auto mode = how->one<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE);
        if (mode == CUDNN_POINTWISE_RELU_FWD && how->one<cudnnNanPropagation_t>(CUDNN_ATTR_POINTWISE_NAN_PROPAGATION) != CUDNN_PROPAGATE_NAN)
            return CUDNN_STATUS_BAD_PARAM;
        graph.graph.endings.push_back({mode, arrayOf(*operation, CUDNN_ATTR_OPERATION_POINTWISE_XDESC),
                                       arrayOf(*operation, CUDNN_ATTR_OPERATION_POINTWISE_BDESC),
                                       arrayOf(*operation, CUDNN_ATTR_OPERATION_POINTWISE_YDESC)});
    }
    return hasConvolution ? fit(graph.graph) : CUDNN_STATUS_NOT_SUPPORTED;
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

int engineOf(const HostDescriptor& plan)
{
    return plan.one<const HostDescriptor*>(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)->engine;
}

cudnnStatus_t give(const void* from, std::size_t count, std::size_t size, std::int64_t most, std::int64_t* given, void* to)
{
    *given = static_cast<std::int64_t>(count);
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
    if (!descriptor.isFinished || most < 1)
        return CUDNN_STATUS_BAD_PARAM;
    const std::int64_t engine = descriptor.engine;
    switch (name) {
    case CUDNN_ATTR_ENGINEHEUR_RESULTS: return giveConfigurations(descriptor, most, count, values);
    case CUDNN_ATTR_ENGINECFG_ENGINE:
        *count = 1;
        (*static_cast<HostDescriptor**>(values))->engine = descriptor.engine;
        (*static_cast<HostDescriptor**>(values))->isFinished = true;
        return CUDNN_STATUS_SUCCESS;
    case CUDNN_ATTR_ENGINE_GLOBAL_INDEX: return give(&engine, 1, sizeof engine, most, count, values);
    case CUDNN_ATTR_ENGINE_NUMERICAL_NOTE: {
        const std::vector<cudnnBackendNumericalNote_t> notes = notesOf(descriptor.engine);
        return give(notes.data(), notes.size(), sizeof(cudnnBackendNumericalNote_t), most, count, values);
    }
    case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE: {
        const auto bytes = static_cast<std::int64_t>(scratchOf(engineOf(descriptor)));
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
    descriptor.isFinished = status == CUDNN_STATUS_SUCCESS;
    return status;
}
cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t executed, cudnnBackendDescriptor_t places)
{
    const HostDescriptor &plan = *static_cast<HostDescriptor*>(executed), &pack = *static_cast<HostDescriptor*>(places);
    const int engine = engineOf(plan);
    const HostGraph graph = plan.one<const HostDescriptor*>(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)->of->graph;
    const auto ids = pack.all<std::int64_t>(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
    const auto arrays = pack.all<void*>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
    auto* scratch = pack.one<void*>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE);
    if (engine == 0 || ids.size() != arrays.size() || (scratchOf(engine) > 0 && !scratch))
        return CUDNN_STATUS_BAD_PARAM;
    HostPlaces lies;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!arrays[i] || reinterpret_cast<std::uintptr_t>(arrays[i]) % 16 != 0)
            return CUDNN_STATUS_BAD_PARAM;
        lies[ids[i]] = arrays[i];
    }
    enqueueOnHost(handle->stream, [=] {
        const OpenCardMemory open;
        std::memset(scratch, 0xff, scratchOf(engine));
        computeOnHost(graph, lies, precisionOf(engine));
        passOnHost(static_cast<float>(engines - engine));
    });
    return CUDNN_STATUS_SUCCESS;
}
