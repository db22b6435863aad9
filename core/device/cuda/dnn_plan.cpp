#include "core/device/cuda/dnn_plan.h"

#include <algorithm>

namespace weft {

namespace {

/// Of one mode; cuDNN has known some forty.
constexpr std::int64_t mostProposals = 100;

void setTarget(DnnDescriptor& plan, const DnnTarget& target)
{
    if (target.properties)
        plan.set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, *target.properties);
    else
        plan.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, target.handle);
}

DnnDescriptor engineOf(const DnnDescriptor& configuration)
{
    std::vector<DnnDescriptor> engines = configuration.descriptors(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR, 1);
    return std::move(engines.at(0));
}

} // namespace

DnnPlan::DnnPlan(DnnDescriptor plan, std::vector<std::shared_ptr<const DnnDescriptor>> origins) :
    m_origins(std::move(origins)), m_plan(std::move(plan)),
    m_scratchBytes(static_cast<std::size_t>(m_plan.integer(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE)))
{
}

bool DnnPlan::isCompiled() const
{
    if (m_origins.empty())
        return false; // It was read.
    const std::vector<cudnnBackendBehaviorNote_t> notes = engineOf(*m_origins.back()).behaviorNotes();
    return std::find(notes.begin(), notes.end(), CUDNN_BEHAVIOR_NOTE_RUNTIME_COMPILATION) != notes.end();
}

std::optional<DnnPlan> DnnPlan::fromText(const std::string& text, const DnnTarget& target)
{
    DnnDescriptor plan(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    setTarget(plan, target);
    plan.set(CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION, std::span<const char>(text.data(), text.size()));
    return plan.tryFinish() ? std::optional(DnnPlan(std::move(plan))) : std::nullopt;
}

void DnnPlan::run(cudnnHandle_t handle, const DnnGraph& graph, std::span<void* const> arrays, void* scratch) const
{
    std::vector<std::int64_t> names = graph.namesInMemory();
    const std::vector<std::int64_t>& constants = graph.namesOfConstants();
    names.insert(names.end(), constants.begin(), constants.end());
    std::vector<void*> all(arrays.begin(), arrays.end());
    for (void* place : graph.placesOfConstants())
        all.push_back(place);
    DnnDescriptor places(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
    places.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, std::span<const std::int64_t>(names))
        .setPlaces(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, all)
        .setPlaces(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, {&scratch, 1})
        .finish();
    checkDnn(cudnnBackendExecute(handle, m_plan.get(), places.get()));
}

DnnProposals::DnnProposals(const DnnGraph& graph, const DnnTarget& target, const DnnRules& rules) :
    m_target(target), m_rules(rules), m_graph(graph.finish(target))
{
    if (m_graph)
        propose(CUDNN_HEUR_MODE_A);
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
    const std::vector<cudnnBackendNumericalNote_t> notes = engine.numericalNotes();
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
    const DnnDescriptor engine = engineOf(*configuration);
    if (!keepsRules(engine))
        return {};
    DnnDescriptor plan(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, *configuration);
    setTarget(plan, m_target);
    if (!plan.tryFinish())
        return {};
    DnnPlan made(std::move(plan), {m_graph, configuration});
    return made.scratchBytes() <= m_rules.mostScratch ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<DnnPlan> DnnProposals::firstPlan()
{
    const auto firstFrom = [this](std::size_t begin) -> std::optional<DnnPlan> {
        for (std::size_t i = begin; i < count(); ++i) {
            if (std::optional<DnnPlan> found = plan(i))
                return found;
        }
        return {};
    };
    if (std::optional<DnnPlan> found = firstFrom(0); found || !m_graph)
        return found;
    const std::size_t known = count();
    propose(CUDNN_HEUR_MODE_FALLBACK);
    return firstFrom(known);
}

} // namespace weft
