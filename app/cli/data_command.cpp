#include <algorithm>
#include <limits>

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/contact_sheet.h"
#include "app/cli/dataset_facts.h"
#include "app/cli/output.h"
#include "core/data/csv_file.h"
#include "core/project/project.h"

namespace weft::cli {

namespace {

constexpr int previewedRows = 10;

/// What a command names: a project's data, or a source, folder or table of its own.
struct NamedData {
    Tree data;
    std::string baseDir;
};

NamedData namedData(const std::string& name)
{
    if (name.ends_with(".weft"))
        return {readProject(name).data, QFileInfo(QString::fromStdString(name)).absolutePath().toStdString()};
    return {describeData(name), {}};
}

int listData(bool asJson)
{
    QJsonArray list;
    for (const CatalogueEntry& entry : dataCatalogue()) {
        if (!asJson) {
            const QString state = entry.isAvailable ? Cli::tr("ready") : translated(entry.howToGet);
            print(QStringLiteral("%1  %2  [%3]").arg(QString::fromStdString(entry.source), translated(entry.description), state));
        }
        list.append(QJsonObject{{QStringLiteral("source"), QString::fromStdString(entry.source)},
                                {QStringLiteral("title"), translated(entry.title)},
                                {QStringLiteral("description"), translated(entry.description)},
                                {QStringLiteral("available"), entry.isAvailable},
                                {QStringLiteral("how_to_get"), translated(entry.howToGet)}});
    }
    if (asJson)
        printJson(QJsonDocument(list));
    else
        print(Cli::tr("Also: a folder with one folder of pictures or one file of texts for each class, IDX files, or a CSV table."));
    return done;
}

void printColumns(const Dataset& dataset)
{
    constexpr std::size_t mostShown = 20;
    print(Cli::tr("columns"));
    for (std::size_t i = 0; i < std::min(mostShown, dataset.columns().size()); ++i) {
        const Column& column = dataset.columns()[i];
        const QString shape = column.shape.empty() ? QString() : QLatin1Char(' ') + QString::fromStdString(toString(column.shape));
        print(QStringLiteral("  %1  %2%3").arg(QString::fromStdString(column.name), QString::fromUtf8(nameOf(column.dtype)), shape));
    }
    if (dataset.columns().size() > mostShown)
        print(Cli::tr("  and %1 more").arg(dataset.columns().size() - mostShown));
}

void printSplits(const Dataset& dataset)
{
    constexpr std::pair<Split, int> widths[] = {{Split::Train, 10}, {Split::Validation, 12}, {Split::Test, 10}};
    constexpr Split splits[] = {Split::Train, Split::Validation, Split::Test};
    print(
        Cli::tr("samples  train %1, validation %2, test %3").arg(dataset.size(splits[0])).arg(dataset.size(splits[1])).arg(dataset.size(splits[2])));
    if (!dataset.classNames().empty())
        print(QStringLiteral("  %1%2%3  %4")
                  .arg(padded(Cli::tr("train"), 10))
                  .arg(padded(Cli::tr("validation"), 12))
                  .arg(padded(Cli::tr("test"), 10))
                  .arg(Cli::tr("class")));
    for (std::size_t c = 0; c < dataset.classNames().size(); ++c) {
        QString counts;
        for (const auto& [split, width] : widths) {
            const std::span<const std::int32_t> labels = dataset.labels(split);
            counts += QStringLiteral("%1").arg(std::count(labels.begin(), labels.end(), static_cast<std::int32_t>(c)), width);
        }
        print(QStringLiteral("  %1  %2").arg(counts, QString::fromStdString(dataset.classNames()[c])));
    }
}

int showData(const std::string& name, bool asJson)
{
    const NamedData named = namedData(name);
    const std::unique_ptr<Dataset> dataset = openDataset(named.data, named.baseDir);
    if (asJson) {
        QJsonObject facts = datasetFacts(*dataset);
        facts.insert(QStringLiteral("source"), QString::fromStdString(named.data.find("source")->text()));
        printJson(QJsonDocument(facts));
        return done;
    }
    print(Cli::tr("source  %1").arg(QString::fromStdString(named.data.find("source")->text())));
    printColumns(*dataset);
    printSplits(*dataset);
    print(Cli::tr("fingerprint  %1").arg(QString::fromStdString(dataset->fingerprint())));
    for (const DataWarning& warning : dataset->warnings())
        print(Cli::tr("warning: %1").arg(translated(warning.message)));
    return done;
}

/// The first rows of a table, as they stand in the file.
void printRows(const std::string& path, bool asJson)
{
    CsvReader reader(path);
    if (asJson) {
        QJsonArray rows;
        std::vector<std::string> fields;
        for (int row = 0; row < previewedRows && reader.next(fields); ++row)
            rows.append(jsonStrings(fields));
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("columns"), jsonStrings(reader.headers())}, {QStringLiteral("rows"), rows}}));
        return;
    }
    const auto joined = [](const std::vector<std::string>& fields) {
        QStringList list;
        for (const std::string& field : fields)
            list << QString::fromStdString(field);
        return list.join(QStringLiteral("  "));
    };
    print(joined(reader.headers()));
    std::vector<std::string> fields;
    for (int row = 0; row < previewedRows && reader.next(fields); ++row)
        print(joined(fields));
}

