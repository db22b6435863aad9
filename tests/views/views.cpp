// Every view of the Studio as a picture: both themes, both languages, both sizes, from the real window with a real run.
// Usage: views OUTPUT-FOLDER [PART-OF-A-VIEW'S-NAME]. Used by scripts/views; it also names texts that are cut off.
#include <cstdio>
#include <functional>

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QProcess>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "core/translation.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/cluster/cluster_panel.h"
#include "widgets/cluster/job_tree.h"
#include "widgets/main_window.h"
#include "widgets/predictions/predictions_panel.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/start/start_page.h"
#include "widgets/target_button.h"
#include "widgets/theme/theme.h"
#include "widgets/tour/tour.h"
#include "widgets/training/forecast_card.h"
#include "widgets/worker_client.h"

namespace weft {
namespace {

struct Look {
    const char* language;
    Theme::Choice theme;
    QSize size;

    QString name() const
    {
        return QStringLiteral("%1-%2-%3").arg(QLatin1String(language), theme == Theme::Choice::Dark ? "dark" : "light").arg(size.width());
    }
};

/// A view: how to get there from the window as it is after the start. `isModal`: `show` returns when its window is closed.
struct View {
    const char* name;
    std::function<void(MainWindow&)> show;
    bool isModal = false;
    int settle = 400; ///< milliseconds until it stands still
};

void wait(int milliseconds)
{
    QTest::qWait(milliseconds);
}

void trigger(MainWindow& window, const char* action)
{
    window.actions()[action]->trigger();
}

/// The tabs with results, in their order.
enum Tab { Training, Predictions, Runs, Cluster, Data, Log, Problems };

void showTab(MainWindow& window, Tab tab)
{
    window.findChild<QTabWidget*>(QStringLiteral("resultTabs"))->setCurrentIndex(tab);
}

void select(MainWindow& window, const std::string& type)
{
    for (const Node& node : window.document().project().network.nodes) {
        if (node.type == type) {
            window.canvas().canvas().clearSelection();
            window.canvas().canvas().node(node.id)->setSelected(true);
            return;
        }
    }
}

/// The job of the run whose ranks are processes of this machine, with one of its pages.
void showJob(MainWindow& window, int page)
{
    showTab(window, Cluster);
    auto* panel = window.findChild<ClusterPanel*>();
    if (!QTest::qWaitFor([&] { return panel->tree().topLevelItemCount() > 0 && panel->tree().topLevelItem(0)->childCount() > 0; }))
        return; // the picture shows what is missing
    panel->tree().setCurrentItem(panel->tree().topLevelItem(0)->child(0));
    panel->findChild<QTabWidget*>()->setCurrentIndex(page);
}

std::vector<View> views(const QString& large)
{
    return {
        {"start", [](MainWindow& w) { w.showStartPage(); }},
        {"training", [](MainWindow& w) { showTab(w, Training); select(w, "Conv2D"); }},
        {"figures", [](MainWindow& w) { trigger(w, "view.figure"); }},
        {"predictions", [](MainWindow& w) { showTab(w, Predictions); trigger(w, "view.growResults"); }, false, 4000},
        {"runs", [](MainWindow& w) { showTab(w, Runs); }},
        {"cluster", [](MainWindow& w) { showJob(w, 0); }, false, 1200},
        {"workers", [](MainWindow& w) { showJob(w, 1); trigger(w, "view.growResults"); }, false, 1200},
        {"data", [](MainWindow& w) { trigger(w, "data.show"); }, false, 2500},
        {"log", [](MainWindow& w) { showTab(w, Log); }},
        {"problems",
         [](MainWindow& w) {
             select(w, "Flatten");
             trigger(w, "edit.heal");
             select(w, "Dense");
             showTab(w, Problems);
         },
         false, 1500},
        {"settings", [](MainWindow& w) { trigger(w, "run.settings"); }},
        {"search", [](MainWindow& w) { trigger(w, "insert.search"); }},
        {"commands", [](MainWindow& w) { trigger(w, "help.commands"); }},
        {"targets", [](MainWindow& w) { w.target().menu()->popup(w.target().mapToGlobal(QPoint(0, w.target().height()))); }, false, 2500},
        {"forecast", [](MainWindow& w) { w.findChild<ForecastCard*>()->findChild<QToolButton*>()->click(); }, false, 5000},
        {"scaling", [](MainWindow& w) { trigger(w, "run.scaling"); }, false, 5000},
        {"wire", [](MainWindow& w) { select(w, "Conv2D"); trigger(w, "view.peek"); }, false, 2500},
        {"target-form", [](MainWindow& w) { trigger(w, "run.targets"); }, true},
        {"layer-help", [](MainWindow& w) { select(w, "Conv2D"); trigger(w, "help.layer"); }, true},
        {"shortcuts", [](MainWindow& w) { trigger(w, "help.keys"); }, true},
        {"export", [](MainWindow& w) { trigger(w, "file.export"); }, true},
        {"tour", [](MainWindow& w) { w.startTour(); }, false, 800},
        {"large", [large](MainWindow& w) { w.openFile(large); trigger(w, "view.fit"); }, false, 6000},
        {"block",
         [](MainWindow& w) {
             select(w, "Conv2D");
             for (const Node& node : w.document().project().network.nodes)
                 w.canvas().canvas().node(node.id)->setSelected(node.id == "conv1" || node.id == "relu1" || node.id == "pool1");
             trigger(w, "edit.group");
             wait(300);
             if (auto* open = w.findChild<QAbstractButton*>(QStringLiteral("openBlock")))
                 open->click();
         },
         false, 1500},
    };
}

/// The window with everything that lies over it.
QPixmap pictureOf(MainWindow& window)
{
    QPixmap picture = window.grab();
    QPainter painter(&picture);
    for (QWidget* other : QApplication::topLevelWidgets()) {
        if (other == &window || !other->isVisible() || other->windowType() == Qt::ToolTip)
            continue;
        const QPoint at = other->mapToGlobal(QPoint()) - window.mapToGlobal(QPoint());
        const QPoint inside(std::clamp(at.x(), 0, std::max(0, window.width() - other->width())),
                            std::clamp(at.y(), 0, std::max(0, window.height() - other->height())));
        painter.drawPixmap(inside, other->grab());
    }
    return picture;
}

/// Texts that do not fit into their widget.
QStringList cutOff(QWidget* root)
{
    QStringList found;
    for (QWidget* widget : root->findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->width() <= 1)
            continue;
        QString text;
        if (auto* label = qobject_cast<QLabel*>(widget); label && !label->wordWrap() && label->pixmap().isNull() && label->minimumWidth() != 1)
            text = label->text();
        if (auto* button = qobject_cast<QAbstractButton*>(widget))
            text = button->text();
        if (!text.isEmpty() && !widget->hasHeightForWidth() && widget->sizeHint().width() > widget->width() + 1 && widget->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored)
            found << QStringLiteral("%1 \"%2\": %3 of %4").arg(widget->objectName(), text).arg(widget->width()).arg(widget->sizeHint().width());
    }
    return found;
}

class Studio {
public:
    Studio(const QString& out, const QString& only) : m_out(out), m_only(only) {}

