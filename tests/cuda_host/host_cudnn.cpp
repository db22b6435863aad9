// cuDNN's graphs on the host, as strictly as we know it of the real one: what is finished has all that it needs, arrays of a
// graph are in one format, and a run has every array and the workspace that was asked for.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

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
    int engine = 0; ///< of an engine, a configuration or a plan
    const HostDescriptor* of = nullptr; ///< the graph of a configuration or an engine

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

/// The attributes of a convolution's operation: how, x, kernel, y; nothing where it is none.
struct ConvNames {
    HostOperationType pass;
    cudnnBackendAttributeName_t how, x, kernel, y;
};

std::optional<ConvNames> convNames(cudnnBackendDescriptorType_t type)
{
    switch (type) {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
        return ConvNames{HostOperationType::Forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
        return ConvNames{HostOperationType::InputGradient, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
        return ConvNames{HostOperationType::KernelGradient, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
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
    array.kind = from->one<char>(CUDNN_ATTR_TENSOR_IS_VIRTUAL) != 0 ? HostKind::Between
        : from->one<char>(CUDNN_ATTR_TENSOR_IS_BY_VALUE) != 0       ? HostKind::Constant
                                                                    : HostKind::InMemory;
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

HostOperation convolutionOf(const HostDescriptor& operation, const ConvNames& names)
{
    const auto* how = operation.one<const HostDescriptor*>(names.how);
    HostOperation conv;
    conv.type = names.pass;
    conv.x = arrayOf(operation, names.x);
    conv.b = arrayOf(operation, names.kernel);
    conv.y = arrayOf(operation, names.y);
    conv.padBegin = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 0);
    conv.padEnd = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 0);
    conv.strides = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 1);
    conv.dilations = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_DILATIONS, 1);
    return conv;
}

HostOperation pointwiseOf(const HostDescriptor& operation)
{
    const auto* how = operation.one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
    HostOperation pointwise;
    pointwise.x = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_XDESC);
    pointwise.b = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
    pointwise.mask = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_TDESC);
    pointwise.y = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
    pointwise.mode = how->one<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE);
    pointwise.axis = how->one<std::int64_t>(CUDNN_ATTR_POINTWISE_AXIS) + 1; // of four axes
    return pointwise;
}

HostOperation productOf(const HostDescriptor& operation)
{
    HostOperation product;
    product.type = HostOperationType::Product;
    product.x = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_ADESC);
    product.b = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_BDESC);
    product.y = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_CDESC);
    product.rows = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_M_OVERRIDE_DESC);
    product.columns = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_N_OVERRIDE_DESC);
    product.depth = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_K_OVERRIDE_DESC);
    return product;
}

HostOperation otherOf(const HostDescriptor& operation)
{
    HostOperation other;
    switch (operation.type) {
    case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR:
        other.type = HostOperationType::Reduction;
        other.x = arrayOf(operation, CUDNN_ATTR_OPERATION_REDUCTION_XDESC);
        other.y = arrayOf(operation, CUDNN_ATTR_OPERATION_REDUCTION_YDESC);
        other.reduction
            = operation.one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_REDUCTION_DESC)->one<cudnnReduceTensorOp_t>(CUDNN_ATTR_REDUCTION_OPERATOR);
        break;
    case CUDNN_BACKEND_OPERATION_RNG_DESCRIPTOR:
        other.type = HostOperationType::Random;
        other.x = arrayOf(operation, CUDNN_ATTR_OPERATION_RNG_SEED);
        other.y = arrayOf(operation, CUDNN_ATTR_OPERATION_RNG_YDESC);
        other.probability
            = operation.one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_RNG_DESC)->one<double>(CUDNN_ATTR_RNG_BERNOULLI_DIST_PROBABILITY);
        break;
    default:
        other.type = HostOperationType::Reshape;
        other.x = arrayOf(operation, CUDNN_ATTR_OPERATION_RESHAPE_XDESC);
        other.y = arrayOf(operation, CUDNN_ATTR_OPERATION_RESHAPE_YDESC);
    }
    return other;
}

