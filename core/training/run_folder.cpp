#include "core/training/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QSysInfo>

#include "core/base/error.h"

namespace weft {

namespace fs = std::filesystem;

std::string RunPaths::checkpoint(std::int64_t step) const
{
    return checkpoints() + "/" + std::to_string(step) + ".safetensors";
}

std::string defaultRunsRoot()
{
    return (QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/weft/runs")).toStdString();
}

std::string newRunDir(const std::string& projectId)
{
    const fs::path parent = fs::path(defaultRunsRoot()) / projectId;
    const std::string time = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'")).toStdString();
    std::error_code fault;
    fs::create_directories(parent, fault);
    for (int attempt = 0; attempt < 100 && !fault; ++attempt) {
        const QString suffix = QStringLiteral("%1").arg(QRandomGenerator::system()->bounded(0x10000), 4, 16, QLatin1Char('0'));
        const fs::path dir = parent / (time + "-" + suffix.toStdString());
        if (fs::create_directory(dir, fault))
            return dir.string();
    }
    throw Error(WEFT_TEXT("RunFolder", "No run folder could be made in %1: %2."), parent.string(), fault.message());
}

std::vector<std::int64_t> checkpointSteps(const RunPaths& run)
{
    std::vector<std::int64_t> steps;
    std::error_code fault;
    for (const fs::directory_entry& entry : fs::directory_iterator(run.checkpoints(), fault)) {
        const std::string stem = entry.path().stem().string();
        std::int64_t step = 0;
        const auto [end, code] = std::from_chars(stem.data(), stem.data() + stem.size(), step);
        if (entry.path().extension() == ".safetensors" && code == std::errc() && end == stem.data() + stem.size())
            steps.push_back(step);
    }
    std::sort(steps.begin(), steps.end());
    return steps;
}

std::string newestCheckpoint(const RunPaths& run)
{
    QFile file(QString::fromStdString(run.last()));
    const std::string name = file.open(QIODevice::ReadOnly) ? fs::path(file.readAll().trimmed().toStdString()).filename().string() : std::string();
    std::error_code fault;
    if (!name.empty() && fs::is_regular_file(run.checkpoints() + "/" + name, fault))
        return run.checkpoints() + "/" + name;
    const std::vector<std::int64_t> steps = checkpointSteps(run);
    return steps.empty() ? std::string() : run.checkpoint(steps.back());
}

std::string resolveCheckpoint(const RunPaths& run, const std::string& which)
{
    if (which == "best" || which == "last") {
        QFile file(QString::fromStdString(which == "best" ? run.best() : run.last()));
        if (!file.open(QIODevice::ReadOnly))
            throw Error(WEFT_TEXT("RunFolder", "%1 has no checkpoint yet. One is written after each epoch and when the run stops."), run.dir);
        const std::string name = file.readAll().trimmed().toStdString();
        // The file names something inside the folder; anything else was put there by someone.
        const std::string path = run.checkpoints() + "/" + fs::path(name).filename().string();
        if (name.empty() || !fs::exists(path))
            throw Error(WEFT_TEXT("RunFolder", "The checkpoint \"%1\" of %2 is missing. Name another with --checkpoint STEP."), name, run.dir);
        return path;
    }
    std::int64_t step = 0;
    const auto [end, code] = std::from_chars(which.data(), which.data() + which.size(), step);
    const std::vector<std::int64_t> steps = checkpointSteps(run);
    if (code == std::errc() && end == which.data() + which.size() && std::binary_search(steps.begin(), steps.end(), step))
        return run.checkpoint(step);
    std::string known;
    for (const std::int64_t s : steps)
        known += (known.empty() ? "" : ", ") + std::to_string(s);
    throw Error(WEFT_TEXT("RunFolder", "%1 has no checkpoint \"%2\". There are: best, last, %3."), run.dir, which, known.empty() ? "-" : known);
}

QJsonObject readJsonObject(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("RunFolder", "%1 could not be opened: %2."), path, file.errorString().toStdString());
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (fault.error != QJsonParseError::NoError)
        throw Error(WEFT_TEXT("RunFolder", "%1 is damaged: %2. Restore it from a copy."), path, fault.errorString().toStdString());
    if (!document.isObject())
        throw Error(WEFT_TEXT("RunFolder", "%1 is damaged: it holds no JSON object. Restore it from a copy."), path);
    return document.object();
}

namespace {

std::string holderOf(int file)
{
    char text[256] = {};
    const ssize_t count = ::pread(file, text, sizeof text - 1, 0);
    const QJsonObject holder = QJsonDocument::fromJson(QByteArray(text, std::max<qsizetype>(count, 0))).object();
    return substitute("%1, process %2",
                      {holder.value(QStringLiteral("host")).toString(QStringLiteral("?")).toStdString(),
                       std::to_string(holder.value(QStringLiteral("pid")).toInt())});
}

} // namespace

RunLock::RunLock(const std::string& path)
{
    m_file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (m_file < 0)
        throw Error(WEFT_TEXT("RunFolder", "%1 could not be opened: %2."), path, std::string(std::strerror(errno)));
    // `isHeld` in another process takes the lock for an instant; a few tries tell it from a holder.
    int result = ::flock(m_file, LOCK_EX | LOCK_NB);
    for (int attempt = 0; attempt < 10 && result != 0 && errno == EWOULDBLOCK; ++attempt) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        result = ::flock(m_file, LOCK_EX | LOCK_NB);
    }
    if (result != 0) {
        const int code = errno;
        const std::string holder = code == EWOULDBLOCK ? holderOf(m_file) : std::strerror(code);
        ::close(m_file);
        m_file = -1;
        throw Error(WEFT_TEXT("RunFolder", "%1 is in use by another process (%2). Stop that run or take another folder."), path, holder);
    }
    const QByteArray text
        = QJsonDocument(QJsonObject{{QStringLiteral("host"), QSysInfo::machineHostName()}, {QStringLiteral("pid"), static_cast<qint64>(::getpid())}})
              .toJson(QJsonDocument::Compact)
        + '\n';
    if (::ftruncate(m_file, 0) != 0 || ::pwrite(m_file, text.constData(), static_cast<std::size_t>(text.size()), 0) != text.size()) {
        const int code = errno;
        ::close(m_file);
        m_file = -1;
        throw Error(WEFT_TEXT("RunFolder", "%1 could not be written: %2."), path, std::string(std::strerror(code)));
    }
}

RunLock::~RunLock()
{
    if (m_file >= 0)
        ::close(m_file);
}

bool RunLock::isHeld(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool isFree = ::flock(file, LOCK_SH | LOCK_NB) == 0;
    ::close(file);
    return !isFree;
}

} // namespace weft
