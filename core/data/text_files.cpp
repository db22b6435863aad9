#include "core/data/text_files.h"

#include <algorithm>

#include <QDir>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/data/csv_file.h"
#include "core/data/text_encoding.h"
#include "core/data/text_tokens.h"

namespace weft {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(blanks) == std::string_view::npos;
}

std::string_view withoutReturn(std::string_view line)
{
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

template <class Visit> void forEachLine(std::string_view text, Visit visit)
{
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        visit(withoutReturn(text.substr(begin, end - begin)));
        begin = end + 1;
    }
}

/// A line that says where a fortune comes from.
bool isAttribution(std::string_view line)
{
    const std::string plain = withoutColours(line);
    const std::size_t start = plain.find_first_not_of(blanks);
    if (start == std::string::npos)
        return false;
    return plain.compare(start, 2, "--") == 0 || (line.starts_with("\x1b[3") && line.ends_with("\x1b[m"));
}

/// "sports" for "sports" and "sports.txt".
std::string classOfFile(const std::string& file)
{
    return file.ends_with(".txt") ? file.substr(0, file.size() - 4) : file;
}

std::string fileIn(const std::string& folder, const std::string& name, const std::vector<std::string>& all)
{
    for (const std::string& candidate : {name, name + ".txt"}) {
        if (std::find(all.begin(), all.end(), candidate) != all.end())
            return candidate;
    }
    const std::string near = nearest(name, all);
    if (near.empty())
        throw Error(WEFT_TEXT("Data", "%1 has no file \"%2\" with texts."), folder, name);
    throw Error(WEFT_TEXT("Data", "%1 has no file \"%2\" with texts. The nearest is \"%3\"."), folder, name, near);
}

std::vector<LabelledText> readFolder(const DataSettings& settings, const DataProgress& progress)
{
    const std::vector<std::string> all = textFilesIn(settings.path);
    std::vector<std::string> files;
    for (const std::string& name : settings.files)
        files.push_back(fileIn(settings.path, name, all));
    if (files.empty())
        files = all;
    if (files.empty())
        throw Error(WEFT_TEXT("Data", "%1 holds no texts. One file for each class is expected: a text a line, or fortunes between lines of %."),
                    settings.path);
    if (!settings.classNames.empty() && settings.classNames.size() != files.size())
        throw Error(WEFT_TEXT("Data", "The data setting \"classNames\" must name the class of each of the %1 files; it has %2 names."), files.size(),
                    settings.classNames.size());
    std::vector<LabelledText> texts;
    for (std::size_t f = 0; f < files.size(); ++f) {
        if (progress && !progress(static_cast<std::int64_t>(f), static_cast<std::int64_t>(files.size())))
            throw Error(WEFT_TEXT("Data", "Opening the data was cancelled."));
        const std::string own = classOfFile(files[f]);
        std::int64_t number = 0;
        for (std::string& text : textsInFile(settings.path + "/" + files[f], settings.encoding, settings.attributions))
            texts.push_back({std::move(text), settings.classNames.empty() ? own : settings.classNames[f], own + " " + std::to_string(++number)});
    }
    return texts;
}

/// Columns of a table of texts, by index.
struct TextColumns {
    std::size_t text = 0;
    std::size_t label = 0;
};

std::size_t columnNamed(const CsvReader& reader, const std::string& wanted, Text absent)
{
    const std::vector<std::string>& headers = reader.headers();
    const auto found = std::find(headers.begin(), headers.end(), wanted);
    if (found != headers.end())
        return static_cast<std::size_t>(found - headers.begin());
    const std::string near = nearest(wanted, headers);
    throw Error(absent, reader.path(), wanted, near.empty() ? headers.back() : near);
}

