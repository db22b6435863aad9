#include "app/cli/scaling_report.h"

#include <charconv>

#include <QJsonArray>

#include "app/cli/link_measuring.h"
#include "app/cli/output.h"
#include "core/base/error.h"

namespace weft::cli {

namespace {

constexpr std::int64_t mostWorkers = 1 << 20;

/// "1..1024", "64"
std::vector<std::int64_t> workersOf(const std::string& text)
{
    std::int64_t ends[2] = {0, 0};
    const std::size_t dots = text.find("..");
    const std::string parts[2] = {text.substr(0, dots), dots == std::string::npos ? text : text.substr(dots + 2)};
    for (int i = 0; i < 2; ++i) {
        const auto [end, fault] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), ends[i]);
        if (fault != std::errc() || end != parts[i].data() + parts[i].size() || ends[i] < 1 || ends[i] > mostWorkers || ends[i] < ends[0])
            throw UsageError(Cli::tr("--workers takes a number or two, such as 1..1024, not \"%1\".").arg(QString::fromStdString(text)).toStdString());
    }
    return workerCounts(ends[0], ends[1]);
}

/// "280ms", "1.5s"
double secondsOf(const std::string& text)
{
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    if (fault != std::errc() || !(number > 0 && number < 1e9) || (unit != "ms" && unit != "s"))
        throw UsageError(Cli::tr("--step takes a time such as 280ms or 1.5s, not \"%1\".").arg(QString::fromStdString(text)).toStdString());
    return unit == "ms" ? number * 1e-3 : number;
}

QJsonObject linkJson(const ScalingLink& link)
{
    return {{QStringLiteral("bytes_per_second"), link.bytesPerSecond},
            {QStringLiteral("usable_share"), link.usableShare},
            {QStringLiteral("latency_us"), link.latencySeconds * 1e6},
            {QStringLiteral("measured_ranks"), link.measuredRanks},
            {QStringLiteral("workers_per_host"), static_cast<qint64>(link.workersPerHost)}};
}

QJsonObject ruleJson(const std::string& update, const ScalingRequest& request, const ScalingSubject& subject)
{
    QJsonArray points;
    for (const std::int64_t workers : request.workers) {
        const ScalingPoint point = scalingPoint(update, subject, request.link, workers);
        points.append(QJsonObject{{QStringLiteral("workers"), static_cast<qint64>(workers)},
                                  {QStringLiteral("samples_per_second"), point.samplesPerSecond},
                                  {QStringLiteral("efficiency"), point.efficiency}});
    }
    QJsonArray assumptions;
    for (const Message& sentence : scalingAssumptions(update, subject, request.link))
        assumptions.append(translated(sentence));
    return {{QStringLiteral("update"), QString::fromStdString(update)},
            {QStringLiteral("points"), points},
            {QStringLiteral("assumptions"), assumptions}};
}

/// "1,250 (98 %)"
QString cell(const ScalingPoint& point)
{
    const double speed = point.samplesPerSecond;
    return QStringLiteral("%1 (%2 %)").arg(speed, 0, 'f', speed < 100 ? 1 : 0).arg(100 * point.efficiency, 0, 'f', point.efficiency < 0.0995 ? 1 : 0);
}

void printAssumptions(const ScalingRequest& request, const ScalingSubject& subject)
{
    QStringList said;
    for (const std::string& update : request.updates) {
        for (const Message& sentence : scalingAssumptions(update, subject, request.link)) {
            const QString text = translated(sentence);
            if (!said.contains(text))
                said << text;
        }
    }
    print(QStringLiteral("\n") + Cli::tr("Assumed:"));
    for (const QString& sentence : said)
        print(QStringLiteral("- ") + sentence);
}

void printPublished()
{
    print(QStringLiteral("\n") + Cli::tr("Check: what TensorFlow published in 2017 for K80 cards over 10 Gbit/s, and what this forecast says:"));
    std::vector<QStringList> rows{{Cli::tr("Network"), Cli::tr("Workers"), Cli::tr("Published"), Cli::tr("Forecast")}};
    for (const PublishedScaling& run : publishedScaling())
        rows.push_back({QString::fromLatin1(run.network), QString::number(run.workers), QStringLiteral("%1 %").arg(100 * run.published, 0, 'f', 1),
                        QStringLiteral("%1 %").arg(100 * run.forecast, 0, 'f', 1)});
    printTable(rows, 1);
}

