#include "core/training/network_probe.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "core/base/error.h"
#include "core/training/data_fit.h"
#include "core/training/training_graph.h"
#include "core/training/variables.h"

namespace weft {

namespace {

/// One sample as the graph is fed with it.
struct FedSample {
    std::vector<std::vector<std::byte>> columns; ///< of lowered.feeds
    std::int64_t time = 1;
};

std::vector<std::byte> readColumn(const Dataset& dataset, Split split, std::int64_t index, int column)
{
    const Column& described = dataset.columns()[static_cast<std::size_t>(column)];
    std::vector<std::byte> bytes(static_cast<std::size_t>(elementCount(described.shape)) * sizeOf(described.dtype));
    dataset.read(split, index, column, bytes.data());
    return bytes;
}

/// Sequences end where the loader would end them, so that what is shown is what training sees.
FedSample readSample(const Lowered& lowered, const Dataset& dataset, Split split, std::int64_t index)
{
    const std::vector<int> columns = bindFeeds(lowered, dataset);
    FedSample sample;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        sample.columns.push_back(readColumn(dataset, split, index, columns[i]));
        const Column& column = dataset.columns()[static_cast<std::size_t>(columns[i])];
        const int lengths = hasVariableLength(lowered.feeds[i]) ? dataset.columnIndex(column.name + ".lengths") : -1;
        if (lengths < 0)
            continue;
        std::int32_t length = 0;
        std::memcpy(&length, readColumn(dataset, split, index, lengths).data(), sizeof(length));
        sample.time = std::max(sample.time, bucketOf(length, column.shape.front()));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = dataset.columns()[static_cast<std::size_t>(columns[i])];
        if (hasVariableLength(lowered.feeds[i]))
            sample.columns[i].resize(sample.columns[i].size() / static_cast<std::size_t>(column.shape.front())
                                     * static_cast<std::size_t>(sample.time));
    }
    return sample;
}

void convert(const std::vector<std::byte>& bytes, DType dtype, std::vector<float>& to)
{
    const auto as = [&](auto zero) {
        using Number = decltype(zero);
        const auto* numbers = reinterpret_cast<const Number*>(bytes.data());
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<float>(numbers[i]);
    };
    switch (dtype) {
    case DType::Float32: std::memcpy(to.data(), bytes.data(), bytes.size()); break;
    case DType::Int32: as(std::int32_t{}); break;
    case DType::UInt8: as(std::uint8_t{}); break;
    default: throw Error(WEFT_TEXT("Training", "Values of type %1 cannot be shown."), nameOf(dtype));
    }
}

} // namespace

struct NetworkProbe::State {
    explicit State(const SessionOptions& options) : session(options) {}

    Lowered lowered;
    std::vector<Value> fetches; ///< each value once, although several ports may give it
    std::vector<PortTensor> tensors; ///< of the ports
    std::unordered_map<std::string, std::size_t> indexOf; ///< ports by name
    std::string ran; ///< the sample that the tensors are of
    Session session;

    void keep(const FedSample& sample, const std::vector<std::vector<std::byte>>& fetched);
    std::int64_t stepsOf(const LoweredPort& port, const FedSample& sample) const;
};

NetworkProbe::NetworkProbe(const Network& network, const SessionOptions& session) : m_state(std::make_unique<State>(session))
{
    State& state = *m_state;
    state.lowered = lower(network, {Mode::Infer, false});
    for (std::size_t i = 0; i < state.lowered.ports.size(); ++i) {
        const LoweredPort& port = state.lowered.ports[i];
        state.indexOf.emplace(toString(port.port), i);
        const bool isKnown = std::find(state.fetches.begin(), state.fetches.end(), port.value) != state.fetches.end();
        if (!isKnown && !port.value.isInput())
            state.fetches.push_back(port.value);
    }
    state.tensors.resize(state.lowered.ports.size());
    state.session.addVariables(*state.lowered.graph);
}

