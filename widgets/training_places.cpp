#include "widgets/training_places.h"

#include <algorithm>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/device/cpu_info.h"
#include "core/launch/mpi_job.h"
#include "widgets/text.h"

namespace weft {
namespace {

struct TargetButton {
    Q_DECLARE_TR_FUNCTIONS(weft::TargetButton)
};

bool isCpu(const QJsonObject& device)
{
    return device.value(QStringLiteral("id")) == QLatin1String("cpu");
}

/// "This CPU (2 cores)", "Tesla T4"; "Tesla T4 (cuda:1)" where it is one of several, which may be alike.
QString nameOf(const QJsonObject& device, bool isOneOfSeveral)
{
    const int threads = device.value(QStringLiteral("threads")).toInt();
    const QString name = device.value(QStringLiteral("name")).toString(), id = device.value(QStringLiteral("id")).toString();
    if (isCpu(device))
        return threads > 0 ? TargetButton::tr("This CPU (%n core(s))", nullptr, threads) : name;
    if (name.isEmpty()) // of a card that does not answer
        return id;
    return isOneOfSeveral ? QStringLiteral("%1 (%2)").arg(name, id) : name;
}

/// "80 GB of memory, driver 580.65"
QString detailOf(const QJsonObject& device)
{
    QStringList parts;
    if (const double bytes = device.value(QStringLiteral("memory_bytes")).toDouble(); bytes > 0)
        parts << TargetButton::tr("%1 of memory").arg(formatBytes(bytes));
    if (const QString driver = device.value(QStringLiteral("driver")).toString(); !driver.isEmpty())
        parts << TargetButton::tr("driver %1").arg(driver);
    return parts.join(QStringLiteral(", "));
}

TrainingPlace ranksOn(int ranks)
{
    const QString count = QString::number(ranks);
    return {QStringLiteral("ranks:") + count,
            TargetButton::tr("%n rank(s) on this CPU", nullptr, ranks),
            {},
            {},
            {QStringLiteral("--ranks"), count, QStringLiteral("--device"), QStringLiteral("cpu")},
            QStringLiteral("cpu")};
}

} // namespace

TrainingPlaces devicePlaces(const QByteArray& json)
{
    TrainingPlaces places;
    const QJsonArray devices = QJsonDocument::fromJson(json).array();
    const auto cards = std::ranges::count_if(devices, [](const QJsonValue& device) { return !isCpu(device.toObject()); });
    for (const QJsonValue& value : devices) {
        const QJsonObject device = value.toObject();
        const QString id = device.value(QStringLiteral("id")).toString();
        const bool isAvailable = device.value(QStringLiteral("available")).toBool();
        places.push_back({id,
                          nameOf(device, cards > 1),
                          detailOf(device),
                          isAvailable ? QString() : device.value(QStringLiteral("reason")).toString(),
                          {QStringLiteral("--device"), id},
                          id});
    }
    return places;
}

TrainingPlaces rankPlaces(int cores, const QString& problem)
{
    const QString reason = !problem.isEmpty() ? problem
        : cores < 2                           ? TargetButton::tr("This machine has one core, which the ranks would share.")
                                              : QString();
    if (!reason.isEmpty())
        return {{QStringLiteral("ranks"), TargetButton::tr("Several ranks on this CPU"), {}, reason, {}, {}}};
    TrainingPlaces places;
    for (int ranks = 2; ranks < cores; ranks *= 2)
        places.push_back(ranksOn(ranks));
    places.push_back(ranksOn(cores));
    return places;
}

TrainingPlaces replicaPlaces(int cores)
{
    if (cores < 2)
        return {};
    const QString count = QString::number(cores);
    return {{QStringLiteral("replicas:") + count,
             TargetButton::tr("%n replica(s) in one process", nullptr, cores),
             {},
             {},
             {QStringLiteral("--replicas"), count, QStringLiteral("--device"), QStringLiteral("cpu")},
             QStringLiteral("cpu")}};
}

TrainingPlaces rankPlacesHere()
{
    const std::optional<Message> problem = localRanksProblem();
    return rankPlaces(usableCores(), problem ? translated(*problem) : QString());
}

} // namespace weft
