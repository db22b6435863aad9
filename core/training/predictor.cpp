#include "core/training/predictor.h"

#include "core/base/error.h"
#include "core/data/text_encoder.h"
#include "core/training/data_fit.h"
#include "core/training/sample_input.h"
#include "core/training/training_graph.h"
#include "core/training/variables.h"

namespace weft {

struct Predictor::State {
    explicit State(const SessionOptions& options) : session(options) {}

    Lowered lowered;
    std::vector<Value> fetches;
    std::vector<int> feedOfInput; ///< index into lowered.feeds of each graph input
    // Declared last: the session goes before the graph that its plans point into.
    Session session;
};

Predictor::Predictor(const Network& network, const TensorFile& checkpoint, const SessionOptions& session) : m_state(std::make_unique<State>(session))
{
    State& state = *m_state;
    state.lowered = lower(network, {Mode::Infer, false});
    for (const LoweredOutput& output : state.lowered.outputs)
        state.fetches.push_back(output.value);
    for (const Value& input : state.lowered.graph->inputs()) {
        int index = -1;
        for (std::size_t i = 0; i < state.lowered.feeds.size(); ++i) {
            if (state.lowered.feeds[i].value == input)
                index = static_cast<int>(i);
        }
        state.feedOfInput.push_back(index);
    }
    state.session.addVariables(*state.lowered.graph);
    loadVariables(state.session, *state.lowered.graph, checkpoint);
}

Predictor::~Predictor() = default;

const std::vector<LoweredFeed>& Predictor::feeds() const
{
    return m_state->lowered.feeds;
}

void Predictor::checkEncoder(const TextEncoder& encoder, const std::string& name) const
{
    const TextSettings& settings = encoder.settings();
    for (const LoweredFeed& feed : feeds()) {
        bool fits = true;
        if (feed.column == "text")
            fits = (hasVariableLength(feed) ? settings.maxLength <= longest() : sampleExtents(feed) == Extents{settings.maxLength})
                && !shortTable(m_state->lowered, feed, encoder.indexCount());
        else if (feed.column == "bagOfWords")
            fits = sampleExtents(feed) == Extents{settings.vocabularySize};
        if (!fits)
            throw Error(WEFT_TEXT("Training",
                                  "The vocabulary %1 does not fit what %2 reads: it is damaged or belongs to another run. Restore it from a copy."),
                        name, feed.node);
    }
}

const std::vector<LoweredOutput>& Predictor::outputs() const
{
    return m_state->lowered.outputs;
}

std::int64_t Predictor::longest() const
{
    return m_state->lowered.longest;
}

std::vector<std::vector<float>> Predictor::run(std::int64_t n, std::span<const void* const> inputs, std::int64_t t)
{
    State& state = *m_state;
    std::vector<const void*> feeds;
    for (const int index : state.feedOfInput)
        feeds.push_back(index < 0 ? nullptr : inputs[static_cast<std::size_t>(index)]);
    std::vector<std::vector<float>> results;
    std::vector<void*> pointers;
    results.reserve(state.fetches.size());
    for (const Value& fetch : state.fetches)
        pointers.push_back(results.emplace_back(static_cast<std::size_t>(elementCount(fetch.shape().at(n, t)))).data());
    Plan& plan = state.session.plan(*state.lowered.graph, {n, t, state.fetches, false});
    state.session.run(plan, feeds, pointers);
    return results;
}

} // namespace weft
