#include "widgets/training/render.h"

#include <algorithm>
#include <cstdio>

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QFontMetrics>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QPainter>
#include <QSaveFile>

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/training/run_folder.h"
#include "core/training/run_record.h"
#include "widgets/data/sample_source.h"
#include "widgets/predictions/evaluation.h"
#include "widgets/predictions/sample_tile.h"
#include "widgets/runs/run_list.h"
#include "widgets/text.h"
#include "widgets/theme/theme.h"
#include "widgets/training/curve_plot.h"
#include "widgets/training/curves.h"
#include "widgets/training/training_panel.h"
#include "widgets/worker_client.h"

namespace weft {

namespace {

constexpr double pixelRatio = 2;
constexpr QSize plotSize{560, 340};
constexpr int margin = 20;
constexpr int columns = 5;
constexpr int samplesShown = 20; ///< of each group

struct RenderText {
    Q_DECLARE_TR_FUNCTIONS(Render)
};

void write(const QImage& image, const QString& path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !image.save(&file, "PNG") || !file.commit())
        throw Error(WEFT_TEXT("Render", "%1 could not be written: %2."), path.toStdString(), file.errorString().toStdString());
    std::fprintf(stdout, "%s\n", path.toUtf8().constData());
}

QImage newImage(const QSize& size)
{
    QImage image(size * pixelRatio, QImage::Format_RGB32);
    image.setDevicePixelRatio(pixelRatio);
    image.fill(themeColors().panel);
    return image;
}

void renderCurves(const RunPaths& run, const QString& path)
{
    std::vector<QJsonObject> events = EventReader(run.events()).poll();
    Curves curves;
    for (const QJsonObject& event : events) {
        if (event.value(QStringLiteral("event")) == QLatin1String("started"))
            curves.setStepsPerEpoch(runFacts(event, QString::fromStdString(run.dir)).stepsPerEpoch);
        curves.add(event);
    }
    if (curves.size() == 0)
        throw Error(WEFT_TEXT("Render", "The run %1 has no points to draw yet."), run.dir);
    const bool hasMetric = !curves.metric().raw.isEmpty();
    CurvePlot loss(TrainingPanel::tr("Loss"));
    CurvePlot metric(metricTitle(curves.metricName()));
    QImage image = newImage({hasMetric ? 2 * plotSize.width() + 3 * margin : plotSize.width() + 2 * margin, plotSize.height() + 2 * margin});
    QPainter painter(&image);
    int x = margin;
    for (CurvePlot* plot : {&loss, &metric}) {
        if (plot == &metric && !hasMetric)
            break;
        plot->resize(plotSize);
        plot->take(plot == &loss ? curves.loss() : curves.metric(), curves.bestEpoch());
        plot->drawNow();
        plot->render(&painter, QPoint(x, margin));
        x += plotSize.width() + margin;
    }
    painter.end();
    write(image, path);
}

/// Asks the worker and waits. Throws Error with the worker's sentence.
QJsonObject ask(WorkerClient& worker, const QString& method, const QJsonObject& params)
{
    QEventLoop loop;
    QJsonObject answer;
    QString failure;
    worker.request(method, params, &loop, [&](const QJsonObject& result, const QString& error) {
        answer = result;
        failure = error;
        loop.quit();
    });
    loop.exec();
    if (!failure.isEmpty())
        throw Error(Text{"", "%1"}, failure.toStdString());
    return answer;
}

/// Waits until the pictures of all these samples are here.
void fetch(SampleSource& source, const std::vector<qint64>& samples)
{
    QEventLoop loop;
    QString failure;
    const auto areHere = [&] {
        bool all = true;
        for (const qint64 sample : samples)
            all = source.find(sample) && all;
        return all;
    };
    QObject::connect(&source, &SampleSource::arrived, &loop, [&] {
        if (areHere())
            loop.quit();
    });
    QObject::connect(&source, &SampleSource::failed, &loop, [&](const QString& message) {
        failure = message;
        loop.quit();
    });
    if (!areHere())
        loop.exec();
    if (!failure.isEmpty())
        throw Error(Text{"", "%1"}, failure.toStdString());
}

struct Group {
    QString title;
    std::vector<qint64> samples;
};

void paintGroups(const std::vector<Group>& groups, const SplitEvaluation& evaluation, SampleSource& source, const QString& path)
{
    const QSize tile = sampleTileSize();
    constexpr int gap = 8;
    constexpr int heading = 32;
    int height = margin;
    for (const Group& group : groups)
        height += heading + (static_cast<int>(group.samples.size()) + columns - 1) / columns * (tile.height() + gap);
    QImage image = newImage({2 * margin + columns * (tile.width() + gap) - gap, height + margin - gap});
    QPainter painter(&image);
    int top = margin;
    for (const Group& group : groups) {
        QFont bold = Theme::instance().bodyFont();
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(themeColors().text);
        painter.drawText(QRect(margin, top, image.width(), heading - 8), Qt::AlignLeft | Qt::AlignVCenter, group.title);
        top += heading;
        for (std::size_t i = 0; i < group.samples.size(); ++i) {
            const int column = static_cast<int>(i) % columns;
            const int row = static_cast<int>(i) / columns;
            const QPoint place(margin + column * (tile.width() + gap), top + row * (tile.height() + gap));
            paintSampleTile(painter, QRect(place, tile), evaluation, static_cast<std::size_t>(group.samples[i]), source.find(group.samples[i]));
        }
        top += (static_cast<int>(group.samples.size()) + columns - 1) / columns * (tile.height() + gap);
    }
    painter.end();
    write(image, path);
}

void renderPredictions(const RunPaths& run, const QString& path)
{
    resolveCheckpoint(run, "best"); // says so when there is none
    const Project project = readProject(run.project());
    const QJsonObject data = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(project.data))).object();
    const QString baseDir = QString::fromStdString(runBaseDir(run));
    WorkerClient worker;
    const QJsonObject facts = ask(worker, QStringLiteral("dataset.open"), {{QStringLiteral("data"), data}, {QStringLiteral("baseDir"), baseDir}});
    const bool hasTest = facts.value(QStringLiteral("sizes")).toObject().value(QStringLiteral("test")).toInteger() > 0;
    const QString split = hasTest ? QStringLiteral("test") : QStringLiteral("validation");
    const SplitEvaluation evaluation = SplitEvaluation::fromJson(ask(worker, QStringLiteral("model.evaluate"),
                                                                     {{QStringLiteral("run"), QString::fromStdString(run.dir)},
                                                                      {QStringLiteral("checkpoint"), QStringLiteral("best")},
                                                                      {QStringLiteral("split"), split}}));
    if (evaluation.classes() == 0)
        return; // a network that predicts numbers has no pictures to show
    std::vector<Group> groups{{RenderText::tr("Samples it has never seen: %1 of %2 right (accuracy %3)")
                                   .arg(formatCount(qRound64(evaluation.accuracy * static_cast<double>(evaluation.size()))),
                                        formatCount(static_cast<std::int64_t>(evaluation.size())), QLocale().toString(evaluation.accuracy, 'f', 4)),
                               SampleFilter{}.indices(evaluation)},
                              {RenderText::tr("Its surest mistakes"), SampleFilter{true, {}, {}}.indices(evaluation)}};
    std::vector<qint64> wanted;
    for (Group& group : groups) {
        group.samples.resize(std::min<std::size_t>(group.samples.size(), samplesShown));
        wanted.insert(wanted.end(), group.samples.begin(), group.samples.end());
    }
    SampleSource source(&worker);
    source.setData(data, baseDir, split);
    fetch(source, wanted);
    paintGroups(groups, evaluation, source, path);
}

} // namespace

int renderRun(const QString& run, const QString& outDir)
{
    try {
        const RunPaths paths{QDir(run).absolutePath().toStdString()};
        if (!QDir(run).exists())
            throw Error(WEFT_TEXT("Render", "There is no run folder %1."), run.toStdString());
        if (!QDir().mkpath(outDir))
            throw Error(WEFT_TEXT("Render", "The folder %1 cannot be made."), outDir.toStdString());
        renderCurves(paths, QDir(outDir).filePath(QStringLiteral("curves.png")));
        renderPredictions(paths, QDir(outDir).filePath(QStringLiteral("predictions.png")));
        return 0;
    } catch (const Error& error) {
        std::fprintf(stderr, "weft-studio: %s\n", translated(error.message()).toUtf8().constData());
        return 1;
    }
}

} // namespace weft
