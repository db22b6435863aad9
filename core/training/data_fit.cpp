#include "core/training/data_fit.h"

#include <algorithm>
#include <string_view>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/training/training_graph.h"

namespace weft {

namespace {

const Column& columnOf(const LoweredFeed& feed, const Dataset& dataset)
{
    if (const Column* column = dataset.findColumn(feed.column))
        return *column;
    std::string known;
    std::vector<std::string> names;
    for (const Column& column : dataset.columns()) {
        known += (known.empty() ? "" : ", ") + column.name;
        names.push_back(column.name);
    }
    const std::string near = nearest(feed.column, names);
    if (near.empty())
        throw Error(WEFT_TEXT("Training", "%1 reads the column \"%2\", which the data do not have. Name one of theirs: %3."), feed.node, feed.column,
                    known);
    throw Error(WEFT_TEXT("Training", "%1 reads the column \"%2\", which the data do not have. Did you mean \"%3\"? They have: %4."), feed.node,
                feed.column, near, known);
}

void checkType(const LoweredFeed& feed, const Column& column)
{
    const DType wanted = feed.value.dtype();
    if (wanted == column.dtype)
        return;
    if (feed.isInput)
        throw Error(WEFT_TEXT("Training", "%1 takes the column \"%2\" as %3, but the data have %4 there. Set the \"kind\" of %1 to \"%5\"."),
                    feed.node, feed.column, nameOf(wanted), nameOf(column.dtype), inputKindOf(column.dtype));
    if (wanted == DType::Int32)
        throw Error(
            WEFT_TEXT("Training",
                      "The loss %1 compares with classes, but the column \"%2\" holds numbers. Take a loss for numbers, such as "
                      "MeanSquaredError, or name a column of classes; data.labelKind \"class\" makes classes of the label column of a table."),
            feed.node, feed.column);
    if (column.dtype == DType::Int32)
        throw Error(
            WEFT_TEXT("Training",
                      "The loss %1 compares with numbers, but the column \"%2\" holds classes. Take a loss for classes, such as CrossEntropy, "
                      "or name a column of numbers; data.labelKind \"number\" makes numbers of the label column of a table."),
            feed.node, feed.column);
    throw Error(WEFT_TEXT("Training",
                          "The loss %1 compares with %3, but the data have %4 in the column \"%2\". Name another column, or wire the "
                          "Input that reads it to the target."),
                feed.node, feed.column, nameOf(wanted), nameOf(column.dtype));
}

/// A sample's extents as the network declares them; of a sequence of variable length those of a step.
Extents declaredExtents(const LoweredFeed& feed)
{
    Extents extents = feed.value.shape().at(1);
    extents.erase(extents.begin(), extents.begin() + std::min<std::ptrdiff_t>(std::ssize(extents), hasVariableLength(feed) ? 2 : 1));
    return extents;
}

void checkSequence(const LoweredFeed& feed, const Column& column, std::int64_t longest)
{
    if (!column.isSequence)
        throw Error(WEFT_TEXT("Training",
                              "%1 takes \"%2\" as sequences of variable length, but the data have %3 of a fixed shape. Turn \"variableLength\" of %1 "
                              "off."),
                    feed.node, feed.column, toString(column.shape));
    if (column.shape.front() > longest)
        throw Error(WEFT_TEXT("Training",
                              "The sequences in \"%2\" have up to %3 steps, but %1 takes %4 at most. Set data.maxLength to %4, or the shape of %1 to "
                              "%3."),
                    feed.node, feed.column, column.shape.front(), longest);
}

void checkShape(const LoweredFeed& feed, const Column& column, std::int64_t longest)
{
    const Extents wanted = declaredExtents(feed);
    Extents given = column.shape;
    if (hasVariableLength(feed)) {
        checkSequence(feed, column, longest);
        given.erase(given.begin());
    }
    // One number a sample is [N] in the graph of a loss and [1] as a column of a table: the same bytes.
    const bool isNumber = elementCount(wanted) == 1 && elementCount(given) == 1 && wanted.size() <= 1 && given.size() <= 1;
    if (wanted == given || isNumber)
        return;
    if (feed.isInput)
        throw Error(
            WEFT_TEXT("Training", "%1 takes the column \"%2\" in the shape %3, but the data have %4. Set the shape of %1 to that of the data."),
            feed.node, feed.column, toString(wanted), toString(given));
    throw Error(
        WEFT_TEXT("Training",
                  "The loss %1 compares a prediction of the shape %3 with the column \"%2\", which has %4. Give the layer before the loss the "
                  "shape of the column, or name another column."),
        feed.node, feed.column, toString(wanted), toString(given));
}

/// A token beyond the last row of a table would have no vector.
void checkTokens(const Lowered& lowered, const LoweredFeed& feed, const Column& column)
{
    if (const std::optional<ShortTable> table = shortTable(lowered, feed, column.indexCount))
        throw Error(WEFT_TEXT("Training",
                              "The texts have tokens up to %1, but %2 has a vocabulary of %3. Set its vocabulary to at least %4, or "
                              "data.vocabularySize to %3."),
                    column.indexCount - 1, table->node, table->rows, column.indexCount);
}

/// How many classes the prediction of a loss tells apart. 0 when it is no matter of classes.
std::int64_t classesOf(const LoweredLoss& loss)
{
    const Shape& shape = loss.prediction.shape();
    return loss.task == Task::Classification && shape.rank() > 1 ? shape[1].factor : 0;
}

/// The column of classes that `loss` compares with, when there is one.
const Column* classColumn(const LoweredLoss& loss, const Dataset& dataset)
{
    const bool comparesClasses = loss.target && loss.target.dtype() == DType::Int32;
    const Column* column = comparesClasses ? dataset.findColumn(loss.target.name()) : nullptr;
    return column && column->isLabel && classesOf(loss) > 0 ? column : nullptr;
}

} // namespace

const char* inputKindOf(DType dtype)
{
    return dtype == DType::UInt8 ? "image" : dtype == DType::Int32 ? "tokens" : "numbers";
}

std::optional<ShortTable> shortTable(const Lowered& lowered, const LoweredFeed& feed, std::int64_t indexCount)
{
    for (const auto& op : lowered.graph->ops()) {
        if (std::string_view(op->spec().name) != "Embedding" || op->input(1) != feed.value)
            continue;
        const std::int64_t rows = op->input(0).shape()[0].factor;
        if (indexCount > rows)
            return ShortTable{op->node(), rows};
    }
    return std::nullopt;
}

std::vector<int> bindFeeds(const Lowered& lowered, const Dataset& dataset)
{
    std::vector<int> columns;
    for (const LoweredFeed& feed : lowered.feeds) {
        const Column& column = columnOf(feed, dataset);
        checkType(feed, column);
        checkShape(feed, column, lowered.longest);
        checkTokens(lowered, feed, column);
        columns.push_back(dataset.columnIndex(feed.column));
    }
    return columns;
}

std::optional<StrayNumber> strayNumber(const Lowered& lowered, const LoweredLoss& loss, const Dataset& dataset, Split split)
{
    const bool isFed = std::ranges::any_of(lowered.feeds, [&](const LoweredFeed& feed) { return feed.value == loss.target; });
    const int place = isFed && loss.task == Task::YesNo ? dataset.columnIndex(loss.target.name()) : -1;
    if (place < 0 || dataset.columns()[static_cast<std::size_t>(place)].dtype != DType::Float32)
        return std::nullopt;
    std::vector<float> numbers(static_cast<std::size_t>(elementCount(dataset.columns()[static_cast<std::size_t>(place)].shape)));
    for (std::int64_t sample = 0; sample < dataset.size(split); ++sample) {
        dataset.read(split, sample, place, numbers.data());
        const auto stray = std::ranges::find_if_not(numbers, [](float number) { return number >= 0 && number <= 1; });
        if (stray != numbers.end())
            return StrayNumber{dataset.sampleName(split, sample), static_cast<double>(*stray)};
    }
    return std::nullopt;
}

void checkTargets(const Lowered& lowered, const Dataset& dataset, Split split)
{
    for (const LoweredLoss& loss : lowered.losses) {
        if (const std::optional<StrayNumber> stray = strayNumber(lowered, loss, dataset, split))
            throw Error(WEFT_TEXT("Training",
                                  "The label of %1 is %2, but the loss %3 compares with numbers from 0 to 1. Bring the column into that range, or "
                                  "take a loss for any numbers, such as MeanSquaredError."),
                        stray->sample, stray->value, loss.node);
        if (!classColumn(loss, dataset))
            continue;
        const std::int64_t classes = classesOf(loss);
        const std::span<const std::int32_t> labels = dataset.labels(split);
        const auto wrong = std::find_if(labels.begin(), labels.end(), [&](std::int32_t label) { return label < 0 || label >= classes; });
        if (wrong == labels.end())
            continue;
        const std::string sample = dataset.sampleName(split, wrong - labels.begin());
        if (loss.isOneScore)
            throw Error(WEFT_TEXT("Training",
                                  "The label of %1 is %2, but the loss %3 tells two classes apart, 0 and 1. Take CrossEntropy and give the layer "
                                  "before it as many units as there are classes (%4)."),
                        sample, *wrong, loss.node, dataset.classNames().size());
        throw Error(WEFT_TEXT("Training",
                              "The label of %1 is %2, but the output before the loss %3 has %4 units, for the labels 0 to %5. Give the last "
                              "layer as many units as there are classes (%6)."),
                    sample, *wrong, loss.node, classes, classes - 1, dataset.classNames().size());
    }
}

std::optional<Message> unusedClasses(const Lowered& lowered, const Dataset& dataset)
{
    const auto known = static_cast<std::int64_t>(dataset.classNames().size());
    for (const LoweredLoss& loss : lowered.losses) {
        if (loss.task == Task::Classification && !loss.isOneScore && classColumn(loss, dataset) && classesOf(loss) > known)
            return message(WEFT_TEXT("Training",
                                     "The output before the loss %1 has %2 units, but the data have %3 classes: predictions will be numbers without "
                                     "a class name. Give the last layer %3 units."),
                           loss.node, classesOf(loss), known);
    }
    return std::nullopt;
}

} // namespace weft
