#include "app/cli/rank.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <unistd.h>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include "app/cli/device_option.h"
#include "app/cli/held_run.h"
#include "app/cli/output.h"
#include "app/cli/rank_output.h"
#include "app/cli/stop_signals.h"
#include "core/base/error.h"
#include "core/device/cards.h"
#include "core/device/cpu_info.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/rank_orders.h"
#include "core/training/distributed/rank_report.h"
#include "core/training/run_record.h"

namespace weft::cli {

namespace {

/// What a rank other than 0 trains: project and data in the hands of this process.
struct SharedJob {
    explicit SharedJob(const QJsonObject& shared) :
        project(parseProject(shared.value(QStringLiteral("project")).toString().toStdString(), "project.weft")),
        dataset(openDataset(project.data, shared.value(QStringLiteral("base_dir")).toString().toStdString()))
    {
        if (dataset->fingerprint() != shared.value(QStringLiteral("fingerprint")).toString().toStdString())
            throw Error(WEFT_TEXT("cli", "Its data differ from those of rank 0. Bring the same data to every host."));
        job.network = project.network;
        job.settings = trainingSettings(project.training);
        job.dataset = dataset.get();
    }

    Project project;
    std::unique_ptr<Dataset> dataset;
    TrainingJob job;
};

QJsonObject receiveJob(Collectives& ranks)
{
    std::vector<std::byte> bytes;
    ranks.broadcast(bytes);
    return QJsonDocument::fromJson(QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()))).object();
}

int follow(Collectives& ranks, const Arguments& arguments)
{
    const QJsonObject shared = receiveJob(ranks);
    const std::int64_t batchSize = shared.value(QStringLiteral("batch_size")).toInteger();
    const bool hasFollowed = followAndReport(ranks, batchSize, [&](const auto& ready) {
        const SharedJob work(shared);
        SessionOptions session = sessionOfRank(arguments.value("device", "auto"));
        session.precision = precisionOf({{QStringLiteral("settings"), shared}});
        session.collectives = &ranks;
        session.threads = threadsOfRank();
        trainBesideLeader(work.job, session, ready);
    });
    return hasFollowed ? done : failed;
}

void printFault(const Collectives& ranks, const QString& text)
{
    printError(ranks.rank() == 0 ? QStringLiteral("weft train: %1").arg(text)
                                 : Cli::tr("weft train: rank %1 on %2: %3").arg(QString::number(ranks.rank()), QSysInfo::machineHostName(), text));
}

CollectivesOptions collectivesOptions(const Arguments& arguments)
{
    CollectivesOptions options;
    options.expectedSize = static_cast<int>(arguments.integer("expect-world", 1, std::numeric_limits<int>::max()).value_or(0));
    if (const auto limit = arguments.integer("stall-limit", 1, std::numeric_limits<int>::max())) {
        options.abortSeconds = static_cast<double>(*limit);
        options.warnSeconds = std::min(options.warnSeconds, options.abortSeconds / 2);
    }
    return options;
}

} // namespace

int trainAsRank(const Arguments& arguments, const std::function<int(Collectives&)>& lead)
{
    const char* number = std::getenv("OMPI_COMM_WORLD_RANK");
    const bool isTagged = arguments.has("tag-errors") && number;
    if (isTagged)
        tagErrors(number);
    const std::unique_ptr<Collectives> ranks = joinRanks(collectivesOptions(arguments));
    if (isTagged)
        printError(
            rankNote
            + Cli::tr("rank %1 of %2 on %3, process %4")
                  .arg(QString::number(ranks->rank()), QString::number(ranks->size()), QSysInfo::machineHostName(), QString::number(::getpid())));
    int code = failed;
    try {
        if (const int end = ranks->rank() == 0 ? lead(*ranks) : follow(*ranks, arguments); end == done || end == savedCode)
            return end;
    } catch (const LostRankError& error) {
        printFault(*ranks, translated(error.message()));
        code = lostRankCode;
    } catch (const HeldRunError& error) {
        printFault(*ranks, translated(error.message()));
        code = savedCode;
    } catch (const Error& error) {
        printFault(*ranks, translated(error.message()));
    } catch (const std::exception& error) {
        printFault(*ranks, QString::fromUtf8(error.what()));
    }
    finishTaggedErrors();
    ranks->abandon(code);
    return code;
}

namespace {

/// The place of this rank among those of its host.
int localRank()
{
    for (const char* name : {"OMPI_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"}) {
        if (const char* number = std::getenv(name))
            return std::max(0, std::atoi(number));
    }
    return 0;
}

} // namespace

SessionOptions sessionOfRank(const std::string& device)
{
    SessionOptions session = sessionOn(device);
    if (session.device != DeviceKind::Cuda || !isRank())
        return session;
    const int cards = availableCards();
    const int here = std::max(ranksHere(), localRank() + 1);
    if (device.starts_with("cuda:") && here > 1)
        throw Error(WEFT_TEXT("cli", "%1 ranks cannot share %2: say --device cuda, and each takes a card of its own."), here, device);
    if (device.starts_with("cuda:"))
        return session;
    // Slurm may show each rank its own card alone.
    const bool isGivenOne = cards == 1 && std::getenv("CUDA_VISIBLE_DEVICES");
    if (here > cards && !isGivenOne && device != "cuda")
        return sessionOn("cpu");
    if (here > cards && !isGivenOne)
        throw Error(WEFT_TEXT("cli", "%1 ranks on graphics cards need a card each, but this host has %2. Start fewer ranks, or choose --device cpu."),
                    here, cards);
    session.deviceIndex = isGivenOne ? 0 : localRank();
    return session;
}

int ranksHere()
{
    const char* count = std::getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
    return count ? std::max(1, std::atoi(count)) : 1;
}

int threadsOfRank()
{
    const int sharing = ranksHere();
    // Ranks that were bound to cores, or told how many threads to use, have their own.
    const bool hasAll = usableCores() == ::sysconf(_SC_NPROCESSORS_ONLN);
    return sharing > 1 && hasAll && !std::getenv("OMP_NUM_THREADS") ? std::max(1, usableCores() / sharing) : 0;
}

void shareJob(Collectives& ranks, const Project& project, const TrainingJob& job, const SessionOptions& session)
{
    Project trained = project;
    trained.training = trainingTree(job.settings);
    const std::int64_t batchSize = globalBatchSize(job.settings, &ranks, job.dataset->size(Split::Train));
    const QByteArray text = QJsonDocument(QJsonObject{{QStringLiteral("project"), QString::fromStdString(formatProject(trained))},
                                                      {QStringLiteral("base_dir"), QString::fromStdString(job.baseDir)},
                                                      {QStringLiteral("fingerprint"), QString::fromStdString(job.dataset->fingerprint())},
                                                      {QStringLiteral("batch_size"), static_cast<qint64>(batchSize)},
                                                      {QStringLiteral("precision"), QString::fromLatin1(nameOf(session.precision))}})
                                .toJson(QJsonDocument::Compact);
    std::vector<std::byte> bytes(static_cast<std::size_t>(text.size()));
    std::memcpy(bytes.data(), text.constData(), bytes.size());
    ranks.broadcast(bytes);
}

} // namespace weft::cli
