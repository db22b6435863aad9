#pragma once

#include <memory>

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QString>
#include <QTemporaryDir>

#include "core/project/project.h"
#include "core/training/run_folder.h"

namespace weft::test {

/// A run folder as a training process writes it, kept alive by holding its lock.
class LiveRun {
public:
    explicit LiveRun(const QString& dir = {}) : m_dir(dir.isEmpty() ? m_temporary.path() + QStringLiteral("/run") : dir)
    {
        QDir().mkpath(m_dir);
        QFile(QString::fromStdString(paths().control())).open(QFile::WriteOnly);
        m_lock = std::make_unique<RunLock>(paths().lock());
        m_writer = std::make_unique<EventWriter>(paths().events());
    }

    QString dir() const { return m_dir; }
    RunPaths paths() const { return RunPaths{m_dir.toStdString()}; }
    void write(const QString& event, const QJsonObject& fields = {}) { m_writer->write(event, fields); }
    void start(int epochs = 4, int stepsPerEpoch = 100, int batchSize = 64)
    {
        write(QStringLiteral("started"),
              {{QStringLiteral("epochs"), epochs}, {QStringLiteral("steps_per_epoch"), stepsPerEpoch}, {QStringLiteral("batch_size"), batchSize}});
    }
    void batch(int step, double loss, double accuracy = 0.5, double speed = 6400)
    {
        write(QStringLiteral("batch"),
              {{QStringLiteral("epoch"), 1},
               {QStringLiteral("step"), step},
               {QStringLiteral("loss"), loss},
               {QStringLiteral("metrics"), QJsonObject{{QStringLiteral("accuracy"), accuracy}}},
               {QStringLiteral("samples_per_second"), speed}});
    }
    void die() { m_lock.reset(); }
    /// The commands that were sent, in order.
    QStringList commands() const
    {
        QStringList all;
        for (const QJsonObject& line : LineReader(paths().control()).poll())
            all << line.value(QStringLiteral("command")).toString();
        return all;
    }

private:
    QTemporaryDir m_temporary;
    QString m_dir;
    std::unique_ptr<RunLock> m_lock;
    std::unique_ptr<EventWriter> m_writer;
};

inline QJsonObject batchEvent(qint64 step, double loss, double accuracy)
{
    return {{QStringLiteral("event"), QStringLiteral("batch")},
            {QStringLiteral("step"), step},
            {QStringLiteral("loss"), loss},
            {QStringLiteral("metrics"), QJsonObject{{QStringLiteral("accuracy"), accuracy}}}};
}

inline QJsonObject epochEvent(qint64 epoch, qint64 step, double loss, double accuracy)
{
    const QJsonObject values{{QStringLiteral("loss"), loss}, {QStringLiteral("metrics"), QJsonObject{{QStringLiteral("accuracy"), accuracy}}}};
    return {{QStringLiteral("event"), QStringLiteral("epoch")},
            {QStringLiteral("epoch"), epoch},
            {QStringLiteral("step"), step},
            {QStringLiteral("train"), values},
            {QStringLiteral("validation"), values}};
}

/// A table of three classes that a small network learns at once: x and y decide.
inline void writeTable(const QString& path, int rows = 600)
{
    QFile file(path);
    file.open(QFile::WriteOnly);
    file.write("x,y,z,kind\n");
    for (int i = 0; i < rows; ++i) {
        const int kind = i % 3;
        const double wobble = (i * 37 % 100) / 200.0;
        file.write(QStringLiteral("%1,%2,%3,%4\n")
                       .arg(kind + wobble)
                       .arg(2.0 * kind - wobble)
                       .arg(wobble)
                       .arg(QStringList{QStringLiteral("red"), QStringLiteral("green"), QStringLiteral("blue")}[kind])
                       .toUtf8());
    }
}

/// Input → Dense → loss on `table`, for three columns of numbers and three classes.
inline Project tableProject(const QString& table)
{
    Project project;
    project.id = newProjectId();
    project.data = Tree::Map{{"source", "csv"}, {"path", table.toStdString()}};
    const Tree shape = Tree::List{Tree(3)};
    project.network.nodes = {
        {"input1", "table", "Input", Tree::Map{{"kind", "numbers"}, {"column", "features"}, {"shape", shape}}, {}},
        {"dense1", "dense", "Dense", Tree::Map{{"units", 3}}, {}},
        {"loss1", "loss", "CrossEntropy", Tree::Map{}, {}},
    };
    project.network.wires = {{{"input1", "y"}, {"dense1", "x"}}, {{"dense1", "y"}, {"loss1", "prediction"}}};
    project.training = Tree::Map{{"epochs", 2}, {"batchSize", 32}};
    return project;
}

} // namespace weft::test