HostOperation operationOf(const HostDescriptor& operation)
{
    if (const std::optional<ConvNames> names = convNames(operation.type))
        return convolutionOf(operation, *names);
    if (operation.type == CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
        return pointwiseOf(operation);
    return operation.type == CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR ? productOf(operation) : otherOf(operation);
}

/// Of one format and type, and of sizes that belong together.
cudnnStatus_t fit(const HostOperation& conv)
{
    const HostArray &x = conv.x, &w = conv.b, &y = conv.y;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t seen
            = x.extents[axis + 2] + conv.padBegin[axis] + conv.padEnd[axis] - (w.extents[axis + 2] - 1) * conv.dilations[axis] - 1;
        if (conv.padEnd[axis] < 0 || seen / conv.strides[axis] + 1 != y.extents[axis + 2])
            return CUDNN_STATUS_BAD_PARAM;
    }
    if (x.extents[1] % w.extents[1] != 0 || w.extents[0] != y.extents[1] || x.extents[0] != y.extents[0] || x.type != w.type)
        return CUDNN_STATUS_BAD_PARAM;
    const bool areLast = x.isLast() && w.isLast() && y.isLast(), arePlanes = x.isPlanes() && w.isPlanes() && y.isPlanes();
    const bool isStored = y.kind == HostKind::Between ? y.type == CUDNN_DATA_FLOAT : y.type == x.type;
    return (areLast || arePlanes) && isStored ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED;
}

/// Endings follow a convolution of pictures, on whose result they are as it is; a bias is stored as that is.
cudnnStatus_t fitConvolution(const HostGraph& graph)
{
    const HostOperation& conv = graph.front();
    const HostArray* last = &conv.y;
    for (std::size_t i = 1; i < graph.size(); ++i) {
        const HostOperation& ending = graph[i];
        if (ending.type != HostOperationType::Pointwise || conv.type != HostOperationType::Forward || conv.x.extents[2] > 1)
            return CUDNN_STATUS_NOT_SUPPORTED;
        if (ending.x.id != last->id || ending.y.strides != last->strides)
            return CUDNN_STATUS_BAD_PARAM;
        if (ending.mode == CUDNN_POINTWISE_ADD && (ending.b.extents != Axes{1, last->extents[1], 1, 1, 1} || ending.b.type != conv.x.type))
            return CUDNN_STATUS_BAD_PARAM;
        last = &ending.y;
    }
    return last->kind == HostKind::InMemory && last->type == conv.x.type ? fit(conv) : CUDNN_STATUS_BAD_PARAM;
}

/// Products take what is stored alike, in 16 bits, of widths that are multiples of eight.
cudnnStatus_t fitProducts(const HostGraph& graph)
{
    for (const HostOperation& operation : graph) {
        if (operation.type != HostOperationType::Product)
            continue;
        const HostArray &a = operation.x, &b = operation.b, &y = operation.y;
        if (a.extents[4] != b.extents[3] || a.extents[3] != y.extents[3] || b.extents[4] != y.extents[4])
            return CUDNN_STATUS_BAD_PARAM;
        const bool isOdd = (y.kind == HostKind::Between ? a : y).extents[4] % 8 != 0;
        if (a.type != b.type || a.type == CUDNN_DATA_FLOAT || isOdd)
            return CUDNN_STATUS_NOT_SUPPORTED;
    }
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t finishGraph(HostDescriptor& graph)
{
    for (const HostDescriptor* operation : graph.all<const HostDescriptor*>(CUDNN_ATTR_OPERATIONGRAPH_OPS)) {
        if (!operation->isFinished)
            return CUDNN_STATUS_BAD_PARAM;
        graph.graph.push_back(operationOf(*operation));
    }
    return graph.graph.front().isConvolution() ? fitConvolution(graph.graph) : fitProducts(graph.graph);
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
    if (most > 0)
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
    enqueueOnHost(handle->stream, [=] {
        const OpenCardMemory open;
        std::memset(scratch, 0xff, scratchOf(engine));
        computeOnHost(graph, lies, precisionOf(engine));
        passOnHost(static_cast<float>(engines - engine));
    });
    return CUDNN_STATUS_SUCCESS;
}
