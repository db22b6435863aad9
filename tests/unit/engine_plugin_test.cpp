#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/device/plugin.h"

using namespace weft;

namespace {

/// The English reason why the plugin of this file cannot be used; empty when it is loaded.
QString refusal(const QString& path, KernelTable& table)
{
    const std::optional<Message> reason = loadPlugin(path.toStdString(), table);
    return reason ? QString::fromStdString(english(*reason)) : QString();
}

QString testPlugin(const char* name)
{
    return QStringLiteral(TEST_PLUGINS "/libtest_plugin_%1.so").arg(QString::fromUtf8(name));
}

} // namespace

class PluginTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPluginOfThisBuildAddsItsKernels()
    {
        KernelTable table;
        QCOMPARE(refusal(testPlugin("good"), table), QString());
        const KernelFactory factory = table.find(DeviceKind::Cuda, "Doubled");
        QVERIFY(factory);
        const Attributes attributes;
        const ArrayType type{DType::Float32, {3}};
        const Layout layout = Layout::RowMajor;
        const auto options = factory({attributes, {&type, 1}, {&type, 1}, {&layout, 1}});
        QCOMPARE(options.size(), std::size_t(1));
        float x[3] = {1, 2, 3};
        float y[3] = {};
        const Array in{x, type, layout};
        const Array out{y, type, layout};
        KernelContext context;
        context.inputs = {&in, 1};
        context.outputs = {&out, 1};
        options[0].prepare()->run(context);
        QCOMPARE(y[2], 6.0f);
    }

    void aPluginOfAnotherBuildIsRefusedWithASentence()
    {
        KernelTable table;
        const QString reason = refusal(testPlugin("wrong_build"), table);
        QVERIFY2(reason.contains(QStringLiteral("it was built for Weft 0.0.1-of-another-day")), qPrintable(reason));
        QVERIFY2(reason.contains(QString::fromUtf8(buildId())), qPrintable(reason));
        QVERIFY(reason.endsWith(QLatin1Char('.')));
    }

    void aPluginMaySayWhyItCannotBeUsed()
    {
        KernelTable table;
        const QString reason = refusal(testPlugin("unwilling"), table);
        QVERIFY2(reason.contains(QStringLiteral("libtest_plugin_unwilling.so needs a driver for 13.0; install it")), qPrintable(reason));
    }

    void aLibraryThatIsNoPluginIsNamed()
    {
        KernelTable table;
        const QString reason = refusal(testPlugin("no_export"), table);
        QVERIFY2(reason.contains(QStringLiteral("libtest_plugin_no_export.so is not a plugin of Weft")), qPrintable(reason));
    }

    void aFileThatIsNoLibraryAndAMissingFileGiveOneLineEach()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("libweft_cuda.so")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not a library");
        file.close();
        KernelTable table;
        const QString damaged = refusal(file.fileName(), table);
        QVERIFY2(damaged.contains(QStringLiteral("cannot be opened")) && !damaged.contains(QLatin1Char('\n')), qPrintable(damaged));
        const QString missing = refusal(folder.filePath(QStringLiteral("libweft_none.so")), table);
        QVERIFY2(missing.contains(QStringLiteral("is not installed")), qPrintable(missing));
    }

    void theFolderOfPluginsCanBeChosen()
    {
        qputenv("WEFT_PLUGIN_DIR", "/somewhere");
        QCOMPARE(QString::fromStdString(pluginPath("cuda")), QStringLiteral("/somewhere/libweft_cuda.so"));
        qunsetenv("WEFT_PLUGIN_DIR");
        QVERIFY(QString::fromStdString(pluginPath("cuda")).endsWith(QStringLiteral("/lib/libweft_cuda.so")));
    }

    void devicesAreListedWithoutCuda()
    {
        QTemporaryDir empty;
        qputenv("WEFT_PLUGIN_DIR", empty.path().toUtf8());
        const std::vector<DeviceInfo> devices = listDevices();
        QCOMPARE(devices.size(), std::size_t(2));
        QCOMPARE(QString::fromStdString(devices[0].id), QStringLiteral("cpu"));
        QVERIFY(devices[0].isAvailable);
        QVERIFY(devices[0].threads >= 1);
        QVERIFY(devices[0].memoryBytes > (std::size_t(1) << 20));
        QCOMPARE(QString::fromStdString(devices[1].id), QStringLiteral("cuda"));
        QVERIFY(!devices[1].isAvailable);
        QVERIFY(QString::fromStdString(english(devices[1].unavailable)).contains(QStringLiteral("libweft_cuda.so is not installed")));
        QVERIFY_THROWS_EXCEPTION(Error, openDevice(DeviceKind::Cuda));
    }
};

QTEST_GUILESS_MAIN(PluginTest)
#include "engine_plugin_test.moc"