NetworkProbe::~NetworkProbe() = default;

void NetworkProbe::load(const TensorFile& checkpoint)
{
    m_state->ran.clear();
    loadVariables(m_state->session, *m_state->lowered.graph, checkpoint);
}

void NetworkProbe::run(const Dataset& dataset, Split split, std::int64_t index)
{
    State& state = *m_state;
    const std::string name = dataset.fingerprint() + ' ' + nameOf(split) + ' ' + std::to_string(index);
    if (name == state.ran)
        return;
    if (index < 0 || index >= dataset.size(split))
        throw Error(WEFT_TEXT("Training", "The data have no sample %1 to %2."), index, nameOf(split));
    state.ran.clear();
    const FedSample sample = readSample(state.lowered, dataset, split, index);
    std::vector<std::vector<std::byte>> fetched;
    std::vector<void*> pointers;
    fetched.reserve(state.fetches.size());
    for (const Value& fetch : state.fetches) {
        const auto elements = static_cast<std::size_t>(elementCount(fetch.shape().at(1, sample.time)));
        pointers.push_back(fetched.emplace_back(elements * sizeOf(fetch.dtype())).data());
    }
    Batch batch;
    batch.size = 1;
    batch.time = sample.time;
    batch.indices = {index};
    batch.columns = sample.columns;
    FeedList feeds(state.lowered, {});
    if (!state.fetches.empty()) {
        Plan& plan = state.session.plan(*state.lowered.graph, {1, sample.time, state.fetches, false});
        state.session.run(plan, feeds.pointers(batch, {}), pointers, {0, 0, batch.indices.data()});
    }
    state.keep(sample, fetched);
    state.ran = name;
}

std::int64_t NetworkProbe::State::stepsOf(const LoweredPort& port, const FedSample& sample) const
{
    const auto feed = std::find_if(lowered.feeds.begin(), lowered.feeds.end(), [&](const LoweredFeed& f) { return f.value == port.lengths; });
    if (!port.lengths || feed == lowered.feeds.end())
        return 0;
    std::int32_t length = 0;
    std::memcpy(&length, sample.columns[static_cast<std::size_t>(feed - lowered.feeds.begin())].data(), sizeof(length));
    return length;
}

void NetworkProbe::State::keep(const FedSample& sample, const std::vector<std::vector<std::byte>>& fetched)
{
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const LoweredPort& port = lowered.ports[i];
        PortTensor& tensor = tensors[i];
        tensor.dtype = port.value.dtype();
        tensor.extents = port.value.shape().at(1, sample.time);
        if (!tensor.extents.empty())
            tensor.extents.erase(tensor.extents.begin());
        tensor.realSteps = stepsOf(port, sample);
        tensor.values.resize(static_cast<std::size_t>(elementCount(tensor.extents)));
        if (port.value.isInput()) {
            const auto feed = std::find_if(lowered.feeds.begin(), lowered.feeds.end(), [&](const LoweredFeed& f) { return f.value == port.value; });
            convert(sample.columns[static_cast<std::size_t>(feed - lowered.feeds.begin())], tensor.dtype, tensor.values);
        } else {
            const auto fetch = std::find(fetches.begin(), fetches.end(), port.value) - fetches.begin();
            convert(fetched[static_cast<std::size_t>(fetch)], tensor.dtype, tensor.values);
        }
    }
}

const PortTensor* NetworkProbe::find(const std::string& port) const
{
    const auto found = m_state->indexOf.find(port);
    return found == m_state->indexOf.end() ? nullptr : &m_state->tensors[found->second];
}

void NetworkProbe::forEach(const std::function<void(const std::string& node, const PortTensor& tensor)>& visit) const
{
    std::string last;
    for (std::size_t i = 0; i < m_state->tensors.size(); ++i) {
        const std::string& node = m_state->lowered.ports[i].port.node;
        if (std::exchange(last, node) != node)
            visit(node, m_state->tensors[i]);
    }
}

} // namespace weft
