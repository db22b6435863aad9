#include "core/translation.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QList>
#include <QLocale>
#include <QPointer>
#include <QTranslator>

namespace weft {

namespace {

/// What is loaded. The application owns them; one that goes takes itself away.
QList<QPointer<QTranslator>>& loaded()
{
    static QList<QPointer<QTranslator>> translators;
    return translators;
}

void loadFrom(const QString& folder, const QString& file, const QLocale& locale)
{
    auto* translator = new QTranslator(QCoreApplication::instance());
    if (translator->load(locale, file, QStringLiteral("_"), folder)) {
        QCoreApplication::installTranslator(translator);
        loaded().append(translator);
    } else {
        delete translator;
    }
}

} // namespace

void loadTranslation(const QString& language)
{
    if (language.isEmpty())
        qunsetenv("WEFT_LANGUAGE");
    else
        qputenv("WEFT_LANGUAGE", language.toUtf8());
    loadTranslation();
}

void loadTranslation()
{
    for (const QPointer<QTranslator>& translator : loaded())
        delete translator;
    loaded().clear();
    const QString chosen = qEnvironmentVariable("WEFT_LANGUAGE");
    QLocale locale = chosen.isEmpty() ? QLocale::system() : QLocale(chosen);
    // The C locale has no language; English also has the plurals.
    if (locale.language() == QLocale::C)
        locale = QLocale(QLocale::English, QLocale::UnitedStates);
    QLocale::setDefault(locale);
    loadFrom(QLibraryInfo::path(QLibraryInfo::TranslationsPath), QStringLiteral("qtbase"), locale);
    loadFrom(QStringLiteral(":/translations"), QStringLiteral("weft"), locale);
}

} // namespace weft