/// Texts of a split with their classes.
void printTexts(const Dataset& dataset, Split split, std::int64_t rows, bool asJson)
{
    QJsonArray list;
    const std::span<const std::int32_t> labels = dataset.labels(split);
    for (std::int64_t i = 0; i < std::min(rows, dataset.size(split)); ++i) {
        const QString label = QString::fromStdString(dataset.classNames()[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])]);
        const QString text = QString::fromStdString(dataset.sampleText(split, i));
        if (asJson)
            list.append(QJsonObject{{QStringLiteral("name"), QString::fromStdString(dataset.sampleName(split, i))},
                                    {QStringLiteral("label"), label},
                                    {QStringLiteral("text"), text}});
        else
            print(QStringLiteral("%1  %2").arg(label, text.simplified()));
    }
    if (asJson)
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("rows"), list}}));
}

int previewData(const Arguments& arguments)
{
    const NamedData named = namedData(arguments.at(1));
    const std::unique_ptr<Dataset> dataset = openDataset(named.data, named.baseDir);
    if (dataset->textEncoder()) {
        const std::int64_t rows = arguments.integer("rows", 1, std::numeric_limits<std::int64_t>::max()).value_or(previewedRows);
        printTexts(*dataset, splitNamed(arguments.value("split", "train")), rows, arguments.has("json"));
        return done;
    }
    if (pictureColumn(*dataset) < 0) {
        const QDir base(QString::fromStdString(named.baseDir));
        printRows(base.absoluteFilePath(QString::fromStdString(named.data.find("path")->text())).toStdString(), arguments.has("json"));
        return done;
    }
    if (!arguments.has("output"))
        throw UsageError(Cli::tr("data preview needs -o FILE.png, the picture to write.").toStdString());
    if (!QString::fromStdString(arguments.value("output")).endsWith(QStringLiteral(".png"), Qt::CaseInsensitive))
        throw UsageError(Cli::tr("data preview writes a PNG picture: give -o a name that ends in .png.").toStdString());
    writeContactSheet(*dataset, arguments.value("output"));
    if (arguments.has("json"))
        printJson(QJsonDocument(QJsonObject{{QStringLiteral("file"), QString::fromStdString(arguments.value("output"))}}));
    else
        print(Cli::tr("Wrote %1.").arg(QString::fromStdString(arguments.value("output"))));
    return done;
}

int runData(const Arguments& arguments)
{
    const std::string& verb = arguments.at(0);
    const bool hasSource = arguments.positional().size() > 1;
    if (verb == "list" && hasSource)
        throw UsageError(
            Cli::tr("data list takes nothing more. weft data info %1 describes one.").arg(QString::fromStdString(arguments.at(1))).toStdString());
    if (verb == "list")
        return listData(arguments.has("json"));
    if (verb != "info" && verb != "preview")
        throw UsageError(Cli::tr("data takes list, info or preview, not \"%1\".").arg(QString::fromStdString(verb)).toStdString());
    if (!hasSource)
        throw UsageError(Cli::tr("Missing: a project, a folder, a table or a data set to look at.").toStdString());
    return verb == "info" ? showData(arguments.at(1), arguments.has("json")) : previewData(arguments);
}

} // namespace

Command dataCommand()
{
    Command command{
        "data",
        "list|info|preview [PROJECT|FOLDER|CSV|SOURCE]",
        1,
        2,
        WEFT_TEXT("cli", "Lists the data sets at hand, describes one, shows some of its samples."),
        {{"output", "FILE.png", WEFT_TEXT("cli", "Where preview writes the sheet of pictures; -o for short.")},
         {"split", "train|validation|test", WEFT_TEXT("cli", "The texts that preview shows; train is the default."), {"train", "validation", "test"}},
         {"rows", "N", WEFT_TEXT("cli", "How many texts preview shows; 10 is the default.")},
         {"json", "", WEFT_TEXT("cli", "Prints one JSON document.")}},
        runData};
    command.paintingVerb = "preview";
    return command;
}

} // namespace weft::cli
