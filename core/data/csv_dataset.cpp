#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/data/csv_file.h"
#include "core/data/fingerprint.h"
#include "core/data/sources.h"
#include "core/data/split_dataset.h"

namespace weft {

namespace {

/// Whole numbers with at most so many different values are taken for classes.
constexpr std::size_t mostNumberedClasses = 100;

/// A column while the table is read. What it holds is decided by its first value.
struct ColumnReading {
    std::string name;
    enum class Kind { Unknown, Number, Text } kind = Kind::Unknown;
    std::vector<float> values;
    std::int64_t firstMissing = 0; ///< line
};

/// The label column: each row's place in the list of different texts.
struct LabelReading {
    std::unordered_map<std::string, std::int32_t> places;
    std::vector<std::string> texts;
    std::vector<std::int32_t> rows;
};

class CsvDataset : public SplitDataset {
public:
    CsvDataset(const DataSettings& settings, const DataProgress& progress) : m_path(settings.path)
    {
        CsvReader reader(m_path);
        const std::size_t labelAt = findLabel(reader, settings.labelColumn);
        std::vector<ColumnReading> columns(reader.headers().size());
        for (std::size_t i = 0; i < columns.size(); ++i)
            columns[i].name = reader.headers()[i];
        LabelReading labels;
        readRows(reader, columns, labelAt, labels, progress);
        const auto rows = static_cast<std::int64_t>(labels.rows.size());
        if (rows == 0)
            throw Error(WEFT_TEXT("Data", "%1 has no rows below the names of its columns."), m_path);

        gatherFeatures(columns, labelAt, rows);
        const bool isClass = decideLabels(labels, settings, reader, columns[labelAt].name);
        declareColumns(columns[labelAt].name, isClass);
        const SplitRule tenth{0, 0.1, false};
        m_indices = splitSamples(rows, settings.validation.value_or(tenth), settings.test.value_or(tenth), settings.seed, m_rowClasses);
        for (std::size_t split = 0; isClass && split < m_indices.size(); ++split) {
            for (const std::int64_t index : m_indices[split])
                m_labels[split].push_back(m_rowClasses[static_cast<std::size_t>(index)]);
        }
    }

    void read(Split split, std::int64_t index, int column, void* to) const override
    {
        const auto row = static_cast<std::size_t>(indexOf(split, index));
        const Source& source = m_sources[static_cast<std::size_t>(column)];
        const float* features = m_features.data() + row * m_featureNames.size();
        switch (source.kind) {
        case Source::Features: std::memcpy(to, features, m_featureNames.size() * sizeof(float)); break;
        case Source::Feature: std::memcpy(to, features + source.feature, sizeof(float)); break;
        case Source::Class: std::memcpy(to, &m_rowClasses[row], sizeof(std::int32_t)); break;
        case Source::Target: std::memcpy(to, &m_rowTargets[row], sizeof(float)); break;
        }
    }

    std::string sampleName(Split split, std::int64_t index) const override { return "row " + std::to_string(indexOf(split, index) + 1); }

    std::string fingerprint() const override
    {
        Fingerprint print;
        print.add(fileChecksum(m_path));
        return print.text("csv");
    }

    std::vector<std::string> featureNames() const override { return m_featureNames; }

private:
    /// Where a column of the data set comes from.
    struct Source {
        enum Kind { Features, Feature, Class, Target } kind;
        std::size_t feature = 0;
    };

    static std::size_t findLabel(const CsvReader& reader, const std::string& wanted)
    {
        const std::vector<std::string>& headers = reader.headers();
        if (headers.size() < 2)
            throw Error(WEFT_TEXT("Data", "%1 has a single column, \"%2\". At least one of numbers and one of labels are needed."), reader.path(),
                        headers[0]);
        if (wanted.empty())
            return headers.size() - 1;
        const auto found = std::find(headers.begin(), headers.end(), wanted);
        if (found == headers.end()) {
            const std::string near = nearest(wanted, headers);
            throw Error(WEFT_TEXT("Data", "%1 has no column \"%2\" for the labels. The nearest is \"%3\"."), reader.path(), wanted,
                        near.empty() ? headers.back() : near);
        }
        return static_cast<std::size_t>(found - headers.begin());
    }

    [[noreturn]] static void throwMissing(const CsvReader& reader, std::int64_t line, const std::string& column)
    {
        throw Error(WEFT_TEXT("Data", "Line %2 of %1 has no value in the column \"%3\". Fill it in or remove the line."), reader.path(), line,
                    column);
    }

    static void readNumber(const CsvReader& reader, const std::string& field, ColumnReading& column)
    {
        using Kind = ColumnReading::Kind;
        if (column.kind == Kind::Text || column.name.empty())
            return;
        if (isMissingValue(field)) {
            if (column.kind == Kind::Number)
                throwMissing(reader, reader.line(), column.name);
            column.firstMissing = column.firstMissing ? column.firstMissing : reader.line();
            return;
        }
        const std::optional<double> number = numberInField(field, reader.delimiter());
        if (column.kind == Kind::Unknown)
            column.kind = number ? Kind::Number : Kind::Text;
        if (column.kind == Kind::Text)
            return;
        if (column.firstMissing)
            throwMissing(reader, column.firstMissing, column.name);
        if (!number)
            throw Error(WEFT_TEXT("Data", "Line %2 of %1 has \"%4\" in the column \"%3\", where a number is expected."), reader.path(), reader.line(),
                        column.name, field);
        column.values.push_back(static_cast<float>(*number));
    }

