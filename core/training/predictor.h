#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/engine/session.h"
#include "core/network/lowering.h"
#include "core/training/checkpoint.h"
#include "core/training/metrics.h"

namespace weft {

/// A trained network ready to answer: lowered for inference, weights from a checkpoint. Used by
/// evaluate, predict, the worker and `export --verify`.
class Predictor {
public:
    /// Throws Error when the checkpoint does not fit the network (names the variable and both shapes).
    Predictor(const Network& network, const TensorFile& checkpoint, const SessionOptions& session);
    ~Predictor();

    /// The inputs by column, in the order that `run` wants them.
    const std::vector<LoweredFeed>& feeds() const;
    /// Throws Error when texts that `encoder`, read from the file `name`, cuts do not fit the inputs.
    void checkEncoder(const TextEncoder& encoder, const std::string& name) const;
    const std::vector<LoweredOutput>& outputs() const;

    /// The most steps that sequences of variable length may have; 0 where no input has such.
    std::int64_t longest() const;

    /// Outputs of `n` samples, whose sequences of variable length are padded to `t` steps. `inputs`: one
    /// row-major array [n, …] for each feed. Result: for each output its float32 rows [n, …].
    std::vector<std::vector<float>> run(std::int64_t n, std::span<const void* const> inputs, std::int64_t t = 1);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

struct Evaluation {
    std::int64_t samples = 0;
    double loss = 0;
    double accuracy = 0; ///< of answers of yes and no: the share of right ones; NaN for other regression
    std::vector<std::int32_t> predicted; ///< class of each sample, in file order
    std::vector<float> probabilities; ///< [samples, classes]
    std::optional<ClassificationMetrics> classification;
    std::optional<RegressionMetrics> regression;
    std::optional<YesNoMetrics> yesNo;
};

/// Loss and metrics of a whole split in inference mode; `topK` is that of the top-k accuracy. `progress` is called after each batch; when it
/// returns false, Error is thrown.
Evaluation evaluate(const Network& network, const TensorFile& checkpoint, const Dataset& dataset, Split split, const SessionOptions& session,
                    bool keepProbabilities = false, const DataProgress& progress = {}, std::int64_t topK = 5);

} // namespace weft
