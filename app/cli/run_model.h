#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/project/project.h"
#include "core/training/predictor.h"
#include "core/training/run_folder.h"
#include "core/training/sample_input.h"

namespace weft::cli {

/// A run's network with the weights of one checkpoint, ready to answer: what `weft predict` and the
/// worker share.
class RunModel {
public:
    /// Throws Error when the run or the checkpoint cannot be read.
    RunModel(const RunPaths& run, const std::string& checkpoint, const SessionOptions& session);

    const Project& project() const { return m_project; }
    const TensorFile& checkpoint() const { return m_checkpoint; }
    const SessionOptions& session() const { return m_session; }
    /// Step of the checkpoint, −1 when it does not say.
    std::int64_t step() const;
    Predictor& predictor() { return m_predictor; }
    /// As the run recorded them; empty when the network tells no classes apart.
    const std::vector<std::string>& classNames() const { return m_classNames; }
    std::string baseDir() const { return m_baseDir; }

    /// How texts become inputs; nullptr when the run reads no texts.
    const TextEncoder* textEncoder() const { return m_encoder ? &*m_encoder : nullptr; }

    /// Values of the first output for one sample: probabilities, or numbers.
    std::vector<float> answer(const SampleInputs& sample);
    /// The inputs of a text. Throws Error when the run reads no texts.
    SampleInputs inputsOfText(std::string_view text) const;
    /// The one input, for a picture or a list of numbers. Throws Error when the network has another number of inputs.
    const LoweredFeed& onlyInput() const;
    /// True when the first output has one value for each class.
    bool isClassifier() const;

private:
    Project m_project;
    TensorFile m_checkpoint;
    SessionOptions m_session;
    std::string m_baseDir;
    std::vector<std::string> m_classNames;
    std::optional<TextEncoder> m_encoder;
    Predictor m_predictor;
};

} // namespace weft::cli