/// The mean length of the fields of each column, over the first rows.
std::vector<double> meanLengths(const std::string& path, TextEncoding encoding)
{
    constexpr int looked = 200;
    CsvReader reader(path, encoding);
    std::vector<double> lengths(reader.headers().size(), 0.0);
    std::vector<std::string> fields;
    int rows = 0;
    while (rows < looked && reader.next(fields)) {
        ++rows;
        for (std::size_t i = 0; i < fields.size(); ++i)
            lengths[i] += static_cast<double>(fields[i].size());
    }
    for (double& length : lengths)
        length /= std::max(rows, 1);
    return lengths;
}

std::size_t chooseTextColumn(const CsvReader& reader, const DataSettings& settings)
{
    const std::vector<std::string>& headers = reader.headers();
    const bool isNamed = std::find(headers.begin(), headers.end(), "text") != headers.end();
    if (!settings.textColumn.empty() || isNamed)
        return columnNamed(reader, settings.textColumn.empty() ? "text" : settings.textColumn,
                           WEFT_TEXT("Data", "%1 has no column \"%2\" for the texts. The nearest is \"%3\"."));
    const std::vector<double> lengths = meanLengths(reader.path(), settings.encoding);
    return static_cast<std::size_t>(std::max_element(lengths.begin(), lengths.end()) - lengths.begin());
}

/// As set; else the text is the column "text" or the one with the longest fields, the label is the column
/// "label" or the last of the others.
TextColumns chooseColumns(const CsvReader& reader, const DataSettings& settings)
{
    const std::vector<std::string>& headers = reader.headers();
    if (headers.size() < 2)
        throw Error(WEFT_TEXT("Data", "%1 has a single column, \"%2\". One of texts and one of labels are needed."), reader.path(), headers[0]);
    TextColumns columns;
    columns.text = chooseTextColumn(reader, settings);
    if (!settings.labelColumn.empty() || std::find(headers.begin(), headers.end(), "label") != headers.end())
        columns.label = columnNamed(reader, settings.labelColumn.empty() ? "label" : settings.labelColumn,
                                    WEFT_TEXT("Data", "%1 has no column \"%2\" for the labels. The nearest is \"%3\"."));
    else
        columns.label = columns.text + 1 == headers.size() ? headers.size() - 2 : headers.size() - 1;
    if (columns.text == columns.label)
        throw Error(WEFT_TEXT("Data", "The column \"%2\" of %1 cannot be both the text and the label."), reader.path(), headers[columns.text]);
    return columns;
}

void requireValue(const CsvReader& reader, const std::vector<std::string>& fields, std::size_t column)
{
    if (isBlank(fields[column]))
        throw Error(WEFT_TEXT("Data", "Line %2 of %1 has no value in the column \"%3\". Fill it in or remove the line."), reader.path(),
                    reader.line(), reader.headers()[column]);
}

std::vector<LabelledText> readTable(const DataSettings& settings, const DataProgress& progress)
{
    CsvReader reader(settings.path, settings.encoding);
    const TextColumns columns = chooseColumns(reader, settings);
    std::vector<LabelledText> texts;
    std::vector<std::string> fields;
    while (reader.next(fields)) {
        for (const std::size_t column : {columns.text, columns.label})
            requireValue(reader, fields, column);
        texts.push_back({fields[columns.text], fields[columns.label], "row " + std::to_string(texts.size() + 1)});
        if (progress && texts.size() % 1024 == 0 && !progress(reader.position(), reader.totalBytes()))
            throw Error(WEFT_TEXT("Data", "Opening the data was cancelled."));
    }
    if (texts.empty())
        throw Error(WEFT_TEXT("Data", "%1 has no rows below the names of its columns."), settings.path);
    return texts;
}

/// The first bytes are text: no zero byte, nothing that begins like a picture or an archive.
bool beginsAsText(const QString& path)
{
    QFile file(path);
    const QByteArray head = file.open(QIODevice::ReadOnly) ? file.read(4096) : QByteArray();
    return !head.isEmpty() && !head.contains('\0') && !head.startsWith("\x89PNG") && !head.startsWith("\xFF\xD8") && !head.startsWith("\x1F\x8B");
}

} // namespace

