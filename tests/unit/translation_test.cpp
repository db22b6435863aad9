#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTranslator>
#include <QXmlStreamReader>
#include <QtTest>

#include "core/layers/layer_spec.h"

using namespace weft;

namespace {

struct Entry {
    QString context;
    QString source;
    QString type; ///< empty when finished
    QStringList forms; ///< one, or one for each plural form
    bool isPlural = false;
};

QString sourcePath(const QString& path)
{
    return qEnvironmentVariable("WEFT_SOURCE_DIR") + QLatin1Char('/') + path;
}

Entry readEntry(QXmlStreamReader& xml, const QString& context)
{
    Entry entry{context, {}, {}, {}, xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes")};
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("source")) {
            entry.source = xml.readElementText();
        } else if (xml.name() == QLatin1String("translation")) {
            entry.type = xml.attributes().value(QLatin1String("type")).toString();
            if (!entry.isPlural) {
                entry.forms.append(xml.readElementText());
                continue;
            }
            while (xml.readNextStartElement())
                entry.forms.append(xml.readElementText());
        } else {
            xml.skipCurrentElement();
        }
    }
    return entry;
}

QList<Entry> readTranslations(const QString& language)
{
    QFile file(sourcePath(QStringLiteral("resources/translations/weft_%1.ts").arg(language)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QXmlStreamReader xml(&file);
    QList<Entry> entries;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name"))
            context = xml.readElementText();
        else if (xml.name() == QLatin1String("message"))
            entries.append(readEntry(xml, context));
    }
    return xml.hasError() ? QList<Entry>() : entries;
}

QSet<QString> matchesOf(const QString& pattern, const QString& text)
{
    QSet<QString> found;
    for (auto matches = QRegularExpression(pattern).globalMatch(text); matches.hasNext();)
        found.insert(matches.next().captured());
    return found;
}

/// Adjacent C++ string literals as the one text that they stand for.
QString unquoted(const QString& literals)
{
    QString text;
    for (auto matches = QRegularExpression(QStringLiteral("\"((?:[^\"\\\\]|\\\\.)*)\"")).globalMatch(literals); matches.hasNext();)
        text += matches.next().captured(1);
    return text.replace(QLatin1String("\\n"), QLatin1String("\n"))
        .replace(QLatin1String("\\\""), QLatin1String("\""))
        .replace(QLatin1String("\\\\"), QLatin1String("\\"));
}

const QString literal = QStringLiteral("\"(?:[^\"\\\\]|\\\\.)*\"");
const QString literals = QStringLiteral("((?:%1\\s*)+)").arg(literal);

QString textOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// What `weft ARGUMENTS` prints in an environment with the language variables given.
QString output(const QStringList& arguments, const QMap<QString, QString>& language)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "WEFT_LANGUAGE"})
        environment.remove(QString::fromLatin1(name));
    for (auto it = language.begin(); it != language.end(); ++it)
        environment.insert(it.key(), it.value());
    QProcess weft;
    weft.setProcessEnvironment(environment);
    weft.setProcessChannelMode(QProcess::MergedChannels);
    weft.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
    return weft.waitForFinished() ? QString::fromUtf8(weft.readAll()) : QString();
}

} // namespace

class TranslationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyChineseTextIsFinished();
    void argumentsAndMnemonicsSurvive();
    void everyPluralHasItsEnglishForms();
    void everyLayerIsTranslated();
    void everyMarkedTextIsKnown();
    void theProgramsCarryTheTranslation();
    void theCommandLineSpeaksTheLanguageOfTheEnvironment_data();
    void theCommandLineSpeaksTheLanguageOfTheEnvironment();
    void faultsAreSaidInChinese();

private:
    bool knows(const QString& context, const QString& source) const { return m_known.contains({context, source}); }
    bool knows(const Text& text) const { return knows(QString::fromUtf8(text.context), QString::fromUtf8(text.source)); }

    QList<Entry> m_chinese;
    QSet<std::pair<QString, QString>> m_known;
    QSet<QString> m_sources;
};

void TranslationTest::initTestCase()
{
    m_chinese = readTranslations(QStringLiteral("zh_CN"));
    QVERIFY(m_chinese.size() > 1000);
    for (const Entry& entry : m_chinese) {
        m_known.insert({entry.context, entry.source});
        m_sources.insert(entry.source);
    }
}

void TranslationTest::everyChineseTextIsFinished()
{
    for (const Entry& entry : m_chinese) {
        const QString place = entry.context + QStringLiteral(": ") + entry.source;
        QVERIFY2(entry.type.isEmpty(), qPrintable(place));
        QVERIFY2(!entry.forms.isEmpty() && !entry.forms.contains(QString()), qPrintable(place));
    }
}

void TranslationTest::argumentsAndMnemonicsSurvive()
{
    const QString argument = QStringLiteral("%[n1-9]");
    const QString mnemonic = QStringLiteral("&[A-Z]");
    const QString edges = QStringLiteral("^\\s+|\\s+$");
    for (const QString& language : {QStringLiteral("zh_CN"), QStringLiteral("en")}) {
        for (const Entry& entry : readTranslations(language)) {
            for (const QString& form : entry.forms) {
                const QString place = QStringLiteral("%1 | %2 | %3").arg(entry.context, entry.source, form);
                // English leaves the number out where the plural form says it: "Delete layer".
                const QSet<QString> needed = matchesOf(argument, entry.source);
                const QSet<QString> found = matchesOf(argument, form);
                QVERIFY2(language == QLatin1String("en") ? needed.contains(found) : needed == found, qPrintable(place));
                QVERIFY2(matchesOf(mnemonic, entry.source) == matchesOf(mnemonic, form), qPrintable(place));
                QVERIFY2(matchesOf(edges, entry.source) == matchesOf(edges, form), qPrintable(place));
            }
        }
    }
}

