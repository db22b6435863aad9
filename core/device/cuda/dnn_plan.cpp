#include "core/device/cuda/dnn_plan.h"

#include <algorithm>

namespace weft {

namespace {

/// Of one mode; cuDNN has known some forty.
constexpr std::int64_t mostProposals = 100;

} // namespace

DnnPlan::DnnPlan(DnnDescriptor plan, std::int64_t engine, std::vector<std::shared_ptr<const DnnDescriptor>> origins) :
    m_origins(std::move(origins)), m_plan(std::move(plan)), m_engine(engine),
    m_scratchBytes(static_cast<std::size_t>(m_plan.integer(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE)))
{
}

void DnnPlan::run(cudnnHandle_t handle, const DnnGraph& graph, std::span<void* const> arrays, void* scratch) const
{
    DnnDescriptor places(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
    places.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, std::span<const std::int64_t>(graph.numbersInMemory()))
        .setPlaces(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, arrays)
        .setPlaces(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, {&scratch, 1})
        .finish();
    checkDnn(cudnnBackendExecute(handle, m_plan.get(), places.get()));
}

DnnProposals::DnnProposals(const DnnGraph& graph, const DnnTarget& target, const DnnRules& rules) :
    m_target(target), m_rules(rules), m_graph(graph.finish(target))
{
    if (!m_graph)
        return;
    propose(CUDNN_HEUR_MODE_A);
    if (!firstPlan())
        propose(CUDNN_HEUR_MODE_FALLBACK);
}

void DnnProposals::propose(cudnnBackendHeurMode_t mode)
{
    DnnDescriptor rules(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    rules.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, *m_graph).set(CUDNN_ATTR_ENGINEHEUR_MODE, mode);
    if (m_target.properties)
        rules.set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, *m_target.properties);
    if (!rules.tryFinish())
        return;
    for (DnnDescriptor& one : rules.descriptors(CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, mostProposals))
        m_configurations.push_back(std::make_shared<DnnDescriptor>(std::move(one)));
}

bool DnnProposals::keepsRules(const DnnDescriptor& engine) const
{
    const std::vector<cudnnBackendNumericalNote_t> notes = engine.notes(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE);
    return std::none_of(notes.begin(), notes.end(), [&](cudnnBackendNumericalNote_t note) {
        switch (note) {
        case CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC:
        case CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION: return true;
        case CUDNN_NUMERICAL_NOTE_TENSOR_CORE: return !m_rules.mayRound;
        case CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS: return !m_rules.mayConvert;
        default: return false;
        }
    });
}

std::optional<DnnPlan> DnnProposals::plan(std::size_t i) const
{
    const std::shared_ptr<const DnnDescriptor>& configuration = m_configurations[i];
    const std::vector<DnnDescriptor> engines = configuration->descriptors(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR, 1);
    if (engines.empty() || !keepsRules(engines.front()))
        return {};
    DnnDescriptor plan(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, *configuration);
    if (m_target.properties)
        plan.set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, *m_target.properties);
    else
        plan.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, m_target.handle);
    if (!plan.tryFinish())
        return {};
    DnnPlan made(std::move(plan), engines.front().integer(CUDNN_ATTR_ENGINE_GLOBAL_INDEX), {m_graph, configuration});
    return made.scratchBytes() <= m_rules.mostScratch ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<DnnPlan> DnnProposals::firstPlan() const
{
    for (std::size_t i = 0; i < count(); ++i) {
        if (std::optional<DnnPlan> found = plan(i))
            return found;
    }
    return {};
}

} // namespace weft
