#include <algorithm>
#include <cstdio>
#include <initializer_list>

#include <QApplication>
#include <QCommandLineParser>
#include <QLibraryInfo>
#include <QLocale>
#include <QMessageBox>
#include <QSettings>
#include <QTimer>
#include <QTranslator>

#include "core/base/error.h"
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

void loadTranslation(QCoreApplication& app, const QString& language)
{
    QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    if (locale.language() == QLocale::C)
        locale = QLocale(QLocale::English, QLocale::UnitedStates);
    QLocale::setDefault(locale);
    auto* own = new QTranslator(&app);
    if (own->load(locale, QStringLiteral("weft"), QStringLiteral("_"), QStringLiteral(":/translations")))
        QCoreApplication::installTranslator(own);
    auto* qt = new QTranslator(&app);
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
}

Theme::Choice themeChoice(const QString& name)
{
    if (name == QStringLiteral("light"))
        return Theme::Choice::Light;
    if (name == QStringLiteral("dark"))
        return Theme::Choice::Dark;
    return static_cast<Theme::Choice>(QSettings().value(QStringLiteral("theme"), 0).toInt());
}

int run(StudioApplication& app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("studio", "Designs, trains and exports neural networks."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption themeOption(QStringLiteral("theme"), QCoreApplication::translate("studio", "light or dark; like the system by default."),
                                         QStringLiteral("THEME"));
    const QCommandLineOption languageOption({QStringLiteral("lang"), QStringLiteral("language")},
                                            QCoreApplication::translate("studio", "en or zh_CN; the system's by default."),
                                            QStringLiteral("LANGUAGE"));
    const QCommandLineOption renderOption(QStringLiteral("render"),
                                          QCoreApplication::translate("studio", "Writes the curves and sample predictions of a run as PNG and ends."),
                                          QStringLiteral("RUN"));
    const QCommandLineOption outputOption(QStringLiteral("o"), QCoreApplication::translate("studio", "Folder for --render."), QStringLiteral("DIR"));
    parser.addOptions({themeOption, languageOption, renderOption, outputOption});
    parser.addPositionalArgument(QStringLiteral("PROJECT"), QCoreApplication::translate("studio", "A project file (*.weft)."),
                                 QStringLiteral("[PROJECT]"));
    parser.process(app);

    loadTranslation(app, parser.value(languageOption));
    Theme::instance().install(themeChoice(parser.value(themeOption)));
    QApplication::setWindowIcon(icon(QStringLiteral("weft")));
    if (parser.isSet(renderOption))
        return renderRun(parser.value(renderOption), parser.isSet(outputOption) ? parser.value(outputOption) : QStringLiteral("."));

    MainWindow window;
    const QStringList files = parser.positionalArguments();
    if (files.isEmpty() || !window.openFile(files.first()))
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
