#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/device/device.h"

namespace weft::cli {

namespace {

QJsonObject toJson(const DeviceInfo& info)
{
    QJsonObject object{{QStringLiteral("id"), QString::fromStdString(info.id)},
                       {QStringLiteral("name"), QString::fromStdString(info.name)},
                       {QStringLiteral("available"), info.isAvailable}};
    if (!info.isAvailable) {
        object[QStringLiteral("reason")] = translated(info.unavailable);
        return object;
    }
    object[QStringLiteral("memory_bytes")] = static_cast<qint64>(info.memoryBytes);
    if (!info.driver.empty())
        object[QStringLiteral("driver")] = QString::fromStdString(info.driver);
    if (info.threads > 0)
        object[QStringLiteral("threads")] = info.threads;
    return object;
}

QString line(const DeviceInfo& info)
{
    const QString id = QString::fromStdString(info.id).leftJustified(8);
    if (!info.isAvailable)
        return id + translated(info.unavailable);
    const double gigabytes = static_cast<double>(info.memoryBytes) / (1 << 30);
    const QString memory = Cli::tr("%1 GiB of memory").arg(gigabytes, 0, 'f', 1);
    const QString cores = info.threads > 0 ? QStringLiteral(", ") + Cli::tr("%n core(s)", nullptr, info.threads) : QString();
    const QString driver = info.driver.empty() ? QString() : QStringLiteral(", ") + Cli::tr("driver %1").arg(QString::fromStdString(info.driver));
    return id + QString::fromStdString(info.name) + cores + QStringLiteral(", ") + memory + driver;
}

int runDevices(const Arguments& arguments)
{
    const std::vector<DeviceInfo> devices = listDevices();
    if (arguments.has("json")) {
        QJsonArray list;
        for (const DeviceInfo& info : devices)
            list.append(toJson(info));
        printJson(QJsonDocument(list));
        return done;
    }
    for (const DeviceInfo& info : devices)
        print(line(info));
    return done;
}

} // namespace

Command devicesCommand()
{
    return {"devices",
            "",
            0,
            0,
            WEFT_TEXT("cli", "Lists the devices of this machine, or why there is none."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON list: id, name, available, memory_bytes, driver, threads, reason.")}},
            runDevices};
}

} // namespace weft::cli
