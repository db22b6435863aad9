#include "core/training/sample_input.h"

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/data/csv_file.h"
#include "core/data/image_decoding.h"
#include "core/training/training_graph.h"

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
        throw Error(WEFT_TEXT("Training",
                              "The network takes no picture: its input \"%1\" is %2 %3. Give a table with its numbers, or a sample such as test:17."),
                    feed.column, nameOf(feed.value.dtype()), toString(shape));
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

namespace {

/// A sample of a column; a sequence of variable length ends after `time` steps.
InputBytes columnInput(const Dataset& dataset, Split split, std::int64_t index, const LoweredFeed& feed, std::int64_t time)
{
    const Column* info = dataset.findColumn(feed.column);
    const bool varies = hasVariableLength(feed);
    Extents given = info ? info->shape : Extents();
    if (varies && info && info->isSequence)
        given.front() = 1;
    if (!info || info->dtype != feed.value.dtype() || given != sampleExtents(feed))
        throw Error(WEFT_TEXT("Training", "The data have no column \"%1\" of the kind that the network reads (%2 %3)."), feed.column,
                    nameOf(feed.value.dtype()), toString(sampleExtents(feed)));
    const auto whole = sizeOf(info->dtype) * static_cast<std::size_t>(elementCount(info->shape));
    InputBytes bytes(whole);
    dataset.read(split, index, dataset.columnIndex(feed.column), bytes.data());
    if (varies)
        bytes.resize(whole / static_cast<std::size_t>(info->shape.front()) * static_cast<std::size_t>(time));
    return bytes;
}

/// The steps of the longest sequence of variable length, rounded up as the loader does.
std::int64_t sampleTime(const Dataset& dataset, Split split, std::int64_t index, const std::vector<LoweredFeed>& feeds)
{
    std::int64_t time = 1;
    for (const LoweredFeed& feed : feeds) {
        const Column* column = hasVariableLength(feed) ? dataset.findColumn(feed.column) : nullptr;
        const int lengths = column ? dataset.columnIndex(feed.column + ".lengths") : -1;
        if (lengths < 0)
            continue;
        std::int32_t length = 0;
        dataset.read(split, index, lengths, &length);
        time = std::max(time, bucketOf(length, column->shape.front()));
    }
    return time;
}

template <class Number> InputBytes bytesOf(const std::vector<Number>& values)
{
    InputBytes bytes(values.size() * sizeof(Number));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

} // namespace

SampleInputs datasetInputs(const Dataset& dataset, Split split, std::int64_t index, const std::vector<LoweredFeed>& feeds)
{
    if (index < 0 || index >= dataset.size(split))
        throw Error(WEFT_TEXT("Training", "There is no sample %1:%2; the data have %3 there, counted from 0."), nameOf(split), index,
                    dataset.size(split));
    SampleInputs sample;
    sample.time = sampleTime(dataset, split, index, feeds);
    for (const LoweredFeed& feed : feeds)
        sample.inputs.push_back(columnInput(dataset, split, index, feed, sample.time));
    return sample;
}

SampleInputs textInputs(std::string_view text, const TextEncoder& encoder, const std::vector<LoweredFeed>& feeds)
{
    const std::int64_t longest = encoder.settings().maxLength;
    const std::vector<std::int32_t> all = encoder.encode(text);
    if (all.empty())
        throw Error(WEFT_TEXT("Training", "The text is empty, so there is nothing to predict from."));
    std::vector<std::int32_t> tokens(all.begin(), all.begin() + std::min<std::ptrdiff_t>(std::ssize(all), longest));
    const auto length = static_cast<std::int32_t>(tokens.size());
    SampleInputs sample;
    for (const LoweredFeed& feed : feeds) {
        const bool varies = hasVariableLength(feed);
        if (varies)
            sample.time = bucketOf(length, longest);
        if (feed.column == "text") {
            tokens.resize(static_cast<std::size_t>(varies ? sample.time : longest), TextEncoder::padding);
            sample.inputs.push_back(bytesOf(tokens));
        } else if (feed.column == "text.lengths") {
            sample.inputs.push_back(bytesOf(std::vector<std::int32_t>{length}));
        } else if (feed.column == "bagOfWords") {
            std::vector<float> bag(static_cast<std::size_t>(encoder.settings().vocabularySize));
            encoder.fillBag(all, bag.data());
            sample.inputs.push_back(bytesOf(bag));
        } else {
            throw Error(WEFT_TEXT("Training", "A text alone is not enough for the network: it also reads the column \"%1\"."), feed.column);
        }
    }
    return sample;
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