    bool prepare()
    {
        const QString source = qEnvironmentVariable("WEFT_SOURCE_DIR");
        m_project = QDir::home().filePath(QStringLiteral("lenet.weft"));
        m_large = QDir::home().filePath(QStringLiteral("resnet18.weft"));
        QFile::copy(source + QStringLiteral("/examples/lenet-fashion-mnist.weft"), m_project);
        QFile::setPermissions(m_project, QFile::ReadOwner | QFile::WriteOwner);
        return weft({QStringLiteral("new"), QStringLiteral("resnet18"), QStringLiteral("-o"), m_large})
            && weft({QStringLiteral("train"), m_project, QStringLiteral("--epochs"), QStringLiteral("1"), QStringLiteral("--ranks"), QStringLiteral("3"),
                     QStringLiteral("--set"), QStringLiteral("training.distributed.update=asynchronous")})
            && weft({QStringLiteral("train"), m_project, QStringLiteral("--epochs"), QStringLiteral("2")});
    }

    void show(const Look& look)
    {
        loadTranslation(QLatin1String(look.language));
        Theme::instance().install(look.theme);
        for (const View& view : views(m_large)) {
            if (!QString::fromLatin1(view.name).contains(m_only))
                continue;
            QSettings().clear();
            QDir(qEnvironmentVariable("XDG_STATE_HOME") + QStringLiteral("/weft")).removeRecursively(); // what the last view left unsaved
            MainWindow window;
            window.resize(look.size);
            window.openFile(m_project);
            window.show();
            window.runs().showNewest();
            trigger(window, "view.fit");
            wait(600);
            take(window, view, look);
        }
    }

