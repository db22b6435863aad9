#include "app/cli/run_model.h"

#include <charconv>

#include "app/cli/run_access.h"
#include "core/base/error.h"
#include "core/training/run_checkpoints.h"
#include "core/training/run_record.h"

namespace weft::cli {

RunModel::RunModel(const RunPaths& run, const std::string& checkpoint, const SessionOptions& session) :
    m_project(projectOfRun(run)), m_checkpoint(readTrainedModel(run, checkpoint)), m_session(session), m_baseDir(baseDirOfRun(run)),
    m_classNames(recordedClassNames(run)), m_encoder(readVocabulary(run)), m_predictor(m_project.network, m_checkpoint, session)
{
    if (m_predictor.outputs().empty())
        throw Error(WEFT_TEXT("cli", "The network of %1 has no output to predict."), run.dir);
    if (m_encoder)
        m_predictor.checkEncoder(*m_encoder, run.vocabulary());
}

std::int64_t RunModel::step() const
{
    const auto found = m_checkpoint.metadata.find("step");
    std::int64_t step = -1;
    if (found != m_checkpoint.metadata.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), step);
    return step;
}

std::vector<float> RunModel::answer(const SampleInputs& sample)
{
    std::vector<const void*> pointers;
    for (const InputBytes& input : sample.inputs)
        pointers.push_back(input.data());
    return m_predictor.run(1, pointers, sample.time).front();
}

SampleInputs RunModel::inputsOfText(std::string_view text) const
{
    if (!m_encoder)
        throw Error(WEFT_TEXT("cli", "The network was not trained on texts, so it cannot answer to one."));
    return textInputs(text, *m_encoder, m_predictor.feeds());
}

const LoweredFeed& RunModel::onlyInput() const
{
    if (m_predictor.feeds().size() != 1)
        throw Error(WEFT_TEXT("cli", "The network has %1 inputs: one picture or one list of numbers is not enough for it."),
                    m_predictor.feeds().size());
    return m_predictor.feeds().front();
}

bool RunModel::isClassifier() const
{
    const auto values = m_predictor.outputs().front().value.shape().elements().factor;
    return !m_classNames.empty() && values == static_cast<std::int64_t>(m_classNames.size());
}

} // namespace weft::cli
