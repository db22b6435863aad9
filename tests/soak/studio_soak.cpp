// Uses the Studio at random for a while, offscreen, and fails where it crashes, hangs, or keeps growing.
//   studio_soak [SECONDS [SEED]]     WEFT_SOAK_SECONDS and WEFT_SOAK_SEED without arguments; 8 and 1 without those
// WEFT_SOAK_ACTION=run.scaling has the hands choose this action most often.
// The Studio runs in a process of its own with a private home, so that a crash leaves a witness: the seed and the last events.
#include <algorithm>
#include <cstdio>
#include <numeric>

#include <malloc.h>
#include <unistd.h>

#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/training/run_folder.h"
#include "random_hands.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/theme/theme.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr int eventsPerWindow = 1500;
constexpr int silenceLimitMs = 60000; ///< without an event, or beyond its time, the Studio hangs
constexpr int shownEvents = 40;

#ifdef __SANITIZE_ADDRESS__
constexpr bool watchesMemory = false; // freed memory is kept aside; leaks are told at the end
#else
constexpr bool watchesMemory = true;
#endif

double residentMegabytes()
{
    ::malloc_trim(0);
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

void writeText(const QString& path, const QByteArray& text)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
}

/// What can be opened, dropped and chosen: good, newer, damaged, and not Weft's at all.
QStringList makeFiles(const QString& home)
{
    const auto at = [&](const char* name) { return home + QLatin1Char('/') + QLatin1String(name); };
    for (const char* name : {"lenet", "mlp", "resnet18"})
        writeProject(projectFromTemplate(name), (at(name) + ".weft").toStdString());
    QByteArray newer = QByteArray::fromStdString(formatProject(projectFromTemplate("mlp")));
    writeText(at("newer.weft"), newer.replace("\"weft\": 1", "\"weft\": 99"));
    writeText(at("broken.weft"), newer.left(newer.size() / 2));
    writeText(at("nonsense.bin"), QByteArray(3000, '\xfe'));
    QByteArray table = "x,y,label\n";
    for (int i = 0; i < 300; ++i)
        table += QByteArray::number(i % 17) + ',' + QByteArray::number(i % 5) + (i % 2 ? ",odd\n" : ",even\n");
    writeText(at("table.csv"), table);
    for (const char* label : {"dark", "light"}) {
        QDir().mkpath(at("pictures/") + QLatin1String(label));
        for (int i = 0; i < 6; ++i) {
            QImage picture(24, 24, QImage::Format_Grayscale8);
            picture.fill(label[0] == 'd' ? 40 + i : 200 + i);
            picture.save(QStringLiteral("%1/%2/%3.png").arg(at("pictures")).arg(QLatin1String(label)).arg(i));
        }
    }
    return {at("lenet.weft"), at("mlp.weft"),  at("resnet18.weft"), at("newer.weft"),          at("broken.weft"),
            at("table.csv"),  at("pictures"), at("nonsense.bin"),  at("pictures/dark/0.png"), at("missing.weft")};
}

/// Ends every training that a Train button began: they are real, but nobody waits for them.
bool stopTrainings()
{
    bool isAnyAlive = false;
    QDirIterator folders(QString::fromStdString(defaultRunsRoot()), {QStringLiteral("run.lock")}, QDir::Files, QDirIterator::Subdirectories);
    while (folders.hasNext()) {
        const RunPaths run{QFileInfo(folders.next()).absolutePath().toStdString()};
        if (!RunLock::isHeld(run.lock()))
            continue;
        isAnyAlive = true;
        try {
            sendControl(run, QStringLiteral("stop"));
        } catch (const Error&) {
            // it has not written its folder yet: the next look finds it
        }
    }
    return isAnyAlive;
}

/// The last border for errors, as in the Studio itself.
class Application : public QApplication {
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override
    {
        try {
            return QApplication::notify(receiver, event);
        } catch (const Error&) {
            return true;
        }
    }
};