    /// All looks of a view on one sheet: small ones above, large ones below.
    void makeSheets(const std::vector<Look>& looks) const
    {
        constexpr int width = 800, gap = 8;
        QDir().mkpath(m_out + QStringLiteral("/sheets"));
        for (const View& view : views({})) {
            QImage sheet(4 * (width + gap), 2 * (width * 5 / 8 + gap), QImage::Format_RGB32);
            sheet.fill(Qt::gray);
            QPainter painter(&sheet);
            int column[2] = {0, 0};
            for (const Look& look : looks) {
                const QImage picture(QStringLiteral("%1/%2-%3.png").arg(m_out, QLatin1String(view.name), look.name()));
                const int row = look.size.width() > 1280 ? 1 : 0;
                if (!picture.isNull())
                    painter.drawImage(column[row]++ * (width + gap), row * (width * 5 / 8 + gap), picture.scaledToWidth(width, Qt::SmoothTransformation));
            }
            if (column[0] + column[1] > 0)
                sheet.save(QStringLiteral("%1/sheets/%2.webp").arg(m_out, QLatin1String(view.name)), nullptr, 80);
        }
    }

    int cuts() const { return m_cuts; }

private:
    static bool weft(const QStringList& arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
        return process.waitForFinished(600000) && process.exitCode() == 0;
    }

    void take(MainWindow& window, const View& view, const Look& look)
    {
        const auto save = [&] {
            const QString name = QStringLiteral("%1-%2").arg(QLatin1String(view.name), look.name());
            pictureOf(window).save(QStringLiteral("%1/%2.png").arg(m_out, name));
            QWidget* front = QApplication::activeModalWidget() ? QApplication::activeModalWidget() : &window;
            for (const QString& cut : cutOff(front)) {
                std::printf("%s: cut off: %s\n", qPrintable(name), qPrintable(cut));
                ++m_cuts;
            }
        };
        if (view.isModal) {
            QTimer::singleShot(view.settle, &window, [&] {
                save();
                if (QWidget* modal = QApplication::activeModalWidget())
                    modal->close();
            });
            view.show(window);
            wait(view.settle + 200);
            for (QWidget* other : QApplication::topLevelWidgets())
                if (other != &window)
                    other->close();
            return;
        }
        view.show(window);
        wait(view.settle);
        save();
        for (QWidget* other : QApplication::topLevelWidgets())
            if (other != &window)
                other->close();
    }

    QString m_out, m_only, m_project, m_large;
    int m_cuts = 0;
};

} // namespace
} // namespace weft

int main(int argc, char** argv)
{
    using namespace weft;
    QCoreApplication::setOrganizationName(QStringLiteral("weft"));
    QCoreApplication::setApplicationName(QStringLiteral("views"));
    QApplication app(argc, argv);
    if (argc < 2) {
        std::fputs("views OUTPUT-FOLDER [PART-OF-A-NAME]\n", stderr);
        return 2;
    }
    QDir().mkpath(QString::fromLocal8Bit(argv[1]));
    Studio studio(QString::fromLocal8Bit(argv[1]), argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString());
    if (!studio.prepare())
        return 1;
    std::vector<Look> looks;
    for (const char* language : {"en", "zh_CN"}) {
        for (const Theme::Choice theme : {Theme::Choice::Light, Theme::Choice::Dark}) {
            for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)})
                looks.push_back({language, theme, size});
        }
    }
    for (const Look& look : looks)
        studio.show(look);
    studio.makeSheets(looks);
    std::printf("%d texts are cut off\n", studio.cuts());
    return 0;
}