void TranslationTest::everyPluralHasItsEnglishForms()
{
    QSet<std::pair<QString, QString>> english;
    for (const Entry& entry : readTranslations(QStringLiteral("en"))) {
        const QString place = entry.context + QStringLiteral(": ") + entry.source;
        QVERIFY2(entry.type.isEmpty() && entry.forms.size() == 2, qPrintable(place));
        english.insert({entry.context, entry.source});
    }
    for (const Entry& entry : m_chinese)
        QVERIFY2(!entry.isPlural || english.contains({entry.context, entry.source}), qPrintable(entry.source));
}

void TranslationTest::everyLayerIsTranslated()
{
    for (const LayerSpec& layer : layerCatalogue()) {
        QVERIFY2(knows(titleOf(layer.category())), layer.type().c_str());
        QVERIFY2(knows(layer.summary()), layer.summary().source);
        QVERIFY2(knows(layer.details()), layer.details().source);
        for (const ParamSpec& param : layer.params()) {
            QVERIFY2(knows(param.label), (layer.type() + "." + param.key).c_str());
            QVERIFY2(knows(param.help), (layer.type() + "." + param.key).c_str());
        }
    }
}

/// Fails when a text came into the sources and `ninja translations` was not run afterwards.
void TranslationTest::everyMarkedTextIsKnown()
{
    const QRegularExpression inContext(QStringLiteral("\\b(?:WEFT_TEXT|translate)\\(\\s*(%1)\\s*,\\s*%2").arg(literal, literals));
    const QRegularExpression inClass(QStringLiteral("\\btr\\(\\s*%1").arg(literals));
    int texts = 0;
    for (const char* room : {"core", "widgets", "app"}) {
        QDirIterator files(sourcePath(QString::fromLatin1(room)), {QStringLiteral("*.cpp"), QStringLiteral("*.h"), QStringLiteral("*.cu")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            // What comments quote is no text of the program.
            const QString code = textOf(files.next()).remove(QRegularExpression(QStringLiteral("^\\s*//.*$"), QRegularExpression::MultilineOption));
            for (auto matches = inContext.globalMatch(code); matches.hasNext(); ++texts) {
                const QRegularExpressionMatch match = matches.next();
                const QString source = unquoted(match.captured(2));
                QVERIFY2(knows(unquoted(match.captured(1)), source), qPrintable(files.fileName() + QStringLiteral(": ") + source));
            }
            for (auto matches = inClass.globalMatch(code); matches.hasNext(); ++texts) {
                const QString source = unquoted(matches.next().captured(1));
                QVERIFY2(m_sources.contains(source), qPrintable(files.fileName() + QStringLiteral(": ") + source));
            }
        }
    }
    QVERIFY(texts > 1000);
}

void TranslationTest::theProgramsCarryTheTranslation()
{
    QTranslator translator;
    QVERIFY(translator.load(QLocale(QStringLiteral("zh_CN")), QStringLiteral("weft"), QStringLiteral("_"), QStringLiteral(":/translations")));
    for (const Entry& entry : m_chinese) {
        if (entry.isPlural)
            continue;
        const QString found = translator.translate(entry.context.toUtf8().constData(), entry.source.toUtf8().constData());
        QVERIFY2(found == entry.forms.first(), qPrintable(entry.source));
    }
}

void TranslationTest::theCommandLineSpeaksTheLanguageOfTheEnvironment_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("usage");
    // The locale need not be installed.
    QTest::newRow("LANG") << "LANG"
                          << "zh_CN.UTF-8"
                          << "用法：";
    QTest::newRow("LC_ALL") << "LC_ALL"
                            << "zh_CN.UTF-8"
                            << "用法：";
    QTest::newRow("WEFT_LANGUAGE") << "WEFT_LANGUAGE"
                                   << "zh_CN"
                                   << "用法：";
    QTest::newRow("English") << "LANG"
                             << "en_US.UTF-8"
                             << "Usage:";
    QTest::newRow("a language that Weft does not speak") << "LANG"
                                                         << "fr_FR.UTF-8"
                                                         << "Usage:";
    QTest::newRow("C") << "LC_ALL"
                       << "C"
                       << "Usage:";
}

void TranslationTest::theCommandLineSpeaksTheLanguageOfTheEnvironment()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    QFETCH(QString, usage);
    const QString overview = output({QStringLiteral("--help")}, {{variable, value}});
    QVERIFY2(overview.contains(usage), qPrintable(overview));
    QVERIFY(output({QStringLiteral("train"), QStringLiteral("--help")}, {{variable, value}}).startsWith(usage));
}

void TranslationTest::faultsAreSaidInChinese()
{
    const QMap<QString, QString> chinese{{QStringLiteral("LC_ALL"), QStringLiteral("zh_CN.UTF-8")}};
    QCOMPARE(output({QStringLiteral("train"), QStringLiteral("no.weft")}, chinese), QStringLiteral("weft train: 没有文件 no.weft。\n"));
    QCOMPARE(output({QStringLiteral("new"), QStringLiteral("--outputt")}, chinese).section(QLatin1Char('\n'), 0, 0),
             QStringLiteral("weft new: 未知选项 --outputt。 是指 --output 吗？"));
}

QTEST_GUILESS_MAIN(TranslationTest)
#include "translation_test.moc"