ScalingLink linkOf(const Arguments& arguments)
{
    if (arguments.value("link") == "measured")
        return arguments.has("target") ? measuredOnTarget(arguments.value("target")) : measuredHere(2, {});
    if (arguments.has("target"))
        throw UsageError(Cli::tr("--target goes with --link measured: it names the hosts between which the link is measured.").toStdString());
    ScalingLink link;
    try {
        link.bytesPerSecond = linkRate(arguments.value("link"));
    } catch (const Error& error) {
        throw UsageError(translated(error.message()).toStdString());
    }
    return link;
}

} // namespace

std::vector<Option> scalingOptions()
{
    return {{"workers", "A..B", WEFT_TEXT("cli", "Also says how throughput grows with the number of workers.")},
            {"link", "25Gbit|measured",
             WEFT_TEXT("cli",
                       "With --workers: the speed of a host's link to the others, or measured: what sums between two ranks of this machine find, or "
                       "those between the hosts of --target.")},
            {"target", "NAME", WEFT_TEXT("cli", "With --link measured: the target whose hosts are asked.")},
            {"workers-per-host", "N", WEFT_TEXT("cli", "With --workers: so many share a host's link; 1 is the default.")},
            {"update", "RULE", WEFT_TEXT("cli", "With --workers: only this update rule; all without it."),
             {"allReduce", "parameterServer", "staleSynchronous", "asynchronous"}},
            {"step", "280ms", WEFT_TEXT("cli", "With --workers: the time of a step of one worker, in place of a measurement.")},
            {"overlap", "PERCENT",
             WEFT_TEXT("cli",
                       "With --workers: how much of an all-reduce goes on beside the backward pass; without it 90 where a card was timed, else 0.")}};
}

ScalingRequest scalingRequest(const Arguments& arguments)
{
    ScalingRequest request;
    request.workers = workersOf(arguments.value("workers"));
    if (!arguments.has("link"))
        throw UsageError(Cli::tr("--workers needs --link, the speed of the link between hosts, such as 25Gbit.").toStdString());
    request.link = linkOf(arguments);
    request.link.workersPerHost = arguments.integer("workers-per-host", 1, 1024).value_or(1);
    if (arguments.has("update"))
        request.updates = {arguments.value("update")};
    else
        request.updates.assign(updateRules().begin(), updateRules().end());
    if (arguments.has("step"))
        request.stepSeconds = secondsOf(arguments.value("step"));
    if (const auto percent = arguments.integer("overlap", 0, 100))
        request.overlap = static_cast<double>(*percent) / 100;
    return request;
}

QJsonObject scalingJson(const ScalingRequest& request, const ScalingSubject& subject)
{
    QJsonArray rules, published;
    for (const std::string& update : request.updates)
        rules.append(ruleJson(update, request, subject));
    for (const PublishedScaling& run : publishedScaling())
        published.append(QJsonObject{{QStringLiteral("network"), QString::fromLatin1(run.network)},
                                     {QStringLiteral("workers"), static_cast<qint64>(run.workers)},
                                     {QStringLiteral("published_efficiency"), run.published},
                                     {QStringLiteral("forecast_efficiency"), run.forecast}});
    return {{QStringLiteral("step_ms"), subject.stepSeconds * 1e3},
            {QStringLiteral("samples_per_step"), subject.samplesPerStep},
            {QStringLiteral("parameter_bytes"), subject.parameterBytes},
            {QStringLiteral("overlap"), subject.overlap},
            {QStringLiteral("link"), linkJson(request.link)},
            {QStringLiteral("rules"), rules},
            {QStringLiteral("published"), published}};
}

void printScaling(const ScalingRequest& request, const ScalingSubject& subject)
{
    std::vector<QStringList> rows{{Cli::tr("Workers")}};
    for (const std::string& update : request.updates)
        rows.front() << QString::fromStdString(update);
    for (const std::int64_t workers : request.workers) {
        QStringList row{QString::number(workers)};
        for (const std::string& update : request.updates)
            row << cell(scalingPoint(update, subject, request.link, workers));
        rows.push_back(row);
    }
    print(Cli::tr("Samples a second, and the share of ideal growth, for steps of %1 ms and %2 MB of parameters:")
              .arg(subject.stepSeconds * 1e3, 0, 'f', 1)
              .arg(subject.parameterBytes * 1e-6, 0, 'f', 1));
    printTable(rows, 1);
    printAssumptions(request, subject);
    printPublished();
}

} // namespace weft::cli
