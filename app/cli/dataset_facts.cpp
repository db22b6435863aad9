#include "app/cli/dataset_facts.h"

#include <algorithm>

#include "app/cli/output.h"
#include "core/base/error.h"
#include "core/data/image_decoding.h"

namespace weft::cli {

namespace {

constexpr Split splits[] = {Split::Train, Split::Validation, Split::Test};

QJsonArray classCounts(const Dataset& dataset, Split split)
{
    std::vector<qint64> counts(dataset.classNames().size(), 0);
    for (const std::int32_t label : dataset.labels(split)) {
        if (label >= 0 && static_cast<std::size_t>(label) < counts.size())
            ++counts[static_cast<std::size_t>(label)];
    }
    QJsonArray array;
    for (const qint64 count : counts)
        array.append(count);
    return array;
}

} // namespace

QJsonArray jsonStrings(const std::vector<std::string>& texts)
{
    QJsonArray array;
    for (const std::string& text : texts)
        array.append(QString::fromStdString(text));
    return array;
}

QJsonArray jsonExtents(const Extents& extents)
{
    QJsonArray array;
    for (const std::int64_t extent : extents)
        array.append(static_cast<qint64>(extent));
    return array;
}

QJsonObject datasetFacts(const Dataset& dataset)
{
    QJsonArray columns;
    for (const Column& column : dataset.columns())
        columns.append(QJsonObject{{QStringLiteral("name"), QString::fromStdString(column.name)},
                                   {QStringLiteral("dtype"), QString::fromUtf8(nameOf(column.dtype))},
                                   {QStringLiteral("shape"), jsonExtents(column.shape)},
                                   {QStringLiteral("is_label"), column.isLabel}});
    QJsonObject sizes, counts;
    for (const Split split : splits) {
        sizes.insert(QString::fromUtf8(nameOf(split)), static_cast<qint64>(dataset.size(split)));
        counts.insert(QString::fromUtf8(nameOf(split)), classCounts(dataset, split));
    }
    QJsonArray warnings;
    for (const DataWarning& warning : dataset.warnings())
        warnings.append(
            QJsonObject{{QStringLiteral("message"), translated(warning.message)}, {QStringLiteral("count"), static_cast<qint64>(warning.count)}});
    return {{QStringLiteral("fingerprint"), QString::fromStdString(dataset.fingerprint())},
            {QStringLiteral("columns"), columns},
            {QStringLiteral("class_names"), jsonStrings(dataset.classNames())},
            {QStringLiteral("sizes"), sizes},
            {QStringLiteral("class_counts"), counts},
            {QStringLiteral("warnings"), warnings}};
}

Split splitNamed(const std::string& name)
{
    for (const Split split : splits) {
        if (name == nameOf(split))
            return split;
    }
    throw Error(WEFT_TEXT("cli", "\"%1\" is no part of the data. There are train, validation and test."), name);
}

int pictureColumn(const Dataset& dataset)
{
    const std::vector<Column>& columns = dataset.columns();
    const auto found = std::find_if(columns.begin(), columns.end(), [](const Column& column) {
        return column.dtype == DType::UInt8 && column.shape.size() == 3 && (column.shape[0] == 1 || column.shape[0] == 3);
    });
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

QImage pictureOf(const Dataset& dataset, Split split, std::int64_t index, int column)
{
    const Extents& shape = dataset.columns()[static_cast<std::size_t>(column)].shape;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(elementCount(shape)));
    dataset.read(split, index, column, pixels.data());
    return imageOfPixels(pixels.data(), shape);
}

std::vector<float> numbersOf(const Dataset& dataset, Split split, std::int64_t index, int column)
{
    std::vector<float> values(static_cast<std::size_t>(elementCount(dataset.columns()[static_cast<std::size_t>(column)].shape)));
    dataset.read(split, index, column, values.data());
    return values;
}

} // namespace weft::cli
