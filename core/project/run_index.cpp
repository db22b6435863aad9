#include "core/project/run_index.h"

#include <algorithm>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonObject>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

#include "core/base/error.h"
#include "core/training/run_folder.h"
#include "core/training/run_summary.h"

namespace weft {

namespace {

[[noreturn]] void refuse(const QString& path, const QSqlError& fault)
{
    throw Error(WEFT_TEXT("RunIndex", "The run index %1 cannot be used: %2. It may be deleted; it is made again from the run folders."),
                path.toStdString(), fault.text().toStdString());
}

/// Changes when the run goes on: size and time of its events, and whether its process lives.
std::int64_t changeMark(const std::string& dir)
{
    const RunPaths run{dir};
    const QFileInfo events(QString::fromStdString(run.events()));
    const std::int64_t isAlive = RunLock::isHeld(run.lock()) ? 1 : 0;
    return (events.lastModified().toMSecsSinceEpoch() * 31 + events.size()) * 2 + isAlive;
}

std::optional<double> better(std::optional<double> best, const QJsonValue& value, bool isLarger)
{
    if (!value.isDouble())
        return best;
    const double number = value.toDouble();
    return !best || (isLarger ? number > *best : number < *best) ? number : *best;
}

RunEntry readEntry(const std::string& dir)
{
    const RunSummary summary = summarizeRun(dir);
    RunEntry entry{
        summary.dir, summary.projectId, summary.projectName, summary.created, summary.state, summary.epoch, summary.epochs, summary.seconds, {}, {}};
    for (const QJsonObject& event : epochEvents({dir})) {
        const QJsonObject validation = event.value(QStringLiteral("validation")).toObject();
        const QJsonObject shown = validation.isEmpty() ? event.value(QStringLiteral("train")).toObject() : validation;
        entry.bestLoss = better(entry.bestLoss, shown.value(QStringLiteral("loss")), false);
        entry.bestAccuracy = better(entry.bestAccuracy, shown.value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy")), true);
    }
    return entry;
}

QVariant orNull(const std::optional<double>& number)
{
    return number ? QVariant(*number) : QVariant();
}

std::string absolute(const std::string& dir)
{
    return QDir::cleanPath(QFileInfo(QString::fromStdString(dir)).absoluteFilePath()).toStdString();
}

/// Folders ROOT/PROJECT/RUN that hold a run.
QStringList runFolders(const std::string& root)
{
    QStringList folders;
    const QDir top(QString::fromStdString(root));
    for (const QString& project : top.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QDir runs(top.filePath(project));
        for (const QString& run : runs.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            if (QFileInfo::exists(runs.filePath(run) + QStringLiteral("/run.json")))
                folders << QDir::cleanPath(QFileInfo(runs.filePath(run)).absoluteFilePath());
        }
    }
    return folders;
}

} // namespace

std::string RunIndex::defaultPath()
{
    return absolute(defaultRunsRoot() + "/../runs.sqlite");
}

RunIndex::RunIndex(const std::string& path) : m_connection(QUuid::createUuid().toString())
{
    open(path);
}

RunIndex::~RunIndex()
{
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connection);
}

void RunIndex::open(const std::string& path)
{
    const QString file = QString::fromStdString(path);
    QDir().mkpath(QFileInfo(file).absolutePath());
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(file);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    if (!m_database.open())
        refuse(file, m_database.lastError());
    // The version tells a damaged or older file from one of ours; both are made anew.
    QSqlQuery query(m_database);
    const bool isReadable = query.exec(QStringLiteral("PRAGMA user_version")) && query.next();
    const int version = isReadable ? query.value(0).toInt() : -1;
    query.finish();
    if (version == 1)
        return;
    if (version < 0) {
        m_database.close();
        QFile::remove(file);
        if (!m_database.open())
            refuse(file, m_database.lastError());
    }
    makeTable();
}

void RunIndex::makeTable()
{
    for (const char* statement :
         {"DROP TABLE IF EXISTS runs",
          "CREATE TABLE runs (dir TEXT PRIMARY KEY, project_id TEXT, project_name TEXT, created TEXT, state TEXT, epoch INTEGER, "
          "epochs INTEGER, seconds REAL, best_accuracy REAL, best_loss REAL, changed INTEGER)",
          "CREATE INDEX by_project ON runs (project_id, created)", "PRAGMA user_version = 1"}) {
        QSqlQuery query(m_database);
        if (!query.exec(QString::fromLatin1(statement)))
            refuse(m_database.databaseName(), query.lastError());
    }
}

void RunIndex::store(const RunEntry& entry, std::int64_t changed)
{
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (const std::string* text : {&entry.dir, &entry.projectId, &entry.projectName, &entry.created, &entry.state})
        query.addBindValue(QString::fromStdString(*text));
    query.addBindValue(static_cast<qint64>(entry.epoch));
    query.addBindValue(static_cast<qint64>(entry.epochs));
    query.addBindValue(entry.seconds);
    query.addBindValue(orNull(entry.bestAccuracy));
    query.addBindValue(orNull(entry.bestLoss));
    query.addBindValue(static_cast<qint64>(changed));
    if (!query.exec())
        refuse(m_database.databaseName(), query.lastError());
}

void RunIndex::remember(const std::string& dir)
{
    const std::int64_t changed = changeMark(dir);
    RunEntry entry = readEntry(dir);
    entry.dir = absolute(dir);
    store(entry, changed);
}

void RunIndex::forget(const std::string& dir)
{
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("DELETE FROM runs WHERE dir = ?"));
    query.addBindValue(QString::fromStdString(absolute(dir)));
    if (!query.exec())
        refuse(m_database.databaseName(), query.lastError());
}

void RunIndex::refresh(const std::string& root)
{
    QHash<QString, qint64> known;
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("SELECT dir, changed FROM runs")))
        refuse(m_database.databaseName(), query.lastError());
    while (query.next())
        known.insert(query.value(0).toString(), query.value(1).toLongLong());
    query.finish();

    QStringList folders = runFolders(root);
    for (auto it = known.cbegin(); it != known.cend(); ++it) {
        if (QFileInfo::exists(it.key() + QStringLiteral("/run.json")))
            folders << it.key();
        else
            forget(it.key().toStdString());
    }
    folders.removeDuplicates();
    m_database.transaction();
    for (const QString& folder : folders) {
        const std::string dir = folder.toStdString();
        if (const auto it = known.constFind(folder); it != known.cend() && it.value() == changeMark(dir))
            continue;
        try {
            remember(dir);
        } catch (const Error&) {
            continue; // damaged, or no run after all
        }
    }
    m_database.commit();
}

std::vector<RunEntry> RunIndex::runs(const std::string& projectId) const
{
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("SELECT dir, project_id, project_name, created, state, epoch, epochs, seconds, best_accuracy, best_loss FROM runs "
                                 "WHERE ? = '' OR project_id = ? ORDER BY created DESC, dir DESC"));
    query.addBindValue(QString::fromStdString(projectId));
    query.addBindValue(QString::fromStdString(projectId));
    if (!query.exec())
        refuse(m_database.databaseName(), query.lastError());
    std::vector<RunEntry> entries;
    const auto number = [&](int column) { return query.value(column).isNull() ? std::optional<double>() : query.value(column).toDouble(); };
    const auto text = [&](int column) { return query.value(column).toString().toStdString(); };
    while (query.next())
        entries.push_back({text(0), text(1), text(2), text(3), text(4), query.value(5).toLongLong(), query.value(6).toLongLong(),
                           query.value(7).toDouble(), number(8), number(9)});
    return entries;
}

} // namespace weft
