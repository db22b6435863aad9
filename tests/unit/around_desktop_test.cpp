#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

#include "core/project/project.h"

using namespace weft;

namespace {

QString sourceText(const QString& path)
{
    QFile file(qEnvironmentVariable("WEFT_SOURCE_DIR") + '/' + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString entry(const QString& desktop, const QString& key)
{
    const auto match = QRegularExpression("^" + QRegularExpression::escape(key) + "=(.*)$", QRegularExpression::MultilineOption).match(desktop);
    return match.captured(1);
}

} // namespace

/// What makes the Studio a program of the desktop: the files that `cmake --install` puts in place agree.
class AroundDesktopTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void menuEntryFileTypeAndIconsAgree()
    {
        const QString desktop = sourceText("packaging/weft-studio.desktop");
        const QString install = sourceText("packaging/CMakeLists.txt");
        QCOMPARE(desktop.section('\n', 0, 0), QString("[Desktop Entry]"));
        QCOMPARE(entry(desktop, "Type"), QString("Application"));
        QCOMPARE(entry(desktop, "Exec"), QString("weft-studio %f"));
        QVERIFY(!entry(desktop, "Comment[zh_CN]").isEmpty());
        QVERIFY(install.contains(entry(desktop, "Icon") + ".svg"));

        QXmlStreamReader xml(sourceText("packaging/weft-studio.xml"));
        QString type, glob, icon;
        QStringList magic;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            const QXmlStreamAttributes attributes = xml.attributes();
            if (xml.name() == QLatin1String("mime-type"))
                type = attributes.value("type").toString();
            if (xml.name() == QLatin1String("glob"))
                glob = attributes.value("pattern").toString();
            if (xml.name() == QLatin1String("icon"))
                icon = attributes.value("name").toString();
            if (xml.name() == QLatin1String("match"))
                magic << attributes.value("value").toString();
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(entry(desktop, "MimeType"), type + ';');
        QCOMPARE(glob, QString("*.weft"));
        QVERIFY(install.contains(icon + ".svg"));
        QVERIFY(QFileInfo::exists(qEnvironmentVariable("WEFT_SOURCE_DIR") + "/packaging/" + icon + ".svg"));
        // What Weft writes is recognised by its first bytes, too.
        const QString head = QString::fromStdString(formatProject(projectFromTemplate("lenet"))).left(40);
        QVERIFY(std::any_of(magic.begin(), magic.end(), [&](const QString& value) { return head.indexOf(value) >= 0 && head.indexOf(value) <= 8; }));
    }
};

QTEST_GUILESS_MAIN(AroundDesktopTest)
#include "around_desktop_test.moc"
