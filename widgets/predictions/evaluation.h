#pragma once

#include <optional>
#include <vector>

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace weft {

/// What a checkpoint says about every sample of a split, as the worker answers `model.evaluate`.
struct SplitEvaluation {
    QStringList classNames;
    std::vector<int> labels;
    std::vector<int> predicted;
    std::vector<float> probabilities; ///< [samples, classes]
    double loss = 0;
    double accuracy = 0;

    static SplitEvaluation fromJson(const QJsonObject& result);

    std::size_t size() const { return predicted.size(); }
    int classes() const { return static_cast<int>(classNames.size()); }
    bool isMistake(std::size_t sample) const { return labels[sample] != predicted[sample]; }
    /// The probabilities of one sample; empty when the worker sent none.
    std::vector<float> probabilitiesOf(std::size_t sample) const;
    /// Classes of one sample by probability, the likeliest first, at most `count`.
    std::vector<int> likeliest(std::size_t sample, int count) const;
    /// [true][predicted] → number of samples, row-major.
    std::vector<int> confusion() const;
};

/// Which samples a grid shows.
struct SampleFilter {
    bool onlyMistakes = false;
    std::optional<int> label; ///< true class
    std::optional<int> predicted;

    /// Mistakes by falling confidence, which is where one learns most; all in file order.
    std::vector<qint64> indices(const SplitEvaluation& evaluation) const;
};

} // namespace weft
