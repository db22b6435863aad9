#include "core/training/sample_input.h"

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/data/csv_file.h"
#include "core/data/image_decoding.h"

namespace weft {

namespace {

/// Places of the fields that make an input, found once for a table.
std::vector<std::size_t> fieldsOf(const LoweredFeed& feed, const CsvReader& reader, const std::vector<std::string>& featureNames)
{
    const std::vector<std::string>& headers = reader.headers();
    std::vector<std::string> wanted{feed.column};
    if (feed.column == "features") {
        wanted = featureNames;
        if (wanted.empty())
            wanted = headers;
    }
    std::vector<std::size_t> fields;
    for (const std::string& name : wanted) {
        const auto found = std::find(headers.begin(), headers.end(), name);
        if (found == headers.end())
            throw Error(WEFT_TEXT("Training", "%1 has no column \"%2\", which the network reads."), reader.path(), name);
        fields.push_back(static_cast<std::size_t>(found - headers.begin()));
    }
    return fields;
}

} // namespace

Extents sampleExtents(const LoweredFeed& feed)
{
    Extents extents = feed.value.shape().at(1);
    if (!extents.empty())
        extents.erase(extents.begin());
    return extents;
}

void requirePictureInput(const LoweredFeed& feed)
{
    const Extents shape = sampleExtents(feed);
    if (feed.value.dtype() != DType::UInt8 || shape.size() != 3 || (shape[0] != 1 && shape[0] != 3))
        throw Error(WEFT_TEXT("Training", "The network takes no picture: its input \"%1\" is %2 %3."), feed.column, nameOf(feed.value.dtype()),
                    toString(shape));
}

InputBytes pictureInput(const QImage& picture, const LoweredFeed& feed)
{
    requirePictureInput(feed);
    const Extents shape = sampleExtents(feed);
    InputBytes bytes(static_cast<std::size_t>(elementCount(shape)));
    writePixels(picture, shape, reinterpret_cast<std::uint8_t*>(bytes.data()));
    return bytes;
}

InputBytes numbersInput(std::span<const double> numbers, const LoweredFeed& feed)
{
    const Extents shape = sampleExtents(feed);
    if (feed.value.dtype() != DType::Float32)
        throw Error(WEFT_TEXT("Training", "The network takes no list of numbers: its input \"%1\" is %2 %3."), feed.column,
                    nameOf(feed.value.dtype()), toString(shape));
    if (static_cast<std::int64_t>(numbers.size()) != elementCount(shape))
        throw Error(WEFT_TEXT("Training", "The network's input \"%1\" takes %2 numbers; %3 were given."), feed.column, elementCount(shape),
                    numbers.size());
    const std::vector<float> values(numbers.begin(), numbers.end());
    InputBytes bytes(values.size() * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

InputBytes sampleInput(const Dataset& dataset, Split split, std::int64_t index, const LoweredFeed& feed)
{
    if (index < 0 || index >= dataset.size(split))
        throw Error(WEFT_TEXT("Training", "There is no sample %1:%2; the data have %3 there, counted from 0."), nameOf(split), index,
                    dataset.size(split));
    const int column = dataset.columnIndex(feed.column);
    const Column* info = dataset.findColumn(feed.column);
    if (!info || info->dtype != feed.value.dtype() || info->shape != sampleExtents(feed))
        throw Error(WEFT_TEXT("Training", "The data have no column \"%1\" of the kind that the network reads (%2 %3)."), feed.column,
                    nameOf(feed.value.dtype()), toString(sampleExtents(feed)));
    InputBytes bytes(sizeOf(info->dtype) * static_cast<std::size_t>(elementCount(info->shape)));
    dataset.read(split, index, column, bytes.data());
    return bytes;
}

std::vector<std::vector<InputBytes>> tableInputs(const std::string& path, const std::vector<LoweredFeed>& feeds,
                                                 const std::vector<std::string>& featureNames)
{
    CsvReader reader(path);
    std::vector<std::vector<std::size_t>> places;
    for (const LoweredFeed& feed : feeds)
        places.push_back(fieldsOf(feed, reader, featureNames));
    std::vector<std::vector<InputBytes>> rows;
    std::vector<std::string> fields;
    while (reader.next(fields)) {
        std::vector<InputBytes>& row = rows.emplace_back();
        for (std::size_t f = 0; f < feeds.size(); ++f) {
            std::vector<double> numbers;
            for (const std::size_t place : places[f]) {
                const std::optional<double> number = numberInField(fields[place], reader.delimiter());
                if (!number)
                    throw Error(WEFT_TEXT("Training", "Line %2 of %1 has \"%4\" in the column \"%3\", where a number is expected."), path,
                                reader.line(), reader.headers()[place], fields[place]);
                numbers.push_back(*number);
            }
            row.push_back(numbersInput(numbers, feeds[f]));
        }
    }
    if (rows.empty())
        throw Error(WEFT_TEXT("Training", "%1 has no rows below the names of its columns."), path);
    return rows;
}

} // namespace weft