/// Takes links that would open a browser.
class NoBrowser : public QObject {
    Q_OBJECT

public:
    NoBrowser()
    {
        for (const char* scheme : {"http", "https", "file", "mailto"})
            QDesktopServices::setUrlHandler(QLatin1String(scheme), this, "take");
    }
    ~NoBrowser() override
    {
        for (const char* scheme : {"http", "https", "file", "mailto"})
            QDesktopServices::unsetUrlHandler(QLatin1String(scheme));
    }

public Q_SLOTS:
    void take(const QUrl&) {}
};

/// Warnings are worth seeing, but not those of a platform without a screen.
void tell(QtMsgType, const QMessageLogContext&, const QString& text)
{
    if (!text.startsWith(QLatin1String("This plugin does not support")) && !text.contains(QLatin1String("outside target window")))
        std::fprintf(stderr, "%s\n", qPrintable(text));
}

struct Outcome {
    int windows = 0;
    std::vector<double> megabytes; ///< after each window
    double longest = 0;
    QString longestName;
};

/// One window after the other until the time is over.
Outcome useWindows(double seconds, unsigned seed, const QString& home, QFile& log)
{
    std::mt19937 random(seed);
    const QStringList files = makeFiles(home);
    QElapsedTimer clock;
    clock.start();
    const auto isOver = [&] { return static_cast<double>(clock.elapsed()) > seconds * 1000; };
    Outcome outcome;
    while (!isOver()) {
        {
            MainWindow window;
            RandomHands hands(window, random, log, home, files);
            hands.play(eventsPerWindow, isOver, [&] {
                window.openAtStart();
                window.resize(1280, 800);
                window.show();
            });
            const Project& project = window.document().project();
            if (project.format <= projectFormat && !(parseProject(formatProject(project), "copy") == project))
                throw Error(WEFT_TEXT("Studio", "The project does not come back from its own text."));
            window.document().discardChanges();
            if (hands.longestStep() > outcome.longest) {
                outcome.longest = hands.longestStep();
                outcome.longestName = hands.longestName();
            }
            ++outcome.windows;
        }
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::processEvents();
        outcome.megabytes.push_back(residentMegabytes());
        std::printf("window %d: %.1f MB\n", outcome.windows, outcome.megabytes.back());
        std::fflush(stdout);
    }
    return outcome;
}

/// What Qt loads once, fonts and pictures of each language and theme, before memory is looked at.
void warmUp()
{
    for (const Theme::Choice theme : {Theme::Choice::Dark, Theme::Choice::Light}) {
        for (const char* language : {"zh_CN", "en"}) {
            Theme::instance().choose(theme);
            MainWindow::chooseLanguage(QLatin1String(language));
            MainWindow window;
            window.openAtStart();
            window.resize(1280, 800);
            window.show();
            QCoreApplication::processEvents();
            window.document().discardChanges();
        }
    }
}

/// What each window of the second half left behind, without the two that left most: something may be needed late for the first time.
bool hasGrown(const std::vector<double>& megabytes)
{
    if (!watchesMemory || megabytes.size() < 12)
        return false;
    std::vector<double> left;
    for (std::size_t i = megabytes.size() / 2; i < megabytes.size(); ++i)
        left.push_back(megabytes[i] - megabytes[i - 1]);
    std::sort(left.begin(), left.end());
    const double mean = std::accumulate(left.begin(), left.end() - 2, 0.0) / static_cast<double>(left.size() - 2);
    std::printf("memory: %.1f MB after the first window, %.1f MB at the end, %.2f MB more with each late window\n", megabytes.front(), megabytes.back(), mean);
    return mean > 0.5;
}

