#include <algorithm>
#include <cstdio>
#include <initializer_list>

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>
#include <QSettings>
#include <QTimer>

#include "core/base/error.h"
#include "core/translation.h"
#include "core/version.h"
#include "widgets/main_window.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"
#include "widgets/training/render.h"

namespace weft {
namespace {

/// The last border for errors: an operation that cannot go on says so, and the Studio lives.
class StudioApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        try {
            return QApplication::notify(receiver, event);
        } catch (const Error& error) {
            const QString text = translated(error.message());
            QTimer::singleShot(0, this, [text] { QMessageBox::warning(activeWindow(), QStringLiteral("Weft"), text); });
            return true;
        }
    }
};

Theme::Choice themeChoice(const QString& name)
{
    if (name == QStringLiteral("light"))
        return Theme::Choice::Light;
    if (name == QStringLiteral("dark"))
        return Theme::Choice::Dark;
    return static_cast<Theme::Choice>(QSettings().value(QStringLiteral("theme"), 0).toInt());
}

QCommandLineOption languageOption()
{
    QCommandLineOption option(QStringList{QStringLiteral("lang"), QStringLiteral("language")});
    option.setValueName(QStringLiteral("LANGUAGE"));
    return option;
}

/// Before the other options are read, because their help is translated too. Kept in the environment, so
/// that the processes which the Studio starts speak the same language.
void chooseLanguage(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.addOption(languageOption());
    parser.parse(arguments);
    // The command line comes before the environment, and both before what was chosen in the Studio.
    if (parser.isSet(languageOption()))
        loadTranslation(parser.value(languageOption()));
    else if (qEnvironmentVariableIsSet("WEFT_LANGUAGE"))
        loadTranslation();
    else
        loadTranslation(QSettings().value(QStringLiteral("language")).toString());
}

int run(StudioApplication& app)
{
    chooseLanguage(app.arguments());
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("studio", "Designs, trains and exports neural networks."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption themeOption(QStringLiteral("theme"), QCoreApplication::translate("studio", "light or dark; like the system by default."),
                                         QStringLiteral("THEME"));
    QCommandLineOption language = languageOption();
    language.setDescription(QCoreApplication::translate("studio", "en or zh_CN; the system's by default."));
    const QCommandLineOption renderOption(QStringLiteral("render"),
                                          QCoreApplication::translate("studio", "Writes the curves and sample predictions of a run as PNG and ends."),
                                          QStringLiteral("RUN"));
    const QCommandLineOption outputOption(QStringLiteral("o"), QCoreApplication::translate("studio", "Folder for --render."), QStringLiteral("DIR"));
    parser.addOptions({themeOption, language, renderOption, outputOption});
    parser.addPositionalArgument(QStringLiteral("PROJECT"), QCoreApplication::translate("studio", "A project file (*.weft)."),
                                 QStringLiteral("[PROJECT]"));
    parser.process(app);

    Theme::instance().install(themeChoice(parser.value(themeOption)));
    QApplication::setWindowIcon(icon(QStringLiteral("weft")));
    if (parser.isSet(renderOption))
        return renderRun(parser.value(renderOption), parser.isSet(outputOption) ? parser.value(outputOption) : QStringLiteral("."));

    MainWindow window;
    const QStringList files = parser.positionalArguments();
    if (files.isEmpty())
        window.openAtStart();
    else if (!window.openFile(files.first()))
        window.openLastOrExample();
    window.show();
    return QApplication::exec();
}

/// Pictures need no display, and a window without one needs a better answer than a core dump. True when
/// the Studio can start.
bool preparePlatform(int argc, char** argv)
{
    if (qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        return true;
    const auto has = [&](std::initializer_list<const char*> options) {
        return std::any_of(argv + 1, argv + argc, [&](const char* argument) {
            return std::any_of(options.begin(), options.end(), [&](const char* option) { return qstrcmp(argument, option) == 0; });
        });
    };
    const bool hasDisplay = !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
    if (has({"--render"}) || (!hasDisplay && has({"--help", "-h", "--version", "-v"}))) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        return true;
    }
    if (!hasDisplay)
        std::fputs("weft-studio: there is no display. Set DISPLAY, or train in the terminal: weft train PROJECT\n", stderr);
    return hasDisplay;
}

} // namespace
} // namespace weft

int main(int argc, char** argv)
{
    QCoreApplication::setOrganizationName(QStringLiteral("weft"));
    QCoreApplication::setApplicationName(QStringLiteral("studio"));
    QCoreApplication::setApplicationVersion(QString::fromLatin1(weft::versionText()));
    QGuiApplication::setDesktopFileName(QStringLiteral("weft-studio"));
    if (!weft::preparePlatform(argc, argv))
        return 1;
    weft::StudioApplication app(argc, argv);
    return weft::run(app);
}
