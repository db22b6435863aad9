// Includes point down only: this test reads every source file and holds its includes against the
// table of rooms in ARCHITECTURE.md.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

class RoomsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyIncludePointsDown();
    void engineRoomsKnowNoQt();
    void heavyHeadersStayInSources();
};

namespace {

/// What each room may include directly, besides itself.
const QMap<QString, QSet<QString>>& arrows()
{
    static const QSet<QString> engineRooms{"core/base", "core/device", "core/graph", "core/ops", "core/engine", "core/layers", "core/network"};
    static const QSet<QString> core = engineRooms + QSet<QString>{"core", "core/data", "core/training", "core/project", "core/formats", "core/launch"};
    static const QMap<QString, QSet<QString>> table{
        {"core", {}},
        {"core/base", {}},
        {"core/device", {"core/base"}},
        {"core/graph", {"core/base"}},
        {"core/ops", {"core/base", "core/device", "core/graph"}},
        {"core/engine", {"core/base", "core/device", "core/graph", "core/ops"}},
        {"core/layers", {"core/base", "core/graph", "core/ops"}},
        {"core/network", {"core/base", "core/graph", "core/ops", "core/layers"}},
        {"core/data", {"core/base"}},
        {"core/training", engineRooms + QSet<QString>{"core", "core/data"}},
        {"core/project", engineRooms + QSet<QString>{"core", "core/data", "core/training"}},
        {"core/formats", engineRooms + QSet<QString>{"core", "core/data", "core/training", "core/project"}},
        {"core/launch", engineRooms + QSet<QString>{"core", "core/data", "core/training", "core/project"}},
        {"widgets", core},
        {"app/cli", core},
        {"app/studio", core + QSet<QString>{"widgets"}},
    };
    return table;
}

/// "core/ops" for core/ops/conv/conv.h, "widgets" for anything below widgets.
QString roomOf(const QString& path)
{
    const QStringList parts = path.split(QLatin1Char('/'));
    const bool isNested = parts.first() == QLatin1String("core") || parts.first() == QLatin1String("app");
    return isNested && parts.size() > 2 ? parts[0] + QLatin1Char('/') + parts[1] : parts[0];
}

struct Include {
    QString file;
    QString target;
    bool isQuoted;
};

QList<Include> includesBelow(const QStringList& folders, const QStringList& patterns)
{
    const QDir root(qEnvironmentVariable("WEFT_SOURCE_DIR"));
    const QRegularExpression line(QStringLiteral("^\\s*#include\\s*([\"<])([^\">]+)"), QRegularExpression::MultilineOption);
    QList<Include> all;
    for (const QString& folder : folders) {
        QDirIterator files(root.filePath(folder), patterns, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                qFatal("cannot read %s", qPrintable(file.fileName()));
            auto matches = line.globalMatch(QString::fromUtf8(file.readAll()));
            while (matches.hasNext()) {
                const auto match = matches.next();
                all.append({root.relativeFilePath(file.fileName()), match.captured(2), match.captured(1) == QLatin1String("\"")});
            }
        }
    }
    return all;
}

const QStringList sources{"*.h", "*.cpp", "*.cu", "*.in"};

} // namespace

void RoomsTest::everyIncludePointsDown()
{
    const QList<Include> includes = includesBelow({"core", "widgets", "app"}, sources);
    QVERIFY(includes.size() > 100);
    QStringList faults;
    for (const Include& include : includes) {
        const QString from = roomOf(include.file);
        const bool isOurs = include.target.startsWith("core/") || include.target.startsWith("widgets/") || include.target.startsWith("app/");
        if (!isOurs)
            continue;
        const QString to = roomOf(include.target);
        if (!arrows().contains(from))
            faults << include.file + ": the room " + from + " is not in the table";
        else if (from != to && !arrows()[from].contains(to))
            faults << include.file + " includes " + include.target + ", but " + from + " may not use " + to;
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
}

void RoomsTest::engineRoomsKnowNoQt()
{
    const QStringList rooms{"core/base", "core/device", "core/graph", "core/ops", "core/engine", "core/layers", "core/network"};
    const QRegularExpression foreign(QStringLiteral("^(Q[A-Z]|Qt|rapidjson/)"));
    for (const Include& include : includesBelow(rooms, sources))
        QVERIFY2(!foreign.match(include.target).hasMatch(), qPrintable(include.file + " includes " + include.target));
}

void RoomsTest::heavyHeadersStayInSources()
{
    const QRegularExpression heavy(QStringLiteral("^(Eigen/|onnx/|qcustomplot|rapidjson/|dnnl)"));
    for (const Include& include : includesBelow({"core", "widgets", "app"}, {"*.h"}))
        QVERIFY2(!heavy.match(include.target).hasMatch(), qPrintable(include.file + " includes " + include.target));
}

QTEST_GUILESS_MAIN(RoomsTest)
#include "rooms_test.moc"
