#include <span>

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QTest>

#include "core/engine/session.h"
#include "core/graph/graph.h"
#include "network_builder.h"
#include "widgets/actions.h"
#include "widgets/help/layer_help.h"
#include "widgets/help/layer_pictures.h"
#include "widgets/main_window.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

QImage pictureOf(const LayerSpec& layer)
{
    QImage image(460, 150, QImage::Format_RGB32);
    image.fill(themeColors().canvas);
    QPainter painter(&image);
    paintLayerPicture(painter, QRectF(image.rect()), layer);
    return image;
}

/// What a layer gives for numbers, computed by the engine from the layer as the project would hold it.
std::vector<float> computed(const LayerSpec& layer, const std::vector<float>& x)
{
    Chain chain;
    chain.add("x", "Input", {{"kind", "numbers"}, {"column", "x"}, {"shape", Tree::List{Tree(1)}}}).add("y", layer.type());
    const Lowered lowered = lower(chain.network, {Mode::Infer, false});
    Session session((SessionOptions()));
    session.addVariables(*lowered.graph);
    for (const Value& variable : lowered.graph->variables()) { // the slope of PReLU, as it begins
        const std::vector<float> slope(static_cast<std::size_t>(elementCount(variable.shape().at(1))), 0.25f);
        session.writeVariable(variable.name(), std::as_bytes(std::span(slope)));
    }
    const Value y = lowered.outputs[0].value;
    Plan& plan = session.plan(*lowered.graph, {static_cast<std::int64_t>(x.size()), 1, {y}, false});
    std::vector<float> result(x.size());
    const std::vector<const void*> feeds{x.data()};
    void* const results[] = {result.data()};
    session.run(plan, feeds, results, {7, 1, nullptr});
    return result;
}

} // namespace

/// F1 for every layer.
class AroundHelpTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-help-test");
        QSettings().clear();
        Theme::instance().install(Theme::Choice::Light);
    }

    void everyLayerHasAFormulaAndAPictureOfItsOwn()
    {
        for (const LayerSpec& layer : layerCatalogue()) {
            QVERIFY2(!layer.formula().empty(), layer.type().c_str());
            QVERIFY2(layer.curve().y || layer.picture() != Picture::Category, layer.type().c_str());
            LayerSpec plain = layer;
            plain.picture(Picture::Category).curve(0, 0, nullptr);
            QVERIFY2(pictureOf(layer) != pictureOf(plain), layer.type().c_str()); // what is declared is also painted
        }
    }

    /// Layers whose picture is a graph draw what they compute.
    void theCurvesOfActivationsAreWhatTheEngineComputes()
    {
        int curves = 0;
        for (const LayerSpec& layer : layerCatalogue()) {
            const Curve& curve = layer.curve();
            if (!curve.y || layer.isLoss())
                continue;
            ++curves;
            std::vector<float> x;
            for (int i = 0; i <= 32; ++i)
                x.push_back(static_cast<float>(curve.from + (curve.to - curve.from) * i / 32));
            const std::vector<float> y = computed(layer, x);
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double drawn = curve.y(static_cast<double>(x[i]));
                QVERIFY2(std::abs(static_cast<double>(y[i]) - drawn) < 1e-5 * std::max(1.0, std::abs(drawn)),
                         qPrintable(QString("%1 at %2").arg(QString::fromStdString(layer.type())).arg(static_cast<double>(x[i]))));
            }
        }
        QVERIFY(curves >= 13);
    }

    void f1ShowsTheSelectedLayer()
    {
        MainWindow window;
        window.openLastOrExample();
        window.show();
        window.canvas().canvas().select({"conv1"});
        window.actions()["help.layer"]->trigger();
        auto* help = window.findChild<LayerHelp*>();
        QVERIFY(help);
        QVERIFY(help->isVisible());
        QVERIFY(help->findChild<QLabel*>("formula")->text().contains("Σ w[k, c, u, v]"));
        QVERIFY(help->findChild<QWidget*>("layerPicture")->isVisible());
        QString texts;
        for (const QLabel* label : help->findChildren<QLabel*>())
            texts += label->text() + '\n';
        for (const ParamSpec& param : findLayer("Conv2D")->params())
            QVERIFY2(texts.contains(QString::fromUtf8(param.label.source)), param.key.c_str());
        QVERIFY(texts.contains("[N, C, H, W]"));
        const std::size_t count = window.document().project().network.nodes.size();
        QTest::mouseClick(help->findChild<QPushButton*>("addLayer"), Qt::LeftButton);
        QCOMPARE(window.document().project().network.nodes.size(), count + 1);
        window.document().undoStack()->undo();
        QTest::mouseClick(help->findChild<QPushButton*>("openTemplate"), Qt::LeftButton);
        QCOMPARE(window.document().project().network.nodes.size(), projectFromTemplate("lenet").network.nodes.size());
    }

    void theWindowComesBackAsLargeAsItWas()
    {
        const LayerSpec& layer = *findLayer("ReLU");
        {
            LayerHelp help(layer, nullptr);
            help.setAttribute(Qt::WA_DeleteOnClose, false);
            help.show();
            help.resize(700, 500);
            help.close();
        }
        LayerHelp next(layer, nullptr);
        next.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(next.size(), QSize(700, 500));
    }

    void theLinkLeadsToATemplateThatUsesTheLayer()
    {
        QCOMPARE(templateWith("Dense"), QString("mlp"));
        QCOMPARE(templateWith("LSTM"), QString("text-lstm"));
        QCOMPARE(templateWith("Conv2DTranspose"), QString("unet"));
        QCOMPARE(templateWith("BatchNorm"), QString("resnet18")); // inside a block
        QVERIFY(templateWith("NoSuchLayer").isEmpty());
    }
};

QTEST_MAIN(AroundHelpTest)
#include "around_help_test.moc"