    static void readLabel(const CsvReader& reader, const std::string& field, const std::string& column, LabelReading& labels)
    {
        if (isMissingValue(field))
            throwMissing(reader, reader.line(), column);
        const auto [place, isNew] = labels.places.try_emplace(field, static_cast<std::int32_t>(labels.texts.size()));
        if (isNew)
            labels.texts.push_back(field);
        labels.rows.push_back(place->second);
    }

    static void readRows(CsvReader& reader, std::vector<ColumnReading>& columns, std::size_t labelAt, LabelReading& labels,
                         const DataProgress& progress)
    {
        std::vector<std::string> fields;
        while (reader.next(fields)) {
            for (std::size_t i = 0; i < fields.size(); ++i) {
                if (i == labelAt)
                    readLabel(reader, fields[i], columns[i].name, labels);
                else
                    readNumber(reader, fields[i], columns[i]);
            }
            if (progress && labels.rows.size() % 1024 == 0 && !progress(reader.position(), reader.totalBytes()))
                throw Error(WEFT_TEXT("Data", "Opening the data was cancelled."));
        }
    }

    /// Turns columns into rows, freeing each column once it is copied.
    void gatherFeatures(std::vector<ColumnReading>& columns, std::size_t labelAt, std::int64_t rows)
    {
        std::string leftOut;
        std::int64_t leftOutCount = 0;
        std::vector<ColumnReading*> features;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i == labelAt)
                continue;
            if (columns[i].kind == ColumnReading::Kind::Number) {
                features.push_back(&columns[i]);
                m_featureNames.push_back(columns[i].name);
            } else {
                leftOut += (leftOutCount++ ? ", " : "") + (columns[i].name.empty() ? "column " + std::to_string(i + 1) : columns[i].name);
            }
        }
        if (features.empty())
            throw Error(WEFT_TEXT("Data", "%1 has no column of numbers beside the labels in \"%2\"."), m_path, columns[labelAt].name);
        if (leftOutCount > 0)
            m_warnings.push_back({message(WEFT_TEXT("Data", "Columns without a name or with text are left out: %1."), leftOut), leftOutCount});
        m_features.resize(static_cast<std::size_t>(rows) * features.size());
        for (std::size_t f = 0; f < features.size(); ++f) {
            for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
                m_features[row * features.size() + f] = features[f]->values[row];
            std::vector<float>().swap(features[f]->values);
        }
    }

    /// True for classes, false for numbers to predict.
    bool decideLabels(const LabelReading& labels, const DataSettings& settings, const CsvReader& reader, const std::string& column)
    {
        std::vector<double> numbers;
        bool isWhole = true;
        for (const std::string& text : labels.texts) {
            const std::optional<double> number = numberInField(text, reader.delimiter());
            if (!number)
                break;
            isWhole = isWhole && *number == std::floor(*number);
            numbers.push_back(*number);
        }
        const bool isNumeric = numbers.size() == labels.texts.size();
        if (settings.labelKind == "number" && !isNumeric)
            throw Error(WEFT_TEXT("Data", "The label column \"%2\" of %1 holds \"%3\", which is no number."), m_path, column,
                        labels.texts[numbers.size()]);
        const bool isNumber
            = settings.labelKind == "number" || (settings.labelKind.empty() && isNumeric && !(isWhole && numbers.size() <= mostNumberedClasses));
        if (isNumber) {
            for (const std::int32_t place : labels.rows)
                m_rowTargets.push_back(static_cast<float>(numbers[static_cast<std::size_t>(place)]));
            return false;
        }
        if (labels.texts.size() > 1000 && labels.texts.size() > labels.rows.size() / 2)
            throw Error(
                WEFT_TEXT("Data", "The label column \"%2\" of %1 holds %3 different texts in %4 rows. Choose another column with \"labelColumn\"."),
                m_path, column, labels.texts.size(), labels.rows.size());
        nameClasses(labels);
        return true;
    }

    void nameClasses(const LabelReading& labels)
    {
        m_classNames = labels.texts;
        sortClassNames(m_classNames);
        checkClasses(m_path);
        std::vector<std::int32_t> classOfPlace(labels.texts.size());
        for (std::size_t i = 0; i < m_classNames.size(); ++i)
            classOfPlace[static_cast<std::size_t>(labels.places.at(m_classNames[i]))] = static_cast<std::int32_t>(i);
        for (const std::int32_t place : labels.rows)
            m_rowClasses.push_back(classOfPlace[static_cast<std::size_t>(place)]);
    }

    void declareColumns(const std::string& labelName, bool isClass)
    {
        const auto declare = [&](const std::string& name, Extents shape, DType dtype, Source source) {
            if (findColumn(name))
                return;
            addColumn(name, dtype, std::move(shape), source.kind == Source::Class);
            m_sources.push_back(source);
        };
        declare("features", {static_cast<std::int64_t>(m_featureNames.size())}, DType::Float32, {Source::Features});
        const auto declareLabel = [&](const std::string& name) {
            if (isClass)
                declare(name, {}, DType::Int32, {Source::Class});
            else
                declare(name, {1}, DType::Float32, {Source::Target});
        };
        declareLabel("label");
        for (std::size_t i = 0; i < m_featureNames.size(); ++i)
            declare(m_featureNames[i], {1}, DType::Float32, {Source::Feature, i});
        declareLabel(labelName);
    }

    std::string m_path;
    std::vector<std::string> m_featureNames;
    std::vector<float> m_features; ///< [rows, features]
    std::vector<std::int32_t> m_rowClasses;
    std::vector<float> m_rowTargets;
    std::vector<Source> m_sources; ///< by column
};

} // namespace

std::unique_ptr<Dataset> openCsv(const DataSettings& settings, const DataProgress& progress)
{
    return std::make_unique<CsvDataset>(settings, progress);
}

} // namespace weft