/// The Studio's side.
int drive(int argc, char** argv)
{
    const double seconds = std::atof(argv[2]);
    const QString home = QString::fromLocal8Bit(argv[4]);
    QCoreApplication::setOrganizationName(QStringLiteral("weft"));
    QCoreApplication::setApplicationName(QStringLiteral("studio-soak"));
    Application app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    const NoBrowser noBrowser;
    qInstallMessageHandler(tell);
    Theme::instance().install(Theme::Choice::Light);
    QTimer stopper;
    QObject::connect(&stopper, &QTimer::timeout, &stopTrainings);
    stopper.start(1500);
    QFile log(home + QStringLiteral("/events.log"));
    if (!log.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return 2;
    warmUp();
    const Outcome outcome = useWindows(seconds, static_cast<unsigned>(std::atoi(argv[3])), home, log);
    std::printf("longest step of the GUI thread: %.0f ms (%s)\n", outcome.longest, qPrintable(outcome.longestName));
    return hasGrown(outcome.megabytes) ? 3 : 0;
}

QList<QByteArray> eventsIn(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n') : QList<QByteArray>();
}

/// A screen of 1920 x 1080, a home, an empty PATH (no ssh, no browser) and folders of its own: the user's are never touched.
QProcessEnvironment privateEnvironment(const QString& home)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), home);
    environment.insert(QStringLiteral("PATH"), home + QStringLiteral("/bin"));
    writeText(home + QStringLiteral("/screens.json"),
              R"({"screens": [{"name": "one", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})");
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen:configfile=") + home + QStringLiteral("/screens.json"));
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), home);
    for (const char* name : {"DATA", "STATE", "CONFIG", "CACHE"})
        environment.insert(QStringLiteral("XDG_%1_HOME").arg(QLatin1String(name)), home + QLatin1Char('/') + QString::fromLatin1(name).toLower());
    return environment;
}

/// The witness' side: 0 where the Studio lived, else what it did last.
int watch(const QString& program, const QString& seconds, const QString& seed)
{
    QTemporaryDir folder;
    const QString events = folder.filePath(QStringLiteral("events.log"));
    qputenv("XDG_DATA_HOME", folder.filePath(QStringLiteral("data")).toLocal8Bit()); // where stopTrainings looks
    QProcess studio;
    studio.setProcessChannelMode(QProcess::ForwardedChannels);
    studio.setProcessEnvironment(privateEnvironment(folder.path()));
    studio.setWorkingDirectory(folder.path());
    std::printf("%s seconds of random events, seed %s\n", qPrintable(seconds), qPrintable(seed));
    std::fflush(stdout);
    studio.start(program, {QStringLiteral("--drive"), seconds, seed, folder.path()});
    qint64 size = -1;
    bool isHanging = false;
    QElapsedTimer silence, all;
    silence.start();
    all.start();
    while (!studio.waitForFinished(500) && studio.state() != QProcess::NotRunning) {
        if (const qint64 now = QFileInfo(events).size(); now != size) {
            size = now;
            silence.start();
        }
        const bool isEndless = static_cast<double>(all.elapsed()) > seconds.toDouble() * 1000 + silenceLimitMs; // what it does, it does for ever
        isHanging = isEndless || silence.elapsed() > silenceLimitMs;
        if (isHanging) {
            studio.kill();
            studio.waitForFinished();
            break;
        }
    }
    for (int i = 0; i < 100 && stopTrainings(); ++i)
        QThread::msleep(200);
    const QList<QByteArray> happened = eventsIn(events);
    std::printf("%d events\n", static_cast<int>(happened.size()));
    if (!isHanging && studio.exitStatus() == QProcess::NormalExit && studio.exitCode() == 0)
        return 0;
    const char* what = isHanging                              ? "hung"
        : studio.exitStatus() != QProcess::NormalExit         ? "crashed"
        : studio.exitCode() == 3                              ? "kept growing"
                                                              : "failed";
    std::printf("The Studio %s (exit code %d). Seed %s, last events:\n%s\n", what, studio.exitCode(), qPrintable(seed),
                happened.mid(std::max<qsizetype>(0, happened.size() - shownEvents)).join('\n').constData());
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 5 && qstrcmp(argv[1], "--drive") == 0)
        return drive(argc, argv);
    QCoreApplication app(argc, argv);
    const auto option = [&](int at, const char* name, const char* otherwise) {
        return argc > at ? QString::fromLocal8Bit(argv[at]) : qEnvironmentVariable(name, QLatin1String(otherwise));
    };
    return watch(QCoreApplication::applicationFilePath(), option(1, "WEFT_SOAK_SECONDS", "8"), option(2, "WEFT_SOAK_SEED", "1"));
}

#include "studio_soak.moc"
