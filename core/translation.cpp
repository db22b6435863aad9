#include "core/translation.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace weft {

namespace {

void loadFrom(const QString& folder, const QString& file, const QLocale& locale)
{
    auto* translator = new QTranslator(QCoreApplication::instance());
    if (translator->load(locale, file, QStringLiteral("_"), folder))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

} // namespace

void loadTranslation()
{
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
