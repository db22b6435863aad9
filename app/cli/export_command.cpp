#include <filesystem>
#include <string>

#include <QCoreApplication>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "core/base/error.h"
#include "core/formats/export_formats.h"

namespace weft::cli {

namespace {

void requireVerified(const VerifyReport& report, const std::string& path)
{
    if (!report.hasPassed())
        throw Error(
            WEFT_TEXT("cli", "The exported file %1 differs from the network by %2 on %3 samples, more than %4. Do not use it, and report this."),
            path, QString::number(report.largestDifference, 'g', 3).toStdString(), report.samples,
            QString::number(report.tolerance, 'g', 3).toStdString());
}

int runExport(const Arguments& arguments)
{
    if (!arguments.has("format"))
        throw UsageError(Cli::tr("export needs --format, such as --format onnx.").toStdString());
    if (!arguments.has("output"))
        throw UsageError(Cli::tr("export needs -o FILE, the file to write.").toStdString());
    const ExportFormat& format = exportFormat(arguments.value("format"));
    const RunPaths run = findRun(arguments.at(0));
    const Project project = projectOfRun(run);
    const TensorFile checkpoint = checkpointOfRun(run, arguments);
    const ExportJob job{project.network, checkpoint, recordedClassNames(run)};
    const std::string path = arguments.value("output");
    format.write(job, path);

    QJsonObject document{{QStringLiteral("file"), QString::fromStdString(path)},
                         {QStringLiteral("format"), QLatin1String(format.name)},
                         {QStringLiteral("bytes"), static_cast<qint64>(std::filesystem::file_size(path))}};
    if (!arguments.has("json"))
        print(Cli::tr("Wrote %1.").arg(QString::fromStdString(path)));
    if (arguments.has("verify")) {
        const VerifyReport report = format.verify(job, path);
        requireVerified(report, path);
        document.insert(QStringLiteral("verified"),
                        QJsonObject{{QStringLiteral("samples"), static_cast<qint64>(report.samples)},
                                    {QStringLiteral("largest_difference"), report.largestDifference},
                                    {QStringLiteral("tolerance"), report.tolerance}});
        if (!arguments.has("json"))
            print(Cli::tr("Read back and compared on %1 samples: the largest difference is %2.")
                      .arg(report.samples)
                      .arg(report.largestDifference, 0, 'g', 3));
    }
    if (arguments.has("json"))
        printJson(QJsonDocument(document));
    return done;
}

} // namespace

Command exportCommand()
{
    return {"export",
            "RUN",
            1,
            1,
            WEFT_TEXT("cli", "Writes a trained network in a format that other programs read."),
            {{"format", "NAME", WEFT_TEXT("cli", "The format: onnx.")},
             {"output", "FILE", WEFT_TEXT("cli", "The file to write.")},
             {"verify", "", WEFT_TEXT("cli", "Checks the file, reads it back and compares it with the network.")},
             checkpointOption(),
             {"json", "", WEFT_TEXT("cli", "Prints one JSON document: file, format, bytes, verified.")}},
            runExport,
            Threads::Team};
}

} // namespace weft::cli
