#include "widgets/predictions/evaluation.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include <QByteArray>
#include <QJsonArray>
#include <QtEndian>

namespace weft {

namespace {

std::vector<int> integers(const QJsonValue& value)
{
    std::vector<int> all;
    const QJsonArray array = value.toArray();
    all.reserve(static_cast<std::size_t>(array.size()));
    for (const QJsonValue& item : array)
        all.push_back(item.toInt(-1));
    return all;
}

std::vector<float> floats(const QString& base64)
{
    const QByteArray bytes = QByteArray::fromBase64(base64.toLatin1());
    std::vector<float> all(static_cast<std::size_t>(bytes.size()) / sizeof(float));
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto bits = qFromLittleEndian<quint32>(bytes.constData() + i * sizeof(float));
        std::memcpy(&all[i], &bits, sizeof bits);
    }
    return all;
}

} // namespace

SplitEvaluation SplitEvaluation::fromJson(const QJsonObject& result)
{
    SplitEvaluation evaluation;
    for (const QJsonValue& name : result.value(QStringLiteral("class_names")).toArray())
        evaluation.classNames << name.toString();
    evaluation.labels = integers(result.value(QStringLiteral("labels")));
    evaluation.predicted = integers(result.value(QStringLiteral("predicted")));
    evaluation.labels.resize(evaluation.predicted.size(), -1);
    evaluation.probabilities = floats(result.value(QStringLiteral("probabilities")).toString());
    if (evaluation.probabilities.size() != evaluation.predicted.size() * static_cast<std::size_t>(evaluation.classes()))
        evaluation.probabilities.clear();
    evaluation.loss = result.value(QStringLiteral("loss")).toDouble();
    evaluation.accuracy = result.value(QStringLiteral("accuracy")).toDouble();
    return evaluation;
}

std::vector<float> SplitEvaluation::probabilitiesOf(std::size_t sample) const
{
    if (probabilities.empty())
        return {};
    const auto first = probabilities.begin() + static_cast<std::ptrdiff_t>(sample) * classes();
    return {first, first + classes()};
}

std::vector<int> SplitEvaluation::likeliest(std::size_t sample, int count) const
{
    const std::vector<float> values = probabilitiesOf(sample);
    std::vector<int> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    const std::size_t kept = std::min(order.size(), static_cast<std::size_t>(count));
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](int a, int b) { return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)]; });
    order.resize(kept);
    return order;
}

std::vector<int> SplitEvaluation::confusion() const
{
    std::vector<int> cells(static_cast<std::size_t>(classes()) * static_cast<std::size_t>(classes()), 0);
    for (std::size_t i = 0; i < size(); ++i) {
        if (labels[i] >= 0 && labels[i] < classes() && predicted[i] >= 0 && predicted[i] < classes())
            ++cells[static_cast<std::size_t>(labels[i] * classes() + predicted[i])];
    }
    return cells;
}

std::vector<qint64> SampleFilter::indices(const SplitEvaluation& evaluation) const
{
    std::vector<qint64> kept;
    for (std::size_t i = 0; i < evaluation.size(); ++i) {
        const bool isShown = (!onlyMistakes || evaluation.isMistake(i)) && (!label || evaluation.labels[i] == *label)
            && (!predicted || evaluation.predicted[i] == *predicted);
        if (isShown)
            kept.push_back(static_cast<qint64>(i));
    }
    if (onlyMistakes && !evaluation.probabilities.empty()) {
        const auto confidence = [&](qint64 i) {
            return evaluation.probabilities[static_cast<std::size_t>(i * evaluation.classes() + evaluation.predicted[static_cast<std::size_t>(i)])];
        };
        std::stable_sort(kept.begin(), kept.end(), [&](qint64 a, qint64 b) { return confidence(a) > confidence(b); });
    }
    return kept;
}

} // namespace weft
