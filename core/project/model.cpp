#include "core/project/model.h"

#include "core/base/error.h"
#include "core/layers/layer_spec.h"
#include "core/training/run_checkpoints.h"
#include "core/training/run_folder.h"
#include "core/training/trainer.h"

namespace weft {

namespace {

void requireValid(const Network& network)
{
    for (const Diagnostic& diagnostic : analyze(network).diagnostics) {
        if (diagnostic.severity == Severity::Error)
            throw Error(diagnostic.message);
    }
}

} // namespace

Model::Model(const std::string& data, Tree::Map settings)
{
    m_project.id = newProjectId();
    m_project.data = describeData(data);
    for (auto& [key, value] : settings)
        m_project.data[key] = std::move(value);
}

Model::~Model() = default;

Model& Model::add(const std::string& type, Tree::Map params)
{
    const LayerSpec* layer = findLayer(type);
    if (!layer)
        throw Error(WEFT_TEXT("Project", "There is no layer \"%1\". weft layers lists them."), type);
    Network& network = m_project.network;
    const std::string id = freshId(network, type);
    const Node node{id, id, type, std::move(params), {}};
    if (!network.nodes.empty() && !layer->inputs().empty()) {
        const Node& before = network.nodes.back();
        const std::vector<PortSpec>& outputs = findLayer(before.type)->outputs();
        if (outputs.empty())
            throw Error(WEFT_TEXT("Project", "%1 ends the network, so that %2 cannot stand behind it. Add it as the last layer."), before.type, type);
        network.wires.push_back({{before.id, outputs.front().name}, {id, layer->inputs().front().name}});
    }
    network.nodes.push_back(node);
    return *this;
}

const Dataset& Model::dataset()
{
    if (!m_dataset)
        m_dataset = openDataset(m_project.data, {});
    return *m_dataset;
}

std::string Model::train(Tree::Map training, const std::string& runDir)
{
    requireValid(m_project.network);
    m_project.training = std::move(training);
    TrainingJob job;
    job.network = m_project.network;
    job.settings = trainingSettings(m_project.training);
    job.dataset = &dataset();
    job.snapshot = formatProject(m_project);
    job.projectId = m_project.id;
    TrainingOptions options;
    options.runDir = runDir.empty() ? newRunDir(m_project.id) : runDir;
    weft::train(job, options);
    m_weights = readTrainedModel(RunPaths{options.runDir}, "best");
    return options.runDir;
}

Evaluation Model::evaluate(Split split)
{
    if (m_weights.tensors.empty())
        throw Error(WEFT_TEXT("Project", "The model has no weights yet. Train it first."));
    return weft::evaluate(m_project.network, m_weights, dataset(), split, {});
}

} // namespace weft