std::vector<std::string> textsInFile(const std::string& path, TextEncoding encoding, bool withAttributions)
{
    const std::string contents = readTextFile(path, encoding);
    bool areFortunes = false;
    forEachLine(contents, [&](std::string_view line) { areFortunes = areFortunes || line == "%"; });
    std::vector<std::string> texts;
    std::string text;
    const auto finish = [&] {
        if (!isBlank(text))
            texts.push_back(std::move(text));
        text.clear();
    };
    forEachLine(contents, [&](std::string_view line) {
        if (areFortunes && line == "%") {
            finish();
        } else if (!areFortunes || withAttributions || !isAttribution(line)) {
            text += withoutColours(line);
            text += '\n';
        }
        if (!areFortunes)
            finish();
    });
    finish();
    for (std::string& one : texts)
        one.pop_back();
    if (texts.empty())
        throw Error(WEFT_TEXT("Data", "%1 holds no text. A text a line, or fortunes between lines of %, are expected."), path);
    return texts;
}

std::vector<std::string> unlabelledTexts(const std::string& path, const DataSettings& settings)
{
    if (!isTable(path))
        return textsInFile(path, settings.encoding, settings.attributions);
    CsvReader reader(path, settings.encoding);
    const std::size_t column = chooseTextColumn(reader, settings);
    std::vector<std::string> texts;
    std::vector<std::string> fields;
    while (reader.next(fields)) {
        requireValue(reader, fields, column);
        texts.push_back(fields[column]);
    }
    if (texts.empty())
        throw Error(WEFT_TEXT("Data", "%1 has no rows below the names of its columns."), path);
    return texts;
}

std::vector<LabelledText> readTexts(const DataSettings& settings, const DataProgress& progress)
{
    const QFileInfo info(QString::fromStdString(settings.path));
    if (!info.exists())
        throw Error(WEFT_TEXT("Data", "%1 is not there."), settings.path);
    if (info.isDir())
        return readFolder(settings, progress);
    if (isTable(settings.path))
        return readTable(settings, progress);
    throw Error(WEFT_TEXT("Data", "%1 is a single file of texts. Choose a folder with one file for each class, or a CSV table with a label column."),
                settings.path);
}

bool isTable(const std::string& path)
{
    const QString suffix = QFileInfo(QString::fromStdString(path)).suffix().toLower();
    return suffix == QLatin1String("csv") || suffix == QLatin1String("tsv");
}

std::vector<std::string> textFilesIn(const std::string& folder)
{
    std::vector<std::string> names;
    const QDir dir(QString::fromStdString(folder));
    for (const QFileInfo& info : dir.entryInfoList(QDir::Files | QDir::NoSymLinks, QDir::NoSort)) {
        if (info.suffix() != QLatin1String("dat") && beginsAsText(info.filePath()))
            names.push_back(info.fileName().toStdString());
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool isTableOfTexts(const std::string& path)
{
    constexpr double sentence = 24; // bytes, on average
    try {
        CsvReader reader(path);
        if (std::find(reader.headers().begin(), reader.headers().end(), "text") != reader.headers().end())
            return true;
        std::vector<std::string> fields;
        if (!reader.next(fields))
            return false;
        const auto numbers
            = std::count_if(fields.begin(), fields.end(), [&](const std::string& field) { return numberInField(field, reader.delimiter()); });
        const std::vector<double> lengths = meanLengths(path, TextEncoding::Automatic);
        return numbers <= 1 && lengths.size() >= 2 && *std::max_element(lengths.begin(), lengths.end()) >= sentence;
    } catch (const Error&) {
        // What is wrong with it is said when it is opened.
        return false;
    }
}

bool isFolderOfTexts(const std::string& path)
{
    return textFilesIn(path).size() >= 2;
}

bool readsTexts(const Tree& data)
{
    const Tree* source = data.find("source");
    return source && source->isText() && (source->text() == "text" || source->text() == "fortunes" || source->text() == "fortunes-zh");
}

} // namespace weft
